"""A new voice out of two or three of the bank: their style vectors mixed, one of them leading.

A blend of even shares drifts to one average voice, so shares are skewed, and no more than three voices take
part. A blend is taken to lie between its parts: in pitch on a logarithmic scale, in everything else linearly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np

from chatanything.voice.bank import BankVoice

Weights = tuple[tuple[str, float], ...]
"""(voice, share); shares sum to 1."""

SHARES: Final = ((0.8, 0.2), (0.7, 0.3), (0.6, 0.4), (0.6, 0.25, 0.15), (0.55, 0.3, 0.15))
"""Skewed: the first voice leads."""
NEAR_ENOUGH: Final = 0.75
"""How well a bank voice must fit in what a blend can change, 0..1; less, and a blend is looked for."""
_GAIN: Final = 0.08
"""By which a blend must fit better than its first voice."""
_PARTNERS: Final = 8
"""Voices considered beside the leading one."""
_LEADERS: Final = 3


def mixed(voices: Sequence[BankVoice], shares: Sequence[float]) -> BankVoice:
    """What a blend is expected to be like.

    Args:
        voices: Its parts; name, gender, age, accent and description are the first one's.
        shares: Of each, in all 1.
    """

    def mean(of: Callable[[BankVoice], float]) -> float:
        return float(sum(share * of(voice) for voice, share in zip(voices, shares, strict=True)))

    return replace(
        voices[0],
        f0_hz=float(np.exp(mean(lambda voice: float(np.log(voice.f0_hz))))),
        melody_st=mean(lambda voice: voice.melody_st),
        tilt_db=mean(lambda voice: voice.tilt_db),
        voiced=mean(lambda voice: voice.voiced),
        seconds=mean(lambda voice: voice.seconds),
        syllables_s=mean(lambda voice: voice.syllables_s),
        word_error=mean(lambda voice: voice.word_error),
        female=mean(lambda voice: voice.female),
    )


def nearer(ranked: Sequence[BankVoice], fit: Callable[[BankVoice], float]) -> Weights | None:
    """The blend that fits best, where no leading voice is near enough and a blend is nearer.

    Args:
        ranked: Voices that may take part, best first; they agree in gender and accent.
        fit: How well a voice fits in what a blend can change, 0..1.

    Returns:
        Two or three voices; None where the best voice is near enough or nothing is nearer.
    """
    if not ranked or fit(ranked[0]) >= NEAR_ENOUGH:
        return None
    best, most = None, fit(ranked[0]) + _GAIN
    for leader in ranked[:_LEADERS]:
        others = [voice for voice in ranked[:_PARTNERS] if voice is not leader]
        for shares in SHARES:
            for partners in combinations(others, len(shares) - 1):
                parts = (leader, *partners)
                found = fit(mixed(parts, shares))
                if found > most + 1e-9:
                    best, most = tuple((v.name, s) for v, s in zip(parts, shares, strict=True)), found
    return best
