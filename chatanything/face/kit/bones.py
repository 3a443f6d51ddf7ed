"""A skeleton, plain, painted with flowers or hooded."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def skeleton(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A skeleton: round skull with painted sockets, neck bones and ribs; flowers, a bow tie or a hood."""
    v = c.variant % 4
    col, ink, flower = (
        ("#f7eedd", "#5c2c6c", "#f2902c"),
        ("#f4efe4", "#463c44", "#c8283c"),
        ("#f8e6e4", "#a02858", "#e03c64"),
        ("#dfe6ea", "#34404c", "#34404c"),
    )[v]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#b89868", 0.35),
            "mottle",
            2.4,
            0.45,
            spec=0.28,
            gloss=18,
            wrap=0.5,
            rim=0.4,
            sss=(0.6, 0.5, 0.45),
        )
    )
    b.ellipsoid((0, 0.26, -0.10), (0.98, 0.90, 0.94), m)
    b.ellipsoid((0, -0.48 - jaw * 0.15, 0.10), (0.71, 0.68 + jaw * 0.12, 0.68), m, 0.16)
    b.ellipsoid((0, -0.98 - jaw * 0.62, 0.40), (0.30, 0.17, 0.24), m, 0.16)
    for s in (-1, 1):
        b.ellipsoid((s * 0.62, -0.30, 0.20), (0.26, 0.20, 0.40), m, 0.12)
        b.decal(m, (s * 0.35, -0.02, 0.75), (0.32, 0.31, 0.6), ink, 0.88, 0.10)
        b.decal(m, (s * 0.62, -0.64, 0.45), (0.16, 0.22, 0.5), ink, 0.45, 0.6)
        b.decal(m, (s * 0.055, -0.36, 0.9), (0.055, 0.085, 0.4), ink, 0.9, 0.2)
    return _bones(b, m, v, col, ink, flower)


def _bones(b: SceneBuilder, m: int, v: int, col: str, ink: str, flower: str) -> Host:
    """The rest of a skeleton."""
    b.joint = "body"
    bone = b.mat(material(col, "clothes", mix(col, "#b89868", 0.35), "mottle", 2.4, 0.45, spec=0.25, rim=0.4))
    b.group()
    for y in (-1.06, -1.28, -1.50):
        b.ellipsoid((0, y, -0.2), (0.24, 0.12, 0.22), bone, 0.04)
    for s in (-1, 1):
        b.tube(
            [[s * 0.10, -1.50, 0.06, 0.09], [s * 0.62, -1.40, 0.0, 0.08], [s * 1.15, -1.46, -0.15, 0.10]],
            bone,
            0.04,
            curve=3,
        )
        b.sphere((s * 1.22, -1.52, -0.18), 0.20, bone, 0.08)
        b.tube(
            [[s * 0.08, -1.72, 0.12, 0.08], [s * 0.60, -1.66, 0.10, 0.08], [s * 1.02, -1.84, -0.15, 0.08]],
            bone,
            0.04,
            curve=3,
        )
    b.tube([[0, -1.5, 0.08, 0.12], [0, -2.0, 0.14, 0.12]], bone, 0.05)
    b.joint = "head"
    grain = "weave" if v == 3 else "mottle"
    wear = b.mat(material(flower, "hat", mix(flower, "#fff0c0", 0.3), grain, 5, 0.4, wrap=0.5, rim=0.5))
    if v in (0, 2):
        leafy = b.mat(material("#4a9a44", "extra", "#2c6c34", "mottle", 4, 0.4, spec=0.2))
        heart = b.mat(material("#f8d860", "hat", spec=0.2, rim=0.4))
        for i in (-2, -1, 0, 1, 2):
            a = i * 0.42
            x, y, z = math.sin(a) * 0.98, 0.36 + math.cos(a) * 0.72, 0.42 - 0.08 * abs(i)
            r = 0.26 - 0.03 * abs(i)
            b.group()
            b.lumpy((x, y, z), (r, r, r * 0.8), 11, 0.09, wear)
            b.group()
            b.sphere((x * 1.02, y + 0.02, z + r * 0.72), r * 0.36, heart)
            b.group()
            b.ellipsoid((x * 1.12 + 0.12, y - 0.02, z - 0.1), (0.22, 0.09, 0.06), leafy, R=rot(z=-60 * a))
    elif v == 1:
        b.joint = "body"
        b.group()
        for s in (-1, 1):
            b.tube([[s * 0.04, -1.36, 0.30, 0.05], [s * 0.40, -1.36, 0.30, 0.19]], wear, 0.03)
        b.sphere((0, -1.36, 0.34), 0.11, wear, 0.03)
        b.joint = "head"
        felt, tilt = b.mat(material("#322c36", "hat", spec=0.2, gloss=14, rim=0.6)), rot(x=-6, z=-14)
        b.group()
        b.cylinder((0.30, 1.06, 0.0), 0.44, 0.04, 0.035, felt, R=tilt)
        b.cone((0.37, 1.32, 0.0), 0.28, 0.32, 0.26, 0.04, felt, 0.03, R=tilt)
        b.group()
        b.torus((0.325, 1.15, 0.0), 0.28, 0.05, wear, R=tilt, stretch=1.3)
    else:
        b.group()
        b.ellipsoid((0, 0.22, -0.22), (1.20, 1.22, 1.02), wear)
        b.tube([[0, -0.7, -0.35, 1.0], [0, -2.0, -0.3, 1.35]], wear, 0.3)
        b.ellipsoid((0, -0.14, 0.9), (0.90, 1.12, 1.2), wear, 0.06, op=1)
        b.tube([[0, -1.3, 0.9, 0.42], [0, -2.2, 0.9, 0.55]], wear, 0.06, op=1)
    return Host(
        m, col, mix(ink, "#c83c5c", 0.6), ink, 1.0, 0.0, "ball", mix(col, ink, 0.6), 1.15, 0.85,
        blush=flower if v != 3 else "#9ab0c0", blush_a=0.35, side=0.95,
    )  # fmt: skip


KINDS: Final = (
    Kind(
        "skeleton", skeleton, "cartoon",
        names={"skull": 1, "sugar skull": 2, "calavera": 0, "grim reaper": 3, "reaper": 3, "bones": 1},
        meaning="bones without flesh: skeleton, skull, day of the dead, grim reaper, death, grave",
        colors={"orange": 0, "white": 1, "pink": 2, "black": 3}, irises=("amber", "cyan", "violet"),
        own_top=True,
    ),
)  # fmt: skip
