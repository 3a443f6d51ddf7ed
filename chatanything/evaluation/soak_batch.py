"""The batch half of the soak test: the command line makes lists of videos, and is killed in between."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Final

from chatanything.evaluation.soak_live import MODULE

_WHO: Final = ("a shy teapot", "a cheerful apple who sings opera", "a robot nurse")
_WORDS: Final = ("Hi.", "Yes.", "No.", "Well.", "Bye.")
_JOBS: Final = 10
"""In a list; then the next list begins, in a folder of its own."""
_FPS: Final = 5
_LOOK_S: Final = 0.5
_LAST_RUNS: Final = 3
"""So often a list is taken up again once no fault is left."""


class BatchRuns:
    """Lists of short jobs, one after the other.

    Args:
        folder: Where lists and videos are kept.
        environment: Variables of the command.
        is_valid: Judges a finished file.
        workers: Processes that make videos.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], is_valid: Callable[[Path], bool], *, workers: int
    ) -> None:
        self._folder, self._is_valid, self._workers = folder, is_valid, workers
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[str] | None = None
        self.lists: list[Path] = []
        self.starts = 0
        self.clean_ends = 0
        """Runs that ended by themselves with all jobs done."""

    def run(self, stop: Event) -> None:
        """Make list after list until it is time to stop; a run that ended early is started again."""
        is_done = True
        while not stop.is_set():
            if is_done:
                try:
                    self._write_list()
                except OSError:  # the disk is full
                    stop.wait(_LOOK_S)
                    continue
            is_done = self._once(self.lists[-1], stop) == 0
            self.clean_ends += is_done

    def kill(self, *, worker: bool) -> bool:
        """Kill the command, or one of its workers; whether there was something to kill."""
        process = self._process
        if process is None or process.poll() is not None:
            return False
        victims = _children(process.pid) if worker else [process.pid]
        for pid in victims[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(victims)

    def settle(self) -> None:
        """Take every list up again, now that nothing is wrong any more."""
        for one in self.lists:
            for _ in range(_LAST_RUNS):
                if self._once(one, Event()) == 0:
                    break

    def _write_list(self) -> None:
        number = len(self.lists)
        path = self._folder / f"list-{number}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        jobs = [
            {
                "description": _WHO[job % len(_WHO)], "text": _WORDS[job % len(_WORDS)],
                "seed": 1000 * number + job, "fps": _FPS, "out": f"{job:03}",
            }
            for job in range(_JOBS)
        ]  # fmt: skip
        path.write_text("".join(json.dumps(job) + "\n" for job in jobs), encoding="utf-8")
        self.lists.append(path)

    def _once(self, jobs: Path, stop: Event) -> int:
        """Run the command on a list; its exit code."""
        command = [sys.executable, "-m", MODULE, "batch", str(jobs), "-o", str(_out(jobs)), "--json"]
        self._process = subprocess.Popen(
            [*command, "--workers", str(self._workers)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.starts += 1
        while self._process.poll() is None:
            if stop.wait(_LOOK_S):
                self._process.kill()
        return self._process.wait()

    def lost(self) -> list[str]:
        """Jobs of all lists whose video is not there or is not what was signed."""
        return [f"{one.stem}/{name}" for one in self.lists for name in missing(one, self._is_valid)]

    @property
    def jobs(self) -> int:
        """Jobs of all lists."""
        return _JOBS * len(self.lists)


def _out(jobs: Path) -> Path:
    return jobs.with_suffix("")


def missing(jobs: Path, is_valid: Callable[[Path], bool]) -> list[str]:
    """Jobs of a list whose video is not there or is not what was signed.

    Args:
        jobs: The list.
        is_valid: Judges a file.
    """
    names = [json.loads(line)["out"] for line in jobs.read_text(encoding="utf-8").splitlines()]
    paths = {name: _out(jobs) / f"{name}.mp4" for name in names}
    return [name for name, path in paths.items() if not (path.is_file() and is_valid(path))]


def _children(pid: int) -> list[int]:
    """Processes that a process started and that work: helpers of the interpreter do not count."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (folder / "cmdline").read_text()
            except (OSError, IndexError):
                continue
            if parent == pid and "resource_tracker" not in words:
                found.append(int(folder.name))
    return sorted(found, reverse=True)
