"""The head as one layer over what stays still."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.lipsync.topology import CHIN
from chatanything.measures import inter_ocular
from chatanything.types import Bool, Float32, Portrait, UInt8

_FEATHER: Final = 2.0
"""Pixels at 256."""
_RIM: Final = 2
"""Pixels at 256 around the head whose colour is already mixed with it."""
_CARRIED: Final = 5
"""Pixels at 256 of its own surroundings that the head takes along, so that it rests without a seam."""
_RELAXATIONS: Final = 24
"""Sweeps a scale; the scales above have already brought the far rims together."""
_NECK: Final = 0.75
"""Inter-ocular distances below the chin over which the movement dies down."""
_DEPTH: Final = 0.9
"""Depth of a head's front over its half width."""


class HeadLayer:
    """Moves the finished face with hair and hat, over a background filled in behind it.

    Args:
        portrait: Its "head" mask separates the layers; without one the whole picture bends smoothly.
        jaw: (n, 2) px outline of the face with a wide mouth, which reaches below the mask's chin.
    """

    def __init__(self, portrait: Portrait, jaw: Float32 | None = None) -> None:
        size = portrait.image.shape[0]
        points = portrait.landmarks
        self._size, self._unit = size, inter_ocular(points)
        ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
        self._xs, self._ys = xs, ys
        face = points[:, :2]
        self._center = np.array([face[:, 0].mean(), points[[33, 263], 1].mean()], np.float32)
        chin = float(points[CHIN, 1])
        self._pivot = np.array([self._center[0], chin + _NECK * self._unit], np.float32)
        head = portrait.masks.get("head")
        radius = self._radius(head, points)
        squared = ((xs - self._center[0]) / radius[0]) ** 2 + ((ys - self._center[1]) / radius[1]) ** 2
        # A dome that runs out gently: a sphere's steep rim would fold hats and ears.
        self._depth = (_DEPTH * radius[0] * np.exp(-0.9 * squared)).astype(np.float32)
        still = np.clip((self._pivot[1] - ys) / (_NECK * self._unit), 0, 1)
        self._weight = still * still * (3 - 2 * still)
        if head is None:
            edge = np.minimum(np.minimum(xs, size - 1 - xs), np.minimum(ys, size - 1 - ys)) / (0.22 * size)
            fade = np.clip(edge, 0, 1)
            self._weight = self._weight * fade * fade * (3 - 2 * fade)
        self._alpha: Float32 | None = None
        if head is not None:
            self._separate(portrait, head, jaw)

    def _separate(self, portrait: Portrait, head: Bool, jaw: Float32 | None) -> None:
        """Cut the head out and fill in what is behind it."""
        import cv2

        scale = self._size / 256
        outline = head.astype(np.uint8)
        if jaw is not None:
            cv2.fillPoly(outline, [np.round(jaw).astype(np.int32)], 1)
        self._alpha = cv2.GaussianBlur(
            _grown(outline, _CARRIED * scale).astype(np.float32), (0, 0), _FEATHER * scale
        )
        wider = _grown(head.astype(np.uint8), _RIM * scale)
        background = portrait.masks.get("background")
        hole = wider if background is None else head | (wider & background)
        # The body must not bleed into the sky behind the head.
        unknown = hole if background is None else hole | ~background
        self._behind = fill_hole(portrait.image, unknown)
        # Into the sky the filling runs out softly, since a hard rim would stay behind as an outline.
        around = _grown(hole.astype(np.uint8), _CARRIED * scale)
        soft = cv2.GaussianBlur(around.astype(np.float32), (0, 0), _FEATHER * scale)
        sky = hole if background is None else hole | background
        edge = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 0.25 * _FEATHER * scale)
        self._hole = np.where(sky, np.maximum(soft, edge), edge)[..., None]

    def _radius(self, head: Bool | None, points: Float32) -> tuple[float, float]:
        if head is None:
            return 1.25 * self._unit, 1.6 * self._unit
        columns = np.flatnonzero(head[int(self._center[1])])
        half = float(np.ptp(columns)) / 2 if columns.size else 1.2 * self._unit
        top = float(self._center[1]) - float(np.flatnonzero(head.any(axis=1)).min())
        return max(half, self._unit), max(top, float(points[CHIN, 1]) - float(self._center[1])) * 1.1

    def move(self, image: UInt8, head: Float32) -> UInt8:
        """The picture with the head turned.

        Args:
            image: (H, W, 3) uint8 RGB, the face already animated.
            head: (6,) pitch, yaw, roll in radians; x, y, z in inter-ocular distances.
        """
        import cv2

        pitch, yaw, roll, x, y, z = (float(value) for value in head)
        dx, dy = self._xs - self._pivot[0], self._ys - self._pivot[1]
        shift_x = -roll * dy + yaw * self._depth + (x * self._unit) + z * dx
        shift_y = roll * dx + pitch * self._depth + (y * self._unit) + z * dy
        map_x = (self._xs - self._weight * shift_x).astype(np.float32)
        map_y = (self._ys - self._weight * shift_y).astype(np.float32)
        moved = cv2.remap(image, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        if self._alpha is None:
            return np.asarray(moved, np.uint8)
        alpha = cv2.remap(self._alpha, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        # What belongs to the body keeps its own pixels; only where the head was is filled in.
        behind = image + (self._behind - image) * self._hole
        mixed = behind + (moved - behind) * alpha[..., None]
        return np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)


def _grown(mask: UInt8, pixels: float) -> Bool:
    """A mask widened by so many pixels."""
    import cv2

    edge = 2 * round(pixels) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
    return np.asarray(cv2.dilate(mask, kernel) > 0, np.bool_)


def fill_hole(image: UInt8, hole: Bool) -> Float32:
    """Replace a hole by a membrane stretched over its rim, (H, W, 3) float32.

    Laplace's equation, relaxed from coarse to fine (Perez et al. 2003, section 2, without guidance), since
    anything that falls to a mean right behind the rim leaves an outline in the picture.
    """
    import cv2

    levels = [(image.astype(np.float32) * ~hole[..., None], (~hole).astype(np.float32))]
    while min(levels[-1][1].shape) > 2:
        color, weight = levels[-1]
        shape = (max(1, weight.shape[1] // 2), max(1, weight.shape[0] // 2))
        levels.append(
            (
                cv2.resize(color, shape, interpolation=cv2.INTER_AREA),
                cv2.resize(weight, shape, interpolation=cv2.INTER_AREA),
            )
        )
    color, weight = levels[-1]
    filled = np.full_like(color, color.sum() / max(3 * float(weight.sum()), 1e-6))
    for color, weight in reversed(levels):
        filled = cv2.resize(filled, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        known = weight[..., None] > 0
        given = color / np.maximum(weight, 1e-6)[..., None]
        for _ in range(_RELAXATIONS):
            filled = np.where(known, given, cv2.blur(filled, (3, 3)))
    return np.asarray(filled, np.float32)
