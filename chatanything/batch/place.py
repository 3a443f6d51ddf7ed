"""The output folder: who may work in it, where videos are made, and how they get to their names for good."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from chatanything.errors import OutputError
from chatanything.provenance.manifest import sidecar_path
from chatanything.weights.verify import sha256_of

_WORK: Final = ".work"
_LOCK: Final = ".lock"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FULL_WORDS: Final = ("No space left on device", "Disk quota exceeded", "database or disk is full")
"""What libraries that keep no error number say."""
_LEAST_FREE: Final = 64 * 1024
"""Bytes; with fewer the disk counts as full, whatever words an error had for it."""


class FolderBusyError(OutputError):
    """Another run works in the folder."""


class DiskFullError(OutputError):
    """There is no room for what is made; nothing is lost by it.

    Args:
        trouble: The error that said so.
    """

    def __init__(self, trouble: str) -> None:
        super().__init__(
            "the disk is full",
            got=trouble,
            hint="Nothing is lost: free some space and run the same command again.",
        )


class Place:
    """The files of one batch.

    Args:
        folder: The output folder, which is there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder; the system lets go of it when the process ends in whatever way.

        Raises:
            FolderBusyError: Another run holds it.
            OutputError: It cannot be written into.
        """
        try:
            lock = (self.folder / _LOCK).open("a+", encoding="utf-8")
        except OSError as exc:
            raise OutputError(f"cannot write into {self.folder}", got=exc.strerror or str(exc)) from exc
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as exc:
                lock.seek(0)
                raise FolderBusyError(
                    f"another batch works in {self.folder}", got=lock.read().strip(),
                    hint="Wait for it, stop it, or choose another folder with -o.",
                ) from exc  # fmt: skip
            with suppress(OSError):  # on a full disk the lock holds without saying whose it is
                lock.truncate(0)
                since = time.strftime("%Y-%m-%d %H:%M:%S")
                lock.write(f"process {os.getpid()} on {socket.gethostname()} since {since}\n")
                lock.flush()
            yield

    def hidden(self, out: str, key: str) -> Path:
        """Where a video is made: under its own name, which is signed into it, in a folder of its own."""
        return self.folder / _WORK / key[:32] / Path(out).name

    def final(self, out: str) -> Path:
        """Where a video belongs."""
        return self.folder / out

    def move(self, out: str, key: str) -> None:
        """Move a video and its sidecar to their names, the sidecar first, and see to it that both stay there.

        It may be done again after it was interrupted.

        Raises:
            OSError: It cannot be done.
        """
        hidden, final = self.hidden(out, key), self.final(out)
        _make_folders(final.parent)
        for source, target in ((sidecar_path(hidden), sidecar_path(final)), (hidden, final)):
            if source.is_file():
                source.replace(target)
        sync(final.parent)
        with suppress(OSError):
            hidden.parent.rmdir()

    def is_whole(self, out: str, sha256: str, sidecar: str) -> bool:
        """Whether both files are under their names and are what was recorded."""
        final = self.final(out)
        try:
            return sha256_of(final) == sha256 and sha256_of(sidecar_path(final)) == sidecar
        except OSError:
            return False

    def will_be_whole(self, out: str, key: str, sha256: str, sidecar: str) -> bool:
        """Whether `is_whole` will hold after `move`."""
        hidden, final = self.hidden(out, key), self.final(out)
        pairs = ((hidden, final, sha256), (sidecar_path(hidden), sidecar_path(final), sidecar))
        try:
            return all(sha256_of(new if new.is_file() else old) == digest for new, old, digest in pairs)
        except OSError:
            return False

    def has(self, out: str, size: int) -> bool:
        """Whether both files are there, and the video as long as recorded."""
        final = self.final(out)
        try:
            return final.stat().st_size == size and sidecar_path(final).is_file()
        except OSError:
            return False

    def clean(self) -> None:
        """Remove what was begun and not finished."""
        shutil.rmtree(self.folder / _WORK, ignore_errors=True)

    def tidy(self) -> None:
        """Remove the folder of what is being made, if nothing is in it."""
        with suppress(OSError):
            (self.folder / _WORK).rmdir()

    def is_full(self, exc: BaseException) -> bool:
        """Whether an error is that of a full disk."""
        if is_out_of_space(exc):
            return True
        try:
            return shutil.disk_usage(self.folder).free < _LEAST_FREE
        except OSError:
            return False


def is_out_of_space(exc: BaseException | None) -> bool:
    """Whether an error, or what it came from, says that no space is left."""
    while exc is not None:
        if getattr(exc, "errno", None) in _FULL or any(words in str(exc) for words in _FULL_WORDS):
            return True
        exc = exc.__cause__
    return False


def whole_sidecar(video: Path) -> dict[str, object] | None:
    """What the sidecar of a video says, if it is about just this file; None otherwise."""
    try:
        said = json.loads(sidecar_path(video).read_text(encoding="utf-8"))
        same = isinstance(said, dict) and said.get("sha256") == sha256_of(video)
    except (OSError, ValueError):
        return None
    return said if same else None


def settle(video: Path) -> None:
    """Wait until a video and its sidecar are on the disk, under their names.

    Raises:
        OSError: The disk refuses.
    """
    for path in (sidecar_path(video), video, video.parent, video.parent.parent):
        sync(path)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_folders(folder: Path) -> None:
    """Make a folder whose name will survive a power cut."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    sync(folder.parent)
