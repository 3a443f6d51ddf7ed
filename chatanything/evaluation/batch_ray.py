"""The Ray engine against the local one: the same bytes, what a second node brings, what Ray itself costs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from chatanything.batch.ledger import Ledger
from chatanything.batch.ray import load_ray
from chatanything.errors import ChatAnythingError
from chatanything.evaluation.batch_faults import environment, finish, start, videos
from chatanything.evaluation.rows import Row
from chatanything.progress import Progress, silent
from chatanything.weights.verify import sha256_of

_STORE_BYTES: Final = 128 * 1024 * 1024
"""Object store of a node."""


def ray_rows(base: Path, cache: Path, jobs: Path, *, progress: Progress = silent) -> list[Row]:
    """Compare a local worker with clusters of one and of two nodes, each node with one processor.

    A node is held to its processor, and so is the local worker that it is compared with: where a machine has
    no more, encoding and the collector of one node would otherwise borrow what the second one is to bring.
    Two local workers tell what a second processor brings on this machine without Ray.

    Args:
        base: Folder for the results.
        cache: Folder of the stage cache; a run before the measured ones fills it.
        jobs: The list.
        progress: Told about every run.

    Raises:
        BackendError: Ray is not installed.
        ChatAnythingError: A batch failed.
    """
    runs: Sequence[tuple[str, int, int]] = (
        ("warm-up", 0, 1), ("local", 0, 1), ("two local", 0, 2), ("one node", 1, 1), ("two nodes", 2, 2)
    )  # fmt: skip
    speed: dict[str, float] = {}
    for number, (name, nodes, workers) in enumerate(runs):
        out = base / f"ray-{name.replace(' ', '-')}"
        with cluster(nodes, cache) as (_, address), _held_to(0 if name == "local" else None):
            options = ("--engine", "ray", "--address", address) if nodes else ()
            code, line = finish(start(jobs, out, cache, *options, "--workers", str(workers)))
        if code:
            raise ChatAnythingError(f"the batch ({name}) failed", got=line)
        speed[name] = throughput(out, workers)
        progress("ray", number + 1, len(runs), f"{name}: {60 * speed[name]:.0f} jobs a minute")
    files = [path.relative_to(base / "ray-local") for path in videos(base / "ray-local")]
    same = [
        sha256_of(base / "ray-local" / name) == sha256_of(base / folder / name)
        for name in files
        for folder in ("ray-two-local", "ray-one-node", "ray-two-nodes")
    ]
    rates = {name.replace(" ", "_"): rate for name, rate in speed.items() if name != "warm-up"}
    local = {"two_local_workers": speed["two local"] / speed["local"]}
    second = speed["two nodes"] / speed["one node"]
    return [
        Row("batch.ray.same_bytes", sum(same) / len(same), "share", len(same)),
        Row("batch.ray.two_nodes", second, "x one node", len(files), local),
        Row("batch.ray.one_node", speed["one node"] / speed["local"], "x local", len(files), rates),
    ]


def throughput(folder: Path, workers: int) -> float:
    """Jobs a second, start-up left out: from the end of every worker's first job on.

    Args:
        folder: A finished output folder.
        workers: How many worked in it.
    """
    with Ledger(folder, read_only=True) as ledger:
        ends = sorted(
            one.ended_s for one in ledger.tries() if one.outcome == "made" and one.ended_s is not None
        )
    if len(ends) <= workers:
        raise ChatAnythingError(
            "too few jobs to measure", expected=f"more than {workers}", got=str(len(ends))
        )
    return (len(ends) - workers) / (ends[-1] - ends[workers - 1])


@contextmanager
def cluster(nodes: int, cache: Path) -> Iterator[tuple[Any, str]]:
    """A cluster of so many nodes on this machine, one processor each; none for 0.

    Args:
        nodes: How many.
        cache: Folder of the nodes' stage cache.

    Yields:
        Ray's own handle of it, and its address.

    Raises:
        BackendError: Ray is not installed.
    """
    if not nodes:
        yield None, ""
        return
    load_ray()
    from ray.cluster_utils import Cluster

    os.environ.update(environment(cache))  # a node's own settings are those of its environment
    made: Any = Cluster()
    try:
        for number in range(nodes):
            with _held_to(number):
                made.add_node(num_cpus=1, object_store_memory=_STORE_BYTES, include_dashboard=False)
        yield made, made.address
    finally:
        made.shutdown()


@contextmanager
def _held_to(number: int | None) -> Iterator[None]:
    """What is started meanwhile runs on this one of our processors; on any for None, or beyond Linux."""
    if number is None or sys.platform != "linux":
        yield
        return
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(ours)[number % len(ours)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)
