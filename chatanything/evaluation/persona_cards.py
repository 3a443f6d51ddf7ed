"""What cards a language model writes: whole, its own, and in agreement with what was described."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chatanything.evaluation.lists import load
from chatanything.evaluation.persona_files import Kept
from chatanything.evaluation.rows import Row
from chatanything.evaluation.statistics import interval
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.face_words import look_conflict
from chatanything.persona.lexicon import lexicon
from chatanything.persona.writer import write_card
from chatanything.progress import Progress

FREE: Final = (
    "name", "backstory", "greeting", "manner", "catchphrases", "constitution", "loves", "hates", "look",
)  # fmt: skip
"""What a model is asked for; the greeting only of a served one."""
_TEXTS: Final = ("name", "description", "species", "look", "greeting")
_SEED: Final = 3


def run_cards(llm: LLM, count: int, kept: Kept, progress: Progress) -> list[Row]:
    """Cards for the listed descriptions.

    Args:
        llm: Writes them.
        count: Descriptions at most, evenly taken.
        kept: Has the cards of an earlier run, and gets the new ones.
        progress: Told about every card.
    """
    listed = load("descriptions")["description"]
    places = np.linspace(0, len(listed) - 1, min(count, len(listed)))
    chosen = [listed[round(place)] for place in places]
    cards, seconds = [], []
    for number, one in enumerate(chosen):
        progress("cards", number, len(chosen), one["text"])
        known = kept.get(one["id"])
        if known is None:
            began = time.perf_counter()
            card = write_card(one["text"], llm=llm, seed=_SEED)
            known = {"card": card.model_dump(mode="json"), "seconds": time.perf_counter() - began}
            kept.add(one["id"], known)
        cards.append(PersonaCard.from_mapping(known["card"]))
        seconds.append(float(known["seconds"]))
    progress("cards", len(chosen), len(chosen))
    asked = [name for name in FREE if name != "greeting" or not llm.is_exclusive]
    own = [[card.provenance.get(name) in {"llm", "user"} for name in asked] for card in cards]
    whole = [_is_whole(card) for card in cards]
    agree = [not _disagreement(card, one) for card, one in zip(cards, chosen, strict=True)]
    low, high = interval([float(np.mean(one)) for one in own], "cards")
    by_field = {name: float(np.mean([one[at] for one in own])) for at, name in enumerate(asked)}
    return [
        Row("persona.cards.whole", float(np.mean(whole)), "share", len(cards)),
        Row("persona.cards.by_model", float(np.mean(own)), "share", len(cards), {"low": low, "high": high}),
        *(
            Row(f"persona.cards.by_model.{name}", share, "share", len(cards))
            for name, share in by_field.items()
        ),
        Row("persona.cards.briefs_agree", float(np.mean(agree)), "share", len(cards)),
        Row(
            "persona.cards.names_differ", len({card.name for card in cards}) / len(cards), "share", len(cards)
        ),
        Row("persona.cards.time", float(np.median(seconds)), "s", len(cards), {"highest": max(seconds)}),
    ]


def _is_whole(card: PersonaCard) -> bool:
    """Whether every part says something, and of each it is known who wrote it."""
    texts = [getattr(card, name) for name in _TEXTS]
    texts += [card.context.backstory, card.context.routine, card.style.manner, card.social.home]
    lists = [card.context.loves, card.context.hates, card.personal.values, card.facts, card.situations]
    told = all(name in card.provenance for name in FREE)
    return all(text.strip() for text in texts) and all(lists) and told


def _disagreement(card: PersonaCard, wanted: Mapping[str, Any]) -> str:
    """What of voice and look does not fit the description or each other; "" if all does."""
    being = lexicon().species.get(card.species)
    family = "human" if card.species == "human" else being.family if being else "thing"
    gender, age, species = wanted["gender"], wanted["age"], wanted["species"]
    looks, voice = card.look_brief(), card.voice_brief()
    # The gender of somebody whose description names none is drawn, a human voice has one.
    asked = gender if gender != "neutral" else card.social.gender
    reasons = (
        (looks.gender != asked or voice.gender != asked, "gender"),
        (looks.age != age or voice.age != age, "age"),
        (looks.species not in species and species not in looks.species, "species"),
        (look_conflict(card.look, card.species, family, looks.gender, looks.age), "look"),
        (re.search(r"\b(?:voice|accent)\b", card.look), "a voice in the look"),
    )
    return next((name for found, name in reasons if found), "")
