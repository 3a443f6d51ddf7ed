"""What speaks of something that is forgotten goes with it; a file that is removed is out of every session."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from chatanything.errors import NotFoundError
from chatanything.persona.backends import Message
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.records import Statement
from chatanything.persona.memory.store import MemoryStore, forget_file, path_for
from chatanything.persona.memory.traces import Traces
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
Open = Callable[[], Memory]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return lambda: Memory("bram-1", "Bram", "ada", tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return path_for("ada", "bram-1", tmp_path)


def texts(memory: Memory) -> list[str]:
    return [one.text for one in memory.statements]


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("My phone number is 5550142.", "So 5550142, I shall keep that to myself."),
        ("My phone number is 5550142.", "Ring 555-0142 tonight."),
        ("My phone number is +49 170 5550142.", "Under 0170 5550142 somebody answers."),
        ("I was born on 12.03.1987 in a big storm at sea.", "Somebody told of 1987."),
        ("I am 34 and still fond of loud music and late evenings.", "At 34 one is young."),
        ("Our long holiday house has the door code A7X9 at its gate.", "Type a7x9 there."),
        ("My brother is called Gareth.", "Gareth's coming tomorrow, he snores."),
        ("My little brother who drives lorries is called Gareth.", "gareth’s lorry broke down."),
        ("Gareth is my best friend and fixes lorries for a living.", "Gareth's coming tomorrow."),
        ("My old neighbour who sells flowers is called Élodie.", "Élodie sang all night."),
        ("My old neighbour who sells flowers is called Élodie.", "It was E\u0301lodie's turn."),
        ("My aunt Ross-Miller keeps bees and goats up north.", "So Ross's honey was sold out."),
        ("Every winter I go skiing with dear old Jo of the bakery.", "Then Jo laughed."),
    ],
)
def test_names_numbers_and_words_give_a_statement_away(statement: str, text: str) -> None:
    traces = Traces(Statement(1, statement, 1.0))
    assert traces.are_in(text)
    assert traces.named_in(["Nothing of it.", text, "Nor here: 77."]) == {1}


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("My phone number is 5550142.", "It is 5550143 now, or 142."),
        ("I am 34 and still fond of loud music and late evenings.", "There are 134 of 345 left, 3 or 4."),
        ("My little brother who drives lorries is called Gareth.", "Margareth sings, so does Garethson."),
        ("Swimming in the lake every morning keeps my old bones fit.", "She likes swimming."),
        ("The tide took my boat to Oban last night.", "The soup is hot."),
    ],
)
def test_what_has_nothing_of_a_statement_stays(statement: str, text: str) -> None:
    traces = Traces(Statement(1, statement, 1.0))
    assert not traces.are_in(text)
    assert traces.named_in([text]) == set()


def test_what_a_statement_replaced_gives_it_away_as_well() -> None:
    traces = Traces(
        Statement(1, "I live in Genoa, right beside the loud old harbour.", 1.0, was="I live in Turin")
    )
    assert traces.are_in("How is Turin?")
    assert traces.are_in("Genoa!")


def test_a_word_in_the_genitive_gives_it_away_as_well(opened: Open) -> None:
    assert Traces(Statement(1, "My brother's boat is red.", 1.0)).are_in("How is the brother?")
    memory = opened()
    memory.note("My brother has a boat.", "", at_s=1.0)
    memory.end_conversations(Scripted("About the brother's troubles."), force=True)
    memory.forget(1)
    assert memory.episodes == ()


def test_a_number_and_a_name_are_nowhere_in_the_file(opened: Open, path: Path) -> None:
    memory = opened()
    memory.note("My phone number is 5550142.", "So 5550142, I shall keep that to myself.", at_s=1.0)
    memory.note("My brother is called Gareth.", "Is he?", at_s=2.0)
    memory.note("Gareth's coming tomorrow, he snores.", "Earplugs it is!", at_s=3.0)
    memory.note("The sea is rough.", "It is indeed.", at_s=4.0)
    memory.end_conversations(Scripted("A talk about Gareth's snoring."), force=True)
    memory.note("Ring 555-0142 when he sleeps.", "Aye, and wake him.", at_s=1e6)
    memory.note("The sea is calm.", "For now.", at_s=1e6 + 1)
    for one in memory.statements:
        memory.forget(one.id)
    assert memory.episodes == ()
    assert [turn.text for turn in memory.turns] == [
        "The sea is calm.",
        "For now.",
    ]  # no half of an exchange stays
    memory.close()
    stored = path.read_bytes()
    assert not [word for word in (b"5550142", b"0142", b"Gareth", b"wake him") if word in stored]
    assert b"The sea is calm." in stored


def test_what_is_forgotten_while_it_is_answered_does_not_come_back(opened: Open, path: Path) -> None:
    memory, other = opened(), opened()
    memory.note("My sister Nora lives in Lisbon.", "Oh.", at_s=1.0)
    memory.recollect("Where should I go?")
    memory.recollect("")
    memory.recollect("Is it going to rain?")
    other.forget(1)
    memory.note("Where should I go?", "Nora is in Lisbon.", at_s=2.0)
    memory.note("Is it going to rain?", "Aye.", at_s=3.0)
    assert [turn.text for turn in memory.turns] == ["Is it going to rain?", "Aye."]
    assert b"Lisbon" not in path.read_bytes()
    memory.recollect("My sister Nora lives in Lisbon.")
    memory.note("My sister Nora lives in Lisbon.", "Oh.", at_s=4.0)  # it is told anew
    assert texts(memory) == ["My sister Nora lives in Lisbon."]


def test_a_summary_does_not_tell_what_was_forgotten_while_it_was_written(opened: Open) -> None:
    memory, other = opened(), opened()
    memory.note("My sister Nora lives in Lisbon.", "Oh.", at_s=1.0)

    class Slow(Scripted):
        def complete(
            self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
        ) -> str:
            other.forget(1)
            return super().complete(messages, seed=seed, max_tokens=max_tokens, stop=stop)

    memory.end_conversations(Slow("The user's sister Nora lives in Lisbon."), force=True)
    assert memory.episodes == ()
    assert memory.turns == ()


def test_a_removed_file_is_forgotten_in_an_open_session_too(opened: Open, path: Path) -> None:
    memory = opened()
    memory.note("My secret cabin stands near Ullapool.", "Aye.", at_s=1.0)
    memory.end_conversations(None, force=True)
    memory.recollect("Where is my cabin?")
    with path.open("rb") as still_open:  # as a session has it
        forget_file(path)
        assert b"Ullapool" not in still_open.read()
    assert list(path.parent.iterdir()) == []
    known = memory.recollect("Where is my secret cabin?")
    assert (known.about_user, known.remembered) == ((), ())
    assert (memory.statements, memory.episodes, memory.turns) == ((), (), ())
    memory.note("Where is my cabin?", "In Ullapool.", at_s=2.0)  # it was answered before
    memory.end_conversations(None, force=True)
    assert not path.exists()
    with pytest.raises(NotFoundError):
        memory.forget(1)
    memory.recollect("I like plums.")
    memory.note("I like plums.", "So do I.", at_s=3.0)
    assert texts(memory) == ["I like plums."]
    other = opened()
    assert texts(other) == ["I like plums."]
    other.close()
    memory.close()
    assert b"Ullapool" not in path.read_bytes()


def test_a_file_that_another_session_began_anew_is_taken_over(opened: Open, path: Path) -> None:
    memory = opened()
    memory.note("My secret cabin stands near Ullapool.", "Aye.", at_s=1.0)
    forget_file(path)
    other = opened()
    other.note("I like plums.", "So do I.", at_s=2.0)
    assert texts(memory) == ["I like plums."]
    memory.note("I like pears.", "Do you?", at_s=3.0)
    assert texts(other) == ["I like plums.", "I like pears."]


def test_the_memory_of_a_persona_that_is_gone_is_quietly_off(tmp_path: Path, path: Path) -> None:
    memory = Memory("bram-1", "Bram", "ada", tmp_path, may_begin=lambda: False)
    memory.note("I like plums.", "So do I.", at_s=1.0)
    forget_file(path)
    memory.recollect("I like pears.")
    memory.note("I like pears.", "Do you?", at_s=2.0)
    assert texts(memory) == []
    memory.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_memory_or_held_by_somebody_is_removed_as_well(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"no data base at all" * 99)
    forget_file(path)
    forget_file(path)
    MemoryStore(path, user="ada", persona_id="bram-1", name="Bram").close()
    monkeypatch.setattr("chatanything.persona.memory.store._BUSY_S", 0.01)
    with closing(sqlite3.connect(path, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        forget_file(path)
    assert list(path.parent.iterdir()) == []
