"""Things on a desk that are round: mug, telephone, lamp, alarm clock."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import dressed, metal, plain, ring
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def enamel(b: SceneBuilder, color: str, part: str = "skin", spec: float = 0.5) -> int:
    """Glazed or painted: smooth, with a soft highlight."""
    return b.mat(material(color, part, spec=spec, gloss=32, wrap=0.45, rim=0.42, sss=(0.55, 0.48, 0.46)))


def mug(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A mug on its saucer: tea with the bag's tag, coffee, cocoa with cream, speckled stoneware."""
    kind = c.variant % 4
    col, acc = (
        ("#3f86cc", "#f6efdf"),
        ("#dc4c40", "#fbeee2"),
        ("#f3a94a", "#fff4e0"),
        ("#48a58c", "#f1e7d0"),
    )[kind]
    m, ac = enamel(b, col), enamel(b, acc, "extra")
    b.cone((0, -0.14, 0), 0.94, 1.08, 1.02, 0.12, m)
    b.ellipsoid((0, -0.30, 0.14), (0.88, 0.92, 0.92), m, 0.2)
    b.cylinder((0, 0.96, 0), 0.96, 0.25, 0.05, m, 0.05, op=1)
    b.group()
    b.tube(
        [
            [0.92, 0.42, 0, 0.13],
            [1.28, 0.48, 0, 0.14],
            [1.48, 0.10, 0, 0.15],
            [1.36, -0.44, 0, 0.14],
            [0.90, -0.66, 0, 0.13],
        ],
        m,
        curve=5,
    )
    b.group()
    b.torus((0, 0.87, 0), 1.025, 0.07, ac)
    b.group()
    b.cylinder((0, -1.24, 0), 1.28, 0.05, 0.05, ac)
    b.torus((0, -1.18, 0), 1.26, 0.08, m, 0.05)
    b.group()
    b.cylinder((0, 0.76, 0), 0.97, 0.04, 0.02, plain(b, ("#a8602c", "#4c2c18", "#6a3a20", "#7a4a28")[kind]))
    if kind == 2:
        cream = plain(b, "#fff6e8", 0.1)
        for y, r in ((0.88, 0.72), (1.10, 0.55), (1.29, 0.36)):
            b.torus((0, y, 0), r * 0.62, r * 0.36, cream, 0.06)
        b.cone((0, 1.44, 0), 0.20, 0.02, 0.14, 0.02, cream, 0.1)
        b.group()
        cane = plain(b, "#a05a2c", 0.2)
        b.tube([[-0.62, 0.80, 0.1, 0.10], [-0.92, 1.50, 0.05, 0.10]], cane)
        b.group()
        for x, z in ((0.58, 0.36), (0.20, 0.62)):
            b.cylinder((x, 1.00, z), 0.17, 0.15, 0.07, plain(b, "#ffd9dc", 0.1), R=rot(x=20, z=-24 * x))
    else:
        steam = b.mat(material("#ffffff", "extra", glow=0.25, rim=0.5))
        for x, top in ((-0.46, 1.42), (0.0, 1.60), (0.44, 1.46)):
            b.group()
            b.tube(
                [
                    [x, 0.98, 0, 0.02],
                    [x + 0.13, (top * 2 + 0.98 * 3) / 5, 0, 0.06],
                    [x - 0.08, (top * 4 + 0.98) / 5, 0, 0.05],
                    [x + 0.07, top, 0, 0.012],
                ],
                steam,
                curve=5,
            )
    if kind == 0:
        b.group()
        b.tube(
            [[-0.80, 0.86, 0.55, 0.02], [-0.88, 0.80, 0.76, 0.02], [-0.92, 0.40, 0.72, 0.02]],
            plain(b, "#f6efdf"),
            curve=4,
        )
        b.group()
        tag = plain(b, "#fff7e2", 0.1)
        b.box((-0.93, 0.20, 0.70), (0.17, 0.21, 0.03), 0.04, tag, R=rot(y=-42, z=-8))
        b.decal(tag, (-0.93, 0.18, 0.72), (0.10, 0.11, 0.3), "#58a84c", 0.95, 0.2)
    elif kind == 3:
        for i in range(26):
            a, y = 2.4 * i, -1.1 + 1.85 * ((i * 0.618) % 1)
            if abs(math.sin(a)) > 0.70 or y > 0.55:
                b.decal(m, (1.02 * math.sin(a), y, 1.02 * abs(math.cos(a))), (0.06,) * 3, acc, 0.9, 0.3)
        b.decal(m, (0, -1.25, 0), (1.6, 0.24, 1.6), "#b5764a", 1.0, 0.08)
    return dressed(m, col, 0.93, 0.02, lip=mix(col, "#a01030", 0.7))


def telephone(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A rotary telephone: the face looks out of the dial, the handset lies on top."""
    col, dial = (
        ("#d8382f", "#fbeedd"),
        ("#4a4d5c", "#f4e6c4"),
        ("#5cb88a", "#f6ecd2"),
        ("#f0b23c", "#fff4dc"),
    )[c.variant % 4]
    m, hand = enamel(b, col), enamel(b, col, "extra")
    ring_m, hole = enamel(b, dial, "extra", 0.4), plain(b, mix(col, "#1c0c14", 0.62), 0.2)
    brass = metal(b, "#e6b856" if c.variant % 4 != 0 else "#d8dce4")
    b.box((0, -1.12, -0.16), (1.40, 0.28, 0.66), 0.24, m)
    b.ellipsoid((0, -0.40, -0.1), (1.24, 1.14, 0.74), m, 0.35)
    b.ellipsoid((0, -0.26, 0.22), (0.98, 0.98, 0.62), m, 0.12)
    b.group()
    b.torus((0, -0.26, 0.46), 0.96, 0.18, ring_m, R=rot(x=90), stretch=0.7)
    b.group()
    for i in range(11):
        a = math.radians(-62 + 29 * i)
        b.sphere((0.965 * math.cos(a), -0.26 + 0.965 * math.sin(a), 0.53), 0.098, hole)
    b.group()
    a0 = math.radians(-62 - 26)
    x, y = 0.96 * math.cos(a0), -0.26 + 0.96 * math.sin(a0)
    b.tube([[x * 1.05, y - 0.10, 0.58, 0.035], [x * 0.9 + 0.08, y + 0.10, 0.62, 0.03]], brass)
    b.group()
    for s in (-1, 1):
        b.tube([[s * 0.46, 0.55, -0.1, 0.16], [s * 0.52, 0.92, -0.1, 0.13]], hand)
        b.tube([[s * 0.70, 0.86, 0.12, 0.075], [s * 0.72, 1.12, 0.18, 0.075]], brass)
    b.group()
    b.tube(
        [
            [-1.14, 1.04, 0, 0.19],
            [-0.62, 1.26, 0, 0.17],
            [0, 1.34, 0, 0.16],
            [0.62, 1.26, 0, 0.17],
            [1.14, 1.04, 0, 0.19],
        ],
        hand,
        curve=4,
    )
    for s in (-1, 1):
        b.cone((s * 1.20, 0.86, 0), 0.36, 0.22, 0.19, 0.08, hand, 0.08, R=rot(z=s * 14))
    b.group()
    for s in (-1, 1):
        b.torus((s * 1.165, 0.71, 0), 0.32, 0.045, brass, R=rot(z=s * 14))
        b.cylinder((s * 1.0, -1.42, 0.2), 0.14, 0.07, 0.05, hole)
    b.group()
    t = np.linspace(0, 1, 84)
    turn = 11 * math.tau * t
    b.tube(
        np.column_stack(
            [
                -1.30 - 0.14 * np.sin(math.pi * t) + 0.085 * np.cos(turn),
                0.62 - 1.80 * t,
                -0.15 + 0.085 * np.sin(turn),
                np.full(84, 0.032),
            ]
        ),
        hole,
    )
    lip = "#8c1420" if c.variant % 4 == 0 else ""
    brow = "#17161e" if c.variant % 4 == 1 else ""
    return dressed(m, col, 0.86, 0.0, lip=lip or mix(col, "#b8183c", 0.78), brow=brow)


def lamp(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A table lamp: the face on the lit shade, brass foot, pull chain."""
    col, foot, brassy = (
        ("#f4d596", "#e0ae42", True),
        ("#74b884", "#e0ae42", True),
        ("#f08a72", "#f7ecd8", False),
        ("#7f9ee0", "#f7ecd8", False),
    )[c.variant % 4]
    m = b.mat(
        material(col, "skin", tex="weave", scale=70, amp=0.03, spec=0.05, gloss=8, wrap=0.6, rim=0.4,
                 sss=(0.75, 0.62, 0.5), glow=0.10)
    )  # fmt: skip
    trim = plain(b, mix(col, "#5a2c14", 0.45), 0.2)
    stand = metal(b, foot) if brassy else enamel(b, foot, "extra")
    b.cone((0, 0.32, 0), 1.30, 0.76, 0.86, 0.05, m)
    b.ellipsoid((0, 0.21, 0.22), (0.88, 0.74, 0.92), m, 0.25)
    b.cone((0, -0.62, 0), 1.22, 1.16, 0.12, 0.02, m, 0.04, op=1)
    b.group()
    b.tube(ring(1.29, 1.29, -0.53, 0, 0.06, 36), trim)
    b.tube(ring(0.77, 0.77, 1.16, 0, 0.05), trim)
    b.group()
    b.sphere((0, -0.58, 0), 0.30, b.mat(material("#fff2b4", "extra", glow=1.1)))
    b.group()
    b.cylinder((0, 1.18, 0), 0.05, 0.14, 0.03, stand)
    b.sphere((0, 1.40, 0), 0.13, stand, 0.05)
    b.group()
    b.cylinder((0, -0.96, 0), 0.12, 0.26, 0.04, stand)
    b.sphere((0, -1.0, 0), 0.21, stand, 0.08)
    b.cone((0, -1.27, 0), 0.74, 0.22, 0.10, 0.05, stand, 0.10)
    b.cylinder((0, -1.35, 0), 0.78, 0.06, 0.05, stand, 0.04)
    b.group()
    bead = metal(b, "#f0cc6c")
    for i in range(5):
        b.sphere((0.78, -0.60 - 0.10 * i, 0.55), 0.042, bead)
    b.sphere((0.78, -1.13, 0.55), 0.10, bead)
    return dressed(m, col, 0.82, 0.34, lip=mix(col, "#b0203c", 0.68), brow=mix(col, "#3a1810", 0.78))


def clock(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An alarm clock with two bells; marks for the hours, but the face has the dial for itself."""
    col, dial, bell = (
        ("#d8423c", "#fff0d4", "#e8c05c"),
        ("#3fa6b4", "#fdf3dc", "#e8c05c"),
        ("#f0b434", "#fff6e0", "#e07848"),
        ("#7a5cb4", "#f8e6ee", "#d8dce6"),
    )[c.variant % 4]
    m = b.mat(material(dial, "skin", spec=0.3, gloss=26, wrap=0.5, rim=0.3, sss=(0.62, 0.54, 0.5)))
    case, brass = enamel(b, col, "extra", 0.6), metal(b, bell)
    b.ellipsoid((0, -0.26, 0.0), (1.14, 1.14, 0.52), m)
    b.ellipsoid((0, -0.28, 0.10), (0.90, 0.95, 0.56), m, 0.2)
    b.group()
    b.torus((0, -0.22, 0.06), 1.10, 0.17, case, R=rot(x=90), stretch=1.5)
    b.cylinder((0, -0.26, -0.3), 1.18, 0.30, 0.1, case, 0.05, R=rot(x=90))
    b.group()
    ink = plain(b, mix(col, "#20101c", 0.5), 0.2)
    for i in range(12):
        a = i / 12 * math.tau
        x, y = math.sin(a), math.cos(a)
        big = i % 3 == 0
        b.tube(
            [[x * (0.90 if big else 0.94), y * (0.90 if big else 0.94) - 0.26, 0.36, 0.045],
             [x * 1.0, y * 1.0 - 0.26, 0.29, 0.045]],
            ink,
        )  # fmt: skip
    b.group()
    for s in (-1, 1):
        turn = rot(z=-s * 32)
        at = np.array([s * 0.70, 1.02, 0.0])
        b.tube([[s * 0.52, 0.72, 0, 0.07], [*at, 0.06]], case)
        b.ellipsoid(at, (0.46, 0.36, 0.46), brass, 0.02, R=turn)
        b.cylinder(at - turn @ np.array([0, 0.24, 0]), 0.6, 0.2, 0.02, brass, 0.03, op=1, R=turn)
        b.sphere(at + turn @ np.array([0, 0.38, 0]), 0.09, case, 0.03)
        b.group()
    b.tube([[0, 0.84, 0, 0.05], [0, 1.14, 0, 0.05]], ink)
    b.cylinder((0, 1.20, 0), 0.12, 0.16, 0.06, ink, R=rot(z=90))
    b.group()
    b.tube(
        [[-0.52, 1.22, -0.2, 0.06], [-0.40, 1.52, -0.2, 0.06], [0.40, 1.52, -0.2, 0.06],
         [0.52, 1.22, -0.2, 0.06]],
        case,
        curve=5,
    )  # fmt: skip
    for s in (-1, 1):
        b.group()
        b.tube([[s * 0.74, -1.10, 0, 0.14], [s * 0.94, -1.32, 0.05, 0.10]], case)
        b.sphere((s * 0.95, -1.34, 0.06), 0.13, brass, 0.02)
    b.group()
    b.cylinder((1.38, -0.26, -0.1), 0.07, 0.10, 0.03, brass, R=rot(z=90))
    b.box((1.48, -0.26, -0.1), (0.06, 0.16, 0.10), 0.05, brass, 0.03)
    return dressed(m, dial, 0.88, -0.02, lip=mix(col, "#c03048", 0.6), brow=mix(col, "#180c18", 0.72))


KINDS: Final = (
    Kind(
        "mug",
        mug,
        "office",
        names={"coffee mug": 1, "coffee cup": 1, "tea cup": 0, "teacup": 0, "cup": 3, "coffee": 1,
               "hot chocolate": 2, "cocoa": 2},
        meaning="a cup with a hot drink: mug, coffee, tea, espresso, cappuccino, breakfast",
        colors={"blue": 0, "red": 1, "orange": 2, "yellow": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "telephone",
        telephone,
        "office",
        names={"phone": None, "rotary phone": 0, "landline": 1, "hotline": 0},
        meaning="a telephone with a dial and a handset: phone, call, receiver, hotline, switchboard",
        colors={"red": 0, "black": 1, "grey": 1, "green": 2, "yellow": 3},
        own_top=True,
    ),
    Kind(
        "lamp",
        lamp,
        "office",
        names={"desk lamp": 1, "table lamp": 0, "lampshade": 2, "night light": 3, "bedside lamp": 3},
        meaning="something that gives light in a room: desk lamp, lantern, lampshade, chandelier",
        colors={"cream": 0, "yellow": 0, "green": 1, "pink": 2, "orange": 2, "blue": 3},
        own_top=True,
    ),
    Kind(
        "clock",
        clock,
        "office",
        names={"alarm clock": 0, "wall clock": 1, "watch": 2, "timer": 2, "stopwatch": 3},
        meaning="something that tells the time: clock, alarm, watch, hour, bells, punctual",
        colors={"red": 0, "teal": 1, "blue": 1, "yellow": 2, "purple": 3},
        own_top=True,
    ),
)  # fmt: skip
