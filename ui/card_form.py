"""A card as form fields, and what the form has no field for as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from chatanything.errors import PersonaError
from chatanything.persona.card import PersonaCard
from chatanything.types import Emotion

_HIDDEN: Final = (
    "id",
    "seed",
    "safety",
    "extensions",
    "provenance",
    "schema_version",
    "note",
    "kind",
    "language",
)
"""What a form does not change."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    path: str
    """Place in the card, "context.loves"."""
    label: str
    kind: Literal["line", "text", "list", "choice", "number"] = "line"
    info: str = ""
    most: int = 400
    """Letters, or the largest number."""


FIELDS: Final = (
    Field("name", "Name", most=80),
    Field("social.role", "Role"),
    Field("greeting", "Greeting", "text", "What it says first", 1000),
    Field("context.backstory", "Backstory", "text", most=4000),
    Field("context.loves", "Loves", "list", "One a line, at most 5"),
    Field("context.hates", "Hates", "list", "One a line, at most 5"),
    Field("personal.traits", "Traits", "list", "One a line, at most 8"),
    Field("style.manner", "Manner of speaking", "text"),
    Field("style.catchphrases", "Catchphrases", "list", "One a line, at most 3"),
    Field("personal.mood", "Mood", "choice", "The emotion it falls back to"),
    Field("style.max_words", "Words in an answer", "number", "At most, 5 to 400", 400),
    Field("look", "Looks", "text", "Changing this draws the face again", 1000),
)
MOODS: Final = get_args(Emotion)


def values_of(card: PersonaCard) -> list[Any]:
    """A card's values in the order of `FIELDS`, then the rest as JSON."""
    dumped = card.model_dump(mode="json")
    values = [_shown(field, _get(dumped, field.path)) for field in FIELDS]
    for field in FIELDS:
        _drop(dumped, field.path)
    for key in _HIDDEN:
        dumped.pop(key)
    return [*values, json.dumps(dumped, indent=2, ensure_ascii=False)]


def changes_from(values: Sequence[Any], old: PersonaCard) -> dict[str, Any]:
    """The fields of a card that a filled form changes; the card's own check follows later.

    Args:
        values: As `values_of` gives them.
        old: The card before.

    Raises:
        PersonaError: The JSON is none, or has fields that are not its own.
    """
    *simple, rest = values
    changes = _parsed(str(rest or "{}"))
    before = old.model_dump(mode="json")
    written = dict(before["provenance"])
    for field, value in zip(FIELDS, simple, strict=True):
        new = _read(field, value)
        if new != _get(before, field.path):
            written[field.path] = "user"
        _put(changes, field.path, new)
    return {**changes, "provenance": written}


def _parsed(words: str) -> dict[str, Any]:
    try:
        fields = json.loads(words)
    except json.JSONDecodeError as exc:
        raise PersonaError(
            f"the JSON is not valid at line {exc.lineno}, column {exc.colno}: {exc.msg.lower()}"
        ) from exc
    if not isinstance(fields, dict):
        raise PersonaError("the JSON is not valid", expected="an object in { }")
    wrong = [key for key in fields if key in _HIDDEN]
    if wrong:
        raise PersonaError(f"{wrong[0]} cannot be changed here", hint="Take it out of the JSON.")
    return fields


def _shown(field: Field, value: Any) -> Any:
    return "\n".join(value) if field.kind == "list" else value


def _read(field: Field, value: Any) -> Any:
    if field.kind == "list":
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]
    if field.kind == "number":
        return int(value or 0)
    return str(value or "").strip()


def _get(card: Mapping[str, Any], path: str) -> Any:
    value: Any = card
    for key in path.split("."):
        value = value[key]
    return value


def _put(card: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for key in parents:
        inner = card.setdefault(key, {})
        if not isinstance(inner, dict):
            raise PersonaError(f"the JSON is not valid at {key}", expected="an object in { }")
        card = inner
    card[last] = value


def _drop(card: dict[str, Any], path: str) -> None:
    *parents, last = path.split(".")
    for key in parents:
        card = card[key]
    del card[last]
