"""Long work in a thread, with its progress as an iterator: what a page that updates itself needs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from chatanything.progress import Progress

STAGES: Final = {
    "persona": "Writing the character",
    "voice": "Choosing the voice",
    "face": "Drawing the face",
    "speech": "Speaking",
    "motion": "Moving the face",
    "render": "Drawing the frames",
    "write": "Drawing the frames",
}
_END: Final = object()
_STEPS: Final = 25
"""Reports of one stage at most; more would only make the page busy."""


@dataclass(frozen=True, slots=True)
class Report:
    """How far a stage is."""

    stage: str
    share: float
    """0..1; 0 while it is not known."""

    @property
    def words(self) -> str:
        """For people."""
        return f"{STAGES.get(self.stage, self.stage.capitalize())} ..."


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Nobody wants the result any more."""


def following(work: Callable[[Progress], object]) -> Iterator[Report]:
    """Run work in a thread and yield its progress; its error comes out here.

    When the iterator is closed early, the work stops at its next report.
    """
    reports: queue.Queue[Any] = queue.Queue()
    errors: list[BaseException] = []
    stop = threading.Event()

    def tell(stage: str, done: float, total: float, note: str = "") -> None:  # noqa: ARG001 - Progress
        if stop.is_set():
            raise Stopped
        reports.put(Report(stage, done / total if total > 1 else 0.0))

    def run() -> None:
        try:
            work(tell)
        except BaseException as exc:  # noqa: BLE001 - handed over to whoever follows
            errors.append(exc)
        finally:
            reports.put(_END)

    thread = threading.Thread(target=run, name="ui: work", daemon=True)
    thread.start()
    last: tuple[str, int] | None = None
    try:
        while (report := reports.get()) is not _END:
            now = (report.stage, int(_STEPS * report.share))
            if now != last:
                last = now
                yield report
    finally:
        stop.set()
    thread.join()
    if errors:
        raise errors[0]
