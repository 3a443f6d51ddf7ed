"""Changes of mind: which of two statements holds, and what an answer must not go by."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from chatanything.persona.chat_prompt import Change
from chatanything.persona.lexicon import word_list
from chatanything.persona.memory.recall import content_words
from chatanything.persona.memory.records import Statement
from chatanything.persona.memory.replacing import LIKELY, replaces
from chatanything.persona.memory.statements import ABOUT_ME, YOURS, is_change, names_in, numbers_in
from chatanything.persona.parse import is_clearly_foreign

_PAST: Final = re.compile(
    r"\b(?:used to|before(?=\s*(?:[,.?!]|$))|once|earlier|back then|formerly|in the past|remember when|"
    r"did i|was i|were we|what was|which was|changed my mind|no longer)\b",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"\b(?:not|never|no|nor|without|instead|rather than|used to|once|before|stopped|gone off|gave up|hate|"
    r"any ?more)\b|n't\b",
    re.IGNORECASE,
)
"""What a sentence says that names an old taste as an old one."""

_QUESTION: Final = re.compile(r"[^.!?…\n]+\?")
_ASKED: Final = re.compile(r"\b(?:who|whom|whose|what|where|when|which|how)\b", re.IGNORECASE)
_REMINDS: Final = re.compile(
    r"\b(?:do|can|could|will|would|don't|can't) you (?:(?:still|even|please|kindly|by any chance) )*"
    r"(?:remember|recall|know|tell me|remind me(?: of)?)\b|\b(?:have|had|'ve)? ?i (?:ever |once |already )?"
    r"(?:tell|told|said|mentioned)(?: to)? you\b",
    re.IGNORECASE,
)
"""What makes a question of the character's memory of one that has "you" in it."""
_STEM: Final = 5
"""Letters that two forms of a word share."""
_FEW: Final = 3
"""The nearest statements, which a message is likely to be about."""
_SHORT: Final = 10
"""Words of an answer that is nothing but what was asked for."""
_MOST_CHARACTERS: Final = 300


def asks_of_the_past(said: str) -> bool:
    """Whether a message may ask what was, and not what is.

    Args:
        said: The user's message.
    """
    return _PAST.search(said) is not None


def asks_for_what_was_told(said: str, names: Collection[str] = ()) -> bool:
    """Whether a message asks for something that the user told, and not for the character's opinion.

    Args:
        said: The user's message.
        names: Of whom and what the user told something: "What does Gareth do?" has no "my" in it.
    """
    questions = _QUESTION.findall(said)
    if not questions:
        return False
    asked, reminders = _REMINDS.subn(" ", questions[-1])
    if YOURS.search(asked) or not (reminders or _ASKED.search(asked)):
        return False
    return bool(ABOUT_ME.search(asked) or names_in(asked) & set(names))


def draws_on(answer: str, question: str, told: Sequence[str]) -> bool:
    """Whether an answer has a word or a number of what the user told.

    Args:
        answer: A clause of it, or its beginning.
        question: The user's message; its words say nothing.
        told: His statements.
    """
    everything = " ".join(told)
    shares_number = bool(numbers_in(everything) & numbers_in(answer))
    return shares_number or bool((_stems(everything) - _stems(question)) & _stems(answer))


def passes_over(answer: str, question: str, wanted: Sequence[str]) -> bool:
    """Whether an answer has nothing of what the user told, which he asks for.

    Args:
        answer: Its first clauses.
        question: The user's message.
        wanted: What he told that may be meant; nothing passes for everything.
    """
    says_more = _stems(" ".join(wanted)) - _stems(question)
    return bool(says_more) and not draws_on(answer, question, wanted)


def _stems(text: str) -> set[str]:
    """Beginnings of words: "biographical" answers "biographies", which endings taken off do not show."""
    return {word[:_STEM] for word in content_words(text)}


def changes_among(
    near: Sequence[Statement], about: Sequence[Statement], known: Sequence[Statement]
) -> tuple[tuple[Change, ...], dict[int, Statement]]:
    """The user's changes of mind.

    A later statement that likely replaces an earlier one, if not surely, does so where a message is about the
    earlier one: "I am a cat person" and "since we looked after that mutt I want a dog" have not a word in
    common, but who asks for an animal means both.

    Args:
        near: Statements that a message is about, the nearest first.
        about: Those that it may at all be about, and the latest.
        known: All statements.

    Returns:
        The changes, those that the message is about first; and what took the place of the statements that no
        longer hold, by their ids.
    """
    pairs = [(one.was, one) for one in (*near, *about) if one.was]
    outdated = dict[int, Statement]()
    latest = sorted(about, key=lambda one: -one.since_s)[:_FEW]
    newer = sorted({one.id: one for one in (*near, *latest)}.values(), key=lambda one: -one.since_s)
    for one in near[:_FEW]:
        if one.edited or one.was or is_clearly_foreign(one.text):
            continue
        after = [other for other in newer if other.since_s > one.since_s]
        found_by = next((other for other in after if _takes_its_place(one, other, near[:_FEW])), None)
        if found_by is not None:
            pairs.insert(0, (one.text, found_by))
            outdated[one.id] = found_by
    found = [Change(was, whole(now, known)) for was, now in pairs]
    return tuple(dict.fromkeys(found)), outdated


def _takes_its_place(one: Statement, other: Statement, near: Sequence[Statement]) -> bool:
    """Whether the later of two statements is what a message wants that is about the earlier one."""
    if replaces(one.text, other.text) >= LIKELY:
        return True
    # The message itself connects them.
    return other in near and is_change(other.text) and not (other.was or is_change(one.text))


def whole(statement: Statement, known: Sequence[Statement]) -> str:
    """A statement with what else the user said of himself in the same breath.

    "I painted over it." names the old colour's end, and the sentence behind it the new one.

    Args:
        statement: One of them.
        known: All statements.
    """
    same = " ".join(one.text for one in known if one.since_s == statement.since_s)
    return same if len(same) <= _MOST_CHARACTERS else statement.text


def goes_by_the_old(clause: str, question: str, changes: Sequence[Change]) -> tuple[str, ...]:
    """The statement that holds instead of what a clause goes by; none if it goes by nothing old.

    Args:
        clause: Of an answer.
        question: What it answers; its words say nothing about which taste is meant.
        changes: From `changes_among`.
    """
    is_advice = YOURS.search(clause) or len(clause.split()) <= _SHORT
    if _LEFT.search(clause) or not is_advice or not ABOUT_ME.search(question):
        return ()
    said, asked = set(content_words(clause)), set(content_words(question))
    for change in changes:
        was = set(content_words(change.was)) - asked - word_list("tells_no_taste")
        now = set(content_words(change.now)) - asked
        # "I have gone off tea, it is coffee now" names both; only what is new speaks for it.
        if said & was and not said & (now - was):
            return (change.now,)
    return ()
