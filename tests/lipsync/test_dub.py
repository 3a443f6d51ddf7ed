"""A new mouth in a film of the formula face: landmarks are known, so no detector is needed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from tiny.lipsync_face import landmarks, portrait, tone, units

from chatanything.errors import FaceError
from chatanything.lipsync.dub import MouthDubber, clip_face, plan_base
from chatanything.lipsync.dub_tracks import (
    FaceTracks,
    camera,
    rigid_points,
    see,
    smoothed,
    track_faces,
    unsee,
)
from chatanything.lipsync.geometry import Geometry
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.references import make_references
from chatanything.lipsync.warp import WarpRenderer
from chatanything.measures import opening
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament, UInt8

OLD, NEW = "M AA P AA . M IY W AA P", "B OW . AA M AE F AO B IY"


@dataclass(frozen=True)
class Film:
    pictures: list[UInt8]
    tracks: FaceTracks
    openings: Float32


def motion_of(phones: str) -> Motion:
    timing = units(phones)
    speech = Speech(tone(timing), 16000, timing)
    return RuleMotion().motion(speech, delivery=Delivery(), temperament=Temperament(), fps=25.0, seed=3)


def sway(time: float) -> Float32:
    """A head that moves, tilts and comes nearer: (2, 3)."""
    angle, scale = 0.12 * np.sin(2.1 * time), 1 + 0.05 * np.sin(1.3 * time)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([128.0, 128.0])
    shift = middle - turn @ middle + (9 * np.sin(1.7 * time), 5 * np.cos(2.3 * time))
    return np.column_stack([turn, shift]).astype(np.float32)


def film_of(phones: str) -> Film:
    face = portrait(256)
    references = make_references(face)
    renderer, motion = WarpRenderer(face, references), motion_of(phones)
    pictures, points, openings = [], [], []
    for index, pose in enumerate(Geometry(face, references).walk(motion)):
        matrix = sway(index / 25)
        pictures.append(
            cv2.warpAffine(renderer.face(pose), matrix, (256, 256), borderMode=cv2.BORDER_REFLECT)
        )
        moved = pose.landmarks.copy()
        moved[:, :2] = moved[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        points.append(moved)
        openings.append(opening(pose.landmarks))
    return Film(pictures, track_faces(points), np.array(openings, np.float32))


@pytest.fixture(scope="module")
def film() -> Film:
    return film_of(OLD)


def seen_opening(image: UInt8, points: Float32) -> float:
    """Height of the mouth's inside, dark or teeth and so never as red as lips, over the eyes' distance."""
    top, bottom = points[0, :2], points[152, :2]
    down = np.linspace(0, 1, 120)[:, None]
    line = np.round(top + (bottom - top) * down).astype(int)
    column = image[line[:, 1].clip(0, 255), line[:, 0].clip(0, 255)].astype(int)
    inside = (column[:, 0] < 120) | (column.min(axis=1) > 185)
    return float(inside.sum())


def dub(film: Film, phones: str) -> tuple[list[UInt8], Float32]:
    plan = plan_base(film.tracks)
    face, references = clip_face(plan, film.tracks, dict(enumerate(film.pictures)))
    renderer = WarpRenderer(face, references)
    dubber = MouthDubber(face, renderer)
    poses = renderer.patches.geometry.poses(motion_of(phones))
    count = min(len(poses), len(film.pictures))
    frames = [dubber.draw(film.pictures[k], film.tracks.points[k], 1.0, poses[k]) for k in range(count)]
    return frames, np.array([opening(pose.landmarks) for pose in poses[:count]], np.float32)


def test_references_are_the_clips_own_from_closed_to_wide(film: Film) -> None:
    plan = plan_base(film.tracks)
    assert film.openings[plan.base] == film.openings.min()
    assert {"PP", "aa"} <= set(plan.picks)
    assert film.openings[plan.picks["PP"]] < 0.05
    assert film.openings[plan.picks["aa"]] > 0.8 * film.openings.max()
    face, references = clip_face(plan, film.tracks, dict(enumerate(film.pictures)))
    assert face.image.shape == (plan.edge, plan.edge, 3)
    assert plan.edge in (256, 512)
    assert len(references.lips) == 8
    opened = {one.name: one.opening for one in references.lips}
    assert opened["PP"] < opened["E"] < opened["aa"]
    # The eyes of the base picture are level: the tilt is gone.
    assert abs(face.landmarks[33, 1] - face.landmarks[263, 1]) < 1.0


def test_mouth_follows_the_new_sound(film: Film) -> None:
    frames, wanted = dub(film, NEW)
    count = len(frames)
    seen = np.array(
        [seen_opening(frame, film.tracks.points[k]) for k, frame in enumerate(frames)], np.float32
    )
    old = film.openings[:count]
    assert np.corrcoef(seen, wanted)[0, 1] > 0.75
    assert np.corrcoef(seen, wanted)[0, 1] > np.corrcoef(seen, old)[0, 1] + 0.3


def test_only_mouth_and_chin_change(film: Film) -> None:
    frames, _ = dub(film, NEW)
    for index, frame in enumerate(frames):
        points = film.tracks.points[index]
        changed = np.abs(frame.astype(int) - film.pictures[index]).max(axis=2) > 0
        ys, xs = np.nonzero(changed)
        unit = np.linalg.norm(points[33, :2] - points[263, :2])
        away = np.stack([xs, ys], axis=1) - points[[13, 14], :2].mean(axis=0)
        assert np.abs(away[:, 0]).max(initial=0) < 0.8 * unit
        assert ys.min(initial=255) > points[4, 1] - 0.1 * unit
        assert (away[:, 1] < 1.4 * unit).all()


def test_silence_closes_the_mouth(film: Film) -> None:
    frames, _ = dub(film, ". . . .")
    seen = [seen_opening(frame, film.tracks.points[k]) for k, frame in enumerate(frames)]
    assert np.percentile(seen, 90) <= 4


def test_a_clip_that_never_speaks_gets_made_mouths() -> None:
    quiet = film_of(". . .")
    plan = plan_base(quiet.tracks)
    assert "aa" not in plan.picks
    assert plan.gain == 1.0
    frames, wanted = dub(quiet, NEW)
    seen = [seen_opening(frame, quiet.tracks.points[k]) for k, frame in enumerate(frames)]
    assert np.corrcoef(seen, wanted[: len(seen)])[0, 1] > 0.85


def test_a_weight_of_nothing_changes_nothing(film: Film) -> None:
    plan = plan_base(film.tracks)
    face, references = clip_face(plan, film.tracks, dict(enumerate(film.pictures)))
    renderer = WarpRenderer(face, references)
    pose = renderer.patches.geometry.poses(motion_of("AA AA AA AA"))[6]
    same = MouthDubber(face, renderer).draw(film.pictures[9], film.tracks.points[9], 0.0, pose)
    assert np.array_equal(same, film.pictures[9])


def test_a_face_at_the_border_is_drawn_as_far_as_it_goes(film: Film) -> None:
    plan = plan_base(film.tracks)
    face, references = clip_face(plan, film.tracks, dict(enumerate(film.pictures)))
    renderer = WarpRenderer(face, references)
    dubber = MouthDubber(face, renderer)
    pose = renderer.patches.geometry.poses(motion_of("AA AA AA AA"))[6]
    for shift in ((0, 90), (-120, 0), (0, 400)):
        moved = film.tracks.points[0] + np.array([*shift, 0], np.float32)
        assert dubber.draw(film.pictures[0], moved, 1.0, pose).shape == (256, 256, 3)


def test_no_face_at_all_is_an_error() -> None:
    with pytest.raises(FaceError, match="no face"):
        plan_base(track_faces([None, None]))
    with pytest.raises(FaceError, match="no face"):
        plan_base(track_faces([landmarks(40)]))


# ------------------------------------------------------------------ tracks


def head(turn: float, size: int = 256) -> Float32:
    """The formula face on a dome, turned around the upright axis, (478, 3) px."""
    points = landmarks(size)
    points[1, :2] = size / 2
    x, y = (points[:, 0] - size / 2), (points[:, 1] - size / 2)
    z = -np.sqrt(np.maximum((0.42 * size) ** 2 - x**2 - 0.5 * y**2, 0))
    z[1] -= 0.14 * size
    turned = np.cos(turn) * x - np.sin(turn) * z
    depth = np.sin(turn) * x + np.cos(turn) * z
    return np.stack([turned + size / 2, points[:, 1], depth], axis=1).astype(np.float32)


def test_camera_follows_a_turning_head() -> None:
    front, side = head(0.0), head(0.35)
    view = camera(front, side, rigid_points(front))
    mouth = see(front, view)[[13, 14, 61, 291, 152]]
    assert np.abs(mouth - side[[13, 14, 61, 291, 152], :2]).max() < 1.0
    assert np.abs(unsee(see(front, view), front[:, 2], view) - front[:, :2]).max() < 0.05


def test_flat_drawings_have_a_camera_too() -> None:
    flat = landmarks(256)
    moved = flat + np.array([7, -3, 0], np.float32)
    assert np.abs(see(flat, camera(flat, moved, rigid_points(flat))) - moved[:, :2]).max() < 0.1


def test_smoothing_calms_and_does_not_lag() -> None:
    times = np.arange(40, dtype=np.float32)
    bend = (0.2 * times**2 - 3 * times)[:, None]
    assert np.abs(smoothed(bend) - bend).max() < 1e-2
    noise = np.random.default_rng(0).normal(size=(400, 1)).astype(np.float32)
    assert smoothed(noise)[5:-5].std() < 0.65 * noise.std()


def test_cuts_gaps_and_turned_heads() -> None:
    first, second = head(0.0), head(0.0) + np.array([90, 0, 0], np.float32)
    tracks = track_faces([first] * 5 + [second] * 5 + [None] * 3 + [head(1.4)] * 4)
    assert np.allclose(tracks.points[:5], first, atol=1e-3)
    assert np.allclose(tracks.points[5:10], second, atol=1e-3)
    assert tracks.usable.tolist() == [True] * 10 + [False] * 7
    assert np.isnan(tracks.points[10]).all()
