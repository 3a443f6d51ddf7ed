"""Does an answer contradict what is true about its speaker? Rules for what can be compared exactly.

Sentence embeddings cannot tell "I play the drums" from "I never touched a drum", so the gate looks at slots:
numbers, names, negation, likes, places and roles. After the Active-Passive-Constraint score (APC), with rules
in the place of its two trained judges; embeddings only tell whether two words or phrases are about the same
thing. An answer may be short because the question said the rest, so both are read. What the rules know about
words is data: faithfulness.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chatanything.persona.claims import Claim, claims_in
from chatanything.persona.parse import words_of
from chatanything.persona.polarity import denied, excluded, other_taste, other_value, yes_or_no
from chatanything.persona.slots import other_name, other_number, other_place, other_role, role_in
from chatanything.persona.stems import stems_in

Slot = Literal["number", "name", "negation", "preference", "place", "role", "state"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An answer that says otherwise than a fact."""

    fact: int
    """Number of the fact."""
    slot: Slot
    clause: str
    """The words that contradict it."""


# Cheap ones first: those at the end may need an embedding.
_CHECKS: Final[tuple[tuple[Slot, Callable[[str, Claim], bool]], ...]] = (
    ("number", other_number),
    ("name", other_name),
    ("state", excluded),
    ("state", other_value),
    ("negation", yes_or_no),
    ("preference", other_taste),
    ("place", other_place),
    ("role", other_role),
    ("negation", denied),
)


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
    claims = claims_in(reply, question, name)
    own = frozenset(words_of(name))
    # An apple that sings may say that it is a singer: one of two things that it is does not deny the other.
    parts = [part for fact in facts if (part := role_in(fact, own))]
    found = []
    for number, fact in enumerate(facts):
        hits = _hits(fact, claims)
        hit = next((one for one in hits if one[0] != "role" or not _is_one(one[1], parts, own)), None)
        if hit is not None:
            found.append(Conflict(number, *hit))
    return tuple(found)


def _is_one(clause: str, parts: Sequence[frozenset[str]], own: frozenset[str]) -> bool:
    """Whether a clause names one of the things that its speaker is."""
    return any(part <= stems_in(clause, own) for part in parts)


def _hits(fact: str, claims: Sequence[Claim]) -> Iterator[tuple[Slot, str]]:
    for slot, check in _CHECKS:
        for claim in claims:
            if (claim.question or claim.is_own or slot == "preference") and check(fact, claim):
                yield slot, claim.text
