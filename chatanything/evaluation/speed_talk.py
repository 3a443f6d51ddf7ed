"""`evaluate speed`, what a talk waits for: the first token of an answer, and the memory.

A character's memory keeps at most 2,000 tokens of statements, but summaries of conversations without end, so
a memory of 10,000 entries is one of many conversations.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.embeddings import DIMENSIONS
from chatanything.persona.backends import open_llm
from chatanything.persona.chat_prompt import Said, messages
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.store import MemoryStore, path_for
from chatanything.persona.writer import write_card

ENTRIES: Final = 10_000
_DESCRIPTION: Final = "a grumpy old lighthouse keeper who loves jazz"
_QUESTIONS: Final = (
    "Do you ever get lonely up there?",
    "What did you play last night?",
    "Would you teach me to read the weather?",
    "Who was the last ship?",
)
_PLACES: Final = ("Bergen", "Porto", "Cork", "Galway", "Brest", "Vigo", "Malmo", "Gdansk", "Split", "Lagos")
_THINGS: Final = (
    "violins",
    "stamps",
    "tomatoes",
    "bicycles",
    "kites",
    "chess",
    "owls",
    "maps",
    "bread",
    "knots",
)
_FACTS: Final = (
    "My sister Ilse breeds alpacas in Bolivia.",
    "I am allergic to hazelnuts.",
    "My boat is called Petronella.",
    "I work as a glassblower.",
)
_ADDED: Final = 60
"""Statements beside the summaries, about as many as the cap leaves room for."""


def measure_talk(folder: Path, llm: str | None) -> dict[str, float]:
    """Seconds until the first token and for every memory operation; for a process of its own.

    Args:
        folder: Where the memory is kept.
        llm: As `open_llm` takes it; None is "auto".

    Raises:
        ChatAnythingError: The model broke down or the memory cannot be written.
    """
    return {**_first_token(llm or "auto"), **_memory(folder)}


def _first_token(setting: str) -> dict[str, float]:
    """Median seconds from question to first token, once the model has read the character; none by rules."""
    card = write_card(_DESCRIPTION, llm=None, seed=7)
    with open_llm(setting) as llm:
        if llm is None:
            return {}
        for _ in llm.stream(messages(card, (), "Hello"), seed=0, max_tokens=1):
            pass
        history: list[Said] = []
        waited = []
        for number, question in enumerate(_QUESTIONS):
            start = time.perf_counter()
            stream = llm.stream(messages(card, history, question), seed=number, max_tokens=40)
            answer = next(stream, "")
            waited.append(time.perf_counter() - start)
            answer += "".join(stream)
            history += [Said("user", question), Said("assistant", answer)]
    return {"chat.first_token": float(np.median(waited)), "chat.slowest_first_token": max(waited)}


def _memory(folder: Path) -> dict[str, float]:
    _fill(folder)
    start = time.perf_counter()
    memory = Memory("keeper", "Bram", "somebody", folder)
    figures = {"memory.open": time.perf_counter() - start}
    memory.recollect("Hello there.")  # the embedding model is loaded with the first one
    figures["memory.recollect"] = _median(lambda n: memory.recollect(_QUESTIONS[n]))
    figures["memory.note"] = _median(lambda n: memory.note(_FACTS[n], "I see."))
    ids = [one.id for one in memory.statements[-len(_FACTS) :]]
    figures["memory.edit"] = _median(lambda n: memory.edit(ids[n], f"{_FACTS[n]} And proud of it."))
    figures["memory.forget"] = _median(lambda n: memory.forget(ids[n]))
    memory.close()
    return figures


def _median(operation: Callable[[int], object]) -> float:
    seconds = []
    for number in range(len(_FACTS)):
        start = time.perf_counter()
        operation(number)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def _fill(folder: Path) -> None:
    """A memory of 10,000 summaries and statements; its embeddings are random, which costs the same."""
    rng = np.random.default_rng(7)
    vectors = rng.standard_normal((ENTRIES, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    path = path_for("somebody", "keeper", folder)
    MemoryStore(path, user="somebody", persona_id="keeper", name="Bram").close()
    summaries, statements = [], []
    for number, vector in enumerate(vectors):
        place, thing = rng.choice(_PLACES), rng.choice(_THINGS)
        if number < ENTRIES - _ADDED:
            text = f"In talk {number} the user spoke of {thing} in {place}."
            summaries.append((float(number), text, vector.tobytes()))
        else:
            statements.append((f"I know {thing} number {number}.", float(number), vector.tobytes()))
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany("INSERT INTO episodes (ended_s, summary, vector) VALUES (?, ?, ?)", summaries)
        file.executemany(
            "INSERT INTO statements (text, since_s, was, why, edited, vector) VALUES (?, ?, '', '', 0, ?)",
            statements,
        )
