"""Bodies to eat."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind, leaf
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.fruits import chin
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def apple(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An apple with a dent, a stem and a leaf."""
    col, c2 = (
        ("#d3202c", "#f0a83c"),
        ("#8fc23a", "#d9e070"),
        ("#efc23e", "#e8733a"),
        ("#e0475c", "#f3d39a"),
    )[c.variant % 4]
    m = b.mat(
        material(
            col, "skin", c2, "apple", 3.5, 0.55, spec=0.34, gloss=30, wrap=0.5, rim=0.4, sss=(0.75, 0.4, 0.3)
        )
    )
    b.ellipsoid((0, 0.08, 0), (1.24, 1.10, 1.08), m)
    b.ellipsoid((0, -0.45, 0), (0.98, 0.82, 0.92), m, 0.3)
    b.ellipsoid((0, 1.36, -0.05), (0.40, 0.36, 0.40), m, 0.42, op=1)
    chin(b, m, jaw, 0.14, 1.04)
    b.group()
    wood = b.mat(material("#6b4526", "extra", tex="wood", scale=8, amp=0.4))
    b.tube([[0, 0.86, -0.05, 0.05], [0.03, 1.2, -0.05, 0.055], [0.12, 1.5, -0.05, 0.075]], wood)
    b.group()
    leaf(
        b,
        b.mat(material("#5aa52f", "extra", "#3c7d22", "mottle", 4, 0.6, spec=0.25)),
        (0.06, 1.22, 0),
        (0.78, 1.48, 0.12),
        0.21,
    )
    return Host(
        m,
        col,
        mix(col, "#6c0a18", 0.55),
        mix(col, "#2c0a06", 0.75),
        1.04,
        0.14,
        "ball",
        mix(col, "#ffffff", 0.12),
        0.98,
        0.75,
        -0.05,
        mix(col, "#ff3020", 0.4),
        0.5,
        1.2,
    )


def pumpkin(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A ribbed pumpkin with a stem and a leaf."""
    col = ("#ee7c1f", "#e2642a", "#f0a03a", "#d8d2b8")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#a8430c", 0.6),
            "mottle",
            3,
            0.5,
            spec=0.42,
            gloss=18,
            wrap=0.5,
            rim=0.35,
            sss=(0.8, 0.45, 0.3),
        )
    )
    b.ribbed((0, -0.02, -0.05), (1.36, 1.10, 1.15), 10, 0.16, m)
    b.ellipsoid((0, -0.18, 0.16), (0.80, 0.86, 0.98), m, 0.10)
    b.group()
    st = b.mat(material("#5d7a34", "extra", "#4a3a20", "wood", 9, 0.6))
    b.tube(
        [[0, 0.85, -0.05, 0.19], [0.02, 1.15, -0.05, 0.12], [0.18, 1.45, -0.02, 0.11], [0.3, 1.52, 0, 0.13]],
        st,
    )
    b.group()
    leaf(
        b,
        b.mat(material("#5c9a38", "extra", "#3c7326", "mottle", 4, 0.5)),
        (0.1, 1.06, 0.1),
        (0.85, 1.22, 0.3),
        0.2,
    )
    return Host(
        m,
        col,
        mix(col, "#6a1a08", 0.6),
        mix(col, "#3c1404", 0.75),
        1.0,
        0.17,
        "ball",
        mix(col, "#ffb060", 0.25),
        0.98,
        0.7,
        -0.05,
        "#f04818",
        0.45,
        1.25,
    )


def pear(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A pear with a stem and a leaf."""
    col = ("#c3cf3f", "#dcc24a", "#a8b83a", "#d8a84c")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#7c8c20", 0.5),
            "apple",
            5,
            0.5,
            spec=0.45,
            gloss=24,
            wrap=0.5,
            rim=0.35,
            sss=(0.6, 0.5, 0.3),
        )
    )
    b.ellipsoid((0, -0.42, 0), (1.10, 0.92, 1.02), m)
    b.ellipsoid((0, 0.55, 0), (0.74, 0.80, 0.76), m, 0.55)
    b.group()
    b.tube(
        [[0, 1.25, 0, 0.045], [0.03, 1.45, 0, 0.05], [0.10, 1.62, 0, 0.06]],
        b.mat(material("#6b4526", "extra", tex="wood", scale=8, amp=0.4)),
    )
    b.group()
    leaf(
        b,
        b.mat(material("#5aa52f", "extra", "#3c7d22", "mottle", 4, 0.6, spec=0.25)),
        (0.05, 1.36, 0),
        (-0.62, 1.55, 0.1),
        0.18,
    )
    return Host(
        m,
        col,
        mix(col, "#8c3420", 0.6),
        mix(col, "#3c3408", 0.75),
        0.98,
        0.06,
        "ball",
        mix(col, "#fff0a0", 0.3),
        1.18,
        0.6,
        0,
        "#e8703c",
        0.45,
        0.85,
    )


KINDS: Final = (
    Kind(
        "apple",
        apple,
        "fruit",
        names={"apple": None, "cherry": 0},
        meaning="a round fruit on a tree: apple, cherry, quince, pomegranate",
        colors={"red": 0, "green": 1, "yellow": 2, "pink": 3},
        own_top=True,
    ),
    Kind(
        "pumpkin",
        pumpkin,
        "fruit",
        names={"pumpkin": None},
        meaning="a big ribbed vegetable or a round ball: pumpkin, squash, gourd, cabbage",
        colors={"orange": 0, "golden": 2, "white": 3},
        own_top=True,
    ),
    Kind(
        "pear",
        pear,
        "fruit",
        names={"pear": None},
        meaning="a fruit with a narrow top: pear, fig, papaya, guava",
        colors={"green": 0, "yellow": 1, "golden": 3},
        own_top=True,
    ),
)
