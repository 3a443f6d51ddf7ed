"""What waits to be taken by the audience of a session: sound is kept, pictures give way."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Condition
from typing import Final

from chatanything.live.events import Caption, Closed, Event, Picture, ReplyDone, Sound

MAX_PICTURES: Final = 50
"""Pictures that may wait; beyond it the oldest is dropped: who is late wants the newest."""
MAX_EVENTS: Final = 2000
"""Events that may wait altogether; an audience that takes nothing for so long is gone."""


class Outbox:
    """A queue between a session's threads and whoever listens."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._changed = Condition()
        self._pictures = 0
        self.dropped = 0
        """Pictures that nobody took in time."""
        self._wake: Callable[[], object] | None = None

    def attach(self, wake: Callable[[], object] | None) -> None:
        """Call this whenever an event has come, in the thread that put it; for who cannot wait in `get`."""
        with self._changed:
            self._wake = wake

    def put(self, event: Event) -> bool:
        """Add an event; False when the audience has stopped taking them."""
        with self._changed:
            if len(self._events) >= MAX_EVENTS and not isinstance(event, Closed):
                return False
            self._events.append(event)
            if isinstance(event, Picture):
                self._pictures += 1
                if self._pictures > MAX_PICTURES:
                    self._events.remove(next(old for old in self._events if isinstance(old, Picture)))
                    self._pictures -= 1
                    self.dropped += 1
            self._changed.notify()
            if self._wake is not None:
                self._wake()
        return True

    def get(self, timeout_s: float | None = None) -> Event | None:
        """The next event; None when there is none in time."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        with self._changed:
            while not self._events:
                left = None if deadline is None else deadline - time.monotonic()
                if (left is not None and left <= 0) or not self._changed.wait(left):
                    return None
            event = self._events.popleft()
            self._pictures -= isinstance(event, Picture)
            return event

    def purge(self, reply: int) -> None:
        """Throw away what is left of a reply."""
        with self._changed:
            kept = [
                event
                for event in self._events
                if not (isinstance(event, Picture | Sound | Caption | ReplyDone) and event.reply == reply)
            ]
            self._events = deque(kept)
            self._pictures = sum(isinstance(event, Picture) for event in kept)
