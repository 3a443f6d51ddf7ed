"""Numbers in a sentence, and what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_ONES: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES: Final = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 20 + 10 * index for index, word in enumerate(_TENS)},
    **{f"{ten}-{one}": 20 + 10 * index + value for index, ten in enumerate(_TENS) for value, one in
       enumerate(_ONES[1:10], start=1)},
    "dozen": 12, "hundred": 100, "thousand": 1000, "single": 1, "both": 2, "twice": 2, "once": 1, "twins": 2,
}  # fmt: skip
_UNITS: Final = frozenset(
    [
        "year",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "time",
        "mile",
        "metre",
        "meter",
        "foot",
        "feet",
        "pound",
        "euro",
        "dollar",
        "percent",
        "kilo",
    ]
)
"""What is counted of many things; two such numbers are about the same only if other words agree."""
_SKIPPED: Final = frozenset(
    [
        "of",
        "the",
        "old",
        "young",
        "little",
        "small",
        "big",
        "brown",
        "black",
        "white",
        "red",
        "blue",
        "green",
        "grey",
        "my",
    ]
)
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z'-]*")
_AGE: Final = re.compile(
    r"\b(?:(?:am|is|'m)(?: only| just| about| nearly| almost)? ([\w-]+)\s*(?:$|[.,;!?])|turned ([\w-]+))",
    re.IGNORECASE,
)
_YEARS_OLD: Final = re.compile(r"\b([\w-]+) years? (?:old|of age)\b", re.IGNORECASE)


def value_of(word: str) -> float | None:
    """A number written in digits or letters; None for other words."""
    plain = word.lower()
    if plain in _VALUES:
        return float(_VALUES[plain])
    digits = plain.replace(",", "")
    return float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None


def numbers_in(text: str) -> Iterator[tuple[float, str, bool]]:
    """Every number with the noun that it counts.

    Args:
        text: One clause.

    Yields:
        The value, the noun without its plural ending ("age" for somebody's age), and whether that noun is a
        unit of measure.
    """
    aged = _YEARS_OLD.search(text) or _AGE.search(text)
    age = value_of(next(word for word in aged.groups() if word)) if aged else None
    if age is not None:
        yield age, "age", True
    tokens = _TOKEN.findall(text)
    for index, token in enumerate(tokens):
        value = value_of(token)
        if value is None or value == age:
            continue
        after = [one.lower() for one in tokens[index + 1 : index + 4]]
        if after and (factor := value_of(after[0])) in (100.0, 1000.0, 12.0):
            value, after = value * factor, after[1:]
        nouns = [one for one in after if one not in _SKIPPED and value_of(one) is None]
        if nouns and (index == 0 or value_of(tokens[index - 1]) is None):
            noun = nouns[0].rstrip("s") if len(nouns[0]) > 3 else nouns[0]
            yield value, noun, noun in _UNITS
