"""Reading plus draft to card, and who decided which field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatanything.persona.card import (
    Big5,
    Context,
    Origin,
    PersonaCard,
    Personal,
    Safety,
    Social,
    Style,
    Voice,
    card_id,
)
from chatanything.persona.derived import with_derived
from chatanything.persona.rules import Reading
from chatanything.persona.rules_writer import Draft, said_home

_BY_RULES: Final = (
    "kind", "gender", "age_band", "species", "role", "home", "voice", "big5", "mood", "traits", "values",
    "routine", "axes", "lexicon", "facts", "situations",
)  # fmt: skip
"""Fields that no model writes; some of them are the user's own where the description says them."""
_AVOID: Final = ("as an AI", "language model", "How can I help you")


def build_card(
    description: str,
    reading: Reading,
    draft: Draft,
    provenance: Mapping[str, Origin],
    *,
    seed: int,
    english: str,
    language: str,
    note: str,
) -> PersonaCard:
    """Put a card together.

    Args:
        description: The user's words, cleaned.
        reading: Facts by rules.
        draft: Free fields.
        provenance: Who wrote the free fields.
        seed: The card's seed.
        english: The description in English where it is not itself, or "".
        language: ISO 639-1 code of the character's language.
        note: One line for the user, or "".
    """
    big5 = Big5(**dict(reading.big5))
    origins: dict[str, Origin] = dict.fromkeys(_BY_RULES, "rule")
    origins |= {"description": "user", **provenance}
    if reading.gender_said:
        origins["gender"] = "user"
    if said_home(reading):
        origins["home"] = "user"
    if reading.traits:
        origins["traits"] = "user"
    card = PersonaCard(
        id=card_id(draft.name, seed),
        name=draft.name,
        description=description,
        english=english,
        kind=reading.kind,
        species=reading.species,
        social=Social(role=reading.role[:400], age_band=reading.age, gender=reading.gender, home=draft.home),
        personal=Personal(
            big5=big5,
            mood=reading.mood,
            traits=reading.traits,
            values=draft.values,
            constitution=draft.constitution,
        ),
        context=Context(
            backstory=draft.backstory, routine=draft.routine, loves=draft.loves[:5], hates=draft.hates[:5]
        ),
        style=Style(
            manner=draft.manner,
            catchphrases=draft.catchphrases,
            avoid=_AVOID,
        ),
        look=draft.look,
        voice=Voice(
            text=reading.parsed.text[:400],
            gender=reading.gender,
            age=reading.age,
            voice_class=reading.voice_class,
            accent=reading.accent,
            pitch=reading.pitch,
            pace=reading.pace,
            texture=reading.texture,
        ),
        greeting=draft.greeting,
        safety=Safety(real_person=reading.real_person),
        seed=seed,
        language=language,
        note=note,
        provenance=origins,
    )
    return with_derived(card)
