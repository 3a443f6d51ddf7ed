"""`evaluate persona`: what guards a character, what it remembers, and what a model makes of it.

Everything is labelled by hand in data/*.toml. The rules of the product were partly written with the
first lists in sight, so their figures are an upper bound for other words. `held_out` was written
before the rules that are measured with it, and its "fresh" part after them, all by the same hand.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from chatanything.errors import UsageError
from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_bias import run_bias
from chatanything.evaluation.persona_judge import Judge, qualify
from chatanything.evaluation.persona_tasks import ACTORS, Answer, run_memory, run_tasks, run_traits
from chatanything.evaluation.rows import Row
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.chat_prompt import messages, rules_for
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.guard import break_of
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.recall import Index
from chatanything.persona.safety import need_of
from chatanything.persona.sentences import SentenceCutter
from chatanything.persona.writer import write_card
from chatanything.progress import Progress, silent
from chatanything.seeds import derive

Suite = Literal["lists", "hostile", "judge", "tasks", "memory", "traits", "bias"]
SUITES: Final[tuple[Suite, ...]] = ("lists", "hostile", "judge", "tasks", "memory", "traits", "bias")
_RISKS: Final = {"self_harm": "self_harm", "abuse_disclosed": "abuse", "none": None}
_NOISE: Final = 6
"""Other statements between a preference and its change."""
_TIMED_FACTS: Final = 12
_LINES, _RECALLS, _QUESTIONS, _PERSONAS = 12, 5, 4, 5
"""Lines of the judge's examination, memories and questions on bias for each `each`; and personas."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One hostile message, and what was made of it."""

    kind: str
    said: str
    raw: str
    """What the model alone answered."""
    heard: str
    """What the character said."""
    why: str
    """What was wrong with the model's answer, by the guard's rules."""


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
    progress: Progress = silent,
) -> Findings:
    """All figures, and what was said for reading.

    Args:
        llm: Answers as the characters; None leaves out all suites but the lists.
        turns: How many of the 200 hostile messages, evenly taken; 0 leaves them out.
        judge: Judges the answers; `llm` itself if None.
        suites: Of `SUITES`.
        each: Questions of every task to every character, 1..6; the other suites grow with it.
        progress: Told about every part.

    Raises:
        UsageError: There is no such suite.
        BackendError: A model broke down.
    """
    wanted = tuple(suites)
    if unknown := [name for name in wanted if name not in SUITES]:
        raise UsageError(f"there is no suite {unknown[0]!r}", expected=", ".join(SUITES))
    rows = list(_lists()) if "lists" in wanted else []
    if llm is None:
        return Findings(tuple(rows))
    exchanges = _hostile(llm, turns, progress) if turns and "hostile" in wanted else []
    if exchanges:
        rows += _by(_breaks(exchanges), llm.name)
    answers: list[Answer] = []
    judging, name = Judge(judge or llm), f"{llm.name}, judged by {(judge or llm).name}"
    if "judge" in wanted:
        rows += _by(qualify(judging, _LINES * each), (judge or llm).name)
    if "tasks" in wanted:
        found, answers = run_tasks(llm, judging, each, progress)
        rows += _by(found, name)
    if "memory" in wanted:
        rows += _by(run_memory(llm, _RECALLS * each), llm.name)
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


def _lists() -> list[Row]:
    return [*_gate(), *_needs(), *_recall(), *_changes(), *_cards(), *_times()]


def _gate() -> list[Row]:
    """Contradictions that are caught, and sound answers that are refused, on lists of three ages."""
    seen = load("contradictions")["item"]
    lists = {"": seen, "held_out_": _spread("card"), "fresh_": _spread("fresh")}
    rows = [row for name, items in lists.items() for row in _gate_rows(name, items)]
    card = write_card("a friendly person", llm=None, seed=1)
    items = [item for one in lists.values() for item in one]
    refused = sum(bool(_first_break(item["reply"], card, item["question"])) for item in items)
    return [*rows, Row("persona.guard.false_alarms", refused / len(items), "share", len(items))]


def _spread(part: str) -> list[dict[str, Any]]:
    """A part of the held-out list as single items."""
    return [
        {**one, "name": card["name"], "facts": card["facts"], "contradicts": kind == "contradicts"}
        for card in load("held_out")[part]
        for kind in ("contradicts", "sound")
        for one in card[kind]
    ]


def _gate_rows(name: str, items: Sequence[dict[str, Any]]) -> list[Row]:
    found = [bool(conflicts(one["reply"], one["facts"], one["name"], one["question"])) for one in items]
    wrong = [hit for hit, one in zip(found, items, strict=True) if one["contradicts"]]
    sound = [hit for hit, one in zip(found, items, strict=True) if not one["contradicts"]]
    return [
        Row(f"persona.gate.{name}caught", sum(wrong) / len(wrong), "share", len(wrong)),
        Row(f"persona.gate.{name}false_alarms", sum(sound) / len(sound), "share", len(sound)),
    ]


def _needs() -> list[Row]:
    """People in need who are heard, and harmless talk that is taken for it."""
    risks = load("descriptions")["risk"]
    needy = [one for one in risks if _RISKS[one["kind"]]]
    calm = [one["text"] for one in risks if not _RISKS[one["kind"]]]
    calm += [fact["text"] for fact in load("memory")["fact"]]
    heard = sum(need_of(one["text"]) == _RISKS[one["kind"]] for one in needy)
    false = sum(need_of(text) is not None for text in calm)
    return [
        Row("persona.need.heard", heard / len(needy), "share", len(needy)),
        Row("persona.need.false_alarms", false / len(calm), "share", len(calm)),
    ]


def _recall() -> list[Row]:
    """Paraphrased questions whose fact is among the five that are found in 200."""
    bank = load("memory")
    index = Index()
    for fact in bank["fact"]:
        index.put(fact["id"], fact["text"])
    questions = bank["question"]

    def share(most: int) -> float:
        found = [one["fact"] in [key for key, _ in index.search(one["text"], most)] for one in questions]
        return float(np.mean(found))

    return [Row("persona.recall_at_5", share(5), "share", len(questions), {"at_1": share(1)})]


def _changes() -> list[Row]:
    """Preferences whose change is noticed; the new one is known and the old one kept as what was before."""
    bank = load("memory")
    noise = [fact["text"] for fact in bank["fact"]][:_NOISE]
    noticed = first = wrong = 0
    for change in bank["change"]:
        with tempfile.TemporaryDirectory() as folder:
            memory = Memory("persona", "Persona", "user", Path(folder))
            for at_s, text in enumerate([change["first"], *noise, change["later"]]):
                memory.note(text, "", at_s=float(at_s))
            replaced = [one.was for one in memory.statements if one.was]
            about = memory.recollect(change["question"]).about_user
            memory.close()
        old = re.compile(rf"\b{re.escape(change['was'])}", re.IGNORECASE)
        noticed += any(old.search(was) for was in replaced)
        wrong += any(not old.search(was) for was in replaced)
        new = re.compile(rf"\b{re.escape(change['now'])}", re.IGNORECASE)
        places = [place for place, text in enumerate(about) if new.search(text)]
        stale = [place for place, text in enumerate(about) if old.search(text.split("(Before:")[0])]
        first += bool(places) and (not stale or min(places) <= min(stale))
    count = len(bank["change"])
    return [
        Row("persona.change.noticed", noticed / count, "share", count, {"wrongly_replaced": wrong / count}),
        Row("persona.change.latest_first", first / count, "share", count),
    ]


def _cards() -> list[Row]:
    """Descriptions whose card, by rules, has the gender, age and kind that people would give it.

    The word lists were extended with every second description in sight, the first of each pair.
    """
    wanted = load("descriptions")["description"]
    right: dict[str, list[bool]] = {"gender": [], "age": [], "species": []}
    for one in wanted:
        card = write_card(one["text"], llm=None, seed=3)
        right["gender"].append(card.social.gender == one["gender"])
        right["age"].append(card.social.age_band == one["age"])
        right["species"].append(one["species"] in card.species or card.species in one["species"])
    # The gender of a human whose description names none is drawn by the seed, a voice has one.
    named = [hit for hit, one in zip(right["gender"], wanted, strict=True) if one["gender"] != "neutral"]
    return [
        Row(
            f"persona.card.{name}",
            float(np.mean(hits)),
            "share",
            len(wanted),
            {
                "seen_half": float(np.mean(hits[::2])),
                "unseen_half": float(np.mean(hits[1::2])),
                **({"where_named": float(np.mean(named))} if name == "gender" else {}),
            },
        )
        for name, hits in right.items()
    ]


def _times() -> list[Row]:
    """Milliseconds of the gate for a clause that it never saw, for a card of twelve facts."""
    facts = [fact for one in load("held_out")["card"][:2] for fact in one["facts"]][:_TIMED_FACTS]
    clauses = [one["reply"].split(". ")[0] for one in load("contradictions")["item"]][:60]
    conflicts("I am here.", facts, "Odile", "Where are you?")
    spent = []
    for clause in clauses:
        began = time.perf_counter()
        conflicts(f"{clause}.", facts, "Odile", "What do you do for a living?")
        spent.append(1000 * (time.perf_counter() - began))
    high = {"p95": float(np.percentile(spent, 95)), "highest": max(spent)}
    return [Row("persona.gate.clause", float(np.median(spent)), "ms", len(spent), high)]


def _hostile(llm: LLM, turns: int, progress: Progress) -> list[Exchange]:
    items = load("adversarial")["turn"]
    chosen = [items[round(place)] for place in np.linspace(0, len(items) - 1, min(turns, len(items)))]
    cards = [write_card(text, llm=None, seed=5) for text in ACTORS]
    made = []
    for number, item in enumerate(chosen):
        progress("persona", number, len(chosen), item["kind"])
        card, said = cards[number % len(cards)], item["text"]
        seed = derive(7, "hostile", item["id"])
        asked = messages(card, (), said)
        raw = "".join(llm.stream(asked, seed=seed, max_tokens=card.style.max_words * 2 + 20))
        why = _first_break(raw, card, said)
        heard = "".join(reply(card, (), said, llm=llm, seed=seed)).strip()
        made.append(Exchange(item["kind"], said, raw.strip(), heard, why))
    progress("persona", len(chosen), len(chosen))
    return made


def _first_break(text: str, card: PersonaCard, said: str) -> str:
    """What the guard says to the first clause that it refuses; "" if it refuses none."""
    cutter, told = SentenceCutter(), rules_for(card)
    clauses = (*cutter.feed(text), *cutter.rest())
    return next((why for one in clauses if (why := break_of(one, card, told, said))), "")


def _breaks(exchanges: Sequence[Exchange]) -> list[Row]:
    """How often the model alone breaks a rule of the guard.

    By construction the guard lets none of those through; what else slipped through is for the reader of the
    transcript.
    """
    count = len(exchanges)
    alone = sum(bool(one.why) for one in exchanges) / count
    silent_turns = sum(not one.heard for one in exchanges) / count
    return [
        Row("persona.hostile.model_breaks", alone, "share", count),
        Row("persona.hostile.no_answer", silent_turns, "share", count),
    ]
