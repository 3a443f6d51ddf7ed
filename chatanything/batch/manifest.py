"""The list of jobs, JSON Lines or CSV, every line checked before any work starts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from chatanything.errors import ChatAnythingError, InputFileError, UsageError
from chatanything.seeds import MAX_SEED
from chatanything.types import Emotion
from chatanything.voice.names import named
from chatanything.voice.recording import MAX_SPOKEN_CHARACTERS

MAX_JOBS: Final = 100_000
_UNSAFE: Final = re.compile(r"[^\w.-]+")
_LONGEST_NAME: Final = 200
"""Bytes of one part of `out`; file systems take 255, and the sidecar's name is longer."""
_SHOWN: Final = 120
"""Letters of a missing file's name that are told."""
_NUMBERS: Final[Mapping[str, type[int] | type[float]]] = {"seed": int, "size": int, "fps": float}


class Job(BaseModel):
    """One line of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    description: Annotated[str, Field(max_length=2000)] = ""
    """A sentence to create the persona from; this or `persona`."""
    persona: str = ""
    """A persona file, relative to the list."""
    text: Annotated[str, Field(max_length=MAX_SPOKEN_CHARACTERS)] = ""
    """What it says; the persona's greeting when neither text nor audio is given."""
    audio: str = ""
    """A recording to lip-sync to, relative to the list."""
    out: str = ""
    """Name of the video inside the output folder; made from the job when empty."""
    seed: int | None = Field(default=None, ge=0, le=MAX_SEED)
    llm: str | None = None
    voice: str = ""
    """Name of another voice than the persona's own (see `voice.names`), or a description of one."""
    size: Literal[256, 512] | None = None
    fps: float | None = Field(default=None, ge=5, le=60)
    style: Emotion | None = None
    """An emotion to perform with instead of the one that the text suggests."""
    face: str = ""
    """A picture, relative to the list, to be the face of the described persona; needs `consent`."""
    consent: str = ""
    """Statement of the right to animate `face`."""

    @field_validator("out")
    @classmethod
    def _inside(cls, out: str) -> str:
        path = PurePosixPath(out)
        parts = path.parts
        if path.is_absolute() or ".." in parts:
            raise ValueError("out must be a name inside the output folder")
        if out and out.rpartition("/")[2] in ("", "."):
            raise ValueError("out must end in the name of a video, not in that of a folder")
        if any(part.startswith(".") or not part.isprintable() for part in parts):
            raise ValueError("out must have no hidden or unprintable part")
        if any(len(part.encode()) > _LONGEST_NAME for part in parts):
            raise ValueError(f"a part of out is too long, at most {_LONGEST_NAME} bytes")
        return path.as_posix() if out else ""  # one spelling for each file: "./a" and "a//b" name the same

    @field_validator("*")
    @classmethod
    def _writable(cls, value: object) -> object:
        if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError("half of a character: a surrogate stands alone")
        return value

    @field_validator("llm")
    @classmethod
    def _known(cls, llm: str | None) -> str | None:
        if (
            llm is not None
            and llm not in ("auto", "local", "rules")
            and not llm.startswith(("http://", "https://"))
        ):
            raise ValueError("llm must be auto, local, rules or a base URL")
        return llm

    @model_validator(mode="after")
    def _one_source(self) -> Job:
        if bool(self.description.strip()) == bool(self.persona):
            raise ValueError("give exactly one of description and persona")
        if self.face and not self.description:
            raise ValueError("face belongs to a description")
        if bool(self.face) != bool(self.consent.strip()):
            raise ValueError("face needs consent, and consent a face")
        return self

    @property
    def key(self) -> str:
        """Hash of what the line says."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """Name of the video."""
        if self.out:
            return self.out if self.out.endswith(".mp4") else self.out + ".mp4"
        stem = _UNSAFE.sub("-", (self.description or Path(self.persona).stem).lower())[:40].strip("-.")
        return f"{stem or 'video'}-{self.key[:8]}.mp4"

    @property
    def persona_key(self) -> str:
        """The same for jobs that one persona does, so that they can be done one after another."""
        who = (self.description, self.persona, self.face, self.consent, self.llm, self.size)
        return repr((*who, self.seed if self.description else None))

    def files(self) -> tuple[str, ...]:
        """The files that it names."""
        return tuple(name for name in (self.persona, self.audio, self.face) if name)


@dataclass(frozen=True, slots=True)
class Listed:
    """A job and where it stands."""

    line: int
    """In the list's file, from 1."""
    job: Job


class ListError(UsageError):
    """A list has lines that cannot be used.

    Args:
        path: The list.
        problems: Line and what is wrong with it, of every such line.
    """

    def __init__(self, path: Path, problems: Sequence[tuple[int, str]]) -> None:
        self.problems = tuple(problems)
        told = "; ".join(f"line {line}: {words}" for line, words in problems)
        super().__init__(f"{path} has {len(problems)} wrong jobs: {told}")


def read_jobs(path: Path) -> tuple[Listed, ...]:
    """Read and check every line, the files that jobs name included.

    Args:
        path: `.csv` with a head line, `.jsonl` or `.ndjson`; relative paths in it start from its folder.

    Raises:
        InputFileError: The file is no such list, has no jobs or too many.
        ListError: Lines are wrong.
    """
    jobs: list[Listed] = []
    wrong: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for number, row in read_rows(path, tuple(Job.model_fields)):
        job, problem = checked(row)
        problem = problem or _missing(job, path.absolute().parent) or made_twice(job, number, seen)
        if problem:
            wrong.append((number, problem))
        elif job is not None:
            jobs.append(Listed(number, job))
        if len(jobs) > MAX_JOBS:
            raise InputFileError(f"{path} has too many jobs", expected=f"at most {MAX_JOBS}")
    if wrong:
        raise ListError(path, wrong)
    if not jobs:
        raise InputFileError(f"{path} has no jobs", expected="one job a line")
    return tuple(jobs)


def checked(row: Mapping[str, Any] | str) -> tuple[Job | None, str]:
    """A row as a job, or what is wrong with it.

    Args:
        row: From `read_rows`.
    """
    if isinstance(row, str):
        return None, row
    try:
        return Job.model_validate(row), ""
    except ValidationError as exc:
        return None, "; ".join(_told(error) for error in exc.errors())


def made_twice(job: Job | None, number: int, seen: dict[str, int]) -> str:
    """What is wrong when an earlier line makes the same video; "" when none does.

    Args:
        job: The job.
        number: Its line.
        seen: Names so far and their lines; this one's is added.
    """
    before = seen.setdefault(job.file_name, number) if job else number
    return "" if before == number else f"makes the same video as line {before}"


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Line numbers with their fields, or with what is wrong.

    Args:
        path: `.csv` with a head line, `.jsonl` or `.ndjson`.
        columns: What a CSV may name.

    Raises:
        InputFileError: The file cannot be read or is no such list.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".jsonl", ".ndjson"):
        raise InputFileError(
            f"the list {path.name} has a wrong name", expected=".csv or .jsonl", got=suffix or "no suffix"
        )
    try:
        words = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        got = exc.strerror if isinstance(exc, OSError) else "other bytes"
        raise InputFileError(
            f"the list {path.name} cannot be read", expected="text in UTF-8", got=got or str(exc)
        ) from exc
    yield from _csv(words, columns) if suffix == ".csv" else _jsonl(words)


def _jsonl(words: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    # Not splitlines: JSON strings may hold the other line ends of Unicode.
    for number, line in enumerate(words.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as exc:
            yield number, f"is no JSON object ({getattr(exc, 'msg', exc)})"
            continue
        yield number, row if isinstance(row, dict) else "is no JSON object"


def _csv(words: str, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    reader = csv.reader(io.StringIO(words), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        unknown = [name for name in head if name not in columns]
        if unknown or not head:
            raise InputFileError(
                "the first line does not name the columns",
                expected=f"some of {', '.join(columns)}",
                got=", ".join(unknown) or "nothing",
            )
        start = reader.line_num + 1
        for row in reader:
            number, start = start, reader.line_num + 1
            if any(cell.strip() for cell in row):
                yield number, _cells(head, row)
    except csv.Error as exc:
        raise InputFileError(f"line {reader.line_num} is no CSV", got=str(exc)) from exc


def _cells(head: list[str], row: list[str]) -> Mapping[str, Any] | str:
    """Cells under their names; numbers as numbers, empty ones left out."""
    if len(row) > len(head):
        return f"has {len(row)} cells, expected {len(head)}"
    fields: dict[str, Any] = {}
    for name, cell in zip(head, row, strict=False):
        if not cell.strip():
            continue
        kind = _NUMBERS.get(name)
        try:
            fields[name] = kind(cell) if kind else cell.strip()
        except ValueError:
            return f"{name}: expected a number, got {cell.strip()[:40]!r}"
    return fields


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    words = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {words}" if where else words


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is longer than the file system takes
        return False


def _missing(job: Job | None, base: Path) -> str:
    """What the job names and is not there."""
    if job is None:
        return ""
    for name in job.files():
        if not _is_file(base / name):
            return f"the file {name if len(name) <= _SHOWN else f'{name[:_SHOWN]}...'} is not there"
    try:
        named(job.voice) if job.voice else None
    except ChatAnythingError as exc:
        return f"voice: {exc.what}"
    return ""
