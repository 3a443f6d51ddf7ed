"""Things on a desk that are square: computer, laptop, printer, stapler, calculator, envelope; and a globe."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import buckle, dressed, metal, plain
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.office import enamel
from chatanything.face.kit.params import Character


def _screen(b: SceneBuilder, color: str) -> int:
    """Softly lit glass."""
    return b.mat(
        material(color, "skin", spec=0.22, gloss=30, wrap=0.55, rim=0.3, sss=(0.6, 0.6, 0.6), glow=0.10)
    )


def computer(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An old computer with a tube monitor; the face fills its screen."""
    col, glass = (
        ("#e9dcbc", "#bfe8e8"),
        ("#4f9fd0", "#f8ecc8"),
        ("#ee8fa6", "#fdeef0"),
        ("#565c6e", "#86e0a0"),
    )[c.variant % 4]
    m, case = _screen(b, glass), enamel(b, col, "extra", 0.25)
    dark = plain(b, mix(col, "#1c1420", 0.66), 0.3)
    b.box((0, 0.14, 0.06), (1.08, 0.90, 0.40), 0.22, m)
    b.ellipsoid((0, 0.10, 0.16), (1.0, 0.88, 0.52), m, 0.3)
    b.group()
    b.box((0, 0.10, -0.30), (1.38, 1.24, 0.62), 0.20, case)
    b.box((0, 0.16, -0.75), (1.05, 0.95, 0.50), 0.30, case, 0.1)
    b.box((0, 0.14, 0.2), (1.0, 0.80, 0.60), 0.05, case, op=1)  # room for the mouth cavity
    b.group()
    corners = [(-1.10, 1.06), (1.10, 1.06), (1.10, -0.78), (-1.10, -0.78), (-1.10, 1.06)]
    b.tube([[x, y, 0.34, 0.15] for x, y in corners], case)
    b.group()
    b.box((0.42, -1.0, 0.28), (0.44, 0.045, 0.08), 0.03, dark)
    b.box((0.42, -1.0, 0.34), (0.12, 0.075, 0.05), 0.03, dark)
    b.group()
    b.sphere((1.10, -1.0, 0.30), 0.075, b.mat(material("#6cf07c", "extra", glow=0.7)))
    b.group()
    for i, shade in enumerate(("#e2574c", "#f4b52c", "#4fae58")):
        b.box((-1.08 + 0.14 * i, -1.0, 0.30), (0.055, 0.09, 0.05), 0.03, plain(b, shade, 0.4))
    b.group()
    b.cone((0, -1.24, -0.2), 0.75, 0.60, 0.14, 0.04, case)
    b.box((0, -1.38, -0.1), (1.18, 0.09, 0.66), 0.08, case, 0.05)
    return dressed(m, glass, 0.85, 0.16, lip=mix(glass, "#c02050", 0.66), brow=mix(glass, "#14182c", 0.8))


def laptop(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An open laptop: the face on the screen, a deck of stout keys below."""
    col, glass, key = (
        ("#c9ced8", "#c6dff2", "#3c4250"),
        ("#5a5f70", "#ffc27a", "#f3f0ea"),
        ("#e9a0b4", "#fbe3ea", "#fff6f4"),
        ("#4f9c92", "#b8f0d8", "#f2fbf4"),
    )[c.variant % 4]
    m = _screen(b, glass)
    shell = b.mat(material(col, "extra", spec=0.5, gloss=30, metal=0.25, rim=0.4))
    frame, keys = plain(b, "#20242e", 0.5, 40), plain(b, key, 0.25)
    b.box((0, 0.42, -0.13), (1.20, 0.86, 0.31), 0.12, m)
    b.ellipsoid((0, 0.38, 0.06), (1.02, 0.86, 0.42), m, 0.25)
    b.group()
    b.box((0, 0.44, -0.22), (1.44, 1.08, 0.22), 0.12, shell)
    b.box((0, 0.42, 0.1), (1.10, 0.76, 0.48), 0.05, shell, op=1)  # room for the mouth cavity
    b.group()
    corners = [(-1.26, 1.34), (1.26, 1.34), (1.26, -0.46), (-1.26, -0.46), (-1.26, 1.34)]
    b.tube([[x, y, 0.02, 0.09] for x, y in corners], frame)
    b.group()
    b.sphere((0, 1.36, 0.10), 0.04, plain(b, "#7fe08c", 0.9))
    b.group()
    tilt = rot(x=38)
    origin = np.array([0, -0.94, 0.36])
    b.box(origin, (1.42, 0.07, 0.60), 0.06, shell, R=tilt)
    b.group()
    b.cylinder((0, -0.62, 0.0), 0.12, 1.10, 0.05, frame, R=rot(z=90))
    b.group()
    for row, count in enumerate((9, 8)):
        for i in range(count):
            x = (i - (count - 1) / 2) * 0.27
            b.box(
                origin + tilt @ np.array([x, 0.09, -0.30 + 0.25 * row]),
                (0.115, 0.05, 0.10),
                0.035,
                keys,
                R=tilt,
            )
    for x, half in ((-0.98, 0.22), (0, 0.68), (0.98, 0.22)):
        b.box(origin + tilt @ np.array([x, 0.09, 0.22]), (half, 0.05, 0.10), 0.035, keys, R=tilt)
    return dressed(m, glass, 0.87, 0.46, lip=mix(glass, "#c02050", 0.66), brow=mix(glass, "#14182c", 0.8))


def printer(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A printer with paper behind and a printed page on its tray."""
    col, acc = (
        ("#e6e8ee", "#3c7fc8"),
        ("#5f7fb8", "#f2efe6"),
        ("#f0b85c", "#6a4a3c"),
        ("#6fb89c", "#f4ecd6"),
    )[c.variant % 4]
    m, ac = enamel(b, col, "skin", 0.35), enamel(b, acc, "extra")
    dark = plain(b, "#343a48", 0.4)
    page = plain(b, "#fffdf6", 0.08)
    b.box((0, -0.12, -0.1), (1.36, 0.92, 0.60), 0.26, m)
    b.ellipsoid((0, -0.06, 0.12), (0.98, 0.88, 0.54), m, 0.25)
    b.group()
    b.box((0, 0.80, -0.2), (1.10, 0.12, 0.40), 0.09, ac)
    b.group()
    b.box((0, 1.10, -0.42), (0.84, 0.50, 0.03), 0.02, page, R=rot(x=-12))
    b.group()
    b.box((0, 0.98, -0.55), (1.0, 0.32, 0.04), 0.04, ac, R=rot(x=-12))
    b.group()
    b.box((0, -1.06, -0.06), (1.26, 0.16, 0.60), 0.10, dark)
    b.group()
    b.box((0, -1.21, 0.28), (1.06, 0.05, 0.46), 0.04, ac, R=rot(x=24))
    b.group()
    b.box((0, -1.14, 0.30), (0.84, 0.02, 0.46), 0.015, page, R=rot(x=24))
    for i, z in enumerate((0.40, 0.52, 0.64)):
        b.decal(page, (-0.1 * (i == 2), -1.0, z), (0.62 - 0.14 * (i == 2), 1.0, 0.028), "#7a8498", 0.8, 0.3)
    b.group()
    for i, shade in enumerate(("#3fb6d8", "#e0559a", "#f4c52c")):
        b.sphere((0.78 + 0.17 * i, 0.80, 0.22), 0.062, plain(b, shade, 0.6))
    return dressed(m, col, 0.85, 0.08, lip=mix(col, "#b8203c", 0.66), brow=mix(col, "#141826", 0.78))


def stapler(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A stout stapler from the side: the arched arm with the face, a pad to press, magazine, spring, base."""
    col, acc = (
        ("#e8625a", "#3a3c48"),
        ("#62a4e0", "#2c3448"),
        ("#f4bf4e", "#6a4a34"),
        ("#74c0a0", "#2f4a48"),
    )[c.variant % 4]
    m = b.mat(material(col, "skin", spec=0.3, gloss=26, wrap=0.5, rim=0.42, sss=(0.6, 0.5, 0.48)))
    base, grip = enamel(b, acc, "extra"), plain(b, mix(col, "#ffffff", 0.62), 0.25)
    steel = metal(b, "#b4bcc8")
    arm = [(-1.30, -0.36), (1.30, -0.46), (1.22, 0.16), (0.98, 0.72), (0.44, 1.02), (-0.36, 1.06),
           (-1.02, 0.82), (-1.36, 0.30)]  # fmt: skip
    b.prism(np.array(arm), -0.24, 0.24, 0.14, m, 0.0)
    b.ellipsoid((-0.06, 0.28, 0.06), (1.16, 0.86, 0.62), m, 0.3)
    b.group()
    pad = [[-1.06, 0.90, 0, 0.10], [-0.74, 1.10, 0, 0.17], [-0.30, 1.18, 0, 0.18], [0.18, 1.14, 0, 0.10]]
    b.tube(pad, grip, curve=4, flat=0.5)
    b.group()
    b.box((-0.08, -0.60, 0), (1.32, 0.11, 0.34), 0.05, steel, R=rot(z=2))
    b.box((-1.26, -0.64, 0), (0.15, 0.20, 0.38), 0.06, steel)
    b.group()
    b.cylinder((1.16, -0.62, 0), 0.36, 0.46, 0.08, base, R=rot(x=90))
    b.sphere((1.16, -0.62, 0.46), 0.14, steel)
    b.group()
    b.box((0, -1.28, 0), (1.48, 0.14, 0.64), 0.13, base)
    b.box((1.14, -1.02, 0), (0.30, 0.28, 0.42), 0.12, base, 0.12)
    b.group()
    b.box((-1.12, -1.12, 0.08), (0.28, 0.05, 0.30), 0.03, steel)
    b.group()
    for i in range(3):
        b.torus((0.42, -1.06 + 0.12 * i, 0), 0.17, 0.04, steel, R=rot(z=8))
    b.group()
    buckle(b, steel, (-0.36, -1.02, 0.50), 0.15, 0.10, 0.03)
    return dressed(m, col, 0.83, 0.50, lip=mix(col, "#a01030", 0.7), brow=mix(col, "#1c0a10", 0.8))


def calculator(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A pocket calculator: display above the brow, keys below the chin."""
    col, acc = (
        ("#6c8cc4", "#f4b52c"),
        ("#f08a6c", "#fff2dc"),
        ("#8fca78", "#f6e8c8"),
        ("#8a78c0", "#f6d05c"),
    )[c.variant % 4]
    m, ac = enamel(b, col, "skin", 0.35), enamel(b, acc, "extra", 0.3)
    b.box((0, 0.06, -0.1), (1.16, 1.44, 0.42), 0.24, m)
    b.ellipsoid((0, 0.02, 0.06), (0.92, 0.90, 0.46), m, 0.25)
    b.group()
    b.box((0, 1.12, 0.28), (0.94, 0.25, 0.10), 0.08, plain(b, mix(col, "#14101c", 0.7), 0.5))
    b.group()
    lcd = b.mat(material("#b8d8a0", "extra", spec=0.5, gloss=40, glow=0.15))
    b.box((0, 1.12, 0.33), (0.84, 0.17, 0.09), 0.05, lcd)
    b.group()
    digit = plain(b, "#34442c", 0.1)
    for i in range(3):
        buckle(b, digit, (0.22 + 0.22 * i, 1.12, 0.43), 0.06, 0.09, 0.018)
    b.group()
    orange = plain(b, "#e8604c", 0.4)
    for row, y in enumerate((-0.92, -1.20)):
        for i in range(5):
            last = row == 1 and i == 4
            b.box((-0.80 + 0.40 * i, y, 0.30), (0.15, 0.105, 0.12), 0.06, orange if last else ac)
    return dressed(m, col, 0.86, 0.18, lip=mix(col, "#c02848", 0.7), brow=mix(col, "#120c1c", 0.78))


def envelope(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An open envelope with a letter in it; airmail stripes or a wax seal."""
    col, acc = (
        ("#f6e7c8", "#d8433c"),
        ("#9cc8ee", "#2f5fb0"),
        ("#f0a0a8", "#d83a5c"),
        ("#d8a468", "#a83038"),
    )[c.variant % 4]
    m = b.mat(
        material(col, "skin", mix(col, "#8a5a30", 0.12), "mottle", 5, 0.2, spec=0.08, wrap=0.5, rim=0.35)
    )
    inner = plain(b, mix(col, "#6a3a24", 0.28), 0.05)
    page = plain(b, "#fffdf6", 0.08)
    b.box((0, -0.34, -0.05), (1.42, 0.98, 0.24), 0.10, m)
    b.ellipsoid((0, -0.30, 0.04), (1.05, 0.94, 0.40), m, 0.25)
    b.group()
    flap = np.array([(-1.36, 0.52), (1.36, 0.52), (0.16, 1.50), (-0.16, 1.50)])
    b.prism(flap, -0.26, -0.18, 0.04, inner)
    b.group()
    b.box((0, 0.80, -0.10), (1.06, 0.44, 0.03), 0.03, page)
    for y in (1.08, 0.94, 0.80):
        b.decal(page, (-0.12, y, -0.07), (0.78 - 0.2 * (y < 0.85), 0.026, 0.3), "#8a94a8", 0.85, 0.3)
    if c.variant % 2 == 0:
        for i in range(9):
            shade = (acc, "#3f6fb8")[i % 2]
            for s in (-1, 1):
                b.decal(m, (s * 1.36, -1.24 + 0.22 * i, 0.1), (0.12, 0.085, 0.6), shade, 0.95, 0.15)
        for i in range(11):
            b.decal(
                m, (-1.10 + 0.22 * i, -1.28, 0.1), (0.085, 0.10, 0.6), (acc, "#3f6fb8")[i % 2], 0.95, 0.15
            )
    b.group()
    wax = enamel(b, acc if c.variant % 2 else "#d8433c", "extra", 0.5)
    if c.variant % 2:
        b.cylinder((1.02, -1.02, 0.22), 0.24, 0.06, 0.05, wax, R=rot(x=90))
        b.torus((1.02, -1.02, 0.28), 0.15, 0.035, wax, 0.02, R=rot(x=90))
    else:
        stamp = plain(b, "#fff8ea", 0.1)
        b.box((1.06, 0.34, 0.20), (0.22, 0.25, 0.03), 0.02, stamp, R=rot(z=-5))
        b.decal(stamp, (1.06, 0.34, 0.2), (0.15, 0.18, 0.4), "#4fa08c", 1.0, 0.1)
        b.decal(stamp, (1.06, 0.38, 0.2), (0.06, 0.06, 0.4), "#f4c52c", 1.0, 0.2)
    return dressed(m, col, 0.86, -0.04, lip=mix(col, "#b8203c", 0.64), brow=mix(col, "#2a1410", 0.78))


def globe(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A desk globe in its brass meridian; the lands keep clear of the face."""
    sea, land, brassy = (
        ("#4a9fe0", "#66b858", "#e0ae42"),
        ("#e8cf9c", "#c08a4c", "#b07a3c"),
        ("#56b8c0", "#f2c468", "#d8dde4"),
        ("#5a6cc0", "#8ad0a0", "#e0ae42"),
    )[c.variant % 4]
    m, brass = enamel(b, sea), metal(b, brassy)
    wood = b.mat(material("#8a4f2c", "extra", "#5c3018", "wood", 4, 0.5, spec=0.4, gloss=26, rim=0.35))
    b.sphere((0, 0.14, 0), 1.14, m)
    for x, y, z, rx, ry in (
        (-1.0, 0.52, 0.45, 0.32, 0.34),
        (-0.72, 0.98, 0.35, 0.42, 0.20),
        (-1.04, -0.22, 0.40, 0.17, 0.30),
        (-0.84, -0.62, 0.40, 0.15, 0.22),
        (0.98, 0.62, 0.40, 0.30, 0.30),
        (0.62, 1.04, 0.35, 0.34, 0.15),
        (1.06, 0.02, 0.40, 0.18, 0.34),
        (0.86, -0.58, 0.40, 0.20, 0.16),
        (0.0, -0.98, 0.40, 0.40, 0.10),
        (0.05, 1.22, 0.30, 0.30, 0.08),
    ):
        b.decal(m, (x, y, z), (rx, ry, 1.3), land, 1.0, 0.12)
    b.group()
    a = np.radians(np.linspace(64, -112, 22))
    b.tube(
        np.column_stack([1.33 * np.cos(a), 0.14 + 1.33 * np.sin(a), 0 * a, 0 * a + 0.075]), brass, flat=1.0
    )
    for t in (a[0], a[0] + math.pi):
        b.tube(
            [[1.10 * math.cos(t), 0.14 + 1.10 * math.sin(t), 0, 0.06],
             [1.42 * math.cos(t), 0.14 + 1.42 * math.sin(t), 0, 0.07]],
            brass,
        )  # fmt: skip
    b.group()
    b.cone((0, -1.27, 0), 0.30, 0.16, 0.10, 0.04, wood)
    b.cylinder((0, -1.39, 0), 0.76, 0.07, 0.05, wood, 0.12)
    return dressed(m, sea, 0.88, 0.16, lip=mix(sea, "#b01838", 0.72), brow=mix(sea, "#140c18", 0.78))


KINDS: Final = (
    Kind(
        "computer",
        computer,
        "office",
        names={"pc": 0, "monitor": 3, "desktop": 1, "mainframe": 3, "television": 2, "tv": 2},
        meaning="a machine with a screen: computer, monitor, desktop, television, hacker, software",
        colors={"cream": 0, "blue": 1, "pink": 2, "black": 3, "grey": 3},
        own_top=True,
    ),
    Kind(
        "laptop",
        laptop,
        "office",
        names={"notebook computer": 1, "tablet": 0, "smartphone": 1},
        meaning="a folding computer with keys: laptop, keyboard, tablet, programmer",
        colors={"silver": 0, "blue": 0, "black": 1, "grey": 1, "pink": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "printer",
        printer,
        "office",
        names={"copier": 1, "photocopier": 0, "scanner": 3, "fax": 2, "fax machine": 2},
        meaning="a machine that prints pages: printer, photocopier, scanner, fax, toner",
        colors={"white": 0, "blue": 1, "yellow": 2, "orange": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "stapler",
        stapler,
        "office",
        names={"hole punch": 1, "tape dispenser": 2},
        meaning="a tool that joins papers: stapler, staples, paper clip, hole punch",
        colors={"red": 0, "blue": 1, "yellow": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "calculator",
        calculator,
        "office",
        names={"pocket calculator": 0, "remote control": 3},
        meaning="a device with keys for numbers: calculator, arithmetic, accounting, remote control",
        colors={"blue": 0, "orange": 1, "green": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "envelope",
        envelope,
        "office",
        names={"letter": 0, "mail": 0, "love letter": 2, "postcard": 1, "invitation": 3},
        meaning="a letter that comes by post: envelope, mail, stamp, postcard, message, paper",
        colors={"white": 0, "cream": 0, "blue": 1, "pink": 2, "brown": 3},
        own_top=True,
    ),
    Kind(
        "globe",
        globe,
        "office",
        names={"world map": 1, "atlas": 1},
        meaning="a model of the earth on a stand: globe, world, geography, continents",
        colors={"blue": 0, "brown": 1, "teal": 2, "purple": 3},
        own_top=True,
    ),
)
