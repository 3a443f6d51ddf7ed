"""What every body ('host') of a face gives back, and what several of them wear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chatanything.face.kit.arrays import Vector
from chatanything.face.kit.builder import SceneBuilder


@dataclass
class Host:
    """What the face builder must know about a body."""

    skin: int  # material index of the face area
    color: str  # its base colour
    lip: str  # lip colour
    brow: str  # brow colour
    scale: float = 1.0  # size of the face unit
    cy: float = 0.0  # height of the eye line
    nose: str = "human"  # human, ball, animal, beak, plate
    nose_color: str = ""
    top: float = 1.14  # height where a hat sits
    top_r: float = 0.9  # head radius there
    top_z: float = -0.12
    blush: str = "#e8705c"
    blush_a: float = 0.3
    side: float = 0.85  # half width at the eye line (glasses temples)


def leaf(b: SceneBuilder, m: int, base: Vector, tip: Vector, r: float) -> None:
    """A leaf: flattened tapered tube."""
    low, high = np.array(base), np.array(tip)
    mid = (low + high) / 2 + np.array([0, 0.06, 0.02])
    b.tube(
        [
            [*low, r * 0.25],
            [*(low * 0.7 + mid * 0.3), r * 0.7],
            [*mid, r],
            [*(mid * 0.4 + high * 0.6), r * 0.6],
            [*high, 0.01],
        ],
        m,
        flat=2.6,
    )
