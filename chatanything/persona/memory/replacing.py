"""Whether what a user tells takes the place of something that he told before.

A logistic regression over what two messages have in common, the meaning of the later one and its words,
trained on pairs written for it (`train changes`). Patterns know the words that they were made of ("I've
switched"); people say "Boxes everywhere, but I can see the sea".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.embeddings import DIMENSIONS, embed
from chatanything.persona.memory.recall import content_words
from chatanything.persona.memory.records import Statement
from chatanything.persona.memory.statements import (
    denies,
    is_change,
    is_taste,
    numbers_in,
    slot_of,
)
from chatanything.persona.parse import is_clearly_foreign
from chatanything.persona.regression import BINS, hashed, stored
from chatanything.persona.sentences import sentences_in
from chatanything.types import Float32

WEIGHTS: Final = Path(__file__).with_name("replacing.npz")
SURE: Final = 0.65
"""Probability from which a statement is put in the place of another."""
LIKELY: Final = 0.4
"""Probability from which the later one is preferred where a message is about both."""
_CANDIDATES: Final = 5
"""The nearest of the known statements, which are looked at."""
_NEAR: Final = 0.3
"""Cosine under which two statements are so far apart that one never surely replaces the other."""
_COMMON: Final = 11
"""What two messages have in common, and their products."""
_PRODUCTS: Final = 5
FEATURES: Final = _COMMON + _PRODUCTS + BINS + DIMENSIONS + 1
_WEIGHT_OF_COMMON: Final = 2.0
"""They are few beside the bins of words, so that training would hardly move them."""
_MOST_WORDS: Final = 40
_WORD: Final = re.compile(r"[a-z']+")
_NAME: Final = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]{2,}")


def replaces(first: str, later: str) -> float:
    """How likely a later message makes an earlier one outdated, 0..1.

    Args:
        first: What the user told before.
        later: What he tells.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    return float(probabilities(features(first, later)[None], stored(WEIGHTS))[0])


def replaced_by(
    text: str, known: Sequence[Statement], cosines: Mapping[int, float]
) -> tuple[Statement | None, float]:
    """The statement that a new one is likeliest to take the place of, and how likely that is, 0..1.

    Args:
        text: From `statements_in` or `told_in`.
        known: All statements that hold, are older, and were not put so by the user.
        cosines: How near the nearest statements are, by id.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    topic = slot_of(text)
    if topic and (same := [one for one in known if slot_of(one.text) == topic]):
        return same[-1], 1.0  # there is one of these
    if is_clearly_foreign(text):
        return None, 0.0
    near = sorted((one for one in known if one.id in cosines), key=lambda one: -cosines[one.id])
    nearest = near[:_CANDIDATES]
    most = {one.id: 1.0 if cosines[one.id] >= _NEAR else LIKELY for one in nearest}
    likely = [(min(replaces(one.text, text), most[one.id]), one) for one in nearest]
    share, best = max(likely, key=lambda pair: pair[0], default=(0.0, None))
    return best, share


def features(first: str, later: str) -> Float32:
    """A pair as numbers, (`FEATURES`,) float32.

    Args:
        first: The earlier message.
        later: The later one.
    """
    first, later = first.replace("’", "'"), later.replace("’", "'")
    common = _common(first, later)
    cosine, shared, signs = common[:1], common[1:2], common[4:6]
    products = [cosine**2, cosine * signs, shared * signs]
    both = _WEIGHT_OF_COMMON * np.concatenate([common, *products])
    return np.concatenate([both, _words(later), embed([later])[0], np.ones(1)]).astype(np.float32)


def _common(first: str, later: str) -> Float32:
    vector, whole = embed([first])[0], embed([later])[0]
    words, others = set(content_words(first)), set(content_words(later))
    shared = len(words & others)
    slot, numbers = slot_of(first), numbers_in(first)
    return np.array(
        [
            whole @ vector,
            min(shared, 3) / 3,
            shared / max(1, len(words)),
            min(len(_names(first) & _names(later)), 2) / 2,
            is_change(later),
            denies(first) != denies(later),
            is_taste(first) and is_taste(later),
            bool(slot) and slot == slot_of(later),
            bool(numbers) and bool(numbers_in(later)) and numbers != numbers_in(later),
            min(len(later.split()), _MOST_WORDS) / _MOST_WORDS,
            len(sentences_in(later)) > 1,
        ],
        np.float32,
    )


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _words(text: str) -> Float32:
    """Words and pairs of neighbours, hashed."""
    found = _WORD.findall(text.lower())
    return hashed([*found, *(" ".join(pair) for pair in pairwise(found))])


def probabilities(rows: Float32, weights: Float32) -> Float32:
    """How likely each pair is a change, (n,) float32.

    Args:
        rows: (n, `FEATURES`).
        weights: (`FEATURES`,).
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ weights, -60, 60))), np.float32)
