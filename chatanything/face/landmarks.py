"""Face landmarks by MediaPipe's FaceLandmarker: 478 points and 52 blendshapes a face."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Any, Final

import numpy as np

from chatanything.types import Float32, UInt8
from chatanything.weights import ensure

CONFIDENCE: Final = 0.5
"""Lower values find faces in wrong places (a smiley is found upside down at 0.2)."""
MAX_FACES: Final = 4


@dataclass(frozen=True, slots=True)
class FoundFace:
    """One face as the detector sees it."""

    landmarks: Float32
    """(478, 3) float32; x, y in pixels, z in the same scale with the head's centre near 0."""
    blendshapes: Float32
    """(52,) float32 in 0..1."""


class _Quiet:
    """Keeps the C++ side's notes off the terminal while at least one thread is inside.

    The descriptor belongs to the whole process, so the first one in moves it and the last one out puts it
    back: threads that each did both could put back what another one had moved.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._saved: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._saved = _silenced()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._saved is not None:
                os.dup2(self._saved, 2)
                os.close(self._saved)
                self._saved = None


def _silenced() -> int | None:
    """Standard error put aside; None where there is none to be silenced."""
    if sys.__stderr__ is None:  # closed at the start: the number may be that of any file by now
        return None
    try:
        saved = os.dup(2)
    except OSError:
        return None
    try:
        with open(os.devnull, "w") as sink:  # noqa: PTH123 - a descriptor is needed, not a path
            os.dup2(sink.fileno(), 2)
    except OSError:
        os.close(saved)
        return None
    return saved


_QUIET: Final = _Quiet()


class FaceDetector:
    """FaceLandmarker in IMAGE mode, for stills and for judging; not shared between threads.

    Use it as a context manager, or call `close`.
    """

    def __init__(self) -> None:
        model = ensure("face-landmarker")["face_landmarker.task"]  # may have something to say
        with _QUIET:
            from mediapipe.tasks.python import BaseOptions, vision

            options = vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(model)),
                output_face_blendshapes=True,
                num_faces=MAX_FACES,
                min_face_detection_confidence=CONFIDENCE,
            )
            self._landmarker: Any = vision.FaceLandmarker.create_from_options(options)
            self.detect(np.zeros((64, 64, 3), np.uint8))  # the first call prints notes too

    def detect(self, image: UInt8) -> list[FoundFace]:
        """All faces of a picture.

        Args:
            image: (H, W, 3) uint8 RGB.
        """
        import mediapipe as mp

        height, width = image.shape[:2]
        frame = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        found = self._landmarker.detect(frame)
        scale = np.array([width, height, width], np.float32)
        return [
            FoundFace(
                np.array([(p.x, p.y, p.z) for p in points], np.float32) * scale,
                np.array([shape.score for shape in shapes], np.float32),
            )
            for points, shapes in zip(found.face_landmarks, found.face_blendshapes, strict=True)
        ]

    def close(self) -> None:
        """Free the model."""
        with _QUIET:
            self._landmarker.close()

    def __enter__(self) -> FaceDetector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
