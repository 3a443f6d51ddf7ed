"""What rules can tell from a description alone: the facts that a language model may not overrule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from chatanything.persona.card import Kind
from chatanything.persona.lexicon import lexicon
from chatanything.persona.names import gender_of_name
from chatanything.persona.parse import Parsed, clean_description, parse, words_of
from chatanything.persona.quantities import value_of
from chatanything.persona.species import read_species
from chatanything.persona.traits import score
from chatanything.seeds import generator
from chatanything.types import AgeBand, Emotion, Gender, VoiceBrief, VoiceClass

_AGE_NUMBER: Final = re.compile(
    r"\b(\d{1,4})(?:\s*-?\s*(?:year|yr)s?[\s-]*old|\s*y/?o\b)|\bag(?:ed|e)\s+(\d{1,4})\b", re.IGNORECASE
)
_DECADE: Final = re.compile(
    r"\bin (?:his|her|their|my) (?:early |mid |late |mid-)?"
    r"(teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|\d0s)",
    re.IGNORECASE,
)
_AGE_IN_WORDS: Final = re.compile(
    r"\b([a-z]+(?:-[a-z]+)?)[ -]years?[ -]old\b|\b(?:of|aged|age|just turned|is) ([a-z]+(?:-[a-z]+)?|\d{2})"
    r"(?=\s*(?:$|[,.;]|who\b|that\b|with\b|from\b|and\b))",
    re.IGNORECASE,
)
_OF_CHILDREN: Final = 12
"""A mother of three has three children, a princess of seventeen years."""
_NEUTRAL: Final = re.compile(r"^\W*(?:somebody|someone|a person)\b.*\b(?:they|their|them)\b", re.IGNORECASE)
_ARTICLES: Final[dict[str, Gender]] = {"una": "female", "une": "female", "uma": "female", "eine": "female",
                                       "ein": "male", "un": "male", "uno": "male", "um": "male"}  # fmt: skip
_NOT_OLD: Final = re.compile(
    r"\bold(?:-fashioned| fashioned| school|-school|-timey| world)\b|\bmiddle aged\b", re.IGNORECASE
)
_ACCENT: Final = re.compile(r"\b([a-z]+)(?:[ -]accent|[ -]accented|[ -]speaking|\s+speaker)\b")
_VOICE_OF: Final = re.compile(r"\b(?:voice of|(?:sounds?|speaks?|talks?) like) an? (?:[a-z]+ly )?([a-z-]+)")
_LEADING_NAME: Final = re.compile(
    r"^\W*(?:(?:the real|an?|the|my|our)\s+)?((?:[A-Z][\w'-]*\.?\s+)*[A-Z][\w'-]+)"
)
_PERSON_NAME: Final = re.compile(r"^(?:the real\s+)?([A-Z][a-z]+(?:\s+[A-Z][a-z.]+){1,2})\b(?!')")
_IMITATES: Final = re.compile(
    r"\b(?:the real|impersonat\w+|deepfake of|clone of|(?:looks?|sounds?) (?:exactly |just )?like)"
    r"\s+[A-Z][a-z]+\s+[A-Z][a-z]+"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a description."""

    parsed: Parsed
    species: str
    """"human" or a noun."""
    family: str
    """"human" or the lexicon's section of the species."""
    role: str
    gender: Gender
    gender_said: bool
    """False when the gender of a human was drawn by the seed."""
    age: AgeBand
    voice_class: VoiceClass
    accent: str
    pitch: float
    pace: float
    texture: float
    big5: Mapping[str, float]
    mood: Emotion
    traits: tuple[str, ...]
    kind: Kind
    real_person: bool

    def voice_brief(self) -> VoiceBrief:
        """What the description says about the voice."""
        return VoiceBrief(
            self.parsed.text,
            self.gender,
            self.age,
            self.voice_class,
            self.accent,
            self.pitch,
            self.pace,
            self.texture,
        )


def read_description(description: str, *, seed: int) -> Reading:
    """Read a description by rules alone.

    Args:
        description: The user's words.
        seed: Draws the gender of a human whose description names none.

    Raises:
        UsageError: Empty, too long, or no words.
        WeightsError: A word needs the embedding model and it cannot be had.
    """
    parsed = parse(clean_description(description))
    species, family, role = read_species(parsed)
    gender, said = _gender(parsed, family, seed)
    age = age_band_of(parsed.core)
    scores = score(parsed.core, _unknown_words(parsed, species))
    role = " ".join(word for word in role.split() if word not in scores.traits)
    pitch, pace, texture = (scores.sound[name] for name in ("pitch", "pace", "texture"))
    if age == "old":
        pace, texture = max(pace - 0.1, 0.05), max(texture - 0.1, 0.05)
    return Reading(
        parsed=parsed,
        species=species,
        family=family,
        role=role,
        gender=gender,
        gender_said=said,
        age=age,
        voice_class=_voice_class(parsed, family, species, age),
        accent=_accent(parsed),
        pitch=pitch,
        pace=round(pace, 2),
        texture=round(texture, 2),
        big5=scores.big5,
        mood=scores.mood,
        traits=scores.traits,
        kind=_kind(parsed),
        real_person=_real_person(parsed),
    )


def _gender(parsed: Parsed, family: str, seed: int) -> tuple[Gender, bool]:
    """Gender by words, name, or for a human by the seed; things without one are neutral."""
    lex = lexicon()
    # "Madame Brumm, a bear": a title in the name tells as much as a word of the phrase.
    for words in (parsed.phrase, words_of(parsed.name), words_of(parsed.core)):
        said = [label for word in words if (label := lex.gender_of(word))]
        if "neutral" in said:
            return "neutral", True
        if said:
            return cast("Gender", max(dict.fromkeys(reversed(said)), key=said.count)), True
    leading = _LEADING_NAME.match(parsed.text)
    named = gender_of_name(parsed.name or (leading[1] if leading else ""))
    if named != "neutral" or family != "human":
        return named, named != "neutral"
    return _gender_of_a_person(parsed, seed)


def _gender_of_a_person(parsed: Parsed, seed: int) -> tuple[Gender, bool]:
    """Gender of a human whom neither words nor a name tell: by a foreign article, or the seed."""
    if _NEUTRAL.search(parsed.text):
        return "neutral", True
    words = [] if parsed.english else words_of(parsed.text)
    if words and (article := _ARTICLES.get(words[0])):
        return article, True
    return ("male", "female")[int(generator(seed, "gender").integers(2))], False


def age_band_of(core: str) -> AgeBand:
    """Age band by number, decade or word; "adult" where nothing is said.

    Args:
        core: Words about somebody.
    """
    if (years := _years_said(core)) is not None:
        return _band(years)
    if lexicon().lists["teens"] & set(words_of(core)):
        return "young"
    if match := _DECADE.search(core):
        decade = match[1].lower()
        if decade in {"teens", "twenties", "10s", "20s"}:
            return "young"
        return "old" if decade[:3] in {"six", "sev", "eig", "nin", "60s", "70s", "80s", "90s"} else "adult"
    lex = lexicon()
    words = words_of(_NOT_OLD.sub(" ", core))
    bands = [lex.age[word] for word in words if word in lex.age]
    if "child" in bands and "old" not in bands:
        return "child"
    return cast("AgeBand", bands[0]) if bands else "adult"


def _years_said(core: str) -> int | None:
    """The age that is told in figures or in words."""
    if match := _AGE_NUMBER.search(core):
        return int(match[1] or match[2])
    for match in _AGE_IN_WORDS.finditer(core):
        years = value_of(match[1] or match[2])
        if years is not None and (match[1] or years >= _OF_CHILDREN):
            return int(years)
    return None


def _band(years: int) -> AgeBand:
    if years <= 12:
        return "child"
    if years <= 29:
        return "young"
    return "adult" if years < 60 else "old"


def _accent(parsed: Parsed) -> str:
    """Accent by an "X accent", an adjective of the head phrase, or the home."""
    lex = lexicon()
    for word in _ACCENT.findall(parsed.core.lower()):
        if word in lex.accents:
            return lex.accents[word]
    teaches = bool(parsed.phrase) and parsed.phrase[-1] in {"teacher", "tutor", "professor", "student"}
    of_clause = re.findall(r"\bof an? (\w+)", parsed.core.lower())
    for word in (*parsed.phrase, *words_of(parsed.home), *of_clause):
        if word in lex.accents and not (teaches and word in parsed.phrase):
            return lex.accents[word]
    return "us"


def voice_class_of(family: str, species: str, age: AgeBand) -> VoiceClass:
    """The kind of voice that a being of this age has.

    Args:
        family: "human", or a section of the lexicon.
        species: "human" or a noun.
        age: Children sound like children if they are people.
    """
    if family == "human":
        return "child" if age == "child" else "human"
    known = lexicon().species.get(species)
    if known is not None:
        return known.voice_class
    return next(s.voice_class for s in lexicon().species.values() if s.family == family)


def _voice_class(parsed: Parsed, family: str, species: str, age: AgeBand) -> VoiceClass:
    """The class of the being, unless the words lend it another's voice or make a large being small."""
    lent = _VOICE_OF.search(parsed.core.lower())
    other = lexicon().known_species(lent[1]) if lent else None
    if other is not None:
        return other.voice_class
    own = voice_class_of(family, species, age)
    small = own == "creature-low" and not lexicon().lists["small"].isdisjoint(parsed.phrase)
    return "creature-high" if small else own


def _kind(parsed: Parsed) -> Kind:
    text = parsed.text.lower()
    if re.search(r"\b(?:average|typical|ordinary|stereotypical)\b", text):
        return "demographic"
    if re.search(r"\b(?:myself|my own (?:clone|avatar|self)|an? avatar of me)\b", text):
        return "individualized"
    return "character"


def _real_person(parsed: Parsed) -> bool:
    """Whether the words seem to mean somebody who exists: a bare full name, or "sounds like First Last"."""
    if _IMITATES.search(parsed.text):
        return True
    name = _PERSON_NAME.match(parsed.text)
    if name is None or parsed.name:
        return False
    lex = lexicon()
    lowered = words_of(name[1])
    listed = (w in lex.traits or w in lex.accents or w in lex.age or lex.is_role(w) for w in lowered)
    return not any(listed) and not any(lex.known_species(w) for w in lowered)


def _unknown_words(parsed: Parsed, species: str) -> list[str]:
    """Modifiers of the head that no list knows: candidates for borrowed traits."""
    lex = lexicon()
    if not parsed.english:
        return []
    lists = (lex.traits, lex.sound, lex.gender, lex.age, lex.accents, lex.places)
    return [
        word
        for word in parsed.phrase[:-1]
        if word != species
        and word not in lex.lists["plain"]
        and not any(word in known for known in lists)
        and not lex.known_species(word)
        and not lex.is_role(word)
    ]
