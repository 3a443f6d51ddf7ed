"""What a message wants of a character: talk, or something that would take it out of its part or its world.

A softmax regression over a sentence embedding and hashed pieces of words, trained on messages written for it
(`train intent`). Patterns (guard.toml) know what they were written for; this also knows what is like it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np

from chatanything.embeddings import DIMENSIONS, embed
from chatanything.persona.regression import BINS, hashed, stored
from chatanything.types import Float32

Intent = Literal["talk", "task", "outside", "identity"]
"""Talk; a machine's work; news that nobody in the character's world has; its role taken from it."""
INTENTS: Final[tuple[Intent, ...]] = ("talk", "task", "outside", "identity")
WEIGHTS: Final = Path(__file__).with_name("intent.npz")
SURE: Final = 0.65
"""Probability of everything but talk from which a message counts as such."""
FEATURES: Final = DIMENSIONS + BINS + 1
_PIECES: Final = (3, 4, 5)
"""Letters of a piece of a word."""
_MOST_CHARACTERS: Final = 600


def intent_of(said: str) -> Intent:
    """What a message wants.

    Args:
        said: The user's message.

    Returns:
        The likeliest thing that is no talk, if it is sure enough that the message is none.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    return _decided(said[:_MOST_CHARACTERS])


@lru_cache(maxsize=256)
def _decided(said: str) -> Intent:
    if not any(letter.isalpha() for letter in said):
        return "talk"
    shares = probabilities(features(said)[None], stored(WEIGHTS))[0]
    return INTENTS[1 + int(np.argmax(shares[1:]))] if shares[0] <= 1 - SURE else "talk"


def features(said: str) -> Float32:
    """A message as numbers, (`FEATURES`,) float32: its meaning, its pieces of words, and a 1.

    Args:
        said: The message; ornaments of Unicode are taken off first.
    """
    plain = plain_letters(said)
    text = f" {' '.join(plain.lower().split())} "
    pieces = (text[at : at + length] for length in _PIECES for at in range(len(text) - length + 1))
    return np.concatenate([embed([plain])[0], hashed(pieces), np.ones(1, np.float32)]).astype(np.float32)


def plain_letters(said: str) -> str:
    """A message without letters in circles, wide letters, strokes through them and gaps that are not seen.

    Args:
        said: The message.
    """
    folded = unicodedata.normalize("NFKD", said)
    kept = (letter for letter in folded if unicodedata.category(letter) not in ("Mn", "Cf"))
    return "".join(kept)


def probabilities(rows: Float32, weights: Float32) -> Float32:
    """How likely each intent is, (n, 4) float32.

    Args:
        rows: (n, `FEATURES`).
        weights: (`FEATURES`, 4).
    """
    scores = rows @ weights
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)
