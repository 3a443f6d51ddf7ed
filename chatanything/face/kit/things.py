"""Bodies that somebody made."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def robot(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A robot: rounded box with a face plate, ear knobs and an antenna."""
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


def teapot(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A teapot: round, tall and gilded on ball feet with dots, or porcelain with a cane handle."""
    kind = c.variant % 4
    col, acc = (
        ("#5c9ad0", "#f3ead8"),
        ("#ee8397", "#e8bc58"),
        ("#f2ede2", "#3f70b8"),
        ("#6bb69a", "#f4edcf"),
    )[kind]
    m = b.mat(material(col, "skin", spec=0.6, gloss=45, wrap=0.45, rim=0.4, sss=(0.5, 0.45, 0.45)))
    gilt = kind == 1
    ac = b.mat(material(acc, "extra", spec=0.8, gloss=45, rim=0.4, metal=0.5 * gilt))
    if gilt:
        b.ellipsoid((0, -0.22, 0), (1.12, 0.98, 1.02), m)
        b.cone((0, 0.50, -0.02), 0.92, 0.66, 0.44, 0.16, m, 0.34)
        top, lid = 0.94, 0.66
        for a in (-1.0, -0.36, 0.36, 1.0):
            b.sphere((0.78 * math.sin(a), -1.16, 0.78 * math.cos(a) - 0.1), 0.17, ac, 0.02)
        for i in range(8):
            a = math.radians(-63 + 18 * i)
            b.decal(m, (0.9 * math.sin(a), 0.74, 0.9 * math.cos(a)), (0.065,) * 3, "#fff4ea", 0.95, 0.25)
    else:
        b.ellipsoid((0, -0.15, 0), (1.16, 1.05, 1.05), m)
        b.cylinder((0, -1.12, 0), 0.7, 0.12, 0.06, ac, 0.06)
        top, lid = 0.80, 0.56
    if kind == 2:
        for y, h in ((-0.98, 0.05), (-0.84, 0.022), (0.66, 0.05)):
            b.decal(m, (0, y, 0), (1.6, h, 1.6), acc, 0.95, 0.25)
    b.group()
    b.torus((0, top, 0), lid, 0.08, ac)
    b.ellipsoid((0, top, 0), (lid, 0.26, lid), m, 0.03)
    b.sphere((0, top + 0.36, 0), 0.15, ac, 0.03)
    b.group()
    if gilt:
        spout = [[0.90, -0.62, 0, 0.24], [1.30, -0.42, 0, 0.17], [1.30, 0.16, 0, 0.12], [1.52, 0.56, 0, 0.11]]
    else:
        spout = [[0.95, -0.35, -0.05, 0.25], [1.32, -0.05, -0.05, 0.16], [1.52, 0.42, -0.05, 0.12]]
    b.tube([[-x, y, z, r] for x, y, z, r in spout], m, 0.05, curve=4)
    b.sphere((-spout[-1][0], spout[-1][1], spout[-1][2]), spout[-1][3] * 1.12, ac if gilt or kind == 2 else m)
    b.group()
    if kind == 2:
        cane = b.mat(material("#b9783c", "extra", "#7c4820", "wood", 5, 0.5, spec=0.3, gloss=24, rim=0.35))
        arch = [
            [1.06 * math.cos(a), 0.44 + 1.06 * math.sin(a), -0.1, 0.085]
            for a in np.radians(np.linspace(14, 166, 15))
        ]
        b.tube(arch, cane)
        for s in (-1, 1):
            b.sphere((s * 0.98, 0.62, -0.06), 0.15, ac)
    else:
        grip = 0.10 if gilt else 0.12
        rows = ((0.95, 0.40), (1.38, 0.45), (1.55, 0.05), (1.38, -0.38), (1.0, -0.52))
        b.tube([[x, y + 0.12 * gilt, -0.1, grip] for x, y in rows], m, curve=4)
        if gilt:
            b.sphere((1.42, 0.66, -0.1), 0.11, ac)
    return Host(
        m,
        col,
        mix(col, "#8c1c34", 0.65) if kind != 2 else "#c4485c",
        mix(col, "#181018", 0.74),
        0.98,
        0.12,
        "ball",
        mix(col, "#ffffff", 0.2),
        1.1,
        0.7,
        0,
        "#f0607c",
        0.32,
        1.0,
    )


def book(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A book with gold corners; variants 2 and 3 are handbags."""
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


KINDS: Final = (
    Kind(
        "robot",
        robot,
        "cartoon",
        names={"android": None, "robot": None, "cyborg": None},
        meaning="a machine: robot, computer, toaster, car, telephone, clock, lamp, television, rocket",
        colors={"steel": 0, "white": 1, "teal": 2, "brass": 3, "golden": 3, "rusty": 3},
        irises=("cyan", "blue", "amber"),
        shoulders=True,
        own_top=True,
    ),
    Kind(
        "teapot",
        teapot,
        "office",
        names={"kettle": 0, "teapot": 0},
        meaning="crockery or a vessel: teapot, kettle, vase, bottle, pan, bucket, bell",
        colors={"blue": 0, "pink": 1, "white": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "book",
        book,
        "office",
        names={
            "book": 1,
            "diary": 0,
            "dictionary": 1,
        },
        meaning="something flat with corners: book, box, door, chair, stapler, paper, calendar",
        colors={"red": 0, "blue": 1},
    ),
)
