"""How long each stage took, for the records in a video's description."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from chatanything.types import RunRecord


class Stopwatch:
    """Collects one RunRecord a stage."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.records: list[RunRecord] = []

    @contextmanager
    def stage(self, name: str, backend: str, weights: tuple[str, ...] = ()) -> Iterator[None]:
        """Time the block and keep its record."""
        start = time.perf_counter()
        yield
        self.add(name, backend, weights, time.perf_counter() - start)

    def add(self, name: str, backend: str, weights: tuple[str, ...], seconds: float) -> None:
        """Keep a record."""
        self.records.append(RunRecord(name, backend, weights, self.seed, seconds))
