"""`evaluate batch`: what a batch is worth when it is killed, when the disk is full, and on a cluster.

Everything is judged from outside: the command line makes the videos, and then the folder, the ledger and the
signatures are looked at.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from chatanything.batch.ledger import Ledger, Try
from chatanything.batch.ledger import Row as Job
from chatanything.errors import ChatAnythingError, UsageError
from chatanything.evaluation.batch_faults import (
    Filled,
    Marks,
    fill_disk,
    finish,
    kill_often,
    start,
    videos,
)  # fmt: skip
from chatanything.evaluation.batch_ray import ray_rows
from chatanything.evaluation.rows import Row
from chatanything.evaluation.soak_disk import small_disk
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import verify_file
from chatanything.provenance.manifest import sidecar_path
from chatanything.weights.verify import sha256_of

PARTS: Final = ("kills", "disk", "ray")
_WHO: Final = (
    "a shy teapot",
    "a cheerful apple who sings opera",
    "a grumpy old lighthouse keeper",
    "a robot nurse",
)
_WORDS: Final = ("Hi.", "Yes.", "No.", "Well.", "Bye.")
_SLOWEST_FPS: Final = 5.0
_RAY_FPS: Final = 25.0
"""Pictures a second as usual, since ratios of speed are about usual jobs."""
_REFERENCE_SHARE: Final = 0.1
"""Of the jobs, made a second time without any fault, by two workers."""
_DISK_SHARE: Final = 0.25
"""Of the space that all videos need: so large is the small disk at first."""
_VIDEO_MB: Final = 0.06


@dataclass(frozen=True, slots=True)
class Checked:
    """What a folder holds, against what it should."""

    jobs: int
    right: int
    """Files that are there, are what the ledger says, and whose signature holds."""
    twice: int
    """Jobs that were made again after they had been made and recorded."""
    unequal: int
    """Names that only the ledger or only the disk has, and files with other bytes than recorded."""
    invalid: int
    """Files whose signature does not hold."""
    tries: Counter[str]
    """Outcomes of all tries."""


def write_jobs(path: Path, count: int, *, slowest_fps: float = _SLOWEST_FPS) -> Path:
    """A list of short jobs, all different, of four characters who say five words.

    Args:
        path: Where it goes.
        count: How many.
        slowest_fps: Frames a second of the first ones; later ones have more.
    """
    lines = []
    for number in range(count):
        who, rest = number % len(_WHO), number // len(_WHO)
        fps = slowest_fps + 0.1 * (rest // len(_WORDS))
        job = {
            "description": _WHO[who], "seed": 3, "text": _WORDS[rest % len(_WORDS)], "fps": round(fps, 1),
            "out": f"{who}/{number:04}",
        }  # fmt: skip
        lines.append(json.dumps(job))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def check(folder: Path) -> Checked:
    """Hold a finished output folder against its ledger and its signatures."""
    with Ledger(folder, read_only=True) as ledger:
        rows, tries = ledger.rows(), ledger.tries()
    done = {row.out: row for row in rows if row.state == "done"}
    names = {str(path.relative_to(folder)) for path in videos(folder)}
    states = {out: _state_of(folder / out, row) for out, row in done.items() if out in names}
    return Checked(
        jobs=len(rows),
        right=sum(state == "right" for state in states.values()),
        twice=made_twice(tries),
        unequal=len(names ^ set(done)) + sum(state == "other bytes" for state in states.values()),
        invalid=sum(state == "invalid" for state in states.values()),
        tries=Counter(one.outcome or "open" for one in tries),
    )


def made_twice(tries: Sequence[Try]) -> int:
    """Jobs that somebody began with again after they had been recorded as made."""
    made, again = set[tuple[str, str]](), set[tuple[str, str]]()
    for one in tries:
        job = (one.out, one.key)
        if job in made:
            again.add(job)
        if one.outcome == "made":
            made.add(job)
    return len(again)


def _state_of(path: Path, row: Job) -> str:
    same = sha256_of(path) == row.made.sha256 and sha256_of(sidecar_path(path)) == row.made.sidecar
    if not same:
        return "other bytes"
    return "right" if verify_file(path).state == "valid" else "invalid"


def run_batch(
    *, jobs: int = 500, kills: int = 50, workers: int = 1, parts: Sequence[str] = PARTS,
    folder: Path | None = None, seed: int = 0, progress: Progress = silent,
) -> list[Row]:  # fmt: skip
    """Measure.

    Args:
        jobs: How many videos.
        kills: How often the batch is killed while it makes them.
        workers: Processes of the batch.
        parts: Some of `PARTS`; "disk" needs Linux and root, "ray" the extra of that name.
        folder: Keep everything here; None keeps nothing.
        seed: Draws the moments.
        progress: Told about every kill and run.

    Raises:
        UsageError: No small disk can be mounted.
        ChatAnythingError: A batch that nobody disturbed did not end well.
    """
    with TemporaryDirectory() as own:
        base = folder or Path(own)
        base.mkdir(parents=True, exist_ok=True)
        cache, options = base / "stages", ("--workers", str(workers))
        rows: list[Row] = []
        if "kills" in parts:
            rows += _kills(base, cache, options, jobs=jobs, kills=kills, seed=seed, progress=progress)
        if "disk" in parts:
            rows += _disk(base, cache, options, jobs=jobs, progress=progress)
        if "ray" in parts:
            rows += ray_rows(
                base,
                cache,
                write_jobs(base / "ray.jsonl", min(jobs, 120), slowest_fps=_RAY_FPS),
                progress=progress,
            )
        return rows


def _kills(
    base: Path, cache: Path, options: Sequence[str], *, jobs: int, kills: int, seed: int, progress: Progress
) -> list[Row]:
    path, out, marks = write_jobs(base / "kills.jsonl", jobs), base / "kills", Marks()
    rng = np.random.default_rng(seed)
    hit = kill_often(
        path, out, cache, options, count=jobs, kills=kills, rng=rng, marks=marks, progress=progress
    )
    _ended_well(finish(start(path, out, cache, *options)))
    marks.look(out)
    found = check(out)
    calm = write_jobs(base / "calm.jsonl", max(1, round(_REFERENCE_SHARE * jobs)))
    _ended_well(finish(start(calm, base / "calm", cache, "--workers", "2")))
    same = [
        sha256_of(one) == sha256_of(out / one.relative_to(base / "calm")) for one in videos(base / "calm")
    ]
    stages = len(list(cache.glob("entries/??/*")))
    return [
        *_rows("kills", found, marks, {"kills": hit, **_outcomes(found)}),
        Row("batch.kills.same_bytes", float(np.mean(same)), "share", len(same), {"workers": 2.0}),
        Row("batch.stages_made", stages, "entries", jobs, {"different": _different(jobs)}),
    ]


def _disk(base: Path, cache: Path, options: Sequence[str], *, jobs: int, progress: Progress) -> list[Row]:
    path, marks = write_jobs(base / "disk.jsonl", jobs), Marks()
    size_mb = max(1.0, _DISK_SHARE * _VIDEO_MB * jobs)
    disk = base / "disk"
    with small_disk(disk, size_mb) as mounted:
        if not mounted:
            raise UsageError(
                "a small disk cannot be mounted", expected="Linux, as root", hint="Leave --part disk out."
            )
        filled: Filled = fill_disk(
            path, disk, cache, options, size_mb=size_mb, marks=marks, progress=progress
        )
        found = check(disk / "out")
    extra = {"full": float(filled.stops), "unclear": float(filled.unclear), **_outcomes(found)}
    return _rows("disk", found, marks, extra)


def _rows(name: str, found: Checked, marks: Marks, control: dict[str, float]) -> list[Row]:
    twice = max(found.twice, len(marks.changed))
    return [
        Row(f"batch.{name}.right", found.right / found.jobs, "share", found.jobs, control),
        Row(f"batch.{name}.made_twice", twice, "videos", found.jobs),
        Row(f"batch.{name}.ledger_unequal", found.unequal, "files", found.jobs),
        Row(f"batch.{name}.invalid", found.invalid, "files", found.jobs),
    ]


def _outcomes(found: Checked) -> dict[str, float]:
    return {f"tries_{name}": float(count) for name, count in sorted(found.tries.items())}


def _different(jobs: int) -> float:
    """Personas and speeches that the list asks for."""
    people, words = min(jobs, len(_WHO)), min(-(-jobs // len(_WHO)), len(_WORDS))
    return float(people + min(jobs, people * words))


def _ended_well(end: tuple[int, str]) -> None:
    code, line = end
    if code != 0:
        raise ChatAnythingError("an undisturbed batch failed", expected="exit code 0", got=f"{code}: {line}")
