"""Speech engines: phonemes in, samples and exact durations out; or text in, samples out.

Engines with the capability "durations" are `VoiceEngine`s, those with "text" are `TextEngine`s, whose timings
come from forced alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from chatanything.registry import BackendSpec, Table
from chatanything.types import Float32, VoiceChoice

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
        BackendSpec(
            name="coqui",
            factory="chatanything.voice.backends.coqui:Coqui",
            summary="coqui-tts in a process of its own: VITS with many speakers, XTTS v2 like a recording.",
            capabilities=frozenset({"text", "clone", "offline"}),
        ),
        BackendSpec(
            name="endpoint",
            factory="chatanything.voice.backends.endpoint:Endpoint",
            summary="Any server with OpenAI's /audio/speech.",
            capabilities=frozenset({"text"}),
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


class TextEngine(Protocol):
    """What the factory of a backend with the capability "text" returns."""

    max_characters: int
    """Longest text that `recite` takes well."""

    def recite(self, text: str, voice: VoiceChoice, speed: float, seed: int) -> tuple[Float32, int]:
        """Speak a sentence.

        Args:
            text: Plain words with their punctuation.
            voice: Its first name counts.
            speed: 0.5 (slow) to 2.
            seed: Of what the engine draws, where it takes one.

        Returns:
            (n,) float32 mono, and its rate in hertz.

        Raises:
            VoiceUnavailableError: The engine is not there, broke down, or does not answer in time.
            SpeechError: The voice is unknown, or the text cannot be spoken.
            ConsentError: A licence was not accepted, or a recording's consent is missing.
        """
