"""What is wrong with a clause of an answer, and what of it can be said aloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import rules_for
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.guard import break_of
from chatanything.persona.moderation import flagged
from chatanything.persona.nli import contradicted
from chatanything.persona.parse import words_of
from chatanything.persona.safety import is_foul

ANSWERING: Final = 2
"""The first clauses answer the question; it tells what they are about."""
_REPEATED: Final = 6
"""Words from which a sentence that was said before is noticed."""
_MARKUP: Final = re.compile(r"[*_`#>|~]+|\[[^\]]*\]|\((?:[a-z]+ing|laughs|sighs|smiles)[^)]*\)")


def is_repeated(clause: str, told: Sequence[str]) -> bool:
    """Whether a whole sentence was said before in this conversation; a short one may come back.

    Args:
        clause: A sentence or a part of one.
        told: What the character said before.
    """
    words = words_of(clause)
    return len(words) >= _REPEATED and any(" ".join(words) in " ".join(words_of(one)) for one in told)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a clause must not be said."""

    why: str
    fact: str = ""
    """The fact of the card that it contradicts; "" if it is something else."""


def flaw_in(clause: str, card: PersonaCard, said: str, number: int, *, of_user: bool = False) -> Flaw | None:
    """What is wrong with a clause of an answer; None if it may be said.

    Args:
        clause: As the model wrote it.
        card: Who says it.
        said: What is answered.
        number: Of the clause; only the first ones answer the question.
        of_user: The question is about the user: "in Hull" says where he lives, nothing of the card's home.
    """
    fact = _contradicted(clause, card, said if number < ANSWERING and not of_user else "")
    if fact:
        return Flaw("it contradicts a fact", fact)
    why = break_of(clause, card, rules_for(card), said) or ("a foul word" if is_foul(clause) else "")
    if not why and (categories := flagged(clause)):
        why = f"the moderation objects: {', '.join(categories)}"
    return Flaw(why) if why else None


def _contradicted(clause: str, card: PersonaCard, question: str) -> str:
    """The fact about the character that a clause contradicts; "" if none."""
    facts = [fact.text for fact in card.facts]
    found = conflicts(clause, facts, card.name, question)
    if found:
        return facts[found[0].fact]
    at = contradicted(clause, facts, card.name)
    return facts[at] if at is not None else ""


def spoken(text: str) -> str:
    """A sentence without what cannot be said aloud: markup, brackets, stage directions."""
    return re.sub(r"\s+", " ", _MARKUP.sub(" ", text)).strip()
