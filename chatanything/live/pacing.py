"""When a reply may begin to be heard: rather late than with a pause in its middle.

One voice speaks for all sessions. A reply that is alone is heard as soon as its first clause is there. Where
several are answered at once, those that are heard come first; one that has not begun is made ready in
silence, and begins once nobody's sound will run out because of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from threading import Lock
from typing import Final

_COST: Final = 0.5
"""Seconds that the voice is taken to need for a second of sound before it has spoken."""
_REMEMBERED: Final = 8
"""Clauses whose cost is remembered; their median counts."""
_SAFETY: Final = 1.15
"""Sound is taken to cost so much more than it did lately."""
_SHORTEST_S: Final = 0.8
"""Shorter clauses say little about what sound costs: most of their time is the voice's run-up."""
MARGIN_S: Final = 3.0
"""A clause is made in one go, so a neighbour waits up to so long for a clause of somebody else."""
_COMFORT_S: Final = 5.0
"""Who has so much sound in hand lets those go first who have not begun."""
_STALLED_S: Final = 1.0
"""Whose sound ended so long ago waits for the language model, and not for the voice."""
WORD_S: Final = 0.4
"""Seconds of sound a word, pauses included."""
_CLAUSE_S: Final = 2.0
"""A clause whose words are not known is taken to be so long, or as long as those before it."""
_PAUSES_S, _CLAUSE_WORD_S = 0.9, 0.3
"""Length of a clause whose words are known: what surrounds them, and each of them."""
_LONGEST_WAIT_S: Final = 2.0
"""A first word is not held back for longer; rather a pause later than that."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a reply still needs of the voice."""

    ahead_s: float
    """Seconds of sound that are made and were not heard yet."""
    left_s: float
    """Seconds of sound that are still to be made."""


def lasts(needs: Sequence[Need], cost: float) -> bool:
    """Whether a voice that always speaks for whoever runs out first lets nobody run out.

    Args:
        needs: Of all replies that are heard.
        cost: Seconds of work a second of sound.
    """
    # Work that is due grows linearly between the ends of replies, so only those have to be looked at.
    for one in needs:
        end = one.ahead_s + one.left_s
        due = sum(min(max(end - other.ahead_s, 0.0), other.left_s) for other in needs)
        if cost * due > end:
            return False
    return True


class Pacer:
    """Knows what sound costs, and what the replies that are being heard still need; thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._costs: list[float] = []
        self._lengths: list[float] = []
        self._heard: dict[object, tuple[float, float]] = {}
        """Replies that are heard: when their sound ends, and seconds that are still to be made."""

    @property
    def cost(self) -> float:
        """Seconds that the voice needs for a second of sound."""
        with self._lock:
            return _SAFETY * median(self._costs) if self._costs else _COST

    def spoke(self, sound_s: float, took_s: float) -> None:
        """The voice made a clause."""
        if sound_s >= _SHORTEST_S:
            with self._lock:
                self._costs = [*self._costs, took_s / sound_s][-_REMEMBERED:]
                self._lengths = [*self._lengths, sound_s][-_REMEMBERED:]

    def wait_s(self, need: Need, *, words: int | None = None) -> float:
        """So much later the first sound of a reply has to begin for the second not to come too late.

        A pause before an answer is natural, one inside a sentence is not. Nothing is held back where the
        voice is faster than what is heard.

        Args:
            need: What the reply has in hand, and what is probably left of it.
            words: Of its next clause, which is not made yet; None while they are not known.
        """
        cost = self.cost
        with self._lock:
            length = median(self._lengths) if self._lengths else _CLAUSE_S
        unknown = min(max(length, _CLAUSE_S), need.left_s)
        next_s = unknown if words is None else _PAUSES_S + _CLAUSE_WORD_S * words
        return min(max(0.0, cost * next_s - need.ahead_s), _LONGEST_WAIT_S)

    def has_time(self) -> bool:
        """Whether nobody who is heard will need the voice soon, so that it may speak for somebody who is not.

        A clause is made in one go, and who is heard asks for the next one only when the last is made. So the
        voice rather rests for a moment than begin with somebody else's.
        """
        now = time.monotonic()
        with self._lock:
            return not any(
                left_s > 0 and now - _STALLED_S < ends_s < now + _COMFORT_S
                for ends_s, left_s in self._heard.values()
            )

    def may_begin(self, reply: object, need: Need, *, crowded: bool) -> bool:
        """Whether a reply can be heard from now on without a pause in it or in others; alone it always may.

        Args:
            reply: Whose.
            need: What it has in hand and what is left of it.
            crowded: Whether others wait for the voice.
        """
        cost, now = self.cost, time.monotonic()
        with self._lock:
            others = [
                Need(max(0.0, ends_s - now - MARGIN_S), left_s)
                for other, (ends_s, left_s) in self._heard.items()
                if other != reply and (left_s > 0 or ends_s > now)
            ]
        if not (others or crowded):
            return True  # alone, the first word is worth more than a pause on a machine that is too slow
        own = Need(need.ahead_s - MARGIN_S, need.left_s)
        return own.left_s <= 0 or (own.ahead_s >= 0 and lasts([*others, own], cost))

    def goes_on(self, reply: object, ends_s: float, left_s: float) -> None:
        """More of a reply was handed out.

        Args:
            reply: Whose.
            ends_s: When its sound ends, on the clock of `time.monotonic`.
            left_s: Seconds of sound that are still to be made.
        """
        with self._lock:
            self._heard[reply] = (ends_s, left_s)

    def is_over(self, reply: object) -> None:
        """All of a reply was made, or nobody wants it any more."""
        with self._lock:
            self._heard.pop(reply, None)
