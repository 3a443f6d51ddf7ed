"""What every command shares: consoles, progress bars, JSON output."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

from chatanything import progress as quiet
from chatanything.errors import BackendError

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def require(packages: Sequence[str], what: str, *, extra: str) -> None:
    """See to it that a command's packages are there.

    Args:
        packages: Names as they are imported.
        what: What needs them, as "the server".
        extra: Which extra of this package brings them.

    Raises:
        BackendError: Some are missing.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise BackendError(
            f"{what} needs {', '.join(missing)}", hint=f'Install with: pip install "chatanything[{extra}]"'
        )


class _Bars:
    """Progress callback that keeps one bar a stage."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total or None, note=note)
        task = self._tasks[stage]
        if note:
            self._bars.update(task, completed=done, total=total or None, note=note)
        else:
            self._bars.update(task, completed=done, total=total or None)


def _lines(stage: str, done: float, total: float, note: str = "") -> None:
    """Progress for a log: one line whenever a stage has something to say."""
    if note and (done in (0, total)):
        err.print(f"{stage}: {note}", markup=False)


@contextmanager
def reporting(*, as_json: bool = False) -> Iterator[quiet.Progress]:
    """A progress callback for the duration of a command; silent under `--json`."""
    if as_json:
        yield quiet.silent
        return
    if not err.is_terminal:
        yield _lines
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[note]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=err) as bars:
        yield _Bars(bars)


def jsonable(value: Any) -> Any:
    """Dataclasses, paths and numpy values as plain JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: jsonable(item) for name, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(name): jsonable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(item) for item in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    return str(value) if isinstance(value, Path) else value


def print_json(value: Any) -> None:
    """One JSON object on stdout and nothing else."""
    sys.stdout.write(json.dumps(jsonable(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()
