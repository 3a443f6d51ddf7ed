"""Several answers are thought of, one is given: for scripts and films, where a moment more does not matter.

Facts come first: an answer that breaks the character or contradicts a fact is never given, and one that uses
the facts it is asked for stands before one that talks around them. Style comes second, fluency third; so
ranking by style cannot turn a character into a parody of itself. On the way to a live answer nobody ranks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.errors import UsageError
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import own_line, reply, set_answer
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said, as_read, messages
from chatanything.persona.flaws import flaw_in, spoken
from chatanything.persona.guard import pressure_of, safe_line
from chatanything.persona.parse import words_of
from chatanything.persona.sentences import clauses_in
from chatanything.persona.stems import stems_in
from chatanything.seeds import derive

MOST_CANDIDATES: Final = 16
_TOKENS_A_WORD: Final = 2
_CATCHPHRASE_TURNS: Final = 4
"""A catchphrase is heard once in so many turns of its speaker at most."""
_STEP: Final = 0.05
"""Styles that differ by less count as the same, so that fluency decides."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer with its scores."""

    text: str
    flaw: str
    """Why it cannot be given; "" if it can."""
    fact: str
    """The fact that it contradicts; "" if none."""
    facts: float
    """Share 0..1 of what the message asks about that the answer tells; 1 where it asks about no fact."""
    style: float
    """0..1: length, words of its own, nearness to how the character talks, nothing said twice."""
    fluency: float
    """0..1: whole sentences, no stutter, enough words."""

    @property
    def key(self) -> tuple[bool, float, float, float]:
        """What candidates are ordered by; larger is better."""
        return not self.flaw, round(self.facts, 2), round(self.style / _STEP) * _STEP, self.fluency


@dataclass(frozen=True, slots=True)
class Ranked:
    """The answer, and what it was chosen from, the best first."""

    text: str
    candidates: tuple[Candidate, ...]


def best_reply(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    *,
    llm: LLM | None,
    seed: int,
    candidates: int = 4,
    memory: Recollection = NOTHING,
) -> Ranked:
    """The best of several answers.

    Where none can be given, the model is asked once more with the fact that it contradicted, and after that
    the character has a safe line.

    Args:
        card: Who answers.
        history: What was said before, oldest first.
        said: The user's message.
        llm: The model; None chooses among the card's own lines.
        seed: Together with everything else it decides the answer.
        candidates: How many, 1..`MOST_CANDIDATES`.
        memory: What is known about the user.

    Raises:
        UsageError: The number of candidates cannot be used.
        BackendError: The model cannot be reached or broke down.
    """
    if not 1 <= candidates <= MOST_CANDIDATES:
        raise UsageError(
            "the number of candidates cannot be used", expected=f"1 to {MOST_CANDIDATES}", got=str(candidates)
        )
    said = as_read(said)
    if line := set_answer(card, history, said, seed=seed):
        return Ranked(line, ())
    seeds = [seed, *(derive(seed, "candidate", number) for number in range(1, candidates))]
    if llm is None:
        texts = [own_line(card, history, said, seed=one) for one in seeds]
    else:
        texts = [_ask(card, history, said, llm, one, memory) for one in seeds]
    found = rank(card, history, said, texts)
    if not found[0].flaw:
        return Ranked(found[0].text, found)
    if llm is not None:
        again = derive(seed, "again", 1)
        once_more = _ask(card, history, said, llm, again, memory, reminder=found[0].fact, retry=True)
        found = rank(card, history, said, [*(one.text for one in found), once_more])
        if not found[0].flaw:
            return Ranked(found[0].text, found)
    return Ranked(safe_line(card, said, seed=seed), found)


def answer(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    *,
    llm: LLM | None,
    seed: int,
    candidates: int = 1,
    memory: Recollection = NOTHING,
) -> str:
    """A whole answer as it is spoken: the first that comes, or the best of several.

    Args:
        card: As of `best_reply`, like all others.
        history: See there.
        said: See there.
        llm: See there.
        seed: See there.
        candidates: 1 thinks of one answer only.
        memory: See there.

    Raises:
        UsageError: As of `best_reply`.
        BackendError: As of `best_reply`.
    """
    if candidates == 1:
        return spoken("".join(reply(card, history, said, llm=llm, seed=seed, memory=memory)))
    ranked = best_reply(card, history, said, llm=llm, seed=seed, candidates=candidates, memory=memory)
    return spoken(ranked.text)


def rank(
    card: PersonaCard, history: Sequence[Said], said: str, texts: Sequence[str]
) -> tuple[Candidate, ...]:
    """Answers with their scores, the best first; equal ones keep their order, repeated ones count once.

    Args:
        card: Who answers.
        history: What was said before.
        said: What is answered.
        texts: At least one answer.
    """
    made = [_scored(card, history, said, text) for text in dict.fromkeys(texts)]
    return tuple(sorted(made, key=lambda one: one.key, reverse=True))


def _ask(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    llm: LLM,
    seed: int,
    memory: Recollection,
    *,
    reminder: str = "",
    retry: bool = False,
) -> str:
    pressure = pressure_of(said, card) or ("identity" if retry and not reminder else "")
    asked = messages(card, history, said, memory, pressure=pressure, reminder=reminder)
    limit = card.style.max_words * _TOKENS_A_WORD + 20
    # Streamed, because a model in this process then reads the character once for all candidates.
    raw = "".join(llm.stream(asked, seed=seed, max_tokens=limit, stop=("\nUser:", "\n\n")))
    return re.sub(rf"^\W*{re.escape(card.name)}:\s*", "", raw.strip())


def _scored(card: PersonaCard, history: Sequence[Said], said: str, text: str) -> Candidate:
    clauses = clauses_in(text)
    flaws = (flaw_in(clause, card, said, number) for number, clause in enumerate(clauses))
    flaw = next((one for one in flaws if one is not None), None)
    why = flaw.why if flaw else "" if spoken(text) else "nothing is said"
    return Candidate(
        text=text,
        flaw=why,
        fact=flaw.fact if flaw else "",
        facts=_told(card, said, text),
        style=_style(card, history, text),
        fluency=_fluency(text),
    )


def _told(card: PersonaCard, said: str, text: str) -> float:
    """How much of the best fact that the message asks about is told."""
    own = frozenset(words_of(card.name))
    asked, answered = stems_in(said, own), stems_in(text, own)
    shares = []
    for fact in card.facts:
        stems = stems_in(fact.text, own)
        if asked & stems:
            news = stems - asked
            shares.append(len(news & answered) / len(news) if news else 1.0)
    return max(shares, default=1.0)


def _style(card: PersonaCard, history: Sequence[Said], text: str) -> float:
    words = words_of(text)
    if not words:
        return 0.0
    short = min(1.0, card.style.max_words / len(words))
    own = min(1.0, sum(word in card.style.lexicon for word in words) / 2)
    lines = embed([*card.personal.constitution, card.greeting or card.name])
    near = float(np.clip(2 * (lines @ embed([text])[0]).max(), 0, 1))
    mine = [turn.text.lower() for turn in history if turn.role == "assistant"]
    lately = mine[-(_CATCHPHRASE_TURNS - 1) :]
    phrases = [phrase.lower().rstrip(".!?…") for phrase in card.style.catchphrases]
    worn = any(phrase in text.lower() and any(phrase in line for line in lately) for phrase in phrases)
    if text.lower().strip() in mine:
        return 0.0
    return round(max(0.0, 0.3 * short + 0.3 * own + 0.4 * near - 0.5 * worn), 4)


def _fluency(text: str) -> float:
    words = words_of(text)
    if not words:
        return 0.0
    ended = re.search(r"[.!?…][\"'”’)]*\s*$", text) is not None
    stutter = sum(a == b for a, b in pairwise(words))
    varied = len(set(words)) / len(words)
    enough = min(1.0, len(words) / 4)
    return round(max(0.0, 0.4 * ended + 0.3 * varied + 0.3 * enough - 0.2 * stutter), 4)
