"""What a character answers: a language model speaks for it, or its own card does; both stay in character.

An answer is checked clause by clause before it is heard. What breaks the character is not said: the model is
asked once more, with a reminder, and after that the character has a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.persona.backends import LLM, Message
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import (
    MAX_SAID,
    NOTHING,
    Recollection,
    Said,
    messages,
    rules_for,
    tone_line,
)
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.guard import break_of, closing_words, pressure_of, safe_line
from chatanything.persona.lexicon import load_toml
from chatanything.persona.memory.changes import asks_for_what_was_told, draws_on, goes_by_the_old, passes_over
from chatanything.persona.moderation import flagged
from chatanything.persona.nli import contradicted
from chatanything.persona.parse import words_of
from chatanything.persona.rules_writer import article
from chatanything.persona.safety import asks_for_dose, care_line, dose_line, is_foul, need_of
from chatanything.persona.sentences import SentenceCutter
from chatanything.seeds import derive, generator

_TOKENS_A_WORD: Final = 2
_SPARE_WORDS: Final = 10
"""An answer may be so much longer than the card allows before the rest of it is left out."""
_TRIES: Final = 2
_ENOUGH: Final = 4
"""Words that may stand alone when the rest of an answer is refused; after fewer the safe line follows."""
_ANSWERING: Final = 2
"""The first clauses answer the question; it tells what they are about."""
_GREETING: Final = re.compile(
    r"^\W*(hi|hello|hey|good (morning|evening|afternoon|day)|greetings)\b", re.IGNORECASE
)
_REPEATED: Final = 6
"""Words from which a sentence that was said before is noticed."""
_RECENT: Final = 6
"""Lines of its own that a character without a model does not say again."""
_MARKUP: Final = re.compile(r"[*_`#>|~]+|\[[^\]]*\]|\((?:[a-z]+ing|laughs|sighs|smiles)[^)]*\)")
_ENDED: Final = re.compile(r"[.!?…][\"'”’)*]*\s*$")


def reply(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    *,
    llm: LLM | None,
    seed: int,
    memory: Recollection = NOTHING,
) -> Generator[str, None, None]:
    """The character's answer, clause by clause; closing the iterator stops the model.

    Args:
        card: Who answers.
        history: What was said before, oldest first.
        said: The user's message.
        llm: The model; None answers from the card's own lines.
        seed: Together with everything else it decides the answer.
        memory: What is known about the user.

    Raises:
        BackendError: The model cannot be reached or broke down.
    """
    need, said = need_of(said), said[:MAX_SAID]
    if need is not None:
        yield care_line(need, card.language)
    elif asks_for_dose(said):
        yield dose_line(card.language, seed)
    elif flagged(said):
        yield safe_line(card, said, seed=seed)
    elif llm is None:
        yield own_line(card, history, said, seed=seed)
    else:
        yield from _in_character(card, history, said, llm, seed, memory)


def _in_character(
    card: PersonaCard, history: Sequence[Said], said: str, llm: LLM, seed: int, memory: Recollection
) -> Generator[str, None, None]:
    of_user = card.language == "en" and asks_for_what_was_told(said)
    wanted = memory.wanted if of_user else ()
    # What is newer than what may be meant may be what holds.
    known = (*wanted, *takewhile(lambda one: wanted and wanted[-1] not in one, memory.about_user))
    pressure, wrong, holds = "" if wanted else pressure_of(said, card), _they_told(*wanted), tuple[str, ...]()
    told = [tone_line(card), *(turn.text for turn in history if turn.role == "assistant")]
    for attempt in range(_TRIES):
        if attempt > 0 and not wrong:
            pressure = pressure or "identity"
        asked = messages(card, history, said, memory, pressure=pressure, reminder=wrong)
        limit = card.style.max_words * _TOKENS_A_WORD + 20
        own_seed = seed if attempt == 0 else derive(seed, "again", attempt)
        heard, last = 0, ""
        with closing(_stream(llm, asked, own_seed, limit)) as stream:
            clauses = _clauses(stream, card.style.max_words + _SPARE_WORDS)
            first, clauses = _beginning(clauses, _ANSWERING if wanted else 0)
            # Where several things may be meant, nobody can say in the end that the answer is wrong.
            over = (attempt == 0 or len(wanted) == 1) and passes_over(first, said, known)
            for number, clause in enumerate(clauses):
                said_by = _without_own_name(clause, card.name)
                # A message that asks for what was told orders nothing, and who answers it so obeys nothing.
                asked_for = of_user and draws_on(said_by, said, (*known, *memory.remembered))
                flaw = flaw_in(said_by, card, "" if asked_for else said, number, of_user=of_user)
                holds = wanted if over else goes_by_the_old(said_by, said, memory.changed)
                if flaw is None and holds:
                    flaw = Flaw("it goes by what no longer holds, or by nothing", _they_told(*holds))
                wrong = flaw.fact if flaw is not None else ""
                if flaw is not None:
                    break
                if spoken(said_by) and not is_repeated(said_by, told):
                    heard, last = heard + len(said_by.split()), said_by
                    yield f"{said_by} "
            else:
                if heard:
                    return
        if heard >= _ENOUGH:
            if not _ENDED.search(last) and (closing_line := closing_words(card, said, seed=seed)):
                yield closing_line
            return
        if heard:
            break
    quotable = card.language == "en" and len(holds) == 1 and not is_foul(holds[0])
    if quotable and not flagged(holds[0]):
        yield recalled_line(holds[0], seed=seed)
        return
    yield safe_line(card, said, seed=seed, lately=told)


def _they_told(*statements: str) -> str:
    quoted = " ".join(f'"{one}"' for one in statements)
    return f"they told you: {quoted}" if quoted else ""


def _beginning(clauses: Iterator[str], count: int) -> tuple[str, Iterator[str]]:
    """The first clauses as one text, and all of them."""
    first = list(islice(clauses, count))
    return " ".join(first), chain(first, clauses)


def recalled_line(statement: str, *, seed: int) -> str:
    """What the user said, in his own words.

    Args:
        statement: The user's.
        seed: Chooses how it is put.
    """
    ways = load_toml("conversation.toml")["recalled"]["lines"]
    way = str(ways[int(generator(seed, "recalled").integers(len(ways)))])
    return way.format(statement=statement.rstrip(".!"))


def _without_own_name(clause: str, name: str) -> str:
    """A clause without its speaker in front ("Bram: Hm."), and without its own name as the listener's."""
    clause = re.sub(rf"^\W*{re.escape(name)}:\s*", "", clause)
    own = "|".join(re.escape(one) for one in (name, *name.split()[:1]))
    return re.sub(rf"(?<!\bI),\s+(?:{own})(?=\s*[,.!?…])", "", clause)


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
    fact = _contradicted(clause, card, said if number < _ANSWERING and not of_user else "")
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


def spoken(text: str) -> str:
    """A sentence without what cannot be said aloud: markup, brackets, stage directions."""
    return re.sub(r"\s+", " ", _MARKUP.sub(" ", text)).strip()


def own_line(card: PersonaCard, history: Sequence[Said], said: str, *, seed: int) -> str:
    """Without a model: the line of its card that is nearest in meaning to what was said.

    Args:
        card: Who answers.
        history: Lines said lately are not said again.
        said: The user's message.
        seed: Chooses among lines that are about as near.
    """
    if _GREETING.match(said) and card.greeting and not any(turn.role == "assistant" for turn in history):
        return card.greeting
    lately = {turn.text for turn in history[-2 * _RECENT :] if turn.role == "assistant"}
    lines = [line for line in _lines(card) if line not in lately] or list(_lines(card))
    near = embed(lines) @ embed([said or "hello"])[0]
    noise = generator(seed, "own line", len(history)).normal(0, 0.03, len(lines))
    return lines[int(np.argmax(near + noise))]


def _lines(card: PersonaCard) -> tuple[str, ...]:
    """Everything that the card lets its character say."""
    said = list(card.personal.constitution) + list(card.style.catchphrases)
    said += [f"I love {thing}." for thing in card.context.loves]
    said += [f"I cannot stand {thing}." for thing in card.context.hates]
    said += [f"My work? I am {article(card.social.role)}."] if card.social.role else []
    said += [f"My home is {card.social.home}."] if card.social.home else []
    said += [f"I am {card.name}."]
    said += [card.greeting] if card.greeting else []
    return tuple(dict.fromkeys(line if line[-1:] in ".!?…" else f"{line}." for line in said if line))
