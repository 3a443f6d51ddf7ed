"""Somebody who watches a live session and remembers everything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from chatanything.live.events import Event
from chatanything.live.session import LiveSession


class Audience(threading.Thread):
    """Takes everything from a session and remembers when."""

    def __init__(self, session: LiveSession) -> None:
        super().__init__(daemon=True)
        self.session, self.taken = session, list[tuple[float, Event]]()
        self.start()

    def run(self) -> None:
        for event in self.session.events():
            self.taken.append((self.session.now, event))

    def of(self, kind: type, reply: int | None = None) -> list[Any]:
        return [e for _, e in list(self.taken) if isinstance(e, kind) and reply in (None, e.reply)]

    def wait_for(self, test: Callable[[], object], seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not test():
            assert time.monotonic() < end, [type(e).__name__ for _, e in self.taken][-5:]
            time.sleep(0.02)
