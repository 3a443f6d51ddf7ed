"""What a message tells that is not known yet; it is found out before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chatanything.embeddings import embed
from chatanything.persona.memory.records import Statement
from chatanything.persona.memory.replacing import LIKELY, SURE, replaced_by
from chatanything.persona.memory.statements import is_known, statements_in, told_in
from chatanything.types import Float32

MOST_LEARNT: Final = 10
"""Statements that are taken from one message: each costs an embedding and comparisons."""

Near = Callable[[Float32], Mapping[int, float]]
"""How near the nearest statements are to a vector, by id."""


@dataclass(frozen=True, slots=True)
class News:
    """A statement that is to be kept."""

    text: str
    vector: Float32
    """(384,) float32, its embedding."""
    old: Statement | None
    """What it takes the place of."""


def news_in(said: str, known: Sequence[Statement], near: Near, *, now_s: float) -> list[News]:
    """The statements of a message that are new.

    Args:
        said: The user's message.
        known: All statements that hold.
        near: Looks among them.
        now_s: When it was said, seconds since 1970.

    Raises:
        WeightsError: The embedding model cannot be had.
    """
    told_now = statements_in(said)[:MOST_LEARNT]
    # "They have left Canada. Athens, of all places!" is of the sister, whom it does not name.
    entire = told_in(said)
    if entire and entire not in told_now:
        change = _news(entire, known, near, (), now_s=now_s, least=LIKELY)
        if change is not None:
            return [change]
    found: list[News] = []
    for text in told_now:
        one = _news(text, known, near, found, now_s=now_s)
        if one is not None:
            found.append(one)
    return found


def _news(
    text: str,
    known: Sequence[Statement],
    near: Near,
    before: Sequence[News],
    *,
    now_s: float,
    least: float = 0.0,
) -> News | None:
    """A statement, if it is new and so likely takes the place of another one.

    Args:
        text: From `statements_in` or `told_in`.
        known: All statements that hold.
        near: Looks among them.
        before: What the same message told before it.
        now_s: When it was said.
        least: Probability of a change from which it is kept.
    """
    vector = embed([text])[0]
    taken = {one.old.id for one in before if one.old is not None}
    cosines = dict(near(vector))
    same = [one for one in known if one.id in cosines and one.id not in taken]
    for number, one in enumerate(before, start=1):  # they have no ids yet
        same.append(Statement(-number, one.text, now_s))
        cosines[-number] = float(vector @ one.vector)
    if is_known(text, same, cosines):
        return None
    earlier = [one for one in known if one.since_s < now_s and not one.edited and one.id not in taken]
    old, share = replaced_by(text, earlier, cosines)
    if share < least:
        return None
    return News(text, vector, old if share >= SURE else None)
