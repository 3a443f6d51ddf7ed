"""Face landmarks by MediaPipe's FaceLandmarker: 478 points and 52 blendshapes a face."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the C++ side's start-up notes off the terminal."""
    saved = os.dup(2)
    with open(os.devnull, "w") as sink:  # noqa: PTH123 - a descriptor is needed, not a path
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)


class FaceDetector:
    """FaceLandmarker in IMAGE mode, for stills and for judging; not shared between threads.

    Use it as a context manager, or call `close`.
    """

    def __init__(self) -> None:
        with _quiet():
            from mediapipe.tasks.python import BaseOptions, vision

            model = ensure("face-landmarker")["face_landmarker.task"]
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
        with _quiet():
            self._landmarker.close()

    def __enter__(self) -> FaceDetector:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
