"""The ledger of an output folder: one SQLite file that says of every job how far it is, and of every try what
became of it.

It is the truth about the folder. A video is first made under a hidden name, then recorded here ("made"), then
moved to its own name, then recorded as done; each step is on the disk before the next begins. Whatever stops
the process in between, the next run sees which step was the last.
"""  # noqa: D205 - one sentence

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from chatanything.errors import OutputError

State = Literal["waiting", "working", "made", "done", "failed"]
Outcome = Literal["", "made", "failed", "lost"]
FILE: Final = "ledger.sqlite3"
_MIGRATIONS: Final = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, began_s REAL NOT NULL, ended_s REAL, engine TEXT NOT NULL,
        workers INTEGER NOT NULL
    );
    CREATE TABLE jobs (
        out TEXT PRIMARY KEY, key TEXT NOT NULL, position INTEGER NOT NULL, line INTEGER NOT NULL,
        label TEXT NOT NULL, job TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
        reason TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', sidecar TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0, video_s REAL NOT NULL DEFAULT 0, took_s REAL NOT NULL DEFAULT 0,
        stages TEXT NOT NULL DEFAULT '{}', reused TEXT NOT NULL DEFAULT '[]',
        thumbnail BLOB NOT NULL DEFAULT x''
    );
    CREATE TABLE tries (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, out TEXT NOT NULL, key TEXT NOT NULL,
        worker TEXT NOT NULL, began_s REAL NOT NULL, ended_s REAL, outcome TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX tries_of_a_job ON tries (out);
    """,
)
"""In order; `PRAGMA user_version` counts those that were applied. Never edit one, add the next."""
_BUSY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What a run wants to have made."""

    out: str
    """The video's name inside the folder."""
    key: str
    """Hash of everything that the user chose about it, files included."""
    line: int
    label: str
    """Who speaks, for people."""
    job: str
    """The job as JSON."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished video that is not yet under its name."""

    sha256: str
    sidecar: str
    """The sidecar's sha256."""
    size: int
    """Bytes of the video."""
    video_s: float
    took_s: float
    """Seconds that making it took."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Stage -> seconds, as recorded when it ran."""
    reused: tuple[str, ...] = ()
    """Stages whose result was there already."""
    thumbnail: bytes = b""
    """JPEG."""


@dataclass(frozen=True, slots=True)
class Row:
    """One job of the ledger."""

    out: str
    key: str
    position: int
    """In the list, from 0; -1 for one that the latest list does not have."""
    line: int
    label: str
    job: str
    state: State
    reason: str
    """Why it failed, or why it waits again."""
    made: Made


@dataclass(frozen=True, slots=True)
class Try:
    """One try to make a video."""

    run: int
    out: str
    key: str
    worker: str
    began_s: float
    ended_s: float | None
    outcome: Outcome
    """"" while it runs, or when its run was killed."""
    reason: str


class Ledger:
    """Reads and writes the ledger of a folder; use it as a context manager. One thread uses it.

    Args:
        folder: The output folder.
        read_only: Change nothing; the file must be there.

    Raises:
        OutputError: The file cannot be made or read, is of a newer version, or the disk is full.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.path = folder / FILE
        with _clear(self.path):
            how = "rwc"
            if read_only:
                # Without a log beside it nobody writes, and SQLite needs no helper files.
                how = "ro" if self.path.with_name(f"{FILE}-wal").exists() else "ro&immutable=1"
            where = f"{self.path.absolute().as_uri()}?mode={how}"
            self._db = sqlite3.connect(
                where, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            try:
                if not read_only:
                    # Where there is no shared memory (some network disks) SQLite keeps its own journal.
                    self._db.execute("PRAGMA journal_mode = WAL")
                    self._db.execute("PRAGMA synchronous = FULL")
                self._migrate(read_only=read_only)
            except BaseException:
                self._db.close()
                raise

    def _migrate(self, *, read_only: bool) -> None:
        done = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if done > len(_MIGRATIONS) or (read_only and done < len(_MIGRATIONS)):
            raise OutputError(
                f"the ledger {self.path} is of another version",
                hint="Upgrade chatanything, or take another folder with -o.",
            )
        for number, script in enumerate(_MIGRATIONS[done:], start=done + 1):
            self._db.executescript(f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;")

    # ------------------------------------------------------------------ a run

    def begin_run(self, engine: str, workers: int) -> int:
        """Note that a run begins; its id."""
        with self._together():
            return self._change(
                "INSERT INTO runs (began_s, engine, workers) VALUES (?, ?, ?)", (time.time(), engine, workers)
            )

    def end_run(self, run: int) -> None:
        """Note that it came to its end, with whatever result."""
        with self._together():
            self._change("UPDATE runs SET ended_s = ? WHERE id = ?", (time.time(), run))

    def enlist(self, entries: Sequence[Entry]) -> None:
        """Take the jobs of a list; what was recorded of a job with the same key stays.

        A job whose key has changed is to be made again. Jobs that this list does not have stay recorded,
        since their videos stay too.
        """
        with self._together():
            self._change("UPDATE jobs SET position = -1", ())
            for position, entry in enumerate(entries):
                self._change("DELETE FROM jobs WHERE out = ? AND key <> ?", (entry.out, entry.key))
                self._change(
                    "INSERT INTO jobs (out, key, position, line, label, job) VALUES (?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (out) DO UPDATE SET position = excluded.position, line = excluded.line",
                    (entry.out, entry.key, position, entry.line, entry.label, entry.job),
                )

    # ------------------------------------------------------------------ a job's way

    def begin(self, run: int, out: str, worker: str) -> int:
        """Note that a worker begins with a job; the try's id."""
        with self._together():
            self._change("UPDATE jobs SET state = 'working', reason = '' WHERE out = ?", (out,))
            return self._change(
                "INSERT INTO tries (run, out, key, worker, began_s) "
                "SELECT ?, out, key, ?, ? FROM jobs WHERE out = ?",
                (run, worker, time.time(), out),
            )

    def made(self, number: int | None, out: str, made: Made, reason: str = "") -> None:
        """Note that a video is whole, under its hidden name, and what it is.

        Args:
            number: The try; None for the last one of a run that was killed.
            out: The job.
            made: What was made.
            reason: How it comes that it is known only now.
        """
        values = (
            made.sha256, made.sidecar, made.size, made.video_s, made.took_s, json.dumps(dict(made.stages)),
            json.dumps(made.reused), made.thumbnail, out,
        )  # fmt: skip
        with self._together():
            self._change(
                "UPDATE jobs SET state = 'made', reason = '', sha256 = ?, sidecar = ?, size = ?, "
                "video_s = ?, took_s = ?, stages = ?, reused = ?, thumbnail = ? WHERE out = ?",
                values,
            )
            self._end_try(number, out, "made", reason)

    def done(self, out: str) -> None:
        """Note that the video is under its own name."""
        with self._together():
            self._change("UPDATE jobs SET state = 'done', reason = '' WHERE out = ?", (out,))

    def again(self, number: int | None, out: str, outcome: Outcome, reason: str) -> None:
        """Note that a try came to nothing and the job waits again; arguments as of `made`."""
        with self._together():
            self._change("UPDATE jobs SET state = 'waiting', reason = ? WHERE out = ?", (reason, out))
            self._end_try(number, out, outcome, reason)

    def failed(self, number: int, out: str, reason: str) -> None:
        """Note that a job failed for good in this run."""
        with self._together():
            self._change("UPDATE jobs SET state = 'failed', reason = ? WHERE out = ?", (reason, out))
            self._end_try(number, out, "failed", reason)

    def _end_try(self, number: int | None, out: str, outcome: Outcome, reason: str) -> None:
        which, value = ("id = ?", number) if number is not None else ("out = ? AND outcome = ''", out)
        self._change(
            f"UPDATE tries SET ended_s = ?, outcome = ?, reason = ? WHERE {which}",  # noqa: S608 both are ours
            (time.time(), outcome, reason, value),
        )

    # ------------------------------------------------------------------ reading

    def rows(self, *, listed: bool = True, pictures: int = 0) -> list[Row]:
        """The jobs in the order of the list.

        Args:
            listed: Only those of the latest list.
            pictures: Thumbnails come with so many of the first jobs.
        """
        found = self._ask(
            "SELECT out, key, position, line, label, job, state, reason, sha256, sidecar, size, video_s, "
            "took_s, stages, reused, CASE WHEN position < ? THEN thumbnail ELSE x'' END "
            "FROM jobs WHERE position >= ? ORDER BY position, out",
            (pictures, 0 if listed else -1),
        )
        return [_row(*row) for row in found]

    def tries(self) -> list[Try]:
        """All tries, the oldest first."""
        columns = "run, out, key, worker, began_s, ended_s, outcome, reason"
        return [Try(*row) for row in self._ask(f"SELECT {columns} FROM tries ORDER BY id")]  # noqa: S608 ours

    # ------------------------------------------------------------------ SQLite

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Everything that is written in the block, or nothing; it is on the disk once the block is left."""
        with _clear(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled it back already.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _clear(self.path):
            return self._db.execute(query, values).fetchall()

    def _change(self, query: str, values: Sequence[Any]) -> int:
        return int(self._db.execute(query, values).lastrowid or 0)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        """The ledger itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def _row(*values: Any) -> Row:
    job, (sha256, sidecar, size, video_s, took_s, stages, reused, picture) = values[:8], values[8:]
    made = Made(
        sha256, sidecar, size, video_s, took_s, json.loads(stages), tuple(json.loads(reused)), picture
    )
    out, key, position, line, label, words, state, reason = job
    return Row(out, key, position, line, label, words, state, reason, made)


@contextmanager
def _clear(path: Path) -> Iterator[None]:
    """SQLite's errors as one clear line."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        hint = "Check the disk and the file's rights; the same command goes on where it stopped."
        raise OutputError(f"the ledger {path} cannot be written", got=str(exc), hint=hint) from exc
    except sqlite3.DatabaseError as exc:
        hint = f"Move it away to begin anew: mv '{path}' '{path}.broken'"
        raise OutputError(f"the ledger {path} cannot be read", got=str(exc), hint=hint) from exc
