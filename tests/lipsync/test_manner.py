"""A borrowed manner: sizes follow it, what must close stays closed, whoever makes the motion."""

from __future__ import annotations

import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.face.backends.template import TemplateEngine
from chatanything.lipsync.geometry import Geometry
from chatanything.lipsync.manner import ORDINARY, Manner, performed, shaped, smile_shapes, widened
from chatanything.lipsync.moving import move
from chatanything.measures import opening
from chatanything.types import Delivery, Float32, LookBrief, Motion, Speech, Temperament
from chatanything.visemes import BILABIALS, INDEX

FPS = 25.0
TIMING = units("M AY B IH G B L UW B OW T . S AA P AE M IY . P AA B AA M AA")
SPOKEN = Speech(tone(TIMING), 16_000, TIMING, "my big blue boat")
CALM_TIMING = units("T EH S IH N AH L EH K IY N ER T IH S AH N . D EH N IH L AH S EH T IY")
CALM = Speech(tone(CALM_TIMING), 16_000, CALM_TIMING, "vowels that are far from the widest")
MUMBLED, WIDE = Manner(opening=0.5), Manner(opening=1.2)
MAKERS = ["rules", pytest.param("net", marks=pytest.mark.weights)]


def moved(maker: str, manner: Manner | None, speech: Speech = SPOKEN) -> Motion:
    return move(maker, speech, delivery=Delivery(), temperament=Temperament(), fps=FPS, seed=1, manner=manner)


@pytest.fixture(scope="module")
def face() -> Geometry:
    look = LookBrief("a kind librarian", "human", "female", "adult", "neutral")
    drawn = TemplateEngine().portrait(look, size=256, seed=5)
    return Geometry(drawn.portrait, drawn.references)


def openings(face: Geometry, motion: Motion) -> Float32:
    return np.array([opening(pose.landmarks) for pose in face.walk(motion)], np.float32)


def size(opened: Float32) -> float:
    return float(np.sqrt(np.mean(np.square(opened))))


def test_the_ordinary_manner_is_an_ordinary_delivery() -> None:
    without, ordinary = moved("rules", None), moved("rules", ORDINARY)
    assert np.array_equal(without.blendshapes, ordinary.blendshapes)
    assert np.array_equal(without.head, ordinary.head)
    assert np.array_equal(without.gaze, ordinary.gaze)


@pytest.mark.parametrize("maker", MAKERS)
def test_the_drawn_mouth_follows_and_the_same_manner_gives_the_same(face: Geometry, maker: str) -> None:
    plain = size(openings(face, moved(maker, ORDINARY, CALM)))
    mumbled = size(openings(face, moved(maker, MUMBLED, CALM)))
    wide = size(openings(face, moved(maker, WIDE, CALM)))
    assert mumbled / plain == pytest.approx(0.5, abs=0.08)
    assert 1.1 < wide / plain < 1.35
    assert np.array_equal(moved(maker, WIDE).blendshapes, moved(maker, WIDE).blendshapes)


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("manner", [MUMBLED, WIDE, Manner(opening=1.8, lips=1.4, smile=0.25)])
def test_lips_meet_at_bilabials_in_silence_and_at_both_ends(
    face: Geometry, maker: str, manner: Manner
) -> None:
    motion = moved(maker, manner)
    opened = openings(face, motion)
    shut = 0.25 * float(np.percentile(opened, 95))
    times = (np.arange(len(motion)) + 0.5) / FPS
    for unit in TIMING:
        middle = int(np.argmin(np.abs(times - (unit.start_s + unit.end_s) / 2)))
        if unit.text in BILABIALS:
            assert opened[max(0, middle - 1) : middle + 2].min() <= shut, unit
        elif unit.text == "SIL":
            assert opened[middle] <= shut, unit
    assert opened[0] <= shut
    assert opened[-1] <= shut


def test_a_borrowed_manner_replaces_the_temperament_and_keeps_the_emotion() -> None:
    delivery = Delivery(emotion="sad", rate=0.8, mouth_gain=0.7, head_motion=0.4, blink_rate=9.0)
    shy = Temperament(extraversion=0.0)
    assert performed(None, delivery, shy) == (delivery, shy)
    got, who = performed(Manner(head=1.5, blinks=0.6), delivery, shy)
    assert (got.emotion, got.rate, got.mouth_gain, got.head_motion, got.blink_rate) == (
        "sad", 0.8, 1.0, 1.5, 9.0,
    )  # fmt: skip
    assert who == Temperament()


def test_brows_eyes_head_and_smile_follow() -> None:
    calm, lively = moved("rules", Manner()), moved("rules", Manner(brows=1.8, head=1.8, gaze=1.8, smile=0.2))
    brow, smile = INDEX["browInnerUp"], INDEX["mouthSmileLeft"]
    assert lively.blendshapes[:, brow].max() > 1.5 * calm.blendshapes[:, brow].max()
    assert lively.head[:, :3].std() == pytest.approx(1.8 * calm.head[:, :3].std(), rel=0.05)
    assert lively.gaze == pytest.approx(1.8 * calm.gaze)
    assert np.median(lively.blendshapes[:, smile]) > np.median(calm.blendshapes[:, smile]) + 0.1


def test_parts() -> None:
    mouth = np.full((2, 52), 0.4, np.float32)
    small = shaped(mouth, Manner(opening=0.5, lips=1.4))
    assert small[0, INDEX["jawOpen"]] == pytest.approx(0.2)
    assert small[0, INDEX["mouthPucker"]] == pytest.approx(0.28)
    assert small[0, INDEX["eyeBlinkLeft"]] == pytest.approx(0.4)
    assert widened(Manner(opening=0.5), 2.0) == 1.0
    assert widened(Manner(opening=1.2), 2.0) == pytest.approx(1.44)
    assert widened(Manner(opening=1.8), 3.0) == 2.2
    assert smile_shapes(Manner()).max() == 0
    assert str(Manner(head=1.2)).endswith("blinks 1.00, head 1.20, gaze 1.00, smile 0.00")
