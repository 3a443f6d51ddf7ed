"""The disk that visitors without an account may fill, and when theirs is cleared away."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
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
BATCHES: Final = "batches"
"""Folder of a visitor that has one of each batch; results wait there to be fetched."""

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
        self._working: set[Path] = set()

    def work(self, batch: Path) -> None:
        """Note that a batch works in this folder, until `rest`: it is not cleared away."""
        with self._lock:
            self._working.add(batch)

    def rest(self, batch: Path) -> None:
        """Note that a batch is over."""
        with self._lock:
            self._working.discard(batch)

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
        """Delete what nobody came back to; while too much is left, the oldest beyond a day, then batches.

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
                if any(shelf.folder in batch.parents for batch in self._working):
                    continue
                if forgotten or (total >= self._bytes and age_s > _SAFE_S):
                    shutil.rmtree(shelf.folder, ignore_errors=True)
                    log.info("cleared the library of a visitor unused for %.0f days", age_s / _DAY_S)
                    total -= shelf.size
            if total >= self._bytes:
                total -= self._clear_batches(total - self._bytes)
        if total >= self._bytes:
            raise UsageError(
                "this page has no room for more today",
                expected=f"at most {self._bytes // 1_000_000} MB of all visitors",
                hint="Come back tomorrow, or run it yourself.",
            )

    def _clear_batches(self, excess: int) -> int:
        """Delete batches that are over, the oldest first, until there is room; the bytes that went."""
        over: list[tuple[float, Path, int]] = []
        for folder in self._folder.glob(f"{VISITOR}*/{BATCHES}/*"):
            if folder in self._working or folder.is_symlink() or folder.parent.parent.is_symlink():
                continue
            with suppress(OSError):  # its owner deletes it at this moment
                over.append((folder.stat().st_mtime, folder, _size(folder)))
        cleared = 0
        for _, folder, size in sorted(over):
            if cleared > excess:
                break
            shutil.rmtree(folder, ignore_errors=True)
            log.info("cleared the batch of a visitor to make room")
            cleared += size
        return cleared

    def _shelves(self) -> Iterator[_Shelf]:
        make_folder(self._folder)
        for folder in self._folder.iterdir():
            if not is_visitor(folder.name) or not folder.is_dir() or folder.is_symlink():
                continue
            try:
                mark = folder / _USED
                used_s = (mark if mark.exists() else folder).stat().st_mtime
                size = _size(folder)
            except OSError:
                continue  # its owner deletes it at this moment
            yield _Shelf(folder, used_s, size)


def _size(folder: Path) -> int:
    """Bytes of all files of a folder.

    Raises:
        OSError: One goes at this moment.
    """
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
