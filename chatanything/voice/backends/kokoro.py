"""Kokoro-82M (StyleTTS 2 family) through onnxruntime, with its own phoneme durations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.devices import give_back_memory
from chatanything.errors import SpeechError
from chatanything.types import Float32
from chatanything.voice.backends import Synthesis
from chatanything.voice.backends.kokoro_graph import DURATIONS, LIMITS, with_limits
from chatanything.weights import ensure

_FRAME: Final = 600
"""Samples a duration frame: 25 ms."""
_LATE_FRAMES: Final = 3
"""Boundaries come this much too late in the sound: measured against forced alignment, with which word
starts then agree within 10 ms (median) and 50 ms (90 %)."""
_END_FRAMES: Final = (3, 1)
"""Most silence of the mark that a phrase ends with, and of the padding behind it; more is cut off anyway.

The silence before the first sound stays as long as each voice has it, 9 to 24 frames: with less the decoder
swallows the onset (at most 14 for all cost af_sarah 27 of 30 first words, unlimited 4)."""
_MARKS: Final = frozenset(";:,.!?…—")
_NO_LIMIT: Final = 1e6
_THREADS: Final = min(2, os.cpu_count() or 1)

_SYMBOLS: Final[tuple[tuple[int, str], ...]] = (
    (1, ";:,.!?"), (9, "—…\"()“” \u0303ʣʥʦʨᵝ\uab67AI"), (31, "O"), (33, "Q"), (35, "ST"),
    (39, "W"), (41, "Yᵊabcdef"), (50, "hijklmnopqrstuvwxyzɑɐɒæ"), (75, "βɔɕç"), (80, "ɖðʤə"),
    (85, "ɚɛɜ"), (90, "ɟ"), (92, "ɡ"), (99, "ɥ"),
    (101, "ɨɪʝ"), (110, "ɯɰŋɳɲɴø"), (118, "ɸθœ"), (123, "ɹ"), (125, "ɾɻ"), (128, "ʁɽʂʃʈʧ"), (135, "ʊʋ"),
    (138, "ʌɣɤ"), (142, "χʎ"), (147, "ʒʔ"), (156, "ˈˌː"), (162, "ʰ"), (164, "ʲ"), (169, "↓"),
    (171, "→↗↘"), (177, "ᵻ"),
)  # fmt: skip
VOCABULARY: Final = {symbol: first + i for first, symbols in _SYMBOLS for i, symbol in enumerate(symbols)}
"""Phoneme -> token id of the model; 0 pads both ends."""


class Kokoro:
    """The loaded engine.

    Raises:
        WeightsError: The weights cannot be had.
    """

    sample_rate = 24_000
    max_phonemes = 160
    """About nine seconds. A style array has 509 rows, one a length; but memory grows by 30 MB a second."""

    def __init__(self) -> None:
        import onnxruntime
        from safetensors import safe_open

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        # Idle workers would otherwise burn a core that the renderer needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = ensure("kokoro-82m-int8")["kokoro-v1.0.int8.onnx"].read_bytes()
        self._session: Any = onnxruntime.InferenceSession(
            with_limits(model), options, providers=["CPUExecutionProvider"]
        )
        del model
        give_back_memory()
        opened: Any = safe_open(ensure("kokoro-voices")["voices.safetensors"], framework="numpy")
        self._styles = opened
        self._names = frozenset(opened.keys())

    def style(self, name: str) -> Float32:
        """A bank voice, (510, 256) float32, one row a phrase length.

        Raises:
            SpeechError: No such voice.
        """
        if name not in self._names:
            raise SpeechError(
                f"unknown voice {name!r}",
                expected="a voice of the bank",
                hint="List them with: chatanything voices list",
            )
        return np.asarray(self._styles.get_tensor(name), np.float32).reshape(-1, 256)

    def synthesise(self, phonemes: str, weights: Sequence[tuple[str, float]], speed: float) -> Synthesis:
        """Speak phonemes with a blend of voices.

        Args:
            phonemes: 1 to 160 characters of `VOCABULARY`.
            weights: (bank voice, weight); style vectors are mixed linearly.
            speed: 0.5 (slow) to 2.

        Returns:
            Sound and phoneme starts, already corrected for the model's constant lateness.

        Raises:
            SpeechError: Too long, empty, an unknown symbol, or an unknown voice.
        """
        unknown = sorted(set(phonemes) - set(VOCABULARY))
        if unknown or not 0 < len(phonemes) <= self.max_phonemes:
            raise SpeechError(
                "these phonemes cannot be spoken",
                expected=f"1 to {self.max_phonemes} known symbols",
                got=f"{len(phonemes)} symbols, unknown: {''.join(unknown) or 'none'}",
            )
        row = len(phonemes) - 1
        style = np.zeros((1, 256), np.float32)
        for name, weight in weights:
            style += np.float32(weight) * _row(self, name, row)
        feed = {
            "tokens": np.array([[0, *(VOCABULARY[p] for p in phonemes), 0]], np.int64),
            "style": style,
            "speed": np.array([speed], np.float32),
            LIMITS: _limits(phonemes),
        }
        audio, frames = self._session.run(["audio", DURATIONS], feed)
        return Synthesis(np.asarray(audio, np.float32).reshape(-1), self._starts(np.asarray(frames)))

    def _starts(self, frames: Float32) -> tuple[float, ...]:
        """Cumulated durations, moved earlier but never before the beginning."""
        edges = np.cumsum(frames.reshape(-1))[:-1] - _LATE_FRAMES
        return tuple(float(e) * _FRAME / self.sample_rate for e in np.maximum(edges, 0))


def _limits(phonemes: str) -> Float32:
    """The most frames of every token, (1, n + 2); only the silence at the end is limited."""
    limits = np.full(len(phonemes) + 2, _NO_LIMIT, np.float32)
    limits[-1] = _END_FRAMES[1]
    if phonemes[-1] in _MARKS:
        limits[-2] = _END_FRAMES[0]
    return limits[None]


@lru_cache(maxsize=256)
def _row(engine: Kokoro, name: str, row: int) -> Float32:
    return np.asarray(engine.style(name)[row], np.float32)
