"""What fills the pause before a late answer: a sound in the character's own voice, and then the words."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.live.engine import LiveEngine
from chatanything.live.events import Caption, Picture, ReplyDone, Sound
from chatanything.live.hesitating import PATIENCE_S, sounds_of
from chatanything.live.session import LiveSession
from chatanything.studio import Studio
from tests.tiny.audience import Audience
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
ANSWER = "Baked apples are a crime, and I will say no more."


@pytest.fixture(scope="module")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


def _rested(session: LiveSession, audience: Audience) -> None:
    """Wait until the character has made its sounds: it has nothing else to do."""
    audience.wait_for(lambda: len(session._hesitator._made) == len(sounds_of(session.persona.card)))


def test_a_late_answer_is_announced_and_its_words_come_whole(apple: Persona) -> None:
    with LiveEngine(llm=Scripted(ANSWER, pause_s=1.0), renderer="warp") as engine:
        session = engine.open(apple)
        audience = Audience(session)
        _rested(session, audience)
        asked = session.now
        number = session.say("Shall I bake you?")
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.close()
    sounds, captions = audience.of(Sound, number), audience.of(Caption, number)
    heard = [sound for sound in sounds if sound.at_s < captions[0].at_s]
    assert PATIENCE_S <= sounds[0].at_s - asked < PATIENCE_S + 0.5
    assert max(np.abs(sound.samples).max() for sound in heard) > 0.1
    assert any(picture.at_s < captions[0].at_s for picture in audience.of(Picture, number))
    ends = heard[-1].at_s + len(heard[-1].samples) / heard[-1].sample_rate
    assert captions[0].at_s >= ends - 1e-6
    # It is no part of what was said: not in the captions, and not in what the model reads later.
    assert " ".join(caption.text for caption in captions) == ANSWER
    assert audience.of(ReplyDone)[0].text == ANSWER


def test_words_that_are_given_are_said_and_nothing_else(apple: Persona) -> None:
    with LiveEngine(llm=Scripted(ANSWER), renderer="warp") as engine:
        session = engine.open(apple)
        audience = Audience(session)
        _rested(session, audience)
        number = session.perform("Once upon a time there was a boat by the bay, and a bird on the boat.")
        audience.wait_for(lambda: audience.of(ReplyDone))
        session.close()
    assert audience.of(Sound, number)[0].at_s >= audience.of(Caption, number)[0].at_s - 1e-6


def test_an_interruption_ends_the_announcement_as_well(apple: Persona) -> None:
    with LiveEngine(llm=Scripted(ANSWER, pause_s=5.0), renderer="warp") as engine:
        session = engine.open(apple)
        audience = Audience(session)
        _rested(session, audience)
        number = session.say("Shall I bake you?")
        session.interrupt()
        audience.wait_for(lambda: session.now > PATIENCE_S + 1.0)
        asked = session.now
        audience.wait_for(lambda: session.now > asked + PATIENCE_S + 0.5)
        session.close()
    assert not audience.of(Sound, number)


def test_a_mood_decides_and_another_language_keeps_silent(apple: Persona) -> None:
    card = apple.card
    grump, cheerful = (
        card.model_copy(update={"personal": card.personal.model_copy(update={"mood": mood})})
        for mood in ("angry", "happy")
    )
    assert sounds_of(grump) != sounds_of(cheerful)
    assert sounds_of(card.model_copy(update={"language": "fr"})) == ()
