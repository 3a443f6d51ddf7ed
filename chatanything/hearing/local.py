"""Whisper tiny.en through CTranslate2, int8, on one core."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

from faster_whisper import WhisperModel

from chatanything.errors import BackendError
from chatanything.hearing.activity import RATE
from chatanything.hearing.recognizer import WHISPER
from chatanything.media.audio import resample
from chatanything.types import Float32
from chatanything.weights import ensure

_NO_SPEECH: Final = 0.6
_UNSURE: Final = -1.0
"""Mean log probability of a token under which a text is a guess."""
_REPEATS: Final = 2.4
"""Compression ratio over which a text goes round in circles."""
_SHORTEST_S: Final = 0.2


class LocalRecognizer:
    """One model for all; utterances wait for each other.

    Raises:
        WeightsError: The weights cannot be had.
        BackendError: The model cannot be loaded.
    """

    def __init__(self) -> None:
        folder = ensure(WHISPER)["model.bin"].parent
        try:
            self._model: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as exc:
            raise BackendError(
                "the speech recognition cannot be loaded",
                got=str(exc),
                hint=f"Check it with: chatanything weights verify {WHISPER}",
            ) from exc
        self._lock = Lock()

    def transcribe(self, samples: Float32, sample_rate: int) -> str:
        """See `Recognizer.transcribe`."""
        if len(samples) < _SHORTEST_S * sample_rate:
            return ""
        sound = samples if sample_rate == RATE else resample(samples, sample_rate, RATE)
        with self._lock:
            try:
                segments, _ = self._model.transcribe(
                    sound,
                    language="en",
                    beam_size=1,
                    temperature=0.0,
                    condition_on_previous_text=False,
                    without_timestamps=True,
                )
                kept = [segment.text.strip() for segment in segments if _is_said(segment)]
            except RuntimeError as exc:
                raise BackendError("the speech recognition broke down", got=str(exc)) from exc
        return " ".join(text for text in kept if any(letter.isalnum() for letter in text))


def _is_said(segment: Any) -> bool:
    """Whether a segment is more than what Whisper makes of silence and noise."""
    if segment.compression_ratio > _REPEATS or segment.avg_logprob < _UNSURE:
        return False
    return not (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNSURE / 2)
