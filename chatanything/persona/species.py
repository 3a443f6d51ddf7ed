"""What a character is: its species by the head noun, and its role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.persona.lexicon import Lexicon, Species, lexicon
from chatanything.persona.parse import Parsed
from chatanything.types import Float32

_UNREAL: Final = frozenset({"robot", "ghost", "small-fantasy", "large-fantasy", "humanlike-fantasy"})
_DOES: Final = (
    (re.compile(r"\bsings?\s+(\w+)"), "{} singer"),
    (re.compile(r"\b(?:who|that) sings?\b"), "singer"),
    (re.compile(r"\bplays? (?:the )?(\w+)"), "{} player"),
    (re.compile(r"\bteach(?:es)? (\w+)"), "{} teacher"),
    (re.compile(r"\bsells? (\w+)"), "{} seller"),
    (re.compile(r"\bpaints?\b"), "painter"),
    (re.compile(r"\bbakes?\b"), "baker"),
    (re.compile(r"\b(?:tells?|telling) (?:\w+ )?stories\b"), "storyteller"),
)
_WORKS_AS: Final = re.compile(
    r"\b(?:is|works as|working as|became|wants to be|dreams of being) an? ([\w' -]{3,40})"
)
_AGE: Final = re.compile(r"[\w-]*\byears?-old|[\w-]+-aged")
_SOMEBODY: Final = re.compile(r"^\W*(?:somebody|someone|a person|people)\b", re.IGNORECASE)
_SURE: Final = 0.5
"""Cosine from which an unlisted noun counts as an occupation."""
_FAMILIES: Final = {
    "human": "teacher sailor queen barista astronaut grandmother plumber cellist",
    "small-animal": "mouse sparrow hamster beetle",
    "animal": "fox goat turtle octopus",
    "large-animal": "elephant whale bear rhinoceros",
    "plant": "apple carrot tulip cactus",
    "food": "cupcake taco cheese pretzel",
    "thing": "teapot lamp umbrella hammer guitar",
    "large-thing": "lighthouse tractor mountain",
    "robot": "robot android",
    "small-fantasy": "fairy goblin",
    "large-fantasy": "dragon troll",
}


def read_species(parsed: Parsed) -> tuple[str, str, str]:
    """Species, its family, and the role.

    The head noun decides: a teapot is a teapot, an apple farmer is a person, a robot chef is a robot.
    """
    lex = lexicon()
    head = parsed.phrase[-1] if parsed.phrase else ""
    modifiers = parsed.phrase[:-1]
    being = lex.known_species(head)
    if being is not None and not (head in lex.roles and modifiers):
        people = lex.lists["gendered_people"]
        trades = (w for w in modifiers if (w in lex.roles or w in lex.tending) and w not in people)
        role = " ".join(trades) or _deed(parsed)
        return being.noun, being.family, role
    if head and lex.is_role(head):
        modifier = _modifier_species(modifiers, head, lex)
        role = _role_words(parsed.phrase, lex, modifier)
        if modifier is not None:
            return modifier.noun, modifier.family, role or _deed(parsed)
        return "human", "human", role or _deed(parsed)
    for word in reversed(modifiers):
        if (being := lex.known_species(word)) and word not in lex.places and word not in lex.lists["tints"]:
            return being.noun, being.family, _deed(parsed)
    return _unlisted(parsed, head)


def _unlisted(parsed: Parsed, head: str) -> tuple[str, str, str]:
    """A head noun in no list: its family by meaning."""
    lex = lexicon()
    described = head in lex.traits or head in lex.sound or head in lex.age or head in lex.gender
    proper = bool(head) and re.search(rf"\b{re.escape(head)}\b", parsed.text) is None
    somebody = _SOMEBODY.match(parsed.text) is not None or head in lex.lists["decades"]
    if not head or somebody or described or proper or head == "character" or not parsed.english:
        return "human", "human", _deed(parsed)
    family, cosine = _nearest_family(head)
    if family == "human":
        return "human", "human", head if cosine >= _SURE else _deed(parsed)
    return head, family, _deed(parsed)


def _modifier_species(modifiers: Sequence[str], head: str, lex: Lexicon) -> Species | None:
    """The non-human being among the words before a role, if they name the speaker and not the work."""
    people = lex.lists["gendered_people"]
    for word, following in zip(reversed(modifiers), (head, *reversed(modifiers)), strict=False):
        being = lex.known_species(word)
        studied = following in lex.lists["subjects"]
        if being is None or studied or word in lex.traits or word in lex.sound:
            continue
        unreal_person = being.family in _UNREAL and (head in people or head in lex.trades)
        if unreal_person or (head not in lex.tending and word not in lex.places):
            return being
    return None


def _role_words(phrase: Sequence[str], lex: Lexicon, species: Species | None) -> str:
    """The phrase without adjectives and without the species: "lighthouse keeper"."""
    kept = []
    for word in phrase:
        adjective = word in lex.traits or word in lex.sound or word in lex.accents
        labels = word in lex.gender or word in lex.age
        is_species = species is not None and species == lex.known_species(word)
        if not adjective and not is_species and not (labels and word != phrase[-1]):
            kept.append(word)
    # "A seven-year-old girl" is an age and no work.
    role = " ".join(word for word in kept if not _AGE.fullmatch(word))
    role = " ".join(role.split()[-3:])
    return "" if role in lex.lists["gendered_people"] or role in {"person", "human", "character"} else role


def _deed(parsed: Parsed) -> str:
    """A role told by a verb: "who sings opera" is an opera singer."""
    text = parsed.core.lower()
    if (works := _WORKS_AS.search(text)) and lexicon().is_role(works[1].split()[-1]):
        return works[1].strip()
    for pattern, role in _DOES:
        if match := pattern.search(text):
            return role.format(*match.groups())
    return ""


def _nearest_family(noun: str) -> tuple[str, float]:
    families, vectors = _family_vectors()
    cosines = vectors @ embed([f"a {noun}"])[0]
    best = int(np.argmax(cosines))
    return families[best], float(cosines[best])


@lru_cache(maxsize=1)
def _family_vectors() -> tuple[tuple[str, ...], Float32]:
    pairs = [(family, word) for family, words in _FAMILIES.items() for word in words.split()]
    return tuple(family for family, _ in pairs), embed([f"a {word}" for _, word in pairs])
