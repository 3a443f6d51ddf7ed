"""A list of jobs that a visitor uploads: CSV or JSON Lines, every line checked before any work starts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from chatanything.batch.manifest import Job
from chatanything.errors import InputFileError, NotFoundError
from chatanything.library import PersonaLibrary
from chatanything.voice.clones import CLONE
from chatanything.voice.names import scheme_of

MOST_JOBS: Final = 200
"""In one list of the page; the command line takes more."""
MOST_BYTES: Final = 2_000_000
COLUMNS: Final = ("description", "persona", "text", "out", "seed", "voice", "size", "fps", "style")
_NUMBERS: Final[Mapping[str, type[int] | type[float]]] = {"seed": int, "size": int, "fps": float}
EXAMPLE: Final = (
    "description,text,seed\n"
    'a cheerful apple who sings opera,"La la la, good morning!",7\n'
    "a grumpy old lighthouse keeper,Fog again.,3\n"
)


@dataclass(frozen=True, slots=True)
class JobLine:
    """One line of the list: a job, or what is wrong with it."""

    number: int
    """Line in the file, from 1."""
    job: Job | None
    problem: str = ""

    @property
    def who(self) -> str:
        """Whom it is about."""
        return (self.job.description or Path(self.job.persona).parent.name) if self.job else ""


def read_list(path: Path, library: PersonaLibrary) -> tuple[JobLine, ...]:
    """Read and check every line; wrong ones say why.

    Args:
        path: A `.csv` with a head line, or `.jsonl`.
        library: A job's `persona` is an id in it; jobs cannot name files of this machine.

    Raises:
        InputFileError: The file is no such list.
    """
    rows = list(_rows(path))
    if not rows:
        raise InputFileError("the list has no jobs", expected="one job a line")
    if len(rows) > MOST_JOBS:
        raise InputFileError(
            "the list has too many jobs", expected=f"at most {MOST_JOBS}", got=str(len(rows))
        )
    seen: dict[str, int] = {}
    return tuple(_checked(number, row, library, seen) for number, row in rows)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Line numbers with their fields, or with what is wrong."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputFileError("the list is too large", expected=f"at most {MOST_BYTES // 1_000_000} MB")
        words = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputFileError("the list cannot be read", expected="text in UTF-8") from exc
    suffix = path.suffix.lower()
    if suffix == ".csv":
        yield from _csv(words)
    elif suffix in (".jsonl", ".ndjson"):
        yield from _jsonl(words)
    else:
        raise InputFileError(
            "the list has a wrong name", expected=".csv or .jsonl", got=suffix or "no suffix"
        )


def _jsonl(words: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for number, line in enumerate(words.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as exc:
            yield number, f"is no JSON object ({exc.msg})"
            continue
        yield number, row if isinstance(row, dict) else "is no JSON object"


def _csv(words: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    reader = csv.reader(io.StringIO(words), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        unknown = [name for name in head if name not in COLUMNS]
        if unknown or not head:
            raise InputFileError(
                "the first line does not name the columns",
                expected=f"some of {', '.join(COLUMNS)}",
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


def _checked(
    number: int, row: Mapping[str, Any] | str, library: PersonaLibrary, seen: dict[str, int]
) -> JobLine:
    if isinstance(row, str):
        return JobLine(number, None, row)
    unknown = sorted(set(row) - set(COLUMNS))
    if unknown:
        return JobLine(number, None, f"{unknown[0][:40]}: not a field of jobs on this page")
    try:
        job = Job.model_validate(row)
        if job.persona:
            kept = library.find(job.persona)
            out = job.out or f"{kept.id}-line-{number}"
            job = job.model_copy(update={"persona": str(kept.file.resolve()), "out": out})
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return JobLine(number, None, f"{where}: {first['msg']}" if where else first["msg"])
    except NotFoundError:
        return JobLine(number, None, f"persona: nobody in your gallery has the id {row['persona'][:40]!r}")
    wrong = _unusable(job) or _twice(job, number, seen)
    return JobLine(number, None if wrong else job, wrong)


def _unusable(job: Job) -> str:
    if job.size not in (None, 256, 512):
        return "size: expected 256 or 512"
    if job.fps is not None and not 5 <= job.fps <= 60:
        return "fps: expected 5 to 60"
    if scheme_of(job.voice) == CLONE:
        return "voice: voices made after recordings cannot be used here"
    return "text: at most 5,000 characters" if len(job.text) > 5000 else ""


def _twice(job: Job, number: int, seen: dict[str, int]) -> str:
    before = seen.setdefault(job.file_name, number)
    return "" if before == number else f"makes the same video as line {before}"
