"""Landmarks as the coloured drawing that MediaPipe-face ControlNets were trained on.

Conventions of CrucibleAI/ControlNetMediaPipeFace: black ground, lines of two pixels at 512, a colour for each
part. Its outline of the head comes from detected faces; here it is an ellipse around eyes and mouth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from chatanything.face.diffusion.maps import split
from chatanything.types import Float32, UInt8

COLORS: Final[Mapping[str, tuple[int, int, int]]] = {
    "iris_r": (250, 200, 10), "eye_r": (180, 200, 10), "brow_r": (180, 220, 10),
    "iris_l": (10, 200, 250), "eye_l": (10, 200, 180), "brow_l": (10, 220, 180),
    "mouth": (10, 180, 10), "head": (10, 200, 10),
}  # fmt: skip
"""Part -> RGB; r is the subject's right."""
_LINE: Final = 2
_TRAINED: Final = 512
"""Edge of the pictures for which the lines are two pixels wide."""
_HEAD: Final = (1.29, 1.28)
"""Half axes of the head's outline, in distances of the irises: medians of MediaPipe over 15 characters."""
_BELOW: Final = 0.40
"""How far its middle is below the eyes, in the same unit."""


def face_drawing(points: Float32, edge: int, *, of: int) -> UInt8:
    """The drawing for a ControlNet.

    Args:
        points: (maps.POINTS, 2) px in a picture of `of` pixels.
        edge: Edge of the drawing in pixels.
        of: Edge of the picture that the points are in.

    Returns:
        (edge, edge, 3) uint8 RGB.
    """
    part = {name: xy * np.float32(edge / of) for name, xy in split(points).items()}
    canvas = np.zeros((edge, edge, 3), np.uint8)
    width = max(1, round(_LINE * edge / _TRAINED))
    right, left = part["iris_r"][0], part["iris_l"][0]
    unit, middle = float(np.linalg.norm(left - right)), (left + right) / 2
    tilt = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    axes = round(_HEAD[0] * unit), round(_HEAD[1] * unit)
    centre = round(float(middle[0])), round(float(middle[1] + _BELOW * unit))
    cv2.ellipse(canvas, centre, axes, tilt, 0, 360, COLORS["head"], width)
    for side in ("r", "l"):
        _outline(canvas, part[f"eye_{side}"], COLORS[f"eye_{side}"], width, closed=True)
        _outline(canvas, part[f"brow_{side}"], COLORS[f"brow_{side}"], width, closed=False)
    for inner in ("out", "in"):
        lips = np.concatenate([part[f"lip_{inner}_up"], part[f"lip_{inner}_lo"][::-1]])
        _outline(canvas, lips, COLORS["mouth"], width, closed=True)
    for side in ("r", "l"):
        x, y = (round(float(value)) for value in part[f"iris_{side}"][0])
        cv2.rectangle(canvas, (x - width, y - width), (x + width, y + width), COLORS[f"iris_{side}"], -1)
    return canvas


def _outline(
    canvas: UInt8, xy: npt.NDArray[np.floating], color: tuple[int, int, int], width: int, *, closed: bool
) -> None:
    cv2.polylines(canvas, [np.round(xy).astype(np.int32)], closed, color, width)
