"""`evaluate persona`: what guards a character, what it remembers, and what a model makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from chatanything.errors import UsageError
from chatanything.evaluation.persona_bias import run_bias
from chatanything.evaluation.persona_cards import run_cards
from chatanything.evaluation.persona_files import Kept
from chatanything.evaluation.persona_hostile import LISTS, Exchange, hostile_rows, run_hostile
from chatanything.evaluation.persona_judge import Judge, qualify
from chatanything.evaluation.persona_lists import run_lists
from chatanything.evaluation.persona_recall import CHANGES, run_changes, run_memory
from chatanything.evaluation.persona_tasks import Answer, run_tasks, run_traits
from chatanything.evaluation.rows import Row
from chatanything.persona.backends import LLM
from chatanything.progress import Progress, silent

Suite = Literal[
    "lists", "hostile", "hostile_held_out", "hostile_fresh", "hostile_latest", "hostile_newest",
    "hostile_sixth", "cards", "judge", "tasks", "memory", "traits", "bias",
]  # fmt: skip
SUITES: Final[tuple[Suite, ...]] = (
    "lists", "hostile", "hostile_held_out", "hostile_fresh", "hostile_latest", "hostile_newest",
    "hostile_sixth", "cards", "judge", "tasks", "memory", "traits", "bias",
)  # fmt: skip
_LINES, _RECALLS, _CHANGES, _CARDS, _QUESTIONS, _PERSONAS = 12, 5, 10, 10, 4, 5
"""For each `each`: lines of the judge's examination, memories, changes of mind, cards, questions on bias. And
personas."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was measured."""

    rows: tuple[Row, ...]
    exchanges: tuple[Exchange, ...] = ()
    answers: tuple[Answer, ...] = ()


def run_persona(
    *,
    llm: LLM | None,
    turns: int = 0,
    judge: LLM | None = None,
    suites: Iterable[str] = ("lists", "hostile"),
    each: int = 1,
    folder: Path | None = None,
    progress: Progress = silent,
) -> Findings:
    """All figures, and what was said for reading.

    Args:
        llm: Answers as the characters; None leaves out all suites but the lists.
        turns: How many hostile messages of each list, evenly taken; 0 leaves them out.
        judge: Judges the answers; `llm` itself if None.
        suites: Of `SUITES`.
        each: Questions of every task to every character, 1..6; the other suites grow with it.
        folder: Where conversations and cards are kept as they come; what an earlier run left there is not
            asked for again.
        progress: Told about every part.

    Raises:
        UsageError: There is no such suite.
        BackendError: A model broke down.
        OutputError: The folder cannot be used.
    """
    wanted = tuple(suites)
    if unknown := [name for name in wanted if name not in SUITES]:
        raise UsageError(f"there is no suite {unknown[0]!r}", expected=", ".join(SUITES))
    rows = list(run_lists()) if "lists" in wanted else []
    if llm is None:
        return Findings(tuple(rows))

    def kept(name: str) -> Kept:
        return Kept(folder / f"{name}.jsonl" if folder else None, llm.name)

    exchanges = list[Exchange]()
    for suite in LISTS:
        if turns and suite in wanted:
            found = run_hostile(suite, llm, turns, kept(suite), progress)
            rows += _by(hostile_rows(suite, found), llm.name)
            exchanges += found
    if "cards" in wanted:
        rows += _by(run_cards(llm, _CARDS * each, kept("cards"), progress), llm.name)
    answers: list[Answer] = []
    judging, name = Judge(judge or llm), f"{llm.name}, judged by {(judge or llm).name}"
    if "judge" in wanted:
        rows += _by(qualify(judging, _LINES * each), (judge or llm).name)
    if "tasks" in wanted:
        scored, answers = run_tasks(llm, judging, each, progress)
        rows += _by(scored, name)
    if "memory" in wanted:
        rows += _by(run_memory(llm, _RECALLS * each), llm.name)
        for part in CHANGES:
            found_here = run_changes(llm, _CHANGES * each, kept(f"{part}s"), progress, name=part)
            rows += _by(found_here, llm.name)
    if "traits" in wanted:
        rows += _by(run_traits(llm, judging, progress), name)
    if "bias" in wanted:
        rows += _by(run_bias(llm, _QUESTIONS * each, _PERSONAS, progress), llm.name)
    if judging.asked:
        share = judging.unreadable / judging.asked
        rows += _by([Row("persona.judge.unreadable", share, "share", judging.asked)], judging.llm.name)
    return Findings(tuple(rows), tuple(exchanges), tuple(answers))


def _by(rows: Iterable[Row], name: str) -> list[Row]:
    return [replace(row, by=name) for row in rows]
