"""Sentences spoken by an engine that takes text: samples at one rate, timed by forced alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from chatanything.errors import SpeechError
from chatanything.media.audio import resample
from chatanything.progress import Progress, silent
from chatanything.types import Float32, TimedUnit, VoiceChoice
from chatanything.voice.align import align, align_unknown
from chatanything.voice.backends import TextEngine

RATE: Final = 24_000
"""Hertz of all speech that is made here, whatever the engine's own rate."""
_JOINTS: Final = (";", ":", "—", ",", " ")
"""Where a sentence that is too long is cut, the best place first."""


def pieces(sentences: Sequence[str], most: int) -> Iterator[str]:
    """Sentences as pieces that an engine takes.

    Args:
        sentences: From `split_sentences`.
        most: Characters of a piece.
    """
    for sentence in sentences:
        rest = sentence.strip()
        while len(rest) > most:
            cut = (
                next((at for mark in _JOINTS if (at := rest.rfind(mark, most // 3, most)) > 0), most - 1) + 1
            )
            yield rest[:cut].strip()
            rest = rest[cut:].strip()
        if rest:
            yield rest


def recite(
    engine: TextEngine,
    text: str,
    voice: VoiceChoice,
    *,
    speed: float,
    seed: int,
    progress: Progress = silent,
) -> tuple[Float32, tuple[TimedUnit, ...]]:
    """One piece as sound.

    Args:
        engine: Speaks it.
        text: The piece.
        voice: Whose voice.
        speed: 0.5 to 2.
        seed: For the engine.
        progress: Told when the words cannot be found in the sound.

    Returns:
        (n,) float32 at `RATE`, and its words and phones without pauses; no units if it is silent. Where the
        words are not to be found in the sound, phones are what a phone loop hears, without words.

    Raises:
        VoiceUnavailableError: The engine is not there or broke down.
        SpeechError: The text cannot be spoken by it.
    """
    made, rate = engine.recite(text, voice, speed, seed)
    samples = np.clip(resample(made, rate, RATE), -1, 1)
    try:
        units = align(samples, RATE, text)
    except SpeechError:
        progress("speech", 0, 1, f"the words are not to be found in the sound: {text[:60]}")
        units = align_unknown(samples, RATE)
    return samples, tuple(unit for unit in units if unit.text != "SIL")
