"""Sound that somebody else made: cut where it is quiet, played whole, with a mouth that moves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from chatanything.errors import UsageError
from chatanything.evaluation.mouth import opening_of
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.moving import move
from chatanything.live.engine import LiveEngine
from chatanything.live.events import Caption, Interrupted, Picture, ReplyDone, Sound
from chatanything.live.given import (
    LONGEST_S,
    GivenSound,
    Phrase,
    PhraseCutter,
    PhraseMotion,
    load_motion,
    phrases,
)
from chatanything.studio import Studio
from chatanything.types import Delivery, Speech, Temperament, VoiceChoice
from chatanything.visemes import INDEX
from chatanything.voice.speech import Speaker
from tests.tiny.audience import Audience

pytestmark = pytest.mark.weights
JAW = INDEX["jawOpen"]


@pytest.fixture(scope="module")
def spoken() -> Speech:
    voice = VoiceChoice("kokoro", (("af_heart", 1.0),))
    return Speaker().speak(
        "Papa bought a boat by the bay. Bob may come along, if his mother lets him.", voice, Delivery(), 1
    )


def _given(speech: Speech, piece_s: float = 0.02) -> GivenSound:
    sound, step = GivenSound(speech.sample_rate), round(piece_s * speech.sample_rate)
    for at in range(0, len(speech.samples), step):
        sound.feed(speech.samples[at : at + step])
    sound.end()
    return sound


def _cut(speech: Speech, piece_s: float = 0.02, *, hurry: bool = False) -> list[Phrase]:
    return list(phrases(_given(speech, piece_s), wanted=lambda: True, hurried=lambda: hurry))


@pytest.mark.parametrize("hurry", [False, True])
def test_phrases_are_the_whole_sound_and_know_what_is_around_them(spoken: Speech, hurry: bool) -> None:
    parts, rate = _cut(spoken, hurry=hurry), spoken.sample_rate
    assert np.array_equal(np.concatenate([part.samples for part in parts]), spoken.samples)
    assert max(len(part.samples) for part in parts) <= LONGEST_S * rate + 0.12 * rate
    for part, after in pairwise(parts):
        assert np.array_equal(part.after[:500], after.samples[:500])
        assert np.array_equal(after.before[-500:], part.samples[-500:])


def test_phrases_end_where_it_is_quiet(spoken: Speech) -> None:
    power = [float(np.mean(part.samples[-480:] ** 2)) for part in _cut(spoken)[:-1]]
    assert np.median(power) < 0.2 * np.mean(spoken.samples**2)


def test_a_hurry_takes_a_short_phrase_and_no_hurry_waits() -> None:
    cutter, rate = PhraseCutter(16_000), 16_000
    cutter.feed(np.ones(rate * 6 // 10, np.float32))
    assert cutter.cut(hurry=False) is None
    short = cutter.cut(hurry=True)
    assert short is not None
    assert 0.4 * rate <= len(short.samples) <= 0.5 * rate
    assert cutter.cut(hurry=True) is None
    rest = cutter.rest()
    assert rest is not None
    assert len(short.samples) + len(rest.samples) == rate * 6 // 10
    assert cutter.rest() is None


def test_motion_of_phrases_is_that_of_the_whole_without_jumps(spoken: Speech) -> None:
    given = {"delivery": Delivery(), "temperament": Temperament(), "fps": 25.0, "seed": 3}
    mover = PhraseMotion("net", **given)
    motions = [mover.motion(part, spoken.sample_rate) for part in _cut(spoken)]
    whole = move("net", Speech(spoken.samples, spoken.sample_rate), **given)
    # Phrases begin at any sample, so their frames lie up to one beside those of the whole.
    jaw = np.concatenate([motion.blendshapes[:, JAW] for motion in motions])
    at = np.linspace(0, len(whole) - 1, len(jaw))
    assert np.corrcoef(jaw, np.interp(at, np.arange(len(whole)), whole.blendshapes[:, JAW]))[0, 1] > 0.8
    head = np.concatenate([motion.head for motion in motions])
    steps = np.abs(np.diff(head[:, :3], axis=0)).max(axis=1)
    borders = np.cumsum([len(motion) for motion in motions])[:-1] - 1
    assert steps[borders].max() < 2.5 * max(steps.mean(), np.abs(np.diff(whole.head[:, :3], axis=0)).max())
    assert {motion.fps for motion in motions} == {25.0}


def test_a_stream_that_is_over_or_too_much_is_refused() -> None:
    sound = GivenSound(16_000)
    assert len(sound.take(0.01)) == 0
    sound.feed(np.array([0.5, np.nan, 7.0], np.float32))
    sound.end()
    sound.feed(np.ones(5, np.float32))
    assert not sound.over
    assert sound.take(1.0).tolist() == [0.5, 0.0, 1.0]
    assert sound.over
    with pytest.raises(UsageError, match="too much sound"):
        GivenSound(8_000).feed(np.zeros(8_000 * 601, np.float32))
    with pytest.raises(UsageError, match="8000 to 48000"):
        GivenSound(96_000)


@pytest.fixture(scope="module")
def engine():
    with LiveEngine(llm="rules", renderer="warp") as opened:
        load_motion(opened.config.motion)
        yield opened


@pytest.fixture(scope="module")
def apple():
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


def test_a_session_plays_sound_after_sound_with_its_face(engine, apple, spoken: Speech) -> None:
    session = engine.open(apple)
    audience = Audience(session)
    numbers = [session.play(_given(spoken)) for _ in range(2)]
    audience.wait_for(lambda: len(audience.of(ReplyDone)) == 2)
    session.close()
    assert [done.reply for done in audience.of(ReplyDone)] == numbers
    assert not audience.of(Caption)
    assert not session.conversation.turns
    sounds = audience.of(Sound)
    assert np.array_equal(
        np.concatenate([sound.samples for sound in sounds]), np.concatenate([spoken.samples] * 2)
    )
    for number in numbers:
        pieces = [sound for sound in sounds if sound.reply == number]
        ends = [piece.at_s + len(piece.samples) / piece.sample_rate for piece in pieces]
        assert [piece.at_s for piece in pieces[1:]] == pytest.approx(ends[:-1], abs=1e-6)
    with FaceDetector() as detector:
        pictures = [p for p in audience.of(Picture) if p.reply == numbers[0]]
        opening = opening_of([detector.detect(p.image)[0].landmarks for p in pictures])
    assert np.ptp(opening) > 0.06


def test_an_interruption_ends_what_is_played_and_what_waits(engine, apple, spoken: Speech) -> None:
    session = engine.open(apple)
    audience = Audience(session)
    endless = GivenSound(spoken.sample_rate)
    endless.feed(spoken.samples)
    first, second = session.play(endless), session.play(_given(spoken))
    audience.wait_for(lambda: audience.of(Sound))
    session.interrupt()
    audience.wait_for(lambda: len(audience.of(Interrupted)) == 2)
    count = len(audience.of(Sound))
    endless.feed(spoken.samples)
    third = session.play(_given(spoken))
    audience.wait_for(lambda: audience.of(ReplyDone))
    session.close()
    assert {event.reply for event in audience.of(Interrupted)} == {first, second}
    assert {sound.reply for sound in audience.of(Sound)[count:]} == {third}
