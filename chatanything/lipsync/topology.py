"""The mesh: MediaPipe's points by name, a frame around them, triangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.types import Float32

OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
INNER_LIPS: Final = (
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
)  # fmt: skip
OUTER_LIPS: Final = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
)  # fmt: skip
EYES: Final = (
    (133, 173, 157, 158, 159, 160, 161, 246, 33, 7, 163, 144, 145, 153, 154, 155),
    (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382),
)
"""Upper lid from the inner corner, then the lower lid back; the subject's right eye first."""
BROWS: Final = (
    (107, 66, 105, 63, 70, 46, 53, 52, 65, 55),
    (336, 296, 334, 293, 300, 276, 283, 282, 295, 285),
)
CHIN: Final = 152
_POINTS: Final = 468
"""Without the irises, which lie inside the eyes."""
_RING: Final = 1.45
_CLEARANCE: Final = 0.16
"""Inter-ocular distances around lips and lids without other points."""
_APART: Final = 0.6
"""Pixels; closer points would give slivers."""

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles over landmarks and a fixed frame."""

    triangles: Int32
    """(n, 3) indices into `vertices(...)`."""
    frame: Float32
    """(k, 2) px: points that never move, behind the 478."""

    def vertices(self, landmarks: Float32) -> Float32:
        """(478 + k, 2) float32 px."""
        return np.concatenate([landmarks[:, :2], self.frame]).astype(np.float32)


def build_mesh(neutral: Float32, opened: Float32, size: int) -> Mesh:
    """Triangulate once per persona.

    Args:
        neutral: (478, 3) px of the portrait; the fixed frame goes around its oval.
        opened: (478, 3) px of the same face with a wide mouth, so that the mouth has triangles.
        size: Edge of the picture in pixels.
    """
    import cv2

    oval = neutral[list(OVAL), :2]
    center = oval.mean(axis=0)
    ring = np.clip(center + _RING * (oval - center), 1, size - 2)
    side = np.linspace(0, size - 1, 5)
    border = np.array([(x, y) for x in side for y in side if {x, y} & {0.0, float(size - 1)}])
    frame = np.concatenate([ring, border]).astype(np.float32)
    points = np.concatenate([opened[:, :2], frame]).astype(np.float32)
    chosen = _distinct(points)
    subdivision = cv2.Subdiv2D((-size, -size, 3 * size, 3 * size))
    index: dict[tuple[float, float], int] = {}
    for vertex in chosen:
        key = (float(points[vertex, 0]), float(points[vertex, 1]))
        if key not in index:
            index[key] = int(vertex)
            subdivision.insert(key)
    rows = []
    for triangle in subdivision.getTriangleList():
        corners = [index.get((float(triangle[k]), float(triangle[k + 1]))) for k in (0, 2, 4)]
        if None not in corners:
            rows.append(corners)
    return Mesh(np.array(rows, np.int32), frame)


def _distinct(points: Float32) -> list[int]:
    """Contours first, then every other point that is clear of them and of those already taken.

    Points beside a contour come from a detector that places drawn lips and lids a few pixels off; mixed with
    exact contours they would fold triangles over.
    """
    contours = list(dict.fromkeys((*INNER_LIPS, *OUTER_LIPS, *EYES[0], *EYES[1])))
    clear = _CLEARANCE * float(np.linalg.norm(points[33] - points[263]))
    rest = [i for i in range(_POINTS) if i not in set(contours) | set(OVAL)]
    gap = np.linalg.norm(points[rest, None] - points[None, contours], axis=-1).min(axis=1)
    free = [i for i, distance in zip(rest, gap, strict=True) if distance > clear]
    taken: list[int] = []
    for i in (*contours, *OVAL, *free, *range(478, len(points))):
        if not taken or np.abs(points[taken] - points[i]).sum(axis=1).min() > _APART:
            taken.append(i)
    return taken
