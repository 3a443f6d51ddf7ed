"""Traits of a description: Big Five, mood and sound, from the lexicon and from near words.

Words that the lexicon lacks borrow the effect of their nearest trait in sentence-embedding space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.persona.lexicon import BIG5_LETTERS, SOUND_LETTERS, Effect, lexicon
from chatanything.persona.parse import words_of
from chatanything.types import Emotion, Float32

_STEP: Final = 0.13
"""One lexicon step on a 0..1 scale: three steps of one word reach 0.89."""
_LIMITS: Final = (0.05, 0.95)
NEAR: Final = 0.66
"""Cosine from which an unknown word borrows; below it, antonyms and topics creep in."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What all trait words together say; every number 0..1 with 0.5 as "nothing said"."""

    traits: tuple[str, ...]
    big5: Mapping[str, float]
    sound: Mapping[str, float]
    mood: Emotion
    borrowed: tuple[tuple[str, str], ...]
    """(unknown word, lexicon word that it borrowed from)."""


def score(core: str, unknown: Sequence[str]) -> Scores:
    """Add up the trait words of a text.

    Args:
        core: Text without likes and dislikes.
        unknown: Words that describe the character but are in no list; they may borrow.

    Raises:
        WeightsError: `unknown` is not empty and the embedding model cannot be had.
    """
    lex = lexicon()
    words = words_of(core)
    big5 = dict.fromkeys(BIG5_LETTERS.values(), 0.0)
    sound = dict.fromkeys(SOUND_LETTERS.values(), 0.0)
    traits: list[str] = []
    moods: list[Emotion] = []
    near = {word: hit for word in unknown if (hit := nearest_trait(word)) is not None}
    for index, word in enumerate(words):
        trait = near.get(word, word)
        effect = lex.traits.get(trait) or lex.sound.get(word)
        if effect is None:
            continue
        sign = -1.0 if lex.lists["negations"] & set(words[max(0, index - 2) : index]) else 1.0
        _add(effect, sign, big5, sound)
        if sign > 0 and trait in lex.traits:
            traits.append(word)
            if effect.mood:
                moods.append(effect.mood)
    return Scores(
        tuple(dict.fromkeys(traits))[:8],
        {name: _unit(value) for name, value in big5.items()},
        {name: _unit(value) for name, value in sound.items()},
        moods[0] if moods else "neutral",
        tuple(near.items()),
    )


def nearest_trait(word: str) -> str | None:
    """The lexicon's trait closest in meaning, or None when none is close.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    names, vectors = _trait_vectors()
    cosines = vectors @ embed([_frame(word)])[0]
    best = int(np.argmax(cosines))
    return names[best] if cosines[best] >= NEAR else None


def _frame(word: str) -> str:
    return f"a {word} person"


@lru_cache(maxsize=1)
def _trait_vectors() -> tuple[tuple[str, ...], Float32]:
    names = tuple(lexicon().traits)
    return names, embed([_frame(name) for name in names])


def _add(effect: Effect, sign: float, big5: dict[str, float], sound: dict[str, float]) -> None:
    for name, steps in effect.big5.items():
        big5[name] += sign * steps
    for name, steps in effect.sound.items():
        sound[name] += sign * steps


def _unit(steps: float) -> float:
    return round(min(max(0.5 + _STEP * steps, _LIMITS[0]), _LIMITS[1]), 2)
