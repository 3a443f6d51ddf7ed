"""Words that tell who speaks: gender, age, kind of creature, accent, and manner; data in words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from chatanything.types import AgeBand, Gender, VoiceClass

_DATA: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(text: str) -> list[str]:
    return [word.replace("+", " ") for word in text.split()]


def _table(name: str) -> Mapping[str, Any]:
    return MappingProxyType({word: group for group, text in _DATA[name].items() for word in _words(text)})


def _set(name: str) -> frozenset[str]:
    return frozenset(_words(_DATA["sets"][name]))


GENDER_NOUNS: Final[Mapping[str, Gender]] = _table("gender")
PRONOUNS: Final[Mapping[str, Gender]] = _table("pronouns")
NAMES: Final[Mapping[str, Gender]] = _table("names")
AGES: Final[Mapping[str, AgeBand]] = _table("age")
CLASSES: Final[Mapping[str, VoiceClass]] = _table("class")
ACCENTS: Final[Mapping[str, str]] = _table("accent")

EXPLICIT_AGES: Final = _set("explicit_ages")
SMALL: Final = _set("small")
HUGE: Final = _set("huge")
NOT_ACCENT_BEFORE: Final = _set("not_accent_before")
NOT_ACCENT_ASIDE: Final = NOT_ACCENT_BEFORE | _set("not_accent_aside")
HANDLERS: Final = _set("handlers")

MANNER: Final[Mapping[tuple[str, str], float]] = MappingProxyType(
    {
        (word, entry["dimension"]): float(entry["value"])
        for entry in _DATA["manner"]
        for word in _words(entry["words"])
    }
)
"""(Word, dimension of VoiceBrief) -> value 0..1."""
