"""The word lists of `lexicon.toml`, parsed once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast, get_args

from chatanything.types import Emotion, VoiceClass

BIG5_LETTERS: Final = MappingProxyType(
    {"O": "openness", "C": "conscientiousness", "E": "extraversion", "A": "agreeableness", "N": "neuroticism"}
)
SOUND_LETTERS: Final = MappingProxyType({"p": "pitch", "s": "pace", "t": "texture"})


@dataclass(frozen=True, slots=True)
class Effect:
    """What one word says about a character, in steps of -3..3 a dimension."""

    big5: Mapping[str, float] = field(default_factory=dict)
    sound: Mapping[str, float] = field(default_factory=dict)
    mood: Emotion | None = None


@dataclass(frozen=True, slots=True)
class Species:
    """One kind of non-human being."""

    noun: str
    family: str
    """Section of the lexicon: "small-animal", "thing", ..."""
    voice_class: VoiceClass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All word lists; words in lower case, hyphens kept."""

    traits: Mapping[str, Effect]
    sound: Mapping[str, Effect]
    gender: Mapping[str, str]
    age: Mapping[str, str]
    species: Mapping[str, Species]
    roles: frozenset[str]
    role_suffixes: tuple[str, ...]
    tending: frozenset[str]
    trades: frozenset[str]
    places: frozenset[str]
    accents: Mapping[str, str]
    lists: Mapping[str, frozenset[str]]
    """Closed lists by name: "negations", "articles", ..."""

    def known_species(self, word: str) -> Species | None:
        """The species of a noun, singular or plural."""
        return next((self.species[form] for form in singulars(word) if form in self.species), None)

    def gender_of(self, word: str) -> str:
        """Gender that a word says, also by its end ("countess", "paperboy"); "" when it says none."""
        if word in self.gender:
            return self.gender[word]
        if word in self.lists["not_women"] or word in self.lists["not_men"]:
            return ""
        titled = word.endswith("ess") and not word.endswith(("less", "ness"))
        if titled or word.endswith(tuple(self.lists["woman_ends"])):
            return "female"
        return "male" if word.endswith(tuple(self.lists["man_ends"])) else ""

    def is_role(self, word: str) -> bool:
        """Whether a noun names what a person does or is."""
        if word in self.roles or word in self.tending:
            return True
        if word in self.traits or word in self.sound or self.known_species(word):
            return False
        return len(word) > 4 and word.endswith(self.role_suffixes)


def singulars(word: str) -> tuple[str, ...]:
    """The word and its possible singular forms."""
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    return tuple(forms)


@lru_cache(maxsize=16)
def load_toml(name: str) -> dict[str, Any]:
    """A data file of this package, read once; nobody may change it."""
    return tomllib.loads(files("chatanything.persona").joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def word_list(name: str) -> frozenset[str]:
    """A closed list of words of faithfulness.toml."""
    return frozenset(load_toml("faithfulness.toml")[name].split())


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The parsed lexicon."""
    raw = load_toml("lexicon.toml")
    species = {}
    for family, entry in raw["species"].items():
        assert entry["voice_class"] in get_args(VoiceClass)
        for noun in entry["words"].split():
            species[noun] = Species(noun, family, entry["voice_class"])
    return Lexicon(
        traits={word: _effect(text) for word, text in raw["traits"].items()},
        sound={word: _effect(text) for word, text in raw["sound"].items()},
        gender=_inverted(raw["gender"]),
        age=_inverted(raw["age"]),
        species=species,
        roles=frozenset(raw["roles"]["words"].split()),
        role_suffixes=tuple(raw["roles"]["suffixes"].split()),
        tending=frozenset(raw["roles"]["tending"].split()),
        trades=frozenset(raw["roles"]["trades"].split()),
        places=frozenset(raw["roles"]["places"].split()),
        accents=_inverted(raw["accents"]),
        lists={name: frozenset(words.split()) for name, words in raw["lists"].items()},
    )


def _inverted(lists: Mapping[str, str]) -> dict[str, str]:
    return {word: label for label, words in lists.items() for word in words.split()}


def _effect(text: str) -> Effect:
    mood = re.search(r"mood=(\w+)", text)
    steps = {letter: float(value) for letter, value in re.findall(r"\b([OCEANpst])([+-]\d)", text)}
    if mood:
        assert mood[1] in get_args(Emotion)
    return Effect(
        {BIG5_LETTERS[key]: value for key, value in steps.items() if key in BIG5_LETTERS},
        {SOUND_LETTERS[key]: value for key, value in steps.items() if key in SOUND_LETTERS},
        cast("Emotion", mood[1]) if mood else None,
    )
