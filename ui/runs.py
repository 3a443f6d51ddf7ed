"""Batches that work in the background, so that closing the page does not stop them."""

from __future__ import annotations

import logging
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Final, Literal

from chatanything.batch.runner import BatchRunner
from chatanything.errors import ChatAnythingError, NotFoundError, UsageError
from chatanything.media.atomic import replacing
from chatanything.paths import make_folder
from chatanything.settings import Settings
from chatanything_ui.following import Stopped
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
        folder_of: Where an owner's files are.
        llm: Who writes personas when a job does not say.
        config: Settings of the page.
    """

    def __init__(self, folder_of: Callable[[str], Path], llm: str, config: Settings | None = None) -> None:
        self._folder_of, self._llm, self._config = folder_of, llm, config
        self._lock, self._turn = Lock(), Lock()
        self._runs: dict[str, Run] = {}

    def latest(self, owner: str) -> Run | None:
        """The batch that an owner started last."""
        return self._runs.get(owner)

    def start(self, owner: str, lines: tuple[JobLine, ...]) -> Run:
        """Begin to work on a list.

        Raises:
            UsageError: A line is wrong, or the owner's last batch still runs.
            OutputError: The folder cannot be made.
        """
        wrong = [line.number for line in lines if line.job is None]
        if wrong or not lines:
            raise UsageError(
                "the list cannot be started", got=f"a wrong line {wrong[0]}" if wrong else "no jobs"
            )
        base = self._folder_of(owner) / "batches"
        with self._lock:
            before = self._runs.get(owner)
            if before is not None and not before.over:
                raise UsageError("your last batch still runs", hint="Stop it first.")
            run_id = f"{int(time.time())}-{secrets.token_hex(4)}"
            run = Run(run_id, base / run_id, [Row(line) for line in lines])
            make_folder(run.folder)
            self._runs[owner] = run
        _clean(base)
        Thread(target=self._work, args=(run,), name="ui: batch", daemon=True).start()
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

    def _work(self, run: Run) -> None:
        try:
            with self._turn:
                self._make(run)
            _pack(run)
        except (ChatAnythingError, OSError) as exc:
            run.problem = str(exc)
        except Exception:
            log.exception("a batch broke down")
            run.problem = "something went wrong inside; the server's log has it."
        finally:
            run.took_s = time.monotonic() - run.began_s
            run.over = True

    def _make(self, run: Run) -> None:
        runner = BatchRunner(run.folder, run.folder, self._config)
        for row in run.rows:
            if run.stopping:
                row.state = "stopped"
                continue
            row.state = "working"
            assert row.line.job is not None
            job = row.line.job.model_copy(update={"llm": self._llm})
            try:
                result = next(iter(runner.run((job,), _reporter(run, row))))
            except Stopped:
                row.state = "stopped"
                continue
            row.state, row.note = (
                ("failed", result.error) if result.state == "failed" else ("done", result.out)
            )


def _reporter(run: Run, row: Row) -> Callable[..., None]:
    def report(stage: str, done: float, total: float, note: str = "") -> None:  # noqa: ARG001 - Progress
        if run.stopping and stage != "batch":
            raise Stopped
        if stage == "write" and total:
            row.share = done / total

    return report


def _pack(run: Run) -> None:
    """Videos, sidecars and the log in one archive; videos are compressed already."""
    files = sorted(path for path in run.folder.rglob("*") if path.is_file() and path != run.archive)
    with replacing(run.archive) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path in files:
            archive.write(path, path.relative_to(run.folder))


def _clean(base: Path) -> None:
    """Forget the oldest batches."""
    folders = sorted(folder for folder in base.iterdir() if folder.is_dir())
    for folder in folders[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
