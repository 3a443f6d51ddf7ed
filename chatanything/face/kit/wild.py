"""Wild animals: lion, rabbit, mouse, elephant, monkey, raccoon, deer, frog."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character


def muzzle(b: SceneBuilder, m: int, jaw: float, w: float = 0.40) -> None:
    """A muzzle and a chin that follows the jaw."""
    b.ellipsoid((0, -0.50, 0.62), (w, 0.28, 0.30), m, 0.16)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (w * 0.85, 0.24, 0.28), m, 0.14)


def furry(m: int, col: str, belly: str, nose: str = "#2c2220", kind: str = "animal") -> Host:
    """What furry heads have in common."""
    lip, brow = mix(belly, "#94303c", 0.6), mix(col, "#1c0e08", 0.72)
    return Host(m, col, lip, brow, 1.0, 0.04, kind, nose, 1.0, 0.76, blush="#f08a78", side=1.05)


def lion(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A lion: two rings of mane locks round the face."""
    col, belly, mane = (
        ("#e8b04c", "#fdebc8", "#a04e1c"),
        ("#d89a44", "#f8e2ba", "#5c3218"),
        ("#f2dcb0", "#fff8ea", "#d0a058"),
        ("#eebb5c", "#fdf0d4", "#c8642a"),
    )[c.variant % 4]
    m, mz = b.mat(fur(col)), b.mat(fur(belly))
    b.ellipsoid((0, 0.02, -0.02), (0.98, 0.94, 0.92), m)
    b.ellipsoid((0, -0.48, 0.12), (0.82, 0.56, 0.72), m, 0.25)
    muzzle(b, mz, jaw)
    for s in (-1, 1):
        b.ellipsoid((s * 0.80, 0.80, 0.02), (0.26, 0.26, 0.16), m, 0.06)
        b.ellipsoid((s * 0.80, 0.80, 0.16), (0.15, 0.15, 0.07), mz, 0.04)
    b.group()
    row = fur(mane, mix(mane, "#30140a", 0.5), tex="strands", scale=9, amp=0.6)
    row[19] = 8  # hair
    hair = b.mat(row)
    b.ellipsoid((0, -0.02, -0.42), (1.26, 1.24, 0.52), hair)
    for i in range(18):
        a = 2 * math.pi * i / 18
        x, y = math.sin(a), math.cos(a)
        far = 1.5 if i % 2 else 1.38
        b.tube(
            [
                [x * 0.98, y * 0.96 - 0.02, -0.22, 0.27],
                [x * 1.24, y * 1.20 - 0.03, -0.22, 0.20],
                [x * far + y * 0.08, y * far - 0.05, -0.30, 0.04],
            ],
            hair,
            0.06,
        )
    host = furry(m, col, belly, "#6a3428")
    host.top, host.top_r = 1.1, 0.85
    return host


def rabbit(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A rabbit: two long ears, round cheeks."""
    col, belly = (
        ("#f4f0ee", "#ffffff"),
        ("#b48a62", "#f4e6d2"),
        ("#9c9ca6", "#eeeef2"),
        ("#e6c69c", "#fff4e2"),
    )[c.variant % 4]
    m, mz = b.mat(fur(col)), b.mat(fur(belly))
    pk = b.mat(material("#f2a6a8", "ears", sss=(0.8, 0.5, 0.5)))
    b.ellipsoid((0, -0.12, -0.05), (0.98, 0.94, 0.88), m)
    for s in (-1, 1):
        b.ellipsoid((s * 0.50, -0.56, 0.12), (0.54, 0.42, 0.52), m, 0.2)
    muzzle(b, mz, jaw, 0.36)
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.34, 0.58, -0.12, 0.20],
                [s * 0.46, 1.05, -0.14, 0.25],
                [s * 0.56, 1.40, -0.14, 0.17],
                [s * 0.58, 1.56, -0.12, 0.06],
            ],
            m,
            0.08,
            flat=1.5,
            curve=3,
        )
        b.tube(
            [[s * 0.38, 0.78, 0.03, 0.10], [s * 0.46, 1.08, 0.04, 0.14], [s * 0.55, 1.42, 0.0, 0.06]],
            pk,
            0.03,
            flat=1.6,
            curve=3,
        )
    host = furry(m, col, belly, "#ee8c96")
    host.cy, host.scale, host.top = -0.06, 0.95, 0.8
    if c.variant % 4 == 0:
        host.brow = "#a08078"
    return host


def mouse(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A mouse: two huge round ears."""
    col, belly = (
        ("#a2a2ae", "#e8e8ee"),
        ("#b08458", "#f2e0c6"),
        ("#f2eeec", "#ffffff"),
        ("#dba052", "#fff0d8"),
    )[c.variant % 4]
    m, mz = b.mat(fur(col)), b.mat(fur(belly))
    pk = b.mat(material("#f4a8a8", "ears", sss=(0.8, 0.5, 0.5)))
    b.ellipsoid((0, -0.08, -0.03), (0.98, 0.92, 0.88), m)
    b.ellipsoid((0, -0.55, 0.15), (0.74, 0.50, 0.66), m, 0.25)
    muzzle(b, mz, jaw, 0.34)
    for s in (-1, 1):
        b.ellipsoid((s * 0.94, 0.80, -0.2), (0.56, 0.56, 0.13), m, 0.08)
        b.ellipsoid((s * 0.94, 0.80, -0.08), (0.41, 0.41, 0.07), pk, 0.04)
    host = furry(m, col, belly, "#ec8490")
    host.cy, host.scale, host.top = -0.02, 0.96, 0.84
    return host


def elephant(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An elephant: sail-like ears, short tusks; the raised trunk stays beside the mouth."""
    col = ("#93a2b4", "#a79c98", "#d9a0ae", "#7488a6")[c.variant % 4]
    m = b.mat(fur(col, tex="mottle", scale=5, amp=0.35, bump=0.04, spec=0.1))
    pk = b.mat(material(mix(col, "#f0a0a0", 0.6), "ears", wrap=0.5))
    b.ellipsoid((0, 0.08, -0.05), (0.96, 1.06, 0.92), m)
    b.ellipsoid((0, -0.52, 0.10), (0.76, 0.58, 0.74), m, 0.25)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (0.34, 0.24, 0.28), m, 0.14)
    b.group()
    for s in (-1, 1):
        b.ellipsoid((s * 1.12, 0.22, -0.30), (0.46, 0.74, 0.13), m)
        b.ellipsoid((s * 1.12, -0.25, -0.30), (0.32, 0.46, 0.12), m, 0.2)
        b.ellipsoid((s * 1.14, 0.20, -0.19), (0.31, 0.55, 0.07), pk, 0.04)
    b.group()
    b.tube(
        [
            [0, -0.34, 0.84, 0.15],
            [0.22, -0.50, 1.10, 0.15],
            [0.62, -0.58, 1.16, 0.14],
            [0.92, -0.38, 1.06, 0.13],
            [0.98, -0.06, 0.98, 0.14],
        ],
        m,
        0.05,
        curve=4,
    )
    host = furry(m, col, mix(col, "#f0b0b0", 0.4), col, "ball")
    host.top = 1.1
    return host


def monkey(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A monkey: round ears far out at the sides, a pale heart-shaped face, a tuft."""
    col, face = (
        ("#7a4a2a", "#eec49a"),
        ("#4a3a38", "#b89078"),
        ("#c0763a", "#f6d6b0"),
        ("#8c8480", "#e6c8b4"),
    )[c.variant % 4]
    m, mz = b.mat(fur(col)), b.mat(fur(face, bump=0.03, amp=0.15))
    b.ellipsoid((0, 0.08, -0.05), (1.04, 1.02, 0.92), m)
    b.ellipsoid((0, -0.54, 0.12), (0.86, 0.54, 0.76), m, 0.25)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (0.38, 0.24, 0.28), m, 0.14)
    for s in (-1, 1):
        b.decal(m, (s * 0.34, 0.06, 0.75), (0.46, 0.52, 0.7), face, 1, 0.12)
        b.ellipsoid((s * 1.16, 0.06, -0.1), (0.36, 0.40, 0.15), m, 0.05)
        b.ellipsoid((s * 1.17, 0.05, 0.03), (0.23, 0.27, 0.08), mz, 0.03)
    b.decal(m, (0, -0.66, 0.75), (0.76, 0.58, 0.7), face, 1, 0.12)
    b.tube([[0, 0.98, 0.0, 0.20], [0.05, 1.22, 0.02, 0.12], [0.2, 1.38, 0.05, 0.03]], m, 0.12)
    host = furry(m, face, face, mix(face, "#3a1810", 0.5))
    host.brow = mix(col, "#1c0e08", 0.6)
    return host


def raccoon(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A raccoon: dark mask, pale brows, cheek tufts."""
    col = ("#9a9490", "#8c7c70", "#b0acb4", "#a88e74")[c.variant % 4]
    dark, pale = "#3a3236", "#f2ece4"
    m, mz, dk = b.mat(fur(col)), b.mat(fur(pale)), b.mat(fur(dark))
    b.ellipsoid((0, 0.05, -0.05), (1.06, 0.96, 0.90), m)
    for s in (-1, 1):
        b.tube([[s * 0.45, -0.36, 0.2, 0.46], [s * 0.95, -0.54, 0, 0.2], [s * 1.28, -0.62, 0, 0.04]], m, 0.2)
        b.ellipsoid((s * 0.76, 0.84, -0.12), (0.30, 0.34, 0.16), dk, 0.06)
        b.ellipsoid((s * 0.75, 0.84, 0.02), (0.18, 0.22, 0.07), mz, 0.04)
        b.decal(m, (s * 0.46, 0.28, 0.7), (0.44, 0.24, 0.8), pale, 0.95, 0.2)
        b.decal(m, (s * 0.52, -0.08, 0.7), (0.46, 0.27, 0.8), dark, 0.95, 0.15)
    b.decal(m, (0, -0.72, 0.6), (0.85, 0.36, 0.8), pale, 0.95, 0.2)
    muzzle(b, mz, jaw, 0.36)
    return furry(m, col, pale)


def deer(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A deer: antlers, sideways ears; variant 3 is a reindeer with a red nose."""
    col = ("#b9753e", "#a8683a", "#c98c56", "#8a5c40")[c.variant % 4]
    belly = "#f6e4c8"
    m, mz = b.mat(fur(col)), b.mat(fur(belly))
    b.ellipsoid((0, 0.0, -0.05), (0.94, 0.98, 0.90), m)
    b.ellipsoid((0, -0.52, 0.12), (0.74, 0.54, 0.72), m, 0.25)
    muzzle(b, mz, jaw, 0.36)
    for s in (-1, 1):
        b.tube(
            [[s * 0.78, 0.44, -0.1, 0.16], [s * 1.14, 0.52, -0.06, 0.23], [s * 1.5, 0.50, -0.04, 0.03]],
            m,
            0.08,
            flat=1.4,
        )
        b.tube([[s * 0.98, 0.47, 0.06, 0.08], [s * 1.32, 0.5, 0.04, 0.03]], mz, 0.03)
    b.group()
    horn = b.mat(material("#e0c498", "extra", "#8c6238", "wood", 6, 0.5, spec=0.2))
    for s in (-1, 1):
        b.tube(
            [[s * 0.34, 0.84, -0.1, 0.10], [s * 0.56, 1.18, -0.12, 0.085], [s * 0.62, 1.58, -0.1, 0.05]],
            horn,
            curve=3,
        )
        b.tube([[s * 0.54, 1.16, -0.12, 0.075], [s * 0.96, 1.42, -0.1, 0.045]], horn, 0.05)
        b.tube([[s * 0.60, 1.30, -0.12, 0.065], [s * 0.34, 1.52, -0.06, 0.04]], horn, 0.05)
    return furry(m, col, belly, "#d8202c" if c.variant % 4 == 3 else "#3a2824")


def frog(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A frog: wide glossy head with two eye domes above."""
    col, belly = (
        ("#6cb83c", "#e4efb0"),
        ("#3f9a5c", "#d6eec4"),
        ("#a4c83a", "#f4f2b8"),
        ("#3aa6a0", "#d2f0e4"),
    )[c.variant % 4]
    m = b.mat(
        material(
            col, "skin", mix(col, "#20601c", 0.4), "mottle", 3, 0.5, spec=0.5, gloss=28, wrap=0.5, rim=0.4
        )
    )
    b.ellipsoid((0, -0.22, -0.05), (1.36, 0.94, 0.98), m)
    b.ellipsoid((0, 0.22, -0.02), (0.98, 0.72, 0.86), m, 0.3)
    b.ellipsoid((0, -0.88 - jaw * 0.5, 0.2), (0.8, 0.34, 0.6), m, 0.2)
    for s in (-1, 1):
        b.ellipsoid((s * 0.56, 0.72, 0.08), (0.44, 0.46, 0.42), m, 0.14)
        b.decal(m, (s * 0.95, 0.15, 0.4), (0.14, 0.12, 0.6), mix(col, "#1c5020", 0.5), 0.7, 0.3)
    b.decal(m, (0, -1.06, 0.5), (1.1, 0.42, 0.9), belly, 0.95, 0.25)
    host = furry(m, col, belly, mix(col, "#ffffff", 0.1), "ball")
    host.lip, host.brow, host.top = mix(col, "#8a2c3c", 0.62), mix(col, "#0c2410", 0.75), 0.95
    return host


KINDS: Final = (
    Kind(
        "lion",
        lion,
        "animal",
        names={"lioness": 2},
        meaning="a big cat with a mane, king of the savanna: lion, pride leader",
        colors={"golden": 0, "brown": 1, "white": 2, "orange": 3},
        own_top=True,
        shoulders=True,
    ),
    Kind(
        "rabbit",
        rabbit,
        "animal",
        names={"bunny": None, "hare": 1, "kangaroo": 1},
        meaning="an animal with long ears: rabbit, bunny, hare, kangaroo, Easter",
        colors={"white": 0, "brown": 1, "grey": 2, "gray": 2, "cream": 3},
        own_top=True,
        shoulders=True,
    ),
    Kind(
        "mouse",
        mouse,
        "animal",
        names={"rat": 0, "hamster": 3},
        meaning="a small rodent: mouse, rat, hamster, gerbil, guinea pig",
        colors={"grey": 0, "gray": 0, "brown": 1, "white": 2, "golden": 3},
        shoulders=True,
    ),
    Kind(
        "elephant",
        elephant,
        "animal",
        names={"mammoth": 1},
        meaning="a huge grey animal with a trunk: elephant, mammoth, tapir",
        colors={"grey": 0, "gray": 0, "brown": 1, "pink": 2, "blue": 3},
        shoulders=True,
    ),
    Kind(
        "monkey",
        monkey,
        "animal",
        names={"ape": 1, "gorilla": 1, "chimpanzee": 0, "orangutan": 2},
        meaning="a primate: monkey, ape, gorilla, chimpanzee, orangutan, baboon, lemur",
        colors={"brown": 0, "black": 1, "orange": 2, "grey": 3, "gray": 3},
        shoulders=True,
    ),
    Kind(
        "raccoon",
        raccoon,
        "animal",
        names={"badger": 0},
        meaning="an animal with a mask: raccoon, badger, skunk, red panda, meerkat",
        colors={"grey": 0, "gray": 0, "brown": 1, "silver": 2, "tan": 3},
        shoulders=True,
    ),
    Kind(
        "deer",
        deer,
        "animal",
        names={"stag": 1, "reindeer": 3, "moose": 3, "elk": 1},
        meaning="a forest animal with antlers: deer, stag, reindeer, moose, elk, antelope",
        colors={"brown": 0, "red": 1, "tan": 2},
        own_top=True,
        shoulders=True,
    ),
    Kind(
        "frog",
        frog,
        "animal",
        names={"toad": 2},
        meaning="an amphibian: frog, toad, newt, tadpole",
        colors={"green": 0, "yellow": 2, "blue": 3},
    ),
)
