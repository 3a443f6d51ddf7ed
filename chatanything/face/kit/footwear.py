"""Clothes for feet, hands and heads: boot, sneaker, sock, mitten, glove, top hat, beanie."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import cloth, dressed, knit, leather, metal, plain, stitches
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def boot(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """Rubber boots in two colours, a laced leather boot and a furry winter boot."""
    kind = c.variant % 4
    col, sole_col = (
        ("#f4be24", "#d8922a"),
        ("#a8622f", "#3c241a"),
        ("#d83c44", "#8c1c2c"),
        ("#4f86c4", "#f0ece4"),
    )[kind]
    rubber = kind in (0, 2)
    m = (
        b.mat(material(col, "skin", spec=0.8, gloss=45, wrap=0.45, rim=0.4, sss=(0.6, 0.5, 0.4)))
        if rubber
        else leather(b, col, "skin")
    )
    sole = plain(b, sole_col, 0.3)
    b.cone((-0.10, 0.18, -0.1), 0.92, 1.0, 1.10, 0.14, m)
    b.ellipsoid((-0.08, 0.10, 0.10), (0.92, 1.02, 0.88), m, 0.2)
    b.ellipsoid((0.48, -0.94, -0.02), (0.96, 0.44, 0.72), m, 0.22)
    b.ellipsoid((-0.22, -0.90, -0.1), (0.84, 0.50, 0.78), m, 0.2)
    b.group()
    b.box((0.26, -1.24, -0.10), (1.16, 0.11, 0.72), 0.10, sole)
    b.box((-0.50, -1.34, -0.10), (0.40, 0.09, 0.62), 0.06, sole)
    b.group()
    if kind == 3:
        wool = b.mat(material("#fbf6ee", "extra", "#e0d4c8", "fur", 22, 0.4, bump=0.2, rim=0.5, wrap=0.6))
        for i in range(13):
            t = i / 13 * math.tau
            b.lumpy(
                (-0.10 + math.sin(t) * 0.88, 1.26, -0.1 + math.cos(t) * 0.86),
                (0.26, 0.25, 0.26),
                8,
                0.06,
                wool,
                0.1,
            )
    else:
        rim = plain(b, mix(col, sole_col, 0.6), 0.5) if rubber else leather(b, sole_col)
        b.torus((-0.10, 1.26, -0.1), 0.94, 0.085, rim, stretch=1.3)
        b.group()
        b.cylinder((-0.10, 1.27, -0.1), 0.92, 0.05, 0.02, plain(b, mix(col, "#080408", 0.75), 0.05))
        b.group()
        b.torus((-1.02, 1.30, -0.1), 0.16, 0.05, rim, R=rot(x=90))
    b.group()
    if kind == 1:
        lace, eyelet = plain(b, "#f2d9a0", 0.1), metal(b)
        for i, (x, y) in enumerate(((0.86, -0.50), (1.00, -0.66), (1.14, -0.80))):
            b.tube([[x - 0.22, y - 0.10, 0.58 - 0.03 * i, 0.05], [x + 0.12, y + 0.10, 0.30, 0.05]], lace)
            b.sphere((x - 0.24, y - 0.11, 0.60 - 0.03 * i), 0.07, eyelet)
    elif rubber:
        b.ellipsoid((0.90, -0.98, 0.0), (0.58, 0.36, 0.70), plain(b, mix(col, "#ffffff", 0.3), 0.7, 40))
    return dressed(m, col, 0.90, 0.30)


def sneaker(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A high canvas shoe with a white rubber toe, a striped sole and laces down its slope."""
    col = ("#d8404a", "#3f70c8", "#3f9a78", "#7c5cc0")[c.variant % 4]
    m = cloth(b, col, "skin", 0.05, 66)
    white, lace = plain(b, "#f6f4ee", 0.4), plain(b, "#fffaf0", 0.1)
    b.cone((-0.22, 0.10, -0.1), 0.96, 0.90, 1.08, 0.16, m)
    b.ellipsoid((-0.10, 0.06, 0.10), (0.92, 1.0, 0.86), m, 0.2)
    b.ellipsoid((0.46, -0.86, -0.02), (1.0, 0.52, 0.74), m, 0.3)
    b.group()
    b.ellipsoid((0.94, -0.94, -0.02), (0.54, 0.36, 0.72), white)
    b.group()
    b.box((0.12, -1.18, -0.10), (1.32, 0.18, 0.78), 0.15, white)
    b.group()
    b.box((0.12, -1.15, -0.10), (1.33, 0.035, 0.79), 0.03, plain(b, col, 0.3))
    b.group()
    b.torus((-0.22, 1.16, -0.1), 0.84, 0.07, white)
    b.group()
    b.cylinder((-0.22, 1.16, -0.1), 0.82, 0.05, 0.02, plain(b, mix(col, "#080410", 0.65), 0.05))
    b.group()
    b.ellipsoid((0.30, 1.20, 0.06), (0.34, 0.36, 0.50), cloth(b, mix(col, "#ffffff", 0.2)), R=rot(z=-12))
    eyelet = metal(b, "#dfe3ea")
    slope = np.array([(0.66, 0.86), (0.70, 0.56), (0.76, 0.26), (0.86, -0.04), (1.0, -0.34)])
    depth = b.front(slope - (0.20, 0.03))
    for (x, y), z in zip(slope, depth, strict=True):
        b.group()
        b.tube(
            [
                [x - 0.20, y - 0.03, z + 0.02, 0.05],
                [x - 0.02, y + 0.06, z * 0.55, 0.055],
                [x + 0.02, y + 0.08, 0, 0.055],
            ],
            lace,
            curve=2,
        )
        b.sphere((x - 0.20, y - 0.03, z), 0.075, eyelet)
    b.group()
    for s, drop in ((-1, 0.10), (1, 0.0)):
        loop = [
            [0.0, 0.0, 0.0],
            [0.30, 0.18 * s + 0.06, 0.04],
            [0.46, 0.06 * s - drop, 0.02],
            [0.04, -0.03, 0.0],
        ]
        b.tube([[0.62 + u, 0.98 + v, 0.40 + w, 0.05] for u, v, w in loop], lace, curve=4)
    b.sphere((0.64, 0.97, 0.42), 0.085, lace)
    stitches(b, m, [(-0.94, 0.94), (-1.0, -0.9)], "#fff4e0", 0.11)
    return dressed(m, col, 0.90, 0.20)


def sock(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A knitted sock with heel, toe and cuff in another colour; the first is for Christmas."""
    col, acc = (
        ("#d4303c", "#fbf7f0"),
        ("#5aa9d8", "#f6c548"),
        ("#6fb37a", "#f3ead6"),
        ("#a873c8", "#f7a9b8"),
    )[c.variant % 4]
    m, ac = knit(b, col, "skin", 64, 0.12), knit(b, acc, ribs=52, amp=0.25)
    b.cone((-0.14, 0.24, -0.1), 0.90, 0.94, 1.0, 0.20, m)
    b.ellipsoid((-0.08, 0.12, 0.08), (0.92, 1.02, 0.88), m, 0.2)
    b.ellipsoid((0.44, -0.92, 0.0), (0.98, 0.50, 0.76), m, 0.3)
    b.group()
    b.ellipsoid((1.06, -0.98, 0.0), (0.50, 0.44, 0.66), ac)
    b.ellipsoid((-0.66, -0.92, -0.06), (0.48, 0.48, 0.68), ac)
    b.group()
    if c.variant % 4 == 0:
        wool = b.mat(material("#fdfaf4", "extra", "#e4dcd4", "fur", 22, 0.4, bump=0.2, rim=0.5, wrap=0.6))
        b.torus((-0.14, 1.14, -0.1), 0.76, 0.29, wool)
        b.lumpy((-0.14, 1.14, -0.1), (1.04, 0.30, 1.02), 7, 0.05, wool, 0.1)
    else:
        b.cylinder((-0.14, 1.10, -0.1), 1.02, 0.24, 0.12, ac)
        b.group()
        b.cylinder((-0.14, 1.33, -0.1), 0.84, 0.03, 0.02, plain(b, mix(col, "#080410", 0.6), 0.05))
    b.group()
    b.torus((-1.02, 1.42, -0.1), 0.15, 0.05, ac, R=rot(x=90))
    return dressed(m, col, 0.90, 0.22)


def mitten(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A knitted mitten with a thumb, a ribbed cuff and a zigzag round its top."""
    col, acc = (
        ("#d8424c", "#fdf3e4"),
        ("#3f7fc0", "#f4f4f6"),
        ("#4f9a6a", "#f6dc8c"),
        ("#e8943c", "#fdf0dc"),
    )[c.variant % 4]
    m, ac = knit(b, col, "skin", 70, 0.12), knit(b, acc, ribs=44, amp=0.35)
    b.ellipsoid((0, 0.44, -0.1), (1.02, 1.12, 0.66), m)
    b.box((0, -0.42, -0.1), (0.98, 0.62, 0.60), 0.34, m, 0.3)
    b.ellipsoid((0, -0.06, 0.10), (0.90, 1.0, 0.64), m, 0.2)
    b.tube(
        [[0.74, -0.62, -0.1, 0.36], [1.14, -0.20, -0.06, 0.34], [1.28, 0.22, -0.04, 0.29]], m, 0.14, curve=3
    )
    b.group()
    b.cylinder((0, -1.16, -0.1), 0.92, 0.26, 0.14, ac)
    for i in range(9):
        x = -0.80 + 0.20 * i
        b.decal(m, (x, 1.02 + 0.09 * (i % 2), 0.3), (0.085, 0.075, 1.0), acc, 0.95, 0.2)
    for i in range(6):
        b.decal(m, (-0.5 + 0.2 * i, 1.30, 0.2), (0.05, 0.05, 1.0), acc, 0.95, 0.2)
    return dressed(m, col, 0.93, 0.10)


def glove(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An open hand in a leather glove: four fingers, a thumb, a cuff with a button."""
    col = ("#b8743c", "#6a8a4c", "#b84452", "#5a6c94")[c.variant % 4]
    m, dark = leather(b, col, "skin"), leather(b, mix(col, "#180a08", 0.35))
    b.box((0, -0.36, -0.1), (0.94, 0.80, 0.54), 0.36, m)
    b.ellipsoid((0, -0.20, 0.10), (0.92, 0.92, 0.62), m, 0.2)
    for x, high, lean in ((-0.72, 1.10, -0.16), (-0.26, 1.36, -0.05), (0.24, 1.38, 0.05), (0.70, 1.18, 0.15)):
        b.tube([[x, 0.30, -0.12, 0.27], [x + lean, high, -0.10, 0.235]], m, 0.05)
    b.tube([[0.72, -0.66, -0.1, 0.34], [1.14, -0.30, -0.04, 0.29], [1.30, 0.12, 0.0, 0.25]], m, 0.14, curve=3)
    b.group()
    b.cone((0, -1.20, -0.1), 1.04, 0.90, 0.24, 0.10, dark)
    b.group()
    b.torus((0, -0.99, -0.1), 0.86, 0.06, dark)
    b.group()
    b.sphere((0.62, -1.20, 0.70), 0.10, metal(b))
    stitches(b, dark, [(-0.86, -1.30), (0.86, -1.30)], mix(col, "#fff0c8", 0.75), 0.1)
    return dressed(m, col, 0.90, -0.04)


def top_hat(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A top hat of silk with a broad ribbon and a feather."""
    col, band, plume = (
        ("#47506e", "#d8404c", "#f4c04a"),
        ("#8c3450", "#f0c860", "#f4efe6"),
        ("#2f7564", "#f0c05a", "#e86a54"),
        ("#64508c", "#6fc4c8", "#f6a8c0"),
    )[c.variant % 4]
    m = b.mat(material(col, "skin", spec=0.42, gloss=16, wrap=0.5, rim=0.55, sss=(0.5, 0.5, 0.55)))
    b.cone((0, 0.22, -0.1), 0.98, 1.16, 1.22, 0.10, m)
    b.ellipsoid((0, 0.20, 0.06), (0.92, 1.0, 1.0), m, 0.2)
    b.group()
    b.ellipsoid((0, -1.10, -0.1), (1.52, 0.11, 1.22), m)
    for s in (-1, 1):
        b.tube(
            [[s * 1.06, -1.10, 0.56, 0.10], [s * 1.44, -0.98, -0.1, 0.13], [s * 1.06, -1.06, -0.8, 0.10]],
            m,
            0.1,
        )
    b.group()
    b.cylinder((0, -0.90, -0.1), 1.03, 0.15, 0.05, plain(b, band, 0.35))
    b.group()
    b.box((0.60, -0.90, 0.76), (0.17, 0.15, 0.05), 0.04, metal(b), R=rot(y=36))
    b.group()
    feather = plain(b, plume, 0.1)
    b.tube(
        [
            [-1.00, -0.92, 0.10, 0.04],
            [-1.26, -0.30, 0.02, 0.15],
            [-1.40, 0.40, -0.05, 0.16],
            [-1.30, 0.92, -0.1, 0.02],
        ],
        feather,
        flat=2.5,
        curve=4,
    )
    return dressed(m, col, 0.97, 0.36, lip=mix(col, "#d83a5c", 0.68))


def beanie(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A knitted cap with a turned-up cuff and a bobble."""
    col, acc = (
        ("#e06a3c", "#fbeedd"),
        ("#3f86b8", "#f4f2ee"),
        ("#c84a78", "#fbe0e8"),
        ("#5c9a5c", "#f6d878"),
    )[c.variant % 4]
    m, ac = knit(b, col, "skin", 60, 0.16), knit(b, acc, ribs=48, amp=0.35)
    b.ellipsoid((0, -0.20, -0.1), (1.30, 1.34, 1.05), m)
    b.ellipsoid((0, -0.10, 0.06), (0.96, 1.05, 0.98), m, 0.2)
    b.box((0, -2.20, -0.1), (2.0, 1.0, 2.0), 0.02, m, 0.04, op=1)
    b.group()
    b.torus((0, -1.08, -0.1), 1.08, 0.27, ac, stretch=1.0)
    b.group()
    b.lumpy(
        (0, 1.28, -0.1),
        (0.36, 0.34, 0.36),
        9,
        0.12,
        b.mat(material(acc, "extra", mix(acc, col, 0.35), "fur", 20, 0.5, bump=0.3, rim=0.5, wrap=0.6)),
    )
    return dressed(m, col, 0.97, 0.16)


KINDS: Final = (
    Kind(
        "boot",
        boot,
        "clothes",
        names={"boots": 0, "rubber boot": 0, "welly": 2, "cowboy boot": 1, "snow boot": 3, "hiking boot": 1},
        meaning="a high shoe for rain, snow or hiking: boot, wellington, puddle",
        colors={"yellow": 0, "brown": 1, "red": 2, "blue": 3},
        own_top=True,
    ),
    Kind(
        "sneaker",
        sneaker,
        "clothes",
        names={"shoe": 1, "shoes": 0, "trainer shoe": 2, "running shoe": 0, "footwear": 3, "slipper": 3},
        meaning="a shoe with laces for sport and street: sneaker, running, basketball",
        colors={"red": 0, "blue": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "sock",
        sock,
        "clothes",
        names={"socks": 1, "stocking": 0, "christmas stocking": 0, "tights": 3},
        meaning="soft knitwear for the foot: sock, stocking, laundry, washing machine",
        colors={"red": 0, "blue": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "mitten",
        mitten,
        "clothes",
        names={"mittens": 0, "oven mitt": 3},
        meaning="knitwear for cold hands: mitten, winter, snowball",
        colors={"red": 0, "blue": 1, "green": 2, "orange": 3},
        own_top=True,
    ),
    Kind(
        "glove",
        glove,
        "clothes",
        names={"gloves": 0, "gardening glove": 1, "gauntlet": 3},
        meaning="leather for the hand with five fingers: glove, driving, gardening, work",
        colors={"brown": 0, "green": 1, "red": 2, "blue": 3},
        own_top=True,
    ),
    Kind(
        "top hat",
        top_hat,
        "clothes",
        names={"hat": 1, "cylinder hat": 0, "magician's hat": 3},
        meaning="elegant headgear of a gentleman or magician: top hat, bowler, theatre",
        colors={"black": 0, "blue": 0, "burgundy": 1, "red": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "beanie",
        beanie,
        "clothes",
        names={"woolly hat": 0, "bobble hat": 1, "knit cap": 3, "winter hat": 2},
        meaning="a warm knitted cap with a bobble: beanie, wool, winter sports",
        colors={"orange": 0, "blue": 1, "pink": 2, "green": 3},
        own_top=True,
    ),
)
