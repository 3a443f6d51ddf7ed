"""Bags for the road and the shop: suitcase, backpack, shopping bag, duffel, money sack."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind, leaf
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import (
    buckle,
    cloth,
    dressed,
    handle,
    leather,
    metal,
    plain,
    ring,
    stitches,
)
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def suitcase(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """Two trolleys with ribs, wheels and stickers, and two old cases with straps."""
    col, acc = (
        ("#f0b429", "#4a5260"),
        ("#b06a34", "#5c3018"),
        ("#38a3a5", "#3c4a5c"),
        ("#8f3d46", "#d8b070"),
    )[c.variant % 4]
    old = c.variant % 2 == 1
    m = leather(b, col, "skin") if old else b.mat(material(col, "skin", spec=0.55, gloss=30, rim=0.4))
    ac = leather(b, acc) if old else plain(b, acc, 0.5)
    steel = metal(b, "#c8ced8" if not old else "#e0ae42")
    b.box((0, -0.27, -0.14), (1.22, 1.06, 0.56), 0.28, m)
    b.ellipsoid((0, -0.26, 0.12), (0.92, 0.96, 0.52), m, 0.25)
    b.group()
    for s in (-1, 1):
        if old:
            b.box((s * 0.98, -0.27, -0.12), (0.11, 1.09, 0.60), 0.09, ac)
        else:
            for x in (0.90, 1.07):
                b.tube([[s * x, 0.50, 0.40, 0.045], [s * x, -1.02, 0.40, 0.045]], m, 0.03)
    b.group()
    if old:
        handle(b, ac, 0.46, 0.80, 1.20, 0.11)
        for x in (-1, 1):
            for y in (0.66, -1.20):
                b.box((x * 1.10, y, -0.14), (0.20, 0.20, 0.60), 0.15, ac)
        b.group()
        for s in (-1, 1):
            buckle(b, steel, (s * 0.98, 0.36, 0.54), 0.15, 0.10)
            b.sphere((s * 0.46, 0.84, 0.02), 0.10, steel)
    else:
        for s in (-1, 1):
            b.tube([[s * 0.50, 0.76, -0.25, 0.055], [s * 0.50, 1.42, -0.25, 0.055]], steel)
        b.tube([[-0.56, 1.44, -0.25, 0.10], [0.56, 1.44, -0.25, 0.10]], ac)
        b.group()
        handle(b, ac, 0.30, 0.78, 0.98, 0.07, 0.1)
        b.group()
        for s in (-1, 1):
            b.cylinder((s * 0.90, -1.36, 0.04), 0.14, 0.08, 0.04, ac, R=rot(z=90))
            b.box((s * 1.07, 0.60, -0.10), (0.19, 0.19, 0.56), 0.16, ac)
            b.box((s * 1.07, -1.14, -0.10), (0.19, 0.19, 0.56), 0.16, ac)
    tag = plain(b, "#f6efe0", 0.15)
    b.group()
    b.tube([[0.30, 0.98, 0.12, 0.02], [0.62, 0.86, 0.40, 0.02], [0.74, 0.72, 0.50, 0.02]], ac, curve=3)
    b.group()
    b.box((0.80, 0.54, 0.54), (0.11, 0.17, 0.03), 0.03, tag, R=rot(z=12))
    b.decal(tag, (0.80, 0.54, 0.5), (0.07, 0.06, 0.5), "#e0524a", 0.9, 0.2)
    return dressed(m, col, 0.93, 0.0)


def backpack(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A hiker's rucksack with side pockets, a bottle, a rolled mat and straps."""
    col, acc = (
        ("#e2603c", "#3f5a78"),
        ("#4f9a6c", "#c8843c"),
        ("#4a78c4", "#f0b83c"),
        ("#e8a838", "#7a4a34"),
    )[c.variant % 4]
    m, ac = cloth(b, col, "skin", 0.05, 60), cloth(b, acc, "extra", 0.08, 60)
    dark = cloth(b, mix(col, "#180c14", 0.42))
    b.box((0, -0.44, -0.1), (1.08, 0.86, 0.64), 0.34, m)
    b.ellipsoid((0, 0.18, -0.1), (1.06, 0.94, 0.66), m, 0.3)
    b.ellipsoid((0, -0.26, 0.16), (0.92, 1.0, 0.62), m, 0.2)
    b.group()
    a = np.radians(np.linspace(8, 172, 14))
    b.tube(np.column_stack([1.0 * np.cos(a), 0.14 + 0.86 * np.sin(a), 0.12 + 0 * a, 0.045 + 0 * a]), dark)
    b.group()
    steel = metal(b, "#d8dce4")
    b.box((-0.80, 0.64, 0.22), (0.05, 0.12, 0.04), 0.03, steel, R=rot(z=-36))
    b.group()
    for s in (-1, 1):
        b.box((s * 1.14, -0.80, -0.02), (0.26, 0.46, 0.40), 0.18, ac)
        b.tube(
            [[s * 0.78, 0.92, -0.45, 0.14], [s * 1.36, 0.72, -0.55, 0.15], [s * 1.40, -0.3, -0.5, 0.13]],
            dark,
            flat=2,
            curve=4,
        )
    b.group()
    handle(b, dark, 0.26, 1.0, 1.34, 0.065)
    b.group()
    flask = plain(b, "#e8eef4", 0.9, 50)
    b.cylinder((1.22, -0.26, -0.02), 0.185, 0.36, 0.08, flask)
    b.group()
    b.cylinder((1.22, 0.16, -0.02), 0.12, 0.11, 0.04, plain(b, "#d8483c", 0.5))
    b.group()
    mat = plain(b, mix(acc, "#ffffff", 0.25), 0.06, 8)
    b.cylinder((0, -1.25, 0.10), 0.20, 1.12, 0.10, mat, R=rot(z=90))
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 0.66, -1.25, 0.10), 0.215, 0.07, 0.03, dark, R=rot(z=90))
        b.box(
            (-1.26 + 0.09 * s, -0.30, 0.0), (0.05, 0.34, 0.05), 0.03, plain(b, ("#f0c040", "#e86a5a")[s > 0])
        )
        b.cone((-1.26 + 0.09 * s, 0.12, 0.0), 0.06, 0.01, 0.09, 0.01, plain(b, "#f2dcb8"))
    return dressed(m, col, 0.93, 0.02)


def shopping_bag(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A paper bag with cord handles: groceries in two, presents in two."""
    col, acc = (
        ("#d2a06a", "#8c5c30"),
        ("#f08ba4", "#fff2ee"),
        ("#8ab878", "#4c7a44"),
        ("#6fb4dc", "#ffe9a8"),
    )[c.variant % 4]
    m = b.mat(
        material(col, "skin", mix(col, "#5a3414", 0.2), "mottle", 5, 0.25, spec=0.12, wrap=0.5, rim=0.35)
    )
    inner, cord = plain(b, mix(col, "#2c1408", 0.5), 0.05), plain(b, acc, 0.15)
    b.box((0, -0.34, -0.14), (1.10, 1.04, 0.56), 0.08, m)
    b.ellipsoid((0, -0.34, 0.14), (0.90, 1.0, 0.46), m, 0.25)
    b.group()
    b.box((0, 0.67, -0.14), (1.04, 0.06, 0.50), 0.03, inner)
    for z in (0.36, -0.52):
        b.group()
        handle(b, cord, 0.44, 0.60, 1.34, 0.05, z)
    b.group()
    for s in (-1, 1):
        b.torus((s * 0.44, 0.60, 0.42), 0.085, 0.035, metal(b), R=rot(x=90))
    b.group()
    if c.variant % 2 == 0:
        crust = b.mat(material("#dc9a4c", "extra", "#a8622a", "mottle", 6, 0.6, spec=0.15, rim=0.35))
        b.tube([[0.52, 0.5, -0.2, 0.20], [0.86, 1.42, -0.25, 0.15]], crust)
        for t in (0.35, 0.62, 0.9):
            x, y = 0.52 + 0.34 * t, 0.5 + 0.92 * t
            b.tube([[x - 0.12, y - 0.02, -0.02, 0.025], [x + 0.10, y + 0.08, -0.06, 0.02]], crust, 0.04, op=1)
        b.group()
        green = b.mat(material("#5aa83c", "extra", "#2f7a2c", "mottle", 5, 0.6, rim=0.4))
        for x, y in ((-0.86, 1.38), (-0.56, 1.56), (-0.22, 1.40)):
            leaf(b, green, (-0.50, 0.62, -0.2), (x, y, -0.15), 0.20)
        b.group()
        b.sphere((0.10, 0.88, -0.1), 0.27, plain(b, "#d8342c", 0.9, 40))
    else:
        tissue = plain(b, acc, 0.05)
        for i in range(6):
            x = -0.80 + 0.32 * i
            b.tube(
                [[x, 0.6, -0.1, 0.30], [x * 1.12, 1.02 + 0.16 * (i % 2), -0.1 + 0.12 * (i % 2), 0.05]],
                tissue,
                0.05,
            )
        b.group()
        bow = plain(b, "#e8b83c" if c.variant % 4 == 1 else "#f0647c", 0.5)
        for s in (-1, 1):
            b.ellipsoid((0.82 + s * 0.17, 0.64, 0.50), (0.19, 0.12, 0.09), bow, 0.02, R=rot(z=s * 22))
        b.sphere((0.82, 0.62, 0.54), 0.09, bow)
    return dressed(m, col, 0.97, -0.06)


def duffel(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A sports bag: a barrel of cloth with two webbing straps that run up into the handles."""
    col, web = (
        ("#3f6fc0", "#f2efe6"),
        ("#d8503c", "#2c3444"),
        ("#5f8a52", "#d8a860"),
        ("#8a5cb8", "#f4c84c"),
    )[c.variant % 4]
    m, w = cloth(b, col, "skin", 0.05, 60), cloth(b, web, "extra", 0.10, 60)
    cap = cloth(b, mix(col, "#0c0814", 0.4))
    b.tube([[-0.62, -0.40, -0.1, 0.96], [0.62, -0.40, -0.1, 0.96]], m)
    b.ellipsoid((0, -0.36, 0.1), (0.95, 0.98, 0.82), m, 0.2)
    b.group()
    for s in (-1, 1):
        b.ellipsoid((s * 1.14, -0.40, -0.1), (0.36, 0.82, 0.82), cap)
    for s in (-1, 1):
        b.group()
        b.torus((s * 1.08, -0.40, -0.1), 0.85, 0.055, w, R=rot(z=90))
    for z, high in ((-0.42, 1.28), (0.30, 1.10)):
        b.group()
        handle(b, w, 0.60, 0.34, high, 0.085, z, 1.5)
        b.box((0, high, z), (0.24, 0.11, 0.10), 0.08, cap)
    b.group()
    for s in (-1, 1):
        b.box((s * 0.60, 0.44, 0.32), (0.13, 0.12, 0.10), 0.04, leather(b, "#7a4628"), R=rot(x=-38))
    b.group()
    b.tube([[-0.90, 0.55, -0.06, 0.05], [0.90, 0.55, -0.06, 0.05]], cap)
    b.group()
    b.box((1.06, 0.44, 0.22), (0.05, 0.13, 0.04), 0.03, metal(b, "#d8dce4"), R=rot(z=20))
    return dressed(m, col, 0.97, -0.16)


def money_bag(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A burlap sack tied with a rope, coins at its foot."""
    col, cord = (
        ("#cfa468", "#8a5a2c"),
        ("#b98a5a", "#c8443c"),
        ("#8fa05c", "#6a4424"),
        ("#c88a94", "#7c3450"),
    )[c.variant % 4]
    m = cloth(b, col, "skin", 0.13, 46)
    b.ellipsoid((0, -0.36, -0.05), (1.30, 1.08, 1.0), m)
    b.cone((0, 0.62, -0.05), 0.80, 0.40, 0.36, 0.1, m, 0.3)
    b.ellipsoid((0, -0.30, 0.16), (0.90, 0.98, 0.84), m, 0.2)
    b.group()
    b.cone((0, 1.22, -0.05), 0.36, 0.62, 0.24, 0.06, m)
    b.cone((0, 1.30, -0.05), 0.28, 0.56, 0.24, 0.02, m, 0.03, op=1)
    for i in range(9):
        t = i / 9 * math.tau
        x, z = math.sin(t), math.cos(t)
        b.tube([[x * 0.40, 0.98, z * 0.40, 0.10], [x * 0.62, 1.46, z * 0.62 - 0.05, 0.13]], m, 0.08)
    b.group()
    rope = plain(b, cord, 0.1)
    b.tube(ring(0.44, 0.44, 0.96, -0.05, 0.075), rope)
    b.tube(ring(0.43, 0.43, 0.84, -0.05, 0.07), rope)
    b.group()
    for s in (-1, 1):
        b.tube([[0.30, 0.90, 0.36, 0.055], [0.38 + s * 0.14, 0.66, 0.50, 0.055]], rope)
        b.sphere((0.38 + s * 0.15, 0.62, 0.51), 0.085, rope, 0.03)
    b.sphere((0.30, 0.90, 0.38), 0.12, rope, 0.03)
    gold = metal(b, "#f0b830")
    for x, y, z, lean in (
        (-1.16, -1.32, 0.35, 0),
        (-1.14, -1.19, 0.35, 0),
        (-1.18, -1.06, 0.33, 0),
        (1.08, -1.32, 0.42, 0),
        (1.26, -1.10, 0.40, 74),
    ):
        b.group()
        b.cylinder((x, y, z), 0.27, 0.06, 0.03, gold, R=rot(x=lean, z=-lean * 0.2))
    b.group()
    b.cylinder((1.26, -1.10, 0.46), 0.17, 0.05, 0.03, metal(b, "#d8922a"), R=rot(x=74, z=-15))
    stitches(b, m, [(-1.02, 0.22), (-0.86, 0.42)], cord, 0.08, 0.03)
    return dressed(m, col, 0.97, 0.0)


KINDS: Final = (
    Kind(
        "suitcase",
        suitcase,
        "bag",
        names={"trolley": 0, "luggage": 1, "travel bag": 3, "trunk": 1},
        meaning="a case for a journey: suitcase, luggage, travel, holiday, airport, tourist",
        colors={"yellow": 0, "brown": 1, "teal": 2, "red": 3},
        own_top=True,
    ),
    Kind(
        "backpack",
        backpack,
        "bag",
        names={"rucksack": 1, "knapsack": 3, "hiking pack": 0},
        meaning="a bag for the back of a hiker or student: backpack, camping, hiking, adventure",
        colors={"orange": 0, "red": 0, "green": 1, "blue": 2, "yellow": 3},
        own_top=True,
    ),
    Kind(
        "shopping bag",
        shopping_bag,
        "bag",
        names={"paper bag": 0, "tote": 2, "tote bag": 2, "gift bag": 1, "grocery bag": 0},
        meaning="a bag for groceries or presents: shopping, market, supermarket, gift",
        colors={"brown": 0, "pink": 1, "green": 2, "blue": 3},
        own_top=True,
    ),
    Kind(
        "duffel bag",
        duffel,
        "bag",
        names={"duffel": 2, "gym bag": 0, "sports bag": 1, "holdall": 3},
        meaning="a soft barrel-shaped bag for sport: gym, training, workout, football kit",
        colors={"blue": 0, "red": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "money bag",
        money_bag,
        "bag",
        names={"sack": 1, "money sack": 0, "pouch": 3, "potato sack": 2},
        meaning="a tied sack full of gold coins: treasure, riches, fortune, burlap",
        colors={"golden": 0, "brown": 1, "green": 2, "pink": 3},
        own_top=True,
    ),
)
