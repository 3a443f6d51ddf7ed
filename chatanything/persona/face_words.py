"""Whether a face that is described in words can be this character's."""

from __future__ import annotations

import re
from typing import Final

from chatanything.types import AgeBand, Gender

ONCE_HUMAN: Final = frozenset({"human", "ghost", "humanlike-fantasy"})
"""Families that may have a human life and face."""
_PERSON: Final = re.compile(
    r"\b(?:(?:old|young|elderly|middle-aged|wise) )?(?:man|woman|boy|girl|lady|gentleman|person|human)\b",
    re.IGNORECASE,
)
_OLD_HAIR: Final = r"\b(?:white|gr[ae]y|silver)(?:ing)? (?:hair|mou?stache|beard|brows)"
_OTHER_AGES: Final = {
    "adult": re.compile(
        r"\belderly\b|\bold (?:man|woman|person)\b|\bboy\b|\bgirl\b|\bchild\b", re.IGNORECASE
    ),
    "old": re.compile(r"\byoung\b|\bchild\b", re.IGNORECASE),
    "young": re.compile(rf"\bold\b|\belderly\b|\bwrinkle|{_OLD_HAIR}", re.IGNORECASE),
    "child": re.compile(rf"\bold\b|\badult\b|\bbeard|\bmou?stache|{_OLD_HAIR}", re.IGNORECASE),
}
_MALE_WORDS: Final = re.compile(r"\b(?:man|boy|gentleman|beard|mustache|moustache|bearded)\b", re.IGNORECASE)
_FEMALE_WORDS: Final = re.compile(r"\b(?:woman|girl|lady)\b", re.IGNORECASE)
_NEITHER: Final = re.compile(r"\b(?:man|boy|gentleman|woman|girl|lady|his|her|he|she)\b", re.IGNORECASE)
"""Not of somebody whose gender nobody told: the voice is neither a man's nor a woman's."""
_ODD_EYES: Final = re.compile(
    r"\b(?:(?:one|single|three|four|many|no) (?:\w+ ){0,2}eyes?|an? (?:\w+,? ){0,3}eye|"
    r"(?:no|without an?|two) (?:\w+ )?(?:mouths?|face))\b",
    re.IGNORECASE,
)
"""A face that landmarks cannot guide: they have two eyes and a mouth."""


def look_conflict(text: str, species: str, family: str, gender: Gender, age: AgeBand) -> str:
    """Why a face that is described so cannot be this character's; "" if it can.

    Args:
        text: About the face.
        species: Of the character.
        family: Section of the lexicon that the species is in, or "human".
        gender: Of the character.
        age: Of the character.
    """
    other = {"male": _FEMALE_WORDS, "female": _MALE_WORDS}.get(
        gender, _NEITHER if family == "human" else None
    )
    wrong_age = _OTHER_AGES.get(age)
    if family not in ONCE_HUMAN and _PERSON.search(text):
        return f"a person's face for a {species}"
    if other is not None and other.search(text):
        return "the other gender"
    return "the wrong age" if wrong_age is not None and wrong_age.search(text) else ""


def has_odd_face(text: str, said: str) -> bool:
    """Whether a described face has no two eyes or no one mouth, and nobody asked for that.

    Args:
        text: About the face.
        said: The description of the character.
    """
    return _ODD_EYES.search(text) is not None and _ODD_EYES.search(said) is None
