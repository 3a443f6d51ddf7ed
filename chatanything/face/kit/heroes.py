"""Heroes: people in masks, armour and space suits."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fantasy import hair_of, head, host_of
from chatanything.face.kit.materials import material, mix, skin
from chatanything.face.kit.params import Character

_TONES: Final = ("#f1c3a4", "#9c6440", "#e8b08a", "#d4976c")


def superhero(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A hero: painted mask, strong chin, a wave of hair, a cape with a clasp."""
    col = _TONES[c.variant % 4]
    suit = ("#c8202c", "#2058c0", "#2a9a54", "#7a34b8")[c.variant % 4]
    hair = ("#241c1c", "#1b1614", "#e0a040", "#5f3820")[c.variant % 4]
    m = b.mat(skin(col))
    head(b, m, jaw, 1.0, 1.1, 1.3)
    for s in (-1, 1):
        b.ellipsoid((s * 0.84, -0.10, -0.12), (0.10, 0.22, 0.15), m, 0.06, R=rot(y=-20 * s, z=-8 * s))
        b.decal(m, (s * 0.36, 0.02, 0.7), (0.36, 0.22, 0.7), suit, 0.95, 0.10)
        b.decal(m, (s * 0.62, 0.14, 0.5), (0.26, 0.13, 0.7), suit, 0.95, 0.10)
    b.decal(m, (0, 0.04, 0.8), (0.20, 0.13, 0.5), suit, 0.95, 0.10)
    h = hair_of(b, hair)
    for x, y, r in ((-0.42, 0.98, 0.24), (-0.08, 1.10, 0.28), (0.30, 1.06, 0.24)):
        b.tube(
            [[x - 0.15, y - 0.2, 0.1, r], [x, y + 0.02, 0.38, r], [x + 0.28, y + 0.12, 0.42, r * 0.4]],
            h,
            0.12,
            curve=4,
        )
    cape = b.mat(material(suit, "clothes", mix(suit, "#000000", 0.2), spec=0.25, gloss=16, wrap=0.4, rim=0.5))
    gold = b.mat(material("#f2c23a", "clothes", spec=0.9, gloss=40, metal=0.4))
    b.group()
    for s in (-1, 1):
        b.tube(
            [[s * 0.30, -1.42, 0.35, 0.14], [s * 0.80, -1.22, 0.0, 0.24], [s * 1.15, -1.35, -0.4, 0.30]],
            cape,
            0.1,
        )
        b.sphere((s * 0.42, -1.46, 0.44), 0.15, gold)
    return host_of(m, col, mix(col, "#a8323c", 0.45), mix(hair, "#000000", 0.2))


def knight(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A knight: an open helmet with a gilded rim and crest, and a plume."""
    col = _TONES[c.variant % 4]
    steel = ("#b8c2d0", "#e0b850", "#5a6478", "#c8d0d8")[c.variant % 4]
    plume = ("#d0283c", "#2f62c8", "#e8a020", "#6a38b0")[c.variant % 4]
    m = b.mat(skin(col))
    head(b, m, jaw, 1.0, 1.05, 1.15)
    metal = b.mat(
        material(steel, "hat", spec=0.9, gloss=40, metal=0.55, rim=0.5, tex="brushed", scale=8, amp=0.08)
    )
    trim = b.mat(material(mix(steel, "#c89030", 0.55), "hat", spec=0.9, gloss=40, metal=0.5, rim=0.4))
    b.group()
    b.ellipsoid((0, 0.22, -0.2), (1.04, 1.08, 1.04), metal)
    b.cone((0, -0.72, -0.2), 1.0, 0.98, 0.5, 0.1, metal, 0.2)
    b.ellipsoid((0, -0.30, 0.85), (0.74, 1.02, 1.0), metal, 0.05, op=1)
    b.group()
    turn = np.radians(np.linspace(-36, 216, 29))
    rim = np.column_stack([0.74 * np.cos(turn), -0.24 + 1.0 * np.sin(turn)])
    edge = b.front(rim * (1.06, 1.05)) + 0.01
    b.group()
    b.tube(np.column_stack([rim * (1.05, 1.04), edge, np.full(29, 0.055)]), trim)
    b.tube(
        [[0, 0.84, 0.78, 0.05], [0, 1.10, 0.52, 0.075], [0, 1.26, 0.1, 0.09], [0, 1.2, -0.5, 0.07]],
        trim,
        curve=4,
    )
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 1.02, 0.36, -0.1), 0.16, 0.08, 0.04, trim, R=rot(z=90))
    feather = b.mat(material(plume, "hat", mix(plume, "#ffffff", 0.3), "strands", 3, 0.5, bump=0.5, rim=0.6))
    b.group()
    b.tube(
        [
            [0, 1.18, -0.15, 0.12],
            [0.10, 1.42, -0.2, 0.20],
            [0.52, 1.46, -0.35, 0.22],
            [0.95, 1.20, -0.5, 0.18],
            [1.18, 0.82, -0.6, 0.04],
        ],
        feather,
        curve=4,
    )
    return host_of(m, col, mix(col, "#a8323c", 0.42), "#3a2418")


def astronaut(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An astronaut: white helmet open to the front, ring, ear caps and a lamp."""
    col = _TONES[(c.variant + 1) % 4]
    acc = ("#f07a24", "#2f8ae0", "#e03c50", "#38b080")[c.variant % 4]
    m = b.mat(skin(col))
    head(b, m, jaw, 1.0, 1.02, 1.0)
    hair_of(b, ("#241a16", "#8a4a20", "#e0b860", "#3a2018")[c.variant % 4])
    white = b.mat(material("#f2f3f6", "hat", spec=0.7, gloss=45, rim=0.4))
    inner = b.mat(material("#5a6888", "hat", spec=0.2))
    ring = b.mat(material(acc, "hat", spec=0.7, gloss=40, rim=0.4))
    steel = b.mat(material("#aab4c4", "hat", spec=0.9, gloss=40, metal=0.5))
    b.group()
    b.ellipsoid((0, 0.06, -0.3), (1.36, 1.36, 1.2), white)
    b.box((0, 0.0, 1.3), (2, 2, 1.3), 0.02, white, 0.04, op=1)
    b.ellipsoid((0, 0.06, 0.1), (1.18, 1.18, 1.2), inner, 0.03, op=1)
    b.group()
    b.torus((0, 0.06, 0.02), 1.25, 0.11, ring, R=rot(x=90))
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 1.38, 0.06, -0.2), 0.30, 0.10, 0.05, steel, R=rot(z=90))
    b.group()
    b.torus((0, -1.32, -0.15), 0.80, 0.15, steel)
    b.group()
    b.tube([[1.30, 0.25, -0.2, 0.035], [1.42, 0.95, -0.2, 0.03]], steel)
    b.sphere((1.42, 1.0, -0.2), 0.09, ring)
    return host_of(m, col, mix(col, "#b0384c", 0.42), "#33201a")


KINDS: Final = (
    Kind(
        "superhero",
        superhero,
        "cartoon",
        names={"hero": 0, "super hero": 1, "masked hero": 2},
        meaning="a hero with super powers, a mask and a cape: superhero, avenger, crime fighter",
        colors={"red": 0, "blue": 1, "green": 2, "purple": 3},
        shoulders=True,
        own_top=True,
    ),
    Kind(
        "knight",
        knight,
        "cartoon",
        names={"paladin": 1, "warrior": 2, "black knight": 2, "crusader": 3},
        meaning="a fighter in armour: knight, paladin, warrior, soldier of the middle ages, gladiator",
        colors={"silver": 0, "gold": 1, "black": 2},
        shoulders=True,
        own_top=True,
    ),
    Kind(
        "astronaut",
        astronaut,
        "cartoon",
        names={"cosmonaut": 2, "spaceman": 1, "space traveller": 3},
        meaning="a traveller in a space suit: astronaut, cosmonaut, space explorer, moon walker",
        colors={"orange": 0, "blue": 1, "red": 2, "green": 3},
        shoulders=True,
        own_top=True,
    ),
)
