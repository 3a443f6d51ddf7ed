"""Speech engines: phonemes and a blend of bank voices in, samples and exact durations out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from chatanything.registry import BackendSpec, Table
from chatanything.types import Float32

VOICE_BACKENDS: Final = Table(
    "voice",
    (
        BackendSpec(
            name="kokoro",
            factory="chatanything.voice.backends.kokoro:Kokoro",
            summary="Kokoro-82M, int8 ONNX on the CPU: 54 voices that blend, durations from the model.",
            capabilities=frozenset({"blend", "durations", "offline"}),
            weights=("kokoro-82m-int8", "kokoro-voices"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """One stretch of speech as the engine made it."""

    samples: Float32
    """(n,) float32, mono, at the engine's rate."""
    starts_s: tuple[float, ...]
    """Start of every phoneme character; one more entry than phonemes, the last is the end."""


class VoiceEngine(Protocol):
    """What a backend's factory returns."""

    sample_rate: int
    """Hertz."""
    max_phonemes: int
    """Longest phoneme string that `synthesise` takes."""

    def synthesise(self, phonemes: str, weights: Sequence[tuple[str, float]], speed: float) -> Synthesis:
        """Speak phonemes with a blend of voices.

        Raises:
            SpeechError: Too long, an unknown symbol, or an unknown voice.
        """
