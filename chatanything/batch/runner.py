"""Runs a list of jobs to its end: what is done is skipped, what was left half done is settled first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from chatanything.batch.crew import Crew, CrewMaker, Here, Lost, Outcome, Processes
from chatanything.batch.ledger import FILE, Entry, Ledger, Made, Row, State
from chatanything.batch.making import Failed, JobMaker, Stop, describe, fingerprint, in_a_line
from chatanything.batch.manifest import Listed
from chatanything.batch.order import Task, Waiting
from chatanything.batch.place import DiskFullError, Place, whole_sidecar
from chatanything.batch.report import PICTURES, write_report
from chatanything.errors import ChatAnythingError, OutputError
from chatanything.settings import Settings, load_settings

RETRIES: Final = 2
_LEAST_LOSSES: Final = 2
"""A job whose worker dies is tried again so often, even without retries."""
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
_LOOK_S: Final = 0.5
_STOPPED: Final = "the run was stopped while it was made"
_FOUND: Final = "finished by a run that was stopped before it could say so"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one job."""

    key: str
    out: str
    state: Literal["done", "skipped", "failed", "waiting"]
    """"skipped": it was done before; "waiting": the run was stopped first, or it was not asked for."""
    sha256: str = ""
    seconds: float = 0.0
    """Length of the video."""
    error: str = ""
    line: int = 0
    """In the list."""


class Watcher:
    """Told what happens; the base says nothing."""

    def began(self, number: int) -> None:
        """A worker begins with the job of this place in the list, from 0."""

    def stage(self, number: int, stage: str, done: float, total: float, note: str) -> None:
        """How far it is, where it is made in this process; the rest as `Progress`."""

    def again(self, number: int, reason: str) -> None:
        """A try came to nothing; there will be another."""

    def ended(self, number: int, result: Result) -> None:
        """A job is done, failed, or was skipped."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do with one job."""

    line: int
    out: str
    action: Literal["make", "skip", "leave", "fail"]
    """"skip": it is done; "leave": it did not fail, and only those that did are asked for; "fail": it cannot
    be made."""
    persona: bool = False
    """Whether its persona need not be made."""
    speech: bool = False
    """Whether its speech need not be made."""
    problem: str = ""
    """Why it cannot be made."""


class BatchRunner:
    """Makes the videos of a list in a folder.

    Args:
        folder: Where videos, ledger and report go.
        base: Folder that relative paths of the jobs start from.
        config: Settings to use instead of the environment's.
        workers: How many processes work; 1 works in this one.
        crew: Makes other workers, such as those of `batch.ray`.
        retries: More tries for a job that failed for a reason that may pass.
        only_failed: Work only on jobs that failed in an earlier run.
        stop: Asked often; the run ends soon after it says True.
    """

    def __init__(
        self, folder: Path, base: Path, config: Settings | None = None, *, workers: int = 1,
        crew: CrewMaker | None = None, retries: int = RETRIES, only_failed: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._folder, self._base, self._config = folder, base, config or load_settings()
        self._place = Place(folder)
        self._workers, self._crew, self._retries = workers, crew, retries
        self._only_failed, self._stop = only_failed, stop

    def run(self, jobs: Sequence[Listed], watch: Watcher | None = None) -> tuple[Result, ...]:
        """Make what is not done; one job's failure does not stop the others.

        Args:
            jobs: From `read_jobs`.
            watch: Told what happens.

        Returns:
            One result a job, in the list's order.

        Raises:
            FolderBusyError: Another run works in the folder.
            DiskFullError: There is no room; what is done stays done, and another run goes on.
            OutputError: The folder or the ledger cannot be used.
        """
        watch = watch or Watcher()
        entries = self._entries(jobs)
        with self._place.held(), self._full_disk_named(), Ledger(self._folder) as ledger:
            ledger.enlist(entries)
            self._settle(ledger)
            tasks = self._left(ledger, jobs, watch)
            try:
                if tasks:
                    self._work(ledger, tasks, watch)
            except BaseException:
                _try_report(self._folder, ledger)
                raise
            rows = ledger.rows(pictures=PICTURES)
            write_report(self._folder, rows, ledger.tries())
            self._place.tidy()
        skipped = {row.out for row in rows} - {task.out for task in tasks}
        return tuple(_result(row, skipped=row.out in skipped) for row in rows)

    def preview(self, jobs: Sequence[Listed]) -> tuple[Preview, ...]:
        """What `run` would do; nothing is written.

        Raises:
            OutputError: The ledger cannot be read.
        """
        known: dict[str, Row] = {}
        if (self._folder / FILE).is_file():
            with Ledger(self._folder, read_only=True) as ledger:
                known = {row.out: row for row in ledger.rows(listed=False)}
        maker, digests = JobMaker(self._base, self._config), dict[str, str]()
        return tuple(self._foreseen(listed, known, maker, digests) for listed in jobs)

    def _foreseen(
        self, listed: Listed, known: Mapping[str, Row], maker: JobMaker, digests: dict[str, str]
    ) -> Preview:
        line, out = listed.line, listed.job.file_name
        try:
            state = self._settled(known.get(out), self._entry(listed, digests).key)
            if state == "done":
                return Preview(line, out, "skip")
            if self._only_failed and state != "failed":
                return Preview(line, out, "leave")
            kept = maker.foresee(listed.job)
            return Preview(line, out, "make", persona=kept["persona"], speech=kept["speech"])
        except (ChatAnythingError, OSError) as exc:
            return Preview(line, out, "fail", problem=in_a_line(exc))

    def _settled(self, row: Row | None, key: str) -> State:
        """What `_settle` will make of a job's state; nothing is changed."""
        if row is None or row.key != key:
            return "waiting"
        if row.state == "working":
            return "waiting" if whole_sidecar(self._place.hidden(row.out, key)) is None else "done"
        made = row.made
        there = {
            "made": lambda: self._place.will_be_whole(row.out, key, made.sha256, made.sidecar),
            "done": lambda: self._place.has(row.out, made.size),
        }
        if row.state in there:
            return "done" if there[row.state]() else "waiting"
        return row.state

    def _entries(self, jobs: Sequence[Listed]) -> list[Entry]:
        digests: dict[str, str] = {}
        return [self._entry(listed, digests) for listed in jobs]

    def _entry(self, listed: Listed, digests: dict[str, str]) -> Entry:
        return Entry(
            listed.job.file_name,
            fingerprint(listed.job, self._base, self._config, digests),
            listed.line,
            listed.job.description or Path(listed.job.persona).stem,
            listed.job.model_dump_json(exclude_defaults=True),
        )

    @contextmanager
    def _full_disk_named(self) -> Iterator[None]:
        try:
            yield
        except DiskFullError:
            raise
        except (OutputError, OSError) as exc:
            if self._place.is_full(exc):
                raise DiskFullError(str(exc)) from exc
            raise

    # ------------------------------------------------------------------ what an earlier run left

    def _settle(self, ledger: Ledger) -> None:
        """Bring ledger and folder in line after a run that ended in the middle of something."""
        for row in ledger.rows(listed=False):
            if row.state == "working":
                row = self._adopted(ledger, row)  # noqa: PLW2901 - the row as it is now
            if row.state == "made":
                self._finish(ledger, row)
            elif row.state == "done" and not self._place.has(row.out, row.made.size):
                ledger.again(None, row.out, "lost", "its video is gone")
        self._place.clean()

    def _adopted(self, ledger: Ledger, row: Row) -> Row:
        """The row of a job that was worked on; "made" when its video was whole all the same."""
        video = self._place.hidden(row.out, row.key)
        said = whole_sidecar(video)
        if said is None:
            ledger.again(None, row.out, "lost", _STOPPED)
            return replace(row, state="waiting")
        stages = said.get("seconds")
        seconds = (
            {str(name): float(value) for name, value in stages.items()} if isinstance(stages, dict) else {}
        )
        made = describe(video, video_s=_length(video), took_s=sum(seconds.values()), stages=seconds)
        ledger.made(None, row.out, made, _FOUND)
        return replace(row, state="made", made=made)

    def _finish(self, ledger: Ledger, row: Row) -> None:
        """Move what was made to its name, if it is still what was recorded."""
        trouble = self._moved(row.out, row.key)
        if not trouble and self._place.is_whole(row.out, row.made.sha256, row.made.sidecar):
            ledger.done(row.out)
        else:
            ledger.again(None, row.out, "lost", trouble or "what was made did not outlast the end of its run")

    def _moved(self, out: str, key: str) -> str:
        """Move a video to its name; what hindered it, or "".

        Raises:
            OSError: The disk is full.
        """
        try:
            self._place.move(out, key)
        except OSError as exc:
            if self._place.is_full(exc):
                raise
            return f"{self._place.final(out)} cannot be written: {exc.strerror or exc}."
        return ""

    def _left(self, ledger: Ledger, jobs: Sequence[Listed], watch: Watcher) -> list[Task]:
        """The tasks of this run."""
        tasks = []
        for row, listed in zip(ledger.rows(), jobs, strict=True):
            if row.state == "done":
                watch.ended(row.position, _result(row, skipped=True))
            elif row.state == "failed" or not self._only_failed:
                tasks.append(Task(row.position, listed.job, row.key))
        return tasks

    # ------------------------------------------------------------------ working

    def _work(self, ledger: Ledger, tasks: Sequence[Task], watch: Watcher) -> None:
        waiting, tries = Waiting(tasks), dict[int, int]()
        crew = self._open_crew(watch, len(tasks))
        try:
            run = ledger.begin_run(crew.name, crew.size)
            while (waiting or tries) and not self._stop():
                for worker in crew.idle():
                    task = waiting.take(worker, time.monotonic())
                    if task is None:
                        break
                    tries[task.number] = ledger.begin(run, task.out, worker)
                    watch.began(task.number)
                    crew.give(worker, task, self._place.hidden(task.out, task.key))
                if not tries:
                    time.sleep(min(_LOOK_S, max(0.0, waiting.next_ready_s() - time.monotonic())))
                elif (outcome := crew.next(_LOOK_S)) is not None:
                    number = tries.pop(outcome.task.number)
                    self._take_in(ledger, number, outcome, waiting, watch)
            ledger.end_run(run)
        except Stop:
            return  # what was worked on is settled by the next run
        finally:
            crew.close()

    def _open_crew(self, watch: Watcher, tasks: int) -> Crew:
        if self._crew is not None:
            return self._crew(self._base, self._config)
        if self._workers > 1 and tasks > 1:
            return Processes(min(self._workers, tasks), self._base, self._config)

        def report(task: Task, stage: str, done: float, total: float, note: str) -> None:
            if self._stop():
                raise Stop
            watch.stage(task.number, stage, done, total, note)

        return Here(self._base, self._config, report)

    def _take_in(
        self, ledger: Ledger, number: int, outcome: Outcome, waiting: Waiting, watch: Watcher
    ) -> None:
        """Record what became of a try, and decide what follows from it."""
        task, result = outcome.task, outcome.result
        if isinstance(result, Made):
            ledger.made(number, task.out, result)
            trouble = self._moved(task.out, task.key)
            if not trouble:
                ledger.done(task.out)
                watch.ended(task.number, Result(task.key, task.out, "done", result.sha256, result.video_s))
                return
            result = Failed(trouble, may_pass=False)
        if isinstance(result, Failed) and result.is_full:
            ledger.again(number, task.out, "failed", result.reason)
            raise DiskFullError(result.reason)
        if isinstance(result, Lost):
            waiting.forget(outcome.worker)
        failures = task.failures + 1
        most = max(self._retries, _LEAST_LOSSES) if isinstance(result, Lost) else self._retries
        if failures <= most and (isinstance(result, Lost) or result.may_pass):
            kind: Literal["lost", "failed"] = "lost" if isinstance(result, Lost) else "failed"
            ledger.again(number, task.out, kind, result.reason)
            pause = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** (failures - 1))
            waiting.add(replace(task, failures=failures, ready_s=time.monotonic() + pause))
            watch.again(task.number, result.reason)
            return
        ledger.failed(number, task.out, result.reason)
        watch.ended(task.number, Result(task.key, task.out, "failed", error=result.reason))


def _length(video: Path) -> float:
    """Seconds of a finished video."""
    import av

    with av.open(str(video)) as container:
        return float((container.duration or 0) / av.time_base)


def _try_report(folder: Path, ledger: Ledger) -> None:
    """Write the report of a run that broke off; what stopped the run matters more."""
    try:
        write_report(folder, ledger.rows(pictures=PICTURES), ledger.tries())
    except (ChatAnythingError, OSError):
        return


def _result(row: Row, *, skipped: bool) -> Result:
    state: Literal["done", "skipped", "failed", "waiting"] = "waiting"
    if row.state == "done":
        state = "skipped" if skipped else "done"
    elif row.state == "failed":
        state = "failed"
    error = row.reason if state in ("failed", "waiting") else ""
    return Result(row.key, row.out, state, row.made.sha256, row.made.video_s, error, row.line)
