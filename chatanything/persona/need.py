"""Whether a message may come from somebody in danger, told by a small network.

A softmax regression over the same numbers as `intent.py`, trained on messages written for it (`train need`).
Patterns (guard.toml) know the plain words; most people in need use others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from chatanything.persona.regression import MOST_CHARACTERS, message_features, softmax, stored

Need = Literal["self_harm", "abuse"]
NEEDS: Final[tuple[Need, ...]] = ("self_harm", "abuse")
WEIGHTS: Final = Path(__file__).with_name("need.npz")
SURE: Final = 0.7
"""Probability of both needs together from which a message is answered as one."""
POSSIBLE: Final = 0.46
"""Probability from which somebody is asked whether all is well."""
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")


def need_by_meaning(said: str) -> tuple[Need, float]:
    """The likelier need, and how likely it is that there is one at all, 0..1.

    Of a message and each of its sentences the one counts that says it most: help is asked for in passing.

    Args:
        said: A user's message.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    sentences = _SENTENCE.split(said[:MOST_CHARACTERS])
    parts = sentences if len(sentences) > 1 else []
    return max((_decided(part) for part in (said[:MOST_CHARACTERS], *parts)), key=lambda found: found[1])


@lru_cache(maxsize=512)
def _decided(said: str) -> tuple[Need, float]:
    if not any(letter.isalpha() for letter in said):
        return NEEDS[0], 0.0
    none, *shares = softmax(message_features(said)[None], stored(WEIGHTS))[0].tolist()
    return NEEDS[shares.index(max(shares))], 1 - none
