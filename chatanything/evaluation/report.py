"""Rows as a table for people, and as a section of the scores page with commit, machine and command."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatanything.errors import OutputError
from chatanything.evaluation.rows import Row

HEADINGS: Final = ("metric", "value", "unit", "n", "controls")
_CPU_INFO: Final = Path("/proc/cpuinfo")


def number(value: float) -> str:
    """A figure with three significant digits at least, without an exponent."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) >= 0.01 or value == 0 else f"{value:.4f}"


def _cells(row: Row) -> tuple[str, ...]:
    controls = ", ".join(f"{name} {number(value)}" for name, value in row.control.items())
    return (
        row.metric,
        number(row.value),
        row.unit,
        str(row.n),
        f"{controls}{f' ({row.by})' if row.by else ''}".strip(),
    )


def print_table(rows: Sequence[Row]) -> str:
    """The rows as lined-up text."""
    table = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(HEADINGS))]
    padded = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table
    )
    return "\n".join(line.rstrip() for line in padded)


def machine() -> str:
    """This machine in one line: processor, cores that may be used, system, Python."""
    name = platform.processor() or platform.machine()
    if _CPU_INFO.is_file():
        models = [line for line in _CPU_INFO.read_text().splitlines() if line.startswith("model name")]
        name = models[0].partition(":")[2].strip() if models else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def commit(folder: Path) -> str:
    """Short commit of the working tree around a folder, "+" if it has changes; "none" outside of one."""
    git = ["git", "-C", str(folder)]
    try:
        head = subprocess.run(
            [*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
        )
        dirty = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return head.stdout.strip() + ("+" if dirty.stdout.strip() else "")


def write_scores(path: Path, name: str, rows: Sequence[Row], *, command: str = "") -> None:
    """Write or replace the section of one evaluation in a Markdown page; the rest of it stays.

    Args:
        path: The page; made if it is not there.
        name: The evaluation, which is also the section's heading.
        rows: What was measured.
        command: How to measure it again; "chatanything evaluate NAME" if empty.

    Raises:
        OutputError: The page cannot be written.
    """
    folder = path.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        old = path.read_text(encoding="utf-8") if path.is_file() else "# Scores\n"
        path.write_text(
            _with_section(old, name, _section(name, rows, command, commit(folder))), encoding="utf-8"
        )
    except OSError as exc:
        raise OutputError(f"{path} cannot be written", got=exc.strerror or str(exc)) from exc


def _section(name: str, rows: Sequence[Row], command: str, at: str) -> str:
    day = datetime.now(UTC).date().isoformat()
    lines = [
        f"## {name}",
        "",
        f"`{command or f'chatanything evaluate {name}'}`, commit {at}, {day}, {machine()}.",
        "",
    ]
    table = [HEADINGS, ("---",) * len(HEADINGS), *map(_cells, rows)]
    return "\n".join([*lines, *("| " + " | ".join(cells) + " |" for cells in table)]) + "\n"


def _with_section(page: str, name: str, section: str) -> str:
    """The page with its "## name" section replaced, or added at the end."""
    parts = page.split("\n## ")
    head, sections = parts[0].rstrip(), ["## " + part.rstrip() for part in parts[1:]]
    heading = f"## {name}"
    kept = [text for text in sections if text.split("\n", 1)[0].strip() != heading]
    at = next((i for i, text in enumerate(sections) if text.split("\n", 1)[0].strip() == heading), len(kept))
    kept.insert(at, section.rstrip())
    return "\n\n".join([head, *kept]) + "\n"
