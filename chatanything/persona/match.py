"""Which character suits what somebody wants, in named dimensions, without a language model.

Only dimensions that the sentence says something about count: five of temperament by the same word lists that
read descriptions, age, gender and kind where they are asked for, and the subject, by shared words and by
meaning. The same sentence and characters give the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.persona.card import PersonaCard
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import clean_description, words_of
from chatanything.persona.rules import Reading, read_description
from chatanything.persona.stems import stems_in
from chatanything.types import Float32

_TEMPERAMENT: Final[Mapping[str, tuple[str, bool]]] = {
    "curiosity": ("openness", False),
    "order": ("conscientiousness", False),
    "energy": ("extraversion", False),
    "warmth": ("agreeableness", False),
    "calm": ("neuroticism", True),
}
"""Dimension -> trait of the Big Five, and whether it is its opposite."""
_WEIGHTS: Final[Mapping[str, float]] = {
    "subject": 2.0,
    "meaning": 1.0,
    "kind": 2.0,
    "gender": 1.5,
    "age": 1.0,
}
"""All others count 1."""
_ASKING: Final = frozenset(
    ["want", "someone", "somebody", "need", "look", "find", "talk", "chat", "who", "person", "friend", "help",
     "character", "companion", "partner", "anyone", "anybody", "help", "make", "tell", "keep", "give"]
)  # fmt: skip
"""Words of asking, which are no subject."""
_MARKED: Final = 0.05
"""So far from the middle something is said about a trait."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One named reason."""

    name: str
    wanted: str
    got: str
    score: float
    """0..1."""

    def __str__(self) -> str:
        return f"{self.name}: wanted {self.wanted}, got {self.got}, score {self.score:.2f}"


@dataclass(frozen=True, slots=True)
class Suited:
    """How well one character suits."""

    card: PersonaCard
    score: float
    """0..1, weighted mean of the dimensions."""
    reasons: tuple[Dimension, ...]


def best_matches(wish: str, cards: Sequence[PersonaCard]) -> tuple[Suited, ...]:
    """Characters in the order in which they suit a wish.

    Args:
        wish: What somebody wants, in a sentence.
        cards: Whom there is; equal ones are ordered by their ids.

    Raises:
        UsageError: The wish is empty, too long or has no words.
        WeightsError: The embedding model cannot be had.
    """
    if not cards:
        return ()
    clean = clean_description(wish)
    reading = read_description(clean, seed=0)
    near = embed([_about(card) for card in cards]) @ embed([clean])[0]
    found = [_suited(reading, card, float(cosine)) for card, cosine in zip(cards, near, strict=True)]
    return tuple(sorted(found, key=lambda one: (-one.score, one.card.id)))


def _suited(wish: Reading, card: PersonaCard, cosine: float) -> Suited:
    reasons = [*_temperament(wish, card), *_outward(wish, card), *_subject(wish, card)]
    meaning = float(np.clip(cosine / 0.6, 0, 1))
    reasons.append(Dimension("meaning", "the sentence", f"cosine {cosine:.2f}", round(meaning, 3)))
    weights = np.array([_WEIGHTS.get(one.name, 1.0) for one in reasons])
    scores: Float32 = np.array([one.score for one in reasons], np.float32)
    return Suited(card, round(float((weights * scores).sum() / weights.sum()), 4), tuple(reasons))


def _temperament(wish: Reading, card: PersonaCard) -> list[Dimension]:
    """The traits that the wish names; more than was wanted is no fault."""
    own, found = card.personal.big5, []
    for name, (trait, opposite) in _TEMPERAMENT.items():
        wanted, got = wish.big5[trait], getattr(own, trait)
        if opposite:
            wanted, got = 1 - wanted, 1 - got
        if abs(wanted - 0.5) < _MARKED:
            continue
        short = max(0.0, wanted - got) if wanted > 0.5 else max(0.0, got - wanted)
        found.append(Dimension(name, f"{wanted:.2f}", f"{got:.2f}", round(1 - short / 0.9, 3)))
    return found


def _outward(wish: Reading, card: PersonaCard) -> list[Dimension]:
    """Kind, gender and age where they are asked for."""
    found, words = [], words_of(wish.parsed.text)
    kind = next((being.noun for word in words if (being := lexicon().known_species(word))), "")
    social = card.social
    if kind and wish.species == kind:
        found.append(Dimension("kind", kind, card.species, float(kind == card.species)))
    if wish.gender_said and wish.gender != "neutral":
        found.append(Dimension("gender", wish.gender, social.gender, float(wish.gender == social.gender)))
    if any(word in lexicon().age for word in words):
        found.append(Dimension("age", wish.age, social.age_band, float(wish.age == social.age_band)))
    return found


def _subject(wish: Reading, card: PersonaCard) -> list[Dimension]:
    """What it is about: words of the wish that the character's own words share."""
    lex = lexicon()
    said = {word for word in words_of(wish.parsed.text) if word not in _ASKING and word not in lex.traits}
    wanted = {stem for word in said for stem in stems_in(word)} - {s for w in _ASKING for s in stems_in(w)}
    if not wanted:
        return []
    shared = wanted & stems_in(_about(card))
    score = len(shared) / len(wanted)
    return [
        Dimension("subject", ", ".join(sorted(wanted)), ", ".join(sorted(shared)) or "-", round(score, 3))
    ]


def _about(card: PersonaCard) -> str:
    """What a character is and does, in a few sentences."""
    context = card.context
    parts = [card.english or card.description, card.social.role, ", ".join(context.loves), context.routine]
    parts += [fact.text for fact in card.facts if fact.id.startswith("u")]
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())[:1500]
