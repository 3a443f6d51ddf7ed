"""The list of jobs: JSON Lines, one job a line, checked before any work starts."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatanything.errors import UsageError
from chatanything.types import Emotion

MAX_JOBS: Final = 100_000
_UNSAFE: Final = re.compile(r"[^\w.-]+")


class Job(BaseModel):
    """One line of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    description: str = ""
    """A sentence to create the persona from; this or `persona`."""
    persona: str = ""
    """A persona file, relative to the list."""
    text: str = ""
    """What it says; the persona's greeting when neither text nor audio is given."""
    audio: str = ""
    """A recording to lip-sync to, relative to the list."""
    out: str = ""
    """Name of the video inside the output folder; made from the job when empty."""
    seed: int | None = Field(default=None, ge=0)
    llm: str | None = None
    voice: str = ""
    """Name of another voice than the persona's own (see `voice.names`), or a description of one."""
    size: int | None = None
    fps: float | None = None
    style: Emotion | None = None
    """An emotion to perform with instead of the one that the text suggests."""

    @model_validator(mode="after")
    def _one_source(self) -> Job:
        if bool(self.description.strip()) == bool(self.persona):
            raise ValueError("give exactly one of description and persona")
        if Path(self.out).is_absolute() or ".." in Path(self.out).parts:
            raise ValueError("out must be a name inside the output folder")
        return self

    @property
    def key(self) -> str:
        """Hash of everything that decides the result."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """Name of the video."""
        if self.out:
            return self.out if self.out.endswith(".mp4") else self.out + ".mp4"
        stem = _UNSAFE.sub("-", (self.description or Path(self.persona).stem).lower())[:40].strip("-.")
        return f"{stem or 'video'}-{self.key[:8]}.mp4"


def read_jobs(path: Path) -> tuple[Job, ...]:
    """Read and check every line.

    Raises:
        UsageError: The file cannot be read, or a line is wrong; the message names the lines.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(f"the job list {path} cannot be read", got=str(exc)) from exc
    jobs: list[Job] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            jobs.append(Job.model_validate(json.loads(line)))
        except json.JSONDecodeError as exc:
            wrong.append(f"line {number} is no JSON object ({exc.msg})")
        except ValidationError as exc:
            first = exc.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            wrong.append(f"line {number}: {where + ': ' if where else ''}{first['msg']}")
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise UsageError(f"{path} has wrong jobs: " + "; ".join(wrong[:3]) + more)
    if not jobs:
        raise UsageError(f"{path} has no jobs", expected="one JSON object a line")
    if len(jobs) > MAX_JOBS:
        raise UsageError(f"{path} has too many jobs", expected=f"at most {MAX_JOBS}", got=str(len(jobs)))
    names = [job.file_name for job in jobs]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise UsageError(f"two jobs of {path} write the same video", got=twice[0])
    return tuple(jobs)
