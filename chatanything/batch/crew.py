"""Who makes the videos: this process, or processes beside it; `batch.ray` adds a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final, Protocol

from chatanything.batch.ledger import Made
from chatanything.batch.making import Failed, JobMaker
from chatanything.batch.manifest import Job
from chatanything.batch.order import Task
from chatanything.progress import Progress
from chatanything.settings import Settings

_CLOSING_S: Final = 5.0
"""So long a worker may take to end before it is killed."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A worker ended in the middle of a job."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task."""

    worker: str
    task: Task
    result: Made | Failed | Lost


Report = Callable[[Task, str, float, float, str], None]
"""Told about the stages of a task: the task, then as `Progress`."""


class Crew(Protocol):
    """Workers that each make one video at a time, and make the same bytes whoever they are."""

    name: str
    """Of the engine."""
    size: int
    """How many workers there are."""

    def idle(self) -> Sequence[str]:
        """Names of the workers that wait for a task."""

    def give(self, worker: str, task: Task, target: Path) -> None:
        """Let a worker make a task's video; it is on the disk under `target` when its outcome comes."""

    def next(self, timeout_s: float) -> Outcome | None:
        """The next outcome; None when there was none for so long."""

    def close(self) -> None:
        """End all workers; what they work on is dropped."""


CrewMaker = Callable[[Path, Settings], Crew]
"""Base folder of the jobs and settings -> who works on them."""


class Here:
    """One worker: the thread that asks.

    Args:
        base: Folder that the jobs' relative paths start from.
        config: Settings of the batch.
        report: Told about every stage; what it raises comes out of `give`.
    """

    name = "local"
    size = 1

    def __init__(self, base: Path, config: Settings, report: Report) -> None:
        self._maker, self._report = JobMaker(base, config), report
        self._finished: Outcome | None = None

    def idle(self) -> Sequence[str]:
        """See `Crew.idle`."""
        return () if self._finished else ("here",)

    def give(self, worker: str, task: Task, target: Path) -> None:
        """See `Crew.give`; it is made before this returns."""
        progress = _reporter(self._report, task)
        self._finished = Outcome(worker, task, self._maker.attempt(task.job, target, progress))

    def next(self, timeout_s: float) -> Outcome | None:  # noqa: ARG002 - nothing to wait for
        """See `Crew.next`."""
        finished, self._finished = self._finished, None
        return finished

    def close(self) -> None:
        """See `Crew.close`."""


def _reporter(report: Report, task: Task) -> Progress:
    def tell(stage: str, done: float, total: float, note: str = "") -> None:
        report(task, stage, done, total, note)

    return tell


class _Process:
    """One worker process and the pipe to it."""

    def __init__(self, base: Path, config: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: Any = context.Process(target=_work, args=(theirs, base, config), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None


class Processes:
    """Workers in processes of their own; each loads its models once, and ends with this process.

    Args:
        workers: How many.
        base: Folder that the jobs' relative paths start from.
        config: Settings of the batch.
    """

    name = "local"

    def __init__(self, workers: int, base: Path, config: Settings) -> None:
        self.size = workers
        self._base, self._config = base, config
        self._workers = {str(number): _Process(base, config) for number in range(1, workers + 1)}

    def idle(self) -> Sequence[str]:
        """See `Crew.idle`."""
        return [name for name, worker in self._workers.items() if worker.task is None]

    def give(self, worker: str, task: Task, target: Path) -> None:
        """See `Crew.give`."""
        chosen = self._workers[worker]
        chosen.task = task
        try:
            chosen.pipe.send((task.job, target))
        except OSError:
            return  # it is dead, which `next` finds out

    def next(self, timeout_s: float) -> Outcome | None:
        """See `Crew.next`; a worker that died is replaced."""
        busy = {worker.pipe: name for name, worker in self._workers.items() if worker.task is not None}
        for pipe in wait(list(busy), timeout_s):
            assert isinstance(pipe, Connection)
            name = busy[pipe]
            worker = self._workers[name]
            task, worker.task = worker.task, None
            assert task is not None
            try:
                return Outcome(name, task, pipe.recv())
            except (EOFError, OSError):
                worker.process.join(_CLOSING_S)
                pipe.close()
                code = worker.process.exitcode
                self._workers[name] = _Process(self._base, self._config)
                return Outcome(name, task, Lost(f"the worker ended with exit code {code}"))
        return None

    def close(self) -> None:
        """See `Crew.close`."""
        for worker in self._workers.values():
            worker.pipe.close()
            worker.process.terminate()
        for worker in self._workers.values():
            worker.process.join(_CLOSING_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def _work(pipe: Connection, base: Path, config: Settings) -> None:
    """A worker's life: take a job, make it, say what became of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that leads; it ends this one
    threading.Thread(target=_end_with_parent, name="batch: parent", daemon=True).start()
    maker = JobMaker(base, config)
    while True:
        try:
            job, target = pipe.recv()
            assert isinstance(job, Job)
            pipe.send(maker.attempt(job, target))
        except (EOFError, OSError):
            return


def _end_with_parent() -> None:
    """End at once when the leading process is gone, so that nobody writes into a folder that is let go."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
