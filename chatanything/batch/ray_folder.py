"""The folder in which an actor of a Ray cluster keeps what its jobs name, and what becomes of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "chatanything-ray-"
_LOCK: Final = "lock"


class ActorFolder:
    """A temporary folder that is held as long as its process lives.

    People's cards and recordings lie in it, and Ray ends actors without letting them tidy up. So whoever
    makes a folder first removes those that nobody holds any more.

    Args:
        parent: Where; None is the system's folder of temporary files.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        sweep(parent)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        fresh = self.path / f".{_LOCK}"
        self._lock = fresh.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        fresh.rename(self.path / _LOCK)  # only now may others look whether it is held

    def close(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def sweep(parent: Path) -> None:
    """Remove this user's actor folders whose process is gone.

    Args:
        parent: Where they are.
    """
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # not ours, held, or removed by another at this moment
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
