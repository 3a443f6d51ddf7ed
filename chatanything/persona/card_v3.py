"""Between PersonaCard and the character-card JSON of other programs (V1, V2 and V3).

Whatever a foreign card says that we would not say ourselves is kept under `extensions` and written back,
so nothing is lost on the way through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chatanything.errors import PersonaError
from chatanything.persona.assemble import build_card
from chatanything.persona.card import PersonaCard
from chatanything.persona.checks import trim
from chatanything.persona.parse import MAX_DESCRIPTION
from chatanything.persona.rules import read_description
from chatanything.persona.rules_writer import draft_by_rules
from chatanything.seeds import seed_of

OURS: Final = "chatanything"
"""Key of our own data under `data.extensions`."""
KEPT: Final = "character_card"
"""Key of a foreign card's own data under our card's `extensions`."""
V3: Final = "chara_card_v3"
_V3_ONLY: Final = ("assets", "nickname", "creator_notes_multilingual", "source", "group_only_greetings")
_DATES: Final = ("creation_date", "modification_date")
_V2_WARNING: Final = (
    "This is a Character Card V3 read as V2; use a program that reads V3 cards to get all of it."
)
_MAX_SPOKEN: Final = 400


def to_v3(card: PersonaCard) -> dict[str, Any]:
    """The card as a V3 object, without assets; ours under `data.extensions.chatanything`."""
    kept = card.extensions.get(KEPT, {})
    others = {key: value for key, value in card.extensions.items() if key != KEPT}
    made = _generated(card)
    data = {**made, **kept.get("data", {})}
    ours = json.loads(card.model_copy(update={"extensions": others}).to_json())
    data["extensions"] = {**kept.get("data", {}).get("extensions", {}), OURS: ours}
    return {"spec": V3, "spec_version": "3.0", **kept.get("root", {}), "data": data}


def to_v2(v3: Mapping[str, Any]) -> dict[str, Any]:
    """The V2 object for old programs, with the warning that the V3 specification asks for."""
    data = {key: value for key, value in v3["data"].items() if key not in (*_V3_ONLY, *_DATES)}
    data["extensions"] = {k: v for k, v in data["extensions"].items() if k != OURS}
    data["creator_notes"] = f"{data['creator_notes']}\n{_V2_WARNING}".strip()
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def from_any(raw: object) -> PersonaCard:
    """A persona from V1, V2 or V3 JSON.

    Raises:
        PersonaError: Not an object, without a name, or our own part of it is damaged.
    """
    if not isinstance(raw, dict):
        raise PersonaError("the card is not a JSON object", got=type(raw).__name__)
    data = raw.get("data") if "data" in raw else raw
    if not isinstance(data, dict) or not isinstance(data.get("name"), str) or not data["name"].strip():
        raise PersonaError("the file is not a character card", expected="a name in it")
    extensions = data.get("extensions")
    ours = extensions.get(OURS) if isinstance(extensions, dict) else None
    card = PersonaCard.from_mapping(ours) if isinstance(ours, dict) else _foreign(data)
    card = _follow_edits(card, data)
    return _keep(card, raw, data)


def _generated(card: PersonaCard) -> dict[str, Any]:
    """The standard fields that our card fills."""
    context, style = card.context, card.style
    person = [*card.personal.constitution]
    if style.manner:
        person.append(f"Speaks like this: {style.manner}")
    lines = "\n".join([f"{{{{char}}}}: {phrase}" for phrase in style.catchphrases])
    return {
        "name": card.name,
        "description": " ".join(part for part in (context.backstory, card.look) if part),
        "personality": "\n".join(person),
        "scenario": "",
        "first_mes": card.greeting,
        "mes_example": f"<START>\n{lines}" if lines else "",
        "creator_notes": card.description,
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": [],
        "tags": [tag for tag in (card.species, card.social.role) if tag],
        "creator": "",
        "character_version": "",
        "group_only_greetings": [],
        "creation_date": 0,
    }


def _follow_edits(card: PersonaCard, data: Mapping[str, Any]) -> PersonaCard:
    """Name and greeting as another program may have changed them."""
    changes: dict[str, Any] = {"name": data["name"].strip()[:80]}
    greeting = data.get("first_mes")
    if isinstance(greeting, str) and greeting.strip() and greeting != card.greeting:
        changes["greeting"] = spoken(greeting, changes["name"]) or card.greeting
    return card.model_copy(update=changes)


def _keep(card: PersonaCard, raw: Mapping[str, Any], data: Mapping[str, Any]) -> PersonaCard:
    """Store what we would not write ourselves."""
    made = _generated(card)
    kept = {
        k: v for k, v in data.items() if k not in {"extensions", "assets"} and (k not in made or made[k] != v)
    }
    raw_extensions = data.get("extensions")
    others = (
        {k: v for k, v in raw_extensions.items() if k != OURS} if isinstance(raw_extensions, dict) else {}
    )
    if others:
        kept["extensions"] = others
    if isinstance(data.get("assets"), list):
        kept["assets"] = data["assets"]
    root = {} if data is raw else {k: v for k, v in raw.items() if k not in {"spec", "spec_version", "data"}}
    found = {key: value for key, value in (("data", kept), ("root", root)) if value}
    extensions = {k: v for k, v in card.extensions.items() if k != KEPT}
    return card.model_copy(update={"extensions": {**extensions, KEPT: found} if found else extensions})


def _foreign(data: Mapping[str, Any]) -> PersonaCard:
    """A persona card for somebody else's character, by rules."""
    name = data["name"].strip()[:80]
    texts = [data[key] for key in ("description", "personality") if isinstance(data.get(key), str)]
    words = spoken(" ".join(texts), name, limit=20_000) if any(texts) else ""
    start = re.sub(rf"^{re.escape(name)}\s+(?:is|was)\s+", "", words)
    seed = seed_of(f"{name}\n{words}")
    described = start[:MAX_DESCRIPTION] if any(c.isalpha() for c in start) else f"a character called {name}"
    reading = read_description(described, seed=seed)
    draft = draft_by_rules(reading, seed, name=name)
    draft = replace(draft, backstory=trim(words, 4000) if words else draft.backstory)
    return build_card(
        words or name,
        reading,
        draft,
        {"name": "user", "backstory": "user" if words else "rule"},
        seed=seed,
        english="",
        language="en",
        note="Read from another program's card; voice, face and traits follow its text by rules.",
    )


def spoken(text: str, name: str, limit: int = _MAX_SPOKEN) -> str:
    """Card text as plain words: macros filled in, stage directions in asterisks and comments left out."""
    text = re.sub(r"\{\{\s*//[^{}]*\}\}", "", text)
    text = re.sub(r"\{\{\s*char\s*\}\}|<(?:char|bot)>", name, text, flags=re.IGNORECASE)
    text = re.sub(r"\{\{\s*user\s*\}\}|<user>", "friend", text, flags=re.IGNORECASE)
    text = re.sub(r"\{\{[^{}]*\}\}", "", text)
    without = re.sub(r"\*[^*\n]+\*", " ", text)
    text = " ".join((without if any(c.isalpha() for c in without) else text.replace("*", " ")).split())
    return trim(text, limit) if text else ""
