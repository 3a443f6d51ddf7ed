"""Where a clip's face is in every picture, and how its head stands there.

The head's pose is an affine camera (Hartley and Zisserman 2004, section 6.3): eight numbers that take one
picture's landmarks with their depth to another's pixels. The many points that speech does not move fix it, so
that it is calm, and depth lets the mouth follow a turning head as no flat warp does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.lipsync.topology import BROWS, EYES, OVAL
from chatanything.measures import inter_ocular, opening
from chatanything.types import Float32

_NOSE, _NOSE_BASE = 1, 2
_EYE_CORNERS: Final = (33, 263)
_LANDMARKS: Final = 468
_WINDOW: Final = 7
"""Pictures over which positions are smoothed: a parabola through them has no delay and keeps turns."""
_CUT: Final = 0.5
"""Inter-ocular distances from one picture to the next that no head moves: the film was cut."""
_FRONTAL, _TURNED = 0.34, 0.5
"""How far the nose is off the middle of the eyes, in inter-ocular distances: up to here dubbed, from there on
not."""
_SMALLEST: Final = 20.0
"""Inter-ocular distance in pixels; a mouth below it is a smudge."""
_STILL: Final = 1e-3
"""Ridge on depth, over the spread of the points: flat drawings have none to be fitted."""


@dataclass(frozen=True, slots=True)
class FaceTracks:
    """One face through a clip; T pictures."""

    points: Float32
    """(T, 478, 3) px, smoothed; NaN where there is no usable face."""
    openings: Float32
    """(T,) measured opening of the mouth, unsmoothed; NaN without a face."""
    weights: Float32
    """(T,) how much of the new mouth is shown: 0 without a face or on a head turned away, up to 1."""

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """(T,) whether there is a mouth to be replaced."""
        return self.weights > 0

    @property
    def restless(self) -> Float32:
        """(T,) how much the opening changes from the picture before to the one after."""
        edged = np.pad(self.openings, 1, mode="edge")
        return np.asarray(np.nan_to_num(np.abs(edged[2:] - edged[:-2])), np.float32)

    def turn(self, index: int) -> float:
        """How far the head is turned to a side, in inter-ocular distances of the nose."""
        return _turn(self.points[index])


def track_faces(found: Sequence[Float32 | None]) -> FaceTracks:
    """Tracks from what was detected in each picture on its own.

    Args:
        found: (478, 3) px of each picture, or None.
    """
    count = len(found)
    points = np.full((count, 478, 3), np.nan, np.float32)
    openings = np.full(count, np.nan, np.float32)
    weights = np.zeros(count, np.float32)
    for index, one in enumerate(found):
        if one is not None and inter_ocular(one) >= _SMALLEST:
            points[index] = one
            openings[index] = opening(one)
    for first, end in _shots(points):
        points[first:end] = smoothed(points[first:end])
        turns = np.array([_turn(one) for one in points[first:end]], np.float32)
        weights[first:end] = np.clip((_TURNED - turns) / (_TURNED - _FRONTAL), 0, 1)
    return FaceTracks(points, openings, weights)


def smoothed(values: Float32) -> Float32:
    """A parabola through each value's neighbours in time (Savitzky and Golay 1964), (T, ...).

    At the ends the window shrinks.
    """
    count = len(values)
    out = np.empty_like(values)
    for index in range(count):
        reach = min(_WINDOW // 2, index, count - 1 - index)
        times = np.arange(-reach, reach + 1)
        kernel = np.linalg.pinv(np.stack([times**0, times, times**2], axis=1))[0]
        part = values[index - reach : index + reach + 1]
        out[index] = np.tensordot(kernel.astype(np.float32), part, axes=1)
    return out


def rigid_points(landmarks: Float32) -> npt.NDArray[np.int64]:
    """Numbers of the landmarks that speech and glances leave where they are: forehead, nose, around the eyes.

    Args:
        landmarks: (478, 3) px of an upright face.
    """
    moving = {*OVAL, *(i for eye in EYES for i in eye), *(i for brow in BROWS for i in brow)}
    above = landmarks[:_LANDMARKS, 1] <= landmarks[_NOSE_BASE, 1]
    return np.array([i for i in np.flatnonzero(above) if i not in moving], np.int64)


def camera(source: Float32, target: Float32, rigid: npt.NDArray[np.int64]) -> Float32:
    """The affine camera that takes one picture's landmarks to another's pixels.

    Args:
        source: (478, 3) px with depth.
        target: (478, 2 or 3) px.
        rigid: Landmarks that it is fitted to.

    Returns:
        (4, 2): rows for x, y, depth and 1; `see` applies it.
    """
    points = source[rigid].astype(np.float64)
    middle = points.mean(axis=0)
    known = np.column_stack([points - middle, np.ones(len(rigid))])
    spread = float((known[:, :2] ** 2).sum())
    gram = known.T @ known + np.diag([0.0, 0.0, _STILL * spread, 0.0])
    fitted = np.linalg.solve(gram, known.T @ target[rigid, :2].astype(np.float64))
    fitted[3] -= middle @ fitted[:3]
    return fitted.astype(np.float32)


def see(points: Float32, view: Float32) -> Float32:
    """Landmarks through a `camera`, (n, 2) px.

    Args:
        points: (n, 3) px with depth.
        view: (4, 2).
    """
    return np.asarray(points @ view[:3] + view[3], np.float32)


def unsee(seen: Float32, depth: Float32, view: Float32) -> Float32:
    """Back through a `camera`, (n, 2) px.

    Args:
        seen: (n, 2) px.
        depth: (n,) px in the camera's source.
        view: (4, 2).
    """
    flat = seen - view[3] - depth[:, None] * view[2]
    return np.asarray(np.linalg.solve(view[:2].T.astype(np.float64), flat.T).T, np.float32)


def _turn(landmarks: Float32) -> float:
    """How far the nose is off the middle of the eyes along the line through them."""
    first, second = landmarks[_EYE_CORNERS[0], :2], landmarks[_EYE_CORNERS[1], :2]
    across = second - first
    # In profile the eyes come together; the face's height does not.
    unit = max(float(np.linalg.norm(across)), 0.5 * float(np.ptp(landmarks[:_LANDMARKS, 1])))
    along = across / max(float(np.linalg.norm(across)), 1e-6)
    return abs(float(np.dot(landmarks[_NOSE, :2] - (first + second) / 2, along))) / unit


def _shots(points: Float32) -> list[tuple[int, int]]:
    """Runs of pictures with a face in them that moves on without a jump, (first, end)."""
    seen = np.isfinite(points[:, 0, 0])
    shots: list[tuple[int, int]] = []
    start = -1
    for index in range(len(points)):
        if not seen[index]:
            if start >= 0:
                shots.append((start, index))
            start = -1
            continue
        if start < 0:
            start = index
        elif _step(points[index - 1], points[index]) > _CUT:
            shots.append((start, index))
            start = index
    if start >= 0:
        shots.append((start, len(points)))
    return shots


def _step(before: Float32, now: Float32) -> float:
    corners = list(_EYE_CORNERS)
    moved = float(np.linalg.norm((now[corners, :2] - before[corners, :2]).mean(axis=0)))
    return moved / max(inter_ocular(before), 1e-6)
