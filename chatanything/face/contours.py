"""The kit's exact contours in MediaPipe's numbering, and what the points around them do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.measures import inter_ocular
from chatanything.types import Float32

LIPS_INNER_UPPER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LIPS_INNER_LOWER: Final = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
LIPS_OUTER_UPPER: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LIPS_OUTER_LOWER: Final = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
"""Each from the viewer's left to right, corners included."""
EYE_RIGHT: Final = (133, 173, 157, 158, 159, 160, 161, 246, 33, 7, 163, 144, 145, 153, 154, 155)
EYE_LEFT: Final = (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382)
"""Upper lid from the inner corner, then lower lid back; right is the subject's right."""
IRIS_RIGHT: Final = (468, 469, 470, 471, 472)
IRIS_LEFT: Final = (473, 474, 475, 476, 477)
_NAMES: Final[Mapping[str, tuple[int, ...]]] = {
    "lip_in_up": LIPS_INNER_UPPER,
    "lip_in_lo": LIPS_INNER_LOWER,
    "lip_out_up": LIPS_OUTER_UPPER,
    "lip_out_lo": LIPS_OUTER_LOWER,
    "eye_r": EYE_RIGHT,
    "eye_l": EYE_LEFT,
    "iris_r": IRIS_RIGHT,
    "iris_l": IRIS_LEFT,
}
_FIXED: Final = (
    107, 66, 105, 63, 70, 46, 53, 52, 65, 55, 336, 296, 334, 293, 300, 276, 283, 282, 295, 285,
    168, 6, 197, 195, 5, 4, 1, 19, 2, 98, 327, 64, 294, 10, 338, 109, 297, 67,
)  # fmt: skip
"""Brows, nose and forehead: no mouth shape and no blink moves them."""
_REACH: Final = 0.55
"""How far a contour's correction reaches, in inter-ocular distances."""


def exact(found: Float32, drawn: Mapping[str, npt.NDArray[np.floating]], *, posed: bool = False) -> Float32:
    """Detected landmarks with the drawn contours put in, their surroundings moved along smoothly.

    Args:
        found: (478, 3) float32 px, from the detector or from another expression of the same face.
        drawn: The kit's name -> (n, 2) px.
        posed: `found` is the neutral face of the same picture: brows, nose and forehead stay.

    Returns:
        (478, 3) float32 px.
    """
    points = found.copy()
    index = np.concatenate([np.array(ids) for ids in _NAMES.values()])
    target = np.concatenate([np.asarray(drawn[name], np.float32) for name in _NAMES])
    if posed:
        fixed = np.array(_FIXED)
        index, target = np.concatenate([index, fixed]), np.concatenate([target, found[fixed, :2]])
    shift = target - found[index, :2]
    reach = _REACH * inter_ocular(found)
    rest = np.setdiff1d(np.arange(len(found)), index)
    gap = np.linalg.norm(found[rest, None, :2] - found[None, index, :2], axis=-1)
    weight = np.exp(-((gap / (0.35 * reach)) ** 2)) + 1e-9
    nearest = np.clip(1.0 - gap.min(axis=1) / reach, 0.0, 1.0)[:, None]
    points[rest, :2] += nearest * (weight @ shift) / weight.sum(axis=1, keepdims=True)
    points[index, :2] = target
    return points.astype(np.float32)


def contour_points(drawn: Mapping[str, npt.NDArray[np.floating]]) -> dict[int, Float32]:
    """The kit's contours by landmark number, (2,) px each.

    Args:
        drawn: The kit's name -> (n, 2) px.
    """
    return {
        number: np.asarray(point, np.float32)
        for name, ids in _NAMES.items()
        for number, point in zip(ids, drawn[name], strict=True)
    }


def face_box(landmarks: Float32) -> tuple[float, float, float, float]:
    """x0, y0, x1, y1 of all points in pixels."""
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
