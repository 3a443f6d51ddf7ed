"""Pictures from outside, and what makes a face unusable."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.errors import ConsentError, FaceError
from chatanything.face.check import check_faces, check_landmarks
from chatanything.face.generate import DrawnFace
from chatanything.face.landmarks import FaceDetector, FoundFace
from chatanything.face.photo import portrait_from_photo, portrait_of_crop
from chatanything.types import Float32, UInt8

pytestmark = pytest.mark.weights
CONSENT = "I drew this and agree"


def test_a_blank_picture_has_no_face() -> None:
    with pytest.raises(FaceError, match="no face"):
        portrait_from_photo(np.full((200, 300, 3), 127, np.uint8), consent=CONSENT, size=128)


def test_two_faces_are_refused(photo: UInt8) -> None:
    pair = np.concatenate([photo, photo[:, ::-1]], axis=1)
    with pytest.raises(FaceError, match="several faces"):
        portrait_from_photo(pair, consent=CONSENT, size=128)


@pytest.mark.parametrize("consent", ["", "  \n"])
def test_no_consent(photo: UInt8, consent: str) -> None:
    with pytest.raises(ConsentError, match="consent"):
        portrait_from_photo(photo, consent=consent, size=128)


def test_a_good_picture_is_cropped_around_its_face(photo: UInt8) -> None:
    wide = np.pad(photo, ((40, 60), (300, 20), (0, 0)), mode="edge")
    portrait = portrait_from_photo(wide, consent=CONSENT, size=160)
    assert portrait.image.shape == (160, 160, 3)
    assert portrait.landmarks.shape == (478, 3)
    assert (portrait.expert, portrait.masks) == ("photo", {})
    x0, y0, x1, y1 = portrait.face_box
    assert 0.4 < (y1 - y0) / 160 < 0.62
    assert 0.4 < (x0 + x1) / 320 < 0.6
    assert check_landmarks(portrait.landmarks, 160, 160).ok


@pytest.mark.parametrize("side", ["below", "left", "right", "above"])
@pytest.mark.parametrize("scale", [1, 4])
def test_a_face_at_the_border_must_be_whole(photo: UInt8, side: str, scale: int) -> None:
    """The crop fills what is missing with the border's colours, so only the picture itself can tell."""
    with FaceDetector() as detector:
        (face,) = detector.detect(photo)
    low, high = face.landmarks[:, :2].min(axis=0), face.landmarks[:, :2].max(axis=0)
    (x0, y0), (x1, y1) = low, high
    keep = {
        "below": (slice(None), slice(0, int(face.landmarks[17, 1] + 0.3 * (y1 - face.landmarks[17, 1])))),
        "left": (slice(int(x0 + 0.25 * (x1 - x0)), None), slice(None)),
        "right": (slice(0, int(x1 - 0.25 * (x1 - x0))), slice(None)),
        "above": (slice(None), slice(int(y0 + 0.25 * (y1 - y0)), None)),
    }
    across, down = keep[side]
    cut = photo[down, across].repeat(scale, axis=0).repeat(scale, axis=1)
    with pytest.raises(FaceError, match="cut off"):
        portrait_from_photo(cut, consent=CONSENT, size=160)


def test_a_tight_picture_is_whole(photo: UInt8) -> None:
    with FaceDetector() as detector:
        (face,) = detector.detect(photo)
    (x0, y0), (x1, y1) = face.landmarks[:, :2].min(axis=0), face.landmarks[:, :2].max(axis=0)
    tight = photo[max(0, int(y0) - 3) : int(y1) + 4, max(0, int(x0) - 3) : int(x1) + 4]
    assert portrait_from_photo(tight, consent=CONSENT, size=160).expert == "photo"


def test_what_was_cropped_once_is_not_cropped_again(photo: UInt8) -> None:
    portrait = portrait_from_photo(photo, consent=CONSENT, size=160)
    again = portrait_of_crop(portrait.image)
    assert again.image.tobytes() == portrait.image.tobytes()
    assert np.array_equal(again.landmarks, portrait.landmarks)


def test_an_open_mouth_is_refused(keeper: DrawnFace) -> None:
    wide = next(reference for reference in keeper.references.lips if reference.name == "aa")
    with pytest.raises(FaceError, match="mouth is open"):
        portrait_from_photo(wide.image, consent=CONSENT, size=192)


def test_detector_agrees_with_the_drawing(keeper: DrawnFace) -> None:
    with FaceDetector() as detector:
        (face,) = detector.detect(keeper.portrait.image)
    assert face.landmarks.shape == (478, 3)
    assert face.blendshapes.shape == (52,)
    assert 0 <= face.blendshapes.min() <= face.blendshapes.max() <= 1
    gap = np.linalg.norm(face.landmarks[:, :2] - keeper.portrait.landmarks[:, :2], axis=1)
    assert np.median(gap) < 0.04 * 192


def _changed(landmarks: Float32, kind: str) -> Float32:
    points = landmarks.copy()
    center = points[:, :2].mean(axis=0)
    if kind == "small":
        points[:, :2] = center + 0.2 * (points[:, :2] - center)
    elif kind == "turned":
        points[1, 0] += 0.5 * np.linalg.norm(points[33, :2] - points[263, :2])
    elif kind == "tilted":
        a = np.radians(40)
        turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
        points[:, :2] = center + (points[:, :2] - center) @ turn.T
    elif kind == "cut":
        points[:, 0] -= points[:, 0].min() + 5
    elif kind == "open":
        points[14, 1] += 0.2 * np.linalg.norm(points[33, :2] - points[263, :2])
    return points.astype(np.float32)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("small", "too small"),
        ("turned", "turned away"),
        ("tilted", "tilted"),
        ("cut", "cut off"),
        ("open", "mouth is open"),
    ],
)
def test_reasons(keeper: DrawnFace, kind: str, reason: str) -> None:
    verdict = check_landmarks(_changed(keeper.portrait.landmarks, kind), 192, 192)
    assert not verdict.ok
    assert len(verdict.reasons) == 1
    assert reason in verdict.reasons[0]


def test_number_of_faces(keeper: DrawnFace) -> None:
    face = FoundFace(keeper.portrait.landmarks, np.zeros(52, np.float32))
    assert check_faces([face], 192, 192).ok
    assert check_faces([], 192, 192).reasons == ("no face was found",)
    assert check_faces([face, face], 192, 192).reasons == ("2 faces were found, one is needed",)


def test_a_huge_picture_is_found_at_its_own_scale(photo: UInt8) -> None:
    """Faces are searched in a smaller copy; the crop comes from the full picture."""
    huge = photo.repeat(5, axis=0).repeat(5, axis=1)
    small, large = (portrait_from_photo(image, consent=CONSENT, size=160) for image in (photo, huge))
    assert np.abs(small.landmarks[:, :2] - large.landmarks[:, :2]).mean() < 3
