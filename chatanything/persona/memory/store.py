"""One SQLite file for what one character knows of one user.

A file of its own makes forgetting simple: with the file everything is gone. Inside it, what is deleted is
overwritten at once (SQLite's secure_delete). Moving rows about may still leave bits of a text in the slack of
a page, so a file that something was erased from is also written anew, when it is closed: that takes a third
of a second with 10,000 entries, too long for a talk. Until then the file itself says that it is due, and
whoever opens it next after a crash does it.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from chatanything.errors import ChatAnythingError, OutputError
from chatanything.persona.memory.records import Episode, Statement, Turn
from chatanything.settings import settings
from chatanything.types import Float32

_MIGRATIONS: Final = (
    """
    CREATE TABLE who (user TEXT NOT NULL, persona TEXT NOT NULL, name TEXT NOT NULL);
    CREATE TABLE turns (id INTEGER PRIMARY KEY, at_s REAL NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE statements (
        id INTEGER PRIMARY KEY, text TEXT NOT NULL, since_s REAL NOT NULL, was TEXT NOT NULL,
        why TEXT NOT NULL, edited INTEGER NOT NULL, vector BLOB NOT NULL
    );
    CREATE TABLE episodes (
        id INTEGER PRIMARY KEY, ended_s REAL NOT NULL, summary TEXT NOT NULL, vector BLOB NOT NULL
    );
    """,
    "CREATE TABLE to_rewrite (since_s REAL NOT NULL);",
    # An id is never given twice: who asks again to forget 5 must not lose what was told after it.
    """
    CREATE TABLE lasting (
        id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, since_s REAL NOT NULL, was TEXT NOT NULL,
        why TEXT NOT NULL, edited INTEGER NOT NULL, vector BLOB NOT NULL
    );
    INSERT INTO lasting SELECT id, text, since_s, was, why, edited, vector FROM statements;
    DROP TABLE statements;
    ALTER TABLE lasting RENAME TO statements;
    CREATE TABLE lasting (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at_s REAL NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL
    );
    INSERT INTO lasting SELECT id, at_s, role, text FROM turns;
    DROP TABLE turns;
    ALTER TABLE lasting RENAME TO turns;
    """,
)
"""In order; `PRAGMA user_version` counts those that were applied. Never edit one, add the next."""
_BUSY_S: Final = 5.0


def default_folder() -> Path:
    """Where the memories of this machine's user are kept."""
    chosen = settings().memory
    return chosen.expanduser() if chosen else settings().cache / "memory"


def path_for(user: str, persona_id: str, folder: Path | None = None) -> Path:
    """The file of one user and one character; names are hashed, so that no name can be a path.

    Args:
        user: Whose memory, as the caller names him.
        persona_id: The character's id.
        folder: Where memories are kept; None is `default_folder`.
    """
    key = hashlib.sha256(f"{user}\0{persona_id}".encode()).hexdigest()[:32]
    return (folder or default_folder()) / f"{key}.sqlite3"


class MemoryStore:
    """Reads and writes one file; use it as a context manager. One thread at a time may use it.

    Args:
        path: The file; it is made where there is none.
        user: Whose memory.
        persona_id: Which character's.
        name: The character's name, for people who look at it later.

    Raises:
        OutputError: The file cannot be made, is locked by somebody else or is no memory file.
    """

    def __init__(self, path: Path, *, user: str, persona_id: str, name: str) -> None:
        self.path = path
        self._is_closed = False
        with _clear(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._db = sqlite3.connect(path, timeout=_BUSY_S, check_same_thread=False, isolation_level=None)
            try:
                path.chmod(0o600)
                self._db.execute("PRAGMA secure_delete = ON")
                self._prepare(user, persona_id, name)
            except BaseException:
                self._db.close()
                raise
        self._place = _place_of(path)
        self._rewrite_if_due()

    def _prepare(self, user: str, persona_id: str, name: str) -> None:
        """Make the tables, or bring those of an older version up to date."""
        if self._schema() > len(_MIGRATIONS):
            raise OutputError(
                f"the memory file {self.path} is of a newer version", hint="Upgrade chatanything, or move it."
            )
        if self._schema() == len(_MIGRATIONS) and self._ask("SELECT 1 FROM who"):
            return
        with self.together():
            # Another program may have been faster; what it did is seen here.
            for number, script in enumerate(_MIGRATIONS[self._schema() :], start=self._schema() + 1):
                for statement in script.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {number}")
            if not self._ask("SELECT 1 FROM who"):
                self._change("INSERT INTO who VALUES (?, ?, ?)", (user, persona_id, name))

    def _schema(self) -> int:
        return int(self._ask("PRAGMA user_version")[0][0])

    @property
    def is_gone(self) -> bool:
        """Whether the file was removed, even if another one has taken its place."""
        return self._place is None or _place_of(self.path) != self._place

    @property
    def version(self) -> int:
        """Changes when another connection changed the file."""
        return int(self._ask("PRAGMA data_version")[0][0])

    def statements(self) -> list[tuple[Statement, Float32]]:
        """All that hold with their embeddings, the oldest first."""
        rows = self._ask("SELECT id, text, since_s, was, why, edited, vector FROM statements ORDER BY id")
        return [
            (Statement(number, text, since, was, why, bool(edited)), _vector(blob))
            for number, text, since, was, why, edited, blob in rows
        ]

    def episodes(self) -> list[tuple[Episode, Float32]]:
        """Earlier conversations with their embeddings, the oldest first."""
        rows = self._ask("SELECT id, ended_s, summary, vector FROM episodes ORDER BY id")
        return [(Episode(number, ended, summary), _vector(blob)) for number, ended, summary, blob in rows]

    def turns(self) -> list[Turn]:
        """Messages that were not summed up yet, the oldest first."""
        return [Turn(*row) for row in self._ask("SELECT id, at_s, role, text FROM turns ORDER BY id")]

    def add_turn(self, role: str, text: str, *, at_s: float) -> None:
        """Keep a message."""
        self._change("INSERT INTO turns (at_s, role, text) VALUES (?, ?, ?)", (at_s, role, text))

    def add(self, text: str, vector: Float32, *, since_s: float, why: str) -> int:
        """Keep a statement; its id."""
        return self._change(
            "INSERT INTO statements (text, since_s, was, why, edited, vector) VALUES (?, ?, '', ?, 0, ?)",
            (text, since_s, why, vector.tobytes()),
        )

    def replace(self, new: Statement, vector: Float32) -> None:
        """Change the statement that has this one's id."""
        self._change(
            "UPDATE statements SET text = ?, since_s = ?, was = ?, why = ?, edited = ?, vector = ? "
            "WHERE id = ?",
            (new.text, new.since_s, new.was, new.why, new.edited, vector.tobytes(), new.id),
        )

    def sum_up(
        self, turns: Sequence[Turn], summary: str, vector: Float32 | None, *, ended_s: float
    ) -> int | None:
        """Put a summary in the place of messages; without one they are only removed.

        Args:
            turns: All messages of a conversation.
            summary: Of it, or "".
            vector: Its embedding; None without a summary.
            ended_s: When the conversation ended.

        Returns:
            The summary's id; None if there is none. Nothing is changed where one of the messages is not there
            any more: a summary must not tell what was forgotten while it was written.
        """
        numbers = {turn.id for turn in turns}
        with self.together():
            if not numbers <= {number for (number,) in self._ask("SELECT id FROM turns")}:
                return None
            self._remove("turns", sorted(numbers))
            if not summary or vector is None:
                return None
            return self._change(
                "INSERT INTO episodes (ended_s, summary, vector) VALUES (?, ?, ?)",
                (ended_s, summary, vector.tobytes()),
            )

    def remove(
        self, *, statements: Sequence[int] = (), turns: Sequence[int] = (), episodes: Sequence[int] = ()
    ) -> None:
        """Delete all of these, or nothing."""
        with self.together():
            self._remove("statements", statements)
            self._remove("turns", turns)
            self._remove("episodes", episodes)

    def erase(
        self, *, statements: Sequence[int] = (), turns: Sequence[int] = (), episodes: Sequence[int] = ()
    ) -> None:
        """Delete all of these, or nothing, and have the file written anew when it is closed."""
        with self.together():
            self.remove(statements=statements, turns=turns, episodes=episodes)
            self._change("INSERT INTO to_rewrite VALUES (?)", (time.time(),))

    def _rewrite_if_due(self) -> None:
        """Write the file anew if something was erased from it; later, where another program holds it."""
        if not self._ask("SELECT 1 FROM to_rewrite LIMIT 1"):
            return
        with (
            _clear(self.path),
            suppress(sqlite3.OperationalError),
        ):  # locked, or no room: it stays due, and the text is gone
            self._db.execute("VACUUM")
            self._db.execute("DELETE FROM to_rewrite")

    def _remove(self, table: str, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._change(f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608 the names are ours

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything that is written in the block, or nothing; it is on the disk once, at the end."""
        if self._db.in_transaction:  # part of a larger block
            yield
            return
        with _clear(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # otherwise SQLite rolled it back itself
                    self._db.execute("ROLLBACK")
                raise

    def _ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _clear(self.path):
            return self._db.execute(query, values).fetchall()

    def _change(self, query: str, values: Sequence[Any]) -> int:
        with _clear(self.path):
            return int(self._db.execute(query, values).lastrowid or 0)

    def close(self) -> None:
        """Close the file, written anew if something was erased from it; a second time does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if not self.is_gone:
                self._rewrite_if_due()
        finally:
            self._db.close()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def forget_file(path: Path) -> None:
    """Remove a memory file, and what SQLite may have left beside it.

    What is in it goes first: a conversation that has it open knows nothing of it any more, either.

    Raises:
        OutputError: It cannot be removed.
    """
    with suppress(sqlite3.Error):  # no memory file, or held by somebody: it goes all the same
        _empty(path)
    with _clear(path):
        for one in (path, path.with_name(f"{path.name}-journal")):
            one.unlink(missing_ok=True)


def _empty(path: Path) -> None:
    with closing(_connected(path, "rw")) as db:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        tables = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
        for (table,) in tables.fetchall():
            db.execute(f'DELETE FROM "{table}"')  # noqa: S608 the names are the file's own
        db.execute("COMMIT")


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to a file that exists, "ro" or "rw"."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)


def _place_of(path: Path) -> tuple[int, int] | None:
    """Device and inode of a file; None where there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """A file of a folder, and whose it is."""

    path: Path
    user: str
    persona_id: str
    name: str


def kept(folder: Path | None = None) -> list[MemoryFile]:
    """All memories of a folder; files that cannot be read are left out.

    Args:
        folder: None is `default_folder`.
    """
    found = []
    for path in sorted((folder or default_folder()).glob("*.sqlite3")):
        try:
            with closing(_connected(path, "ro")) as db:
                row = db.execute("SELECT user, persona, name FROM who").fetchone()
        except sqlite3.Error:
            continue
        if row:
            found.append(MemoryFile(path, *(str(part) for part in row)))
    return found


def _vector(blob: bytes) -> Float32:
    return np.frombuffer(blob, np.float32)


@contextmanager
def _clear(path: Path) -> Iterator[None]:
    """SQLite's and the system's errors as one clear line."""
    try:
        yield
    except ChatAnythingError:
        raise
    except sqlite3.OperationalError as exc:
        hint = "Check the disk and the file's rights."
        if "locked" in str(exc):
            hint = "Another program holds it; try again."
        raise OutputError(f"the memory file {path} cannot be used", got=str(exc), hint=hint) from exc
    except (sqlite3.DatabaseError, OSError) as exc:
        raise OutputError(
            f"the memory file {path} cannot be read",
            got=str(exc),
            hint=f"Move it away to begin anew: mv '{path}' '{path}.broken'",
        ) from exc
