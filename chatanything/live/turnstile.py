"""A lock whose turns go to whoever needs it first, and that nobody has to wait for in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from itertools import count
from threading import Event, Lock
from typing import Final

_LOOK_S: Final = 0.05
"""How often somebody who waits looks whether the turn is still wanted."""


def _always() -> bool:
    return True


class Turnstile:
    """Lets one in at a time, the earliest deadline first, and among equals in the order of asking."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        self._numbers = count()
        self._waiting: list[tuple[float, int, Event]] = []

    @property
    def crowded(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    @contextmanager
    def turn(self, *, due_s: float = 0.0, wanted: Callable[[], bool] = _always) -> Iterator[bool]:
        """Wait for a turn; it lasts as long as the block.

        Args:
            due_s: When its work has to be done, on any clock that all callers share.
            wanted: Asked while waiting and at the turn; who is not wanted any more leaves.

        Yields:
            Whether this is a turn; the block has nothing to do otherwise.
        """
        granted = self._enter(due_s, wanted)
        try:
            yield granted
        finally:
            if granted:
                self._leave()

    def _enter(self, due_s: float, wanted: Callable[[], bool]) -> bool:
        with self._lock:
            waits = self._busy
            self._busy = True
            place = (due_s, next(self._numbers), Event())
            if waits:
                heappush(self._waiting, place)
        while waits and not place[2].wait(_LOOK_S):
            if not wanted() and self._gives_up(place):
                return False
        if not wanted():
            self._leave()
            return False
        return True

    def _gives_up(self, place: tuple[float, int, Event]) -> bool:
        """Leave the queue; False if the turn has come meanwhile."""
        with self._lock:
            if place[2].is_set():
                return False
            self._waiting.remove(place)
            heapify(self._waiting)
            return True

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                heappop(self._waiting)[2].set()
            else:
                self._busy = False
