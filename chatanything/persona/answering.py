"""A model's answer on its way to the ear: checked clause by clause, asked for once more where it breaks.

What breaks the character is not said: the model is asked again, with a reminder (but for the small one under
pressure), and after that the character has a line of its own, or the user's own words.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import Final

from chatanything.persona.backends import LLM, Message
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import Recollection, Said, messages, tone_line
from chatanything.persona.flaws import ANSWERING, Flaw, flaw_in, is_repeated, spoken
from chatanything.persona.guard import Pressure, closing_words, pressure_of, safe_line
from chatanything.persona.lexicon import load_toml
from chatanything.persona.memory.changes import asks_for_what_was_told, draws_on, goes_by_the_old, passes_over
from chatanything.persona.moderation import flagged
from chatanything.persona.parse import words_of
from chatanything.persona.safety import is_foul, may_be_in_need
from chatanything.persona.sentences import SentenceCutter
from chatanything.seeds import derive, generator

_TOKENS_A_WORD: Final = 2
_SPARE_WORDS: Final = 10
"""An answer may be so much longer than the card allows before the rest of it is left out."""
_TRIES: Final = 2
_ORDERS: Final = frozenset({"task", "identity", "language"})
_ENOUGH: Final = 4
"""Words that may stand alone when the rest of an answer is refused; after fewer the safe line follows."""
_MOST_QUOTED: Final = 40
"""Words of the user that are said at most, but for a single statement."""
_ADVICE: Final = re.compile(r"\b(?:should|shall|could|can|would|may|might|do you think)\b", re.IGNORECASE)
_ENDED: Final = re.compile(r"[.!?…][\"'”’)*]*\s*$")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A message, and what its answer is held against."""

    card: PersonaCard
    history: Sequence[Said]
    said: str
    memory: Recollection
    of_user: bool
    """It asks for something that the user told."""
    wanted: tuple[str, ...]
    """What he told that may be meant, the latest last."""
    known: tuple[str, ...]
    """What an answer may go by."""
    lately: tuple[str, ...]
    """What the character said."""
    of_fact: bool
    """A fact is what the user wants, whoever tells it."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What became of one answer of the model."""

    words: int = 0
    last: str = ""
    """The last clause that was heard."""
    flaw: Flaw | None = None
    """Why the rest was not."""
    holds: tuple[str, ...] = ()
    """What the user told, where the answer goes by something else."""


def in_character(
    card: PersonaCard, history: Sequence[Said], said: str, llm: LLM, seed: int, memory: Recollection,
    *, of_fact: bool = False,
) -> Generator[str, None, None]:  # fmt: skip
    """The answer of a model, as far as it stays in character.

    Args:
        card: Who answers.
        history: What was said before, oldest first.
        said: The user's message.
        llm: The model.
        seed: Together with everything else it decides the answer.
        memory: What is known about the user.
        of_fact: A fact is what the user wants, so that telling it obeys nothing.

    Raises:
        BackendError: The model cannot be reached or broke down.
    """
    turn = _turn(card, history, said, memory, of_fact=of_fact)
    pressure: Pressure = "" if turn.wanted or of_fact else pressure_of(said, card)
    if not pressure and may_be_in_need(said):
        pressure = "care"
    reminder, heard = _they_told(*turn.wanted), _Heard()
    # A small model that fell for an order once falls for it again, or talks nonsense.
    tries = 1 if llm.is_exclusive and pressure in _ORDERS else _TRIES
    for attempt in range(tries):
        if attempt > 0 and not reminder:
            pressure = pressure or "identity"
        asked = messages(card, history, said, memory, pressure=pressure, reminder=reminder)
        own_seed = seed if attempt == 0 else derive(seed, "again", attempt)
        heard = yield from _checked(turn, llm, asked, own_seed, may_insist=attempt == 0)
        if heard.words and heard.flaw is None:
            return
        if heard.words >= _ENOUGH:
            if not _ENDED.search(heard.last) and (closing_line := closing_words(card, said, seed=seed)):
                yield closing_line
            return
        if heard.words:
            break
        reminder = heard.flaw.fact if heard.flaw else reminder
    yield _last_resort(turn, heard.holds, seed)


def _turn(
    card: PersonaCard, history: Sequence[Said], said: str, memory: Recollection, *, of_fact: bool
) -> _Turn:
    of_user = card.language == "en" and (bool(memory.wanted) or asks_for_what_was_told(said))
    wanted = memory.wanted if of_user else ()
    # What is newer than what may be meant may be what holds.
    known = (*wanted, *takewhile(lambda one: wanted and wanted[-1] not in one, memory.about_user))
    lately = (tone_line(card), *(turn.text for turn in history if turn.role == "assistant"))
    return _Turn(card, history, said, memory, of_user, wanted, known, lately, of_fact)


def _checked(
    turn: _Turn, llm: LLM, asked: Sequence[Message], seed: int, *, may_insist: bool
) -> Generator[str, None, _Heard]:
    """One answer, up to its first flaw."""
    words, last, style = 0, "", turn.card.style
    with closing(_stream(llm, asked, seed, style.max_words * _TOKENS_A_WORD + 20)) as stream:
        clauses = _clauses(stream, style.max_words + _SPARE_WORDS)
        first, clauses = _beginning(clauses, ANSWERING if turn.wanted else 0)
        # Where several things may be meant, advice may be good that goes by none of them; a fact cannot.
        insists = may_insist or len(turn.wanted) == 1 or not _ADVICE.search(turn.said)
        over = insists and passes_over(first, turn.said, turn.known)
        for number, clause in enumerate(clauses):
            line = _without_own_name(clause, turn.card.name)
            holds = turn.wanted if over else goes_by_the_old(line, turn.said, turn.memory.changed)
            flaw = _flaw(turn, line, number)
            if flaw is None and last.endswith(",") and words_of(line) == words_of(turn.card.name):
                flaw = Flaw("its own name for the listener")
            if flaw is None and holds:
                flaw = Flaw("it goes by what no longer holds, or by nothing", _they_told(*holds))
            if flaw is not None:
                return _Heard(words, last, flaw, holds)
            if spoken(line) and not is_repeated(line, turn.lately):
                words, last = words + len(line.split()), line
                yield f"{line} "
    return _Heard(words, last)


def _flaw(turn: _Turn, line: str, number: int) -> Flaw | None:
    # A message that asks for what was told orders nothing, and who answers it so obeys nothing.
    told = (*turn.known, *turn.memory.remembered)
    asked_for = turn.of_fact or (turn.of_user and draws_on(line, turn.said, told))
    return flaw_in(line, turn.card, "" if asked_for else turn.said, number, of_user=turn.of_user)


def _last_resort(turn: _Turn, holds: Sequence[str], seed: int) -> str:
    """The user's own words where the answer would have gone by something else, or a line of the card."""
    quoted = _short_enough(holds)
    text = " ".join(quoted)
    if turn.card.language == "en" and quoted and not is_foul(text) and not flagged(text):
        return recalled_line(quoted, seed=seed)
    return safe_line(turn.card, turn.said, seed=seed, lately=turn.lately)


def _short_enough(statements: Sequence[str]) -> Sequence[str]:
    """All of them, or the latest ones, which may be meant most likely."""
    for first in range(len(statements)):
        if sum(len(one.split()) for one in statements[first:]) <= _MOST_QUOTED:
            return statements[first:]
    return statements[-1:]


def _they_told(*statements: str) -> str:
    quoted = " ".join(f'"{one}"' for one in statements)
    return f"they told you: {quoted}" if quoted else ""


def _beginning(clauses: Iterator[str], count: int) -> tuple[str, Iterator[str]]:
    """The first clauses as one text, and all of them."""
    first = list(islice(clauses, count))
    return " ".join(first), chain(first, clauses)


def recalled_line(statements: Sequence[str], *, seed: int) -> str:
    """What the user said, in his own words.

    Args:
        statements: The user's, at least one; with more the character says that it is not sure.
        seed: Chooses how it is put.
    """
    ways = load_toml("conversation.toml")["recalled"]["lines" if len(statements) == 1 else "several"]
    way = str(ways[int(generator(seed, "recalled").integers(len(ways)))])
    return way.format(statement='." And: "'.join(one.rstrip(".!") for one in statements))


def _without_own_name(clause: str, name: str) -> str:
    """A clause without its speaker in front ("Bram: Hm."), and without its own name as the listener's."""
    clause = re.sub(rf"^\W*{re.escape(name)}:\s*", "", clause)
    own = "|".join(re.escape(one) for one in (name, *name.split()[:1]))
    return re.sub(rf"(?<!\bI),\s+(?:{own})(?=\s*[,.!?…])", "", clause)


def _stream(llm: LLM, asked: Sequence[Message], seed: int, limit: int) -> Generator[str, None, None]:
    yield from llm.stream(asked, seed=seed, max_tokens=limit, stop=("\nUser:", "\n\n"))


def _clauses(pieces: Iterable[str], most_words: int) -> Iterator[str]:
    """Whole clauses of a stream; a last sentence that the limit cut short is left out, unless it is all."""
    cutter, words, begun = SentenceCutter(), 0, ""
    for piece in pieces:
        for clause in cutter.feed(piece):
            # "I am Pippin," waits for what it goes on with: if that is refused, nothing was said yet.
            begun = f"{begun} {clause}".strip()
            if words == 0 and len(begun.split()) < _ENOUGH and begun.endswith(","):
                continue
            words += len(begun.split())
            if words > most_words and words > len(begun.split()):
                return
            yield begun
            begun = ""
    for clause in cutter.rest():
        begun = f"{begun} {clause}".strip()
        if words == 0 or _ENDED.search(begun):
            yield begun
        begun = ""
    if begun and words == 0:
        yield begun
