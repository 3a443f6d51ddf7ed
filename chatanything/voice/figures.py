"""Figures as people write them -> English words: dates, money, times, units, ranges and plain numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from chatanything.voice.numbers import cardinal, decimal, digits, ordinal, year

_WHOLE: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"
"""Commas group three digits; any other comma stands between two numbers."""
_NUMBER: Final = rf"{_WHOLE}(?:\.\d+)?"
_UNITS: Final = {
    "km/h": "kilometers per hour", "kph": "kilometers per hour", "mph": "miles per hour",
    "m/s": "meters per second", "km": "kilometers", "cm": "centimeters", "mm": "millimeters",
    "kg": "kilograms", "mg": "milligrams", "ml": "milliliters", "ms": "milliseconds", "min": "minutes",
    "hrs": "hours", "hr": "hours", "sec": "seconds", "ft": "feet", "lbs": "pounds", "lb": "pounds",
    "oz": "ounces", "kb": "kilobytes", "mb": "megabytes", "gb": "gigabytes", "tb": "terabytes",
    "khz": "kilohertz", "mhz": "megahertz", "ghz": "gigahertz", "hz": "hertz", "kw": "kilowatts",
    "m": "meters", "g": "grams", "s": "seconds", "h": "hours", "l": "liters", "v": "volts", "w": "watts",
    "k": "thousand", "x": "times",
}  # fmt: skip
_LONG_UNITS: Final = "|".join(re.escape(unit) for unit in _UNITS if len(unit) > 1)
_MONEY: Final = {
    "$": ("dollar", "cent"), "£": ("pound", "penny"), "€": ("euro", "cent"), "¥": ("yen", ""),
    "₹": ("rupee", "paisa"),
}  # fmt: skip
_SCALES: Final = {
    "k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "t": "trillion",
    "tn": "trillion",
}  # fmt: skip
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_HALF: Final = r"([ap](?:m\b|\.m\b(?:\.(?![\"')]*\s*(?:\n|$)))?))"
"""am, pm, a.m. or p.m.; the last point is the sentence's where the line ends, and behind am and pm always."""


def _date(text: str, year_number: str, month: str, day: str) -> str:
    """The day in words, or the text as it was if there is no such day."""
    try:
        found = date(int(year_number), int(month), int(day))
    except ValueError:
        return text
    return f" {_MONTHS[found.month - 1]} {ordinal(found.day)}, {year(found.year)} "


def _slashed_date(match: re.Match[str]) -> str:
    """Month first, as in American English, which the bank's usual voices speak; day first if it must be."""
    first, second, year_number = match.groups()
    if int(first) > len(_MONTHS):
        first, second = second, first
    return _date(match[0], year_number, month=first, day=second)


def _plural(count: str, noun: str) -> str:
    irregular = {"penny": "pence", "yen": "yen", "paisa": "paise"}
    return noun if count == "1" else irregular.get(noun, noun + "s")


def _money(match: re.Match[str]) -> str:
    unit, cent = _MONEY[match[1]]
    whole, _, fraction = match[2].replace(",", "").partition(".")
    scale = (match[3] or match[4] or "").lower()
    if scale:
        return f" {decimal(match[2])} {_SCALES.get(scale, scale)} {_plural('', unit)} "
    words, count = cardinal(int(whole)), whole
    has_cents = bool(cent) and len(fraction) == len("00")
    if int(fraction or "0") and not has_cents:
        words, count = f"{words} point {digits(fraction)}", match[2]
    words = f"{words} {_plural(count, unit)}"
    if int(fraction or "0") and has_cents:
        words += f" and {cardinal(int(fraction))} {_plural(str(int(fraction)), cent)}"
    return f" {words} "


def _clock(match: re.Match[str]) -> str:
    hour, minute, half = int(match[1]), int(match[2] or "0"), (match[3] or "").lower()
    middle = "" if minute == 0 else (f"oh {cardinal(minute)}" if minute < 10 else cardinal(minute))
    tail = " ".join(half.replace(".", "").upper()) if half else ("" if minute else "o'clock")
    return f" {cardinal(hour)} {middle} {tail} "


def _unit(match: re.Match[str]) -> str:
    name = _UNITS[match[2].lower()]
    if match[1] == "1" and " " not in name:
        name = "foot" if name == "feet" else name.removesuffix("s")
    return f" {decimal(match[1])} {name}"


def _decade(match: re.Match[str]) -> str:
    text = match[1]
    words = cardinal(int(text)) if len(text) < 4 else year(int(text))
    return f" {words[:-1]}ies" if words.endswith("y") else f" {words}s"


def _plain_number(match: re.Match[str]) -> str:
    text = match[0]
    gap = " " if match.string[match.end() :][:1].isalpha() else ""
    if text.isdecimal():
        number = int(text)
        if len(text) == 4 and (1100 <= number < 2000 or 2000 <= number < 2100):
            return f" {year(number)}{gap}"
        if len(text) >= 7 and not text.endswith("000"):
            return f" {digits(text)}{gap}"
    return f" {decimal(text)}{gap}"


FIGURES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (
        re.compile(r"(?<!\w)(?<!\d-)([12]\d{3})-(\d\d)-(\d\d)(?:T(?=\d\d:)|(?!\w|-\d))"),
        lambda m: _date(m[0], m[1], m[2], m[3]),
    ),
    (re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})/([12]\d{3})(?![\w/])"), _slashed_date),
    (
        re.compile(
            rf"([{''.join(_MONEY)}])\s?({_NUMBER})"
            r"(?:\s?(thousand|million|billion|trillion|mn|bn|tn)\b|([kmbt])\b)?",
            re.I,
        ),
        _money,
    ),
    (re.compile(rf"\b([01]?\d|2[0-3]):([0-5]\d)\s?{_HALF}?", re.I), _clock),
    (re.compile(rf"\b(1[0-2]|[1-9])()\s?{_HALF}", re.I), _clock),
    (
        re.compile(rf"\b({_WHOLE})(?:st|nd|rd|th)\b", re.I),
        lambda m: f" {ordinal(int(m[1].replace(',', '')))}",
    ),
    (re.compile(r"\b(\d{2,4})s\b"), _decade),
    (re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)"), lambda _: " to "),
    (re.compile(r"(?<![\w.])-(?=\d)"), lambda _: " minus "),
    # A capital behind a number is a generation (5G), a direction (10 S. Main) or a size; volts, watts and
    # liters are written so, too, but have no point and no name behind them.
    (
        re.compile(rf"({_NUMBER})\s?((?i:{_LONG_UNITS})|[mgshlvwkx]|[VWLKX](?!\.\s+[A-Z]))\b"),
        _unit,
    ),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})\b"), lambda m: f" {cardinal(int(m[1]))} over {cardinal(int(m[2]))}"),
    (re.compile(_NUMBER), _plain_number),
)
"""Rules with what they put in place, in the order in which they are to be asked."""
