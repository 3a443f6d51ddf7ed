"""Where the parts of a face go: face units to head units, and depths measured on the bare body."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.params import Character
from chatanything.face.kit.rig import FaceCurves

LID = 1.10
"""Radius of the eyelid bulge over that of the eyeball."""


@dataclass
class Site:
    """One face being built; measured when it is made, before any part changes the surface."""

    b: SceneBuilder
    c: Character
    h: Host
    f: FaceCurves
    anchors: dict[str, Array] = field(default_factory=dict)
    """Name of a contour -> (n, 3) head units."""

    def __post_init__(self) -> None:
        mouth = np.stack([np.linspace(-0.36, 0.36, 13), np.full(13, self.f.mouth_y)], 1)
        self._mouth_x, self._mouth_z = mouth[:, 0], self.front(mouth)
        centers = np.array(self.f.eye_center)
        eye_z = self.front(centers)
        self.nose_z = self.front([[0, 0.05], [0, -0.15], [0, -0.36], [0, -0.43]])
        self.brow_z = [self.front(line) for line in self.f.brow]
        self.half = self.f.eye_half * self.h.scale
        """Half width of an eye opening."""
        self.radius = self.half * 1.12
        """Of an eyeball."""
        self.eyes: Array = np.array([[*self.at(centers[i]), eye_z[i] - self.radius * 0.66] for i in range(2)])
        """(2, 3) centres of the eyeballs, both at one depth."""
        self.eyes[:, 2] = self.eyes[:, 2].mean()

    def at(self, points: npt.ArrayLike) -> Array:
        """Face units to head units, (..., 2)."""
        return np.asarray(np.asarray(points, float) * self.h.scale + np.array([0, self.h.cy]))

    def front(self, points: npt.ArrayLike) -> Array:
        """Depth of the surface as it is now at points in face units."""
        return self.b.front(self.at(np.atleast_2d(points)))

    def mouth_z(self, x: npt.ArrayLike) -> Array:
        """Depth of the bare body along the mouth line at x in face units."""
        return np.asarray(np.interp(np.asarray(x), self._mouth_x, self._mouth_z))

    def lid_z(self, points: Array, i: int, grow: float, least: float) -> Array:
        """Depth of a sphere `grow` times eyeball i at points (n, 2) in head units.

        Args:
            points: (n, 2).
            i: 0 is the viewer's left.
            grow: Radius of the sphere over that of the eyeball.
            least: Bulge kept outside of the sphere, over the eyeball's radius.
        """
        gap = ((points - self.eyes[i, :2]) ** 2).sum(1)
        bulge = np.sqrt(np.maximum((self.radius * grow) ** 2 - gap, (least * self.radius) ** 2))
        return np.asarray(self.eyes[i, 2] + bulge)
