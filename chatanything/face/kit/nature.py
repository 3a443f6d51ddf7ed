"""Bodies from outdoors."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def tree(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A tree trunk with branches, roots and a leafy crown."""
    col = ("#8a623f", "#a87e56", "#6e4c34", "#c9b79c")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#2c1608", 0.7),
            "wood",
            7,
            0.75,
            bump=0.5,
            spec=0.06,
            gloss=8,
            wrap=0.4,
            rim=0.3,
            sss=(0.5, 0.4, 0.3),
        )
    )
    b.cone((0, -0.55, -0.1), 1.12, 0.92, 1.6, 0.15, m)
    b.ellipsoid((0, -0.25, 0.1), (0.86, 0.95, 0.92), m, 0.25)
    for s in (-1, 1):
        b.tube(
            [[s * 0.75, 0.25, -0.1, 0.20], [s * 1.15, 0.55, -0.1, 0.12], [s * 1.45, 0.95, -0.1, 0.06]],
            m,
            0.15,
        )
        b.tube([[s * 0.8, -1.5, 0.1, 0.3], [s * 1.3, -1.85, 0.2, 0.22]], m, 0.25)
    b.group()
    g = b.mat(
        material(
            ("#4f9a3a", "#74ad35", "#3a7d48", "#e09a30")[c.variant % 4],
            "hair",
            ("#2f7028", "#4c8a24", "#265c38", "#c05a20")[c.variant % 4],
            "stone",
            4,
            0.8,
            bump=0.35,
            spec=0.06,
            rim=0.4,
            sss=(0.5, 0.5, 0.3),
        )
    )
    for i in range(15):
        a = i / 15 * math.tau
        b.lumpy(
            (math.cos(a) * 0.82, 0.98 + 0.22 * math.sin(2 * a) * 0.4 + 0.12, -0.1 + math.sin(a) * 0.62),
            (0.42, 0.36, 0.42),
            7,
            0.16,
            g,
            0.12,
        )
    b.lumpy((0, 1.32, -0.15), (0.85, 0.5, 0.7), 7, 0.16, g, 0.15)
    return Host(
        m,
        col,
        mix(col, "#7c2418", 0.5),
        mix("#3a6a20", "#16240a", 0.5) if c.variant % 2 else mix(col, "#140a04", 0.7),
        1.04,
        -0.04,
        "human",
        mix(col, "#ffffff", 0.05),
        1.3,
        0.8,
        -0.1,
        "#c0563c",
        0.25,
        0.95,
    )


def cloud(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A cloud of overlapping puffs."""
    col = ("#e2e8f2", "#c3cede", "#fbe4ec", "#dfe8f4")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#9fb4d8", 0.4),
            "mottle",
            1.6,
            0.4,
            spec=0.03,
            gloss=6,
            wrap=0.8,
            rim=0.5,
            sss=(0.85, 0.85, 0.9),
        )
    )
    b.ellipsoid((0, -0.12, 0), (1.02, 0.98, 0.90), m)
    for x, y, z, r in (
        (-0.95, -0.35, -0.1, 0.55),
        (0.95, -0.38, -0.1, 0.52),
        (-0.72, 0.42, -0.1, 0.58),
        (0.70, 0.48, -0.1, 0.55),
        (0, 0.82, -0.1, 0.60),
        (-0.5, -0.80, 0, 0.46),
        (0.5, -0.82, 0, 0.46),
        (-1.35, -0.62, -0.15, 0.32),
        (1.35, -0.62, -0.15, 0.32),
    ):
        b.sphere((x, y, z), r, m, 0.16)
    return Host(
        m,
        col,
        "#d0607c",
        "#6478a0",
        1.04,
        0.06,
        "ball",
        mix(col, "#f0b8c8", 0.5),
        1.2,
        0.6,
        -0.1,
        "#f58aa4",
        0.55,
        1.0,
    )


def rock(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A boulder with moss on top."""
    col = ("#8b8d92", "#a3907a", "#6f7a84", "#b39a86")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#3c3c40", 0.5),
            "stone",
            3,
            0.7,
            bump=0.35,
            spec=0.08,
            gloss=8,
            wrap=0.35,
            rim=0.3,
            sss=(0.35, 0.3, 0.3),
        )
    )
    b.lumpy((0, -0.02, -0.08), (1.20, 1.12, 1.0), 2.4, 0.34, m)
    b.ellipsoid((0, -0.22, 0.1), (0.82, 0.90, 0.92), m, 0.18)
    b.lumpy((0.75, -0.9, -0.1), (0.5, 0.36, 0.5), 3, 0.2, m, 0.12)
    b.lumpy((-0.8, 0.62, -0.2), (0.4, 0.4, 0.4), 3, 0.2, m, 0.15)
    b.group()
    ms = b.mat(material("#6c9a3c", "hair", "#4a7428", "stone", 7, 0.8, bump=0.4, spec=0.03))
    for x, y, r in ((-0.35, 1.0, 0.36), (0.15, 1.08, 0.42), (0.6, 0.92, 0.3), (0, 1.0, 0.4)):
        b.lumpy((x, y - 0.06, -0.1), (r, r * 0.45, r), 9, 0.12, ms, 0.1)
    return Host(
        m,
        col,
        mix(col, "#7c2c30", 0.5),
        mix("#48642c", "#101808", 0.4),
        1.03,
        0.04,
        "human",
        mix(col, "#ffffff", 0.08),
        1.02,
        0.7,
        -0.1,
        "#c86a5c",
        0.25,
        1.05,
    )


KINDS: Final = (
    Kind(
        "tree",
        tree,
        "plant",
        names={"tree": None, "oak": 0, "willow": 1, "treant": 2},
        meaning="a plant: tree, flower, cactus, bush, sunflower, mushroom, broccoli",
        colors={"oak": 0, "dark": 2, "birch": 3},
        own_top=True,
    ),
    Kind(
        "cloud",
        cloud,
        "cartoon",
        names={"cloud": None},
        meaning="something soft and white: cloud, pillow, marshmallow, cake, snow, sheep's wool, foam",
        colors={"white": 0, "grey": 1, "dark": 1, "pink": 2, "blue": 3},
    ),
    Kind(
        "rock",
        rock,
        "cartoon",
        names={"boulder": None, "stone": None, "rock": None, "mountain": 2, "gargoyle": 2, "golem": 1},
        meaning="a mineral or building: rock, statue, mountain, castle, brick, diamond, planet, moon",
    ),
)
