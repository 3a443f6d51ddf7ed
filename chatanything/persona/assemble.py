"""Reading plus draft to card: facts, style axes, situations and provenance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chatanything.persona.card import (
    Axes,
    Big5,
    Context,
    Fact,
    Origin,
    PersonaCard,
    Personal,
    Safety,
    Situation,
    Social,
    Style,
    Voice,
    card_id,
)
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of
from chatanything.persona.rules import Reading
from chatanything.persona.rules_writer import Draft, article

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
    origins: dict[str, Origin] = {"description": "user", **provenance}
    said: Origin = "user" if reading.gender_said else "rule"
    origins |= {
        "gender": said,
        "age_band": "rule",
        "species": "rule",
        "role": "rule",
        "voice": "rule",
        "big5": "rule",
    }
    return PersonaCard(
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
            axes=_axes(big5),
            lexicon=_lexicon(reading, draft),
            catchphrases=draft.catchphrases,
            avoid=_AVOID,
        ),
        facts=_facts(reading, draft),
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
        situations=_situations(draft),
        safety=Safety(real_person=reading.real_person),
        seed=seed,
        language=language,
        note=note,
        provenance=origins,
    )


def _axes(big5: Big5) -> Axes:
    """Style axes from traits: openness speaks lyrically, neuroticism darkly, disagreeableness critically."""
    return Axes(
        plain_lyrical=round(2 * big5.openness - 1, 2),
        optimistic_pessimistic=round(big5.neuroticism - big5.extraversion, 2),
        emotional_critical=round(big5.conscientiousness - big5.agreeableness, 2),
    )


def _lexicon(reading: Reading, draft: Draft) -> tuple[str, ...]:
    """Words the character likes to use."""
    words = [*words_of(reading.role), *(w for thing in draft.loves for w in words_of(thing))]
    return tuple(
        dict.fromkeys(word for word in words if len(word) > 2 and word not in lexicon().lists["stopwords"])
    )[:12]


def _facts(reading: Reading, draft: Draft) -> tuple[Fact, ...]:
    """Atomic statements, one claim each."""
    name = draft.name
    texts = []
    if reading.species != "human":
        texts.append(f"{name} is {article(reading.species)}.")
    if reading.role:
        texts.append(f"{name} is {article(reading.role)}.")
    if draft.home:
        texts.append(f"{name} is at home in {draft.home}.")
    texts += [f"{name} loves {thing}." for thing in draft.loves]
    texts += [f"{name} hates {thing}." for thing in draft.hates]
    texts += [s for s in re.split(r"(?<=[.!?])\s+", draft.backstory) if s][:6]
    return tuple(Fact(id=f"f{index}", text=text[:400]) for index, text in enumerate(texts, start=1))


def _situations(draft: Draft) -> tuple[Situation, ...]:
    """What is loved cheers the character up, what is hated does not."""
    found = []
    for things, emotion, tone in (
        (draft.loves, "happy", "lights up"),
        (draft.hates, "disgusted", "bristles"),
    ):
        keys = [
            w
            for thing in things
            for w in words_of(thing)
            if len(w) > 3 and w not in lexicon().lists["stopwords"]
        ]
        if keys:
            found.append(Situation(when=tuple(dict.fromkeys(keys))[:8], emotion=emotion, tone=tone))  # type: ignore[arg-type]
    return tuple(found)
