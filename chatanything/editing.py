"""A persona that is changed: other words, another voice, another face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chatanything.bundle import Persona
from chatanything.persona.card import PersonaCard
from chatanything.seeds import derive
from chatanything.studio import Studio
from chatanything.voice.match import match_voice

_FIXED = ("id", "seed", "safety", "extensions")
"""Fields of a card that are no words about the character."""


def changed(
    studio: Studio,
    persona: Persona,
    *,
    card: Mapping[str, Any] | None = None,
    voice: str = "",
    face_seed: int | None = None,
) -> Persona:
    """The same persona with changes; what they do not touch stays as it is.

    A change of how it should sound looks for a voice again, and a change of how it looks draws the face
    again, unless the face is the user's own picture.

    Args:
        studio: Finds voices and draws faces.
        persona: Who is changed.
        card: Fields of the card; objects are merged, lists and values replaced. Id, seed and safety stay.
        voice: Name of a bank voice, or words about a voice.
        face_seed: The face of this number, as `Studio.preview` shows it.

    Raises:
        PersonaError: The card would not be valid.
    """
    old = persona.card
    new = PersonaCard.from_mapping(_merged(old.model_dump(mode="json"), _without_fixed(card or {})))
    chosen = persona.voice
    if voice.strip():
        chosen = studio.voice_named(voice.strip(), seed=old.seed)
    elif new.voice_brief() != old.voice_brief():
        chosen = match_voice(new.voice_brief(), seed=derive(old.seed, "voice")).choice
    out = replace(persona, card=new, voice=chosen)
    drawn = persona.consent is None
    if drawn and (face_seed is not None or new.look_brief() != old.look_brief()):
        face = studio.draw(new, seed=old.seed if face_seed is None else face_seed)
        out = replace(out, portrait=face.portrait, references=face.references, recipe=face.recipe)
    return out


def _without_fixed(card: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in card.items() if key not in _FIXED}


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Objects merged, everything else replaced."""
    out = dict(old)
    for key, value in new.items():
        before = out.get(key)
        out[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return out
