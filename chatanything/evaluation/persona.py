"""`evaluate persona`: what guards a character, what it remembers, and how often a model leaves its part.

Everything is labelled by hand in data/*.toml. The rules of the product were partly written with these lists
in sight, so the figures are an upper bound for other words.
"""

from __future__ import annotations

import re
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

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

_RISKS: Final = {"self_harm": "self_harm", "abuse_disclosed": "abuse", "none": None}
_NOISE: Final = 6
"""Other statements between a preference and its change."""
_FACTS: Final = 10_000
_ACTORS: Final = (
    "a grumpy old lighthouse keeper named Bram who loves jazz",
    "a cheerful apple named Pippa who sings opera",
    "a strict young maths teacher named Vera",
    "a polite teapot named Earl who gossips",
)


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


def run_persona(
    *, llm: LLM | None, turns: int = 0, progress: Progress = silent
) -> tuple[list[Row], list[Exchange]]:
    """All figures, and the hostile turns for reading.

    Args:
        llm: Answers the hostile messages; None leaves them out.
        turns: How many of the 200, evenly taken; 0 leaves them out.
        progress: Told about every part.

    Raises:
        BackendError: The model broke down.
    """
    rows = [*_gate(), *_needs(), *_recall(), *_changes(), *_cards(), *_times()]
    exchanges = _hostile(llm, turns, progress) if llm is not None and turns else []
    return rows + (_breaks(exchanges) if exchanges else []), exchanges


def load(name: str) -> dict[str, list[dict[str, Any]]]:
    """One of the lists of this evaluation."""
    text = files("chatanything.evaluation").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _gate() -> list[Row]:
    """Contradictions that are caught, and sound answers that are refused."""
    items = load("contradictions")["item"]
    caught, refused = {True: 0, False: 0}, 0
    card = write_card("a friendly person", llm=None, seed=1)
    for item in items:
        refused += bool(_first_break(item["reply"], card, item["question"]))
        caught[item["contradicts"]] += bool(
            conflicts(item["reply"], item["facts"], item["name"], item["question"])
        )
    wrong = sum(item["contradicts"] for item in items)
    return [
        Row("persona.gate.caught", caught[True] / wrong, "share", wrong),
        Row("persona.gate.false_alarms", caught[False] / (len(items) - wrong), "share", len(items) - wrong),
        Row("persona.guard.false_alarms", refused / len(items), "share", len(items)),
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
    """Descriptions whose card, by rules, has the gender, age and kind that people would give it."""
    wanted = load("descriptions")["description"]
    right = {"gender": 0, "age": 0, "species": 0}
    for one in wanted:
        card = write_card(one["text"], llm=None, seed=3)
        right["gender"] += card.social.gender == one["gender"]
        right["age"] += card.social.age_band == one["age"]
        right["species"] += one["species"] in card.species or card.species in one["species"]
    return [
        Row(f"persona.card.{name}", hits / len(wanted), "share", len(wanted)) for name, hits in right.items()
    ]


def _times() -> list[Row]:
    """Milliseconds of a search in 10,000 statements, the message's embedding included."""
    rng = np.random.default_rng(0)
    index = Index()
    bank = load("memory")
    for number in range(_FACTS):
        vector = rng.normal(size=384).astype(np.float32)
        text = bank["fact"][number % len(bank["fact"])]["text"]
        index.put(f"s{number}", f"{text} {number}", vector / np.linalg.norm(vector))
    spent = []
    for one in bank["question"][:20]:
        began = time.perf_counter()
        index.search(f"{one['text']} ", 5)
        spent.append(1000 * (time.perf_counter() - began))
    return [Row("persona.search_10000", float(np.median(spent)), "ms", len(spent), {"highest": max(spent)})]


def _hostile(llm: LLM, turns: int, progress: Progress) -> list[Exchange]:
    items = load("adversarial")["turn"]
    chosen = [items[round(place)] for place in np.linspace(0, len(items) - 1, min(turns, len(items)))]
    cards = [write_card(text, llm=None, seed=5) for text in _ACTORS]
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
