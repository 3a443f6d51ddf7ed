"""Whether answers have what a user told: a fact among two hundred, and the latest word about a taste."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_files import Kept
from chatanything.evaluation.persona_tasks import ACTORS, answer
from chatanything.evaluation.rows import Row
from chatanything.evaluation.statistics import interval
from chatanything.persona.backends import LLM
from chatanything.persona.chat_prompt import NOTHING, Recollection
from chatanything.persona.claims import core_of
from chatanything.persona.memory.memory import Memory
from chatanything.persona.writer import write_card
from chatanything.progress import Progress

Changes = Literal["change", "change_held_out"]
CHANGES: Final[tuple[Changes, ...]] = ("change", "change_held_out")
"""Lists of changes of mind: the one that the memory was written with, and one written apart from it."""
_USERS: Final = 2
_NOISE: Final = 6
"""Other statements between a taste and its change."""


def run_memory(llm: LLM, most: int) -> list[Row]:
    """Questions about what a user told: whether the answer has the fact, with the memory and without it.

    A memory holds 2,000 tokens, so that the two hundred facts are told to two of them, half each.
    """
    bank = load("memory")
    texts = {fact["id"]: fact["text"] for fact in bank["fact"]}
    card = write_card(ACTORS[0], llm=None, seed=5)
    places = np.linspace(0, len(bank["question"]) - 1, min(most, len(bank["question"])))
    with_it: list[float] = []
    without: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        memories = _told(list(texts.values()), Path(folder))
        for place in places:
            one = bank["question"][round(place)]
            fact = texts[one["fact"]]
            user = memories[list(texts).index(one["fact"]) % _USERS]
            for known, hits in ((user.recollect(one["text"]), with_it), (NOTHING, without)):
                said = answer(card, one["text"], llm, known)
                new = [word for word in core_of(fact, frozenset()) if word not in one["text"].lower()]
                hits.append(float(any(word in said.lower() for word in new)))
        for memory in memories:
            memory.close()
    low, high = interval(with_it, "memory")
    return [
        Row(
            "persona.memory.answered",
            float(np.mean(with_it)),
            "share",
            len(with_it),
            {"low": low, "high": high, "without_memory": float(np.mean(without))},
        )
    ]


def _told(texts: Sequence[str], folder: Path) -> tuple[Memory, ...]:
    """Memories of two users, each of whom told half of some facts."""
    made = []
    for number in range(_USERS):
        memory = Memory("persona", "Persona", f"user {number}", folder)
        for at_s, text in enumerate(texts[number::_USERS]):
            memory.note(text, "", at_s=float(at_s))
        made.append(memory)
    return tuple(made)


def run_changes(
    llm: LLM, most: int, kept: Kept, progress: Progress, *, name: Changes = "change"
) -> list[Row]:
    """Questions about a taste that changed: whether the answer goes by the old one.

    An answer is stale if it names what was and not what is; one that names neither is no answer.

    Args:
        llm: Speaks for one character, which remembers.
        most: Changes of mind at most.
        kept: Has the answers of an earlier run, and gets the new ones.
        progress: Told about every question.
        name: Of `CHANGES`.
    """
    bank, changes = load("memory"), changes_of(name)
    noise = [fact["text"] for fact in bank["fact"]][:_NOISE]
    card = write_card(ACTORS[0], llm=None, seed=5)
    places = np.linspace(0, len(changes) - 1, min(most, len(changes)))
    stale, latest = list[float](), list[float]()
    for number, place in enumerate(places):
        one = changes[round(place)]
        progress("changes", number, len(places), one["topic"])
        known = kept.get(one["id"])
        if known is None:
            memory = _after_change(one, noise)
            known = {"question": one["question"], "answer": answer(card, one["question"], llm, memory)}
            kept.add(one["id"], known)
        names_old, names_new = (_names(one[key], known["answer"]) for key in ("was", "now"))
        stale.append(float(names_old and not names_new))
        latest.append(float(names_new))
    progress("changes", len(places), len(places))
    low, high = interval(stale, "stale")
    return [
        Row(f"persona.{name}.stale", float(np.mean(stale)), "share", len(stale), {"low": low, "high": high}),
        Row(f"persona.{name}.answered", float(np.mean(latest)), "share", len(latest)),
    ]


def changes_of(name: Changes) -> list[dict[str, Any]]:
    """The changes of mind of one of `CHANGES`."""
    listed: list[dict[str, Any]] = load("memory" if name == "change" else "changes_held_out")["change"]
    return listed


def _after_change(change: Mapping[str, Any], noise: list[str]) -> Recollection:
    """What the memory gives for the question of a change, after it and other talk."""
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory("persona", "Persona", "user", Path(folder))
        for at_s, text in enumerate([change["first"], *noise, change["later"]]):
            memory.note(text, "", at_s=float(at_s))
        found = memory.recollect(change["question"])
        memory.close()
    return found


def _names(what: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(what)}", text, re.IGNORECASE) is not None
