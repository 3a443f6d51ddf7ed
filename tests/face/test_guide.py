from __future__ import annotations

import numpy as np

from chatanything.face import guide
from chatanything.face.contours import contour_points
from chatanything.face.kit import render, rig, shapes
from chatanything.face.kit.params import Character
from chatanything.face.landmarks import FaceDetector


def _frame(**expression: float) -> render.Frame:
    scene = shapes.build(Character(expression=expression or {"mouthSmile": 0.3}))
    return render.render(scene, 256, supersample=False)


def test_a_shut_face_in_its_place_is_accepted() -> None:
    frame = _frame()
    with FaceDetector() as detector:
        judged = guide.judge(frame.image, detector.detect(frame.image), contour_points(frame.landmarks))
    assert judged.reasons == ()
    assert judged.error < guide.MAX_ERROR


def test_an_open_mouth_is_refused_and_the_next_try_keeps_more() -> None:
    frame = _frame(**rig.blend_visemes({"aa": 1.0}))
    with FaceDetector() as detector:
        judged = guide.judge(frame.image, detector.detect(frame.image), contour_points(frame.landmarks))
    assert any("mouth" in reason for reason in judged.reasons)
    following = guide.retry(guide.Attempt(), judged)
    assert following.strength < guide.Attempt().strength
    assert following.template == 1
    assert "mouth" in following.reason


def test_a_face_elsewhere_is_refused() -> None:
    frame = _frame()
    asked = {number: point + np.float32(20) for number, point in contour_points(frame.landmarks).items()}
    with FaceDetector() as detector:
        judged = guide.judge(frame.image, detector.detect(frame.image), asked)
    assert judged.reasons == ("the face is not where it was asked to be",)


def test_without_a_face_words_pull_less() -> None:
    grey = np.full((256, 256, 3), 128, np.uint8)
    judged = guide.judge(grey, [], {})
    following = guide.retry(guide.Attempt(), judged)
    assert following.guidance_scale < guide.Attempt().guidance_scale
    assert following.strength < guide.Attempt().strength


def test_best_prefers_few_faults_then_small_errors() -> None:
    grey = np.zeros((4, 4, 3), np.uint8)
    far, near = guide.Judged(grey, None, 0.1, ()), guide.Judged(grey, None, 0.05, ())
    broken = guide.Judged(grey, None, 0.01, ("no face was found",))
    assert guide.best([broken, far, near]) == 2
