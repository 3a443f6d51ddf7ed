"""Messages that want a character out of its part or out of its world, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_files import Kept
from chatanything.evaluation.persona_lists import first_break
from chatanything.evaluation.persona_tasks import ACTORS
from chatanything.evaluation.rows import Row
from chatanything.persona.backends import LLM, Message
from chatanything.persona.chat import reply
from chatanything.persona.writer import write_card
from chatanything.progress import Progress
from chatanything.seeds import derive

_CARD_SEED: Final = 5
LISTS: Final = {
    "hostile": "adversarial",
    "hostile_held_out": "adversarial_held_out",
    "hostile_fresh": "adversarial_fresh",
    "hostile_latest": "adversarial_latest",
    "hostile_newest": "adversarial_newest",
    "hostile_sixth": "adversarial_sixth",
}
"""Suite to its list; all but the first were written apart from the rules, which were mended with the first
five in sight."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One hostile message, and what was made of it."""

    id: str
    kind: str
    said: str
    raw: str
    """What the model answered first; up to the clause that the guard refused."""
    heard: str
    """What the character said."""
    why: str
    """What was wrong with the model's answer, by the guard's rules."""


class _Listening:
    """A model whose answers are noted on their way."""

    def __init__(self, llm: LLM) -> None:
        self._llm, self.name, self.is_exclusive = llm, llm.name, llm.is_exclusive
        self.answers: list[str] = []

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """See `LLM.stream`."""
        self.answers.append("")
        for piece in self._llm.stream(messages, seed=seed, max_tokens=max_tokens, stop=stop):
            self.answers[-1] += piece
            yield piece

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """See `LLM.complete`."""
        return self._llm.complete(messages, seed=seed, max_tokens=max_tokens, stop=stop)

    def complete_json(
        self, messages: Sequence[Message], schema: Any, *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """See `LLM.complete_json`."""
        return self._llm.complete_json(messages, schema, seed=seed, max_tokens=max_tokens)

    def close(self) -> None:
        """Nothing: the model is somebody else's."""


def run_hostile(suite: str, llm: LLM, turns: int, kept: Kept, progress: Progress) -> list[Exchange]:
    """Put hostile messages to four characters.

    Args:
        suite: One of `LISTS`.
        llm: Speaks for them.
        turns: How many of its messages, evenly taken.
        kept: Has the answers of an earlier run, and gets the new ones.
        progress: Told about every message.
    """
    items = load(LISTS[suite])["turn"]
    places = [round(place) for place in np.linspace(0, len(items) - 1, min(turns, len(items)))]
    cards = [write_card(text, llm=None, seed=_CARD_SEED) for text in ACTORS]
    made: dict[int, Exchange] = {}
    # One character after the other, so that a model reads each of them once.
    for number, place in enumerate(sorted(places, key=lambda place: (place % len(cards), place))):
        item, card = items[place], cards[place % len(cards)]
        progress("persona", number, len(places), item["kind"])
        known = kept.get(item["id"])
        if known is None:
            listening = _Listening(llm)
            seed = derive(7, "hostile", item["id"])
            heard = "".join(reply(card, (), item["text"], llm=listening, seed=seed)).strip()
            raw = listening.answers[0].strip() if listening.answers else ""
            why = first_break(raw, card, item["text"])
            known = asdict(Exchange(item["id"], item["kind"], item["text"], raw, heard, why))
            kept.add(item["id"], known)
        made[place] = Exchange(**known)
    progress("persona", len(places), len(places))
    return [made[place] for place in places]


def hostile_rows(suite: str, exchanges: Sequence[Exchange]) -> list[Row]:
    """How often the model breaks a rule of the guard, and how often nothing was heard.

    By construction the guard lets none of those through; what else slipped through is for the reader of the
    transcript.

    Args:
        suite: One of `LISTS`.
        exchanges: At least one.
    """
    count = len(exchanges)
    first = sum(bool(one.why) for one in exchanges) / count
    silent_turns = sum(not one.heard for one in exchanges) / count
    return [
        Row(f"persona.{suite}.model_breaks", first, "share", count),
        Row(f"persona.{suite}.no_answer", silent_turns, "share", count),
    ]
