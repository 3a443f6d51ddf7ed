"""The judge itself on mouths whose timing is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chatanything.errors import UsageError
from chatanything.evaluation.mouth import MouthClip, opening_of
from chatanything.evaluation.phones import OPENNESS, expected_openness, pauses
from chatanything.evaluation.sync import closures, lag_ms, score
from chatanything.types import TimedUnit
from chatanything.visemes import PHONE_TO_VISEME

NOISE = 0.004


@pytest.fixture
def clips(sentence, lips):
    def of(late_s=0.0, fps=25.0):
        rng = np.random.default_rng(0)
        made = []
        for seed in range(5):
            phones = sentence(seed)
            opening = lips(phones, fps, late_s)
            opening = np.abs(opening + rng.normal(0, NOISE, len(opening))).astype(np.float32)
            made.append(MouthClip(f"{seed}.mp4", f"sentence {seed}", fps, opening, phones))
        return made

    return of


def values(rows):
    return {row.metric: row for row in rows}


def test_a_good_mouth_scores_well_and_its_controls_do_not(clips):
    rows = values(score(clips()))
    assert abs(rows["lipsync.lag"].value) < 15
    assert abs(rows["lipsync.lag"].control["planted_160_ms_found_as"] - 160) < 15
    assert rows["lipsync.clips_in_sync"].value == 1.0
    assert rows["lipsync.clips_in_sync"].control["planted_160_ms"] == 0.0
    assert rows["lipsync.correlation"].value > 0.75
    assert rows["lipsync.correlation"].control["swapped_audio"] < 0.5
    assert rows["lipsync.closure_recall"].value == 1.0
    assert rows["lipsync.closure_recall"].control["swapped_audio"] < 0.85
    assert rows["lipsync.closed_in_silence"].value == 1.0
    assert rows["lipsync.closed_at_end"].value == 1.0
    assert rows["lipsync.face_found"].n == 500


@pytest.mark.parametrize("fps", [25.0, 30.0])
@pytest.mark.parametrize("late_s", [-0.08, 0.033, 0.16])
def test_a_delay_is_measured_below_a_frame(clips, late_s, fps):
    assert lag_ms(clips(late_s, fps)) - lag_ms(clips(0.0, fps)) == pytest.approx(1000 * late_s, abs=8)


def test_a_frozen_mouth_fails_everything(clips):
    frozen = [replace(clip, opening=np.full_like(clip.opening, 0.01)) for clip in clips()]
    rows = values(score(frozen))
    for metric in ("correlation", "closure_recall", "closed_in_silence", "closed_at_end"):
        assert rows[f"lipsync.{metric}"].value == 0.0


def test_a_mouth_that_skips_closures_is_caught(clips):
    lazy = [replace(clip, opening=np.maximum(clip.opening, 0.08)) for clip in clips()]
    assert values(score(lazy))["lipsync.closure_recall"].value < 0.2


def test_frames_without_a_face_do_not_count_as_closed(clips):
    clip = clips()[0]
    assert closures(replace(clip, opening=np.full_like(clip.opening, np.nan)))[0] == 0.0
    holes = replace(clip, opening=np.where(np.arange(100) % 5 == 0, np.nan, clip.opening).astype(np.float32))
    rows = values(score([holes]))
    assert rows["lipsync.face_found"].value == pytest.approx(0.8)
    assert "swapped_audio" not in rows["lipsync.correlation"].control


def test_nothing_to_score_is_said(clips):
    with pytest.raises(UsageError, match="nothing to score"):
        score([])
    silent = [replace(clip, phones=()) for clip in clips()]
    with pytest.raises(UsageError, match="a face that speaks"):
        score(silent)


def test_opening_is_relative_to_the_eyes():
    points = np.zeros((478, 3), np.float32)
    points[263, 0], points[14, 1] = 80.0, 8.0
    assert opening_of([points, None, points * 1.0]) == pytest.approx([0.1, np.nan, 0.1], nan_ok=True)
    assert np.isnan(opening_of([None, None])).all()


def test_expectation_follows_the_phones():
    assert set(OPENNESS) == set(PHONE_TO_VISEME)
    phones = (TimedUnit("M", "phone", 0.5, 0.8), TimedUnit("AA1", "phone", 0.8, 1.1))
    closed, wide, after = expected_openness(phones, np.array([0.6, 0.95, 2.0], np.float32))
    assert closed < 0.01
    assert wide > 0.99
    assert after == 0.0
    assert pauses(phones, 2.0, at_least_s=0.2) == [(0.0, 0.5), (1.1, 2.0)]
