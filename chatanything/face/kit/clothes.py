"""Clothes for the body: hoodie, T-shirt, coat, dress, jeans, tie."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import (
    buckle,
    cloth,
    dressed,
    knit,
    metal,
    oval,
    plain,
    stitches,
)
from chatanything.face.kit.materials import mix
from chatanything.face.kit.params import Character


def _torso(b: SceneBuilder, m: int, high: float = 0.62) -> None:
    """Chest of a garment with a smooth front, from its shoulders to y -1.4."""
    b.box((0, -0.40, -0.12), (1.02, 0.96, 0.56), 0.34, m)
    b.ellipsoid((0, high - 0.24, -0.14), (1.04, 0.40, 0.48), m, 0.25)
    b.ellipsoid((0, -0.28, 0.12), (0.90, 0.96, 0.60), m, 0.25)


def _sleeves(b: SceneBuilder, m: int, cuff: int, r: float = 0.25) -> None:
    """Long sleeves, hands on the hips."""
    for s in (-1, 1):
        b.group()
        b.tube(
            [
                [s * 0.82, 0.42, -0.15, r * 1.12],
                [s * 1.16, 0.06, -0.15, r],
                [s * 1.34, -0.44, -0.1, r * 0.95],
                [s * 1.14, -0.92, 0.06, r * 0.86],
            ],
            m,
            curve=3,
        )
        b.group()
        b.tube([[s * 1.13, -0.93, 0.07, r * 0.90], [s * 1.02, -1.12, 0.14, r * 0.84]], cuff)


def hoodie(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A hooded jumper: the hood stands up behind the brow, cords hang from it."""
    col, cord = (
        ("#e0503c", "#f6efe2"),
        ("#4a7fc8", "#f4f0e8"),
        ("#62a06a", "#f3e6b8"),
        ("#8a8f9c", "#f0c24a"),
    )[c.variant % 4]
    m, rib = cloth(b, col, "skin", 0.035), knit(b, mix(col, "#000000", 0.12), ribs=60)
    lining = cloth(b, mix(col, "#100818", 0.5))
    b.box((0, -0.44, -0.12), (1.02, 0.90, 0.56), 0.34, m)
    b.ellipsoid((0, 0.24, -0.12), (1.04, 0.46, 0.50), m, 0.25)
    b.ellipsoid((0, -0.30, 0.12), (0.90, 0.92, 0.60), m, 0.25)
    _sleeves(b, m, rib)
    b.group()
    b.ellipsoid((0, 0.88, -0.30), (0.92, 0.78, 0.62), m)
    b.ellipsoid((0, 0.92, 0.16), (0.68, 0.56, 0.52), lining, 0.06, op=1)
    b.group()
    b.tube(oval(0.70, 0.57, 0.92, 0.10, 0.085, bulge=-0.10), m)
    b.group()
    b.box((0, -1.34, -0.12), (0.98, 0.12, 0.56), 0.11, rib)
    string, tip = plain(b, cord, 0.1), metal(b, "#e4e6ea")
    for s in (-1, 1):
        b.group()
        b.tube(
            [[s * 0.42, 0.46, 0.34, 0.045], [s * 0.62, 0.34, 0.50, 0.045], [s * 0.76, -0.14, 0.52, 0.045]],
            string,
            curve=3,
        )
        b.tube([[s * 0.76, -0.14, 0.52, 0.055], [s * 0.78, -0.26, 0.51, 0.055]], tip)
    stitches(b, m, [(-0.62, -1.22), (-0.78, -0.98)], mix(col, "#ffffff", 0.5))
    stitches(b, m, [(0.62, -1.22), (0.78, -0.98)], mix(col, "#ffffff", 0.5))
    return dressed(m, col, 0.86, -0.20)


def t_shirt(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A T-shirt with short sleeves and a round ribbed collar; two have sleeves of another colour."""
    col, trim = (
        ("#58b4dc", "#2a7db0"),
        ("#f3efe6", "#d8433c"),
        ("#f2b632", "#2f6f9c"),
        ("#e8607a", "#b8385a"),
    )[c.variant % 4]
    m, tr = cloth(b, col, "skin", 0.03), cloth(b, trim)
    inside = cloth(b, mix(trim, "#100818", 0.45))
    b.box((0, -0.38, -0.12), (1.02, 1.02, 0.52), 0.26, m)
    b.box((0, 0.56, -0.14), (1.0, 0.42, 0.40), 0.30, m, 0.2)
    b.ellipsoid((0, -0.22, 0.10), (0.90, 0.98, 0.58), m, 0.25)
    b.group()
    for s in (-1, 1):
        b.tube(
            [[s * 0.78, 0.58, -0.14, 0.38], [s * 1.18, 0.16, -0.12, 0.37]],
            tr if c.variant % 4 in (1, 2) else m,
        )
    b.group()
    for s in (-1, 1):
        b.tube([[s * 1.20, 0.13, -0.12, 0.385], [s * 1.25, 0.08, -0.12, 0.375]], tr)
    b.group()
    b.ellipsoid((0, 0.98, 0.02), (0.46, 0.14, 0.28), inside)
    b.group()
    b.tube(
        [
            [-0.52, 1.02, -0.18, 0.075],
            [-0.44, 0.88, 0.18, 0.075],
            [0, 0.78, 0.30, 0.075],
            [0.44, 0.88, 0.18, 0.075],
            [0.52, 1.02, -0.18, 0.075],
            [0, 1.10, -0.42, 0.075],
            [-0.52, 1.02, -0.18, 0.075],
        ],
        tr,
        curve=3,
    )
    stitches(b, m, [(-0.84, -1.24), (0.84, -1.24)], mix(col, trim, 0.8), 0.11)
    return dressed(m, col, 1.03, 0.04, lip="#d8586a" if c.variant % 4 == 1 else "")


def coat(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A winter coat with lapels, two rows of buttons and a belt."""
    col, inner, button = (
        ("#d29a52", "#f3ead8", "#5c3418"),
        ("#3f5a94", "#e8d8b0", "#e0b04a"),
        ("#b03a48", "#f0e4d4", "#2c2430"),
        ("#4c7f68", "#f0e6c8", "#d8a848"),
    )[c.variant % 4]
    m, shirt = cloth(b, col, "skin", 0.04), cloth(b, inner)
    dark = cloth(b, mix(col, "#120a14", 0.25))
    _torso(b, m, 0.60)
    _sleeves(b, m, dark, 0.27)
    b.group()
    b.cylinder((0, 0.80, -0.16), 0.36, 0.24, 0.08, shirt)
    b.group()
    b.torus((0, 0.98, -0.24), 0.46, 0.14, dark, R=rot(x=-12), stretch=1.7)
    leaf = np.array([(0.09, 0.60), (0.26, 1.04), (0.52, 1.14), (0.88, 0.82), (0.56, 0.74)])
    for s in (-1, 1):
        b.group()
        b.prism(leaf * (s, 1), -0.2, 0.40, 0.06, dark)
    b.group()
    for s in (-1, 1):
        for y in (0.26, -0.20, -0.66):
            b.ellipsoid((s * 0.84, y, 0.40), (0.095, 0.095, 0.055), plain(b, button, 0.8, 40))
    b.group()
    b.box((0, -1.08, -0.12), (1.06, 0.10, 0.62), 0.09, dark)
    b.group()
    buckle(b, metal(b), (0.0, -1.08, 0.53), 0.17, 0.13, 0.04)
    return dressed(m, col, 0.93, 0.03)


def dress(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A ball dress: small bodice, a sash with a bow, a wide skirt with a ruffled hem."""
    col, sash = (
        ("#ef6f9c", "#fff0d8"),
        ("#8e6fd0", "#f6c948"),
        ("#6f9fdc", "#fdf4e4"),
        ("#d8404a", "#2c2434"),
    )[c.variant % 4]
    m, sa = cloth(b, col, "skin", 0.025), plain(b, sash, 0.35)
    light = cloth(b, mix(col, "#ffffff", 0.35))
    b.cone((0, -0.28, -0.08), 1.34, 0.50, 1.06, 0.16, m)
    b.ellipsoid((0, -0.34, 0.10), (1.02, 0.98, 0.98), m, 0.3)
    b.group()
    b.cone((0, 1.02, -0.08), 0.46, 0.58, 0.30, 0.10, m)
    for s in (-1, 1):
        b.sphere((s * 0.24, 1.10, 0.04), 0.30, m, 0.2)
    b.group()
    for s in (-1, 1):
        b.lumpy((s * 0.80, 1.26, -0.10), (0.32, 0.28, 0.30), 6, 0.07, light)
        b.tube([[s * 0.40, 1.24, 0.08, 0.06], [s * 0.46, 1.58, -0.15, 0.06]], m)
    b.group()
    b.cylinder((0, 0.74, -0.08), 0.56, 0.10, 0.06, sa)
    b.group()
    for s in (-1, 1):
        b.ellipsoid((0.52 + s * 0.22, 0.76, 0.36), (0.24, 0.15, 0.10), sa, 0.02, R=rot(z=s * 20))
    b.sphere((0.52, 0.74, 0.42), 0.10, sa)
    b.group()
    for i in range(14):
        t = (i - 6.5) / 14 * math.tau * 0.78
        b.sphere((math.sin(t) * 1.26, -1.26, math.cos(t) * 1.20 - 0.08), 0.20, light, 0.05)
    return dressed(m, col, 0.96, -0.06)


def jeans(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """Denim trousers: waistband, belt loops, orange seams, rivets, turned-up legs."""
    col = ("#3f6ca8", "#6f9cc8", "#34508a", "#5b6b86")[c.variant % 4]
    m = cloth(b, col, "skin", 0.09, 70)
    dark, pale = cloth(b, mix(col, "#0c1024", 0.3), "extra", 0.1, 70), cloth(b, mix(col, "#e8f0fa", 0.65))
    thread, copper = "#f0a848", metal(b, "#d8803c")
    b.box((0, 0.06, -0.1), (1.10, 0.96, 0.56), 0.30, m)
    b.ellipsoid((0, 0.06, 0.12), (0.94, 0.98, 0.58), m, 0.25)
    for s in (-1, 1):
        b.tube([[s * 0.58, -0.60, -0.1, 0.50], [s * 0.70, -1.16, -0.06, 0.44]], m, 0.12)
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 0.72, -1.28, -0.06), 0.50, 0.14, 0.07, pale, R=rot(z=s * 8))
    b.group()
    b.box((0, 1.06, -0.1), (1.06, 0.15, 0.54), 0.12, dark)
    b.group()
    for s in (-1, 1):
        for x in (0.46, 0.90):
            b.box((s * x, 1.06, 0.42), (0.06, 0.21, 0.06), 0.04, m)
    b.group()
    b.cylinder((0, 1.06, 0.46), 0.12, 0.04, 0.03, copper, R=rot(x=90))
    for s in (-1, 1):
        b.sphere((s * 0.66, 0.74, 0.44), 0.045, copper)
        b.sphere((s * 1.02, 0.26, 0.30), 0.045, copper)
        a = np.radians(np.linspace(8, 82, 7))
        arc = np.column_stack([s * (1.08 - 0.42 * np.cos(a)), 0.84 - 0.60 * np.sin(a)])
        stitches(b, m, arc, thread, 0.09)
        stitches(b, m, [(s * 1.02, -0.2), (s * 1.12, -1.1)], thread, 0.11)
    stitches(b, dark, [(-0.96, 1.15), (0.96, 1.15)], thread, 0.11)
    stitches(b, dark, [(-0.96, 0.97), (0.96, 0.97)], thread, 0.11)
    return dressed(m, col, 0.92, 0.24)


def _ribbon(b: SceneBuilder, m: int, start: tuple[float, float], end: tuple[float, float], r: float) -> None:
    """A straight stripe laid on the surface as it is, in a group of its own."""
    p = np.linspace(start, end, 13)
    z = b.front(p)
    b.group()
    b.tube(np.column_stack([p, z - 0.6 * r, np.full(13, r)]), m)


def tie(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A broad necktie in a shirt collar, with diagonal stripes at knot and tip."""
    col, line = (
        ("#c8363e", "#f0c45a"),
        ("#3858a8", "#9ccaf0"),
        ("#3f8a60", "#f3ead0"),
        ("#8650a8", "#f4a8c0"),
    )[c.variant % 4]
    m, shirt = cloth(b, col, "skin", 0.03), cloth(b, "#f4f5f8")
    blade = np.array([(-0.52, 0.92), (0.52, 0.92), (1.02, -0.72), (0, -1.46), (-1.02, -0.72)])
    b.prism(blade, -0.25, 0.20, 0.10, m, 0.0)
    b.ellipsoid((0, -0.18, 0.06), (0.84, 0.98, 0.56), m, 0.3)
    b.group()
    knot = cloth(b, col)
    b.cone((0, 1.14, 0.10), 0.34, 0.56, 0.30, 0.14, knot)
    line_m = cloth(b, line)
    for y in (0.98, 1.24):
        _ribbon(b, line_m, (-0.48, y - 0.16), (0.48, y + 0.20), 0.05)
    for d in (0.16, 0.36):
        _ribbon(b, line_m, (-1.02 + 0.31 * d, -0.72 + 1.01 * d), (0.85 * d, -1.46 + 0.62 * d), 0.055)
    wing = np.array([(0.18, 1.36), (0.34, 1.50), (0.70, 1.40), (1.0, 0.66), (0.52, 1.0)])
    for s in (-1, 1):
        b.group()
        b.prism(wing * (s, 1), -0.3, 0.22, 0.05, shirt)
    return dressed(m, col, 0.86, 0.12)


KINDS: Final = (
    Kind(
        "hoodie",
        hoodie,
        "clothes",
        names={"sweatshirt": 3, "jumper": 2, "pullover": 1, "sweater": 0},
        meaning="a warm soft top with a hood: hoodie, sweater, streetwear, casual clothes",
        colors={"red": 0, "blue": 1, "green": 2, "grey": 3},
        own_top=True,
    ),
    Kind(
        "t-shirt",
        t_shirt,
        "clothes",
        names={"shirt": 1, "tshirt": 0, "tee": 2, "blouse": 3, "jersey": 2, "polo shirt": 0},
        meaning="a light top with short sleeves: T-shirt, shirt, summer clothes, laundry",
        colors={"blue": 0, "white": 1, "yellow": 2, "pink": 3},
        own_top=True,
    ),
    Kind(
        "coat",
        coat,
        "clothes",
        names={"jacket": 1, "trench coat": 0, "overcoat": 2, "raincoat": 0, "parka": 3, "blazer": 1},
        meaning="an outer garment with buttons: coat, jacket, uniform, suit, detective",
        colors={"beige": 0, "brown": 0, "blue": 1, "red": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "dress",
        dress,
        "clothes",
        names={"gown": 1, "skirt": 0, "ball gown": 2, "robe": 3},
        meaning="an elegant garment for a ball or a wedding: dress, gown, skirt, fashion",
        colors={"pink": 0, "purple": 1, "blue": 2, "red": 3},
        own_top=True,
    ),
    Kind(
        "jeans",
        jeans,
        "clothes",
        names={"trousers": 3, "pants": 1, "denim": 0, "overalls": 2, "shorts": 1},
        meaning="clothes for the legs: jeans, trousers, denim, leggings",
        colors={"blue": 0, "grey": 3},
        own_top=True,
    ),
    Kind(
        "tie",
        tie,
        "clothes",
        names={"necktie": 0, "cravat": 3},
        meaning="something worn round a shirt collar at the office: tie, necktie, formal wear",
        colors={"red": 0, "blue": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
)
