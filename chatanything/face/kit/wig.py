"""What every hair style is made of: a cap on the skull, cuts that free the face, and locks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.params import Character

_CENTER = np.array([0, 0.33, -0.16])
_RADII = np.array([0.875, 0.89, 0.93])
Spot = tuple[float, float]
"""A place on the skull in degrees: round from the front, + to the viewer's right; down from the top."""


@dataclass(frozen=True, slots=True)
class Wig:
    """What every style needs."""

    b: SceneBuilder
    c: Character
    m: int
    hat: bool
    """Locks that would pierce a hat are left out."""

    def skull(self, spot: Spot, lift: float = 0.0) -> Array:
        """A point `lift` above the skull."""
        a, e = (math.radians(v) for v in spot)
        way = np.array([math.sin(e) * math.sin(a), math.cos(e), math.sin(e) * math.cos(a)])
        return np.asarray(_CENTER + way * (_RADII * np.array([self.c.head_width, 1, 1]) + lift))

    def cap(self, grow: float = 1.0) -> None:
        """Hair close to the skull."""
        r = _RADII * grow * np.array([self.c.head_width, 1, 1])
        self.b.ellipsoid(_CENTER, r, self.m)

    def face_cut(self, y: float, height: float, k: float) -> None:
        """Free the face."""
        self.b.ellipsoid((0, y, 0.86), (0.71 * self.c.head_width, height, 0.80), self.m, k, op=1)

    def low_cut(self, y: float) -> None:
        """Cut everything off below y."""
        self.b.box((0, y - 1.5, 0.15), (2, 1.5, 1.6), 0.02, self.m, 0.05, op=1)

    def flow(
        self,
        start: Spot,
        end: Spot,
        r: float,
        lift: float = 0.05,
        tip: float = 0.0,
        root: float = 0.75,
    ) -> None:
        """A lock combed along the skull.

        `lift` raises its middle, `tip` its end; `root` is the share of the width that it starts with.
        """
        rows = []
        p, q = self.skull(start) - _CENTER, self.skull(end) - _CENTER
        for t, width in ((0.0, root), (0.33, 1.0), (0.7, 0.85), (1.0, 0.18)):
            way = p * (1 - t) + q * t
            size = np.linalg.norm(p) * (1 - t) + np.linalg.norm(q) * t
            size += lift * math.sin(math.pi * min(1, t * 1.15)) + tip * t * t
            rows.append([*(_CENTER + way / np.linalg.norm(way) * size), r * width])
        self.b.tube(rows, self.m, 0.035, curve=3)

    def hang(self, points: Sequence[Sequence[float]], k: float = 0.05) -> None:
        """A lock through points with radii, curved."""
        self.b.tube(points, self.m, k, curve=3)

    def knot(self, c: Sequence[float], r: float) -> None:
        """A bun: hair wound into a ball."""
        x, y, z = c
        self.b.ellipsoid((x, y, z), (r, r * 0.9, r), self.m, 0.06)
        for i, tilt in enumerate((-35, 5, 40)):
            self.b.torus(
                (x, y - 0.02 + 0.05 * i * r, z),
                r * 0.80,
                r * 0.30,
                self.m,
                0.03,
                R=rot(x=20 + 12 * i, z=tilt),
            )
