"""A list of jobs that a visitor uploads: CSV or JSON Lines, every line checked before any work starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chatanything.batch.manifest import Job, checked, made_twice, read_rows
from chatanything.errors import InputFileError, NotFoundError
from chatanything.library import PersonaLibrary
from chatanything.voice.clones import CLONE
from chatanything.voice.names import scheme_of

MOST_JOBS: Final = 200
"""In one list of the page; the command line takes more."""
MOST_BYTES: Final = 2_000_000
COLUMNS: Final = ("description", "persona", "text", "out", "seed", "voice", "size", "fps", "style")
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
    try:
        size = path.stat().st_size
    except OSError as exc:
        raise InputFileError("the list cannot be read") from exc
    if size > MOST_BYTES:
        raise InputFileError("the list is too large", expected=f"at most {MOST_BYTES // 1_000_000} MB")
    rows = list(read_rows(path, COLUMNS))
    if not rows:
        raise InputFileError("the list has no jobs", expected="one job a line")
    if len(rows) > MOST_JOBS:
        raise InputFileError(
            "the list has too many jobs", expected=f"at most {MOST_JOBS}", got=str(len(rows))
        )
    seen: dict[str, int] = {}
    return tuple(_checked(number, row, library, seen) for number, row in rows)


def _checked(
    number: int, row: Mapping[str, Any] | str, library: PersonaLibrary, seen: dict[str, int]
) -> JobLine:
    if isinstance(row, str):
        return JobLine(number, None, row)
    unknown = sorted(set(row) - set(COLUMNS))
    if unknown:
        return JobLine(number, None, f"{unknown[0][:40]}: not a field of jobs on this page")
    job, wrong = checked(row)
    if job is None:
        return JobLine(number, None, wrong)
    try:
        if job.persona:
            kept = library.find(job.persona)
            out = job.out or f"{kept.id}-line-{number}"
            job = job.model_copy(update={"persona": str(kept.file.resolve()), "out": out})
    except NotFoundError:
        return JobLine(number, None, f"persona: nobody in your gallery has the id {job.persona[:40]!r}")
    wrong = _of_others(job) or made_twice(job, number, seen)
    return JobLine(number, None if wrong else job, wrong)


def _of_others(job: Job) -> str:
    clone = scheme_of(job.voice) == CLONE
    return "voice: voices made after recordings cannot be used here" if clone else ""
