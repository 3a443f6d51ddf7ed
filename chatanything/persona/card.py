"""PersonaCard: who a character is, in one strict, frozen, versioned object.

The sections social, personal and context follow SPeCtrum's multidimensional identity (social identity,
personal identity, personal life context), with context weighted most; the "I ..." lines are a
constitution as in Open Character Training.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from chatanything.errors import PersonaError
from chatanything.types import AgeBand, Emotion, Gender, LookBrief, Temperament, VoiceBrief, VoiceClass

SCHEMA_VERSION: Final = 1
Unit = Annotated[float, Field(ge=0.0, le=1.0)]
Signed = Annotated[float, Field(ge=-1.0, le=1.0)]
Line = Annotated[str, Field(max_length=400)]
Kind = Literal["character", "demographic", "individualized"]
Origin = Literal["user", "llm", "rule"]


class _Part(BaseModel):
    """Strict, frozen, and no unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Social(_Part):
    """The character's place in the world; every entry may be empty."""

    role: Line = ""
    """Occupation or part: "lighthouse keeper", "opera singer"."""
    age_band: AgeBand = "adult"
    gender: Gender = "neutral"
    home: Line = ""


class Big5(_Part):
    """Big Five, each 0 (low) to 1 (high)."""

    openness: Unit = 0.5
    conscientiousness: Unit = 0.5
    extraversion: Unit = 0.5
    agreeableness: Unit = 0.5
    neuroticism: Unit = 0.5


class Personal(_Part):
    """Traits, values and first-person principles."""

    big5: Big5 = Big5()
    mood: Emotion = "neutral"
    """The emotion the character falls back to."""
    traits: tuple[Line, ...] = Field(default=(), max_length=8)
    values: tuple[Line, ...] = Field(default=(), max_length=5)
    constitution: tuple[Line, ...] = Field(min_length=5, max_length=10)
    """Lines that start with "I"."""

    @field_validator("constitution")
    @classmethod
    def _first_person(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            if not re.match(r"I\b", line):
                raise ValueError(f"line {line!r} does not start with 'I'")
        return lines


class Context(_Part):
    """The life that gives the character things to say."""

    backstory: str = Field(default="", max_length=4000)
    routine: Line = ""
    loves: tuple[Line, ...] = Field(default=(), max_length=5)
    hates: tuple[Line, ...] = Field(default=(), max_length=5)


class Axes(_Part):
    """Three style axes, each -1 (first word) to 1 (second word)."""

    plain_lyrical: Signed = 0.0
    optimistic_pessimistic: Signed = 0.0
    emotional_critical: Signed = 0.0


class Style(_Part):
    """How the character talks."""

    manner: Line = ""
    """One sentence about the way of speaking."""
    axes: Axes = Axes()
    lexicon: tuple[Line, ...] = Field(default=(), max_length=12)
    catchphrases: tuple[Line, ...] = Field(default=(), max_length=3)
    avoid: tuple[Line, ...] = Field(default=(), max_length=12)
    max_words: int = Field(default=50, ge=5, le=400)


class Fact(_Part):
    """One atomic statement about the character."""

    id: str = Field(pattern=r"^[a-z0-9_-]{1,32}$")
    text: Line


class Shift(_Part):
    """By how much each of the Big Five moves for a while, -1 to 1."""

    openness: Signed = 0.0
    conscientiousness: Signed = 0.0
    extraversion: Signed = 0.0
    agreeableness: Signed = 0.0
    neuroticism: Signed = 0.0


class Situation(_Part):
    """What changes when a topic comes up (trait activation)."""

    when: tuple[Line, ...] = Field(min_length=1, max_length=8)
    """Keywords, lower case."""
    emotion: Emotion = "neutral"
    tone: Line = ""
    shift: Shift = Shift()
    """Who is timid may turn bold where the talk comes to what they love."""


class Voice(_Part):
    """What the character should sound like; see `VoiceBrief` for the scales."""

    text: Line = ""
    gender: Gender = "neutral"
    age: AgeBand = "adult"
    voice_class: VoiceClass = "human"
    accent: str = Field(default="us", pattern=r"^[a-z]{2}$")
    pitch: Unit = 0.5
    pace: Unit = 0.5
    texture: Unit = 0.5


class Safety(_Part):
    """Whether the description means somebody who exists, and who allowed it."""

    real_person: bool = False
    consent: str = Field(default="", max_length=2000)


class PersonaCard(_Part):
    """One character. Build it with `write_card`, or from JSON with `from_json`."""

    schema_version: Literal[1] = SCHEMA_VERSION
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")
    name: str = Field(min_length=1, max_length=80)
    description: str = Field(max_length=20_000)
    """The user's own words; a foreign card's text may be longer than 2,000 characters."""
    english: str = Field(default="", max_length=20_000)
    """The description in English words where it is not itself: a translation, or the names of its emoji."""
    kind: Kind = "character"
    species: str = Field(default="human", min_length=1, max_length=60)
    social: Social = Social()
    personal: Personal
    context: Context = Context()
    style: Style = Style()
    facts: tuple[Fact, ...] = Field(default=(), max_length=40)
    look: str = Field(default="", max_length=1000)
    voice: Voice = Voice()
    greeting: str = Field(default="", max_length=4000)
    situations: tuple[Situation, ...] = Field(default=(), max_length=12)
    safety: Safety = Safety()
    seed: int = Field(default=0, ge=0)
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    """ISO 639-1 code of the language that the character speaks."""
    note: str = ""
    """One line for the user about how the card came to be; empty when there is nothing to say."""
    provenance: dict[str, Origin] = Field(default_factory=dict)
    """Field -> who wrote it."""
    extensions: dict[str, Any] = Field(default_factory=dict)
    """Anything other programs or later stages keep with the card."""

    def voice_brief(self) -> VoiceBrief:
        """What the voice stage needs."""
        voice = self.voice
        return VoiceBrief(
            text=voice.text or self.english or self.description,
            gender=voice.gender,
            age=voice.age,
            voice_class=voice.voice_class,
            accent=voice.accent,
            pitch=voice.pitch,
            pace=voice.pace,
            texture=voice.texture,
        )

    def look_brief(self) -> LookBrief:
        """What the face stage needs."""
        parts = (self.english or self.description, self.look)
        words = ". ".join(part.strip().rstrip(".") for part in parts if part.strip())
        return LookBrief(
            text=words,
            species=self.species,
            gender=self.social.gender,
            age=self.social.age_band,
            mood=self.personal.mood,
        )

    def temperament(self) -> Temperament:
        """The Big Five as the media stages know them."""
        return Temperament(**self.personal.big5.model_dump())

    def to_json(self) -> str:
        """Compact JSON with sorted keys: the same card gives the same text."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> PersonaCard:
        """Read what `to_json` wrote.

        Raises:
            PersonaError: Not JSON, a missing or unknown key, or a value out of range.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole text"
            raise PersonaError(
                f"persona card is not valid at {where}: {first['msg'].lower()}",
                got=_short(first.get("input")),
            ) from exc

    @classmethod
    def from_mapping(cls, fields: Mapping[str, Any]) -> PersonaCard:
        """As `from_json`, from parsed JSON.

        Raises:
            PersonaError: As `from_json`.
        """
        return cls.from_json(json.dumps(fields))


def card_id(name: str, seed: int) -> str:
    """A file-friendly id: the name's ASCII letters and the seed."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "persona"
    return f"{stem}-{seed:08x}"[:64]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
