"""What a message wants of a character: talk, or something that would take it out of its part or its world.

A softmax regression over a sentence embedding and hashed pieces of words, trained on messages written for it
(`train intent`). Patterns (guard.toml) know what they were written for; this also knows what is like it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from chatanything.persona.regression import MOST_CHARACTERS, message_features, softmax, stored

Intent = Literal["talk", "task", "outside", "identity"]
"""Talk; a machine's work; news that nobody in the character's world has; its role taken from it."""
INTENTS: Final[tuple[Intent, ...]] = ("talk", "task", "outside", "identity")
WEIGHTS: Final = Path(__file__).with_name("intent.npz")
SURE: Final = 0.65
"""Probability of everything but talk from which a message counts as such."""


def intent_of(said: str) -> Intent:
    """What a message wants.

    Args:
        said: The user's message.

    Returns:
        The likeliest thing that is no talk, if it is sure enough that the message is none.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    return _decided(said[:MOST_CHARACTERS])


@lru_cache(maxsize=256)
def _decided(said: str) -> Intent:
    if not any(letter.isalpha() for letter in said):
        return "talk"
    shares = softmax(message_features(said)[None], stored(WEIGHTS))[0]
    return INTENTS[1 + int(np.argmax(shares[1:]))] if shares[0] <= 1 - SURE else "talk"
