"""Speech to motion: closures, ends, silence, determinism, temperament."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.lipsync.motion import RuleMotion
from chatanything.types import Delivery, Motion, Speech, Temperament, TimedUnit
from chatanything.visemes import BILABIALS, INDEX

RATE = 24000
VOWELS = {"AY", "AH", "AA", "EY", "ER", "IH", "IY"}
PHONES = (
    *("M", "AY", "N", "D", "DH", "AH", "R", "AA", "K", "S", "SIL", "S", "T", "R", "EY", "N"),
    *("JH", "ER", "B", "IH", "G", "P", "AH", "M", "P"),
)


def speech(speed: float = 1.0, *, with_units: bool = True) -> Speech:
    """A hand-timed sentence whose vowels are loud tones."""
    start, units = 0.2, []
    for phone in PHONES:
        length = {"SIL": 0.35}.get(phone, 0.12 if phone in VOWELS else 0.06) / speed
        units.append(TimedUnit(phone, "phone", start, start + length))
        start += length
    samples = np.zeros(int((start + 0.3) * RATE), np.float32)
    for unit in units:
        span = slice(int(unit.start_s * RATE), int(unit.end_s * RATE))
        time = np.arange(span.stop - span.start) / RATE
        level = 0.0 if unit.text == "SIL" else 0.4 if unit.text in VOWELS else 0.06
        samples[span] = level * np.sin(2 * np.pi * 700 * time)
    return Speech(samples, RATE, tuple(units) if with_units else (), "Mind the rocks, stranger.")


def motion(of: Speech, *, fps: float = 25.0, seed: int = 1, **delivery: float) -> Motion:
    return RuleMotion().motion(
        of, delivery=Delivery(**delivery), temperament=Temperament(), fps=fps, seed=seed
    )  # type: ignore[arg-type]


def jaw(of: Motion) -> np.ndarray:
    return of.blendshapes[:, INDEX["jawOpen"]]


def near(of: Motion, unit: TimedUnit) -> slice:
    return slice(max(0, int(unit.start_s * of.fps) - 1), int(unit.end_s * of.fps) + 2)


def test_shape_range_and_ends() -> None:
    said = speech()
    got = motion(said)
    assert len(got) == int(np.ceil(said.duration_s * 25))
    assert got.blendshapes.shape == (len(got), 52)
    assert got.blendshapes.dtype == np.float32
    assert got.blendshapes.min() >= 0
    assert got.blendshapes.max() <= 1
    assert jaw(got)[0] == 0
    assert jaw(got)[-1] == 0
    assert jaw(got).max() > 0.4


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.6])
def test_every_bilabial_closes_even_when_spoken_fast(speed: float) -> None:
    said = speech(speed)
    got = motion(said)
    closed = 0.25 * np.percentile(jaw(got), 95)
    for unit in said.phones():
        if unit.text in BILABIALS:
            assert jaw(got)[near(got, unit)].min() <= closed, unit


def test_gain_opens_vowels_but_not_closures() -> None:
    said = speech()
    small, large = motion(said, mouth_gain=0.6), motion(said, mouth_gain=1.4)
    assert np.percentile(jaw(large), 90) > 1.5 * np.percentile(jaw(small), 90)
    for unit in said.phones():
        if unit.text in BILABIALS:
            assert jaw(large)[near(large, unit)].min() < 0.1


def test_silence_closes_the_mouth() -> None:
    said = speech()
    got = motion(said)
    pause = next(unit for unit in said.phones() if unit.text == "SIL")
    middle = int((pause.start_s + pause.end_s) / 2 * got.fps)
    assert jaw(got)[middle] < 0.06


def test_sound_alone_opens_with_the_sound() -> None:
    got = motion(speech(with_units=False))
    loud = np.array([unit.text in VOWELS for unit in speech().phones()])
    at = [int((unit.start_s + unit.end_s) / 2 * got.fps) for unit in speech().phones()]
    opened = jaw(got)[at]
    assert opened[loud].mean() > 3 * opened[~loud].mean()
    assert jaw(got)[0] == 0
    assert jaw(got)[-1] == 0


def test_mouth_is_on_time() -> None:
    said = speech()
    got = motion(said, fps=50.0)
    times = (np.arange(len(got)) + 0.5) / 50
    wanted = np.zeros(len(got))
    for unit in said.phones():
        if unit.text in VOWELS:
            wanted[(times >= unit.start_s) & (times < unit.end_s)] = 1
    scores = {lag: np.corrcoef(np.roll(jaw(got), -lag), wanted)[0, 1] for lag in range(-8, 9)}
    best = max(scores, key=lambda lag: scores[lag])
    assert abs(best) / 50 <= 0.04


def test_same_seed_same_motion_other_seed_other_blinks() -> None:
    said = speech()
    first, again, other = motion(said), motion(said), motion(said, seed=2)
    assert np.array_equal(first.blendshapes, again.blendshapes)
    assert np.array_equal(first.head, again.head)
    assert np.array_equal(jaw(first), jaw(other))
    assert not np.array_equal(first.head, other.head)


def test_blinks_follow_their_rate_and_close_the_lids() -> None:
    quiet = Speech(np.zeros(60 * RATE, np.float32), RATE)
    lids = motion(quiet, blink_rate=20).blendshapes[:, INDEX["eyeBlinkLeft"]]
    begins = np.flatnonzero((lids[1:] > 0.5) & (lids[:-1] <= 0.5))
    assert 12 <= len(begins) <= 30
    assert lids.max() > 0.85
    assert motion(quiet, blink_rate=0).blendshapes[:, INDEX["eyeBlinkLeft"]].max() == 0


def test_head_moves_little_smoothly_and_more_for_extraverts() -> None:
    quiet = Speech(np.zeros(20 * RATE, np.float32), RATE)

    def head(extraversion: float) -> np.ndarray:
        temperament = Temperament(extraversion=extraversion)
        return RuleMotion().motion(quiet, delivery=Delivery(), temperament=temperament, fps=25, seed=3).head

    shy, open_ = head(0.0), head(1.0)
    assert np.abs(np.degrees(open_[:, :3])).max() < 9
    assert np.abs(np.diff(open_[:, :3], axis=0)).max() < np.radians(0.8)
    assert open_[:, 1].std() > 1.5 * shy[:, 1].std()
