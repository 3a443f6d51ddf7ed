"""Farm animals: pig, cow, horse, sheep."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character
from chatanything.face.kit.wild import furry, muzzle


def pig(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A pig: a disc snout with two nostrils, folded ears."""
    col = ("#f4a6ac", "#f6c0b0", "#c98d7c", "#6e5c5e")[c.variant % 4]
    m = b.mat(fur(col, tex="mottle", scale=3, amp=0.3, bump=0.0, spec=0.15, sss=(0.85, 0.5, 0.5)))
    dk = b.mat(material(mix(col, "#c03850", 0.35), "nose", spec=0.25, wrap=0.5))
    hole = b.mat(material(mix(col, "#501820", 0.75), "nose"))
    b.ellipsoid((0, 0.0, -0.05), (1.12, 1.02, 0.94), m)
    b.ellipsoid((0, -0.52, 0.10), (0.94, 0.58, 0.76), m, 0.25)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (0.38, 0.24, 0.30), m, 0.14)
    for s in (-1, 1):
        b.tube(
            [[s * 0.68, 0.66, -0.1, 0.30], [s * 0.92, 1.06, 0.02, 0.24], [s * 1.12, 1.06, 0.22, 0.04]],
            m,
            0.1,
            flat=1.6,
        )
    b.group()
    b.ellipsoid((0, -0.30, 0.96), (0.29, 0.21, 0.16), dk)
    for s in (-1, 1):
        b.ellipsoid((s * 0.10, -0.29, 1.11), (0.045, 0.07, 0.03), hole)
    host = furry(m, col, col, mix(col, "#c03850", 0.35), "ball")
    host.lip, host.brow = mix(col, "#b02c48", 0.6), mix(col, "#4c1420", 0.65)
    return host


def cow(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A cow: horns, sideways ears, patches, pink muzzle."""
    col, patch = (
        ("#f6f2ee", "#2e2a2e"),
        ("#b0683a", "#f6eadc"),
        ("#f4ece0", "#8a5230"),
        ("#4a3a36", "#f2eae2"),
    )[c.variant % 4]
    pink = "#f2b6ae"
    m, mz = b.mat(fur(col)), b.mat(fur(pink, bump=0.02, amp=0.2))
    b.ellipsoid((0, 0.06, -0.05), (0.98, 1.0, 0.90), m)
    b.ellipsoid((0, -0.54, 0.12), (0.84, 0.54, 0.74), m, 0.25)
    muzzle(b, mz, jaw, 0.44)
    b.decal(m, (0, -0.80, 0.7), (0.82, 0.46, 0.7), pink, 1, 0.15)
    b.decal(m, (0.50, 0.12, 0.7), (0.42, 0.52, 0.7), patch, 0.95, 0.1)
    b.decal(m, (-0.75, 0.62, 0.3), (0.40, 0.34, 0.8), patch, 0.95, 0.1)
    ear = b.mat(fur(patch if c.variant % 4 == 0 else col))
    for s in (-1, 1):
        b.tube(
            [[s * 0.82, 0.42, -0.1, 0.17], [s * 1.18, 0.40, -0.04, 0.24], [s * 1.5, 0.24, 0.0, 0.06]],
            ear,
            0.08,
            flat=1.5,
        )
        b.tube([[s * 1.0, 0.40, 0.08, 0.09], [s * 1.34, 0.31, 0.08, 0.06]], mz, 0.03)
    b.tube([[0, 0.96, 0.1, 0.24], [0.06, 1.06, 0.34, 0.14], [0.1, 0.86, 0.66, 0.04]], m, 0.1)
    b.group()
    horn = b.mat(material("#f0e2c0", "extra", spec=0.4, gloss=24))
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.52, 0.84, -0.12, 0.16],
                [s * 0.88, 1.06, -0.12, 0.13],
                [s * 0.96, 1.32, -0.1, 0.08],
                [s * 0.88, 1.48, -0.08, 0.02],
            ],
            horn,
            curve=3,
        )
    host = furry(m, col, pink, mix(pink, "#9c4048", 0.4))
    host.brow = "#4c3430" if c.variant % 4 in (0, 2) else mix(col, "#160a06", 0.75)
    return host


def horse(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A horse: long head, upright ears, a forelock and a mane that falls to one side."""
    col, mane = (
        ("#9a5a30", "#3a2018"),
        ("#f0ebe4", "#c9b89c"),
        ("#4a3832", "#1c1614"),
        ("#d39a54", "#f6e6c4"),
    )[c.variant % 4]
    belly = mix(col, "#f4dcc4", 0.5)
    m, mz = b.mat(fur(col)), b.mat(fur(belly))
    row = fur(mane, mix(mane, "#20100a", 0.3), tex="strands", scale=9, amp=0.6)
    row[19] = 8  # hair
    hair = b.mat(row)
    b.ellipsoid((0, 0.12, -0.05), (0.86, 1.06, 0.88), m)
    b.ellipsoid((0, -0.62, 0.14), (0.72, 0.66, 0.76), m, 0.3)
    muzzle(b, mz, jaw, 0.42)
    for s in (-1, 1):
        b.tube(
            [[s * 0.46, 0.86, -0.1, 0.20], [s * 0.56, 1.22, -0.1, 0.16], [s * 0.50, 1.54, -0.06, 0.03]],
            m,
            0.08,
            flat=1.4,
        )
        b.tube([[s * 0.47, 1.0, 0.06, 0.09], [s * 0.53, 1.34, 0.0, 0.03]], mz, 0.03)
    b.group()
    b.tube([[0, 1.12, -0.2, 0.22], [0.06, 1.22, 0.2, 0.20], [0.20, 0.84, 0.70, 0.05]], hair, curve=3)
    for i in range(5):
        y = 1.0 - 0.42 * i
        b.tube(
            [
                [0.5, y + 0.2, -0.5, 0.28],
                [0.98, y, -0.34, 0.22],
                [1.24 + 0.06 * (i % 2), y - 0.42, -0.25, 0.04],
            ],
            hair,
            0.1,
        )
    return furry(m, col, belly, mix(belly, "#3c1c18", 0.7))


def sheep(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A sheep: a cloud of wool round a smooth face; variant 3 is a ram with rolled horns."""
    col, wool = (
        ("#f3d8c4", "#fbf8f2"),
        ("#5a4c4c", "#f6f1e8"),
        ("#6c5c5a", "#4c4444"),
        ("#e2c0a0", "#eadcc0"),
    )[c.variant % 4]
    m, mz = b.mat(fur(col, bump=0.04, amp=0.2)), b.mat(fur(mix(col, "#ffe8dc", 0.3), bump=0.03))
    b.ellipsoid((0, -0.02, 0.0), (0.90, 0.96, 0.90), m)
    b.ellipsoid((0, -0.54, 0.14), (0.74, 0.54, 0.74), m, 0.25)
    muzzle(b, mz, jaw, 0.36)
    for s in (-1, 1):
        b.tube(
            [[s * 0.80, 0.26, 0.06, 0.16], [s * 1.24, 0.16, 0.10, 0.20], [s * 1.5, -0.06, 0.12, 0.06]],
            m,
            0.08,
            flat=1.5,
        )
    b.group()
    row = fur(wool, mix(wool, "#8c7c6c", 0.25), scale=9, bump=0.35)
    row[19] = 8  # hair
    fleece = b.mat(row)
    b.ellipsoid((0, 0.05, -0.50), (1.12, 1.16, 0.50), fleece)
    for i in range(14):
        a = 2 * math.pi * i / 14
        b.sphere((math.sin(a) * 1.08, 0.06 + math.cos(a) * 1.10, -0.34), 0.30, fleece, 0.06)
    for x, y, z in ((0, 0.98, 0.30), (-0.36, 0.92, 0.22), (0.36, 0.92, 0.22), (0, 1.24, 0.0)):
        b.sphere((x, y, z), 0.28, fleece, 0.06)
    if c.variant % 4 == 3:
        b.group()
        horn = b.mat(material("#c8a46c", "extra", "#7c5830", "wood", 7, 0.5, spec=0.2))
        for s in (-1, 1):
            b.tube(
                [
                    [s * 0.60, 0.86, 0.1, 0.20],
                    [s * 1.10, 0.90, 0.1, 0.19],
                    [s * 1.34, 0.46, 0.14, 0.15],
                    [s * 1.08, 0.22, 0.26, 0.10],
                    [s * 1.0, 0.50, 0.34, 0.03],
                ],
                horn,
                curve=4,
            )
    host = furry(m, col, col, mix(col, "#3c1c1c", 0.6))
    host.lip, host.brow = mix(col, "#a83c48", 0.5), mix(col, "#180c0a", 0.7)
    return host


KINDS: Final = (
    Kind(
        "pig",
        pig,
        "animal",
        names={"piglet": 1, "boar": 3, "hog": 2},
        meaning="a farm animal with a snout: pig, piglet, boar, hog, bacon",
        colors={"pink": 0, "brown": 2, "black": 3},
        shoulders=True,
    ),
    Kind(
        "cow",
        cow,
        "animal",
        names={"bull": 3, "calf": 2, "ox": 1},
        meaning="cattle with horns: cow, bull, ox, buffalo, bison, yak, milk",
        colors={"white": 0, "brown": 1, "black": 3},
        own_top=True,
        shoulders=True,
    ),
    Kind(
        "horse",
        horse,
        "animal",
        names={"pony": 3, "stallion": 2, "donkey": None, "mare": 0},
        meaning="an animal to ride: horse, pony, donkey, mule, stallion, foal",
        colors={"brown": 0, "white": 1, "black": 2, "golden": 3},
        own_top=True,
        shoulders=True,
    ),
    Kind(
        "sheep",
        sheep,
        "animal",
        names={"lamb": 0, "ram": 3, "goat": 3, "alpaca": 3},
        meaning="a woolly animal: sheep, lamb, ram, goat, alpaca, llama, wool",
        colors={"white": 0, "black": 2, "cream": 3},
        own_top=True,
        shoulders=True,
    ),
)
