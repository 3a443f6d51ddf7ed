"""Bodies of round fruit: orange, lemon, strawberry, tomato, peach."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.body import Host, Kind, leaf
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def peel(color: str, color2: str, **other: Any) -> Array:
    """Fruit skin: soft light inside, a broad mild highlight."""
    d: dict[str, Any] = {"tex": "mottle", "scale": 3.0, "amp": 0.5, "spec": 0.33, "gloss": 18}
    d.update({"wrap": 0.5, "rim": 0.35, "sss": (0.75, 0.45, 0.32), **other})
    return material(color, "skin", color2, **d)


def green(color: str = "#57a02f") -> Array:
    """Leaves and calyxes."""
    return material(color, "extra", mix(color, "#123c10", 0.45), "mottle", 4, 0.6, spec=0.22, rim=0.35)


def stem(b: SceneBuilder, y: float, color: str = "#6b4a28") -> None:
    """A short woody stem from a height on."""
    b.group()
    wood = b.mat(material(color, "extra", tex="wood", scale=8, amp=0.4))
    b.tube([[0, y, -0.05, 0.06], [0.02, y + 0.2, -0.05, 0.06], [0.08, y + 0.36, -0.05, 0.085]], wood)


def calyx(b: SceneBuilder, m: int, y: float, reach: float, drop: float, n: int, r: float) -> None:
    """A star of leaves that hangs over the top of a fruit."""
    b.group()
    for i in range(n):
        a = math.tau * (i + 0.5) / n
        x, z = math.sin(a), math.cos(a)
        far = reach * (1.0 if i % 2 else 0.86)
        b.tube(
            [
                [0, y, -0.05, r * 0.6],
                [x * far * 0.5, y + 0.03, z * far * 0.5 - 0.05, r],
                [x * far * 0.85, y - drop * 0.45, z * far * 0.85 - 0.05, r * 0.62],
                [x * far, y - drop, z * far - 0.05, 0.02],
            ],
            m,
            0.03,
            curve=2,
        )


def chin(b: SceneBuilder, m: int, jaw: float, cy: float, scale: float = 1.0) -> None:
    """A chin that goes down with the jaw: on a round body the lower teeth would come out below the lip."""
    z = float(b.front(np.array([[0.0, cy - 0.70 * scale]]))[0])
    b.ellipsoid(
        (0, cy - (0.84 + 0.45 * jaw) * scale, z - (0.55 + 0.20 * jaw) * scale),
        (0.44 * scale, 0.34 * scale, 0.50 * scale),
        m,
        0.22,
    )


def orange(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An orange with pores, a leaf and a blossom; also tangerine, grapefruit and blood orange."""
    col, deep = (
        ("#f58a12", "#e86a08"),
        ("#fba32a", "#f07c10"),
        ("#f7a25a", "#ea6a58"),
        ("#e8621c", "#b82418"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=15, amp=0.4, bump=0.09))
    b.ellipsoid((0, -0.04, -0.05), (1.25, 1.22, 1.15), m)
    b.ellipsoid((0, -0.12, 0.1), (0.92, 0.92, 1.0), m, 0.2)
    b.ellipsoid((0, 1.22, -0.05), (0.16, 0.10, 0.16), m, 0.12, op=1)
    for s in (-1, 1):
        b.decal(m, (s * 1.05, 0.25, 0), (0.4, 0.9, 1.0), deep, 0.35, 0.9)
    chin(b, m, jaw, 0.14, 1.02)
    b.group()
    g = b.mat(green())
    b.cylinder((0, 1.12, -0.05), 0.13, 0.10, 0.04, g)
    leaf(b, g, (0.06, 1.16, 0), (0.95, 1.42, 0.18), 0.24)
    leaf(b, g, (-0.05, 1.16, -0.05), (-0.62, 1.5, 0.05), 0.18)
    b.group()
    petal = b.mat(material("#fdf6ec", "extra", "#f6dcc8", "mottle", 5, 0.5, wrap=0.6, glow=0.08))
    for i in range(5):
        a = math.tau * i / 5
        b.ellipsoid(
            (-0.24 + 0.13 * math.sin(a), 1.22 + 0.13 * math.cos(a), 0.28),
            (0.085, 0.13, 0.04),
            petal,
            0.01,
            R=rot(z=-math.degrees(a)),
        )
    b.group()
    b.sphere((-0.24, 1.22, 0.32), 0.065, b.mat(material("#f6c32c", "extra")))
    return Host(
        m, col, mix(col, "#a01c10", 0.62), mix(col, "#421602", 0.78), 1.02, 0.14,
        "ball", mix(col, "#ffc060", 0.2),
        1.1, 0.75, -0.05, blush="#f0481c", blush_a=0.5, side=1.2,
    )  # fmt: skip


def lemon(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A lemon or, in variants 1 and 3, a lime: an egg with a nipple at both ends."""
    col, deep = (
        ("#fbd91e", "#f0b80c"),
        ("#8cc63a", "#4f9a24"),
        ("#f8e456", "#c8cc34"),
        ("#6fb23a", "#b4cf3c"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=10, amp=0.35, bump=0.05, sss=(0.7, 0.6, 0.3)))
    b.ellipsoid((0, -0.04, -0.05), (1.16, 1.08, 1.05), m)
    b.tube([[0.0, 0.75, -0.05, 0.45], [0.06, 1.18, -0.05, 0.18]], m, 0.32)
    b.tube([[0.0, -0.85, -0.05, 0.45], [0.0, -1.28, -0.05, 0.17]], m, 0.32)
    for s in (-1, 1):
        b.decal(m, (0, s * 1.24, 0), (0.45, 0.42, 0.6), mix(deep, "#5a9a20", 0.45), 0.6, 0.9)
    chin(b, m, jaw, 0.14, 1.02)
    b.group()
    g = b.mat(green("#4f9c34"))
    b.cylinder((0.06, 1.34, -0.05), 0.09, 0.08, 0.03, g)
    leaf(b, g, (0.08, 1.30, 0), (0.95, 1.26, 0.16), 0.24)
    return Host(
        m, col, mix(col, "#b03424", 0.6), mix(col, "#3c3004", 0.8), 1.02, 0.14,
        "ball", mix(col, "#fff4a0", 0.25),
        1.2, 0.6, -0.05, blush="#f0842c", blush_a=0.3 if c.variant % 2 else 0.5, side=1.05,
    )  # fmt: skip


def strawberry(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A strawberry: a soft cone with seeds round the face and a leafy calyx."""
    col, deep = (
        ("#e3202e", "#b80c24"),
        ("#f04a58", "#d82238"),
        ("#fbe6dc", "#f6b8b0"),
        ("#c4142c", "#860a20"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=2.5, amp=0.4, sss=(0.75, 0.35, 0.3)))
    b.ellipsoid((0, 0.26, -0.05), (1.20, 0.90, 1.02), m)
    b.ellipsoid((0, -0.38, 0), (0.98, 0.86, 0.95), m, 0.35)
    b.ellipsoid((0, -1.02, -0.02), (0.52, 0.50, 0.55), m, 0.4)
    b.decal(m, (0, 1.2, 0), (1.0, 0.35, 1.2), "#f8d8a8", 0.45, 0.9)
    chin(b, m, jaw, 0.16, 1.02)
    seed = b.mat(material("#f7d25c" if c.variant % 4 != 2 else "#d83a3a", "extra", spec=0.3))  # fmt: skip
    xy = np.array([
        (0.96, 0.42), (1.02, 0.08), (0.86, -0.18), (0.90, -0.52), (0.70, -0.82), (0.84, 0.68), (0.50, 0.82),
        (0.46, -1.12), (0.17, -1.02), (0.18, -1.32), (0.78, 0.24), (0.70, -0.36), (0.50, -0.86),
    ])  # fmt: skip
    xy = np.concatenate([xy, xy * (-1, 1), [(0.0, 0.86), (0.0, -1.18)]])
    for (x, y), z in zip(xy, b.front(xy), strict=True):
        b.group()
        b.ellipsoid((float(x), float(y), float(z)), (0.04, 0.062, 0.036), seed)
    g = b.mat(green("#4fa834"))
    calyx(b, g, 1.10, 0.98, 0.30, 9, 0.15)
    b.group()
    b.tube([[0, 1.08, -0.05, 0.08], [0.04, 1.32, -0.05, 0.06], [0.14, 1.5, -0.05, 0.075]], g, curve=3)
    pale = c.variant % 4 == 2
    return Host(
        m, col, "#c8404c" if pale else mix(col, "#64041c", 0.6), mix(col, "#3c0806", 0.75), 1.02, 0.16,
        "ball",
        mix(col, "#ffffff", 0.1), 1.1, 0.75, -0.05, blush="#ff6a6a", blush_a=0.45, side=1.15,
    )  # fmt: skip


def tomato(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A tomato: a wide ball with lobes at the shoulder and a star of leaves."""
    col, deep = (
        ("#e5301c", "#c01a12"),
        ("#f2b01e", "#e87c14"),
        ("#8dbb3c", "#c8cc48"),
        ("#8c2a34", "#54202c"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=1.8, amp=0.4, spec=0.34, gloss=26))
    b.ribbed((0, -0.06, -0.08), (1.40, 1.10, 1.18), 5, 0.06, m)
    b.ellipsoid((0, -0.14, 0.06), (1.02, 0.94, 1.08), m, 0.25)
    b.ellipsoid((0, 1.22, -0.08), (0.42, 0.26, 0.42), m, 0.35, op=1)
    b.decal(m, (0, 1.05, 0), (0.9, 0.3, 1.0), "#e8b03c", 0.4, 0.9)
    chin(b, m, jaw, 0.12, 1.06)
    g = b.mat(green("#4c9a36"))
    calyx(b, g, 0.98, 0.85, 0.12, 6, 0.10)
    b.group()
    b.tube([[0, 0.92, -0.05, 0.09], [0.0, 1.2, -0.05, 0.075], [0.16, 1.42, -0.02, 0.10]], g, curve=3)
    return Host(
        m, col, mix(col, "#6c0a14", 0.58), mix(col, "#2c0a06", 0.75), 1.06, 0.12,
        "ball", mix(col, "#ffb090", 0.12),
        1.0, 0.75, -0.05, blush="#ff5a3c", blush_a=0.45, side=1.25,
    )  # fmt: skip


def peach(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A downy peach with a cleft at its top; also apricot, nectarine and plum."""
    col, warm = (
        ("#fbb27e", "#f0566a"),
        ("#f8a83c", "#ec6a2c"),
        ("#f2803c", "#c41c34"),
        ("#8a4fa4", "#4c2a78"),
    )[c.variant % 4]
    fuzz = 0.65 if c.variant % 4 != 3 else 0.4
    m = b.mat(peel(col, warm, scale=1.7, amp=0.45, spec=0.1, gloss=8, rim=fuzz, wrap=0.6))
    for s in (-1, 1):
        b.ellipsoid((s * 0.34, 0.02, -0.08), (0.98, 1.16, 1.06), m, 0.05)
    b.ellipsoid((0, -0.16, 0.08), (0.98, 0.98, 1.04), m, 0.3)
    b.ellipsoid((0, -1.02, 0.0), (0.34, 0.30, 0.36), m, 0.35)
    b.tube([[0, 1.22, -0.1, 0.10], [0, 1.04, 0.42, 0.09], [0, 0.72, 0.86, 0.01]], m, 0.16, op=1)
    b.decal(m, (-0.95, 0.45, 0.3), (0.75, 0.95, 1.0), warm, 0.75, 1.0)
    b.decal(m, (1.2, -0.5, 0.2), (0.5, 0.8, 0.9), warm, 0.5, 1.0)
    b.decal(m, (0, 1.1, 0.4), (0.16, 0.5, 0.6), mix(warm, col, 0.3), 0.6, 0.9)
    chin(b, m, jaw, 0.06, 1.02)
    stem(b, 0.92)
    b.group()
    g = b.mat(green("#62a83a"))
    leaf(b, g, (0.05, 1.18, 0), (1.0, 1.36, 0.16), 0.23)
    leaf(b, g, (-0.05, 1.16, 0), (-0.85, 1.44, 0.1), 0.19)
    return Host(
        m, col, mix(warm, "#8c1430", 0.5), mix(col, "#4a1c10", 0.8), 1.02, 0.06,
        "ball", mix(col, "#ffffff", 0.12),
        1.1, 0.75, -0.05, blush=mix(warm, "#f04c6c", 0.5), blush_a=0.5, side=1.15,
    )  # fmt: skip


KINDS: Final = (
    Kind(
        "orange", orange, "fruit",
        names={"orange fruit": 0, "mandarin": 1, "tangerine": 1, "clementine": 1, "grapefruit": 2,
               "blood orange": 3},
        meaning="a round citrus fruit: orange, tangerine, mandarin, grapefruit, kumquat, orange juice",
        colors={"orange": 0, "yellow": 1, "pink": 2, "red": 3}, own_top=True,
    ),
    Kind(
        "lemon", lemon, "fruit",
        names={"lime": 1, "citron": 2},
        meaning="a sour citrus fruit: lemon, lime, lemonade",
        colors={"yellow": 0, "green": 1, "pale": 2}, own_top=True,
    ),
    Kind(
        "strawberry", strawberry, "fruit",
        names={"strawberries": None, "berry": 0, "raspberry": 1, "pineberry": 2},
        meaning="a sweet red berry: strawberry, raspberry, jam, summer fruit",
        colors={"red": 0, "pink": 1, "white": 2, "dark": 3}, own_top=True,
    ),
    Kind(
        "tomato", tomato, "fruit",
        names={"tomatoes": None, "beefsteak tomato": 0, "heirloom tomato": 3},
        meaning="a juicy red vegetable: tomato, ketchup, salad, tomato sauce",
        colors={"red": 0, "yellow": 1, "orange": 1, "green": 2, "purple": 3, "black": 3}, own_top=True,
    ),
    Kind(
        "peach", peach, "fruit",
        names={"peach fruit": 0, "apricot": 1, "nectarine": 2, "plum": 3},
        meaning="a soft stone fruit with fuzzy skin: peach, apricot, nectarine, plum, mango",
        colors={"pink": 0, "orange": 1, "yellow": 1, "red": 2, "purple": 3, "blue": 3}, own_top=True,
    ),
)  # fmt: skip
