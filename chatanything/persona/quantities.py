"""Numbers in a sentence: what they count, and of which kind they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from chatanything.persona.lexicon import word_list

Kind = Literal["count", "unit", "age", "year", "clock", "rate"]

_ONES: Final = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES: Final = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 20 + 10 * index for index, word in enumerate(_TENS)},
    **{f"{ten}-{one}": 20 + 10 * index + value for index, ten in enumerate(_TENS) for value, one in
       enumerate(_ONES[1:10], start=1)},
    "dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "single": 1, "both": 2, "twice": 2,
    "once": 1, "thrice": 3, "twins": 2,
}  # fmt: skip
_FACTORS: Final = frozenset(["dozen", "hundred", "thousand", "million"])
_YEARLY: Final = {"hour": 8766.0, "day": 365.0, "morning": 365.0, "night": 365.0, "evening": 365.0,
                  "week": 52.0, "month": 12.0, "season": 4.0, "year": 1.0, "century": 0.01}  # fmt: skip
"""How often something happens in a year that happens once in it."""
_WEEKDAY: Final = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z][A-Za-z'-]*")
_AGE: Final = re.compile(
    r"(?<!before )(?<!when )(?<!since )(?<!until )(?<!till )\b(?:I am|I'm|is|(?:have |has )?turned)"
    r"(?: only| just| about| nearly| almost| now| over| barely)? ((?:[a-z-]+ hundred(?: and "
    r"[a-z-]+)?)|[\w-]+)"
    r"\s*(?:$|[.,;!?]|and (?:a half|three quarters|proud)|last|this|next|on|in)",
    re.IGNORECASE,
)
_YEARS_OLD: Final = re.compile(
    r"\b((?:[a-z-]+ hundred(?: and [a-z-]+)?)|[\w,-]+) years? (?:old|of age|young)\b", re.IGNORECASE
)
_ORDINARY_YEAR: Final = re.compile(r"\b(1[0-9]\d\d|20\d\d|21\d\d)\b(?!\s+[a-z]+s\b)")
_TIME: Final = re.compile(
    r"\b(?:at|until|till|by|past|before|around|from) (?:about |around |exactly |half past )?"
    r"([\w-]+)(?::\d\d)?(?= o'clock| in the| at night| a\.?m| p\.?m|\s*(?:$|[.,;!?])| sharp| and| "
    r"each| every)",
    re.IGNORECASE,
)
_RATE: Final = re.compile(
    r"\b(?:(once|twice|thrice|(?:[\w-]+) times?|[\w-]+) (?:a|an|per|each|every) "
    r"(hour|day|night|week|month|season|year|century)|(?:every|each) "
    rf"(single day|other day|hour|day|morning|night|evening|week|month|year|{_WEEKDAY})|(hourly|daily|"
    rf"weekly|monthly|"
    r"yearly))\b",
    re.IGNORECASE,
)
_DAYTIMES: Final = {"noon": 12.0, "midday": 12.0, "midnight": 0.0}


class Quantity(NamedTuple):
    """A number and what it says."""

    value: float
    """For rates, how often a year; for times of day, the hour."""
    noun: str
    """What is counted, without its plural ending; the kind itself for ages, years, hours and rates."""
    kind: Kind
    also: tuple[str, ...] = ()
    """Other nouns that may be what is counted ("thirty hands in my crew")."""


def value_of(word: str) -> float | None:
    """A number written in digits or letters; None for other words."""
    plain = word.lower()
    if plain in _VALUES:
        return float(_VALUES[plain])
    digits = plain.replace(",", "")
    return float(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None


def numbers_in(text: str) -> Iterator[Quantity]:
    """Every number with what it counts.

    Args:
        text: One clause.

    Yields:
        Ages, years, hours of the day and rates first, then counts, each number once.
    """
    rest = text
    for kind, pattern in (("age", _YEARS_OLD), ("age", _AGE)):
        found = pattern.search(rest)
        age = _phrase_value(found[1]) if found else None
        if found and age is not None and age < 10_000:
            yield Quantity(age, kind, "age")
            rest = _without(rest, found)
            break
    for found in list(_RATE.finditer(rest)):
        rate = _rate(found)
        if rate is not None:
            yield Quantity(rate, "rate", "rate")
            rest = _without(rest, found)
    for found in list(_TIME.finditer(rest)):
        word = found[1].lower()
        hour = _DAYTIMES.get(word, value_of(word))
        if hour is not None and hour <= 24:
            yield Quantity(hour % 24, "clock", "clock")
            rest = _without(rest, found)
    for found in list(_ORDINARY_YEAR.finditer(rest)):
        yield Quantity(float(found[1]), "year", "year")
        rest = _without(rest, found)
    yield from _counts(_TOKEN.findall(rest))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} , {text[found.end() :]}"


def _rate(found: re.Match[str]) -> float | None:
    often, span, each, word = found.groups()
    if word:
        return {"hourly": 8766.0, "daily": 365.0, "weekly": 52.0, "monthly": 12.0, "yearly": 1.0}[
            word.lower()
        ]
    if each:
        plain = each.lower()
        return {"single day": 365.0, "other day": 182.5}.get(plain) or _YEARLY.get(plain, 52.0)
    times = value_of(often.split()[0])
    return times * _YEARLY[span.lower()] if times is not None else None


def _phrase_value(phrase: str) -> float | None:
    value = _number_at(_TOKEN.findall(phrase), 0)
    return value[0] if value else None


def _number_at(tokens: Sequence[str], at: int) -> tuple[float, int] | None:
    """The number that begins at a token, and how many tokens it takes."""
    total, current, length = 0.0, 0.0, 0
    for place in range(at, len(tokens)):
        word = tokens[place].lower()
        value = value_of(word)
        if value is None:
            joins = word == "and" and length and place + 1 < len(tokens) and current % 100 == 0 and current
            if joins and (following := value_of(tokens[place + 1])) is not None and following < 100:
                continue
            break
        if word in _FACTORS and length:
            current = max(current, 1) * value
            if value >= 1000:
                total, current = total + current, 0.0
        elif length and current % 100 != 0:
            break
        else:
            current += value
        length = place + 1 - at
    return (total + current, length) if length else None


def _counts(tokens: Sequence[str]) -> Iterator[Quantity]:
    """Numbers that count things: "two old cats", "a crew of eleven"."""
    place = 0
    while place < len(tokens):
        number = _number_at(tokens, place)
        if number is None:
            place += 1
            continue
        value, length = number
        after = [one.lower() for one in tokens[place + length : place + length + 6]]
        before = [one.lower() for one in tokens[max(0, place - 2) : place]]
        place += length
        nouns = [one for one in after[:3] if one not in word_list("before_nouns") and value_of(one) is None]
        if len(before) == 2 and before[1] == "of" and before[0] not in word_list("no_nouns"):
            yield Quantity(value, _singular(before[0]), "count", tuple(_singular(one) for one in nouns[:1]))
        elif nouns and nouns[0] not in word_list("no_nouns"):
            noun = _singular(nouns[0])
            also = [_singular(one) for one in nouns[1:2] if one not in word_list("no_nouns")]
            inside = [
                one
                for one in after[1:]
                if one not in word_list("no_nouns") and one not in word_list("before_nouns")
            ]
            also += [_singular(one) for one in inside[:2] if {"in", "of"} & set(after)]
            yield Quantity(value, noun, "unit" if noun in word_list("units") else "count", tuple(also))
        else:
            yield Quantity(value, "", "count")


def _singular(noun: str) -> str:
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    return noun.rstrip("s") if len(noun) > 3 and not noun.endswith("ss") else noun
