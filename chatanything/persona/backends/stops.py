"""The stop strings of a streamed answer, also where one is cut in two by the pieces."""

from __future__ import annotations

from collections.abc import Sequence


class StopCutter:
    """Takes the pieces of an answer and passes them on up to the first stop string.

    Args:
        stop: Where the answer ends; the string itself is left out.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = tuple(one for one in stop if one)
        self._held = ""
        self.stopped = False
        """Whether a stop string has come."""

    def feed(self, piece: str) -> str:
        """What may be passed on after this piece; what may be the beginning of a stop string is held back."""
        if self.stopped:
            return ""
        text = self._held + piece
        found = [at for one in self._stop if (at := text.find(one)) >= 0]
        self.stopped = bool(found)
        keep = min(found) if found else len(text) - self._begun(text)
        self._held = "" if found else text[keep:]
        return text[:keep]

    def rest(self) -> str:
        """What was held back, when the answer is over."""
        held, self._held = self._held, ""
        return held

    def _begun(self, text: str) -> int:
        """Characters at the end that may be the beginning of a stop string."""
        sizes = (
            size
            for one in self._stop
            for size in range(min(len(one) - 1, len(text)), 0, -1)
            if text.endswith(one[:size])
        )
        return max(sizes, default=0)
