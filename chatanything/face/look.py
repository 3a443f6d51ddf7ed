"""Words about a look -> the parameters of a character."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

import numpy as np

from chatanything.embeddings import embed
from chatanything.face import looks
from chatanything.face.kit.generic import TINTS
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import BACKGROUNDS, CLOTH_COLORS, Character
from chatanything.face.kit.sampling import sample, suit_skin
from chatanything.face.synonyms import synonyms
from chatanything.seeds import derive
from chatanything.types import Float32, LookBrief

_Meaning = TypeVar("_Meaning")
_BEARDED_LIPS: Final = (0.3, 0.4)
"""Most thickness of upper and lower lip with a beard."""
_DESCRIBED: Final = tuple(kind for kind in KINDS.values() if kind.meaning)
_WORD: Final = re.compile(r"[a-z]+")
_PERSONS: Final = ("", "human", "person")
_CLOSE: Final = 0.5
"""Similarity of meaning from which a kind's body stands for an unknown word."""
_HEAD_END: Final = re.compile(
    r"[^a-z -]|\b(?:who|whose|that|which|with|without|from|of|in|on|at|by|for|and|wearing|surrounded)\b"
)


def design(look: LookBrief, seed: int) -> Character:
    """A character for a brief: what the words say is kept, the seed decides the rest.

    Args:
        look: The brief; `species` decides the body, `text` the details.
        seed: The same brief and seed give the same character.
    """
    words = _WORD.findall(f"{look.species} {look.text}".lower())
    text = " ".join(words)
    kind, variant, _ = choose_body(look)
    rng = random.Random(derive(seed, "look"))  # noqa: S311 - looks, not secrets
    character = _sample_fitting(rng, kind, look)
    if variant is not None:
        character.variant = variant
    if kind == "human":
        _person(character, text, look, rng)
    _thin_lips(character)
    _wear(character, text, rng)
    _colors(character, text, kind, rng)
    character.expression = dict(looks.MOODS[look.mood])
    return character


class Body(NamedTuple):
    """The kind that stands for a description."""

    kind: str
    variant: int | None
    """The variant that the words ask for."""
    note: str
    """What was not understood; empty when the kit has the very body."""


def choose_body(look: LookBrief) -> Body:
    """The body that fits: by name, by a synonym, by meaning, else a simple thing or creature.

    A person stays one whatever else the words mention ("a keeper who loves his cat", "a dog walker"):
    only the noun at the end of the first phrase may say otherwise.

    Args:
        look: The brief.
    """
    species, text = look.species.lower().strip(), look.text.lower()
    person = species in _PERSONS
    phrase = _HEAD_END.split(text, maxsplit=1)[0].strip()
    head = phrase if person else _HEAD_END.split(species, maxsplit=1)[0].strip()
    places = [(r"\b{}s?$", head)]
    if not person:  # "a blue duffel bag" says more than "bag"
        places = [(r"\b{}s?$", phrase if phrase.endswith(head) else head), (r"\b{}s?\b", head)]
    for pattern, where in places:
        for name, (kind, variant) in _names().items():
            if re.search(pattern.format(re.escape(name)), where):
                return Body(kind, variant, "")
    if person:
        return Body("human", None, "")
    vector = embed([species])[0]
    similarity = _kind_vectors() @ vector
    if similarity.max() >= _CLOSE:
        kind = _DESCRIBED[int(np.argmax(similarity))].name
        return Body(kind, None, f"no shape is known for {species!r}: drawn as a {kind}")
    simple = tuple(looks.SHAPES)
    kind, variant = simple[int(np.argmax(_shape_vectors() @ vector))]
    return Body(kind, variant, f"no shape is known for {species!r}: drawn as a simple {kind}")


@lru_cache(maxsize=1)
def _shape_vectors() -> Float32:
    return embed(list(looks.SHAPES.values()))


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[str, int | None]]:
    """Word -> kind and, where it matters, its variant; longer words first ("polar bear" before "bear")."""
    names: dict[str, tuple[str, int | None]] = dict(synonyms())
    for kind in KINDS.values():
        if kind.name != "human":
            names[kind.name] = (kind.name, None)
            names.update({word: (kind.name, variant) for word, variant in kind.names.items()})
    return dict(sorted(names.items(), key=lambda item: (-len(item[0]), item[0])))


@lru_cache(maxsize=1)
def _kind_vectors() -> Float32:
    return embed([kind.meaning for kind in _DESCRIBED])


def _sample_fitting(rng: random.Random, kind: str, look: LookBrief) -> Character:
    """A random character of the right kind, gender and age band."""
    wanted = {"male": "man", "female": "woman"}.get(look.gender)
    low, high = looks.AGES[look.age]
    for _ in range(200):
        character = sample(rng, kind, 0.06)
        if kind != "human":
            return character
        if (wanted is None or character.gender == wanted) and low <= character.age <= high:
            return character
    return character


def _first(table: Iterable[tuple[str, _Meaning]], text: str) -> _Meaning | None:
    """What the first row says whose pattern is in the text."""
    return next((meaning for pattern, meaning in table if re.search(pattern, text)), None)


def _person(character: Character, text: str, look: LookBrief, rng: random.Random) -> None:
    """Skin, hair, beard and build that the words name."""
    skin = _first(looks.SKIN_WORDS, text)
    if skin is not None:
        character.skin = skin
        suit_skin(rng, character)
    style, color = _first(looks.HAIR_WORDS, text), _first(looks.HAIR_COLOR_WORDS, text)
    if color and not style and character.hair in looks.LITTLE_HAIR:  # hair that is named is seen
        style = rng.choice(looks.PLAIN_HAIR[character.gender == "woman"])
    character.hair, character.hair_color = style or character.hair, color or character.hair_color
    character.build = _first(looks.BUILD_WORDS, text) or character.build
    if look.gender == "male" or (look.gender == "neutral" and character.gender == "man"):
        beard = _first(looks.BEARD_WORDS, text)
        if beard is not None:
            character.beard, character.shaven = beard, False
        if re.search(r"\b(stubble|unshaven)\b", text):
            character.beard, character.stubble = "none", 1.0
    _marks(character, text)
    if look.age == "child":
        character.beard, character.lipstick = "none", False
        character.stubble = character.makeup = 0.0
    if re.search(looks.BEARDED_ROLES, text) and character.gender == "man":
        character.beard = rng.choice(("full", "long")) if look.age != "child" else "none"
        character.shaven = True


def _marks(character: Character, text: str) -> None:
    """Freckles, scars, moles and make-up that the words name."""
    if "freckle" in text:
        character.freckles = 0.9
    character.scar = bool(re.search(r"\b(scar|scarred)\b", text))
    character.mole = character.mole or bool(re.search(r"\b(mole|beauty spot)\b", text))
    if character.gender == "man":
        character.lipstick = False
    elif re.search(r"\b(make up|makeup|glamorous|diva)\b", text):
        character.makeup, character.lipstick = 1.0, True


def _thin_lips(character: Character) -> None:
    """Full lips between moustache and beard read as an open mouth, to people and to detectors."""
    if character.beard != "none" and not character.shaven:
        character.mouth.upper = min(character.mouth.upper, _BEARDED_LIPS[0])
        character.mouth.lower = min(character.mouth.lower, _BEARDED_LIPS[1])


def _wear(character: Character, text: str, rng: random.Random) -> None:
    """Hats, glasses and clothes: named, or going with the role, or none."""
    named = _first(looks.HAT_WORDS, text)
    if named is not None:
        character.hat = named
    elif character.hat not in ("leaf", "antenna"):
        character.hat = "none"
    character.glasses = _first(looks.GLASSES_WORDS, text) or "none"
    outfit = _first(looks.OUTFIT_WORDS, text)
    if outfit is not None and not (outfit == "dress" and character.gender == "man"):
        character.outfit = outfit
    elif character.outfit not in (*looks.CASUAL, "dress"):
        character.outfit = rng.choice(looks.CASUAL)


def _colors(character: Character, text: str, kind: str, rng: random.Random) -> None:
    """Clothes, eyes and background that the words name."""
    for pattern, background in looks.BACKGROUND_WORDS:
        if re.search(pattern, text):
            character.background = background
            break
    else:
        character.background = rng.choice(list(BACKGROUNDS))
    for color in CLOTH_COLORS:
        if re.search(rf"\b{color} {looks.GARMENTS}", text):
            character.cloth = color
    eyes = re.search(r"\b(blue|green|grey|hazel|brown|amber|violet) eye(s|d)?\b", text)
    if eyes:
        character.eyes.iris = eyes.group(1)
    for color, variant in KINDS[kind].colors.items():
        if re.search(rf"\b{color}\b", text):
            character.variant = variant
    if kind in ("thing", "creature"):
        _paint(character, text)


def _paint(character: Character, text: str) -> None:
    """Colour and material of a simple body; what the words leave open, the thing's own material decides."""
    stuff = _first(looks.STUFF_WORDS, text)
    named = next((color for color in TINTS if re.search(rf"\b{color}\b", text)), "")
    tint = named or _first(looks.TINT_WORDS, text) or ""
    if stuff is not None or tint:
        character.stuff, character.tint = stuff or "plastic", tint
