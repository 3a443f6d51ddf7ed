"""What a character answers: a language model speaks for it, or its own card does; both stay in character."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.persona.answering import in_character
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said, as_read
from chatanything.persona.guard import safe_line
from chatanything.persona.moderation import flagged
from chatanything.persona.obedience import known_to_want
from chatanything.persona.rules_writer import article
from chatanything.persona.safety import (
    asks_for_dose,
    care_line,
    check_in_line,
    dose_line,
    may_be_in_need,
    need_of,
)
from chatanything.seeds import generator

_GREETING: Final = re.compile(
    r"^\W*(hi|hello|hey|good (morning|evening|afternoon|day)|greetings)\b", re.IGNORECASE
)
_RECENT: Final = 6
"""Lines of its own that a character without a model does not say again."""


def reply(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    *,
    llm: LLM | None,
    seed: int,
    memory: Recollection = NOTHING,
    of_fact: bool = False,
) -> Generator[str, None, None]:
    """The character's answer, clause by clause; closing the iterator stops the model.

    Args:
        card: Who answers.
        history: What was said before, oldest first.
        said: The user's message.
        llm: The model; None answers from the card's own lines.
        seed: Together with everything else it decides the answer.
        memory: What is known about the user.
        of_fact: A fact is what the user wants, so that telling it obeys nothing.

    Raises:
        BackendError: The model cannot be reached or broke down.
    """
    said = as_read(said)
    if line := set_answer(card, history, said, seed=seed):
        yield line
    elif llm is None:
        yield own_line(card, history, said, seed=seed)
    else:
        yield from in_character(card, history, said, llm, seed, memory, of_fact=of_fact)


def set_answer(card: PersonaCard, history: Sequence[Said], said: str, *, seed: int) -> str:
    """What is answered whoever is asked, without a model; "" if the message needs no such answer.

    Args:
        card: Who answers.
        history: What was said before; nobody is asked twice whether all is well.
        said: The user's message.
        seed: Chooses among several lines.

    Raises:
        BackendError: A server for moderation is set and gives no verdict.
    """
    need = need_of(said)
    if need is not None:
        return care_line(need, card.language)
    if asks_for_dose(said):
        return dose_line(card.language, seed)
    if flagged(said):
        return safe_line(card, said, seed=seed)
    asked = check_in_line(card.language)
    is_new = not any(asked in turn.text for turn in history if turn.role == "assistant")
    # "Are you a machine? I have a right to know." is about the character; who surely is in need was heard.
    if is_new and may_be_in_need(said) and known_to_want(said, card) == "talk":
        return asked
    return ""


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
