"""What in a message is worth remembering, and whether it takes the place of something older.

Rules, so that it costs no second call of the language model on the way to an answer. A change of mind keeps
what it was and why, as the user profiles of PersonaMem do; the latest holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chatanything.persona.memory.recall import content_words
from chatanything.persona.memory.records import Statement
from chatanything.persona.parse import words_of
from chatanything.persona.quantities import value_of
from chatanything.persona.sentences import sentences_in

MOST_CHARACTERS: Final = 300
ABOUT_ME: Final = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|my|mine|me|we|we're|we've|our|us|myself)\b", re.IGNORECASE
)
YOURS: Final = re.compile(r"\byou(?:r|rs|'[a-z]+)?\b", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\?\s*$|^\W*(?:who|what|where|when(?! (?:i|we)\b)|why|how|which|can|could|would|will|do|does|did|are|"
    r"is|tell|say|sing|show|give(?! me\b.*\bi(?:'m| am)\b)|let|please(?! call me\b)|hello|hi|hey|thanks|"
    r"thank)\b",
    re.IGNORECASE,
)
_NO_QUESTION: Final = re.compile(
    r"\b(?:have you (?:ever|seen|heard|tried)|did(?:n't)? i (?:say|tell|mention)|you know what|guess)\b",
    re.IGNORECASE,
)
"""What opens a tale and wants no answer."""
_PASSING: Final = re.compile(
    r"^\W*(?:i (?:see|know|understand|guess|mean|agree|think so|hope so|don't know|do not know|have to go|"
    r"must go)|i'm (?:back|here|sorry|fine|good|ok|okay|listening|just kidding)|that's|it's|you)\b"
    r"[^,]{0,20}$",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(
    r"\b(?:now(?:adays)?|these days|today|any ?more|any longer|no longer|gone (?:off|over)|gave up|given up|"
    r"quit|stopped|switched|changed|turned into|instead|used to|from (?:now|here) on|lately|turns out|moved|"
    r"rather|new favou?rite|actually|since (?:then|that|the|we|i)|took up|went (?:over|back)|swore off|sold|"
    r"put aside|forget|over|back to|in the end|so it's|it'll be|had enough|haven't touched|can't look at|"
    r"thought it over|started on|i've joined|(?:put|set|laid) \w+ aside|like .{1,30} better)\b",
    re.IGNORECASE,
)
_REASON: Final = re.compile(r"\b(?:because|since|as|so that|after|ever since)\s+([^.!?]+)", re.IGNORECASE)
_FAVOURITE: Final = re.compile(
    r"\bfavou?rite ([\w' -]{2,30}?)(?= (?:is|was|are|were|has|would|must)\b|'s\b)", re.IGNORECASE
)
_ONE_OF_A_KIND: Final = {
    "to be": re.compile(
        r"\b(?:i(?:'d| would) (?:like|love)|i want|i hope|i wish|i dream|my (?:dream|wish|goal) is) "
        r"(?:to be|to become|of being|of becoming)\b",
        re.IGNORECASE,
    ),
    "called": re.compile(r"\b(?:call me|calls me|my name is)\b", re.IGNORECASE),
    "lives": re.compile(r"^\W*i(?: now)? (?:live|moved to)\b", re.IGNORECASE),
    "works": re.compile(r"^\W*i(?: now)? work (?:as|at|for|in)\b", re.IGNORECASE),
}
"""Of each of these there is one: what is said later takes the place of what was said before."""
_TASTE: Final = re.compile(
    r"\b(?:favou?rite|prefer|love|like|adore|enjoy|hate|dislike|can't stand|cannot stand|fan of|keen on|"
    r"into)\b",
    re.IGNORECASE,
)
SAME: Final = 0.92
"""Cosine from which two statements say the same."""
_LEAST_WORDS: Final = 3
_MOST_TOLD: Final = 3
"""Sentences of a message that are kept as one."""


def statements_in(said: str) -> tuple[str, ...]:
    """The sentences of a message in which the user says something about himself.

    Args:
        said: The message.

    Returns:
        The sentences as they were said, each at most `MOST_CHARACTERS` long.
    """
    found: list[str] = []
    last = False
    for sentence in sentences_in(said.replace("’", "'")):
        asks = _ASKS.search(sentence) is not None
        tells = ABOUT_ME.search(sentence) and not asks and not _PASSING.match(sentence)
        is_short = len(sentence) <= MOST_CHARACTERS
        if tells and is_short and len(words_of(sentence)) >= _LEAST_WORDS and content_words(sentence):
            found.append(_ended(sentence))
            last = True
            continue
        # "Greece is too hot for me. It'll be Ireland.": the second half of a change names nobody.
        if last and not asks and sentence and _CHANGES.search(f"{found[-1]} {sentence}"):
            joined = f"{found[-1]} {_ended(sentence)}"
            found[-1] = joined if len(joined) <= MOST_CHARACTERS else found[-1]
        last = False
    return tuple(found)


def is_change(text: str) -> bool:
    """Whether a statement speaks of a change.

    Args:
        text: From `statements_in`.
    """
    return _CHANGES.search(text) is not None


def is_taste(text: str) -> bool:
    """Whether a statement speaks of likes.

    Args:
        text: From `statements_in`.
    """
    return _TASTE.search(text) is not None


def told_in(said: str) -> str:
    """What a short message tells, as one text, whether or not it says "I"; "" if it tells nothing.

    Args:
        said: The message; a question at its end or to the character is left out, one that it answers itself
            ("Rugby? Not for me.") is not.
    """
    told = [_ended(one) for one in sentences_in(said.replace("’", "'")) if not _asks_the_character(one)]
    while told and _ASKS.search(told[-1]):
        told.pop()
    text = " ".join(told)
    fits = 0 < len(told) <= _MOST_TOLD and len(text) <= MOST_CHARACTERS
    return text if fits and len(words_of(text)) >= _LEAST_WORDS else ""


def _asks_the_character(sentence: str) -> bool:
    asks = _ASKS.search(sentence) and YOURS.search(sentence)
    return asks is not None and _NO_QUESTION.search(sentence) is None


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…" else f"{sentence}."


def reason_in(text: str) -> str:
    """Why it is so, in the words of a statement; "" where it gives no reason."""
    found = _REASON.search(text)
    return found[1].strip() if found else ""


def is_known(text: str, known: Sequence[Statement], cosines: Mapping[int, float]) -> bool:
    """Whether a statement only says again what is known.

    Args:
        text: From `statements_in`.
        known: All statements that hold.
        cosines: How near each of them is, by id.
    """
    return any(
        cosines[one.id] >= SAME and numbers_in(one.text) == numbers_in(text) and not _turns(one.text, text)
        for one in known
    )


def _turns(old: str, new: str) -> bool:
    """Whether one of two statements with the same words denies what the other says."""
    one, other = set(content_words(old)), set(content_words(new))
    shared = len(one & other) / max(1, min(len(one), len(other)))
    return shared >= 0.6 and denies(old) != denies(new)


def denies(text: str) -> bool:
    """Whether a statement says no to something.

    Args:
        text: From `statements_in`.
    """
    return bool(re.search(r"\b(?:not|never|no|hate|dislike|stand|cannot)\b|n't\b", text, re.IGNORECASE))


def slot_of(text: str) -> str:
    """What a statement gives the one value of: a favourite, what somebody wants to be; "" for most.

    Args:
        text: From `statements_in`.
    """
    found = _FAVOURITE.search(text)
    if found:
        return found[1].strip().lower().removeprefix("new ")
    return next((name for name, pattern in _ONE_OF_A_KIND.items() if pattern.search(text)), "")


def names_in(text: str, *, inside: bool = True) -> set[str]:
    """Words with a capital letter, in small letters.

    Args:
        text: A statement or a message.
        inside: Only inside a sentence, where no other word has one.
    """
    pattern = r"(?<=[\w,;] )[A-Z][\w-]+" if inside else r"\b[A-Z][\w-]+"
    return {name.lower() for name in re.findall(pattern, text)}


def numbers_in(text: str) -> set[float]:
    """The numbers of a statement, those in words included.

    Args:
        text: From `statements_in`.
    """
    return {value for word in re.findall(r"[\w,.-]*\w", text) if (value := value_of(word)) is not None}
