"""What a live session keeps of a conversation: what was heard, once, however it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.bundle import Persona
from chatanything.live.engine import LiveEngine
from chatanything.live.events import Caption, Failed, Interrupted, ReplyDone
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.store import MemoryStore, path_for
from chatanything.studio import Studio
from tests.tiny.audience import Audience
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights

TOLD = "I play the cello in a quartet."
ANSWER = "Oh, a cello! My momma would love to hear it."
LONG = f"{ANSWER} She has a piano by the window. Papa plays the drums at night. We sing together on Sundays."
USER = "ada"
Told = list[tuple[str, str]]


@pytest.fixture(scope="module")
def apple() -> Persona:
    return Studio(llm="rules", size=256).create("a cheerful apple who sings opera", seed=7)


def memory_of(persona: Persona, folder: Path, user: str = USER) -> Memory:
    return Memory(persona.card.id, persona.card.name, user, folder)


def kept(persona: Persona, folder: Path) -> Told:
    """The messages in the memory's file."""
    path = path_for(USER, persona.card.id, folder)
    with MemoryStore(path, user=USER, persona_id=persona.card.id, name="") as store:
        return [(turn.role, turn.text) for turn in store.turns()]


@pytest.mark.parametrize("ends_by", ["interrupting", "closing"])
def test_only_what_was_heard_is_kept(apple: Persona, tmp_path: Path, ends_by: str) -> None:
    with LiveEngine(llm=Scripted(LONG), renderer="warp") as engine:
        session = engine.open(apple, memory=memory_of(apple, tmp_path))
        audience = Audience(session)
        number = session.say(TOLD)
        audience.wait_for(lambda: len(audience.of(Caption, number)) > 1)
        # A voice on a slow machine is hardly ahead: the clock goes back to just before the latest sentence.
        session._began += session.now - audience.of(Caption, number)[-1].at_s + 0.01
        if ends_by == "interrupting":
            session.interrupt()
            audience.wait_for(lambda: audience.of(Interrupted, number))
        session.close()
        heard = session.conversation.turns[1].text.removesuffix(" ...")
        handed_out = " ".join(said.text for said in audience.of(Caption, number))
    assert heard
    assert handed_out.startswith(heard)
    assert len(handed_out) > len(heard)
    assert kept(apple, tmp_path) == [("user", TOLD), ("assistant", heard)]


def test_an_answer_that_was_heard_is_kept_once(apple: Persona, tmp_path: Path) -> None:
    memory = memory_of(apple, tmp_path)
    with LiveEngine(llm=Scripted(ANSWER), renderer="warp") as engine:
        session = engine.open(apple, memory=memory)
        audience = Audience(session)
        session.say(TOLD)
        audience.wait_for(lambda: audience.of(ReplyDone))
        audience.wait_for(lambda: memory.statements)  # without another message, and before the end
        session.close()
    assert kept(apple, tmp_path) == [("user", TOLD), ("assistant", ANSWER)]


def test_what_was_told_is_read_ahead_once_it_is_known(apple: Persona, tmp_path: Path) -> None:
    model = Scripted(ANSWER, "I sang.")
    with LiveEngine(llm=model, renderer="warp") as engine:
        session = engine.open(apple, memory=memory_of(apple, tmp_path))
        audience = Audience(session)
        session.say(TOLD)
        audience.wait_for(lambda: len(model.read) == 3)
        session.say("What did you do last night?")
        audience.wait_for(lambda: len(audience.of(ReplyDone)) == 2)
    assert TOLD in model.read[2][0]["content"]
    assert model.read[2][:-1] == model.asked[1][:-1]


def test_a_message_whose_answer_failed_is_kept(apple: Persona, tmp_path: Path) -> None:
    with LiveEngine(llm=Scripted("BREAK", ANSWER), renderer="warp") as engine:
        session = engine.open(apple, memory=memory_of(apple, tmp_path))
        audience = Audience(session)
        session.say(TOLD)
        audience.wait_for(lambda: audience.of(Failed))
        session.say("And I am ill.")
        audience.wait_for(lambda: audience.of(ReplyDone))
    said = [("user", TOLD), ("user", "And I am ill."), ("assistant", ANSWER)]
    assert kept(apple, tmp_path) == said


def test_what_is_only_performed_is_not_kept(apple: Persona, tmp_path: Path) -> None:
    with LiveEngine(llm=Scripted(ANSWER), renderer="warp") as engine:
        session = engine.open(apple, memory=memory_of(apple, tmp_path))
        audience = Audience(session)
        session.perform("Bravo!")
        audience.wait_for(lambda: audience.of(ReplyDone))
    assert kept(apple, tmp_path) == []


def test_a_damaged_memory_keeps_no_session_open(apple: Persona, tmp_path: Path) -> None:
    users = ("ada", "bob")
    with LiveEngine(llm=Scripted(ANSWER), renderer="warp") as engine:
        sessions = [engine.open(apple, memory=memory_of(apple, tmp_path, user)) for user in users]
        for user in users:
            path_for(user, apple.card.id, tmp_path).write_bytes(b"no memory at all" * 1000)
    assert all(session.closed for session in sessions)
