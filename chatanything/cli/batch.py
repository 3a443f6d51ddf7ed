"""`chatanything batch`: many videos from one list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import err, out, print_json, reporting


def batch(
    jobs: Annotated[Path, typer.Argument(help="The list: JSON Lines, one job a line.")],
    folder: Annotated[Path, typer.Option("-o", "--out", help="Folder for the videos.")],
    as_json: options.Json = False,
) -> int:
    """Make every video of a list, skipping what is done; 1 when a job failed."""
    from chatanything.batch.manifest import read_jobs
    from chatanything.batch.runner import BatchRunner
    from chatanything.paths import make_folder

    todo = read_jobs(jobs)
    make_folder(folder)
    results = []
    with reporting(as_json=as_json) as progress:
        for result in BatchRunner(folder, jobs.absolute().parent).run(todo, progress):
            results.append(result)
            if result.state == "failed" and not as_json:
                err.print(f"{result.out}: {result.error}", markup=False)
    counts = {state: sum(r.state == state for r in results) for state in ("done", "skipped", "failed")}
    if as_json:
        print_json({**counts, "jobs": results})
    else:
        out.print(f"batch: {counts['done']} done, {counts['skipped']} skipped, {counts['failed']} failed")
    return 1 if counts["failed"] else 0
