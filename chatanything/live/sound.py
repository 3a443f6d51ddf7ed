"""Speech in pieces that an audience takes one by one."""

from __future__ import annotations

from typing import Final

from chatanything.live.events import Sound
from chatanything.types import Speech

PIECE_S: Final = 0.2
SPEECH_RATE: Final = 24_000
"""Hertz of everything that a character says itself."""


def in_pieces(speech: Speech, start_s: float, reply: int) -> list[Sound]:
    """A sentence as pieces that follow each other without a gap.

    Args:
        speech: What is said.
        start_s: When it begins.
        reply: Whose sentence it is.
    """
    step, rate = round(PIECE_S * speech.sample_rate), speech.sample_rate
    return [
        Sound(start_s + at / rate, speech.samples[at : at + step], rate, reply)
        for at in range(0, len(speech.samples), step)
    ]
