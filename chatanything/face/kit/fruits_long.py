"""Bodies of big and long fruit: banana, watermelon, pineapple, avocado."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fruits import green, peel
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def banana(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A stout upright banana, bent to the viewer's right."""
    col, tip = (
        ("#fbd534", "#8a9a2c"),
        ("#b4cc3c", "#5c8a2c"),
        ("#f5c63a", "#5c3a1c"),
        ("#d8584c", "#6c2c24"),
    )[c.variant % 4]
    m = b.mat(peel(col, mix(col, tip, 0.35), scale=2.2, amp=0.35, sss=(0.7, 0.6, 0.3)))
    b.tube(
        [
            [0.84, -1.36, -0.1, 0.15],
            [0.54, -1.12, -0.08, 0.42],
            [0.14, -0.70, 0.0, 0.70],
            [-0.08, -0.10, 0.0, 0.84],
            [-0.04, 0.50, 0.0, 0.74],
            [0.26, 0.96, -0.06, 0.46],
            [0.62, 1.26, -0.1, 0.21],
            [0.86, 1.48, -0.1, 0.15],
        ],
        m,
        curve=9,
    )
    b.ellipsoid((-0.04, -0.12, 0.14), (0.74, 0.90, 0.76), m, 0.25)
    b.decal(m, (0.84, 1.46, 0), (0.4, 0.42, 0.6), tip, 0.8, 0.8)
    b.decal(m, (0.82, -1.34, 0), (0.36, 0.30, 0.6), tip, 0.75, 0.8)
    if c.variant % 4 == 2:
        spots = ((-0.78, 0.35), (-0.84, -0.2), (-0.62, -0.98), (0.1, 1.05), (-0.3, 0.92), (0.55, -0.9))
        for i, (x, y) in enumerate(spots):
            b.decal(m, (x, y, 0.5), (0.06 + 0.02 * (i % 2), 0.09, 0.6), "#7a4a1e", 0.8, 0.4)
    b.group()
    end = b.mat(material("#5a3d20", "extra", "#2e2014", "mottle", 6, 0.6, spec=0.05))
    b.cylinder((0.90, 1.52, -0.1), 0.165, 0.055, 0.03, end, R=rot(z=-38))
    b.ellipsoid((0.91, -1.42, -0.1), (0.13, 0.09, 0.13), end, R=rot(z=-45))
    return Host(
        m, col, mix(col, "#a83824", 0.62), mix(col, "#3c2604", 0.8), 0.94, 0.14,
        "ball", mix(col, "#fff0a0", 0.25),
        1.3, 0.5, -0.1, blush="#f08030", blush_a=0.5, side=0.85,
    )  # fmt: skip


def watermelon(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A slice of watermelon; variants 1 and 3 are a whole melon and a slice of a yellow one."""
    return _melon(b) if c.variant % 4 == 1 else _slice(b, c)


def _slice(b: SceneBuilder, c: Character) -> Host:
    """A wedge: flesh with pips, a pale and a green rind below."""
    col, deep = (("#f2404c", "#e02440"), ("", ""), ("#fb6a74", "#f04058"), ("#fbc832", "#f0a41c"))[
        c.variant % 4
    ]
    m = b.mat(peel(col, deep, scale=3.5, amp=0.45, spec=0.2, gloss=12, sss=(0.8, 0.45, 0.4)))
    low = [(1.30 * math.sin(a), -0.52 - 0.42 * math.cos(a)) for a in np.linspace(-1.35, 1.35, 15)]
    b.prism(np.array([(-0.07, 1.42), *low, (0.07, 1.42)]), -0.42, 0.42, 0.10, m)
    b.ellipsoid((0, -0.22, 0.15), (0.88, 0.90, 0.55), m, 0.22)
    for i, (grow, half, color, dark) in enumerate(
        ((0.15, 0.46, "#f2f3cf", "#d8e8a8"), (0.17, 0.50, "#3f9a3c", "#1d6428"))
    ):
        b.group()
        rind = b.mat(
            material(color, "extra", dark, "stripes" if i else "plain", 26, 0.8 * i, spec=0.25, wrap=0.5)
        )
        y = -0.10 - 0.20 * i
        arc = [(1.42 * math.sin(a), -0.52 + y - 0.42 * math.cos(a)) for a in np.linspace(-1.35, 1.35, 15)]
        b.tube([[px, py, 0.0, grow] for px, py in arc], rind, flat=grow / half)
    pip = b.mat(material("#2c1a1a", "extra", spec=0.5, gloss=30))
    xy = np.array([(0.0, 1.08), (0.30, 0.80), (0.62, 0.40), (0.92, -0.02), (1.02, -0.48), (0.66, -0.86)])
    xy = np.concatenate([xy, xy[1:] * (-1, 1)])
    for (x, y), z in zip(xy, b.front(xy), strict=True):
        b.group()
        b.ellipsoid(
            (float(x), float(y), float(z)), (0.045, 0.075, 0.03), pip, R=rot(z=18 * float(np.sign(x)))
        )
    return Host(
        m, col, mix(col, "#8c1030", 0.55), mix(col, "#4a0a14", 0.75), 0.90, 0.04,
        "ball", mix(col, "#ffffff", 0.1),
        1.3, 0.4, 0.0, blush="#ff8080", blush_a=0.4, side=0.75,
    )  # fmt: skip


def _melon(b: SceneBuilder) -> Host:
    """A whole melon, striped but for its pale front."""
    col = "#8cc152"
    m = b.mat(peel("#2f7d36", "#a4d060", tex="stripes", scale=12, amp=1.0, sss=(0.5, 0.5, 0.35)))
    b.ellipsoid((0, 0, -0.08), (1.38, 1.20, 1.16), m)
    b.ellipsoid((0, -0.1, 0.06), (1.0, 0.95, 1.06), m, 0.25)
    b.decal(m, (0, -0.14, 1.0), (0.80, 0.92, 0.9), "#a8d066", 1.0, 0.4)
    b.group()
    g = b.mat(green("#5c8c34"))
    tendril = [
        [0.25 + 0.16 * math.cos(a) + 0.06 * a, 1.36 + 0.1 * math.sin(a), 0.0, 0.035]
        for a in np.linspace(3, 13, 22)
    ]
    b.tube([[0, 1.1, -0.05, 0.09], [0.02, 1.3, -0.05, 0.07], *tendril], g)
    return Host(
        m, col, "#c0503c", "#1f4a1c", 1.06, 0.12, "ball", "#a4cc60",
        1.1, 0.75, -0.05, blush="#f07850", blush_a=0.45, side=1.25,
    )  # fmt: skip


def pineapple(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A pineapple: spiral grooves all round but for the face, and a crown of leaves."""
    col, deep = (
        ("#f3ac2c", "#d8781a"),
        ("#e8c23c", "#b8962c"),
        ("#e0823a", "#b0501c"),
        ("#b8b83c", "#7c8c28"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=3, amp=0.4, spec=0.2, gloss=12))
    groove = b.mat(material(mix(deep, "#4a1c08", 0.55), "skin", wrap=0.4))
    ry, rx, cy = 1.20, 1.06, -0.32
    b.ellipsoid((0, cy, -0.02), (rx, ry, 1.04), m)
    for turn in (-1, 1):
        for i in range(9):
            run: list[list[float]] = []
            for t in np.linspace(-0.93, 0.93, 27):
                a = math.tau * i / 9 + turn * t * 1.5
                w = math.sqrt(1 - t * t)
                x, y, z = rx * w * math.sin(a), cy + ry * t, 1.04 * w * math.cos(a) - 0.02
                far = math.hypot(x / 0.68, (y + 0.34) / 0.80)
                if z < -0.3 or (far < 1 and z > 0):
                    _cut(b, run, groove)
                    run = []
                else:
                    run.append(
                        [x * 1.01, y, z * 1.01, 0.022 * min(1.0, 0.3 + 3 * (far - 1)) if z > 0 else 0.022]
                    )
            _cut(b, run, groove)
    b.ellipsoid((0, -0.34, 0.14), (0.66, 0.76, 0.93), m, 0.12)
    b.ellipsoid((0, -0.76, 0.24), (0.52, 0.50, 0.72), m, 0.2)
    b.group()
    g = b.mat(green("#4c9a3c"))
    for i in range(13):
        ring = i // 5
        a = math.tau * (i + 0.5 * ring) / 5
        x, z = math.sin(a), math.cos(a) * 0.7
        spread, height = (0.78, 0.52, 0.24)[ring], (0.34, 0.62, 0.82)[ring]
        b.tube(
            [
                [x * 0.14, 0.74, z * 0.14 - 0.08, 0.14],
                [x * spread * 0.5, 0.78 + height * 0.62, z * spread * 0.5 - 0.08, 0.13],
                [x * spread, 0.78 + height, z * spread - 0.08, 0.015],
            ],
            g,
            0.02,
            curve=3,
        )
    return Host(
        m, col, mix(col, "#a02c14", 0.62), mix(col, "#3c1c04", 0.8), 0.88, -0.08,
        "ball", mix(col, "#ffe080", 0.2),
        0.8, 0.6, -0.05, blush="#f06428", blush_a=0.45, side=1.0,
    )  # fmt: skip


def _cut(b: SceneBuilder, run: list[list[float]], m: int) -> None:
    """A groove along a run of points, where it is long enough to be one."""
    if len(run) > 2:
        b.tube(run, m, 0.03, op=1)


def avocado(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """Half an avocado: dark peel, a green rim, pale flesh, the stone below the mouth."""
    skin, rim, col = (
        ("#3a5a26", "#a8c84a", "#e9eca0"),
        ("#2c2a2c", "#9cc04c", "#f0eca8"),
        ("#5c8a2e", "#b8d450", "#f4efb4"),
        ("#4a2c34", "#a4b84a", "#ece4a0"),
    )[c.variant % 4]
    m = b.mat(peel(col, mix(col, rim, 0.5), scale=1.6, amp=0.3, spec=0.12, gloss=10, sss=(0.7, 0.7, 0.4)))
    b.ellipsoid((0, -0.48, 0.0), (1.02, 0.94, 0.52), m)
    b.ellipsoid((0, 0.45, 0.0), (0.76, 0.86, 0.50), m, 0.5)
    b.group()
    outside = b.mat(peel(skin, mix(skin, "#0c1408", 0.5), scale=7, amp=0.6, bump=0.25, spec=0.2))
    b.ellipsoid((0, -0.48, -0.44), (1.24, 1.12, 0.42), outside)
    b.ellipsoid((0, 0.48, -0.44), (0.92, 1.08, 0.42), outside, 0.45)
    b.group()
    edge = b.mat(peel(rim, mix(rim, "#5c8a24", 0.4), amp=0.3, spec=0.15))
    b.ellipsoid((0, -0.48, -0.32), (1.13, 1.03, 0.34), edge)
    b.ellipsoid((0, 0.47, -0.32), (0.84, 0.97, 0.34), edge, 0.48)
    b.group()
    stone = b.mat(material("#8a4c22", "extra", "#5e2c12", "mottle", 3, 0.6, spec=0.34, gloss=24, wrap=0.45))
    b.ellipsoid((0, -0.90, 0.34), (0.42, 0.42, 0.36), stone)
    return Host(
        m, col, "#c86450", mix(skin, "#1c1408", 0.4), 0.80, 0.40, "ball", mix(col, "#ffffff", 0.15),
        1.4, 0.55, -0.1, blush="#f08a70", blush_a=0.5, side=0.85,
    )  # fmt: skip


KINDS: Final = (
    Kind(
        "banana", banana, "fruit",
        names={"plantain": 1},
        meaning="a long curved fruit: banana, plantain, tropical fruit",
        colors={"yellow": 0, "green": 1, "spotted": 2, "brown": 2, "red": 3}, own_top=True,
    ),
    Kind(
        "watermelon", watermelon, "fruit",
        names={"melon": 1, "slice of watermelon": 0},
        meaning="a slice of watermelon, a striped melon, honeydew, summer picnic",
        colors={"red": 0, "green": 1, "pink": 2, "yellow": 3}, own_top=True,
    ),
    Kind(
        "pineapple", pineapple, "fruit",
        names={"ananas": 0},
        meaning="a tropical fruit with a crown of leaves: pineapple, coconut, pina colada",
        colors={"orange": 0, "yellow": 1, "brown": 2, "green": 3}, own_top=True,
    ),
    Kind(
        "avocado", avocado, "fruit",
        names={"guacamole": 0},
        meaning="a creamy green fruit with a stone: avocado, guacamole, avocado toast",
        colors={"green": 0, "black": 1, "pale": 2, "purple": 3}, own_top=True,
    ),
)  # fmt: skip
