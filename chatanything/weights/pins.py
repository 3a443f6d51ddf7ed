"""What unpinned files were when they were first fetched: trust on first use, checked ever after."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

from chatanything.weights.lock import UNPINNED, Entry, WeightFile
from chatanything.weights.verify import sha256_of


class Pins:
    """Sizes and sha256 of the unpinned files of one entry.

    Args:
        path: JSON file of the entry; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def applied(self, item: Entry) -> Entry:
        """The entry with what is remembered in the place of what the lock leaves open."""
        if item.pinned:
            return item
        known = self._read()
        return replace(item, files=tuple(_pinned(file, known) for file in item.files))

    def record(self, item: Entry, file: WeightFile, folder: Path) -> Entry:
        """Remember a file as it is now if it is unpinned.

        Args:
            item: Its entry.
            file: The file, just fetched.
            folder: Where it is.

        Returns:
            The entry, with the file pinned.

        Raises:
            OSError: The memory cannot be written.
        """
        if file.sha256 != UNPINNED:
            return item
        path = folder / file.name
        known = self._read() | {file.name: [path.stat().st_size, sha256_of(path)]}
        temporary = self._path.with_suffix(f".{os.getpid()}")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(known), encoding="utf-8")
        temporary.replace(self._path)
        return self.applied(item)

    def _read(self) -> dict[str, list[int | str]]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}  # nothing fetched yet, or a torn memory: the files count as never fetched
        return known if isinstance(known, dict) else {}


def _pinned(file: WeightFile, known: dict[str, list[int | str]]) -> WeightFile:
    if file.sha256 != UNPINNED or file.name not in known:
        return file
    size, sha256 = known[file.name]
    return replace(file, size=int(size), sha256=str(sha256))
