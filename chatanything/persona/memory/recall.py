"""Which memories fit a message: nearest in meaning, shared rare words as a second opinion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np

from chatanything.embeddings import DIMENSIONS, embed
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of
from chatanything.types import Float32

_WORDS_WEIGHT: Final = 0.12
"""How much the best overlap of words counts beside a cosine of 1."""
_GONE: Final = ""
"""Key of a place whose text was taken out."""
_K1: Final = 1.2
_B: Final = 0.75
"""The usual constants of BM25 (Robertson and Zaragoza, 2009, section 3.3)."""


class Index:
    """Texts under keys that can be searched and changed one by one."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._vectors = np.zeros((16, DIMENSIONS), np.float32)
        self._lengths: list[int] = []
        self._postings: dict[str, dict[int, int]] = {}
        self._bags: list[Counter[str]] = []

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._places)

    def put(self, key: str, text: str, vector: Float32 | None = None) -> Float32:
        """Add a text, or change the one under its key.

        Args:
            key: Under which it is found and changed.
            text: What is searched.
            vector: Its embedding, where that is known.

        Returns:
            (384,) float32, the embedding.
        """
        place = self._places.get(key)
        if place is None:
            place = self._new(key)
        else:
            self._clear(place)
        bag = content_words(text)
        for word, times in bag.items():
            self._postings.setdefault(word, {})[place] = times
        self._bags[place], self._lengths[place] = bag, sum(bag.values())
        found = embed([text])[0] if vector is None else vector
        self._vectors[place] = found
        return found

    def drop(self, key: str) -> None:
        """Take a text out; the others keep their order, so that a search gives what it would after a restart.

        Args:
            key: Of a text that is there.
        """
        place = self._places.pop(key)
        self._clear(place)
        self._keys[place], self._bags[place], self._lengths[place] = _GONE, Counter(), 0
        self._vectors[place] = 0

    def _clear(self, place: int) -> None:
        for word in self._bags[place]:
            del self._postings[word][place]

    def _new(self, key: str) -> int:
        place = len(self._keys)
        if place == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._keys.append(key)
        self._bags.append(Counter())
        self._lengths.append(0)
        self._places[key] = place
        return place

    def nearest(self, vector: Float32, most: int) -> list[tuple[str, float]]:
        """The texts nearest to a vector of length 1.

        Args:
            vector: (384,) float32.
            most: At most so many.

        Returns:
            Key and cosine of each, the nearest first.
        """
        near = self._vectors[: len(self._keys)] @ vector
        return self._best(near, most)

    def search(self, query: str, most: int = 5, *, least: float = 0.0) -> list[tuple[str, float]]:
        """The texts that fit a query best.

        Args:
            query: A message.
            most: At most so many.
            least: Only texts of this score or more; 1 is the same text.

        Returns:
            Key and score of each, the best first.
        """
        if not self._places:
            return []
        near = self._vectors[: len(self._keys)] @ embed([query])[0]
        scores = near + _WORDS_WEIGHT * self._overlap(content_words(query))
        return [(key, score) for key, score in self._best(scores, most) if score >= least]

    def _best(self, scores: Float32, most: int) -> list[tuple[str, float]]:
        if len(self._places) < len(self._keys):
            scores[[key == _GONE for key in self._keys]] = -np.inf
        order = np.argsort(-scores, kind="stable")[: min(most, len(self._places))]
        return [(self._keys[place], float(scores[place])) for place in order]

    def sharing(self, words: Collection[str], least: int) -> list[str]:
        """Keys of the texts in which at least `least` of some words stand, as they are or in the genitive.

        Args:
            words: As `content_words` gives them.
            least: At least one.
        """
        counts = Counter[int]()
        for word in words:
            forms = (
                self._postings.get(form, {}).keys() for form in (word, f"{word}'")
            )  # "gareth's": gareth'
            counts.update(set[int]().union(*forms))
        return [self._keys[place] for place, count in counts.items() if count >= least]

    def _overlap(self, query: Iterable[str]) -> Float32:
        """BM25 of every text, the best of them 1."""
        total = len(self._places)
        scores = np.zeros(len(self._keys), np.float32)
        mean = sum(self._lengths) / total or 1.0
        for word in query:
            found = self._postings.get(word)
            if not found:
                continue
            rarity = math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5))
            for place, times in found.items():
                norm = times + _K1 * (1 - _B + _B * self._lengths[place] / mean)
                scores[place] += rarity * times * (_K1 + 1) / norm
        best = float(scores.max())
        return scores / best if best > 0 else scores


def content_words(text: str) -> Counter[str]:
    """Words that carry meaning, plural endings off."""
    stop = lexicon().lists["stopwords"]
    return Counter(
        word.rstrip("s") if len(word) > 3 else word
        for word in words_of(text)
        if len(word) > 2 and word not in stop
    )
