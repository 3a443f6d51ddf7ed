"""Whole conversations: a scripted model, the real voice, real pictures, the real clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.errors import BackendError, UsageError
from chatanything.evaluation.mouth import opening_of
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.warp import WarpRenderer
from chatanything.live.engine import LiveEngine
from chatanything.live.events import Caption, Closed, Failed, Interrupted, Picture, ReplyDone, Sound
from chatanything.live.parts import Reply
from chatanything.live.session import LiveSession
from chatanything.persona.backends import Message
from chatanything.studio import Studio
from chatanything.types import Float32, UInt8
from tests.tiny.audience import Audience
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights

ANSWER = "Oh, good morning! My momma baked a big apple pie. Would you like some?"
LONG = "Let me tell you a story. " + "Once upon a time there was a boat by the bay. " * 8


@pytest.fixture(scope="module")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


def _engine(llm: Any, **more: Any) -> LiveEngine:
    return LiveEngine(llm=llm, renderer="warp", **more)


def test_an_answer_is_heard_and_seen_on_one_clock(apple: Persona) -> None:
    with _engine(Scripted(ANSWER)) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        audience.wait_for(lambda: len(audience.of(Picture, 0)) > 3)
        number = session.say("Hello, apple!")
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.close()
        audience.join(10)
    sounds, pictures = audience.of(Sound, number), audience.of(Picture, number)
    captions = audience.of(Caption, number)
    assert " ".join(caption.text for caption in captions) == ANSWER
    assert audience.of(ReplyDone)[0].text == ANSWER
    # Inside a sentence one piece of sound begins where the last one ended, to the sample.
    ends = [sound.at_s + len(sound.samples) / sound.sample_rate for sound in sounds]
    starts = {round(caption.at_s, 6) for caption in captions}
    for end, after in zip(ends, sounds[1:], strict=False):
        if round(after.at_s, 6) not in starts:
            assert after.at_s == pytest.approx(end, abs=1e-6)
        else:
            assert after.at_s >= end - 1e-6
    # Sound is handed out before its time; pictures stand on the grid of their sentence, in order.
    arrived = {id(event): at for at, event in audience.taken}
    assert max(arrived[id(sound)] - sound.at_s for sound in sounds) < 0.05
    times = [picture.at_s for picture in audience.of(Picture)]
    assert times == sorted(times)
    assert sounds[0].at_s <= pictures[0].at_s < ends[-1]
    assert isinstance(audience.taken[-1][1], Closed)


class Slow(WarpRenderer):
    """A renderer on a machine that is far too slow."""

    def draw(self, pose: Pose, head: Float32) -> UInt8:
        time.sleep(0.8)
        return super().draw(pose, head)

    @classmethod
    def draw_together(cls, jobs: Sequence[tuple[Slow, Pose, Float32]]) -> list[UInt8]:
        return [renderer.draw(pose, head) for renderer, pose, head in jobs]


def test_slow_drawing_never_holds_the_sound_up(apple: Persona) -> None:
    with _engine(Scripted(LONG)) as engine:
        renderer = Slow(apple.portrait, apple.references)
        session = LiveSession(apple, engine, renderer, motion="auto", fps=25.0, seed=1)
        session.start()
        audience = Audience(session)
        number = session.say("Tell me a story.")
        audience.wait_for(lambda: audience.of(ReplyDone), 120)
        session.close()
        audience.join(10)
    sounds = audience.of(Sound, number)
    ends = [sound.at_s + len(sound.samples) / sound.sample_rate for sound in sounds]
    # Making the sound itself may take longer than it lasts here, so only what drawing adds is judged.
    arrived = [at for at, event in audience.taken if isinstance(event, ReplyDone)]
    last_sound = max(at for at, event in audience.taken if isinstance(event, Sound))
    assert arrived[0] - max(ends[-1], last_sound) < 3.0
    assert 3 < len(audience.of(Picture, number)) < 60


def test_lips_move_with_the_sound_and_rest_between(apple: Persona) -> None:
    with _engine(Scripted("Papa bought a boat. Bob may come along.")) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        number = session.say("What is new?")
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.close()
    with FaceDetector() as detector:
        found = [detector.detect(picture.image) for picture in audience.of(Picture, number)]
        still = [detector.detect(picture.image) for picture in audience.of(Picture, 0)[:6]]
    assert all(found)
    assert all(still)
    speaking = opening_of([faces[0].landmarks for faces in found])
    resting = opening_of([faces[0].landmarks for faces in still])
    assert np.ptp(speaking) > 0.08
    assert resting.max() < 0.05


def test_an_interruption_is_quick_and_final(apple: Persona) -> None:
    model = Scripted(LONG, "All right.", pause_s=0.03)
    with _engine(model) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        number = session.say("Tell me a story.")
        audience.wait_for(lambda: audience.of(Sound, number))
        audience.wait_for(lambda: session.now > audience.of(Sound, number)[0].at_s + 0.3)
        asked = session.now
        session.interrupt()
        took = session.now - asked
        audience.wait_for(lambda: audience.of(Interrupted))
        at = next(when for when, event in audience.taken if isinstance(event, Interrupted))
        second = session.say("Stop, please.")
        audience.wait_for(lambda: audience.of(ReplyDone, second))
        session.close()
    assert took < 0.1
    assert at - asked < 0.15
    late = [e for when, e in audience.taken if when > at and getattr(e, "reply", None) == number]
    assert [type(event) for event in late] in ([], [Interrupted])
    assert not audience.of(ReplyDone, number)
    assert model.stopped == 1
    opening = [m["role"] for m in model.read[0]]
    assert opening[0] == "system"
    assert opening[-1] == "user"
    assert not any("story" in m["content"] for m in model.read[0][1:])
    roles = [(turn.role, turn.text) for turn in session.conversation.turns]
    assert roles[0] == ("user", "Tell me a story.")
    assert roles[1][0] == "assistant"
    assert roles[1][1].endswith("...")
    assert roles[2:] == [("user", "Stop, please."), ("assistant", "All right.")]
    assert [m["role"] for m in model.asked[1]] == [*opening, "assistant", "user"]


def test_the_conversation_is_read_before_the_next_question_comes(apple: Persona) -> None:
    model = Scripted("Good morning, my dear.", "I sang.")
    with _engine(model) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        session.say("Hello!")
        audience.wait_for(lambda: len(model.read) == 2)
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.say("What did you do last night?")
        audience.wait_for(lambda: len(audience.of(ReplyDone)) == 2)
        session.close()
    assert model.read[1][:-1] == model.asked[1][:-1]
    assert [m["role"] for m in model.read[1]] == [*(m["role"] for m in model.read[0]), "assistant", "user"]


def test_a_broken_reply_leaves_the_session_and_its_neighbours_alone(apple: Persona) -> None:
    with _engine(Scripted("BREAK", "I am fine.", "I am fine.")) as engine:
        first, second = engine.open(apple), engine.open(apple)
        ears, other = Audience(first), Audience(second)
        first.say("Hello?")
        ears.wait_for(lambda: ears.of(Failed))
        second.say("How are you?")
        other.wait_for(lambda: other.of(ReplyDone))
        first.say("And now?")
        ears.wait_for(lambda: ears.of(ReplyDone))
        assert "broke down" in ears.of(Failed)[0].message
        assert not other.of(Failed)


class Forgetful(Scripted):
    """Answers, but breaks down when it shall read ahead."""

    def stream(self, messages: Sequence[Message], **more: Any) -> Iterator[str]:
        if more["max_tokens"] == 1:
            self.read.append(messages)
            raise BackendError("the model cannot read ahead")
        yield from super().stream(messages, **more)


def test_an_answer_is_heard_to_its_end_though_reading_ahead_fails(apple: Persona) -> None:
    model = Forgetful(ANSWER)
    with _engine(model) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        session.say("Hello!")
        audience.wait_for(lambda: audience.of(ReplyDone) or audience.of(Failed))
    assert len(model.read) == 2
    assert not audience.of(Failed)
    assert audience.of(ReplyDone)[0].text == ANSWER


class Contested(threading.Event):
    """A reply's flag, for whose change somebody waits who believes that the reply was acted to its end."""

    def __init__(self, session: LiveSession, reply: Reply) -> None:
        super().__init__()
        self.wrong: list[Exception] = []
        self._rival = threading.Thread(target=self._finish, args=[session, reply])

    def _finish(self, session: LiveSession, reply: Reply) -> None:
        try:
            session.finish(reply, session.now)
        except Exception as exc:  # noqa: BLE001 it would end in the thread
            self.wrong.append(exc)

    def set(self) -> None:
        if self._rival.ident is None:
            self._rival.start()
            self._rival.join(0.3)  # it goes ahead, or waits until the reply is over
        super().set()


def test_a_reply_that_fails_is_not_finished_as_well(apple: Persona) -> None:
    with _engine(Scripted("BREAK")) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        reply = Reply(99, "Hello?", verbatim=False)
        reply.cancelled = flag = Contested(session, reply)
        session._open_replies.append(reply)
        session._asked.put(reply)
        audience.wait_for(lambda: audience.of(Failed, 99))
        session.finish(reply, session.now)
    assert flag.wrong == []
    assert not audience.of(ReplyDone)


def test_closing_leaves_no_thread_behind_and_sessions_are_limited(apple: Persona) -> None:
    before = threading.active_count()
    engine = _engine(Scripted(LONG), max_sessions=2)
    for _ in range(5):
        session = engine.open(apple)
        session.say("Talk!")
        time.sleep(0.2)
        session.close()
        assert session.closed
        with pytest.raises(UsageError, match="ended"):
            session.say("Hello?")
    engine.open(apple)
    engine.open(apple)
    with pytest.raises(UsageError, match="too many conversations"):
        engine.open(apple)
    engine.close()
    assert threading.active_count() == before


def test_without_a_model_it_answers_from_its_card(apple: Persona) -> None:
    with _engine("rules") as engine:
        session = engine.open(apple)
        audience = Audience(session)
        session.say("Hello!")
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.say("What do you love?")
        audience.wait_for(lambda: len(audience.of(ReplyDone)) == 2)
    first, second = (done.text for done in audience.of(ReplyDone))
    assert first == apple.card.greeting
    assert second != first
    with pytest.raises(UsageError, match="nothing was said"):
        session.say("   ")


def test_a_listener_is_quiet_and_attentive(apple: Persona) -> None:
    with _engine(Scripted(LONG)) as engine:
        session = engine.open(apple)
        audience = Audience(session)
        number = session.perform("I will now count all of my apples, one by one, until the evening comes.")
        audience.wait_for(lambda: audience.of(Sound, number))
        session.listen(on=True)
        audience.wait_for(lambda: audience.of(Interrupted))
        count = len(audience.of(Sound))
        time.sleep(0.5)
        assert len(audience.of(Sound)) == count
        assert len(audience.of(Picture, 0)) > 2
