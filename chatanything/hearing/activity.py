"""When somebody begins and stops to speak, from a stream of sound.

Silero VAD judges frames of 32 ms; a few speaking ones in a row begin an utterance, silence ends it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.errors import UsageError
from chatanything.types import Float32
from chatanything.weights import ensure

WEIGHTS: Final = "silero-vad"
RATE: Final = 16_000
"""Hertz of what comes out."""
LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 48_000
FRAME: Final = 512
_FRAME_S: Final = FRAME / RATE
_CONTEXT: Final = 64
_STATE: Final = (1, 1, 128)
_SPEECH: Final = 0.5
_SILENCE: Final = 0.35
"""Between the two, a frame counts as the one before it did."""
_START_FRAMES: Final = 4
"""0.13 s: quick enough to interrupt somebody, long enough not to be a click."""
_END_FRAMES: Final = 19
"""0.6 s: people pause for breath."""
_BEFORE_S: Final = 0.2
"""Sound kept from before the first speaking frame: consonants begin softly."""
_REST_S: Final = 2 * _FRAME_S
"""So much silence pushes out what the resampler and a frame that is not full hold back."""
MAX_UTTERANCE_S: Final = 30.0
_DRIFT: Final = 0.02
"""Share of a frame's mean that goes into the offset which is taken off."""


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody began to speak."""

    at_s: float
    """Seconds since the first sample."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody has finished."""

    at_s: float
    """When the last speech was, in seconds since the first sample."""
    samples: Float32
    """(n,) float32 mono of the utterance at `RATE`, with 0.2 s from before it."""


@lru_cache(maxsize=1)
def _network() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(ensure(WEIGHTS)["silero_vad_v6.onnx"]), options, providers=["CPUExecutionProvider"]
    )


class VoiceActivity:
    """Cuts one microphone's sound into utterances; its memory is bounded.

    Args:
        sample_rate: Hertz of what is fed, 8,000 to 48,000.

    Raises:
        UsageError: Such a rate is not heard.
        WeightsError: The network cannot be had.
    """

    def __init__(self, sample_rate: int) -> None:
        import soxr

        if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
            raise UsageError(
                "the microphone's sample rate cannot be used",
                expected=f"{LOWEST_RATE} to {HIGHEST_RATE} Hz",
                got=str(sample_rate),
            )
        self._network = _network()
        self._rate = sample_rate
        self._resample = soxr.ResampleStream(sample_rate, RATE, 1, dtype="float32")
        self._rest = np.zeros(0, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._h = self._c = np.zeros(_STATE, np.float32)
        self._offset = 0.0
        self._frames = 0
        self._before: deque[Float32] = deque(maxlen=round(_BEFORE_S / _FRAME_S) + _START_FRAMES)
        self._utterance: list[Float32] = []
        self._loud = self._quiet = 0
        self._was_speech = False

    def feed(self, samples: Float32) -> list[Started | Ended]:
        """Take more sound, in pieces of any length.

        Args:
            samples: (n,) float32 mono in -1..1.

        Returns:
            What happened in it, in order.
        """
        clean = np.nan_to_num(np.clip(samples, -1, 1)).astype(np.float32)
        self._rest = np.concatenate([self._rest, self._resample.resample_chunk(clean)])
        events: list[Started | Ended] = []
        while len(self._rest) >= FRAME:
            frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
            self._frames += 1
            self._offset += _DRIFT * (float(frame.mean()) - self._offset)
            event = self._follow(frame, is_speech=self._judge(frame - np.float32(self._offset)))
            if event is not None:
                events.append(event)
        return events

    def end(self) -> list[Started | Ended]:
        """No more sound comes, so that nobody has to wait for the silence after a last word.

        Returns:
            What happened in the rest of the sound, in order; nobody speaks any more afterwards.
        """
        events = self.feed(np.zeros(round(_REST_S * self._rate), np.float32))
        return [*events, self._ended()] if self._utterance else events

    def _judge(self, frame: Float32) -> bool:
        """Whether somebody speaks in a frame."""
        given = {"input": np.concatenate([self._context, frame])[None], "h": self._h, "c": self._c}
        chance, self._h, self._c = self._network.run(None, given)
        self._context = frame[-_CONTEXT:]
        level = float(np.ravel(chance)[0])
        self._was_speech = level > (_SILENCE if self._was_speech else _SPEECH)
        return self._was_speech

    def _follow(self, frame: Float32, *, is_speech: bool) -> Started | Ended | None:
        self._loud = self._loud + 1 if is_speech else 0
        self._quiet = 0 if is_speech else self._quiet + 1
        if not self._utterance:
            self._before.append(frame)
            if self._loud < _START_FRAMES:
                return None
            self._utterance = list(self._before)
            self._before.clear()
            return Started((self._frames - _START_FRAMES) * _FRAME_S)
        self._utterance.append(frame)
        is_long = len(self._utterance) * _FRAME_S >= MAX_UTTERANCE_S
        if self._quiet < _END_FRAMES and not is_long:
            return None
        return self._ended()

    def _ended(self) -> Ended:
        samples = np.concatenate(self._utterance)
        self._utterance = []
        return Ended((self._frames - self._quiet) * _FRAME_S, samples)
