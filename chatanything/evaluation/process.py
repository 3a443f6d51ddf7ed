"""Tasks in a process of their own, whose memory is nobody else's."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

Figures = dict[str, float]
"""Metric without the name of its evaluation -> value."""


def in_fresh_process(task: Callable[..., Figures], *args: Any) -> Figures:
    """What a task returns when it runs in a newly started process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(task, *args).result()


def peak_memory_mb() -> float:
    """Highest resident memory of this process so far, in megabytes (10^6 bytes).

    Linux's own high-water mark is read where there is one, since `getrusage` starts a new process off with
    the mark of the one that started it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(next(lines).split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
