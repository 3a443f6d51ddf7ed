"""What a model makes of a character: five judged tasks, faithfulness, and traits that can be told.

The tasks are those of PersonaGym (Samuel et al. 2024). Faithfulness is after the Active-Passive-
Constraint score (Peng and Shang 2024), with the rules of the gate and sentence embeddings in the
place of its judges. The back-test of traits is after PsyPlay (Yang et al. 2025).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_judge import Judge
from chatanything.evaluation.rows import Row
from chatanything.evaluation.statistics import interval
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.chat_prompt import NOTHING, Recollection
from chatanything.persona.claims import core_of, share_said
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.writer import write_card
from chatanything.progress import Progress
from chatanything.seeds import derive

ACTORS: Final = (
    "a grumpy old lighthouse keeper named Bram who loves jazz",
    "a cheerful apple named Pippa who sings opera",
    "a strict young maths teacher named Vera",
    "a polite teapot named Earl who gossips",
)
_RELEVANT: Final = 0.3
"""Cosine from which a fact is what a question asks for."""
_SAID: Final = 0.5
"""Cosine, or share of its words, from which a fact is said."""
_POLES: Final = ("high", "low")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a character, and its mark."""

    task: str
    persona: str
    question: str
    text: str
    score: int | None
    """1..5; None where the judge could not be understood."""


def answer(card: PersonaCard, question: str, llm: LLM, memory: Recollection = NOTHING) -> str:
    """What the character says to a question, out of nowhere."""
    seed = derive(7, "task", card.name, question)
    return "".join(reply(card, (), question, llm=llm, seed=seed, memory=memory)).strip()


def run_tasks(llm: LLM, judge: Judge, each: int, progress: Progress) -> tuple[list[Row], list[Answer]]:
    """PersonaScore: the mean of five tasks, with intervals over personas.

    Args:
        llm: Answers as the characters.
        judge: Gives marks.
        each: Questions of every task to every character, 1..6.
        progress: Told about every answer.
    """
    tasks, made = load("tasks")["task"], []
    cards = [write_card(text, llm=None, seed=5) for text in ACTORS]
    jobs = [(name, card, at) for name in tasks for card in cards for at in range(each)]
    for number, (name, card, at) in enumerate(jobs):
        progress("tasks", number, len(jobs), name)
        question = tasks[name]["questions"][(at + cards.index(card)) % len(tasks[name]["questions"])]
        said = answer(card, question, llm)
        made.append(Answer(name, card.name, question, said, judge.score(card, question, said, tasks[name])))
    progress("tasks", len(jobs), len(jobs))
    rows = [_task_row(name, [one for one in made if one.task == name], judge) for name in tasks]
    means = [row.value for row in rows if row.n]
    if means:
        rows.append(
            Row(
                "persona.score",
                float(np.mean(means)),
                "of 5",
                sum(row.n for row in rows),
                {"qualified": float(judge.qualified)},
            )
        )
    return [*rows, *_faithfulness(made, cards)], made


def _task_row(name: str, made: Sequence[Answer], judge: Judge) -> Row:
    marked = [one for one in made if one.score is not None]
    lost = {"unreadable": float(len(made) - len(marked)), "qualified": float(judge.qualified)}
    if not marked:
        return Row(f"persona.task.{name}", 0.0, "of 5", 0, lost)
    scores = [float(one.score or 0) for one in marked]
    low, high = interval(scores, name, groups=[one.persona for one in marked])
    return Row(
        f"persona.task.{name}",
        float(np.mean(scores)),
        "of 5",
        len(marked),
        {"low": low, "high": high, **lost},
    )


def _faithfulness(made: Sequence[Answer], cards: Sequence[PersonaCard]) -> list[Row]:
    """APC over all facts, and beside it, because most facts are passive, active recall and contradictions."""
    by_name = {card.name: card for card in cards}
    apc, recalled, wrong = [], [], 0
    for one in made:
        facts = [fact.text for fact in by_name[one.persona].facts]
        against = {hit.fact for hit in conflicts(one.text, facts, one.persona, one.question)}
        wrong += bool(against)
        asked = embed(facts) @ embed([one.question])[0] >= _RELEVANT
        said = [_is_said(fact, one.text, one.persona) for fact in facts]
        scores = [
            float(is_said and at not in against) if is_asked else float(at not in against)
            for at, (is_asked, is_said) in enumerate(zip(asked, said, strict=True))
        ]
        apc.append(float(np.mean(scores)))
        recalled += [float(is_said) for is_asked, is_said in zip(asked, said, strict=True) if is_asked]
    low, high = interval(apc, "apc", groups=[one.persona for one in made])
    rows = [Row("persona.apc", float(np.mean(apc)), "share", len(apc), {"low": low, "high": high})]
    if recalled:
        rows.append(Row("persona.active_recall", float(np.mean(recalled)), "share", len(recalled)))
    return [*rows, Row("persona.contradictions", wrong / len(made), "share", len(made))]


def _is_said(fact: str, text: str, name: str) -> bool:
    own = frozenset(name.lower().split())
    near = float(embed([fact])[0] @ embed([text or "nothing"])[0])
    return near >= _SAID or share_said(fact, core_of(text, own), own) >= _SAID


def run_traits(llm: LLM, judge: Judge, progress: Progress) -> list[Row]:
    """Characters at both poles of every trait: can the judge tell from their answers which is which?"""
    traits, rows, all_right = load("tasks")["trait"], [], []
    for number, (name, one) in enumerate(traits.items()):
        progress("traits", number, len(traits), name)
        right = []
        for at, pole in enumerate(_POLES):
            card = write_card(f"a gardener named Robin who is {one[pole]}", llm=None, seed=5)
            said = " ".join(f'"{answer(card, probe, llm)}"' for probe in one["probes"])
            # The order of the options changes with the pole, so that one letter is not always right.
            options = [one["high"], one["low"]] if at == 0 else [one["low"], one["high"]]
            swapped = options[::-1] if number % 2 else options
            named = judge.choose(
                f"Somebody said: {said}\nWho is it?", [f"somebody {text}" for text in swapped]
            )
            right.append(float(named is not None and swapped[named] == one[pole]))
        all_right += right
        rows.append(Row(f"persona.trait.{name}", float(np.mean(right)), "share", len(right)))
    low, high = interval(all_right, "traits")
    progress("traits", len(traits), len(traits))
    control = {"low": low, "high": high, "chance": 0.5, "qualified": float(judge.qualified)}
    return [*rows, Row("persona.trait.told", float(np.mean(all_right)), "share", len(all_right), control)]
