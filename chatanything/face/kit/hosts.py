"""Bodies ('hosts') on which the common face is placed: one function per kind."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np

from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import fur, material, mix, skin
from chatanything.face.kit.params import HAIR_COLORS, SKINS, Character


@dataclass
class Host:
    """What the face builder must know about a body."""

    skin: int  # material index of the face area
    color: str  # its base colour
    lip: str  # lip colour
    brow: str  # brow colour
    scale: float = 1.0  # size of the face unit
    cy: float = 0.0  # height of the eye line
    nose: str = "human"  # human, ball, animal, beak, plate
    nose_color: str = ""
    top: float = 1.14  # height where a hat sits
    top_r: float = 0.9  # head radius there
    top_z: float = -0.12
    blush: str = "#e8705c"
    blush_a: float = 0.3
    side: float = 0.85  # half width at the eye line (glasses temples)


def leaf(b: SceneBuilder, m: int, base: Any, tip: Any, r: float) -> None:
    """A leaf: flattened tapered tube."""
    base, tip = np.array(base), np.array(tip)
    mid = (base + tip) / 2 + np.array([0, 0.06, 0.02])
    b.tube(
        [
            [*base, r * 0.25],
            [*(base * 0.7 + mid * 0.3), r * 0.7],
            [*mid, r],
            [*(mid * 0.4 + tip * 0.6), r * 0.6],
            [*tip, 0.01],
        ],
        m,
        flat=2.6,
    )


def human(b: SceneBuilder, c: Character, jaw: float) -> Host:
    _, col, _, _ = SKINS[c.skin]
    dark = c.skin >= 5
    m = b.mat(skin(col, rim=0.42 if dark else 0.3, spec=0.30 if dark else 0.16, gloss=10 if dark else 14))
    hw, jw = c.head_width, c.jaw_width
    b.ellipsoid((0, 0.28, -0.12), (0.82 * hw, 0.88, 0.90), m)
    b.ellipsoid((0, -0.40 - jaw * 0.15, 0.08), (0.67 * jw, 0.76 + jaw * 0.12, 0.68), m, 0.22)
    for s in (-1, 1):
        b.sphere((s * 0.37 * jw, -0.62 - jaw * 0.4, 0.08), 0.25, m, 0.28)
    b.ellipsoid((0, -1.0 - jaw * 0.62, 0.44), (0.22 * c.chin, 0.17 * c.chin, 0.20), m, 0.16)
    for s in (-1, 1):
        e = c.ears
        b.ellipsoid(
            (s * 0.84 * hw, -0.10, -0.12), (0.10, 0.22 * e, 0.15 * e), m, 0.06, R=rot(y=-20 * s, z=-8 * s)
        )
        b.ellipsoid((s * 0.92 * hw, -0.09, -0.04), (0.05, 0.13 * e, 0.07 * e), m, 0.04, op=1)
    lip = mix(col, "#b8323c", 0.42) if not dark else mix(col, "#8c2c3c", 0.40)
    if c.lipstick:
        lip = random.Random(c.variant).choice(("#c2283c", "#b03058", "#d0506a"))
    hair = HAIR_COLORS[c.hair_color]
    return Host(
        m,
        col,
        lip,
        mix(hair, "#000000", 0.25) if c.hair_color not in ("grey", "white") else hair,
        blush="#e0604c" if not dark else "#8c3428",
        blush_a=0.34 if not dark else 0.22,
        side=0.84 * hw,
    )


def apple(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, c2 = (
        ("#d3202c", "#f0a83c"),
        ("#8fc23a", "#d9e070"),
        ("#efc23e", "#e8733a"),
        ("#e0475c", "#f3d39a"),
    )[c.variant % 4]
    m = b.mat(
        material(
            col, "skin", c2, "apple", 3.5, 0.55, spec=0.8, gloss=38, wrap=0.5, rim=0.4, sss=(0.75, 0.4, 0.3)
        )
    )
    b.ellipsoid((0, 0.08, 0), (1.24, 1.10, 1.08), m)
    b.ellipsoid((0, -0.45, 0), (0.98, 0.82, 0.92), m, 0.3)
    b.ellipsoid((0, 1.36, -0.05), (0.40, 0.36, 0.40), m, 0.42, op=1)
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


def pumpkin(b: SceneBuilder, c: Character, jaw: float) -> Host:
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


def pear(b: SceneBuilder, c: Character, jaw: float) -> Host:
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


def _ears_pointed(
    b: SceneBuilder, m: int, inner: int, h: float = 0.62, x: Any = 0.68, w: float = 0.33
) -> None:
    for s in (-1, 1):
        b.tube(
            [
                [s * x, 0.55, -0.1, w],
                [s * (x + 0.12), 0.55 + h * 0.75, -0.12, w * 0.5],
                [s * (x + 0.17), 0.55 + h * 1.15, -0.12, 0.04],
            ],
            m,
            0.1,
            flat=1.7,
        )
        b.tube(
            [
                [s * x, 0.62, 0.14, w * 0.6],
                [s * (x + 0.11), 0.58 + h * 0.72, 0.06, w * 0.3],
                [s * (x + 0.14), 0.58 + h * 0.98, 0.0, 0.02],
            ],
            inner,
            0.05,
            flat=2.0,
        )


def _whiskers(b: SceneBuilder, z: float, y: float = -0.45) -> None:
    b.group()
    w = b.mat(material("#f4efe6", "extra", spec=0.1))
    for s in (-1, 1):
        for i in (-1, 0, 1):
            b.tube(
                [
                    [s * 0.50, y + 0.06 * i, z, 0.010],
                    [s * 0.95, y + 0.04 + 0.13 * i, z + 0.02, 0.010],
                    [s * 1.32, y + 0.02 + 0.20 * i, z - 0.12, 0.004],
                ],
                w,
            )


def cat(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, belly = (
        ("#e8963c", "#fbe6c8"),
        ("#8d8f98", "#e9e9ee"),
        ("#3a3438", "#f0ece8"),
        ("#e6d2b0", "#fff6e8"),
    )[c.variant % 4]
    m = b.mat(
        fur(
            col,
            mix(col, "#5c2c0c", 0.45),
            tex="tabby" if c.variant % 4 < 2 else "fur",
            scale=14 if c.variant % 4 < 2 else 26,
        )
    )
    mz = b.mat(fur(belly))
    pk = b.mat(material("#ef9a96", "ears", sss=(0.8, 0.5, 0.5)))
    b.ellipsoid((0, 0.02, -0.05), (1.10, 0.98, 0.92), m)
    for s in (-1, 1):
        b.ellipsoid((s * 0.55, -0.48, 0.12), (0.52, 0.42, 0.52), m, 0.2)
    _ears_pointed(b, m, pk)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.50), (0.30, 0.22, 0.26), mz, 0.12)
    for s in (-1, 1):
        b.ellipsoid((s * 0.17, -0.56, 0.66), (0.27, 0.21, 0.22), mz, 0.12)
    b.decal(m, (0, -0.70, 0.8), (0.55, 0.42, 0.6), belly, 0.9, 0.3)
    _whiskers(b, 0.78, -0.52)
    return Host(
        m,
        col,
        mix(belly, "#c0485c", 0.62),
        mix(col, "#2a1408", 0.7),
        1.0,
        0.04,
        "animal",
        "#e87f88",
        1.0,
        0.8,
        -0.05,
        "#f08a78",
        0.35,
        1.05,
    )


def dog(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, belly, ear = (
        ("#d49a5a", "#f6e2c0", "#8a5228"),
        ("#f0e6d8", "#ffffff", "#7a4a2c"),
        ("#6e4a32", "#e0bc90", "#3e281c"),
        ("#9a9aa2", "#ececf0", "#54545e"),
    )[c.variant % 4]
    m = b.mat(fur(col))
    mz = b.mat(fur(belly))
    er = b.mat(fur(ear))
    b.ellipsoid((0, 0.08, -0.05), (1.02, 1.02, 0.92), m)
    b.ellipsoid((0, -0.50, 0.10), (0.82, 0.60, 0.72), m, 0.25)
    b.ellipsoid((0, -0.46, 0.62), (0.40, 0.26, 0.30), mz, 0.16)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.48), (0.34, 0.24, 0.28), mz, 0.14)
    if c.variant % 2:
        b.decal(m, (0.42, 0.05, 0.8), (0.34, 0.38, 0.5), ear, 0.85, 0.25)
    b.group()
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.72, 0.82, -0.08, 0.20],
                [s * 1.10, 0.62, 0.02, 0.27],
                [s * 1.24, 0.05, 0.08, 0.30],
                [s * 1.16, -0.45, 0.12, 0.22],
            ],
            er,
            flat=1.6,
        )
    return Host(
        m,
        col,
        mix(belly, "#7c3434", 0.6),
        mix(col, "#1e100a", 0.75),
        1.0,
        0.04,
        "animal",
        "#2a2424",
        1.04,
        0.75,
        -0.05,
        "#f08a68",
        0.25,
        1.0,
    )


def bear(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, belly = (
        ("#8a5a38", "#e3bd8c"),
        ("#f2f0ee", "#ffffff"),
        ("#5c3c2a", "#c99c6c"),
        ("#b9794a", "#f2d8b0"),
    )[c.variant % 4]
    m = b.mat(fur(col))
    mz = b.mat(fur(belly))
    b.ellipsoid((0, 0.05, -0.05), (1.12, 1.02, 0.95), m)
    b.ellipsoid((0, -0.45, 0.10), (0.90, 0.62, 0.74), m, 0.25)
    for s in (-1, 1):
        b.ellipsoid((s * 0.82, 0.86, -0.15), (0.34, 0.34, 0.2), m, 0.08)
        b.ellipsoid((s * 0.82, 0.86, 0.05), (0.20, 0.20, 0.08), mz, 0.05)
    b.ellipsoid((0, -0.50, 0.62), (0.44, 0.30, 0.30), mz, 0.14)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (0.36, 0.24, 0.28), mz, 0.14)
    if c.variant % 4 == 1:  # panda
        for s in (-1, 1):
            b.decal(m, (s * 0.36, -0.02, 0.8), (0.29, 0.34, 0.5), "#2a262a", 0.92, 0.2)
            b.decal(m, (s * 0.82, 0.9, -0.1), (0.42, 0.42, 0.5), "#2a262a", 1, 0.2)
    return Host(
        m,
        col,
        mix(belly, "#8c3c34", 0.6),
        mix(col, "#1c0e08", 0.7),
        1.0,
        0.04,
        "animal",
        "#2c2220",
        1.0,
        0.75,
        -0.05,
        "#f08a68",
        0.25,
        1.08,
    )


def fox(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col = ("#e5722a", "#d8592a", "#c9c9d2", "#b85a30")[c.variant % 4]
    m = b.mat(fur(col))
    mz = b.mat(fur("#fbf0e2"))
    pk = b.mat(material("#3a2620", "ears"))
    b.ellipsoid((0, 0.05, -0.05), (1.08, 0.95, 0.90), m)
    for s in (-1, 1):
        b.tube(
            [[s * 0.45, -0.40, 0.2, 0.44], [s * 0.92, -0.62, 0.0, 0.16], [s * 1.10, -0.70, -0.02, 0.04]],
            m,
            0.2,
        )
        b.decal(m, (s * 0.66, -0.66, 0.4), (0.52, 0.36, 0.7), "#fbf0e2", 0.95, 0.2)
    _ears_pointed(b, m, pk, 0.72, 0.66, 0.34)
    b.ellipsoid((0, -0.50, 0.62), (0.32, 0.22, 0.32), mz, 0.16)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.46), (0.30, 0.23, 0.28), mz, 0.14)
    return Host(
        m,
        col,
        mix("#fbf0e2", "#8c3c34", 0.6),
        mix(col, "#2a1008", 0.75),
        1.0,
        0.04,
        "animal",
        "#2a2020",
        1.0,
        0.78,
        -0.05,
        "#f08a68",
        0.25,
        1.05,
    )


def owl(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, disc = (
        ("#8a6238", "#e6cfa2"),
        ("#9a9aa4", "#f0f0f4"),
        ("#a87848", "#f4e0bc"),
        ("#5a4a48", "#c9b49a"),
    )[c.variant % 4]
    m = b.mat(fur(col, scale=14))
    b.ellipsoid((0, -0.02, -0.05), (1.10, 1.06, 0.92), m)
    b.ellipsoid((0, -0.55, 0.05), (0.92, 0.62, 0.80), m, 0.25)
    for s in (-1, 1):
        b.tube(
            [[s * 0.45, 0.72, 0.05, 0.34], [s * 0.80, 1.00, 0.0, 0.20], [s * 1.08, 1.22, -0.02, 0.03]],
            m,
            0.2,
            flat=1.5,
        )
        b.decal(m, (s * 0.36, -0.05, 0.7), (0.50, 0.56, 0.8), mix(col, "#20100a", 0.5), 0.7, 0.10)
        b.decal(m, (s * 0.36, -0.05, 0.7), (0.45, 0.51, 0.8), disc, 0.95, 0.08)
    b.decal(m, (0, -0.66, 0.7), (0.42, 0.45, 0.8), disc, 0.9, 0.3)
    return Host(
        m,
        col,
        mix(disc, "#a8643c", 0.7),
        mix(col, "#1c0e08", 0.7),
        1.02,
        0.04,
        "beak",
        "#eea22c",
        1.0,
        0.75,
        -0.05,
        "#f0a070",
        0.25,
        1.05,
    )


def robot(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, acc = (
        ("#aebccb", "#e06a3a"),
        ("#d8dde4", "#2f9ad0"),
        ("#79b8b4", "#f0b030"),
        ("#d6b15c", "#a03c3c"),
    )[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            tex="brushed",
            scale=10,
            amp=0.12,
            spec=0.6,
            gloss=40,
            wrap=0.3,
            rim=0.45,
            sss=(0.3, 0.3, 0.3),
            metal=0.35,
        )
    )
    ac = b.mat(material(acc, "extra", spec=0.5, gloss=40, rim=0.4))
    dk = b.mat(material("#4a5462", "extra", spec=0.6, gloss=40, metal=0.5))
    b.box((0, 0.0, -0.1), (1.06, 1.02, 0.85), 0.34, m, 0.0)
    b.box((0, -0.15, 0.05), (0.90, 0.86, 0.78), 0.24, m, 0.04)
    b.decal(m, (0, -0.16, 0.8), (0.84, 0.80, 0.6), mix(col, "#ffffff", 0.45), 0.8, 0.06)
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 1.12, 0.0, -0.1), 0.30, 0.12, 0.05, ac, R=rot(z=90))
        b.cylinder((s * 1.24, 0.0, -0.1), 0.15, 0.10, 0.04, dk, R=rot(z=90))
    b.group()
    b.tube([[0, 0.95, -0.1, 0.06], [0, 1.38, -0.1, 0.05]], dk)
    b.sphere((0, 1.46, -0.1), 0.15, ac)
    b.cylinder((0, 1.02, -0.1), 0.22, 0.07, 0.03, dk)
    return Host(
        m,
        col,
        mix(acc, "#301010", 0.3),
        "#3a4450",
        1.04,
        0.06,
        "plate",
        mix(col, "#5a6674", 0.5),
        1.0,
        0.72,
        -0.1,
        acc,
        0.15,
        1.05,
    )


def tree(b: SceneBuilder, c: Character, jaw: float) -> Host:
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
    random.Random(c.variant)
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


def teapot(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col, acc = (
        ("#4f8fc9", "#f3ead8"),
        ("#e8657c", "#fbe9e4"),
        ("#efe8da", "#3f70b8"),
        ("#58a88c", "#f4edcf"),
    )[c.variant % 4]
    m = b.mat(material(col, "skin", spec=1.0, gloss=55, wrap=0.4, rim=0.4, sss=(0.5, 0.45, 0.45)))
    ac = b.mat(material(acc, "extra", spec=0.7, gloss=50, rim=0.4))
    mug = c.variant % 4 in (1, 2)
    if mug:
        b.cone((0, -0.10, 0), 0.94, 1.06, 1.15, 0.18, m)
        b.cylinder((0, 1.0, 0), 0.92, 0.3, 0.05, m, 0.05, op=1)
        b.group()
        b.torus((1.18, -0.05, -0.05), 0.45, 0.13, m, R=rot(x=90), stretch=1.0)
        b.group()
        b.torus((0, 1.02, 0), 1.0, 0.055, ac)
        b.group()
        b.cylinder((0, 0.86, 0), 0.93, 0.04, 0.02, b.mat(material("#5c3820", "extra", spec=0.5)))
        for i in range(3):
            b.group()
            b.tube(
                [
                    [-0.3 + 0.3 * i, 1.2, -0.1, 0.03],
                    [-0.24 + 0.3 * i, 1.34, -0.1, 0.05],
                    [-0.33 + 0.3 * i, 1.5, -0.1, 0.03],
                ],
                b.mat(material("#f6f4f0", "extra", glow=0.2)),
            )
    else:
        b.ellipsoid((0, -0.15, 0), (1.16, 1.05, 1.05), m)
        b.cylinder((0, -1.12, 0), 0.7, 0.12, 0.06, ac, 0.06)
        b.group()
        b.torus((0, 0.80, 0), 0.56, 0.08, ac)
        b.ellipsoid((0, 0.80, 0), (0.56, 0.26, 0.56), m, 0.03)
        b.sphere((0, 1.18, 0), 0.15, ac, 0.03)
        b.group()
        b.tube(
            [[-0.95, -0.35, -0.05, 0.25], [-1.32, -0.05, -0.05, 0.16], [-1.52, 0.42, -0.05, 0.12]],
            m,
            0.05,
            curve=4,
        )
        b.group()
        b.tube(
            [
                [0.95, 0.40, -0.1, 0.12],
                [1.38, 0.45, -0.1, 0.12],
                [1.55, 0.05, -0.1, 0.12],
                [1.38, -0.38, -0.1, 0.12],
                [1.0, -0.52, -0.1, 0.12],
            ],
            m,
            curve=4,
        )
    return Host(
        m,
        col,
        mix(col, "#8c1c34", 0.65) if c.variant % 4 != 2 else "#c4485c",
        mix(col, "#181018", 0.7),
        1.03,
        0.06,
        "ball",
        mix(col, "#ffffff", 0.2),
        1.1,
        0.7,
        0,
        "#f0607c",
        0.32,
        1.0,
    )


def cloud(b: SceneBuilder, c: Character, jaw: float) -> Host:
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


def rock(b: SceneBuilder, c: Character, jaw: float) -> Host:
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


def book(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col = ("#a83a3c", "#2f5c9a", "#8a4f9a", "#c07a3c")[c.variant % 4]
    bag = c.variant % 4 in (2, 3)
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#000000", 0.3),
            "mottle",
            9 if bag else 3,
            0.35,
            bump=0.12 if bag else 0.05,
            spec=0.25,
            gloss=16,
            wrap=0.4,
            rim=0.35,
            sss=(0.5, 0.4, 0.4),
        )
    )
    gold = b.mat(material("#d8a83c", "extra", spec=0.9, gloss=40, metal=0.6))
    if bag:
        b.box((0, -0.22, -0.1), (1.20, 1.0, 0.62), 0.30, m)
        b.ellipsoid((0, -0.2, 0.2), (0.95, 0.92, 0.55), m, 0.2)
        b.group()
        b.tube(
            [
                [-0.62, 0.7, -0.1, 0.075],
                [-0.60, 1.15, -0.1, 0.08],
                [-0.32, 1.48, -0.1, 0.08],
                [0.32, 1.48, -0.1, 0.08],
                [0.60, 1.15, -0.1, 0.08],
                [0.62, 0.7, -0.1, 0.075],
            ],
            b.mat(material(mix(col, "#000000", 0.35), "extra", spec=0.3)),
            curve=3,
        )
        b.group()
        for s in (-1, 1):
            b.torus((s * 0.62, 0.74, 0.1), 0.11, 0.035, gold, R=rot(x=90))
        b.box((0, 0.76, 0.42), (0.16, 0.10, 0.10), 0.05, gold)
    else:
        b.box((0, -0.05, -0.05), (1.05, 1.22, 0.60), 0.12, m)
        b.ellipsoid((0, -0.12, 0.2), (0.82, 0.95, 0.48), m, 0.2)
        b.group()
        b.box(
            (0.08, -0.05, -0.16),
            (1.06, 1.15, 0.42),
            0.04,
            b.mat(material("#f4ead2", "extra", "#d8c8a4", "brushed", 12, 0.3)),
        )
        b.group()
        b.tube(
            [[-1.02, 1.12, 0.0, 0.14], [-1.02, -1.22, 0.0, 0.14]],
            b.mat(material(mix(col, "#000000", 0.25), "extra", spec=0.3)),
        )
        b.group()
        for y in (0.98, -1.08):
            for s in (-1, 1):
                b.box((s * 0.88 + 0.02, y, 0.50), (0.12, 0.12, 0.07), 0.04, gold)
        b.group()
        b.tube([[0.55, 1.1, -0.1, 0.1], [0.55, 1.45, -0.1, 0.1]], b.mat(material("#e8c040", "extra")), flat=4)
    return Host(
        m,
        col,
        mix(col, "#5c0c1c", 0.45) if c.variant % 4 else "#701420",
        mix(col, "#0c0408", 0.7),
        1.03,
        0.06,
        "ball",
        mix(col, "#ffffff", 0.15),
        1.1,
        0.72,
        -0.1,
        "#ff8070",
        0.3,
        1.0,
    )


def alien(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col = ("#7cc35a", "#6fb7c9", "#a58ad0", "#c6d36a")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#285c3c", 0.5), spec=0.35, gloss=22, sss=(0.6, 0.65, 0.5)))
    b.ellipsoid((0, 0.36, -0.08), (1.06, 0.95, 0.98), m)
    b.ellipsoid((0, -0.42 - jaw * 0.15, 0.08), (0.66, 0.72 + jaw * 0.1, 0.68), m, 0.35)
    b.ellipsoid((0, -0.98 - jaw * 0.6, 0.42), (0.22, 0.16, 0.20), m, 0.16)
    for s in (-1, 1):
        b.tube(
            [[s * 0.80, -0.02, -0.1, 0.13], [s * 1.10, 0.14, -0.15, 0.10], [s * 1.32, 0.34, -0.2, 0.02]],
            m,
            0.1,
            flat=1.5,
        )
    b.group()
    tip = b.mat(
        material(("#f0d048", "#f07a9a", "#6ae0c8", "#e05a3c")[c.variant % 4], "extra", spec=0.5, glow=0.25)
    )
    for s in (-1, 1):
        b.tube([[s * 0.35, 1.15, -0.1, 0.07], [s * 0.50, 1.42, -0.05, 0.045], [s * 0.62, 1.56, 0, 0.045]], m)
        b.sphere((s * 0.64, 1.60, 0), 0.12, tip, 0.02)
    return Host(
        m,
        col,
        mix(col, "#5c2458", 0.55),
        mix(col, "#0c2418", 0.7),
        1.0,
        0.0,
        "human",
        "",
        1.22,
        0.85,
        -0.08,
        mix(col, "#ff5a8a", 0.4),
        0.4,
        0.92,
    )


def ghost(b: SceneBuilder, c: Character, jaw: float) -> Host:
    col = ("#e6e5f0", "#d6e2f2", "#f1e6fa", "#e4f6ee")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#a8a4e0", 0.35),
            "mottle",
            1.2,
            0.3,
            spec=0.12,
            gloss=12,
            wrap=0.8,
            rim=0.7,
            sss=(0.85, 0.85, 0.95),
            glow=0.03,
        )
    )
    b.ellipsoid((0, 0.12, -0.05), (1.02, 1.12, 0.95), m)
    b.cone((0, -0.85, -0.05), 1.12, 1.0, 0.95, 0.1, m, 0.25)
    for i in range(9):
        a = i / 9 * math.tau + 0.35
        b.sphere((math.sin(a) * 0.95, -1.72, -0.05 + math.cos(a) * 0.9), 0.26, m, 0.12)
    for s in (-1, 1):
        b.tube(
            [[s * 0.85, -0.55, 0.05, 0.26], [s * 1.25, -0.62, 0.25, 0.2], [s * 1.42, -0.45, 0.35, 0.13]],
            m,
            0.2,
        )
    return Host(
        m,
        col,
        "#b0567c",
        "#6a628c",
        1.03,
        0.06,
        "ball",
        mix(col, "#e8c0d8", 0.5),
        1.1,
        0.75,
        -0.05,
        "#f08ab0",
        0.5,
        1.0,
    )


BUILD = {
    "human": human,
    "apple": apple,
    "pumpkin": pumpkin,
    "pear": pear,
    "cat": cat,
    "dog": dog,
    "bear": bear,
    "fox": fox,
    "owl": owl,
    "robot": robot,
    "tree": tree,
    "teapot": teapot,
    "cloud": cloud,
    "rock": rock,
    "book": book,
    "alien": alien,
    "ghost": ghost,
}
VARIANT_NAMES = {
    "apple": ("red", "green", "yellow", "pink"),
    "pumpkin": ("orange", "red-orange", "golden", "white"),
    "pear": ("green", "yellow", "dark green", "golden"),
    "cat": ("orange tabby", "grey tabby", "black", "cream"),
    "dog": ("tan", "white", "brown", "grey"),
    "bear": ("brown", "panda", "dark brown", "honey-coloured"),
    "fox": ("orange", "red", "silver", "brown"),
    "owl": ("brown", "grey", "tawny", "dark"),
    "robot": ("steel", "white", "teal", "brass"),
    "tree": ("oak", "light wood", "dark wood", "birch"),
    "teapot": ("blue teapot", "pink mug", "white mug", "green teapot"),
    "cloud": ("white", "grey", "pink", "pale blue"),
    "rock": ("grey", "sandstone", "slate", "brown"),
    "book": ("red book", "blue book", "purple handbag", "tan handbag"),
    "alien": ("green", "blue", "purple", "yellow-green"),
    "ghost": ("white", "pale blue", "lavender", "mint"),
    "human": ("", "", "", ""),
}
