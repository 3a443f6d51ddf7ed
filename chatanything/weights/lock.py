"""weights.lock: what may be loaded, from where, and with which sha256."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from chatanything.errors import WeightsError

SourceKind = Literal["repo", "hf", "pypi", "npm"]

_PLAIN: Final = frozenset({".json", ".txt"})
"""Configurations and vocabularies that accompany a model of any format."""
_SUFFIXES: Final[Mapping[str, frozenset[str]]] = {
    "safetensors": frozenset({".safetensors"}),
    "onnx": frozenset({".onnx"}),
    "gguf": frozenset({".gguf"}),
    "task": frozenset({".task"}),
    "tflite": frozenset({".tflite"}),
    "ctranslate2": frozenset({".bin"}),
    "dlib": frozenset({".dat"}),
    "pickle": frozenset({".pt", ".pth", ".ckpt", ".pkl", ".bin"}),
}
_LOCK_KEYS: Final = frozenset({"version", "weights"})
_ENTRY_KEYS: Final = frozenset(
    {"id", "summary", "format", "licence", "card", "used_by", "default", "pickle", "files"}
)
_FILE_KEYS: Final = frozenset({"name", "size", "sha256", "sources"})
_PACKAGE: Final[Mapping[str, re.Pattern[str]]] = {
    "hf": re.compile(r"(?P<package>[\w.-]+/[\w.-]+)@(?P<revision>[0-9a-f]{40})"),
    "pypi": re.compile(r"(?P<package>[\w.{}-]+)==(?P<revision>[\w.+!]+)"),
    "npm": re.compile(r"(?P<package>(?:@[\w.-]+/)?[\w.-]+)@(?P<revision>\d[\w.+-]*)"),
}
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*")
_SAFE_FILE: Final = re.compile(rf"(?:{_SAFE_NAME.pattern}/)?{_SAFE_NAME.pattern}")
UNPINNED: Final = "unpinned"
"""In the place of a sha256: the file is fetched only on request, and from then on must stay what it was."""


@dataclass(frozen=True, slots=True)
class Source:
    """One mirror of a file."""

    kind: SourceKind
    path: str
    """Path of the file inside `package`; with several parts it holds {n}."""
    package: str = ""
    """Repository or package; empty for "repo"; with several parts it holds {n}."""
    revision: str = ""
    """Commit of 40 hex digits (hf) or version (pypi, npm)."""
    parts: int = 1
    """Packages whose members are joined in numeric order."""

    def part(self, number: int) -> Source:
        """The source of one part, 1..`parts`, with its number filled in."""
        return Source(self.kind, self.path.format(n=number), self.package.format(n=number), self.revision)

    def __str__(self) -> str:
        """As a user would name it."""
        where = f"{self.package} {self.revision}: " if self.package else ""
        return f"{self.kind} {where}{self.path}"


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of an entry."""

    name: str
    """A file name, in at most one folder."""
    size: int
    """Bytes; 0 when it is not known, which is possible only for an unpinned file."""
    sha256: str
    """64 hex digits in lower case, or UNPINNED."""
    sources: tuple[Source, ...]
    """Mirrors, tried in order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One model."""

    id: str
    summary: str
    format: str
    licence: str
    """SPDX identifier."""
    card: str
    """Model card: a path in this repository, or the upstream's owner/name."""
    used_by: tuple[str, ...]
    default: bool
    """Part of the set that is fetched at set-up."""
    files: tuple[WeightFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def pinned(self) -> bool:
        """Whether the sha256 of every file is known."""
        return all(file.sha256 != UNPINNED for file in self.files)


def lock_path() -> Path:
    """Where weights.lock is: inside an installed package, else at the root of the checkout."""
    here = Path(__file__).resolve()
    packaged = here.with_name("weights.lock")
    return packaged if packaged.is_file() else here.parents[2] / "weights.lock"


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All entries of weights.lock, in its order.

    Raises:
        WeightsError: The lock is missing or not valid.
    """
    path = lock_path()
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise WeightsError(
            "weights.lock cannot be read", got=str(exc), hint="Install chatanything again."
        ) from exc
    return parse_lock(text)


def entry(weight_id: str) -> Entry:
    """The entry of that id.

    Raises:
        WeightsError: No such entry.
    """
    for candidate in entries():
        if candidate.id == weight_id:
            return candidate
    known = ", ".join(candidate.id for candidate in entries())
    raise WeightsError(f"unknown weights {weight_id!r}", expected=f"one of {known}")


def parse_lock(text: str) -> tuple[Entry, ...]:
    """Read and check a lock.

    Raises:
        WeightsError: Names the entry and what is wrong with it.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as exc:
        raise WeightsError("weights.lock is not valid TOML", got=str(exc)) from exc
    _check_keys("the lock", raw, _LOCK_KEYS, _LOCK_KEYS)
    if raw["version"] != 1:
        raise WeightsError("weights.lock has another version", expected="1", got=str(raw["version"]))
    try:
        parsed = tuple(_parse_entry(item) for item in raw["weights"])
    except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as exc:
        raise WeightsError("weights.lock has a value of another type", got=str(exc)) from exc
    ids = [item.id for item in parsed]
    for weight_id in ids:
        _require(ids.count(weight_id) == 1, weight_id, "id", "an id used once", weight_id)
    return parsed


def _require(ok: bool, where: str, field: str, expected: str, got: object) -> None:
    if not ok:
        raise WeightsError(
            f"weights.lock: {field} of {where!r} is not valid", expected=expected, got=repr(got)
        )


def _check_keys(where: str, raw: Mapping[str, Any], known: frozenset[str], needed: frozenset[str]) -> None:
    wrong = sorted((set(raw) - known) | (needed - set(raw)))
    _require(not wrong, where, "keys", "all of " + ", ".join(sorted(needed)), wrong)


def _parse_entry(raw: Mapping[str, Any]) -> Entry:
    where = str(raw.get("id", "?"))
    _check_keys(where, raw, _ENTRY_KEYS, _ENTRY_KEYS - {"pickle"})
    _require(bool(_SAFE_NAME.fullmatch(where)), where, "id", "letters, digits, dots and dashes", where)
    fmt = raw["format"]
    _require(fmt in _SUFFIXES, where, "format", "one of " + ", ".join(_SUFFIXES), fmt)
    if fmt == "pickle" and raw.get("pickle") is not True:
        raise WeightsError(
            f"weights.lock: {where!r} is a pickle, which can run code when it is loaded",
            expected="safetensors, onnx, gguf, task or tflite, or `pickle = true` in the entry",
        )
    _require(bool(raw["files"]), where, "files", "at least one", raw["files"])
    return Entry(
        where,
        str(raw["summary"]),
        fmt,
        str(raw["licence"]),
        str(raw["card"]),
        tuple(raw["used_by"]),
        bool(raw["default"]),
        tuple(_parse_file(where, fmt, item) for item in raw["files"]),
    )


def _parse_file(where: str, fmt: str, raw: Mapping[str, Any]) -> WeightFile:
    _check_keys(where, raw, _FILE_KEYS, _FILE_KEYS)
    name, size, sha256 = raw["name"], raw["size"], raw["sha256"]
    _require(bool(_SAFE_FILE.fullmatch(name)), where, "file name", "a plain file name or folder/name", name)
    allowed = _SUFFIXES[fmt] | _PLAIN
    _require(Path(name).suffix in allowed, where, "file name", " or ".join(sorted(allowed)), name)
    least = 0 if sha256 == UNPINNED else 1
    _require(isinstance(size, int) and size >= least, where, "size", "bytes", size)
    digest = re.fullmatch(rf"[0-9a-f]{{64}}|{UNPINNED}", sha256)
    _require(bool(digest), where, "sha256", f"64 hex digits or {UNPINNED!r}", sha256)
    sources = tuple(_parse_source(where, item) for item in raw["sources"])
    _require(bool(sources), where, "sources", "at least one", raw["sources"])
    return WeightFile(name, size, sha256, sources)


def _parse_source(where: str, raw: Mapping[str, Any]) -> Source:
    if set(raw) == {"repo"}:
        path = str(raw["repo"])
        _require(_stays_inside(path), where, "path", "a path under models/", path)
        return Source("repo", path)
    kinds = [kind for kind in _PACKAGE if kind in raw]
    _require(len(kinds) == 1, where, "source", "one of repo, hf, pypi, npm", dict(raw))
    kind = kinds[0]
    _check_keys(where, raw, frozenset({kind, "path", "parts"}), frozenset({kind, "path"}))
    match = _PACKAGE[kind].fullmatch(raw[kind])
    if match is None:
        raise WeightsError(f"weights.lock: {kind} source of {where!r} is not pinned", got=repr(raw[kind]))
    path, parts = str(raw["path"]), int(raw.get("parts", 1))
    _require(_stays_inside(path), where, "path", "a relative path", path)
    if parts > 1:
        _require("{n}" in match["package"], where, "source", "{n} in the package's name", raw[kind])
    return Source(kind, path, match["package"], match["revision"], parts)  # type: ignore[arg-type] # a key of _PACKAGE


def _stays_inside(path: str) -> bool:
    return bool(path) and not path.startswith("/") and ".." not in path.split("/")
