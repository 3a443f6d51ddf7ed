"""A small disk of its own that can be filled to the last byte; Linux and root only."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MB: Final = 1_000_000
_BALLAST: Final = "ballast"
_BLOCK: Final = b"\0" * 65536


@contextmanager
def small_disk(folder: Path, size_mb: float) -> Iterator[bool]:
    """Mount a file system of this size at a folder while the block lasts.

    Yields:
        Whether that was possible; the folder is a plain one otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={int(size_mb * MB)}", "tmpfs", str(folder)]
    mounted = (
        shutil.which("mount") is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)


def fill(folder: Path) -> None:
    """Leave no byte on the disk of a folder."""
    try:
        with (folder / _BALLAST).open("wb", buffering=0) as ballast:
            while ballast.write(_BLOCK):
                pass
    except OSError:  # it is full: that is what was wanted
        return


def relieve(folder: Path) -> None:
    """Give back what `fill` took."""
    (folder / _BALLAST).unlink(missing_ok=True)
