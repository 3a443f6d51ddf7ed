"""Outfits of the shoulders."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


@dataclass(frozen=True, slots=True)
class Torso:
    """What every outfit needs; the skin group with the neck is open."""

    b: SceneBuilder
    c: Character
    h: Host
    m: int
    """Cloth."""
    color: str
    dy: float
    """Shoulders sit higher by this."""
    width: float
    human: bool

    def chest(self, m: int, grow: float = 0.0, k: float = 0.06) -> None:
        """The shoulders in a material, `grow` outside of the plain ones."""
        radii = (self.width + grow, 0.84 + grow, 0.62 + grow)
        self.b.ellipsoid((0, -2.32 + self.dy, -0.2), radii, m, k)

    def z(self, x: float, y: float, grow: float = 0.0) -> float:
        """Depth of the chest's front."""
        q = 1 - (x / (self.width + grow)) ** 2 - ((y + 2.32 - self.dy) / (0.84 + grow)) ** 2
        return -0.2 + (0.62 + grow) * math.sqrt(max(q, 0.02))

    def cloth(self, color: str, spec: float = 0.05) -> int:
        """Another cloth."""
        return self.b.mat(
            material(color, "clothes", mix(color, "#000000", 0.12), "weave", 60, 0.04, spec=spec, wrap=0.45)
        )

    def neckline(self, half: float, low: float, m: int, *, round_: bool = False) -> Array:
        """Cut a V (or U) into the group; returns the outline from the viewer's left over the bottom."""
        top = -1.52 + self.dy
        if round_:
            a = np.linspace(math.pi, math.tau, 13)
            line = np.stack([half * np.cos(a), top + (top - low) * np.sin(a)], 1)
        else:
            line = np.array([[-half, top], [-half * 0.5, (top + low) / 2 + 0.04], [0, low]])
            line = np.concatenate([line, line[-2::-1] * np.array([-1, 1])])
        loop = np.concatenate([line, [[half * 1.1, top + 0.6], [-half * 1.1, top + 0.6]]])
        self.b.prism(loop, -0.2, 2, 0.0, m, 0.02, op=1)
        return line

    def roll(self, m: int, r: float = 0.11, radius: float = 0.44) -> None:
        """A collar: ring round the neck."""
        self.b.group()
        grown = radius if self.human else radius + 0.18
        self.b.torus((0, -1.56 + self.dy, -0.18), grown, r, m, R=rot(x=14), stretch=1.1)

    def flaps(self, m: int) -> None:
        """The two points of a shirt collar."""
        self.b.group()
        y, z = self.dy, self.dy * 0.6 if not self.human else 0.0
        for s in (-1, 1):
            point = np.array([(0.05, -1.63), (0.17, -1.52), (0.45, -1.42), (0.44, -1.54), (0.29, -1.80)])
            self.b.prism(point * (s, 1) + (0, y), -0.1 + z, 0.37 + z, 0.025, m)

    def button(self, x: float, y: float, m: int, r: float = 0.04, grow: float = 0.0) -> None:
        """A button on the chest."""
        self.b.ellipsoid((x, y, self.z(x, y, grow) + 0.01), (r, r, r * 0.6), m)

    def lapels(self, line: Array, m: int, r: float, grow: float) -> None:
        """Turned edges along a neckline."""
        self.b.group()
        n = len(line) // 2
        for s in (-1, 1):
            rows = [
                [s * (abs(x) + r * 0.5), y, self.z(x, y, grow) + 0.01, r * w]
                for (x, y), w in zip(line[n::-1], np.linspace(0.35, 1.0, n + 1), strict=True)
            ]
            self.b.tube(rows, m, 0.03, curve=3, flat=2.0)


def plain(t: Torso) -> None:
    """A jumper, some with a white collar."""
    t.chest(t.m)
    t.roll(t.m)
    if t.c.variant % 3 == 0:
        t.flaps(t.b.mat(material(mix(t.color, "#ffffff", 0.8), "clothes", spec=0.05)))


def sweater(t: Torso) -> None:
    """Thick knit with a rolled collar and a stripe."""
    t.chest(t.m, 0.03)
    t.roll(t.m, 0.14, 0.42)
    t.b.group()
    t.b.torus((0, -1.45 + t.dy, -0.2), 0.38 if t.human else 0.56, 0.12, t.m, R=rot(x=12), stretch=1.2)
    t.b.group()
    light = t.cloth(mix(t.color, "#ffffff", 0.65))
    xs = np.linspace(-t.width * 0.93, t.width * 0.93, 15)
    for y in (-1.86, -1.98):
        t.b.tube([[x, y, t.z(float(x), y, 0.03) - 0.015, 0.035] for x in xs], light)


def shirt(t: Torso) -> None:
    """A shirt with collar points and a tie."""
    linen = t.cloth("#f2f2f0") if t.c.cloth not in ("white", "yellow") else t.cloth("#a8c4e4")
    t.chest(linen)
    t.roll(linen, 0.09, 0.42)
    _tie(t, t.m, 0.02)
    t.flaps(linen)


def _tie(t: Torso, m: int, grow: float) -> None:
    t.b.group()
    y = t.dy
    t.b.ellipsoid((0, -1.64 + y, t.z(0, -1.64 + y, grow) + 0.05), (0.085, 0.08, 0.07), m)
    rows = [
        [0, v + y, t.z(0, v + y, grow) + 0.02, r] for v, r in ((-1.68, 0.05), (-1.85, 0.085), (-2.1, 0.11))
    ]
    t.b.tube(rows, m, 0.02, flat=2.0)


def suit(t: Torso) -> None:
    """Jacket with lapels over shirt and tie; a bow tie for some."""
    linen = t.cloth("#f4f4f2")
    t.chest(linen)
    t.roll(linen, 0.085, 0.42)
    dark = t.cloth(("#2c3040", "#3a3a44", "#22315c", "#4a3830")[t.c.variant % 4])
    if t.c.variant % 4 == 1:
        t.b.group()
        z = t.z(0, -1.66 + t.dy) + 0.06
        for s in (-1, 1):
            t.b.tube([[s * 0.02, -1.64 + t.dy, z, 0.04], [s * 0.19, -1.64 + t.dy, z - 0.02, 0.09]], t.m, 0.02)
    else:
        _tie(t, t.m, 0.0)
    t.flaps(linen)
    t.b.group()
    t.chest(dark, 0.06)
    line = t.neckline(0.42, -2.15 + t.dy, dark)
    t.lapels(line, dark, 0.12, 0.06)


def hoodie(t: Torso) -> None:
    """A hood on the back, cords in front."""
    t.chest(t.m, 0.04)
    t.b.group()
    for s in (-1, 1):
        t.b.tube(
            [
                [s * 0.05, -1.66 + t.dy, 0.32, 0.09],
                [s * 0.40, -1.50 + t.dy, 0.16, 0.15],
                [s * 0.62, -1.28 + t.dy, -0.25, 0.20],
                [s * 0.45, -1.16 + t.dy, -0.62, 0.22],
                [0, -1.14 + t.dy, -0.75, 0.22],
            ],
            t.m,
            0.08,
            curve=3,
        )
    t.b.group()
    cord = t.cloth("#f0efea")
    for s in (-1, 1):
        rows = [
            [s * x, y + t.dy, t.z(x, y + t.dy, 0.04) + 0.03, 0.026] for x, y in ((0.17, -1.64), (0.2, -1.95))
        ]
        t.b.tube(rows, cord)
        t.b.sphere((rows[1][0], rows[1][1], rows[1][2]), 0.042, cord)


def dress(t: Torso) -> None:
    """A wide neckline and a necklace."""
    t.chest(t.h.skin, -0.02, 0.22)
    t.b.group()
    t.chest(t.m, 0.02)
    t.neckline(0.66, -1.92 + t.dy, t.m, round_=True)
    t.b.group()
    pearl = t.b.mat(
        material(("#f4efe6", "#e8bc48", "#e8e8f0", "#d84860")[t.c.variant % 4], "clothes", spec=0.6)
    )
    for i in range(15):
        a = math.radians(-70 + 10 * i)
        x, y = 0.42 * math.sin(a), -1.50 - 0.24 * math.cos(a) + t.dy
        t.b.sphere((x, y, t.z(x, y, -0.02) + 0.02), 0.034, pearl)


def uniform(t: Torso) -> None:
    """A buttoned jacket with a stand-up collar and epaulettes."""
    t.chest(t.m, 0.03)
    gold = t.b.mat(material("#e8b83c", "clothes", spec=0.7, gloss=35, metal=0.3))
    t.b.group()
    t.b.cylinder((0, -1.46 + t.dy, -0.2), 0.42 if t.human else 0.6, 0.13, 0.05, t.m, R=rot(x=10))
    t.b.group()
    t.b.torus((0, -1.34 + t.dy, -0.19), 0.40 if t.human else 0.58, 0.025, gold, R=rot(x=10))
    for y in (-1.72, -1.90, -2.08):
        for s in (-1, 1):
            t.button(s * 0.16, y + t.dy, gold, 0.045, 0.03)
    for s in (-1, 1):
        t.b.group()
        x = s * t.width * 0.66
        t.b.box((x, -1.68 + t.dy, -0.16), (0.24, 0.045, 0.18), 0.04, gold, R=rot(z=-s * 24))


def coat(t: Torso) -> None:
    """A white coat over a coloured shirt, pens in the pocket."""
    t.chest(t.m)
    t.roll(t.m, 0.085, 0.42)
    t.flaps(t.m)
    t.b.group()
    white = t.cloth("#f3f4f4")
    t.chest(white, 0.06)
    line = t.neckline(0.46, -2.10 + t.dy, white)
    t.lapels(line, white, 0.13, 0.06)
    t.b.group()
    for x, color in ((0.62, "#2f62b8"), (0.70, "#c93838")):
        pen = t.cloth(color, 0.4)
        y = -1.88 + t.dy
        t.b.tube([[x, y, t.z(x, y, 0.06) + 0.02, 0.026], [x, y - 0.2, t.z(x, y - 0.2, 0.06), 0.026]], pen)


def apron(t: Torso) -> None:
    """A bib on two straps over a shirt."""
    linen = t.cloth("#f4f1ea")
    t.chest(linen)
    t.roll(linen, 0.09, 0.42)
    t.flaps(linen)
    t.b.group()
    t.chest(t.m, 0.05)
    t.b.box((0, -0.74 + t.dy, 0), (2, 1.0, 2), 0.0, t.m, 0.02, op=1)
    for s in (-1, 1):
        t.b.box((s * (0.56 + 1.0), -2.3, 0), (1.0, 1.2, 2), 0.0, t.m, 0.02, op=1)
    t.b.group()
    for s in (-1, 1):
        rows = [
            [s * x, y + t.dy, t.z(x, y + t.dy, 0.02) + 0.01, 0.06]
            for x, y in ((0.50, -1.80), (0.52, -1.68), (0.54, -1.60))
        ]
        t.b.tube([*rows, [s * 0.5, -1.48 + t.dy, -0.3, 0.06]], t.m, flat=1.5)


def scarf(t: Torso) -> None:
    """A thick scarf wound twice, one end hanging."""
    coat_color = t.cloth(mix(t.color, "#2c2c38", 0.72))
    t.chest(coat_color)
    for y, r, tilt in ((-1.58, 0.50, 10), (-1.42, 0.44, -4)):
        t.b.group()
        size = r if t.human else r + 0.16
        t.b.torus((0, y + t.dy, -0.16), size, 0.14, t.m, R=rot(x=12, z=tilt), stretch=1.25)
    t.b.group()
    light = t.cloth(mix(t.color, "#ffffff", 0.6))
    rows = [
        [x, y + t.dy, t.z(x, y + t.dy) + 0.06, r] for x, y, r in ((0.22, -1.62, 0.13), (0.3, -1.82, 0.16))
    ]
    end = [0.36, -2.1 + t.dy, t.z(0.36, -2.1 + t.dy) + 0.06, 0.18]
    t.b.tube([*rows, end], t.m, flat=1.6)
    t.b.ellipsoid((0.32, -1.90 + t.dy, t.z(0.32, -1.9 + t.dy) + 0.09), (0.19, 0.04, 0.11), light)
