"""Whether a speaking face is still itself, on films whose faces are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chatanything.evaluation.identity import Likeness, identity_rows, likeness, points_back, still_zone
from chatanything.evaluation.mouth import watch
from chatanything.evaluation.suite import PEOPLE, PERSONAS
from chatanything.face.landmarks import FaceDetector
from chatanything.media.video import write_video
from chatanything.types import Frame

FPS = 25.0
FRAMES = 26


@pytest.fixture(scope="module")
def films(tmp_path_factory, face):
    """The drawn face that opens its mouth and turns, and one whose skin changes colour on the way."""
    folder = tmp_path_factory.mktemp("films")
    still = [face(0.2 * (i % 2)) for i in range(FRAMES)]
    turned = [np.roll(picture, i // 4, axis=1) for i, picture in enumerate(still)]
    tinted = [np.clip(picture * (1 - 0.02 * i), 0, 255).astype(np.uint8) for i, picture in enumerate(turned)]
    found = {}
    with FaceDetector() as detector:
        for name, pictures in (("same", turned), ("changed", tinted)):
            path = folder / f"{name}.mp4"
            frames = [Frame(picture, i) for i, picture in enumerate(pictures)]
            write_video(path, frames, fps=FPS, samples=np.zeros(16_000, np.float32), sample_rate=16_000)
            found[name] = path, watch(path, detector)
    return found


@pytest.fixture
def face_points(films):
    """Landmarks of the first picture."""
    return films["same"][1].landmarks[0]


@pytest.mark.weights
def test_a_turn_of_the_head_is_taken_back_and_another_skin_is_not(films):
    same, changed = (likeness(*films[name], "", None) for name in ("same", "changed"))
    assert same is not None
    assert changed is not None
    assert len(same.psnr) == len(same.ssim) == 2
    assert same.psnr.min() > 28
    assert same.ssim.min() > 0.9
    assert changed.psnr.min() < same.psnr.min() - 6


@pytest.mark.weights
def test_the_embedding_sees_the_pictures_with_their_landmarks(films):
    seen = []

    def mean_colour(image, landmarks):
        assert landmarks.shape == (478, 3)
        seen.append(image.shape)
        return image.mean(axis=(0, 1), dtype=np.float32)

    changed = likeness(*films["changed"], PERSONAS[0], mean_colour)
    assert changed is not None
    assert changed.vectors.shape == (3, 3)
    rows = {row.metric: row for row in identity_rows([changed])}
    expected = np.linalg.norm(changed.vectors[1:] - changed.vectors[0], axis=1)
    assert rows["lipsync.identity.people"].value == pytest.approx(expected.mean())


@pytest.mark.weights
def test_a_film_that_begins_without_a_face_is_left_out(films):
    path, film = films["same"]
    assert likeness(path, replace(film, landmarks=(None, *film.landmarks[1:])), "", None) is None


def test_people_are_compared_with_other_people_only():
    def clip(speaker, at):
        return Likeness(speaker, np.array([[at, 0], [at, 0.1]], np.float32), np.ones(1), np.ones(1))

    people = [one for one in PERSONAS if one in PEOPLE]
    things = [one for one in PERSONAS if one not in PEOPLE]
    clips = [clip(people[0], 0), clip(people[0], 0), clip(people[1], 1), clip(things[0], 5)]
    rows = {row.metric: row for row in identity_rows(clips)}
    own = rows["lipsync.identity.people"]
    assert own.value == pytest.approx(0.1)
    assert own.control["nearest_other"] == own.control["other_characters"] == 1.0
    assert "nearest_other" not in rows["lipsync.identity.others"].control
    assert rows["lipsync.identity.still_psnr"].n == 4


@pytest.mark.weights
def test_mouth_and_eyes_are_not_among_the_still_pixels(face_points):
    zone = still_zone(face_points, 256)
    assert zone.any()
    for point in (13, 14, 159, 386):
        x, y = face_points[point, :2].astype(int)
        assert not zone[y, x]


@pytest.mark.weights
def test_landmarks_go_back_to_where_they_were(face_points):
    turned = face_points.copy()
    angle = 0.1
    turned[:, :2] = face_points[:, :2] @ np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    )
    turned[:, :2] = 1.1 * turned[:, :2] + (5, -3)
    assert np.abs(points_back(turned, face_points) - face_points)[:, :2].max() < 0.01
