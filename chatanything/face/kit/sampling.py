"""Random plausible characters."""

from __future__ import annotations

import random

from chatanything.face.kit.generic import STUFFS, TINTS
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import (
    BACKGROUNDS,
    CLOTH_COLORS,
    FACES,
    GLASSES,
    SKINS,
    Brows,
    Character,
    Eyes,
    Mouth,
    Nose,
)
from chatanything.face.kit.places import PLACES

_GROWN = 0.22
_ANY_HATS = ("cap", "sailor", "beanie", "crown", "straw hat", "beret", "headphones", "flower", "bow")
_GROWN_HATS = ("fedora", "top hat", "chef", "hard hat", "police", "cowboy", "headscarf", "turban")
_BEARDS = ("none", "none", "none", "moustache", "handlebar", "goatee", "full", "full")
_OUTFITS = ("plain", "sweater", "shirt", "suit", "hoodie", "uniform", "lab coat", "apron", "scarf")
_CHILD_OUTFITS = ("plain", "plain", "sweater", "hoodie", "scarf")
_GIRL_HAIR = ("pigtails", "braids", "bangs", "bob", "ponytail", "space buns", "curly", "wavy")
_WOMAN_HAIR = (
    "bob",
    "long",
    "wavy",
    "bangs",
    "bun",
    "ponytail",
    "pixie",
    "curly",
    "ringlets",
    "braids",
    "space buns",
)
_OLD_WOMAN_HAIR = ("bun", "bun", "bob", "pixie", "curly", "wavy")
_BOY_HAIR = ("short", "bowl", "spiky", "side part", "curly")
_MAN_HAIR = (
    "short", "side part", "slicked back", "undercut", "spiky", "quiff", "buzz", "curly", "topknot",
    "receding", "mohawk",
)  # fmt: skip
_OLD_MAN_HAIR = ("balding", "receding", "bald", "side part", "slicked back", "short")


def sample(rng: random.Random, kind: str | None = None, pose: float = 0.0) -> Character:
    """Random plausible character; ``pose`` 0..1 scales the head rotation range of 25 degrees."""
    u = rng.uniform
    kind = kind or rng.choice(tuple(KINDS))
    c = Character(
        kind=kind,
        variant=rng.randrange(4),
        background=rng.choice((*BACKGROUNDS, *PLACES)),
        cloth=rng.choice(list(CLOTH_COLORS)),
    )
    c.eyes = Eyes(
        u(0.94, 1.14),
        u(0.96, 1.06),
        rng.choice(KINDS[kind].irises),
        u(0.9, 1.15),
        u(-0.6, 0.8),
        u(0.9, 1.1),
    )
    c.brows = Brows(u(0.7, 1.4), u(0.3, 1), u(0.05, 0.5), u(-0.7, 0.0))
    c.nose = Nose(u(0.8, 1.25), u(0.8, 1.3), u(0.9, 1.12), u(-0.5, 0.8))
    c.mouth = Mouth(u(0.88, 1.15), u(0.7, 1.3), u(0.75, 1.35))
    c.head_width, c.jaw_width, c.chin, c.cheeks, c.ears = (
        u(0.94, 1.08),
        u(0.88, 1.12),
        u(0.85, 1.2),
        u(0.85, 1.2),
        u(0.85, 1.25),
    )
    c.light = (rng.choice((-1, 1)) * u(20, 50), u(25, 50))
    body = KINDS[kind]
    c.shoulders = body.shoulders
    c.expression = {
        "mouthSmile": u(0.3, 0.85),
        "jawOpen": rng.choice((0, 0, u(0, 0.25))),
        "browInnerUp": u(0, 0.3),
    }
    if kind == "human":
        _human(rng, c)
    else:
        if kind in ("thing", "creature"):
            c.tint = rng.choice((*TINTS, *TINTS, ""))
            c.stuff = rng.choice(tuple(STUFFS)) if kind == "thing" else "plastic"
        c.age = 0.3
        c.lashes = rng.choice((0.0, 0.2, 0.6))
        if kind == "alien":
            c.eyes.size = u(1.1, 1.22)
        c.hat = rng.choice(("none", "none", "none", "none", *_ANY_HATS)) if not body.own_top else "none"
        c.glasses = rng.choice(("none", "none", "none", "none", "round", "square"))
    if pose:
        c.yaw, c.pitch, c.roll = u(-25, 25) * pose, u(-18, 18) * pose, u(-15, 15) * pose
    return c


def _human(rng: random.Random, c: Character) -> None:
    """What only people have."""
    u = rng.uniform
    c.gender = rng.choice(("man", "woman"))
    c.age = rng.choice((u(0.05, 0.2), u(0.25, 0.5), u(0.25, 0.5), u(0.55, 0.75), u(0.8, 1.0)))
    c.skin = rng.randrange(len(SKINS))
    c.face = rng.choice(FACES)
    c.build = rng.choice((0.0, u(-1, -0.4), u(0.3, 1.0))) * (c.age >= _GROWN)
    woman, child, old = c.gender == "woman", c.age < _GROWN, c.age > 0.65
    c.lashes = u(0.35, 0.75) if woman else u(0.0, 0.3)
    if woman:
        c.eyes.size = u(1.02, 1.16)
        c.brows.thickness, c.jaw_width = u(0.6, 0.95), u(0.85, 0.98)
        c.lipstick = rng.random() < 0.5 and not child
        c.makeup = u(0.4, 1.0) if rng.random() < 0.4 and not child else 0.0
    else:
        c.brows.thickness = u(1.0, 1.6)
        if not child:
            c.stubble = u(0.6, 1.0) if rng.random() < 0.25 else 0.0
            c.beard = rng.choice((*_BEARDS, "long", "full") if old else _BEARDS)
    suit_skin(rng, c)
    c.hair = _hair(rng, c)
    if child:
        c.eyes.size, c.eyes.iris_size = u(1.26, 1.36), u(1.1, 1.22)
        c.cheeks, c.chin, c.face = u(0.98, 1.12), u(0.8, 0.95), rng.choice(("oval", "round"))
        c.jaw_width, c.head_width = u(0.95, 1.04), u(1.0, 1.07)
        c.nose.size, c.nose.length, c.nose.upturn = u(0.66, 0.8), u(0.82, 0.92), u(0.2, 0.8)
        c.mouth.width = u(0.82, 0.98)
        c.brows.thickness *= 0.75
    elif old:
        c.ears *= 1.12
        c.nose.size *= 1.08
        c.mouth.upper *= 0.8
        c.eyes.tilt -= 0.3
    c.shaven = c.beard == "long" or (c.beard == "full" and rng.random() < 0.4)
    if c.beard != "none" and not c.shaven:  # full lips between moustache and beard read as an open mouth
        c.mouth.upper, c.mouth.lower = min(c.mouth.upper, 0.3), min(c.mouth.lower, 0.4)
    c.freckles = u(0.4, 1) if c.skin < 3 and rng.random() < 0.3 else 0.0
    c.mole, c.scar = rng.random() < 0.12, rng.random() < 0.05 and not child
    hats: tuple[str, ...] = _ANY_HATS if child else (*_ANY_HATS, *_GROWN_HATS)
    if not woman:
        hats = tuple(hat for hat in hats if hat not in ("flower", "bow", "headscarf"))
    c.hat = rng.choice(hats) if rng.random() < 0.4 else "none"
    c.glasses = (
        rng.choice(GLASSES[1:5] if woman else ("round", "square", "aviator"))
        if rng.random() < 0.35
        else "none"
    )
    c.outfit = rng.choice(_CHILD_OUTFITS if child else _OUTFITS + (("dress",) * 3 if woman else ("suit",)))
    if c.hat == "headscarf" and c.outfit == "dress":
        c.outfit = "sweater"


def suit_skin(rng: random.Random, c: Character) -> None:
    """Hair colour, eyes, nose and lips that go with the character's skin and age."""
    u = rng.uniform
    _, _, hairs, irises = SKINS[c.skin]
    c.hair_color = rng.choice(hairs)
    if c.age >= 0.8:
        c.hair_color = rng.choice(("grey", "white"))
    elif c.age >= 0.6:
        c.hair_color = rng.choice(("grey", hairs[-1]))
    c.eyes.iris = rng.choice(irises)
    full = (1.05, 1.45) if c.skin >= 5 else (0.75, 1.2)
    if c.gender == "woman":
        full = (full[0] + 0.15, full[1] + 0.1)
    c.mouth.upper, c.mouth.lower = u(*full), u(*full)
    if c.skin >= 6:
        c.nose.width, c.nose.length = u(1.12, 1.4), u(0.9, 1.02)
    elif c.skin in (4, 5):
        c.nose.width, c.nose.length = u(0.95, 1.2), u(1.0, 1.12)
    elif c.skin in (1, 2, 3) and rng.random() < 0.35:  # East Asian features
        c.hair_color = c.hair_color if c.age >= 0.6 else "black"
        c.eyes.iris = rng.choice(("brown", "dark brown"))
        c.eyes.openness, c.eyes.tilt = u(0.74, 0.86), u(0.5, 0.9)
        c.nose.width, c.nose.length, c.nose.size = u(0.95, 1.1), u(0.86, 0.96), u(0.8, 0.95)
    else:
        c.nose.width = u(0.8, 1.02)


def _hair(rng: random.Random, c: Character) -> str:
    """A style that fits gender, age and skin."""
    child, old = c.age < _GROWN, c.age > 0.65
    styles: tuple[str, ...]
    dark: tuple[str, ...]
    if c.gender == "woman":
        styles = _GIRL_HAIR if child else _OLD_WOMAN_HAIR if old else _WOMAN_HAIR
        dark = ("afro", "afro puffs", "braids", "curly", "dreadlocks")
    else:
        styles = _BOY_HAIR if child else _OLD_MAN_HAIR if old else _MAN_HAIR
        dark = ("afro", "buzz", "dreadlocks", "curly", "short") if not old else ("buzz", "bald", "short")
    return rng.choice(dark if c.skin >= 5 and rng.random() < 0.6 else styles)
