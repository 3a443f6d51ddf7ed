"""One clause of an answer, with what it answers: what the gate compares with facts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from chatanything.embeddings import embed
from chatanything.persona.lexicon import lexicon, load_toml
from chatanything.persona.parse import words_of
from chatanything.persona.stems import NEGATION, stem, stems_in

Asked = Literal["place", "age", "moment", "count", "name", "work", "kind"]

_CLAUSE: Final = re.compile(
    r"[.!?;:…]+\s*|,\s+(?=(?:but|and|though|so|because)\b)|\s+(?:but|though|although|while|whereas)\s+",
    re.IGNORECASE,
)
_ME: Final = re.compile(r"\b(?:i|my|me|mine|myself|we|our|us)\b|\bi'", re.IGNORECASE)
_ONLY_IF: Final = re.compile(
    r"\b(?:if|would|could|might|wish|dream|want|like to|used to|may)\b", re.IGNORECASE
)
_YOU: Final = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_SUBJECT: Final = re.compile(
    r"^\W*(?:(?:oh|ah|well|yes|no|and|but),? )*(?:the|an?|my|his|her|its|our|their|he|she|it|they|you|your|"
    r"this|that|these|those|there|who|what|every\w*|some\w*|[A-ZÀ-ÖØ-Þ][\w'-]+ (?:is|was|has|had))\b",
    re.IGNORECASE,
)
_ANSWERING: Final = 2
_SAME_WORD: Final = 0.68
"""Cosine from which two words may mean the same thing; below are brother and sister, tea and coffee."""
_LONG: Final = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause of an answer."""

    text: str
    question: str
    """What it answers; "" from the third clause on."""
    before: str
    """The clause before it, which its pronouns mean."""
    own: frozenset[str]
    """Words of the speaker's name."""

    @property
    def asked(self) -> frozenset[str]:
        """Stems of the question."""
        return stems_in(self.question, self.own)

    @property
    def stems(self) -> frozenset[str]:
        """Stems of the clause."""
        return stems_in(self.text, self.own)

    @property
    def is_own(self) -> bool:
        """Whether it speaks of the speaker."""
        return _ME.search(self.text) is not None

    @property
    def answers_about_itself(self) -> bool:
        """Whether it has no subject of its own and answers a question about the speaker: "Red as a berry"."""
        about = _YOU.search(self.question) is not None and not self.before
        return about and not _SUBJECT.match(self.text)

    @property
    def is_supposed(self) -> bool:
        """Whether it speaks of what might be or was once."""
        return _ONLY_IF.search(self.text) is not None

    @property
    def denies(self) -> bool:
        """Whether it holds a negation."""
        return NEGATION.search(self.text) is not None

    def asks(self, what: Asked) -> bool:
        """Whether its question asks for a value of this kind."""
        return bool(self.question) and _asks(what).search(self.question) is not None


def claims_in(reply: str, question: str, name: str) -> list[Claim]:
    """The clauses of an answer.

    Args:
        reply: In the first person.
        question: What is answered; the first clauses do.
        name: The speaker's.
    """
    own = frozenset(word.removesuffix("'s") for word in words_of(name))
    clauses = [clause.strip() for clause in _CLAUSE.split(reply) if clause.strip()]
    return [
        Claim(clause, question if at < _ANSWERING else "", clauses[at - 1] if at else "", own)
        for at, clause in enumerate(clauses)
    ]


@lru_cache(maxsize=16)
def _asks(what: Asked) -> re.Pattern[str]:
    return re.compile(load_toml("faithfulness.toml")["asks"][what], re.IGNORECASE)


@lru_cache(maxsize=1)
def light_stems() -> frozenset[str]:
    """Stems of verbs that every fact may have."""
    return frozenset(stem(word) for word in load_toml("faithfulness.toml")["light"].split())


@lru_cache(maxsize=512)
def core_of(text: str, own: frozenset[str]) -> tuple[str, ...]:
    """The words that a statement is about: no light verbs, no negations, not the speaker's name."""
    stop = lexicon().lists["stopwords"]
    words = (word.removesuffix("'s") for word in words_of(NEGATION.sub(" ", text)))
    kept = [word for word in words if stems_in(word, own) and word not in stop]
    return tuple(dict.fromkeys(word for word in kept if stem(word) not in light_stems()))


def share_said(fact: str, said: Collection[str], own: frozenset[str]) -> float:
    """Which share of the words of a fact is said, in the same or in a near word.

    Args:
        fact: The statement.
        said: Words of a clause.
        own: Words of the speaker's name.

    Returns:
        0..1; 0 for a fact without words of meaning.
    """
    core = core_of(fact, own)
    stems = {stem(word) for word in said}
    hits = [stem(word) in stems or any(_near(word, other) for other in said) for word in core]
    return sum(hits) / len(hits) if hits else 0.0


def _near(word: str, other: str) -> bool:
    return len(word) >= _LONG and len(other) >= _LONG and cosine(word, other) >= _SAME_WORD


@lru_cache(maxsize=4096)
def cosine(one: str, other: str) -> float:
    """Nearness of two texts in meaning, -1..1."""
    first, second = embed([one, other])
    return float(first @ second)
