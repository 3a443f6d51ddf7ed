"""Is there one face that the animator can drive?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.face.contours import LIPS_OUTER_LOWER, LIPS_OUTER_UPPER, face_box
from chatanything.face.landmarks import FoundFace
from chatanything.measures import inter_ocular, opening
from chatanything.types import Float32

MIN_EYES: Final = 0.12
"""Inter-ocular distance over the picture's edge; below it the mouth has too few pixels."""
MAX_OPENING: Final = 0.08
MAX_TURN: Final = 0.22
"""How far the nose may leave the middle of the eyes, in inter-ocular distances: about 25 degrees."""
_NOSE: Final = 1
_CHIN: Final = 152
_BEYOND: Final = 0.15
"""Of the face's size that its outline may lie beyond the picture: photos often cut a forehead."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a check."""

    reasons: tuple[str, ...]
    """What is wrong, one phrase each; empty when the face can be driven."""

    @property
    def ok(self) -> bool:
        """Whether the face can be driven."""
        return not self.reasons


def check_faces(faces: Sequence[FoundFace], width: int, height: int) -> Verdict:
    """One face, big enough, frontal enough, whole, with a closed mouth.

    Args:
        faces: What the detector found.
        width: Of the picture in pixels.
        height: Of the picture in pixels.
    """
    if not faces:
        return Verdict(("no face was found",))
    if len(faces) > 1:
        return Verdict((f"{len(faces)} faces were found, one is needed",))
    return check_landmarks(faces[0].landmarks, width, height)


def check_landmarks(landmarks: Float32, width: int, height: int) -> Verdict:
    """As `check_faces`, for one face's (478, 3) landmarks in pixels."""
    reasons = []
    eyes = inter_ocular(landmarks)
    if eyes < MIN_EYES * min(width, height):
        reasons.append("the face is too small")
    middle = (landmarks[33, :2] + landmarks[263, :2]) / 2
    across = (landmarks[263, :2] - landmarks[33, :2]) / max(eyes, 1e-6)
    if abs(float(np.dot(landmarks[_NOSE, :2] - middle, across))) > MAX_TURN * eyes:
        reasons.append("the head is turned away")
    if abs(float(across[1])) > np.sin(np.radians(25)):
        reasons.append("the head is tilted too much")
    x0, y0, x1, y1 = face_box(landmarks)
    if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
        reasons.append("the face is cut off")
    if opening(landmarks) > MAX_OPENING:
        reasons.append("the mouth is open")
    return Verdict(tuple(reasons))


def is_cut_off(landmarks: Float32, width: int, height: int) -> bool:
    """Whether a picture ends within the face; lips and chin, which move, must be inside entirely.

    Args:
        landmarks: (478, 3) px in the picture as it came; the detector guesses what is beyond its border.
        width: Of that picture in pixels.
        height: Of that picture in pixels.
    """
    x0, y0, x1, y1 = face_box(landmarks)
    beyond = _BEYOND * max(x1 - x0, y1 - y0)
    if min(x0, y0) < -beyond or x1 > width + beyond or y1 > height + beyond:
        return True
    moving = landmarks[[*LIPS_OUTER_UPPER, *LIPS_OUTER_LOWER, _CHIN], :2]
    return bool((moving < 0).any() or (moving > (width, height)).any())
