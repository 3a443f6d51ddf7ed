"""One of two people is followed, whatever the detector misses and wherever the film is cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny.lipsync_face import portrait

from chatanything import dubbing, speaking_style
from chatanything.face.landmarks import FoundFace
from chatanything.lipsync.following import FaceFollower
from chatanything.media.video import write_video
from chatanything.progress import silent
from chatanything.types import Float32, Frame, UInt8

Place = tuple[str, int, int, int]
"""Who, where the middle of the face is, and its size, in pixels."""
A, B = ("a", 150, 150, 220), ("b", 750, 150, 200)
FACE = portrait(256)
LOOKS = {"a": FACE.image, "b": np.roll(255 - FACE.image, 1, axis=2)}
ROOM = np.repeat(np.linspace(40, 90, 900, dtype=np.float32)[None, :, None], 300, axis=0)


def marks(place: Place) -> Float32:
    _, x, y, size = place
    points = FACE.landmarks * (size / 256)
    points[:, :2] += np.array([x, y]) - size / 2
    return points.astype(np.float32)


def shot(*places: Place, room: Float32 = ROOM) -> UInt8:
    """Who is there, found or not."""
    picture = np.broadcast_to(room, (300, 900, 3)).astype(np.uint8)
    for who, x, y, size in places:
        half = size // 2
        top, left = max(0, y - half), max(0, x - half)
        part = picture[top : y + half, left : x + half]
        part[:] = cv2.resize(LOOKS[who], (size, size))[: part.shape[0], : part.shape[1]]
    return picture


def followed(steps: Sequence[tuple[UInt8, Sequence[Place]]]) -> str:
    """Whose face each picture gives: its letter, or a dash."""
    follower = FaceFollower()
    out = ""
    for picture, found in steps:
        faces = [marks(place) for place in found]
        face = follower.follow(picture, faces)
        out += "-" if face is None else next(p[0] for p, one in zip(found, faces, strict=True) if one is face)
    return out


@pytest.mark.parametrize("missed", [1, 2, 30])
@pytest.mark.parametrize("is_blank", [False, True])
def test_a_missed_face_is_not_replaced_by_the_other_one(missed: int, is_blank: bool) -> None:
    picture = np.zeros((300, 900, 3), np.uint8) if is_blank else shot(A, B)
    found = [(A, B), (A, B), *[(B,)] * missed, (A, B), (B, A)]
    assert followed([(picture, places) for places in found]) == "aa" + "-" * missed + "aa"


def test_cheek_to_cheek_they_are_still_two() -> None:
    near = ("b", 290, 150, 210)
    found = [(A, near), (A, near), (near,), (near, A)]
    assert followed([(shot(A, near), places) for places in found]) == "aa-a"


@pytest.mark.parametrize("in_front", ["a", "b"])
def test_where_two_cross_looks_decide(in_front: str) -> None:
    steps, expected = [], ""
    for step in range(13):
        a, b = ("a", 150 + 50 * step, 150, 220), ("b", 750 - 50 * step, 150, 210)
        front, behind = (a, b) if in_front == "a" else (b, a)
        found = (front,) if abs(a[1] - b[1]) < 120 else (b, a)
        steps.append((shot(behind, front), found))
        expected += "a" if a in found else "-"
    assert followed(steps) == expected


def test_one_person_may_move_fast_and_be_cut() -> None:
    runs = [("a", x, 150, 220) for x in (150, 420, 700, 420)]
    assert followed([(shot(place), (place,)) for place in runs]) == "aaaa"
    light = 200 + 40 * np.sin(np.arange(900) / 40)[None, :, None]
    closer = (
        "b",
        600,
        160,
        280,
    )  # another light, another size: nothing but the cut says that it may be taken
    assert followed([(shot(A), (A,)), (shot(closer, room=light.astype(np.float32)), (closer,))]) == "ab"


def test_after_a_cut_looks_count_and_places_do_not() -> None:
    light = (200 + 40 * np.sin(np.arange(900) / 40)[None, :, None]).astype(np.float32)
    a, b = ("a", 750, 150, 200), ("b", 150, 150, 220)
    steps = [(shot(A, B), (A, B)), (shot(a, b, room=light), (b, a)), (shot(a, b, room=light), (b, a))]
    assert followed(steps) == "aaa"
    assert followed([(shot(A, B), (A, B)), (shot(b, room=light), (b,))]) == "a-"


def test_somebody_new_is_taken_after_a_while() -> None:
    new = ("b", 600, 150, 160)
    got = followed([(shot(A), (A,)), *[(shot(A, new), (new,))] * 20])
    assert got == "a" + 12 * "-" + 8 * "b"


class Scripted:
    """Finds what it is told to, picture by picture, and nothing in closer looks."""

    def __init__(self, script: Sequence[Sequence[Place]]) -> None:
        self.script = list(script)

    def detect(self, image: UInt8) -> list[FoundFace]:
        if image.shape[0] != 300:
            return []
        return [FoundFace(marks(place), np.zeros(52, np.float32)) for place in self.script.pop(0)]

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        assert not self.script


def test_dubbing_fills_the_gap_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    script = [(A, B), (A, B), (B,), (A, B), (A, B)]
    monkeypatch.setattr(dubbing, "FaceDetector", lambda: Scripted(script))
    found = dubbing.follow(iter([shot(A, B)] * 5), 5)
    for face in found:  # the missed one lies between its neighbours
        assert face is not None
        assert np.abs(face - marks(A)).max() < 0.01


def test_a_style_is_that_of_one_speaker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = [(A, B), (A, B), (B,), (A, B), (A, B)]
    monkeypatch.setattr(speaking_style, "FaceDetector", lambda: Scripted(script))
    frames = [Frame(shot(A, B), number) for number in range(5)]
    sound = np.zeros(5 * 640, np.float32)
    write_video(tmp_path / "two.mp4", frames, fps=25, samples=sound, sample_rate=16_000)
    seen = speaking_style._watch(tmp_path / "two.mp4", silent)
    across = seen.tracks.points[:, :, 0].mean(axis=1)
    assert np.isnan(across).tolist() == [False, False, True, False, False]
    assert np.nanmax(np.abs(across - A[1])) < 20
