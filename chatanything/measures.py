"""Lengths on a face, in the numbering of MediaPipe's 478 landmarks."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.types import Float32

_EYE_CORNERS: Final = (33, 263)
"""Outer corners of both eyes."""
_LIPS: Final = (13, 14)
"""Middle of the upper and of the lower inner lip."""


def inter_ocular(landmarks: Float32) -> float:
    """Distance of the outer eye corners.

    Args:
        landmarks: (478, 2 or 3) px.

    Returns:
        Pixels: the unit for all other lengths on a face.
    """
    return _gap(landmarks, _EYE_CORNERS)


def opening(landmarks: Float32) -> float:
    """Gap between the inner lips over the inter-ocular distance; about 0 for a shut mouth, 0.4 for "ah"."""
    return lip_gap(landmarks) / inter_ocular(landmarks)


def lip_gap(landmarks: Float32) -> float:
    """Gap between the inner lips in pixels."""
    return _gap(landmarks, _LIPS)


def _gap(landmarks: Float32, pair: tuple[int, int]) -> float:
    return float(np.linalg.norm(landmarks[pair[0], :2] - landmarks[pair[1], :2]))
