"""The ledger: what it keeps, in which order, and what it refuses."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from chatanything.batch.ledger import FILE, Entry, Ledger, Made
from chatanything.batch.manifest import Job
from chatanything.batch.order import Task, Waiting
from chatanything.batch.place import DiskFullError, FolderBusyError, Place, is_out_of_space
from chatanything.errors import OutputError
from chatanything.evaluation.batch import made_twice

MADE = Made("a" * 64, "b" * 64, 5, 1.5, 0.25, {"render": 0.1}, ("speech",), b"jpeg")


def entry(out: str, key: str = "k", line: int = 1) -> Entry:
    return Entry(out, key, line, "a clerk", "{}")


def test_a_job_goes_its_way(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.enlist([entry("b.mp4"), entry("a.mp4", line=2)])
        run = ledger.begin_run("local", 1)
        first = ledger.begin(run, "b.mp4", "1")
        ledger.again(first, "b.mp4", "failed", "no server")
        second = ledger.begin(run, "b.mp4", "1")
        ledger.made(second, "b.mp4", MADE)
        ledger.done("b.mp4")
        ledger.failed(ledger.begin(run, "a.mp4", "1"), "a.mp4", "no words")
        ledger.end_run(run)
    with Ledger(tmp_path, read_only=True) as ledger:
        rows, tries = ledger.rows(pictures=1), ledger.tries()
    assert [(row.out, row.state, row.reason) for row in rows] == [
        ("b.mp4", "done", ""),
        ("a.mp4", "failed", "no words"),
    ]
    assert rows[0].made == MADE
    assert rows[1].made.thumbnail == b""
    assert [(one.out, one.outcome, one.reason) for one in tries] == [
        ("b.mp4", "failed", "no server"),
        ("b.mp4", "made", ""),
        ("a.mp4", "failed", "no words"),
    ]
    assert all(one.ended_s is not None and one.ended_s >= one.began_s for one in tries)
    assert not made_twice(tries)
    assert made_twice([*tries, tries[0]]) == 1


def test_another_list_keeps_what_is_the_same(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.enlist([entry("a.mp4"), entry("b.mp4"), entry("c.mp4")])
        run = ledger.begin_run("local", 1)
        for out in ("a.mp4", "b.mp4", "c.mp4"):
            ledger.made(ledger.begin(run, out, "1"), out, MADE)
            ledger.done(out)
        ledger.enlist([entry("d.mp4"), entry("b.mp4", "other"), entry("a.mp4", line=7)])
        assert [(row.out, row.state, row.line) for row in ledger.rows()] == [
            ("d.mp4", "waiting", 1),
            ("b.mp4", "waiting", 1),
            ("a.mp4", "done", 7),
        ]
        kept = {row.out: (row.key, row.state) for row in ledger.rows(listed=False)}
        assert kept["c.mp4"] == ("k", "done")


def test_reading_leaves_no_files_behind(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.enlist([entry("a.mp4")])
    with Ledger(tmp_path, read_only=True) as ledger:
        assert len(ledger.rows()) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_files_that_are_no_ledger(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a data base, and longer than a header of a hundred bytes" * 3)
    with pytest.raises(OutputError, match="cannot be read"):
        Ledger(tmp_path)
    (tmp_path / FILE).unlink()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(OutputError, match="another version"):
        Ledger(tmp_path)


def test_a_folder_has_one_batch_at_a_time(tmp_path: Path) -> None:
    first, second = Place(tmp_path), Place(tmp_path)
    with first.held():
        with (
            pytest.raises(FolderBusyError, match=r"another batch works in .*process") as caught,
            second.held(),
        ):
            pass
        assert "\n" not in str(caught.value)
    with second.held():
        pass


def test_a_full_disk_is_known_by_its_error() -> None:
    assert is_out_of_space(OSError(28, "No space left on device"))
    outer = OutputError("x cannot be signed")
    outer.__cause__ = ValueError("Io: No space left on device (os error 28)")
    assert is_out_of_space(outer)
    assert is_out_of_space(sqlite3.OperationalError("database or disk is full"))
    assert not is_out_of_space(OSError(13, "Permission denied"))
    assert "same command" in str(DiskFullError("x"))


def test_workers_keep_to_a_persona_while_there_is_other_work() -> None:
    names = ["x", "y", "x", "y", "x", "z"]
    tasks = [
        Task(number, Job(description=name, text=str(number)), "k", ready_s=9.0 if number == 5 else 0.0)
        for number, name in enumerate(names)
    ]
    waiting = Waiting(tasks)
    order = [waiting.take(worker, now_s=1.0) for worker in ("1", "2", "1", "2", "1")]
    assert [task.number for task in order if task] == [0, 1, 2, 3, 4]
    assert waiting.take("1", now_s=1.0) is None
    assert waiting.next_ready_s() == 9.0
    last = waiting.take("1", now_s=9.5)
    assert last is not None
    assert last.number == 5
    assert not waiting
