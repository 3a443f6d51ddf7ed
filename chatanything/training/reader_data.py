"""What the reader of messages learns from: messages, and messages with clauses of their answers."""

from __future__ import annotations

import json
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

import numpy as np

from chatanything.persona.reader import HEADS
from chatanything.training.changes import pairs

_PARTS: Final = 10
_SPOKEN: Final = 0.25
"""How often a message is read without its punctuation, as speech recognition would give it."""
_JOINED: Final = 0.2
"""How often a harmless message stands before or behind one."""
_PUNCTUATION: Final = str.maketrans("", "", ".,!?;:")
_LISTS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "messages_plain": {"plain": {"intent": "talk", "need": "none"}},
    "messages_hostile": {kind: {"intent": kind, "need": "none"} for kind in ("task", "outside", "identity")},
    "messages_need": {
        "harmless": {"need": "none"},
        **{kind: {"need": kind} for kind in ("self_harm", "abuse")},
    },
}
"""List, key and what its messages are; a need says nothing of what somebody wants."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message, or one with a clause of its answer, with the right answers of some heads."""

    text: str
    clause: str | None = None
    answers: Mapping[str, int] = field(default_factory=dict)
    """Number of the answer in `HEADS`, by head."""

    @property
    def is_held_out(self) -> bool:
        """Whether it is of the tenth that is measured on; a message's clauses stay with it."""
        return zlib.crc32(self.text.encode()) % _PARTS == 0


def examples() -> list[Example]:
    """All messages, and all clauses of answers."""
    found = list[Example]()
    for name, keys in _LISTS.items():
        listed = tomllib.loads(_data(f"{name}.toml"))
        for key, answers in keys.items():
            numbers = {head: HEADS[head].index(answer) for head, answer in answers.items()}
            found += [Example(text, answers=numbers) for text in listed[key]]
    # What people tell of their lives, from the pairs of `changes.py`.
    told = {text for first, later, _ in pairs() for text in (first, later)}
    found += [Example(text, answers={"intent": 0, "need": 0}) for text in sorted(told)]
    found += [
        Example(one["said"], one["clause"], {"answer": int(one["breaks"])})
        for one in json.loads(_data("answers.json"))
    ]
    return found


def _data(name: str) -> str:
    return (files("chatanything.training") / f"data/{name}").read_text("utf-8")


def varied(example: Example, harmless: Sequence[Example], rng: np.random.Generator) -> Example:
    """The same message as others would put it: spoken, or with harmless talk around it.

    Args:
        example: One with a clause comes back as it is.
        harmless: Messages with nothing in them.
        rng: Decides.
    """
    if example.clause is not None:
        return example
    text = example.text
    if rng.random() < _JOINED:
        other = harmless[int(rng.integers(len(harmless)))].text
        text = f"{text} {other}" if rng.random() < 1 / 2 else f"{other} {text}"
    if rng.random() < _SPOKEN:
        text = text.translate(_PUNCTUATION) or text
    return Example(text, answers=example.answers)
