"""Whether a message may come from somebody in danger, told by the reader of messages (`reader.py`).

Patterns (guard.toml) know the plain words; most people in need use others.
"""

from __future__ import annotations

from typing import Final, Literal, cast

from chatanything.persona.reader import HEADS, read

Need = Literal["self_harm", "abuse"]
SURE: Final = 0.9
"""Probability of both needs together from which a message is answered as one."""
POSSIBLE: Final = 0.75
"""Probability from which somebody is asked whether all is well."""


def need_by_meaning(said: str) -> tuple[Need, float]:
    """The likelier need, and how likely it is that there is one at all, 0..1.

    Args:
        said: A user's message.

    Raises:
        WeightsError: The weights cannot be had.
    """
    none, *needs = read("need", said)
    return cast("Need", HEADS["need"][1 + needs.index(max(needs))]), 1 - none
