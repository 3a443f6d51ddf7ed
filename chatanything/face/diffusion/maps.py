"""Landmarks as pictures: what the network is asked to draw, where.

The map has six shapes, drawn at half the portrait's size and folded 8x8 into channels, so that a lip that
moves by one pixel still changes what the network sees on its grid of sixteen-pixel cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from chatanything.face import contours
from chatanything.types import Float32

_COUNTS: Final[Mapping[str, int]] = {
    "lip_out_up": 11, "lip_out_lo": 11, "lip_in_up": 11, "lip_in_lo": 11, "eye_r": 16, "eye_l": 16,
    "iris_r": 5, "iris_l": 5, "brow_r": 7, "brow_l": 7, "nose_tip": 1, "nose_base": 1,
}  # fmt: skip
"""Name of a contour -> points, in the order in which they are stored."""
POINTS: Final = sum(_COUNTS.values())
CELL: Final = 16
"""Pixels of the portrait a cell of the network's grid."""
_FOLD: Final = 8
SHAPES: Final = 6
CHANNELS: Final = SHAPES * _FOLD**2
_SHIFT: Final = 4
"""Fractional bits of OpenCV's coordinates."""
_BROW_RIGHT: Final = ((107, 66, 105, 63, 70), (55, 65, 52, 53, 46))
_BROW_LEFT: Final = ((336, 296, 334, 293, 300), (285, 295, 282, 283, 276))
"""Upper and lower edge from the nose outwards, in MediaPipe's numbering."""
_SEEN: Final[Mapping[str, tuple[int, ...]]] = {
    "lip_out_up": contours.LIPS_OUTER_UPPER, "lip_out_lo": contours.LIPS_OUTER_LOWER,
    "lip_in_up": contours.LIPS_INNER_UPPER, "lip_in_lo": contours.LIPS_INNER_LOWER,
    "eye_r": contours.EYE_RIGHT, "eye_l": contours.EYE_LEFT,
    "iris_r": contours.IRIS_RIGHT, "iris_l": contours.IRIS_LEFT,
    "nose_tip": (4,), "nose_base": (2,),
}  # fmt: skip
_REGIONS: Final[Mapping[str, tuple[tuple[str, ...], tuple[float, float]]]] = {
    "mouth": (("lip_out_up", "lip_out_lo"), (0.2, 0.6)),
    "eyes": (("eye_r", "eye_l"), (0.25, 0.2)),
}
"""Contours of a region, and how far it reaches above and below them, in inter-ocular distances."""
_SIDE: Final = 0.2


def from_drawn(drawn: Mapping[str, npt.NDArray[np.floating]]) -> Float32:
    """The kit's contours in one array.

    Args:
        drawn: The kit's name -> (n, 2) px.

    Returns:
        (POINTS, 2) float32 px.
    """
    return np.concatenate([np.asarray(drawn[name], np.float32)[:, :2] for name in _COUNTS])


def from_landmarks(landmarks: Float32) -> Float32:
    """The same contours of any face with MediaPipe's landmarks.

    Args:
        landmarks: (478, 3) px.

    Returns:
        (POINTS, 2) float32 px.
    """
    points = landmarks[:, :2].astype(np.float32)
    parts = {name: points[list(ids)] for name, ids in _SEEN.items()}
    for name, (upper, lower) in (("brow_r", _BROW_RIGHT), ("brow_l", _BROW_LEFT)):
        middle = (points[list(upper)] + points[list(lower)]) / 2
        at = np.linspace(0, len(middle) - 1, _COUNTS[name])
        parts[name] = np.stack([np.interp(at, np.arange(len(middle)), middle[:, k]) for k in (0, 1)], 1)
    return np.concatenate([parts[name].astype(np.float32) for name in _COUNTS])


def split(points: Float32) -> dict[str, Float32]:
    """Name -> (n, 2) px of an array made by `from_drawn`."""
    edges = np.cumsum(list(_COUNTS.values()))[:-1]
    return dict(zip(_COUNTS, np.split(points, edges), strict=True))


def landmark_map(points: Float32, size: int) -> Float32:
    """Eyes, irises, brows, lips, mouth interior, and the lines of mouth and nose.

    Args:
        points: (POINTS, 2) px in a picture of that size.
        size: Edge of the portrait in pixels, a multiple of 16.

    Returns:
        (CHANNELS, size / 16, size / 16) float32, 0..1.
    """
    edge = size // 2
    # A pixel's centre is at half a pixel in the kit and at zero in OpenCV.
    part = {name: xy / np.float32(2) - np.float32(0.5) for name, xy in split(points).items()}
    canvas = np.zeros((SHAPES, edge, edge), np.uint8)
    width = max(1, edge // 64)
    unit = float(np.linalg.norm(part["iris_r"][0] - part["iris_l"][0]))
    for side in ("r", "l"):
        _fill(canvas[0], part[f"eye_{side}"])
        _disc(canvas[1], part[f"iris_{side}"])
        _line(canvas[2], part[f"brow_{side}"], max(1, round(unit / 14)))
    _fill(canvas[3], np.concatenate([part["lip_out_up"], part["lip_out_lo"][::-1]]))
    _fill(canvas[4], np.concatenate([part["lip_in_up"], part["lip_in_lo"][::-1]]))
    for name in ("lip_in_up", "lip_in_lo"):
        _line(canvas[5], part[name], width)
    _line(canvas[5], np.concatenate([part["nose_tip"], part["nose_base"]]), 2 * width)
    return fold(canvas.astype(np.float32) / np.float32(255))


def fold(shapes: Float32) -> Float32:
    """The shapes as pictures, (6, size / 2, size / 2) -> (CHANNELS, size / 16, size / 16)."""
    cells = shapes.shape[-1] // _FOLD
    folded = shapes.reshape(SHAPES, cells, _FOLD, cells, _FOLD).transpose(0, 2, 4, 1, 3)
    return np.ascontiguousarray(folded.reshape(CHANNELS, cells, cells), np.float32)


def unfold(map_: Float32) -> Float32:
    """The inverse of `fold`: the six shapes as pictures."""
    cells = map_.shape[-1]
    opened = map_.reshape(SHAPES, _FOLD, _FOLD, cells, cells).transpose(0, 3, 1, 4, 2)
    return opened.reshape(SHAPES, cells * _FOLD, cells * _FOLD)


def _fixed(xy: Float32) -> npt.NDArray[np.int32]:
    return np.round(xy * (1 << _SHIFT)).astype(np.int32)


def _fill(canvas: npt.NDArray[np.uint8], xy: Float32) -> None:
    cv2.fillPoly(canvas, [_fixed(xy)], 255, cv2.LINE_AA, _SHIFT)


def _line(canvas: npt.NDArray[np.uint8], xy: Float32, width: int) -> None:
    cv2.polylines(canvas, [_fixed(xy)], False, 255, width, cv2.LINE_AA, _SHIFT)


def _disc(canvas: npt.NDArray[np.uint8], xy: Float32) -> None:
    radius = float(np.linalg.norm(xy[1:] - xy[:1], axis=1).mean())
    x, y = (int(value) for value in _fixed(xy[0]))
    cv2.circle(canvas, (x, y), round(radius * (1 << _SHIFT)), 255, -1, cv2.LINE_AA, _SHIFT)


def region_cells(points: Float32, size: int, region: str) -> Float32:
    """The cells that another mouth, or other eyes, can change.

    Args:
        points: (POINTS, 2) px.
        size: Edge of the portrait in pixels.
        region: "mouth" or "eyes".

    Returns:
        (size / 16, size / 16) float32, 1 inside.
    """
    part = split(points)
    unit = float(np.linalg.norm(part["iris_r"][0] - part["iris_l"][0]))
    names, (up, down) = _REGIONS[region]
    inside = np.concatenate([part[name] for name in names])
    (x0, y0), (x1, y1) = inside.min(axis=0), inside.max(axis=0)
    cells = np.zeros((size // CELL, size // CELL), np.float32)
    rows = slice(_cell(y0 - up * unit, size), _cell(y1 + down * unit, size) + 1)
    cells[rows, _cell(x0 - _SIDE * unit, size) : _cell(x1 + _SIDE * unit, size) + 1] = 1.0
    return cells


def _cell(position: float, size: int) -> int:
    return int(np.clip(position // CELL, 0, size // CELL - 1))
