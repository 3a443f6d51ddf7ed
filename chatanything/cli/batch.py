"""`chatanything batch`: many videos from one list."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import err, out, print_json, reporting
from chatanything.errors import UsageError

if TYPE_CHECKING:
    from chatanything.batch.crew import CrewMaker
    from chatanything.batch.manifest import Listed
    from chatanything.batch.runner import BatchRunner, Result, Watcher
    from chatanything.progress import Progress

_ENGINES = ("local", "ray")
_SHOWN = 200
"""Wrong lines that are printed."""


def batch(
    jobs: Annotated[Path, typer.Argument(help="The list: JSON Lines or CSV, one job a line.")],
    folder: Annotated[Path, typer.Option("-o", "--out", help="Folder for the videos, ledger and report.")],
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, max=1024, help="Processes, or Ray actors. Default: 1; all of a cluster."
        ),
    ] = None,
    retries: Annotated[
        int, typer.Option("--retries", min=0, max=100, help="More tries after failures that may pass.")
    ] = 2,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Only jobs that failed in an earlier run.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check the list and say what would be done; write nothing.")
    ] = False,
    engine: Annotated[str, typer.Option("--engine", help="local or ray.")] = "local",
    address: Annotated[
        str | None,
        typer.Option("--address", help="Of a Ray cluster: HOST:PORT or auto. Default: start one here."),
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Make every video of a list; what is done is skipped, so the same command goes on after any stop.

    Exit codes: 0 all are done; 1 some are not or cannot be made, or the run had to stop; 2 the list or an
    option is wrong, and nothing was made.
    """
    from chatanything.batch.manifest import ListError, read_jobs
    from chatanything.batch.runner import BatchRunner
    from chatanything.paths import make_folder

    if engine not in _ENGINES:
        raise UsageError("no such engine", expected=" or ".join(_ENGINES), got=repr(engine))
    if address is not None and engine != "ray":
        raise UsageError("--address belongs to --engine ray")
    try:
        todo = read_jobs(jobs)
    except ListError as exc:
        if as_json:
            raise
        for line, words in exc.problems[:_SHOWN]:
            err.print(f"line {line}: {words}", markup=False)
        raise UsageError(f"{jobs} has {len(exc.problems)} wrong jobs", hint="Nothing was made.") from exc
    crew = _crew(engine, address, workers) if not dry_run else None
    runner = BatchRunner(
        folder,
        jobs.absolute().parent,
        workers=workers or 1,
        crew=crew,
        retries=retries,
        only_failed=only_failed,
    )
    if dry_run:
        return _preview(runner, todo, as_json=as_json)
    make_folder(folder)
    with reporting(as_json=as_json) as progress:
        results = runner.run(todo, _watcher(len(todo), progress, as_json=as_json))
    return _tell(results, folder, as_json=as_json)


def _crew(engine: str, address: str | None, workers: int | None) -> CrewMaker | None:
    if engine == "local":
        return None
    from chatanything.batch.ray import ray_crew

    return ray_crew(address, workers)


def _preview(runner: BatchRunner, todo: Sequence[Listed], *, as_json: bool) -> int:
    rows = runner.preview(todo)
    make, wrong = ([row for row in rows if row.action == action] for action in ("make", "fail"))
    actions = Counter(row.action for row in rows)
    counts = {
        **{action: actions[action] for action in ("make", "skip", "leave", "fail")},
        "personas_kept": sum(row.persona for row in make),
        "speech_kept": sum(row.speech for row in make),
    }
    if as_json:
        print_json({**counts, "jobs": rows})
        return 1 if wrong else 0
    for row in make:
        have = " and ".join(
            name for name, there in (("persona", row.persona), ("speech", row.speech)) if there
        )
        out.print(f"line {row.line}: {row.out}{f' ({have} kept)' if have else ''}", markup=False)
    for row in wrong:
        err.print(f"line {row.line}: {row.out} cannot be made: {row.problem}", markup=False)
    rest = "".join(
        f", {counts[action]} {words}"
        for action, words in (("leave", "left alone"), ("fail", "that cannot be made"))
        if counts[action]
    )
    out.print(
        f"batch: {counts['make']} to make, {counts['skip']} done{rest}; kept from before: the persona of "
        f"{counts['personas_kept']}, the speech of {counts['speech_kept']}"
    )
    return 1 if wrong else 0


def _tell(results: Sequence[Result], folder: Path, *, as_json: bool) -> int:
    from chatanything.batch.report import FILE

    states = Counter(result.state for result in results)
    counts = {state: states[state] for state in ("done", "skipped", "failed", "waiting")}
    if as_json:
        print_json({**counts, "report": folder / FILE, "jobs": results})
    else:
        words = ", ".join(f"{count} {state}" for state, count in counts.items() if count or state == "done")
        out.print(f"batch: {words}; {folder / FILE}", markup=False)
    return 1 if counts["failed"] or counts["waiting"] else 0


def pace(made: int, left: int, elapsed_s: float) -> str:
    """Throughput and what is left, in words.

    Args:
        made: Jobs that this run finished.
        left: Jobs that it has still to do.
        elapsed_s: Seconds since it began.
    """
    if not made or elapsed_s <= 0:
        return ""
    left_s = left * elapsed_s / made
    end = (
        f"{left_s / 3600:.1f} h"
        if left_s > 5400
        else f"{left_s / 60:.0f} min"
        if left_s > 90
        else f"{left_s:.0f} s"
    )
    return f"{60 * made / elapsed_s:.1f} a minute, about {end} left"


def _watcher(count: int, progress: Progress, *, as_json: bool) -> Watcher:
    """Says how far the batch is."""
    from chatanything.batch.runner import Watcher

    class Telling(Watcher):
        def __init__(self) -> None:
            self._over, self._made, self._start = 0, 0, time.monotonic()

        def stage(self, number: int, stage: str, done: float, total: float, note: str) -> None:  # noqa: ARG002
            if err.is_terminal:
                progress(stage, done, total, note)

        def again(self, number: int, reason: str) -> None:
            if not as_json:
                err.print(f"job {number + 1}: again, since {reason}", markup=False)

        def ended(self, number: int, result: Result) -> None:  # noqa: ARG002 - the base's signature
            self._over += 1
            if result.state != "skipped":
                self._made += 1
            told = pace(self._made, count - self._over, time.monotonic() - self._start)
            note = f"{self._over} of {count}{', ' if told else ''}{told}"
            if err.is_terminal:
                progress("batch", self._over, count, note)
            if as_json or result.state == "skipped":
                return
            if result.state == "failed":
                err.print(f"{result.out}: {result.error}", markup=False)
            elif not err.is_terminal:
                err.print(f"{result.out}: done; {note}", markup=False)

    return Telling()
