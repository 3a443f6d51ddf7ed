"""Speech to motion: closures, silence, lengths, determinism, and what a face does besides."""

import math

import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.lipsync.motion import RuleMotion
from chatanything.types import Delivery, Motion, Speech, Temperament
from chatanything.visemes import BLENDSHAPES, INDEX, PHONE_TO_VISEME

SENTENCE = "B AA B . M AY M AH M P EY D . F AO R V EH R IY HH AE P IY"
JAW = INDEX["jawOpen"]
BLINK = INDEX["eyeBlinkLeft"]
OPENERS = [
    INDEX[name]
    for name in BLENDSHAPES
    if name.startswith(("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel"))
]


def _speech(phones: str, *, step_s: float = 0.1, timed: bool = True) -> Speech:
    timing = units(phones, step_s=step_s)
    return Speech(tone(timing), 16000, timing if timed else ())


def _move(
    speech: Speech,
    *,
    fps: float = 25.0,
    seed: int = 1,
    delivery: Delivery | None = None,
    temperament: Temperament | None = None,
) -> Motion:
    return RuleMotion().motion(
        speech, delivery=delivery or Delivery(), temperament=temperament or Temperament(), fps=fps, seed=seed
    )


def _frames(start_s: float, end_s: float, fps: float, count: int) -> slice:
    return slice(max(0, int(start_s * fps) - 1), min(count, math.ceil(end_s * fps) + 1))


@pytest.mark.parametrize(("fps", "step_s"), [(25.0, 0.1), (25.0, 0.05), (30.0, 0.07), (12.5, 0.1)])
def test_bilabials_close_at_any_speed(fps: float, step_s: float) -> None:
    speech = _speech(SENTENCE, step_s=step_s)
    motion = _move(speech, fps=fps)
    opening = motion.blendshapes[:, OPENERS].max(axis=1)
    assert opening.max() > 0.5
    for unit in speech.phones():
        if unit.text in ("P", "B", "M"):
            assert opening[_frames(unit.start_s, unit.end_s, fps, len(motion))].min() < 0.05, unit


def test_labiodentals_raise_the_lower_lip() -> None:
    speech = _speech("AA F AA . AA V AA")
    motion = _move(speech)
    roll = motion.blendshapes[:, INDEX["mouthRollLower"]]
    for unit in speech.phones():
        span = _frames(unit.start_s, unit.end_s, 25, len(motion))
        if unit.text in ("F", "V"):
            assert roll[span].max() > 0.5
            assert motion.blendshapes[span, JAW].min() < 0.3


def test_silence_and_both_ends_are_shut() -> None:
    speech = _speech(SENTENCE)
    motion = _move(speech)
    opening = motion.blendshapes[:, OPENERS].max(axis=1)
    assert opening[0] == 0
    assert opening[-1] == 0
    for unit in speech.phones():
        if unit.text == "SIL" and unit.end_s - unit.start_s >= 0.4:
            inner = slice(math.ceil((unit.start_s + 0.1) * 25), int((unit.end_s - 0.1) * 25))
            assert opening[inner].max() < 0.05


def test_open_vowels_open_wider_than_close_ones() -> None:
    speech = _speech("D AA D D IY D D UW D", step_s=0.15)
    shapes = _move(speech).blendshapes
    jaw = {
        unit.text: float(shapes[_frames(unit.start_s, unit.end_s, 25, len(shapes)), JAW].max())
        for unit in speech.phones()
    }
    assert jaw["AA"] > 1.5 * jaw["IY"]
    assert jaw["AA"] > 1.5 * jaw["UW"]
    rounded = shapes[:, INDEX["mouthPucker"]]
    (vowel,) = (unit for unit in speech.phones() if unit.text == "UW")
    inside = _frames(vowel.start_s, vowel.end_s, 25, len(shapes))
    assert inside.start <= int(rounded.argmax()) < inside.stop
    assert rounded.max() > 0.5


def test_every_phone_is_known() -> None:
    motion = _move(_speech(" ".join(sorted(PHONE_TO_VISEME))))
    assert np.isfinite(motion.blendshapes).all()
    assert motion.blendshapes.max() > 0.4


@pytest.mark.parametrize("fps", [12.0, 23.976, 25.0, 60.0])
@pytest.mark.parametrize("samples", [1, 639, 640, 641, 16000, 23457])
def test_length_is_the_sounds(fps: float, samples: int) -> None:
    motion = _move(Speech(np.zeros(samples, np.float32), 16000), fps=fps)
    count = math.ceil(samples / 16000 * fps)
    assert len(motion) == count
    assert motion.blendshapes.shape == (count, 52)
    assert motion.head.shape == (count, 6)
    assert motion.gaze.shape == (count, 2)
    assert {motion.blendshapes.dtype, motion.head.dtype, motion.gaze.dtype} == {np.dtype(np.float32)}


def test_same_seed_same_bytes_and_another_seed_differs() -> None:
    speech = _speech(SENTENCE)
    first, again, other = _move(speech), _move(speech), _move(speech, seed=2)
    for name in ("blendshapes", "head", "gaze"):
        assert getattr(first, name).tobytes() == getattr(again, name).tobytes()
        assert getattr(first, name).tobytes() != getattr(other, name).tobytes()
    mouth = [INDEX[name] for name in BLENDSHAPES if name.startswith(("mouth", "jaw"))]
    np.testing.assert_array_equal(first.blendshapes[:, mouth], other.blendshapes[:, mouth])


def test_sound_alone_opens_on_loud_and_shuts_on_silence() -> None:
    speech = _speech("AA AA AA AA AA . . AA AA AA", timed=False)
    jaw = _move(speech).blendshapes[:, JAW]
    assert jaw[8:15].min() > 0.2
    assert jaw[20:34].max() < 0.02
    assert jaw[0] == jaw[-1] == 0


def test_no_sound_no_movement_of_the_mouth() -> None:
    motion = _move(Speech(np.zeros(32000, np.float32), 16000))
    assert motion.blendshapes[:, OPENERS].max() == 0


def test_gain_opens_wider_but_keeps_closures() -> None:
    speech = _speech(SENTENCE)
    small, large = (_move(speech, delivery=Delivery(mouth_gain=gain)).blendshapes for gain in (0.5, 1.4))
    assert large[:, JAW].mean() > 1.5 * small[:, JAW].mean()
    unit = speech.phones()[1]
    middle = int((unit.start_s + unit.end_s) / 2 * 25)
    assert large[middle - 1 : middle + 2, OPENERS].max(axis=1).min() < 0.05


def test_blinks_follow_the_rate() -> None:
    minute = Speech(np.zeros(16000 * 60, np.float32), 16000)

    def count(rate: float) -> int:
        lid = _move(minute, delivery=Delivery(blink_rate=rate)).blendshapes[:, BLINK] > 0.8
        return int(np.sum(lid[1:] & ~lid[:-1]))

    assert count(0) == 0
    assert 3 <= count(6) <= 12
    assert 9 <= count(15) <= 26
    assert count(30) > count(15) > count(6)


def test_head_stays_in_bounds_and_follows_delivery() -> None:
    speech = Speech(tone(units(" ".join(["AA D AH B"] * 40))), 16000)
    still, calm, wild = (_move(speech, delivery=Delivery(head_motion=size)).head for size in (0.0, 1.0, 2.0))
    assert np.abs(still[:, :3]).max() == 0
    assert 0.5 < np.degrees(np.abs(calm[:, :3]).max()) < 8
    assert np.degrees(np.abs(wild[:, :3]).max()) < 20
    assert wild[:, :3].std() > 1.5 * calm[:, :3].std()
    assert np.abs(calm[:, 3:]).max() < 0.05
    # Degrees a frame: no jerks.
    assert np.degrees(np.abs(np.diff(calm[:, :3], axis=0)).max()) < 1.5
    np.testing.assert_array_equal(calm[0], 0)


def test_gaze_is_bounded_and_shy_eyes_wander_more() -> None:
    minute = Speech(np.zeros(16000 * 60, np.float32), 16000)
    shy, bold = (_move(minute, temperament=Temperament(extraversion=value)).gaze for value in (0.0, 1.0))
    assert max(np.abs(shy).max(), np.abs(bold).max()) <= 0.5
    assert shy.std() > 1.5 * bold.std()


@pytest.mark.parametrize(
    ("emotion", "shape"),
    [("happy", "mouthSmileLeft"), ("angry", "browDownLeft"), ("sad", "mouthFrownLeft"),
     ("surprised", "browOuterUpLeft")],
)  # fmt: skip
def test_emotion_shows_by_its_strength(emotion: str, shape: str) -> None:
    speech = _speech("HH EH L OW")
    values = [
        float(
            _move(speech, delivery=Delivery(emotion=emotion, intensity=strength))  # type: ignore[arg-type]
            .blendshapes[:, INDEX[shape]]
            .mean()
        )
        for strength in (0.0, 0.5, 1.0)
    ]
    assert values[0] + 0.05 < values[1] < values[2]


def test_a_long_diphthong_ends_round_and_a_short_one_does_not() -> None:
    round_lips = INDEX["mouthPucker"]
    for step_s, rounds in ((0.4, True), (0.1, False)):
        speech = _speech("T AW T", step_s=step_s)
        (vowel,) = (unit for unit in speech.phones() if unit.text == "AW")
        shapes = _move(speech).blendshapes
        early = shapes[int((vowel.start_s + 0.3 * step_s) * 25)]
        late = shapes[int((vowel.end_s - 0.05 * step_s) * 25)]
        assert bool(late[round_lips] - early[round_lips] > 0.2) is rounds
        assert early[JAW] > 0.25
