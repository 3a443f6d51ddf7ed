"""Is a cached file what the lock says: a full hash, or the memory of one."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Literal

from chatanything.weights.lock import Entry, WeightFile

Status = Literal["cached", "missing", "damaged"]
_Stamp = dict[str, list[int | str]]


def sha256_of(path: Path) -> str:
    """The sha256 of a file, 64 hex digits.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Stamps:
    """Remembers which files were hashed, by size and time of change, so that a gigabyte is not hashed at
    every start.

    Args:
        path: JSON file of one entry; it need not exist.
    """  # noqa: D205 - one sentence

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self, entry: Entry, folder: Path, *, anew: bool = False) -> dict[str, Status]:
        """The state of every file; without `anew`, only files without a valid stamp are hashed."""
        known = {} if anew else self._read()
        return {
            file.name: self._state(file, folder / file.name, known.get(file.name)) for file in entry.files
        }

    def record(self, entry: Entry, folder: Path) -> None:
        """Remember all files of the entry as hashed and right, if the cache can be written."""
        stamp: _Stamp = {file.name: _facts(file, folder / file.name) for file in entry.files}
        temporary = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(stamp), encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            return  # a shared cache that is read-only: the next check hashes again

    def forget(self) -> None:
        """Drop the memory, so that the next check hashes."""
        with suppress(OSError):  # a read-only cache cannot be mended either
            self._path.unlink(missing_ok=True)

    def fresh(self, entry: Entry, folder: Path) -> bool:
        """True if all files are there, unchanged since they were hashed."""
        known = self._read()
        try:
            return all(known.get(file.name) == _facts(file, folder / file.name) for file in entry.files)
        except OSError:
            return False

    @staticmethod
    def _state(file: WeightFile, path: Path, known: list[int | str] | None) -> Status:
        if not path.is_file():
            return "missing"
        if known == _facts(file, path):
            return "cached"
        right = path.stat().st_size == file.size and sha256_of(path) == file.sha256
        return "cached" if right else "damaged"

    def _read(self) -> _Stamp:
        try:
            stamp = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # no memory, or a torn one: the files are hashed again
        return stamp if isinstance(stamp, dict) else {}


def _facts(file: WeightFile, path: Path) -> list[int | str]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, file.sha256]
