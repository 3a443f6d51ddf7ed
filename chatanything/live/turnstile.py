"""A lock that serves in the order of asking, so that no session starves another."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock
from types import TracebackType


class Turnstile:
    """`with turnstile:` lets one in at a time, first come, first served (a plain lock promises no order)."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        self._waiting: deque[Event] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._busy:
                self._busy = True
                return
            gate = Event()
            self._waiting.append(gate)
        gate.wait()

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False
