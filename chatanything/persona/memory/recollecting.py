"""What a character is reminded of by a message."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import nlargest
from typing import Final

from chatanything.persona.chat_prompt import Recollection
from chatanything.persona.memory.changes import asks_for_what_was_told, asks_of_the_past, changes_among, whole
from chatanything.persona.memory.recall import Index
from chatanything.persona.memory.records import Episode, Statement, quoted, told
from chatanything.persona.memory.statements import names_in

NEAREST: Final = 24
"""Memories that are held against something new."""
_ALWAYS: Final = 8
"""So many of the latest statements are always given to the model."""
_RECALLED: Final = 5
_BESIDE: Final = 2
"""So many of the statements that a message is about are given once more beside it."""
_LEAST: Final = 0.22
"""Score below which a memory has nothing to do with a message."""
_SURE: Final = 0.3
"""Score from which a memory answers a question about the user."""
_STRONG: Final = 0.5
"""Score from which it is likely to be that one; below it whatever fits may be meant."""
_AS_GOOD: Final = 0.6
"""Memories with this share of such a score may answer it as well."""
_MOST_WANTED: Final = 3


def recollected(
    said: str,
    index: Index,
    statements: Mapping[int, Statement],
    episodes: Mapping[int, Episode],
    *,
    own_names: Collection[str],
) -> Recollection:
    """What belongs into an answer to a message.

    Args:
        said: The user's message.
        index: Finds statements under "s" and their id, summaries under "e" and theirs.
        statements: By id.
        episodes: By id.
        own_names: The character's: they are not of what the user told.
    """

    def text_of(key: str) -> str:
        number = int(key[1:])
        return told(statements[number]) if key[0] == "s" else episodes[number].summary

    fitting = index.search(said, NEAREST)
    scores = {key: score for key, score in fitting[:_RECALLED] if score >= _LEAST}
    found = list(scores)
    near = [statements[int(key[1:])] for key in found if key[0] == "s"]
    latest = nlargest(_ALWAYS, statements.values(), key=lambda one: one.since_s)
    about = {int(key[1:]) for key, _ in fitting if key[0] == "s"} | {one.id for one in latest}
    known = tuple(statements.values())
    changed, outdated = changes_among(near, [one for one in known if one.id in about], known)
    if asks_of_the_past(said):
        always = tuple(told(one) for one in latest)
        texts = (text_of(key) for key in found)
        return Recollection(always, tuple(text for text in texts if text not in always))
    hold = [one for one in near if one.id not in outdated]
    remembered = [text_of(key) for key in found if key[0] == "e"]
    always = tuple(quoted(one) for one in latest if one.id not in outdated)
    # What a message is about stands beside it again, the latest last: a small model reads that first.
    beside = [one for one in hold if one in hold[:_BESIDE] or quoted(one) not in always]
    remembered += [quoted(one) for one in sorted(beside, key=lambda one: one.since_s)]
    names = {name for one in near for name in names_in(one.text, inside=False)}.difference(own_names)
    wanted = _wanted(near, scores, outdated, known) if asks_for_what_was_told(said, names) else ()
    return Recollection(always, tuple(remembered), changed, wanted)


def _wanted(
    near: Sequence[Statement],
    scores: Mapping[str, float],
    outdated: Mapping[int, Statement],
    known: Sequence[Statement],
) -> tuple[str, ...]:
    """What may answer a question about the user, the latest last."""
    best = max(scores.values(), default=0.0)
    if best < _SURE:
        return ()
    least = _AS_GOOD * best if best >= _STRONG else _LEAST
    meant = [outdated.get(one.id, one) for one in near if scores[f"s{one.id}"] >= least][:_MOST_WANTED]
    return tuple(dict.fromkeys(whole(one, known) for one in sorted(meant, key=lambda one: one.since_s)))
