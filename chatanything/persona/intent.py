"""What a message wants of a character: talk, or something that would take it out of its part or its world.

Told by the reader of messages (`reader.py`). Patterns (guard.toml) know what they were written for; this also
knows what is like it.
"""

from __future__ import annotations

from typing import Final, Literal, cast

from chatanything.persona.reader import HEADS, read

Intent = Literal["talk", "task", "outside", "identity"]
"""Talk; a machine's work; news that nobody in the character's world has; its role taken from it."""
SURE: Final = 0.75
"""Probability of everything but talk from which a message counts as such."""


def intent_of(said: str) -> Intent:
    """What a message wants.

    Args:
        said: The user's message.

    Returns:
        The likeliest thing that is no talk, if it is sure enough that the message is none.

    Raises:
        WeightsError: The weights cannot be had.
    """
    talk, *others = read("intent", said)
    if talk > 1 - SURE:
        return "talk"
    return cast("Intent", HEADS["intent"][1 + others.index(max(others))])
