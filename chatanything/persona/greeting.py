"""The first words of a character: several are asked of the model, the one that is most its own is kept.

A model that writes a whole card at once greets as anybody would; asked for nothing but greetings, with
examples of such that could be nobody else's, it finds better ones.
"""

from __future__ import annotations

import re
from typing import Final

from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.checks import check_greeting
from chatanything.persona.parse import words_of
from chatanything.persona.prompt import greetings
from chatanything.persona.rules import Reading
from chatanything.persona.stems import stems_in
from chatanything.seeds import derive

MAX_TOKENS: Final = 130
_MOST_WORDS: Final = 40
_LINES: Final = 3
_NAMED: Final = 0.5
"""What its name in a greeting is worth, in words of the description."""
_ENOUGH: Final = 3
"""Words of the description beyond which a greeting does not get better."""
_BULLET: Final = re.compile(r"^\W*\d+[.)]\s*|^[-*•]\s*")


def greet(card: PersonaCard, reading: Reading, llm: LLM, *, seed: int, language: str) -> str:
    """What the character says first, in the model's words; "" if none of its greetings can be used.

    Args:
        card: Who speaks; finished but for this.
        reading: The facts of its description.
        llm: Writes.
        seed: The same card, seed and model give the same greeting.
        language: English name of the language to write in.

    Raises:
        BackendError: The model broke down.
    """
    chat = greetings(card.name, card.english or card.description, language=language)
    answer = llm.complete(chat, seed=derive(seed, "greeting"), max_tokens=MAX_TOKENS)
    lines = [_BULLET.sub("", line).strip(' "“”') for line in answer.splitlines()[:_LINES]]
    usable = [text for line in lines if (text := _usable(line, card, reading))]
    return max(usable, key=lambda text: own_words(text, card), default="")


def own_words(greeting: str, card: PersonaCard) -> float:
    """How much of a greeting could be nobody else's: words of the description, of loves and hates, the name.

    Args:
        greeting: What is said.
        card: By whom.
    """
    name = frozenset(words_of(card.name))
    about = " ".join((card.english or card.description, *card.context.loves, *card.context.hates))
    shared = stems_in(about, name) & stems_in(greeting, name)
    return min(len(shared), _ENOUGH) + _NAMED * bool(name & set(words_of(greeting)))


def _usable(line: str, card: PersonaCard, reading: Reading) -> str:
    """The greeting, or "" for one that is too long, was cut off, or that a check refuses."""
    text, why = check_greeting(line, reading, card.name)
    cut = not line.endswith((".", "!", "?"))
    return "" if why or cut or len(text.split()) > _MOST_WORDS else text
