"""A lock whose turns go to whoever needs it first, and that nobody has to wait for in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Final

_LOOK_S: Final = 0.05
"""How often somebody who waits looks whether the turn is still wanted."""


def _always() -> bool:
    return True


@dataclass(frozen=True, eq=False, slots=True)
class _Place:
    """Somebody who waits."""

    urgency: tuple[int, float]
    called: Event = field(default_factory=Event)


class Turnstile:
    """Lets one in at a time, the most urgent first, and among equals in the order of asking."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        self._waiting: list[_Place] = []

    @property
    def crowded(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    @contextmanager
    def turn(
        self, *, urgency: tuple[int, float] = (0, 0.0), wanted: Callable[[], bool] = _always
    ) -> Iterator[bool]:
        """Wait for a turn; it lasts as long as the block.

        Args:
            urgency: The lowest comes first.
            wanted: Asked while waiting and at the turn; who is not wanted any more leaves.

        Yields:
            Whether this is a turn; the block has nothing to do otherwise.
        """
        granted = self._enter(_Place(urgency), wanted)
        try:
            yield granted
        finally:
            if granted:
                self._leave()

    def _enter(self, place: _Place, wanted: Callable[[], bool]) -> bool:
        with self._lock:
            waits = self._busy
            self._busy = True
            if waits:
                self._waiting.append(place)
        while waits and not place.called.wait(_LOOK_S):
            if not wanted() and self._gives_up(place):
                return False
        if not wanted():
            self._leave()
            return False
        return True

    def _gives_up(self, place: _Place) -> bool:
        """Leave the queue; False if the turn has come meanwhile."""
        with self._lock:
            if place.called.is_set():
                return False
            self._waiting.remove(place)
            return True

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                first = min(self._waiting, key=lambda place: place.urgency)
                self._waiting.remove(first)
                first.called.set()
            else:
                self._busy = False
