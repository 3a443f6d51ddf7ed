"""What stages made, kept on disk under a hash of everything that decides it.

Two runs, two workers or two jobs that ask for the same persona or the same speech make it once. An entry is
found only by the same inputs, the same weights.lock, the same code, the same libraries and the same kind of
processor, so a hit is what making it anew would give.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, TypeVar

from chatanything.devices import best_device
from chatanything.settings import Settings
from chatanything.weights.lock import lock_path

_DIGEST: Final = 32
"""Bytes of a sha256 before the content of an entry."""
_LOCKS: Final = 3
"""Hex digits of a key that choose its lock file: 4096 at most are made."""
_LOW_WATER: Final = 0.9
"""Eviction goes on until this share of the limit is used."""
_SPARE, _MOST_SPARE = 0.1, 1_000_000_000
"""Share of the disk, and bytes at most, that entries leave to what cannot be made anew."""
_OTHER_CODE: Final = frozenset(
    {"adapters", "batch", "cli", "evaluation", "hearing", "live", "server", "training"}
)
"""Packages that decide nothing a stage makes."""
_LIBRARIES: Final = (
    "av", "diffusers", "mediapipe", "numba", "numpy", "onnxruntime", "opencv-contrib-python", "pocketsphinx",
    "pyloudnorm", "pyworld-prebuilt", "soxr", "tokenizers", "torch", "xllamacpp",
)  # fmt: skip
"""Whose versions may change a result."""
_T = TypeVar("_T")


class StageCache:
    """A folder of entries, the least recently used of which make room for new ones.

    Nothing that goes wrong here fails a stage: what cannot be read is made anew, what cannot be written is
    not kept.

    Args:
        folder: Where entries are; made at the first one.
        most_bytes: So much may all entries take together, and less on a disk that is nearly full; 0 keeps
            nothing.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._used: int | None = None

    @classmethod
    def of(cls, config: Settings) -> StageCache:
        """The cache that the settings name."""
        chosen = config.stage_cache
        return cls(
            chosen.expanduser() if chosen else config.cache / "stages", config.stage_cache_mb * 1_000_000
        )

    def has(self, key: str) -> bool:
        """Whether there is an entry; it may still turn out to be damaged."""
        return self._most > 0 and self._path(key).is_file()

    def get(self, key: str) -> bytes | None:
        """The content of an entry; None when there is none, or it is damaged."""
        if not self._most:
            return None
        path = self._path(key)
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        digest, content = stored[:_DIGEST], stored[_DIGEST:]
        if hashlib.sha256(content).digest() != digest:
            with suppress(OSError):  # torn by a power cut; somebody else may have removed it already
                path.unlink()
            return None
        with suppress(OSError):  # a cache that is read-only is still of use
            os.utime(path)
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep an entry, and forget old ones where the limit or a full disk asks for it."""
        size = _DIGEST + len(content)
        if size > self._most:
            return
        path = self._path(key)
        temporary = path.with_name(f".{secrets.token_hex(6)}")
        try:
            if not self._has_room(size):
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(hashlib.sha256(content).digest() + content)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            self._used = (self._used or 0) + size
        except OSError:
            return

    def kept(
        self,
        key: str,
        make: Callable[[], _T],
        *,
        dump: Callable[[_T], bytes | None],
        load: Callable[[bytes], _T],
    ) -> tuple[_T, bool]:
        """What is kept under a key, made first where it is not there.

        Of several workers that ask for the same at once one makes it, and the others wait for it.

        Args:
            key: From `key_of`.
            make: Makes it.
            dump: Its bytes; None for something that must not be kept.
            load: The inverse; whatever is made goes through both, so that a hit and a miss give the same.

        Returns:
            It, and whether it was there.
        """
        if not self._most:
            return _through(make(), dump, load)[0], False
        if (found := self._loaded(key, load)) is not None:
            return found, True
        with self._making(key):
            if (found := self._loaded(key, load)) is not None:
                return found, True
            made, content = _through(make(), dump, load)
            if content is not None:
                self.put(key, content)
            return made, False

    def _loaded(self, key: str, load: Callable[[bytes], _T]) -> _T | None:
        content = self.get(key)
        return load(content) if content is not None else None

    @contextmanager
    def _making(self, key: str) -> Iterator[None]:
        """Hold the lock of a key; without one where the folder cannot be written."""
        path = self._folder / "locks" / key[:_LOCKS]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = path.open("w")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _path(self, key: str) -> Path:
        return self._folder / "entries" / key[:2] / key

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Time of last use, size and path of all."""
        for path in (self._folder / "entries").glob("??/*"):
            with suppress(OSError):  # another process may evict at the same time
                stat = path.stat()
                yield stat.st_mtime, stat.st_size, path

    def _measured(self) -> int:
        return sum(size for _, size, _ in self._entries())

    def _has_room(self, size: int) -> bool:
        """Whether an entry of so many bytes may be kept; old ones have gone where that helps."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._used is None:
            self._used = self._measured()
        if self._used + size <= self._allowed(self._used):
            return True
        found = sorted(self._entries())
        used = sum(size for _, size, _ in found)
        allowed = self._allowed(used)
        for _, freed, path in found:
            if used + size <= allowed * _LOW_WATER:
                break
            path.unlink(missing_ok=True)
            used -= freed
        self._used = used
        return used + size <= allowed

    def _allowed(self, used: int) -> float:
        """How many bytes entries may take, of which so many are used."""
        disk = shutil.disk_usage(self._folder)
        return min(self._most, used + disk.free - min(_SPARE * disk.total, _MOST_SPARE))


def key_of(stage: str, inputs: Mapping[str, Any]) -> str:
    """The key of what a stage makes: a hash of its inputs and of everything else that decides it.

    Args:
        stage: Its name.
        inputs: All that it is given, as JSON can say it; floats keep every digit.
    """
    facts = {"stage": stage, "inputs": inputs, **_surroundings()}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@lru_cache(maxsize=1)
def _surroundings() -> dict[str, Any]:
    return {
        "weights": hashlib.sha256(lock_path().read_bytes()).hexdigest(),
        "code": code_digest(Path(__file__).resolve().parent),
        "libraries": [_version(name) for name in _LIBRARIES],
        "device": best_device(),
    }


def code_digest(package: Path) -> str:
    """A hash of the stages' code and tables, 64 hex digits.

    Args:
        package: Folder of the package `chatanything`.
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if parts[0] in _OTHER_CODE or "__pycache__" in parts or not path.is_file():
            continue
        digest.update("/".join(parts).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _through(
    made: _T, dump: Callable[[_T], bytes | None], load: Callable[[bytes], _T]
) -> tuple[_T, bytes | None]:
    content = dump(made)
    return (made if content is None else load(content)), content
