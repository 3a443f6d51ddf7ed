"""Bodies of trees and shrubs: palm, fir, bush."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.flowers import petal_skin, ring
from chatanything.face.kit.fruits import green
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def palm(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A palm: a ringed trunk under a crown of fronds, with coconuts."""
    col = ("#b98a58", "#a3764a", "#c9a06c", "#8f6a48")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#3a1e0a", 0.55),
            "wood",
            6,
            0.45,
            spec=0.1,
            wrap=0.45,
            rim=0.3,
            sss=(0.55, 0.42, 0.3),
        )
    )
    b.cone((0, -0.7, -0.1), 1.02, 0.86, 1.2, 0.2, m)
    b.ellipsoid((0, -0.42, 0.1), (0.88, 0.98, 0.92), m, 0.2)
    for s in (-1, 1):
        for i in range(4):
            b.tube(
                [[s * 0.98, -1.5 + 0.42 * i, -0.5, 0.09], [s * 0.86, -1.46 + 0.42 * i, 0.2, 0.06]], m, 0.08
            )
    b.group()
    g = b.mat(green(("#4aa23f", "#6bb03a", "#3f9a68", "#8aa83a")[c.variant % 4]))
    for i in range(9):
        a = math.tau * (i + 0.25) / 9
        x, z = math.sin(a), math.cos(a)
        b.tube(
            [
                [0, 0.72, -0.15, 0.14],
                [x * 0.75, 1.32, z * 0.5 - 0.2, 0.24],
                [x * 1.5, 0.9, z * 0.75 - 0.25, 0.04],
            ],
            g,
            0.03,
            flat=2.0,
            curve=3,
        )
    b.group()
    nut = b.mat(material("#6d4526", "extra", "#4a2c14", "mottle", 8, 0.5, spec=0.2))
    for x in (-0.42, 0.02, 0.44):
        b.sphere((x, 0.66 + 0.1 * (x == 0.02), 0.5 - abs(x) * 0.3), 0.24, nut)
    return Host(
        m,
        col,
        mix(col, "#8a2a1c", 0.6),
        mix(col, "#1c0c04", 0.8),
        0.98,
        -0.2,
        "ball",
        mix(col, "#ffe0b0", 0.2),
        0.8,
        0.8,
        -0.1,
        blush="#d8603c",
        blush_a=0.4,
        side=0.95,
    )


def fir(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A fir: plain, with snow, or a Christmas tree with a star and baubles."""
    col = ("#58a86c", "#6fb480", "#54a08c", "#7cb268")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#08301c", 0.5),
            "mottle",
            7,
            0.5,
            spec=0.1,
            wrap=0.5,
            rim=0.4,
            sss=(0.4, 0.5, 0.35),
        )
    )
    b.ellipsoid((0, -0.42, 0.08), (1.08, 1.0, 0.98), m)
    b.cone((0, -0.95, -0.1), 1.5, 0.9, 0.42, 0.14, m, 0.2)
    b.cone((0, 0.55, -0.15), 1.05, 0.4, 0.4, 0.1, m, 0.12)
    b.group()
    tip = b.mat(
        material(mix(col, "#08301c", 0.16), "extra", mix(col, "#08301c", 0.5), "mottle", 7, 0.5, rim=0.4)
    )
    b.cone((0, 1.12, -0.15), 0.72, 0.05, 0.48, 0.06, tip)
    for y, r, n, bare in ((-1.14, 1.34, 22, 0.7), (0.30, 0.92, 15, 0.0), (0.82, 0.66, 12, 0.0)):
        b.group()
        for j in range(n):
            a = math.tau * (j + 0.5) / n
            x, z = math.sin(a), math.cos(a)
            if abs(x) < bare or z < -0.4:
                continue
            b.tube(
                [
                    [x * r * 0.80, y + 0.30, z * r * 0.80 - 0.12, 0.16],
                    [x * r, y + 0.04, z * r - 0.12, 0.17],
                    [x * r * 1.14, y - 0.16, z * r * 1.12 - 0.12, 0.03],
                ],
                tip,
                0.03,
            )
    if c.variant % 4 == 1:
        snow = b.mat(material("#f7fbff", "extra", "#d5e4f2", "mottle", 4, 0.3, spec=0.2, rim=0.4))
        b.group()
        for x, y, r in (
            (-0.74, 0.3, 0.24),
            (0.76, 0.27, 0.26),
            (-0.5, 0.98, 0.2),
            (0.42, 1.0, 0.2),
            (0, 1.4, 0.2),
            (-1.08, -0.86, 0.26),
            (1.08, -0.89, 0.26),
        ):
            b.ellipsoid((x, y, 0.15), (r * 1.4, r * 0.7, r * 1.6), snow, 0.03)
    elif c.variant % 4 in (0, 2):
        b.group()
        gold = b.mat(material("#fbc52c", "extra", spec=0.8, gloss=40, glow=0.12))
        ring(b, gold, 5, 0.11, (0.07, 0.16, 0.08), (1.36, 0.16), 0.0)
        spots = ((-1.26, -0.92, 0.34), (1.28, -0.96, 0.34), (-0.86, 0.20, 0.52), (0.88, 0.18, 0.52),
                 (-0.46, 0.72, 0.52), (0.44, 0.70, 0.52))  # fmt: skip
        for i, spot in enumerate(spots):
            b.group()
            bauble = ("#e03a3a", "#f2b630", "#3f7fd8")[i % 3]
            b.sphere(spot, 0.15, b.mat(material(bauble, "extra", spec=0.9, gloss=50)))
    b.group()
    b.cylinder(
        (0, -1.6, -0.1), 0.3, 0.35, 0.05, b.mat(material("#6b4526", "extra", tex="wood", scale=8, amp=0.4))
    )
    return Host(
        m,
        col,
        mix(col, "#a02430", 0.68),
        mix(col, "#04140a", 0.75),
        0.92,
        -0.2,
        "ball",
        mix(col, "#d0ffb0", 0.2),
        0.7,
        0.7,
        -0.1,
        blush="#e0605c",
        blush_a=0.4,
        side=1.05,
    )


def _puffs(b: SceneBuilder, m: int, n: int, size: float, z: float) -> None:
    """A ring of leafy lumps round a body."""
    for i in range(n):
        a = math.tau * (i + 0.5) / n
        r = size * (1 + 0.16 * math.sin(5 * i))
        b.lumpy((1.14 * math.sin(a), -0.14 + 1.12 * math.cos(a), z), (r, r * 0.92, r), 8, 0.07, m, 0.08)


def bush(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A clipped bush: leafy locks all round, blossoms or berries; also hedge, shrub, clover, ivy."""
    kind = c.variant % 4
    col = ("#78b855", "#5fa468", "#a0c455", "#d0924e")[kind]
    deep = mix(col, "#0c3414" if kind != 3 else "#6a1c08", 0.42)
    m = b.mat(
        material(col, "skin", deep, "mottle", 6, 0.3, spec=0.1, wrap=0.5, rim=0.4, sss=(0.5, 0.55, 0.3))
    )
    b.ellipsoid((0, -0.16, 0.08), (1.16, 1.12, 0.86), m)
    near, far = (
        b.mat(
            material(
                mix(col, deep, share), "hair", deep, "stone", 5, 0.5, bump=0.3, spec=0.06, rim=0.4,
                sss=(0.5, 0.5, 0.3),
            )
        )
        for share in (0.25, 0.7)
    )  # fmt: skip
    _puffs(b, near, 15, 0.30, 0.06)
    for x, y, r in ((-0.40, 0.90, 0.28), (0.0, 1.02, 0.30), (0.42, 0.88, 0.27)):
        b.lumpy((x, y, 0.34), (r, r * 0.85, r * 0.8), 8, 0.06, near, 0.08)
    b.group()
    _puffs(b, far, 13, 0.40, -0.34)
    shade, heart = (("#fbf6fa", "#f7c93c"), ("#ec4058", ""), ("#fbd84a", "#e8862c"), ("#ee5a34", ""))[kind]
    spots = (
        (-1.2, 0.42),
        (-0.86, 0.96),
        (0.26, 1.26),
        (0.98, 0.84),
        (1.28, 0.10),
        (1.12, -0.62),
        (-1.24, -0.4),
    )
    dots = b.mat(petal_skin(shade) if heart else material(shade, "extra", spec=0.6, gloss=40, rim=0.4))
    for x, y in spots:
        b.group()
        z = 0.36
        if heart:
            for i in range(5):
                a = math.tau * i / 5 + x
                b.sphere((x + 0.09 * math.sin(a), y + 0.09 * math.cos(a), z), 0.075, dots, 0.01)
            b.sphere((x, y, z + 0.05), 0.06, b.mat(petal_skin(heart)))
        else:
            b.sphere((x - 0.07, y, z), 0.10, dots)
            b.sphere((x + 0.08, y + 0.06, z - 0.03), 0.10, dots)
    return Host(
        m,
        col,
        mix(col, "#98202c", 0.66),
        mix(col, "#0a1c08", 0.8),
        0.94,
        0.12,
        "ball",
        mix(col, "#f0ffb0", 0.2),
        1.2,
        0.8,
        -0.1,
        blush="#e8645c",
        blush_a=0.3,
        side=1.05,
    )


KINDS: Final = (
    Kind(
        "palm",
        palm,
        "plant",
        names={"palm tree": None, "coconut": 1, "coconut palm": None, "banana tree": None, "bamboo": 2},
        meaning="a tropical tree on a beach: a palm, a coconut, bamboo",
        own_top=True,
    ),
    Kind(
        "fir",
        fir,
        "plant",
        names={
            "fir tree": None,
            "christmas tree": 0,
            "pine": 3,
            "pine tree": 3,
            "spruce": 1,
            "conifer": 3,
            "cedar": 3,
            "cypress": 3,
        },
        meaning="an evergreen tree with needles: fir, pine, spruce, Christmas tree",
        colors={"green": 3, "white": 1},
        own_top=True,
    ),
    Kind(
        "bush",
        bush,
        "plant",
        names={
            "shrub": None,
            "hedge": 1,
            "clover": 1,
            "ivy": 1,
            "berry bush": 1,
            "moss": 2,
            "lettuce": 2,
            "cabbage": 2,
            "hydrangea": 0,
            "tumbleweed": 3,
        },
        meaning="a leafy round plant: a bush, hedge, ivy, clover, moss, lettuce",
        own_top=True,
    ),
)
