"""A card that is changed by its user: what they wrote is marked and stays, what follows from it follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from chatanything.errors import PersonaError
from chatanything.persona.card import PersonaCard
from chatanything.persona.derived import rederived
from chatanything.persona.face_words import look_conflict
from chatanything.persona.interview import ANSWERS
from chatanything.persona.lexicon import lexicon
from chatanything.persona.rules import read_description, voice_class_of
from chatanything.persona.rules_writer import draft_by_rules

FIXED: Final = ("id", "seed", "safety", "extensions", "schema_version")
"""Fields of a card that are no words about the character."""
_UNMARKED: Final = (*FIXED, "provenance", "note")
_PROSE: Final = (
    "greeting", "look", "context.backstory", "context.routine", "style.manner", "style.catchphrases",
    "personal.constitution", "facts",
)  # fmt: skip
"""Where the character's name may stand."""


def revised(old: PersonaCard, changes: Mapping[str, Any]) -> PersonaCard:
    """A card with its user's changes.

    Objects are merged, lists and values replaced, id, seed, safety and extensions stay. Every field that is
    changed is marked as the user's. A new name also stands in the texts that the user did not write, gender
    and age are heard in the voice, a look that would contradict them is described anew, and facts,
    situations, words and style axes follow, as far as the user did not set them.

    Args:
        old: The card before.
        changes: Fields of the card.

    Raises:
        PersonaError: The card would not be valid.
    """
    given = {key: value for key, value in changes.items() if key not in FIXED}
    before = old.model_dump(mode="json")
    new = PersonaCard.from_mapping(_merged(before, given))
    touched = set(changed_paths(before, new.model_dump(mode="json")))
    marked = {**new.provenance, **dict.fromkeys(touched, "user")}
    return _following(old, new.model_copy(update={"provenance": marked}), touched)


def redescribed(old: PersonaCard, fresh: PersonaCard) -> PersonaCard:
    """A card written anew from another description, with all that the user set before.

    Args:
        old: The card before.
        fresh: Written from the new description, the old seed and the old answers.
    """
    kept = marked_paths(old)
    before, now = old.model_dump(mode="json"), fresh.model_dump(mode="json")
    for path in kept:
        _put(now, path, _get(before, path))
    real = before["safety"]["real_person"] or now["safety"]["real_person"]
    now |= {key: before[key] for key in FIXED}
    now["safety"] = {**before["safety"], "real_person": real}
    new = PersonaCard.from_mapping(now)
    marked = {**fresh.provenance, **dict.fromkeys(kept, "user")}
    return _following(fresh, new.model_copy(update={"provenance": marked}), kept)


def answers_of(card: PersonaCard) -> dict[str, str]:
    """What the user answered in the interview, by question; {} if there was none."""
    found = card.extensions.get(ANSWERS)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def marked_paths(card: PersonaCard) -> set[str]:
    """Fields that the user set: "name", "greeting", "context.loves"."""
    dumped = card.model_dump(mode="json")
    found = set()
    for path, origin in card.provenance.items():
        if origin == "user" and path != "description" and path not in _UNMARKED:
            try:
                _get(dumped, path)
            except PersonaError:
                continue  # a mark of the writer, such as "loves": the words of the description
            found.add(path)
    return found


def changed_paths(before: Mapping[str, Any], after: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Paths of the values that differ; a list is one value.

    Args:
        before: A dumped card.
        after: Another one.
        within: Path of both.
    """
    for key, value in after.items():
        path, old = f"{within}{key}", before.get(key)
        if path in _UNMARKED:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            yield from changed_paths(old, value, f"{path}.")
        elif value != old:
            yield path


def value_from(card: PersonaCard, path: str, words: str) -> dict[str, Any]:
    """The change that sets one field to what somebody typed.

    Args:
        card: Says what kind of value it is.
        path: "name", "context.loves", or the last part alone where only one field is called so.
        words: Items of a list are separated by semicolons.

    Raises:
        PersonaError: There is no such field, or the words are none of its values.
    """
    dumped = card.model_dump(mode="json")
    full = _full_path(dumped, path)
    old = _get(dumped, full)
    value: Any = words.strip()
    if isinstance(old, list):
        if any(isinstance(one, dict) for one in old):
            raise PersonaError(f"{full} cannot be set in one line", hint="Edit it in the web page.")
        value = [part.strip() for part in words.split(";") if part.strip()]
    elif isinstance(old, (int, float)):
        try:
            value = type(old)(words)
        except ValueError as exc:
            raise PersonaError(f"{full} is a number", got=repr(words)) from exc
    out: dict[str, Any] = {}
    _put(out, full, value)
    return out


def _full_path(dumped: Mapping[str, Any], path: str) -> str:
    paths = [one for one in _leaves(dumped) if one == path or one.endswith(f".{path}")]
    exact = [one for one in paths if one == path]
    if len(exact or paths) != 1:
        known = ", ".join(one for one in _leaves(dumped) if not one.startswith(("extensions", "provenance")))
        raise PersonaError(f"there is no single field {path!r}", expected=known)
    return (exact or paths)[0]


def _leaves(dumped: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for key, value in dumped.items():
        if f"{within}{key}" in _UNMARKED:
            continue
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{within}{key}.")
        else:
            yield f"{within}{key}"


def _following(old: PersonaCard, new: PersonaCard, touched: Collection[str]) -> PersonaCard:
    """What follows from a change follows."""
    mine = marked_paths(new)
    if new.name != old.name:
        new = _renamed(new, old.name, mine)
        old = _renamed(old.model_copy(update={"name": new.name}), old.name, ())
    new = _sounding(old, new, mine)
    new = _looking(_said_of_new_things(old, new, mine), mine)
    out = rederived(old, new)
    kept = {key: getattr(new, key) for key in ("facts", "situations") if key in touched or key in mine}
    style = {key: getattr(new.style, key) for key in ("lexicon", "axes") if f"style.{key}" in mine}
    if any(path.startswith("style.axes.") for path in mine):
        style["axes"] = new.style.axes
    return out.model_copy(update={**kept, "style": out.style.model_copy(update=style)})


def _renamed(card: PersonaCard, old: str, mine: Collection[str]) -> PersonaCard:
    """The new name wherever the old one stands in texts that the user did not write."""
    dumped = card.model_dump(mode="json")
    first, new_first = old.split(maxsplit=1)[0], card.name.split()[0]

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(one) for one in value]
        if isinstance(value, dict):
            return {key: named(one) if key == "text" else one for key, one in value.items()}
        full = re.sub(rf"\b{re.escape(old)}(?!\w)", lambda _: card.name, str(value))
        return (
            full if first == card.name else re.sub(rf"\b{re.escape(first)}(?!\w)", lambda _: new_first, full)
        )

    for path in _PROSE:
        if path not in mine:
            _put(dumped, path, named(_get(dumped, path)))
    return PersonaCard.from_mapping(dumped)


def _said_of_new_things(old: PersonaCard, new: PersonaCard, mine: Collection[str]) -> PersonaCard:
    """Lines by rules about what is no longer loved or hated speak of what is now.

    What a model wrote around a thing may fit nothing else and stays; only the character's lines about itself
    are corrected whoever wrote them, because they are said.
    """
    dumped = new.model_dump(mode="json")
    for field in ("loves", "hates"):
        before, now = getattr(old.context, field), getattr(new.context, field)
        for thing in (one for one in before if one not in now and now):
            pattern = re.compile(rf"\b{re.escape(thing)}(?!\w)", re.IGNORECASE)
            for path in ("personal.constitution", "greeting", "context.backstory"):
                by_rules = new.provenance.get(path.rpartition(".")[2]) == "rule"
                if path in mine or not (by_rules or path == "personal.constitution"):
                    continue
                value = _get(dumped, path)
                lines = value if isinstance(value, list) else [value]
                told = [pattern.sub(now[0].replace("\\", r"\\"), line) for line in lines]
                _put(dumped, path, list(dict.fromkeys(told)) if isinstance(value, list) else told[0])
    if len(dumped["personal"]["constitution"]) < len(new.personal.constitution):
        dumped["personal"]["constitution"] = list(new.personal.constitution)
    return PersonaCard.from_mapping(dumped)


def _sounding(old: PersonaCard, new: PersonaCard, mine: Collection[str]) -> PersonaCard:
    """Gender, age and kind of being are heard, unless the user chose otherwise."""
    changes: dict[str, Any] = {}
    if new.social.gender != old.social.gender and "voice.gender" not in mine:
        changes["gender"] = new.social.gender
    if new.social.age_band != old.social.age_band and "voice.age" not in mine:
        changes["age"] = new.social.age_band
    if (new.species, new.social.age_band) != (old.species, old.social.age_band):
        family = _family(new.species)
        if "voice.voice_class" not in mine and (family == "human" or new.species in lexicon().species):
            changes["voice_class"] = voice_class_of(family, new.species, new.social.age_band)
    return new.model_copy(update={"voice": new.voice.model_copy(update=changes)}) if changes else new


def _looking(card: PersonaCard, mine: Collection[str]) -> PersonaCard:
    """A look that contradicts what the character is now is written anew by rules."""
    social, family = card.social, _family(card.species)
    if "look" in mine or not look_conflict(card.look, card.species, family, social.gender, social.age_band):
        return card
    reading = replace(
        read_description(card.english or card.description, seed=card.seed),
        species=card.species,
        family=family,
        gender=social.gender,
        age=social.age_band,
        mood=card.personal.mood,
    )
    return card.model_copy(update={"look": draft_by_rules(reading, card.seed, name=card.name).look})


def _family(species: str) -> str:
    known = lexicon().species.get(species)
    return "human" if species == "human" else known.family if known else "thing"


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Objects merged, everything else replaced."""
    out = dict(old)
    for key, value in new.items():
        before = out.get(key)
        out[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return out


def _get(card: Mapping[str, Any], path: str) -> Any:
    value: Any = card
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            raise PersonaError(f"there is no field {path!r}")
        value = value[key]
    return value


def _put(card: dict[str, Any], path: str, value: Any) -> None:
    *sections, last = path.split(".")
    for key in sections:
        card = card.setdefault(key, {})
    card[last] = value
