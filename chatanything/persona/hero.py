"""The hero of a story: goes by one name, and by the pronouns of the card."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from chatanything.persona.lexicon import lexicon
from chatanything.persona.rules import Reading
from chatanything.types import Gender

_HE: Final = re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_SHE: Final = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE)
_AFTER_OBJECT: Final = (
    "until|and|or|but|when|while|as|to|in|on|at|with|for|from|because|that|who|again|by|into"
)
"""Words that follow "her" as an object, not as a possessive."""
_HER_POSSESSIVE: Final = rf"\bher\b(?=\s+(?!(?:{_AFTER_OBJECT})\b)[a-z])"
_HERO: Final = re.compile(
    r"^([A-Z][a-z]+)(?: [A-Z][a-z]+)? (?:is|was|has|had|grew|live[ds]?|were|came|spent|carried|works?|worked|"
    r"learned|found|started|began|became|used|once|loves?|loved)\b"
)
_NO_HEROES: Final = frozenset(
    [
        "it",
        "he",
        "she",
        "they",
        "there",
        "one",
        "this",
        "that",
        "life",
        "everything",
        "nothing",
        "everybody",
        "nobody",
        "somebody",
        "then",
        "here",
        "what",
        "today",
        "every",
        "each",
    ]
)


def called(name: str) -> str:
    """What a story calls somebody: the first name, or all of it after a title.

    Args:
        name: The whole name.
    """
    first = name.partition(" ")[0]
    return name if first.strip(".").lower() in lexicon().lists["titles"] else first


def under_one_name(story: str, name: str, others: Iterable[str] = ()) -> str:
    """A story in which its hero has its own name, in its first words as well.

    The sentence with the name may have been dropped as a mere repetition of the description, and a small
    model may take one of two names that it was offered for the story and the other for the card.

    Args:
        story: The model's.
        name: The first name of the card.
        others: Names that it was offered.
    """
    begun = _HERO.match(story)
    found = [begun[1]] if begun and begun[1].lower() not in _NO_HEROES else []
    sentences = re.split(r"(?<=[.!?])\s+", story)
    # Beside its own name another one is somebody else's.
    told = [one if _has_word(one, name) else _renamed(one, (*found, *others), name) for one in sentences]
    return re.sub(r"^(?:It|He|She)\b", name, " ".join(told))


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text) is not None


def _renamed(text: str, others: Iterable[str], name: str) -> str:
    for other in others:
        text = re.sub(rf"\b{re.escape(other)}\b(?! [A-Z])", name, text)
    return text


def fit_pronouns(text: str, reading: Reading) -> str:
    """For a thing without gender "it" replaces "he" and "she"."""
    if reading.gender != "neutral" or reading.family == "human":
        return text
    swaps = (
        (r"\b(?:he|she)\b", "it"),
        (r"\b(?:himself|herself)\b", "itself"),
        (r"\bhim\b", "it"),
        (r"\b(?:his|hers)\b", "its"),
        (_HER_POSSESSIVE, "its"),
        (r"\bher\b", "it"),
    )
    return _swapped(text, swaps)


def named(story: str, name: str) -> str:
    """A story of somebody whose gender nobody told, with the name in the place of "he" and "she".

    "They" would want another form of every verb.

    Args:
        story: The story.
        name: The first name of the card.
    """
    swaps = (
        (r"\b(?:he|she)\b(?!')", name),
        (r"\b(?:he|she)'s\b", f"{name} is"),
        (r"\b(?:himself|herself)\b", "themselves"),
        (r"\bhim\b", "them"),
        (r"\bhis\b", "their"),
        (_HER_POSSESSIVE, "their"),
        (r"\bher\b", "them"),
    )
    return _swapped(story, swaps)


def _swapped(text: str, swaps: Iterable[tuple[str, str]]) -> str:
    """A text with words in the place of others, large where those were."""
    for pattern, word in swaps:
        text = re.sub(rf"(?-i:{pattern})", word, text)
        text = re.sub(pattern, word[:1].upper() + word[1:], text, flags=re.IGNORECASE)
    return text


def pronouns_conflict(text: str, gender: Gender) -> bool:
    """Whether a story is told of somebody of the other gender.

    Args:
        text: The story.
        gender: Of the card.
    """
    he, she = len(_HE.findall(text)), len(_SHE.findall(text))
    return she > he if gender == "male" else he > she if gender == "female" else False
