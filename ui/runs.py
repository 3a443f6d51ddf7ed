"""Batches that work in the background, so that closing the page does not stop them."""

from __future__ import annotations

import logging
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Final, Literal

from chatanything.batch.manifest import Listed
from chatanything.batch.report import FILE as REPORT
from chatanything.batch.runner import BatchRunner, Result, Watcher
from chatanything.errors import ChatAnythingError, NotFoundError, UsageError
from chatanything.media.atomic import replacing
from chatanything.paths import make_folder
from chatanything.provenance.manifest import sidecar_path
from chatanything.server.services import Libraries
from chatanything.server.visitor_space import BATCHES
from chatanything.settings import Settings, load_settings
from chatanything_ui.job_list import JobLine

State = Literal["waiting", "working", "done", "failed", "stopped"]
_ZIP: Final = "results.zip"
_KEPT: Final = 3
"""Finished batches of one owner that stay on disk."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Row:
    """One job on its way."""

    line: JobLine
    state: State = "waiting"
    share: float = 0.0
    """0..1 of the video, while it is worked on."""
    note: str = ""


@dataclass(slots=True)
class Run:
    """One batch of one owner."""

    id: str
    folder: Path
    rows: list[Row]
    stopping: bool = False
    over: bool = False
    problem: str = ""
    began_s: float = field(default_factory=time.monotonic)
    took_s: float = 0.0
    """Once it is over."""
    cut: str = ""
    """Why it ended before its list did, if nobody stopped it."""

    @property
    def finished(self) -> int:
        """Jobs that are over."""
        return sum(row.state in ("done", "failed", "stopped") for row in self.rows)

    @property
    def made(self) -> int:
        """Videos that are there."""
        return sum(row.state == "done" for row in self.rows)

    @property
    def archive(self) -> Path:
        """The results, once it is over."""
        return self.folder / _ZIP


class BatchRuns:
    """The latest batch of every owner; one batch works at a time.

    Args:
        libraries: Where owners' files are, and whether there is room for more.
        llm: Who writes personas when a job does not say.
        config: Settings of the page.
    """

    def __init__(self, libraries: Libraries, llm: str, config: Settings | None = None) -> None:
        self._libraries, self._llm, self._config = libraries, llm, config
        self._lock, self._turn = Lock(), Lock()
        self._runs: dict[str, Run] = {}

    def latest(self, owner: str) -> Run | None:
        """The batch that an owner started last."""
        return self._runs.get(owner)

    def start(self, owner: str, lines: tuple[JobLine, ...]) -> Run:
        """Begin to work on a list.

        Raises:
            UsageError: A line is wrong, the owner's last batch still runs, or there is no room.
            OutputError: The folder cannot be made.
        """
        wrong = [line.number for line in lines if line.job is None]
        if wrong or not lines:
            raise UsageError(
                "the list cannot be started", got=f"a wrong line {wrong[0]}" if wrong else "no jobs"
            )
        self._libraries.make_room(owner)
        base = self._libraries.folder(owner) / BATCHES
        with self._lock:
            before = self._runs.get(owner)
            if before is not None and not before.over:
                raise UsageError("your last batch still runs", hint="Stop it first.")
            run_id = f"{int(time.time())}-{secrets.token_hex(4)}"
            run = Run(run_id, base / run_id, [Row(line) for line in lines])
            make_folder(run.folder)
            self._libraries.space.work(run.folder)
            self._runs[owner] = run
        _clean(base)
        Thread(target=self._work, args=(owner, run), name="ui: batch", daemon=True).start()
        return run

    def stop(self, owner: str) -> None:
        """End the batch of an owner; videos that are finished stay."""
        run = self._runs.get(owner)
        if run is not None:
            run.stopping = True

    def results(self, owner: str, run_id: str) -> Path:
        """The archive of a batch that is over.

        Raises:
            NotFoundError: There is none.
        """
        run = self._runs.get(owner)
        if run is None or run.id != run_id or not run.archive.is_file():
            raise NotFoundError("there are no results")
        return run.archive

    # ------------------------------------------------------------------ working

    def _work(self, owner: str, run: Run) -> None:
        try:
            with self._turn:
                self._make(owner, run)
        except (ChatAnythingError, OSError) as exc:
            run.problem = str(exc)
        except Exception:
            log.exception("a batch broke down")
            run.problem = "something went wrong inside; the server's log has it."
        finally:
            self._libraries.space.rest(run.folder)
            run.took_s = time.monotonic() - run.began_s
            run.over = True

    def _make(self, owner: str, run: Run) -> None:
        jobs = []
        for row in run.rows:
            assert row.line.job is not None
            jobs.append(Listed(row.line.number, row.line.job.model_copy(update={"llm": self._llm})))
        # What visitors let somebody say is kept in their own folders only.
        config = (self._config or load_settings()).model_copy(update={"stage_cache_mb": 0})
        runner = BatchRunner(run.folder, run.folder, config, stop=lambda: run.stopping)
        watch = _Following(run, lambda: self._libraries.make_room(owner))
        results = runner.run(jobs, watch) if not run.stopping else ()
        for row in run.rows:
            if row.state in ("waiting", "working"):
                row.state = "stopped"
        _pack(run, [result.out for result in results if result.state == "done"])


class _Following(Watcher):
    """Keeps the rows of a run as they are, and ends it where there is no room for more.

    Args:
        run: The batch.
        make_room: Raises where there is none.
    """

    def __init__(self, run: Run, make_room: Callable[[], None]) -> None:
        self._run, self._rows, self._make_room = run, run.rows, make_room

    def began(self, number: int) -> None:
        self._rows[number].state = "working"

    def stage(self, number: int, stage: str, done: float, total: float, note: str) -> None:  # noqa: ARG002
        if stage == "write" and total:
            self._rows[number].share = done / total

    def again(self, number: int, reason: str) -> None:
        self._rows[number].state, self._rows[number].note = "waiting", reason

    def ended(self, number: int, result: Result) -> None:
        row = self._rows[number]
        row.state, row.note = ("failed", result.error) if result.state == "failed" else ("done", result.out)
        if self._run.finished < len(self._rows):
            try:
                self._make_room()
            except ChatAnythingError as exc:
                self._run.cut, self._run.stopping = str(exc), True


def _pack(run: Run, names: Sequence[str]) -> None:
    """Videos, sidecars and the report in one archive; videos are compressed already."""
    videos = [run.folder / name for name in names]
    files = [path for video in videos for path in (video, sidecar_path(video))]
    report = run.folder / REPORT
    with replacing(run.archive) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path in [*files, *([report] if report.is_file() else [])]:
            archive.write(path, path.relative_to(run.folder))
    for path in files:
        path.unlink()  # only the archive is fetched; the disk need not hold everything twice


def _clean(base: Path) -> None:
    """Forget the oldest batches."""
    folders = sorted(folder for folder in base.iterdir() if folder.is_dir())
    for folder in folders[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
