"""What gives a statement away in other texts: its words, and the names and numbers in it."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from chatanything.persona.lexicon import lexicon
from chatanything.persona.memory.recall import content_words
from chatanything.persona.memory.records import Statement, Turn

_TOKEN: Final = re.compile(r"\w+")
_BREAK: Final = r"(?:\) ?|[ \u00a0.,/:-])?"
"""What may stand between two digits of one number: "555 0142", "(555) 01-42", "12.03.1987"."""
_NUMBER: Final = re.compile(rf"\d(?:{_BREAK}\d)*")
_OPENING: Final = " \t\"'“”‘’«»()[]*_"
_ENDS: Final = tuple(".!?…\n")
_COMMON: Final = ("stopwords", "articles", "english", "talk", "stops", "negations")
"""Lists of words that are no names with a capital letter, either."""
_LEAST_DIGITS: Final = 2
_LEAST_PART: Final = 3
"""Digits of a part of a longer number that gives it away."""
_LONG: Final = 6
"""Digits of a number that is known with others before it, such as a country's."""


class Traces:
    """Finds what speaks of a statement.

    A name counts in whatever case and form it is written ("gareth's"), a number however it is divided. A word
    with which a sentence begins may or may not be a name: it counts where it has its capital letter again.

    Args:
        statement: Which is to be forgotten.
    """

    def __init__(self, statement: Statement) -> None:
        text = _composed(f"{statement.text}\n{statement.was}")
        self.words: Final = _words_in(text)
        self.enough: Final = max(1, math.ceil(len(self.words) / 3))
        """So many of the words in another text speak of the statement."""
        names, beginnings = _names_in(text)
        self._names = tuple(one.casefold() for one in (*names, *beginnings))
        anyhow, as_it_is = ("|".join(map(re.escape, sorted(some))) for some in (names, beginnings))
        either = "|".join([f"(?i:{anyhow})"] * bool(names) + [as_it_is] * bool(beginnings))
        self._named = re.compile(rf"(?<!\w)(?:{either})s?(?!\w)")
        self._numbers = tuple(_pattern_of(one) for one in _numbers_in(text))

    def are_in(self, text: str) -> bool:
        """Whether a text speaks of the statement."""
        text = _composed(text)
        named = bool(self._names) and self._named.search(text) is not None
        if named or any(pattern.search(text) for pattern in self._numbers):
            return True
        return len(self.words & _words_in(text)) >= self.enough

    def named_in(self, lines: Sequence[str]) -> set[int]:
        """In which of many lines a name or a number of the statement is; quick for ten thousand.

        Args:
            lines: Texts without line breaks.

        Returns:
            Their places.
        """
        text = _composed("\n".join(lines))
        small = text.casefold()
        near = _lines_at(small, [place for name in self._names for place in _places_of(name, small)])
        numbered = [found.start() for pattern in self._numbers for found in pattern.finditer(text)]
        return {line for line in near if self._named.search(_composed(lines[line]))} | _lines_at(
            text, numbered
        )

    def among(self, turns: Sequence[Turn]) -> list[int]:
        """Ids of the messages that speak of it, each with what was said to it or answered to it.

        Args:
            turns: In order.
        """
        exchanges: list[list[Turn]] = []
        for turn in turns:
            if exchanges and turn.role == "assistant":
                exchanges[-1].append(turn)
            else:
                exchanges.append([turn])
        found = [one for one in exchanges if any(self.are_in(turn.text) for turn in one)]
        return [turn.id for exchange in found for turn in exchange]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words_in(text: str) -> frozenset[str]:
    """Words that carry meaning, without endings of the plural and the genitive."""
    return frozenset(word.rstrip("'") for word in content_words(text))


def _names_in(text: str) -> tuple[set[str], set[str]]:
    """Words with a capital letter and codes such as a car's number; and words that only begin a sentence."""
    names, beginnings = set[str](), set[str]()
    for found in _TOKEN.finditer(text):
        word = found[0]
        has_digits = any(letter.isdigit() for letter in word)
        if len(word) < 2 or word.isdigit() or word.lower() in _common():
            continue
        before = text[: found.start()].rstrip(_OPENING)
        if has_digits or (word[0].isupper() and before and not before.endswith(_ENDS)):
            names.add(word)
        elif word[0].isupper() and len(word) > 2:
            beginnings.add(word)
    return names, beginnings - names


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset[str]().union(*(lexicon().lists[name] for name in _COMMON))


def _numbers_in(text: str) -> set[str]:
    """Numbers as digits alone, and the longer parts of those that are written in parts."""
    found = set[str]()
    for match in _NUMBER.finditer(text):
        parts = re.findall(r"\d+", match[0])
        found |= {one for one in parts if len(one) >= _LEAST_PART} | {"".join(parts)}
    return {one for one in found if len(one) >= _LEAST_DIGITS}


def _pattern_of(digits: str) -> re.Pattern[str]:
    """Finds a number however it is divided."""
    if len(digits) >= _LONG:
        return re.compile(_BREAK.join(digits))
    # What is before it is looked at from behind its first digit: a search for that one is fast.
    return re.compile(rf"{digits[0]}(?<!\d\d){_BREAK}{_BREAK.join(digits[1:])}(?!\d)")


def _places_of(part: str, text: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _lines_at(text: str, places: Sequence[int]) -> set[int]:
    """Numbers of the lines of a text in which places are."""
    if not places:
        return set()
    ends = list(accumulate(len(line) + 1 for line in text.split("\n")))
    return {bisect_right(ends, place) for place in places}
