"""A persona that is changed: other words, another voice, another face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chatanything.bundle import Persona
from chatanything.persona.revision import answers_of, redescribed, revised
from chatanything.portraits import with_face
from chatanything.seeds import derive
from chatanything.studio import Studio
from chatanything.voice.match import match_voice

VOICE: Final = "voice_choice"
"""Mark in the card's provenance of a voice that the user chose; it stays until they choose another."""
FACE_SEED: Final = "face_seed"
"""Key under the card's extensions of the number of the face that the user chose."""


def changed(
    studio: Studio,
    persona: Persona,
    *,
    card: Mapping[str, Any] | None = None,
    description: str = "",
    voice: str = "",
    face_seed: int | None = None,
) -> Persona:
    """The same persona with changes; what they do not touch stays as it is, what follows from them follows.

    What the user sets is marked in the card's provenance; no later change of something else, not even another
    description, writes over it. A change of how it should sound looks for a voice again, and a change of how
    it looks draws the face again, unless the face is the user's own picture.

    Args:
        studio: Finds voices and draws faces.
        persona: Who is changed.
        card: Fields of the card; objects are merged, lists and values replaced. Id, seed and safety stay.
        description: Words from which the card is written anew, with the old seed and answers.
        voice: Name of a voice (see `voice.names`), or words about one.
        face_seed: The face of this number, as `Studio.preview` shows it.

    Raises:
        PersonaError: The card would not be valid.
        UsageError: The description cannot be used.
        BlockedError: The blocklist refuses the new words.
    """
    old = new = persona.card
    if description.strip():
        new = redescribed(old, studio.write_card(description, seed=old.seed, answers=answers_of(old)))
    if card:
        new = revised(new, card)
    if new is not old:
        studio.allowed("edit", new.name, new.description)
    chosen = persona.voice
    if voice.strip():
        chosen = studio.voice_named(voice.strip(), seed=old.seed, instead_of=persona.voice)
        new = new.model_copy(update={"provenance": {**new.provenance, VOICE: "user"}})
    elif new.voice_brief() != old.voice_brief() and new.provenance.get(VOICE) != "user":
        chosen = match_voice(new.voice_brief(), seed=derive(old.seed, "voice")).choice
    if face_seed is not None:
        new = new.model_copy(update={"extensions": {**new.extensions, FACE_SEED: face_seed}})
    out = replace(persona, card=new, voice=chosen)
    drawn = persona.consent is None
    if drawn and (face_seed is not None or new.look_brief() != old.look_brief()):
        number = new.extensions.get(FACE_SEED)
        face = studio.draw(new, seed=number if isinstance(number, int) else old.seed)
        records = with_face(persona.records, face.record)
        out = replace(
            out, portrait=face.portrait, references=face.references, recipe=face.recipe, records=records
        )
    return out
