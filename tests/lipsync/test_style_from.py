"""Measuring a manner: ratios against speakers of the same kind, and what cannot be measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny.lipsync_face import landmarks, tone, units

from chatanything.errors import FaceError
from chatanything.lipsync.dub_tracks import track_faces
from chatanything.lipsync.manner import LEAST, MOST
from chatanything.lipsync.style_from import TYPICAL, SeenSpeaker, manner_of
from chatanything.lipsync.topology import INNER_LIPS
from chatanything.seeds import generator
from chatanything.types import Float32
from chatanything.visemes import INDEX

FPS = 25.0
TIMING = units("M AA P AA . M IY W AA P AA B AE . B OW AA M AE P AO B IY AA . M AA P AA M AA B", step_s=0.12)
LOWER = list(INNER_LIPS[11:])


def speaker(
    *, opened: float = 0.15, sway: float = 0.03, blinks: int = 1, smile: float = 0.0, seconds: float = 99.0
) -> SeenSpeaker:
    """A made-up face whose lower lip drops in vowels, in inter-ocular distances."""
    frames = int(min(seconds, TIMING[-1].end_s) * FPS)
    times = (np.arange(frames) + 0.5) / FPS
    base, noise = landmarks(256), generator(1, "noise")
    unit = float(np.linalg.norm(base[33, :2] - base[263, :2]))
    gap = np.zeros(frames)
    for phone in TIMING:
        if phone.text[0] in "AEIOU":
            gap[(times >= phone.start_s) & (times < phone.end_s)] = opened
    gap = np.convolve(gap, [0.25, 0.5, 0.25], "same")
    found: list[Float32 | None] = []
    scores = np.zeros((frames, 52), np.float32)
    scores[:, [INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"]]] = smile
    for at in np.linspace(20, frames - 20, blinks).astype(int):
        scores[at : at + 4, [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]] = 0.8
    for number in range(frames):
        face = base.copy()
        face[:, :2] += noise.normal(0, 0.02, (478, 2))
        face[LOWER, 1] += unit * gap[number]
        face[:, 0] += unit * sway * np.sin(2 * np.pi * 0.5 * times[number])
        found.append(face)
    samples = tone(TIMING)[: round(frames / FPS * 16_000)]
    return SeenSpeaker("clip.mp4", track_faces(found), scores, FPS, samples, 16_000)


def test_twice_the_movement_is_twice_the_ratio_and_the_same_is_the_same() -> None:
    small, large = (
        manner_of(speaker(opened=0.06, sway=0.05), "recorded"),
        manner_of(speaker(opened=0.12, sway=0.1), "recorded"),
    )
    assert large.opening / small.opening == pytest.approx(2.0, rel=0.1)
    assert large.head / small.head == pytest.approx(2.0, rel=0.1)
    assert manner_of(speaker(opened=0.06, sway=0.05), "recorded") == small
    assert LEAST <= small.opening < 1 < large.opening <= MOST


def test_each_kind_has_its_own_scale() -> None:
    seen = speaker(opened=0.15)
    real, drawn = manner_of(seen, "recorded"), manner_of(seen, "rules")
    assert real.opening / drawn.opening == pytest.approx(
        TYPICAL["rules"].opening / TYPICAL["recorded"].opening, rel=0.02
    )


def test_blinks_are_counted_and_short_clips_are_not_believed() -> None:
    few, many = manner_of(speaker(blinks=1), "recorded"), manner_of(speaker(blinks=4), "recorded")
    assert few.blinks < 1 < many.blinks
    short = manner_of(speaker(blinks=1, seconds=3.2), "recorded")
    assert "3.2 s say little about blinks" in short.notes[0]


def test_a_smile_is_taken_from_recordings_only() -> None:
    smiling = speaker(smile=0.5)
    assert manner_of(smiling, "recorded").smile == pytest.approx(0.2)
    drawn = manner_of(smiling, "rules")
    assert drawn.smile == 0
    assert any("smile" in note for note in drawn.notes)


def test_wild_measurements_stay_in_bounds() -> None:
    wild = manner_of(speaker(opened=0.9, sway=0.4, blinks=9), "recorded")
    assert (wild.opening, wild.head) == (MOST, MOST)
    assert manner_of(speaker(opened=0.04, sway=0.0), "recorded").head == LEAST


def test_without_sound_the_mouth_is_judged_by_its_motion() -> None:
    seen = speaker()
    silent = manner_of(replace(seen, samples=np.zeros_like(seen.samples)), "recorded")
    assert "no speech is heard" in silent.notes[0]
    assert silent.opening == pytest.approx(manner_of(seen, "recorded").opening, rel=0.2)


def test_too_short_no_face_and_nobody_speaking_are_told_in_one_line() -> None:
    with pytest.raises(FaceError, match=r"clip.mp4 shows too little .* at least 3 s .* got 0.5 s"):
        manner_of(speaker(seconds=0.52), "recorded")
    seen = speaker()
    nobody = replace(seen, tracks=track_faces([None] * len(seen.scores)))
    with pytest.raises(FaceError, match=r"got 0\.0 s"):
        manner_of(nobody, "recorded")
    with pytest.raises(FaceError, match="does not speak"):
        manner_of(speaker(opened=0.0), "recorded")
