"""A batch that is killed again and again, and a disk that fills up, driven by the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Final

import numpy as np

from chatanything.errors import ChatAnythingError
from chatanything.evaluation.soak_disk import MB
from chatanything.progress import Progress, silent

PLAIN: Final[Mapping[str, str]] = {
    "CHATANYTHING_LLM": "rules", "CHATANYTHING_FACE_ENGINE": "template", "CHATANYTHING_RENDERER": "warp",
    "CHATANYTHING_MOTION": "rules",
}  # fmt: skip
"""Settings that make the shortest real job; signing stays on."""
_LONGEST_S: Final = 7200.0
"""One run of the command; a batch that hangs fails the evaluation."""
_START_S: Final = 6.0
"""Within this time of its start a run is killed when it is to die before its first video."""
_GROWS_BY: Final = 1.25


@dataclass(slots=True)
class Marks:
    """Finished videos as they lay on the disk: name -> inode and time of change."""

    first: dict[str, tuple[int, int]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    """Those that did not stay as they were when they were seen first."""

    def look(self, folder: Path) -> None:
        """Compare the folder with what was seen before."""
        for path in videos(folder):
            stat = path.stat()
            name, mark = str(path.relative_to(folder)), (stat.st_ino, stat.st_mtime_ns)
            if self.first.setdefault(name, mark) != mark:
                self.changed.add(name)
        self.changed |= {name for name in self.first if not (folder / name).is_file()}


def videos(folder: Path) -> list[Path]:
    """The finished videos of an output folder."""
    found = (path for path in folder.rglob("*.mp4"))
    return sorted(path for path in found if not any(part.startswith(".") for part in path.parts[-3:]))


def environment(cache: Path) -> dict[str, str]:
    """The environment of every run: plain settings, and a stage cache of the evaluation's own."""
    return {**os.environ, **PLAIN, "CHATANYTHING_STAGE_CACHE": str(cache), "OMP_NUM_THREADS": "1"}


def start(jobs: Path, out: Path, cache: Path, *options: str) -> subprocess.Popen[str]:
    """Start the command as a user would; its lines come through `stderr`."""
    command = [sys.executable, "-m", "chatanything", "batch", str(jobs), "-o", str(out), *options]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(cache)
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and last line of a run that is left alone.

    Raises:
        ChatAnythingError: It hangs.
    """
    try:
        _, errors = process.communicate(timeout=_LONGEST_S)
    except subprocess.TimeoutExpired as exc:
        process.kill()
        raise ChatAnythingError("a batch does not end", got=f"nothing after {_LONGEST_S:g} s") from exc
    return process.returncode, (errors.strip().splitlines() or [""])[-1]


def kill_often(
    jobs: Path, out: Path, cache: Path, options: Sequence[str], *, count: int, kills: int,
    rng: np.random.Generator, marks: Marks, progress: Progress = silent,
) -> int:  # fmt: skip
    """Start the batch and kill it with SIGKILL, over and over, at random moments.

    A run dies a random time after a random number of videos, or before its first one, such that about all
    jobs would be done when all kills are.

    Args:
        jobs: The list.
        out: Output folder.
        cache: Folder of the stage cache.
        options: More options of the command.
        count: Jobs in the list.
        kills: How often.
        rng: Draws the moments.
        marks: Looks at the folder after every kill.
        progress: Told about every kill.

    Returns:
        Kills that hit a running batch; a run may end before its moment comes.
    """
    hit = 0
    most = max(1, round(1.6 * count / kills))
    for number in range(kills):
        process = start(jobs, out, cache, *options)
        hit += _killed(process, int(rng.integers(0, most + 1)), float(rng.random()))
        marks.look(out)
        progress("kills", number + 1, kills, f"killed {number + 1} of {kills}, {len(marks.first)} videos")
    return hit


def _killed(process: subprocess.Popen[str], after: int, share: float) -> bool:
    """Kill a run after so many videos and a share of the time that the last one took."""
    assert process.stderr is not None
    seen, last, took = 0, time.monotonic(), _START_S
    if after:
        for line in process.stderr:
            if ": done;" in line:
                now = time.monotonic()
                seen, last, took = seen + 1, now, now - last
            if seen >= after:
                break
    # What it still says must not fill the pipe and hold it up.
    Thread(target=process.stderr.read, daemon=True).start()
    try:
        process.wait(share * took)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def grow(folder: Path, size_mb: float) -> None:
    """Change the size of a `small_disk` (see `soak_disk`)."""
    subprocess.run(["mount", "-o", f"remount,size={int(size_mb * MB)}", str(folder)], check=True)


@dataclass(frozen=True, slots=True)
class Filled:
    """What happened on a disk that was too small."""

    stops: int
    """How often it was full."""
    unclear: int
    """Stops whose last line did not say so, or whose exit code was not 1."""


def fill_disk(
    jobs: Path, disk: Path, cache: Path, options: Sequence[str], *, size_mb: float, marks: Marks,
    progress: Progress = silent,
) -> Filled:  # fmt: skip
    """Run the batch on a disk that is full again and again, and a little larger each time, until all is done.

    Args:
        jobs: The list.
        disk: A `small_disk`; the output folder is in it.
        cache: Folder of the stage cache, elsewhere.
        options: More options of the command.
        size_mb: Size of the disk at the beginning.
        marks: Looks at the folder after every stop.
        progress: Told about every stop.
    """
    stops = unclear = 0
    while True:
        code, line = finish(start(jobs, disk / "out", cache, *options))
        marks.look(disk / "out")
        if code == 0:
            return Filled(stops, unclear)
        stops += 1
        unclear += code != 1 or "disk is full" not in line
        if stops > 40:
            raise ChatAnythingError("the batch does not end on a growing disk", got=line)
        size_mb *= _GROWS_BY
        grow(disk, size_mb)
        progress("disk", stops, 0, f"full {stops} times, {len(marks.first)} videos")
