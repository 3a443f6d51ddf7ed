"""Does an answer contradict what is true about its speaker? Rules for what can be compared exactly.

Sentence embeddings cannot tell "I play the drums" from "I never touched a drum", so the gate looks at slots:
numbers, names, negation, likes, places and roles. After the Active-Passive-Constraint score (APC), with rules
in the place of its two trained judges. An answer may be short because the question said the rest, so both are
read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from chatanything.embeddings import embed
from chatanything.persona.lexicon import lexicon
from chatanything.persona.likes import thing_of, tone_of
from chatanything.persona.parse import words_of
from chatanything.persona.quantities import numbers_in
from chatanything.persona.relations import names_said, relations_in
from chatanything.persona.stems import NEGATION, stems_in

Slot = Literal["number", "name", "negation", "preference", "place", "role"]

_CLAUSE: Final = re.compile(
    r"[.!?;:…]+\s*|,\s+(?=(?:but|and|though|so|because)\b)|\s+(?:but|though|although|while|whereas)\s+",
    re.IGNORECASE,
)
_ME: Final = re.compile(r"\b(?:i|my|me|mine|myself|we|our|us)\b|\bi'", re.IGNORECASE)
_ONLY_IF: Final = re.compile(
    r"\b(?:if|would|could|might|wish|dream|want|like to|used to|may)\b", re.IGNORECASE
)
_PLACE: Final = re.compile(
    r"\b(live|dwell|home|resid|stay|stand|hang|sleep|grew|grow|born|come|came|made|work)(?:s|d|ed|ing)?\b"
    r"(?:(?: \w+){0,2}?) (?:in|at|on|by|near|under|inside|above|behind|from)\s+([^,.;!?]{3,60})",
    re.IGNORECASE,
)
_SOMEWHERE: Final = re.compile(
    r"\b(?:in|at|on|by|near|under|inside|above|behind|from)\s+((?:an?|the|my|[A-Z])\w*[^,.;!?]{2,50})"
)
_WHERE: Final = re.compile(r"\b(?:where|whereabouts|which (?:town|place|country|room))\b", re.IGNORECASE)
_PHRASE: Final = r"(?: now| still)? (?:an?|the) ((?:[\w'-]+ ?){1,5})"
_IS_A: Final = re.compile(rf"\b(?:is|works? as){_PHRASE}", re.IGNORECASE)
_I_AM_A: Final = re.compile(rf"\b(?:i am|i'm|i work as){_PHRASE}", re.IGNORECASE)
_AFTER_HEAD: Final = re.compile(r"\s+(?:of|who|that|which|in|at|on|from|with|for|and|by)\b.*$", re.IGNORECASE)
_OWN_NAME: Final = re.compile(
    r"\b(?:my name is|call me|i am called|i'm called)\s+([A-Z][\w'-]+)", re.IGNORECASE
)
_AGE: Final = re.compile(r"\b(?:old|age|aged|born|birthday|birthdays|years|winters|summers)\b", re.IGNORECASE)
_ANSWERING: Final = 2
_SHARED: Final = 0.5
"""Share of a fact's words that a clause must have to be about it."""
_SAME_PLACE: Final = 0.55
"""Cosine from which two phrases may name the same place."""
_SAME_ROLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Conflict:
    """An answer that says otherwise than a fact."""

    fact: int
    """Number of the fact."""
    slot: Slot
    clause: str
    """The words that contradict it."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A clause of an answer."""

    text: str
    question: str
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


def conflicts(reply: str, facts: Sequence[str], name: str, question: str = "") -> tuple[Conflict, ...]:
    """Where an answer contradicts facts about its speaker.

    Args:
        reply: In the first person.
        facts: Atomic statements about `name`, in the third person.
        name: The speaker's.
        question: What is answered.

    Returns:
        At most one for each fact.
    """
    own = frozenset(word.removesuffix("'s") for word in words_of(name))
    clauses = [clause.strip() for clause in _CLAUSE.split(reply) if clause.strip()]
    # The first clauses answer the question.
    claims = [
        _Claim(clause, question if place < _ANSWERING else "", own) for place, clause in enumerate(clauses)
    ]
    found = []
    for number, fact in enumerate(facts):
        hit = next(_hits(fact, claims), None)
        if hit is not None:
            found.append(Conflict(number, *hit))
    return tuple(found)


def _hits(fact: str, claims: Sequence[_Claim]) -> Iterator[tuple[Slot, str]]:
    checks: tuple[tuple[Slot, Callable[[str, _Claim], bool]], ...] = (
        ("number", _other_number),
        ("name", _other_name),
        ("preference", _other_taste),
        ("place", _other_place),
        ("role", _other_role),
        ("negation", _denied),
    )
    for slot, check in checks:
        for claim in claims:
            if (claim.question or _ME.search(claim.text) or slot == "preference") and check(fact, claim):
                yield slot, claim.text


def _other_number(fact: str, claim: _Claim) -> bool:
    """Another number of the same things."""
    said = list(numbers_in(claim.text))
    shared = stems_in(fact, claim.own) & (claim.stems | claim.asked)
    for value, noun, is_unit in numbers_in(fact):
        if any(value == other for other, _, _ in said):
            continue
        if noun == "age":
            if any(other_noun == "age" for _, other_noun, _ in said):
                return True
            if claim.question and _AGE.search(claim.question) and said and 3 <= said[0][0] <= 200:
                return True
            continue
        for _, other_noun, _ in said:
            if noun == other_noun and (not is_unit or len(shared) > 1):
                return True
        if said and stems_in(noun, claim.own) & claim.asked and not said[0][2]:
            return True
    return False


def _other_name(fact: str, claim: _Claim) -> bool:
    """Another name of the same relation, or of the speaker himself."""
    introduced = _OWN_NAME.search(claim.text)
    if introduced and introduced[1].lower() not in claim.own and introduced[1][0].isupper():
        return bool(claim.own & set(words_of(fact)))
    said = dict(relations_in(claim.text, claim.own))
    for what, name in relations_in(fact, claim.own):
        if name in claim.text.lower():
            continue
        if what in said:
            return True
        if what in words_of(claim.question) or what in words_of(claim.text):
            named = [one for one in names_said(claim.text, claim.own) if one not in claim.question.lower()]
            if named:
                return True
    return False


def _other_taste(fact: str, claim: _Claim) -> bool:
    """Love where the fact says hate, or the other way round, of the same thing."""
    taste, said = tone_of(fact), tone_of(claim.text)
    if not taste or not said or taste == said:
        return False
    thing = thing_of(fact, claim.own)
    return bool(thing & (claim.stems | claim.asked))


def _other_place(fact: str, claim: _Claim) -> bool:
    """Another home or origin."""
    home = _PLACE.search(fact)
    if not home or NEGATION.search(fact) or NEGATION.search(claim.text):
        return False
    said = _PLACE.search(claim.text)
    same_verb = said is not None and said[1].lower()[:4] == home[1].lower()[:4]
    place = said[2] if said is not None and same_verb else ""
    if (
        not place
        and claim.question
        and _WHERE.search(claim.question)
        and home[1].lower() in _stay(claim.question)
    ):
        somewhere = _SOMEWHERE.search(claim.text)
        place = somewhere[1] if somewhere else ""
    known, named = stems_in(home[2], claim.own), stems_in(place, claim.own)
    return bool(known and named) and not known & named and _cosine(home[2], place) < _SAME_PLACE


def _stay(question: str) -> str:
    """The words of a question, and those for living where it asks where somebody is or lives."""
    words = question.lower()
    return (
        f"{words} live home stand hang sleep"
        if re.search(r"\b(?:live|home|stay|are you|do you)\b", words)
        else words
    )


def _other_role(fact: str, claim: _Claim) -> bool:
    """Another occupation, or another kind of being."""
    role, said = _role(_IS_A.search(fact)), _role(_I_AM_A.search(claim.text))
    if not role or not said or role == said or NEGATION.search(claim.text) or NEGATION.search(fact):
        return False
    return _cosine(role, said) < _SAME_ROLE


def _role(phrase: re.Match[str] | None) -> str:
    """The occupation or kind of being in a phrase; "" where there is none."""
    words = words_of(_AFTER_HEAD.sub("", phrase[1])) if phrase else []
    return next((word for word in reversed(words) if _is_role(word)), "")


def _is_role(word: str) -> bool:
    table = lexicon()
    return word in table.roles or word in table.species or word.endswith(table.role_suffixes)


def _denied(fact: str, claim: _Claim) -> bool:
    """The same words, once with and once without a negation."""
    denies = NEGATION.search(fact) is not None
    if tone_of(fact) or any(relations_in(fact, claim.own)):
        return False
    words = stems_in(fact, claim.own)
    for part in claim.text.split(","):
        says_so = _ME.search(part) and not _ONLY_IF.search(part)
        turned = (NEGATION.search(part) is not None) is not denies
        if says_so and turned and words and len(words & stems_in(part, claim.own)) >= _SHARED * len(words):
            return True
    return False


@lru_cache(maxsize=1024)
def _cosine(one: str, other: str) -> float:
    first, second = embed([one, other])
    return float(first @ second)
