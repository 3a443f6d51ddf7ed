"""Bodies of small plants: cactus, mushroom, potted plant."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.flowers import petal_skin, ring
from chatanything.face.kit.fruits import green
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character

_CLAY: Final = ("#c8693c", "#3f7fb8", "#e9e2d4", "#e2b13c")


def _pot(b: SceneBuilder, y: float, color: str, radius: float = 1.0) -> None:
    """A flowerpot under a plant, its rim at a height."""
    b.group()
    m = b.mat(material(color, "extra", mix(color, "#401808", 0.4), "mottle", 6, 0.3, spec=0.2, gloss=14))
    b.cone((0, y - 0.5, -0.05), radius * 0.78, radius * 0.95, 0.5, 0.06, m)
    b.cylinder((0, y, -0.05), radius * 1.08, 0.14, 0.06, m)


def cactus(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A cactus with two arms and a flower, in a pot."""
    col = ("#4f9d4a", "#7fb552", "#3f8f78", "#95b84a")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#10401c", 0.5),
            "mottle",
            5,
            0.35,
            spec=0.2,
            gloss=16,
            wrap=0.5,
            rim=0.4,
            sss=(0.45, 0.6, 0.3),
        )
    )
    b.ribbed((0, 0.02, -0.15), (1.12, 1.36, 1.0), 12, 0.13, m)
    b.ellipsoid((0, -0.04, 0.12), (0.86, 1.0, 0.92), m, 0.12)
    for s in (-1, 1):
        lift = 0.25 if s < 0 else 0.0
        b.tube(
            [
                [s * 0.95, -0.25 + lift, -0.2, 0.24],
                [s * 1.32, -0.2 + lift, -0.2, 0.24],
                [s * 1.36, 0.35 + lift, -0.2, 0.22],
            ],
            m,
            0.1,
            curve=3,
        )
    b.group()
    spine = b.mat(material("#f7f2dc", "extra"))
    for i in range(8):
        a = math.tau * (i + 0.5) / 8
        x, y = 1.1 * math.sin(a), 0.05 + 1.3 * math.cos(a)
        b.tube([[x, y, 0.05, 0.025], [x * 1.1, y * 1.08, 0.12, 0.006]], spine)
    b.group()
    ring(
        b,
        b.mat(petal_skin(("#f2619a", "#f7a531", "#f4e04c", "#e8455a")[c.variant % 4])),
        7,
        0.17,
        (0.1, 0.2, 0.08),
        (1.3, 0.2),
        0.0,
    )
    b.sphere((0, 1.3, 0.3), 0.09, b.mat(material("#fbd95a", "extra")))
    _pot(b, -1.28, _CLAY[(c.variant + 1) % 4])
    return Host(
        m,
        col,
        mix(col, "#8a1c28", 0.62),
        mix(col, "#0c2410", 0.78),
        1.0,
        0.08,
        "ball",
        mix(col, "#e8ffb0", 0.2),
        1.2,
        0.7,
        -0.1,
        blush="#f0707c",
        blush_a=0.4,
        side=0.95,
    )


def mushroom(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A toadstool: the face is on the stem, under a spotted cap."""
    cap, spots = (
        ("#d8302c", "#fbf6ea"),
        ("#a8703f", "#c89a68"),
        ("#7a56c4", "#efe4ff"),
        ("#f0a030", "#fdf1cf"),
    )[c.variant % 4]
    col = "#f3e3c6"
    m = b.mat(
        material(
            col,
            "skin",
            "#d9bd92",
            "mottle",
            4,
            0.35,
            spec=0.16,
            gloss=14,
            wrap=0.55,
            rim=0.35,
            sss=(0.75, 0.5, 0.35),
        )
    )
    b.ellipsoid((0, -0.42, 0), (0.98, 1.12, 0.92), m)
    b.ellipsoid((0, -1.2, 0), (1.08, 0.5, 0.95), m, 0.25)
    b.group()
    top = b.mat(
        material(cap, "extra", mix(cap, "#3c0808", 0.35), "mottle", 3, 0.4, spec=0.5, gloss=26, rim=0.4)
    )
    b.ellipsoid((0, 0.5, -0.1), (1.52, 1.02, 1.3), top)
    b.ellipsoid((0, -0.1, -0.1), (1.7, 0.78, 1.6), top, 0.08, op=1)
    b.group()
    white = b.mat(material(spots, "extra", spec=0.2))
    for x, y, r in (
        (-0.95, 0.98, 0.2),
        (-0.3, 1.2, 0.25),
        (0.45, 1.32, 0.18),
        (0.95, 0.92, 0.23),
        (-1.28, 0.72, 0.12),
        (0.2, 0.88, 0.14),
        (1.32, 0.7, 0.11),
        (-0.62, 0.76, 0.12),
    ):
        z = -0.1 + 1.3 * math.sqrt(max(0.0, 1 - (x / 1.52) ** 2 - ((y - 0.5) / 1.02) ** 2))
        b.ellipsoid((x, y, z - 0.03), (r, r * 0.9, 0.1), white)
    return Host(
        m,
        col,
        "#c4505a",
        "#5c3a1e",
        0.96,
        -0.25,
        "ball",
        "#f6d9bc",
        0.9,
        0.8,
        -0.05,
        blush="#f07a64",
        blush_a=0.5,
        side=0.9,
    )


def potted_plant(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A flowerpot with a face and a tuft of leaves: fern, aloe, or a houseplant."""
    col = _CLAY[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#3c1408", 0.4),
            "mottle",
            5,
            0.3,
            spec=0.26,
            gloss=18,
            wrap=0.45,
            rim=0.3,
            sss=(0.65, 0.45, 0.35),
        )
    )
    b.cone((0, -0.62, -0.1), 0.92, 1.2, 0.95, 0.2, m)
    b.ellipsoid((0, -0.6, 0.12), (0.98, 0.92, 0.96), m, 0.22)
    b.group()
    rim = b.mat(material(mix(col, "#ffffff", 0.08), "extra", spec=0.25, gloss=16))
    b.torus((0, 0.42, -0.1), 1.14, 0.15, rim, stretch=1.3)
    b.cylinder(
        (0, 0.4, -0.1), 1.1, 0.06, 0.03, b.mat(material("#4a2e1c", "extra", tex="mottle", scale=9, amp=0.5))
    )
    base = ("#4f9f3c", "#6fae3a", "#3d8f5a", "#58a860")[c.variant % 4]
    for shade, n, spread, length, back in ((0.0, 6, 54, 1.26, -0.36), (0.3, 5, 72, 0.98, 0.12)):
        b.group()
        g = b.mat(green(mix(base, "#c8e88a", shade)))
        for i in range(n):
            lean = math.radians(spread * (2 * i / (n - 1) - 1))
            x, y = math.sin(lean), math.cos(lean)
            b.tube(
                [
                    [0.22 * x, 0.40, back, 0.07],
                    [0.55 * length * x, 0.40 + 0.42 * length * y, back, 0.19],
                    [0.95 * length * x, 0.40 + 0.76 * length * y, back + 0.06, 0.15],
                    [1.25 * length * x, 0.40 + (0.96 * y - 0.04) * length, back + 0.12, 0.01],
                ],
                g,
                0.015,
                flat=2.2,
                curve=3,
            )
    return Host(
        m,
        col,
        mix(col, "#7a1018", 0.55),
        mix(col, "#200a04", 0.78),
        0.9,
        -0.28,
        "ball",
        mix(col, "#ffffff", 0.15),
        0.6,
        0.9,
        -0.1,
        blush=mix(col, "#f04830", 0.5),
        blush_a=0.4,
        side=1.05,
    )


KINDS: Final = (
    Kind(
        "cactus",
        cactus,
        "plant",
        names={"cactus": None, "cacti": None, "agave": 2, "prickly pear": 0},
        meaning="a prickly plant of the desert: a cactus, a thorn bush, a thistle",
        colors={"green": 0, "blue": 2},
        own_top=True,
    ),
    Kind(
        "mushroom",
        mushroom,
        "plant",
        names={"mushroom": None, "toadstool": 0, "fungus": 1, "porcini": 1, "truffle": 1},
        meaning="a mushroom or toadstool of the forest floor",
        colors={"red": 0, "brown": 1, "purple": 2, "orange": 3, "yellow": 3},
        own_top=True,
    ),
    Kind(
        "potted plant",
        potted_plant,
        "plant",
        names={
            "houseplant": None,
            "house plant": None,
            "fern": None,
            "aloe": None,
            "pot plant": None,
            "succulent": None,
            "flowerpot": None,
            "basil": 1,
            "mint plant": None,
            "seedling": None,
            "sprout": None,
            "herb": None,
            "monstera": None,
        },
        meaning="a plant in a pot: fern, aloe, herbs, seedling, grass, bamboo",
        colors={"blue": 1, "white": 2, "yellow": 3},
        own_top=True,
    ),
)
