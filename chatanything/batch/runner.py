"""Runs a list of jobs one after another and skips what is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from chatanything.batch.manifest import Job
from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.progress import Progress, silent
from chatanything.settings import Settings
from chatanything.studio import Studio

RESULTS: Final = "results.jsonl"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one job."""

    key: str
    out: str
    state: Literal["done", "skipped", "failed"]
    sha256: str = ""
    seconds: float = 0.0
    """Length of the video."""
    error: str = ""


class BatchRunner:
    """The plain local engine.

    A job counts as done when the folder's results.jsonl says so and the video is still there.

    Args:
        folder: Where videos and results.jsonl go.
        base: Folder that relative paths of the jobs start from.
        config: Settings to use instead of the environment's.
    """

    def __init__(self, folder: Path, base: Path, config: Settings | None = None) -> None:
        self._folder = folder
        self._base = base
        self._config = config
        self._done = self._read_done()
        self._studios: dict[tuple[object, ...], Studio] = {}
        self._personas: dict[tuple[object, ...], Persona] = {}

    def run(self, jobs: tuple[Job, ...], progress: Progress = silent) -> Iterator[Result]:
        """Yield one result a job, in order; a failing job does not stop the others."""
        for number, job in enumerate(jobs, 1):
            result = self._skip(job) or self._attempt(job, progress)
            if result.state != "skipped":
                with (self._folder / RESULTS).open("a", encoding="utf-8") as log:
                    log.write(json.dumps(asdict(result), sort_keys=True) + "\n")
            progress("batch", number, len(jobs), f"{result.out}: {result.state}")
            yield result

    def _read_done(self) -> dict[str, str]:
        log = self._folder / RESULTS
        if not log.is_file():
            return {}
        done: dict[str, str] = {}
        for line in log.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue  # a run that was killed while it wrote leaves half a line
            if row.get("state") == "done":
                done[row["key"]] = row["out"]
        return done

    def _skip(self, job: Job) -> Result | None:
        if self._done.get(job.key) == job.file_name and (self._folder / job.file_name).is_file():
            return Result(job.key, job.file_name, "skipped")
        return None

    def _attempt(self, job: Job, progress: Progress) -> Result:
        try:
            return self._make(job, progress)
        except (ChatAnythingError, OSError) as exc:
            return Result(job.key, job.file_name, "failed", error=str(exc))

    def _make(self, job: Job, progress: Progress) -> Result:
        studio = self._studio(job)
        persona = self._persona(job, studio, progress)
        if job.voice:
            voice = studio.voice_named(job.voice, seed=persona.card.seed, instead_of=persona.voice)
            persona = replace(persona, voice=voice)
        target = self._folder / job.file_name
        target.parent.mkdir(parents=True, exist_ok=True)
        video = studio.say(
            persona,
            job.text or ("" if job.audio else persona.card.greeting),
            out=target,
            audio=self._base / job.audio if job.audio else None,
            style=job.style,
            seed=job.seed,
            progress=progress,
        )
        return Result(job.key, job.file_name, "done", video.sha256, video.duration_s)

    def _studio(self, job: Job) -> Studio:
        key = (job.llm, job.size, job.fps)
        if key not in self._studios:
            self._studios[key] = Studio(llm=job.llm, size=job.size, fps=job.fps, config=self._config)
        return self._studios[key]

    def _persona(self, job: Job, studio: Studio, progress: Progress) -> Persona:
        key = (job.description, job.persona, job.seed, job.llm, job.size)
        if key not in self._personas:
            self._personas.clear()  # only neighbours share a persona; memory stays bounded
            self._personas[key] = (
                studio.load(self._base / job.persona, progress=progress)
                if job.persona
                else studio.create(job.description, seed=job.seed, progress=progress)
            )
        return self._personas[key]
