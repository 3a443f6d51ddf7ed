"""Numbers as English words."""

from __future__ import annotations

from typing import Final

_UNDER_TWENTY: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ONES: Final = tuple(_UNDER_TWENTY.split())
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_LIMIT: Final = 10**15
_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


def digits(text: str) -> str:
    """Digit by digit: "007" -> "zero zero seven", of any script; other characters are left out."""
    return " ".join(_ONES[int(d)] for d in text if d.isdecimal())


def cardinal(number: int) -> str:
    """As words: "one hundred and five"; digit by digit from 10**15 on.

    Args:
        number: Zero or more.
    """
    if number >= _LIMIT:
        return digits(str(number))
    for scale, name in _SCALES:
        if number >= scale:
            head, rest = divmod(number, scale)
            return f"{cardinal(head)} {name}" + (f" {cardinal(rest)}" if rest else "")
    if number >= 100:
        head, rest = divmod(number, 100)
        return f"{_ONES[head]} hundred" + (f" and {cardinal(rest)}" if rest else "")
    if number >= 20:
        head, rest = divmod(number, 10)
        return _TENS[head] + (f" {_ONES[rest]}" if rest else "")
    return _ONES[number]


def ordinal(number: int) -> str:
    """As words: "twenty first"."""
    head, _, last = cardinal(number).rpartition(" ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return f"{head} {last}".strip()


def year(number: int) -> str:
    """A year as it is read aloud: 1905 "nineteen oh five", 2004 "two thousand four".

    Args:
        number: 1000 to 2999.
    """
    head, rest = divmod(number, 100)
    if head % 10 == 0 and rest < 10:
        return f"{_ONES[head // 10]} thousand" + (f" {_ONES[rest]}" if rest else "")
    if rest == 0:
        return f"{cardinal(head)} hundred"
    tail = f"oh {_ONES[rest]}" if rest < 10 else cardinal(rest)
    return f"{cardinal(head)} {tail}"


def decimal(text: str) -> str:
    """A number with thousands commas and an optional fraction: "1,204.50"."""
    whole, _, fraction = text.replace(",", "").partition(".")
    padded = len(whole) > 1 and whole.startswith("0")
    words = digits(whole) if padded else cardinal(int(whole or "0"))
    return f"{words} point {digits(fraction)}" if fraction else words
