"""Creatures of legend: dragon, unicorn."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character
from chatanything.face.kit.wild import furry, muzzle


def dragon(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A friendly dragon: horns, fan ears, a row of spines, chest plates, bat wings."""
    col, belly, wing = (
        ("#43a848", "#f2e6a0", "#f08c34"),
        ("#cc3a34", "#f6cf8c", "#7c2030"),
        ("#3c8ad8", "#cfeaf2", "#7a50c8"),
        ("#8a4cc0", "#f4d2e6", "#e8a024"),
    )[c.variant % 4]
    dark = mix(col, "#08202c", 0.45)
    m = b.mat(
        material(
            col, "skin", mix(col, dark, 0.5), "mottle", 3, 0.5, spec=0.32, gloss=18, wrap=0.5, rim=0.45,
            sss=(0.55, 0.5, 0.45),
        )
    )  # fmt: skip
    b.ellipsoid((0, 0.08, -0.05), (0.98, 0.98, 0.90), m)
    b.ellipsoid((0, -0.52, 0.12), (0.98, 0.56, 0.78), m, 0.25)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.40), (0.46, 0.26, 0.36), m, 0.14)
    b.tube([[0, -0.9, -0.25, 0.62], [0, -1.4, -0.2, 0.78], [0, -2.0, -0.1, 1.0]], m, 0.12)
    for s in (-1, 1):
        b.decal(m, (s * 0.86, -0.10, 0.3), (0.15, 0.14, 0.6), dark, 0.5, 0.3)
        b.decal(m, (s * 0.90, -0.40, 0.3), (0.11, 0.10, 0.6), dark, 0.5, 0.3)
        b.decal(m, (s * 0.66, 0.70, 0.4), (0.13, 0.11, 0.6), dark, 0.5, 0.3)
    b.decal(m, (0, -1.02, 0.5), (0.56, 0.26, 0.8), belly, 0.9, 0.3)
    horn = b.mat(material("#fbeccb", "extra", "#b98850", "stripes", 12, 0.35, spec=0.45, gloss=26, rim=0.4))
    b.group()
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.46, 0.84, -0.05, 0.21],
                [s * 0.72, 1.16, -0.12, 0.17],
                [s * 0.76, 1.42, -0.1, 0.10],
                [s * 0.66, 1.60, 0.0, 0.02],
            ],
            horn,
            curve=4,
        )
    fan = b.mat(material(wing, "extra", mix(wing, "#ffffff", 0.2), "mottle", 3, 0.4, wrap=0.6, rim=0.5))
    b.group()
    for s in (-1, 1):
        for x, y, r in ((1.42, 0.56, 0.16), (1.50, 0.20, 0.15), (1.36, -0.12, 0.12)):
            b.tube(
                [
                    [s * 0.82, 0.16, -0.1, r],
                    [s * (x + 0.82) / 2, (y + 0.2) / 2, -0.1, r * 1.1],
                    [s * x, y, -0.18, 0.02],
                ],
                fan,
                0.05,
                flat=2.2,
            )
    b.group()
    for y, z, r in ((1.06, 0.44, 0.15), (1.24, 0.12, 0.19), (1.30, -0.25, 0.20)):
        b.tube([[0, y - 0.22, z, r], [0, y + 0.18, z - 0.06, 0.02]], fan)
    plate = b.mat(material(belly, "extra", mix(belly, col, 0.25), "mottle", 3, 0.3, spec=0.25, rim=0.3))
    b.group()
    for i in range(3):
        b.ellipsoid((0, -1.30 - 0.20 * i, 0.40 + 0.1 * i), (0.44 + 0.08 * i, 0.15, 0.28), plate, 0.02)
    for s in (-1, 1):
        _bat_wing(b, s, fan, m)
    return Host(
        m, col, mix(col, "#8c1c34", 0.62), mix(col, "#06141c", 0.72), 1.0, 0.04, "ball",
        mix(col, "#ffffff", 0.1), 1.05, 0.75, blush="#f48a5c", blush_a=0.4, side=1.0,
    )  # fmt: skip


def _bat_wing(b: SceneBuilder, s: int, skin: int, bone: int) -> None:
    """A wing of skin between three fingers, behind the body at side s."""
    tips = np.array([(0.95, -1.35), (1.18, -1.02), (1.56, -1.0), (1.44, -0.60), (1.62, -0.28), (1.36, 0.02)])
    hull = np.array([(0.5, -1.5), *tips, (1.30, 0.46), (0.98, -0.16), (0.6, -0.9)]) * np.array([s, 1])
    b.group()
    b.prism(hull[:: int(s)], -0.82, -0.74, 0.02, skin)
    b.group()
    top = (s * 1.30, 0.50)
    b.tube(
        [[s * 0.55, -1.0, -0.72, 0.11], [s * 0.98, -0.14, -0.72, 0.08], [*top, -0.72, 0.05]], bone, curve=3
    )
    for x, y in (tips[2], tips[4]):
        b.tube([[s * 0.98, -0.14, -0.72, 0.06], [s * x, y, -0.72, 0.02]], bone, 0.03)


def unicorn(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A unicorn: twisted horn, ears, locks of several colours, a star on the brow."""
    col, locks = (
        ("#fbf6fa", ("#f48fb8", "#b98af0", "#7cc4f6", "#f9d36c")),
        ("#d9c8f6", ("#7c5cd8", "#c890f0", "#f4a0dc", "#8ad0f4")),
        ("#fde0ea", ("#f0609c", "#fca84c", "#f8d85c", "#f890b8")),
        ("#d2ecf8", ("#2f9ad8", "#5cd0c0", "#8ae0a0", "#7c8cf0")),
    )[c.variant % 4]
    belly = mix(col, "#f4a8bc", 0.5)
    m = b.mat(fur(col, mix(col, "#c8a0d8", 0.2), tex="mottle", scale=2, bump=0.0, amp=0.4))
    mz = b.mat(fur(belly, tex="mottle", scale=2, bump=0.0, amp=0.3))
    b.ellipsoid((0, 0.10, -0.05), (0.98, 0.98, 0.90), m)
    b.ellipsoid((0, -0.58, 0.16), (0.78, 0.54, 0.76), m, 0.25)
    muzzle(b, mz, jaw, 0.50)
    b.decal(m, (0, -0.80, 0.7), (0.74, 0.42, 0.7), belly, 1, 0.2)
    b.tube([[0, -0.95, -0.4, 0.40], [0, -1.4, -0.35, 0.52], [0, -2.0, -0.2, 0.90]], m, 0.12)
    for s in (-1, 1):
        b.tube(
            [[s * 0.54, 0.80, -0.1, 0.20], [s * 0.74, 1.12, -0.1, 0.17], [s * 0.78, 1.42, -0.06, 0.03]],
            m,
            0.08,
            flat=1.4,
        )
        b.tube([[s * 0.58, 0.94, 0.06, 0.10], [s * 0.74, 1.24, 0.0, 0.03]], mz, 0.03)
    gold = b.mat(material("#f8cf5c", "extra", "#fff0c0", spec=0.9, gloss=36, metal=0.25, rim=0.5, glow=0.08))
    b.group()
    b.cone((0, 1.20, 0.36), 0.18, 0.03, 0.38, 0.02, gold, R=rot(x=6))
    for i in range(5):
        t = i / 5
        b.torus(
            (0, 0.91 + 0.135 * i, 0.33 + 0.015 * i),
            0.145 * (1 - 0.75 * t),
            0.035,
            gold,
            0.02,
            R=rot(x=6, z=16),
        )
    hair = [b.mat(_tress(color)) for color in locks]
    b.group()
    b.tube(
        [
            [0.0, 1.10, -0.15, 0.22],
            [-0.34, 1.06, 0.36, 0.20],
            [-0.66, 0.66, 0.48, 0.14],
            [-0.80, 0.36, 0.46, 0.03],
        ],
        hair[0],
        curve=4,
    )
    b.tube(
        [
            [0.1, 1.12, -0.2, 0.22],
            [0.44, 1.02, 0.22, 0.19],
            [0.74, 0.70, 0.26, 0.12],
            [0.92, 0.46, 0.3, 0.02],
        ],
        hair[3],
        curve=4,
    )
    for i, (x, y, tip) in enumerate(
        ((0.80, 0.62, -0.50), (0.96, 0.2, -0.95), (0.86, -0.3, -1.42), (0.62, -0.7, -1.75))
    ):
        b.group()
        b.tube(
            [
                [x - 0.3, y + 0.36, -0.5, 0.26],
                [x + 0.20, y, -0.36, 0.27],
                [x + 0.26, (y + tip) / 2, -0.28, 0.24],
                [x + 0.18, tip + 0.16, -0.2, 0.14],
                [x + 0.30, tip, -0.18, 0.03],
            ],
            hair[(i + 1) % 4],
            curve=4,
        )
    for i, (y, tip) in enumerate(((0.5, -0.62), (-0.1, -1.25))):
        b.group()
        b.tube(
            [
                [-0.55, y + 0.3, -0.55, 0.26],
                [-0.98, y, -0.48, 0.24],
                [-1.02, (y + tip) / 2, -0.45, 0.2],
                [-1.20, tip, -0.35, 0.03],
            ],
            hair[(i + 2) % 4],
            curve=4,
        )
    host = furry(m, col, belly, mix(belly, "#d0587c", 0.5))
    host.lip, host.brow, host.blush = mix(belly, "#c83c6c", 0.6), mix(locks[1], "#3c2050", 0.4), "#f47ca4"
    host.blush_a = 0.4
    return host


def _tress(color: str) -> Array:
    """Shiny fibres of a fantastic colour."""
    return material(
        color,
        "hair",
        mix(color, "#5c2070", 0.3),
        "strands",
        2.6,
        0.5,
        bump=0.3,
        spec=0.3,
        gloss=14,
        wrap=0.55,
        rim=0.6,
    )


KINDS: Final = (
    Kind(
        "dragon", dragon, "cartoon",
        names={"wyvern": 1, "hydra": 2, "basilisk": 0},
        meaning="a fire breathing creature with wings and scales: dragon, wyvern, drake, hydra, basilisk",
        colors={"green": 0, "red": 1, "blue": 2, "purple": 3}, irises=("amber", "green", "hazel"),
        own_top=True,
    ),
    Kind(
        "unicorn", unicorn, "cartoon", names={"alicorn": 1, "pegasus": 0},
        meaning="a magic horse with a horn and a rainbow mane: unicorn, pegasus, alicorn",
        colors={"white": 0, "rainbow": 0, "purple": 1, "pink": 2, "blue": 3},
        irises=("violet", "blue", "cyan", "green"), own_top=True,
    ),
)  # fmt: skip
