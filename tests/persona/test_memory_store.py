"""The memory's file: all or nothing, ids that are given once, files of older versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest

from chatanything.embeddings import embed
from chatanything.errors import NotFoundError, OutputError
from chatanything.persona.memory.memory import Memory
from chatanything.persona.memory.store import MemoryStore, kept, path_for

pytestmark = pytest.mark.weights
VECTOR = np.full(384, 384**-0.5, np.float32)
SECOND_VERSION = """
    CREATE TABLE who (user TEXT NOT NULL, persona TEXT NOT NULL, name TEXT NOT NULL);
    CREATE TABLE turns (id INTEGER PRIMARY KEY, at_s REAL NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE statements (
        id INTEGER PRIMARY KEY, text TEXT NOT NULL, since_s REAL NOT NULL, was TEXT NOT NULL,
        why TEXT NOT NULL, edited INTEGER NOT NULL, vector BLOB NOT NULL
    );
    CREATE TABLE episodes (
        id INTEGER PRIMARY KEY, ended_s REAL NOT NULL, summary TEXT NOT NULL, vector BLOB NOT NULL
    );
    CREATE TABLE to_rewrite (since_s REAL NOT NULL);
    PRAGMA user_version = 2;
    INSERT INTO who VALUES ('ada', 'bram-1', 'Bram');
    INSERT INTO turns VALUES (7, 3.0, 'user', 'Is it late?');
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return path_for("ada", "bram-1", tmp_path)


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    monkeypatch.setattr("chatanything.persona.memory.store._BUSY_S", 0.05)
    memory = Memory("bram-1", "Bram", "ada", tmp_path)
    yield memory
    memory.close()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Somebody who reads: others may begin to write, but not end it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM statements").fetchone()
        yield


def texts(memory: Memory) -> list[str]:
    return [one.text for one in memory.statements]


def test_what_could_not_be_committed_is_rolled_back_and_the_next_is_kept(memory: Memory, path: Path) -> None:
    with reading(path), pytest.raises(OutputError, match="Another program holds it"):
        memory.note("I like plums.", "So do I.", at_s=1.0)
    assert texts(memory) == []
    assert not any("plums" in text for text in memory.recollect("What do I like?").about_user)
    memory.note("I like pears.", "Do you?", at_s=2.0)
    other = Memory("bram-1", "Bram", "ada", path.parent)
    assert texts(other) == texts(memory) == ["I like pears."]
    assert [turn.text for turn in other.turns] == ["I like pears.", "Do you?"]
    other.close()


def test_what_could_not_be_forgotten_or_changed_is_still_known(memory: Memory, path: Path) -> None:
    memory.note("I like plums.", "So do I.", at_s=1.0)
    memory.end_conversations(None, force=True)
    with reading(path):
        with pytest.raises(OutputError):
            memory.forget(1)
        with pytest.raises(OutputError):
            memory.edit(1, "I like pears.")
        memory.note("I want to kill myself.", "", at_s=2.0)  # it needs no file
        with pytest.raises(OutputError):
            memory.note("My sister lives in Lisbon.", "", at_s=3.0)
    assert texts(memory) == ["I like plums."]
    assert [one.summary for one in memory.episodes] == ["The user said: I like plums."]
    memory.forget(1)
    assert (texts(memory), memory.episodes) == ([], ())


def test_what_another_program_writes_meanwhile_is_not_kept_twice(path: Path) -> None:
    memory = Memory("bram-1", "Bram", "ada", path.parent)
    with MemoryStore(path, user="ada", persona_id="bram-1", name="Bram") as store:
        telling = Thread(target=memory.note, args=("I like plums.", "So do I."))
        with store.together():
            store.add("I like plums.", embed(["I like plums."])[0], since_s=1.0, why="")
            telling.start()
            telling.join(1.0)  # long enough to read the message
            assert telling.is_alive()  # and to wait for its turn to write
        telling.join()
        assert [one.text for one, _ in store.statements()] == texts(memory) == ["I like plums."]
        assert len(store.turns()) == 2
    memory.close()


def test_an_id_is_given_once(memory: Memory) -> None:
    for n, fruit in enumerate(("plums", "pears")):
        memory.note(f"I like {fruit}.", "", at_s=float(n))
    memory.forget(2)
    memory.note("My sister lives in Lisbon.", "", at_s=3.0)
    assert [one.id for one in memory.statements] == [1, 3]
    with pytest.raises(NotFoundError):  # asked for once more
        memory.forget(2)


def test_a_file_of_the_last_version_is_taken_over(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript(SECOND_VERSION)
        rows = [(1, "I like plums.", 1.0, "", "", 0), (5, "I like pears.", 2.0, "I hate pears.", "age", 1)]
        file.executemany(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?)", [(*row, VECTOR.tobytes()) for row in rows]
        )
        file.execute("INSERT INTO episodes VALUES (3, 9.0, 'A talk.', ?)", (VECTOR.tobytes(),))
    for _ in range(2):
        with MemoryStore(path, user="ada", persona_id="bram-1", name="Bram") as store:
            held = [one for one, _ in store.statements()]
            assert [(one.id, one.text, one.since_s, one.was, one.why, one.edited) for one in held] == rows
            assert np.array_equal(store.statements()[1][1], VECTOR)
            assert [(one.id, one.summary) for one, _ in store.episodes()] == [(3, "A talk.")]
            assert [(turn.id, turn.text) for turn in store.turns()] == [(7, "Is it late?")]
    assert [one.user for one in kept(path.parent)] == ["ada"]
    with MemoryStore(path, user="ada", persona_id="bram-1", name="Bram") as store:
        store.remove(statements=[5], turns=[7])
        assert store.add("I like figs.", VECTOR, since_s=3.0, why="") == 6
        store.add_turn("user", "Hello?", at_s=4.0)
        assert [turn.id for turn in store.turns()] == [8]


def test_several_may_make_the_file_at_once(path: Path) -> None:
    at_once, failures = Barrier(8), list[Exception]()

    def begin() -> None:
        at_once.wait()
        try:
            MemoryStore(path, user="ada", persona_id="bram-1", name="Bram").close()
        except OutputError as exc:
            failures.append(exc)

    threads = [Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*) FROM who").fetchone() == (1,)
