"""Face detectors that had no part in making the faces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from chatanything.errors import InputFileError
from chatanything.types import UInt8

Judge = Callable[[UInt8], bool]
"""Whether there is a face in an (H, W, 3) uint8 RGB picture."""


def judges(yunet: Path | None) -> Mapping[str, Judge]:
    """The judges that can be had here, by name.

    Args:
        yunet: An ONNX file of YuNet (Wu et al. 2023); without it this judge is left out.

    Raises:
        InputFileError: The file is no such model.
    """
    found: dict[str, Judge] = {}
    if find_spec("dlib") is not None:
        found["hog"] = _hog()
    if yunet is not None:
        found["yunet"] = _yunet(yunet)
    return found


def _hog() -> Judge:
    """Histograms of oriented gradients (Dalal and Triggs 2005) as trained and shipped by dlib."""
    import dlib

    detector = dlib.get_frontal_face_detector()
    # One doubling, as small faces are not what is asked here; threshold 0 is the detector's own.
    return lambda image: len(detector(np.ascontiguousarray(image), 1)) > 0


def _yunet(model: Path) -> Judge:
    import cv2

    try:
        detector = cv2.FaceDetectorYN.create(str(model), "", (320, 320), 0.6)
    except cv2.error as exc:
        raise InputFileError(
            f"{model} cannot be read as a YuNet model", expected="yunet_n_640_640.onnx or alike"
        ) from exc

    def judge(image: UInt8) -> bool:
        detector.setInputSize((image.shape[1], image.shape[0]))
        return detector.detect(np.ascontiguousarray(image[..., ::-1]))[1] is not None

    return judge
