"""`chatanything evaluate batch`, `soak`, `fuzz` and `watermark`: whether what is made can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import err, reporting
from chatanything.cli.scores import Scores, show
from chatanything.seeds import MAX_SEED


def soak(
    minutes: Annotated[
        float, typer.Option("--minutes", min=1.0, help="So long things go wrong; settling takes some more.")
    ] = 60.0,
    visitors: Annotated[int, typer.Option("--visitors", min=1, max=16, help="Who talk at once.")] = 2,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes of the batch.")] = 2,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Work here, and keep the fetched videos.")
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Live and batch for a long time while models, disks, clocks and processes fail; nothing may get lost."""
    from chatanything.evaluation.soak import run_soak

    with reporting(as_json=as_json) as progress:
        rows = run_soak(minutes=minutes, visitors=visitors, workers=workers, folder=folder, progress=progress)
    show("soak", rows, scores, as_json=as_json, minutes=minutes, visitors=visitors, workers=workers)


def watermark(
    count: Annotated[int, typer.Option("--count", min=1, max=24, help="How many characters speak.")] = 24,
    size: Annotated[int, typer.Option("--size", help="Edge of the picture in pixels: 256 or 512.")] = 256,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """How often the hidden mark is read after re-encoding, rescaling and cropping, and where none is."""
    from chatanything.evaluation.watermark import run_watermark

    with reporting(as_json=as_json) as progress:
        rows = run_watermark(count=count, size=size, progress=progress)
    show("watermark", rows, scores, as_json=as_json, count=count, size=size)


def fuzz(
    cases: Annotated[int, typer.Option("--cases", min=1, help="How many, over all parts.")] = 10_000,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            help="cards, jobs, images, sounds, clips, lock, messages or credentials; may be repeated.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=MAX_SEED, help="Another seed, other cases.")] = 0,
    guided: Annotated[
        float,
        typer.Option(
            "--guided", min=0.0, help="Instead, so many minutes steered by what code is reached (Atheris)."
        ),
    ] = 0.0,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Keep what --guided finds, and go on from it.")
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> int:
    """Broken and hostile files: each is read or refused in one line, none crashes or hangs; 1 if one does."""
    from chatanything.evaluation.fuzz import run_fuzz
    from chatanything.evaluation.fuzz_guided import run_guided

    with reporting(as_json=as_json) as progress:
        if guided:
            rows, failures = run_guided(
                minutes=guided, parts=part or (), seed=seed, folder=folder, progress=progress
            )
        else:
            rows, failures = run_fuzz(cases=cases, parts=part or (), seed=seed, progress=progress)
    asked = {"guided": guided} if guided else {"cases": cases}
    show("fuzz", rows, scores, as_json=as_json, **asked)
    for one in failures:
        err.print(f"{one.part}, case {one.case}, seed {seed}:\n{one.what}", markup=False)
    return 1 if failures else 0


def batch(
    jobs: Annotated[int, typer.Option("--jobs", min=8, max=100_000, help="Short videos to make.")] = 500,
    kills: Annotated[int, typer.Option("--kills", min=1, help="Times that the batch is killed.")] = 50,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes of the batch.")] = 1,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="kills, disk (Linux, as root) or ray; may be repeated. Default: kills."),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Keep videos and ledgers here.")] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Batches that are killed, run out of disk, and run on a cluster: what is there at the end."""
    from chatanything.errors import UsageError
    from chatanything.evaluation.batch import PARTS, run_batch

    parts = tuple(part or PARTS[:1])
    if wrong := [one for one in parts if one not in PARTS]:
        raise UsageError("no such part", expected=" or ".join(PARTS), got=repr(wrong[0]))
    with reporting(as_json=as_json) as progress:
        rows = run_batch(
            jobs=jobs, kills=kills, workers=workers, parts=parts, folder=folder, progress=progress
        )
    alone = part[0] if part and len(part) == 1 else None
    asked = {"jobs": jobs, "kills": kills if "kills" in parts else None, "workers": workers, "part": alone}
    show("batch", rows, scores, as_json=as_json, **asked)
