"""Figures of borrowed styles: the scale for recordings, on a tiny corpus."""

from __future__ import annotations

import pytest
from tiny.motion_data import make_faces

from chatanything.evaluation.style import recorded_row
from chatanything.lipsync.recorded_faces import FaceRecording, read_faces
from chatanything.lipsync.style_from import TYPICAL


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[FaceRecording]:
    return read_faces(make_faces(tmp_path_factory.mktemp("faces"), clips=7), "train")


def test_a_recorded_mouth_is_a_ratio_to_the_ordinary_one(clips: list[FaceRecording]) -> None:
    row = recorded_row(clips)
    assert row.metric == "style.recorded_opening"
    assert row.n == 2
    assert row.control["p10"] <= row.value <= row.control["p90"]
    largest = max(float(clip.opening.max() - clip.opening.min()) for clip in clips)
    assert 0 < row.value < largest / TYPICAL["recorded"].opening


def test_fewer_clips_than_a_group_are_one_group(clips: list[FaceRecording]) -> None:
    assert recorded_row(clips[:1]).n == 1
