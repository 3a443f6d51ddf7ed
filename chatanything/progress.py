"""Progress as a callback, so that the library itself prints nothing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about every long step.

    Called as `progress(stage, done, total, note)`: `done` and `total` count frames, bytes or steps of
    that stage; `total` is 0 while it is not known; `note` is one short human line.
    """

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None:
        """Report."""


def silent(stage: str, done: float, total: float, note: str = "") -> None:
    """The default: say nothing."""
