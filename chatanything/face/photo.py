"""The user's own picture as a portrait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from chatanything.errors import ConsentError, FaceError
from chatanything.face.check import check_faces, is_cut_off
from chatanything.face.contours import face_box
from chatanything.face.landmarks import FaceDetector
from chatanything.types import Portrait, UInt8

FACE_SHARE: Final = 0.52
"""Height of the face over the edge of the cropped picture."""
_DETECT_EDGE: Final = 1024


def portrait_from_photo(image: UInt8, *, consent: str, size: int) -> Portrait:
    """Crop a picture around its face and check that it can be driven.

    A real person cannot be told from a drawing with certainty, so every outside picture needs a statement
    of the right to animate it.

    Args:
        image: (H, W, 3) uint8 RGB.
        consent: The statement, in the user's words.
        size: Edge of the portrait in pixels.

    Raises:
        FaceError: No face, several, too small, turned away, cut off or with an open mouth.
        ConsentError: The statement is empty.
    """
    height, width = image.shape[:2]
    with FaceDetector() as detector:
        faces = detector.detect(_shrink(image))
        if not faces:
            raise FaceError("no face was found in the picture", hint="Use a clear, frontal portrait.")
        if len(faces) > 1:
            raise FaceError(
                "there are several faces in the picture",
                expected="one",
                got=str(len(faces)),
                hint="Crop it to one person.",
            )
        if not consent.strip():
            raise ConsentError(
                "a picture of somebody needs consent",
                hint='State your right to animate it: --consent "I am this person and I agree"',
            )
        scale = height / _shrink(image).shape[0]
        landmarks = faces[0].landmarks * np.float32(scale)
        # The crop cannot show it: there the missing part is filled with the border's colours.
        if is_cut_off(landmarks, width, height):
            raise _unusable(("the face is cut off",))
    return portrait_of_crop(_crop(image, face_box(landmarks), size))


def portrait_of_crop(crop: UInt8) -> Portrait:
    """A picture that is cropped already, with not a pixel changed.

    Args:
        crop: (S, S, 3) uint8 RGB.

    Raises:
        FaceError: As of `portrait_from_photo`.
    """
    with FaceDetector() as detector:
        found = detector.detect(crop)
    verdict = check_faces(found, crop.shape[1], crop.shape[0])
    if not verdict.ok:
        raise _unusable(verdict.reasons)
    landmarks = found[0].landmarks
    return Portrait(crop, landmarks, face_box(landmarks), {}, "", "photo", 1, 0)


def _unusable(reasons: Sequence[str]) -> FaceError:
    return FaceError(
        "the picture cannot be animated: " + "; ".join(reasons),
        expected="one frontal, whole face with a closed mouth",
    )


def _shrink(image: UInt8) -> UInt8:
    """At most `_DETECT_EDGE` pixels a side: the detector looks at less anyway."""
    import cv2

    edge = max(image.shape[:2])
    if edge <= _DETECT_EDGE:
        return image
    width, height = (max(1, round(n * _DETECT_EDGE / edge)) for n in (image.shape[1], image.shape[0]))
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _crop(image: UInt8, box: tuple[float, float, float, float], size: int) -> UInt8:
    """A square with the face a little below the middle; beyond the border the edge is repeated."""
    import cv2

    x0, y0, x1, y1 = box
    edge = max(y1 - y0, x1 - x0) / FACE_SHARE
    center_x, center_y = (x0 + x1) / 2, (y0 + y1) / 2 - 0.03 * edge
    scale = size / edge
    matrix = np.array(
        [[scale, 0, size / 2 - scale * center_x], [0, scale, size / 2 - scale * center_y]], np.float64
    )
    shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    if scale < 1:  # warpAffine has no area filter: shrink first, or the crop aliases
        step = max(scale, 1e-3)
        small = cv2.resize(image, None, fx=step, fy=step, interpolation=shrinking)
        matrix[:, :2] /= step
        image = np.asarray(small, np.uint8)
    warped = cv2.warpAffine(
        image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)
