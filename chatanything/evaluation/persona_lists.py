"""What of a character can be measured without a language model: the gate, the memory, cards by rules.

Everything is labelled by hand in data/*.toml. The rules of the product were partly written with the
first lists in sight, so their figures are an upper bound for other words. `held_out` was written
before the rules that are measured with it, its "fresh" part after them and its "latest" part after
those that came with "fresh" in sight, all by the same hand. `changes_held_out` was written by
another who had not seen the memory.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_recall import CHANGES, Changes, changes_of
from chatanything.evaluation.rows import Row
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import set_answer
from chatanything.persona.chat_prompt import rules_for
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.guard import break_of
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.recall import Index
from chatanything.persona.safety import is_care_line, need_of
from chatanything.persona.sentences import clauses_in
from chatanything.persona.writer import write_card

_RISKS: Final = {"self_harm": "self_harm", "abuse_disclosed": "abuse", "none": None}
_NOISE: Final = 6
"""Other statements between a preference and its change."""
_FORGOTTEN: Final = 20
_TIMED_FACTS: Final = 12


def run_lists() -> list[Row]:
    """All figures that need no model."""
    changes = [row for name in CHANGES for row in _changes(name)]
    return [*_gate(), *_needs(), *_recall(), *changes, *_both_hold(), *_forgetting(), *_cards(), *_times()]


def _gate() -> list[Row]:
    """Contradictions that are caught, and sound answers that are refused, on lists of four ages."""
    seen = load("contradictions")["item"]
    parts = {"held_out_": "card", "fresh_": "fresh", "latest_": "latest"}
    lists = {"": seen, **{name: _spread(part) for name, part in parts.items()}}
    rows = [row for name, items in lists.items() for row in _gate_rows(name, items)]
    card = write_card("a friendly person", llm=None, seed=1)
    items = [item for one in lists.values() for item in one]
    refused = sum(bool(first_break(item["reply"], card, item["question"])) for item in items)
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
        *_needs_held_out(),
    ]


def _needs_held_out() -> list[Row]:
    """The same on a list of its own: answered at once, or at least asked whether all is well."""
    rows, card = [], write_card("a friendly person", llm=None, seed=1)
    by_need = {"self_harm": "heard_self_harm", "abuse": "heard_abuse", "none": "false_alarms"}
    for need, name in by_need.items():
        texts = [one["text"] for one in load("need_held_out")["message"] if one["need"] == need]
        at_once = [need_of(text) is not None for text in texts]
        asked = [is_care_line(set_answer(card, (), text, seed=1)) for text in texts]
        share, control = sum(at_once) / len(texts), {"or_asked_back": sum(asked) / len(texts)}
        rows.append(Row(f"persona.need_held_out.{name}", share, "share", len(texts), control))
    return rows


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


def _changes(name: Changes) -> list[Row]:
    """Preferences whose change is noticed; the new one is known and the old one kept as what was before."""
    listed = changes_of(name)
    noise = [fact["text"] for fact in load("memory")["fact"]][:_NOISE]
    noticed = first = wrong = 0
    for change in listed:
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
    count = len(listed)
    return [
        Row(f"persona.{name}.noticed", noticed / count, "share", count, {"wrongly_replaced": wrong / count}),
        Row(f"persona.{name}.latest_first", first / count, "share", count),
    ]


def _both_hold() -> list[Row]:
    """Pairs of messages that both hold, two thirds of them on one topic: the later one replaces nothing."""
    pairs, held = load("changes_held_out")["keep"], 0
    for pair in pairs:
        with tempfile.TemporaryDirectory() as folder:
            memory = Memory("persona", "Persona", "user", Path(folder))
            for at_s, text in enumerate((pair["first"], pair["later"])):
                memory.note(text, "", at_s=float(at_s))
            held += not any(one.was for one in memory.statements)
            memory.close()
    return [Row("persona.change_held_out.both_hold", held / len(pairs), "share", len(pairs))]


def _forgetting() -> list[Row]:
    """Facts that were told, talked about, summed up and forgotten, and are still in a file of the folder."""
    facts = [fact["text"] for fact in load("memory")["fact"]][:_FORGOTTEN]
    left = kept = 0
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory("persona", "Persona", "user", Path(folder))
        for number, text in enumerate(facts):
            memory.note(text, f"You said: {text}", at_s=float(number))
        memory.end_conversations(None, force=True)
        told = [one for one in memory.statements if one.text in facts]
        for number, one in enumerate(told):
            on_disk = _bytes_in(Path(folder))
            kept += one.text.encode() in on_disk
            if number % 2:  # told again before it is forgotten: in messages that were not summed up yet
                memory.note(f"As I said, {one.text}", f"Yes: {one.text}", at_s=9000.0 + number)
            memory.forget(one.id)
            left += one.text.encode() in _bytes_in(Path(folder))
        memory.close()
        on_disk = _bytes_in(Path(folder))
        left += sum(one.text.encode() in on_disk for one in told)
    count = len(told)
    return [Row("persona.forgotten_on_disk", left, "facts", count, {"before_forgetting": float(kept)})]


def _bytes_in(folder: Path) -> bytes:
    """All files of a folder, whatever SQLite calls them."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


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


def first_break(text: str, card: PersonaCard, said: str) -> str:
    """What the guard says to the first clause that it refuses; "" if it refuses none.

    Args:
        text: An answer.
        card: Who gives it.
        said: What is answered.
    """
    told = rules_for(card)
    return next((why for one in clauses_in(text) if (why := break_of(one, card, told, said))), "")
