"""Whether a message may come from somebody in danger, told by the reader of messages (`reader.py`).

Patterns (guard.toml) know the plain words; most people in need use others.
"""

from __future__ import annotations

import re
from typing import Final, Literal, cast

from chatanything.persona.reader import HEADS, MOST_CHARACTERS, read

Need = Literal["self_harm", "abuse"]
SURE: Final = 0.5
"""Probability of both needs together from which a message is answered as one."""
POSSIBLE: Final = 0.2
"""Probability from which somebody is asked whether all is well."""
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")


def need_by_meaning(said: str) -> tuple[Need, float]:
    """The likelier need, and how likely it is that there is one at all, 0..1.

    Of a message and each of its sentences the one counts that says it most: help is asked for in passing.

    Args:
        said: A user's message.

    Raises:
        WeightsError: The weights cannot be had.
    """
    sentences = _SENTENCE.split(said[:MOST_CHARACTERS])
    parts = sentences if len(sentences) > 1 else []
    return max((_read(part) for part in (said, *parts)), key=lambda found: found[1])


def _read(said: str) -> tuple[Need, float]:
    none, *needs = read("need", said)
    return cast("Need", HEADS["need"][1 + needs.index(max(needs))]), 1 - none
