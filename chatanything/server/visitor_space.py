"""The disk that visitors without an account may fill, and when theirs is cleared away."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from chatanything.errors import UsageError
from chatanything.paths import make_folder

VISITOR: Final = "web-"
"""Owners of this prefix are browsers; their names come from tokens that anybody can have made."""
_DAY_S: Final = 86_400.0
_SAFE_S: Final = _DAY_S
"""What was used within a day is never cleared to make room for others."""
_USED: Final = ".used"

log = logging.getLogger(__name__)


def is_visitor(owner: str) -> bool:
    """Whether an owner is a browser that nobody gave a key."""
    return owner.startswith(VISITOR)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What one visitor keeps."""

    folder: Path
    used_s: float
    """Unix time of the last visit."""
    size: int
    """Bytes."""


class VisitorSpace:
    """Keeps the libraries and memories of all visitors within bounds.

    Args:
        folder: Where each owner has a folder of the owner's name.
        days: What nobody came back to for so long is deleted.
        megabytes: Of all visitors together.
    """

    def __init__(self, folder: Path, *, days: float, megabytes: int) -> None:
        self._folder, self._days, self._bytes = folder, days, megabytes * 1_000_000
        self._lock = Lock()

    def visit(self, owner: str, *, now_s: float) -> None:
        """Note that a visitor is here.

        Args:
            owner: The visitor.
            now_s: Unix time.
        """
        shelf = self._folder / owner
        if shelf.is_dir():
            mark = shelf / _USED
            mark.touch()
            os.utime(mark, (now_s, now_s))

    def make_room(self, *, now_s: float) -> None:
        """Delete what nobody came back to; while too much is left, the oldest beyond a day first.

        Args:
            now_s: Unix time.

        Raises:
            UsageError: There is no room for more.
        """
        with self._lock:
            shelves = sorted(self._shelves(), key=lambda shelf: shelf.used_s)
            total = sum(shelf.size for shelf in shelves)
            for shelf in shelves:
                age_s = now_s - shelf.used_s
                forgotten = age_s > self._days * _DAY_S
                if forgotten or (total >= self._bytes and age_s > _SAFE_S):
                    shutil.rmtree(shelf.folder, ignore_errors=True)
                    log.info("cleared the library of a visitor unused for %.0f days", age_s / _DAY_S)
                    total -= shelf.size
        if total >= self._bytes:
            raise UsageError(
                "this page has no room for more characters today",
                expected=f"at most {self._bytes // 1_000_000} MB of all visitors",
                hint="Come back tomorrow, or run it yourself.",
            )

    def _shelves(self) -> Iterator[_Shelf]:
        make_folder(self._folder)
        for folder in self._folder.iterdir():
            if not is_visitor(folder.name) or not folder.is_dir() or folder.is_symlink():
                continue
            try:
                files = [path.stat() for path in folder.rglob("*") if path.is_file()]
                mark = folder / _USED
                used_s = (mark if mark.exists() else folder).stat().st_mtime
            except OSError:
                continue  # its owner deletes it at this moment
            yield _Shelf(folder, used_s, sum(found.st_size for found in files))
