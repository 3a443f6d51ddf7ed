"""What may be written into a line to say how it is spoken: emphasis and pauses.

    That is *never* what I said. [pause 0.8] Listen.

`*words*` or `**words**` are emphasised; `[pause]`, `[pause 0.8]` and `[pause 800ms]` are silence. Of SSML,
`<emphasis>`, `<break time="..."/>`, `<break strength="..."/>`, `<speak>`, `<p>` and `<s>` are understood.
Inside this package each becomes one private-use character, which passes through the spelling out of numbers.
"""

from __future__ import annotations

import re
from typing import Final

BEGIN: Final = "\ue000"
"""Before emphasised words."""
END: Final = "\ue001"
"""Behind them."""
_PAUSE: Final = 0xE100
"""The character for no pause; each tenth of a second is one more."""
_LONGEST: Final = 30
"""Tenths of a second of one pause."""
_USUAL_S: Final = 0.5
_MOST_S: Final = 30.0
"""Of all written pauses of a line together; what is beyond is no pause."""
_MOST_WORDS: Final = 12
"""Emphasised together; more is a stray asterisk somewhere, or no emphasis at all."""
PAUSES: Final = "".join(chr(_PAUSE + tenths) for tenths in range(1, _LONGEST + 1))
MARKS: Final = frozenset(BEGIN + END + PAUSES)

_STARS: Final = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,160}?)(?<=[^\s*])\1(?![\w*])")
_INSIDE: Final = re.compile(r"(?<=[\w,;] )\*{1,2}([^\s*]{1,40})\*{1,2}(?![\w*])")
_EMPHASIS: Final = re.compile(r"<emphasis(?P<rest>[^<>]{0,80})>(?P<words>[^<>]{1,160})</emphasis\s*>", re.I)
_BREAK: Final = re.compile(r"<break(?P<rest>[^<>]{0,80})/?>(?:</break>)?", re.I)
_SPOKEN_PAUSE: Final = re.compile(r"\[\s*+pause\s*+:?\s*+(?P<rest>[^\[\]]{0,20})\]", re.I)
_FRAME: Final = re.compile(r"</?(?:speak|p|s)(?:\s[^<>]{0,200})?>", re.I)
_TIME: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s)?", re.I)
_STRENGTHS: Final = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.5, "strong": 0.8, "x-strong": 1.2}
_CLOSING: Final = re.compile(r"[\s.,!?;:…\"')]+$")
# Begun only where the blanks begin, or every blank of a long gap would be looked at from each before it.
_PAUSES_IN_A_ROW: Final = re.compile(rf"(?<!\s)\s*[{PAUSES}](?:[\s{PAUSES}]*[{PAUSES}])?\s*")


def marked(text: str) -> str:
    """A line with its markup as marks; what is written otherwise stays, marks included."""
    text = _FRAME.sub(" ", text)
    text = _BREAK.sub(lambda found: _mark_of(_break_s(found["rest"])), text)
    text = _SPOKEN_PAUSE.sub(lambda found: _mark_of(_seconds(found["rest"])), text)
    text = _EMPHASIS.sub(lambda found: _emphasised(found["words"], found["rest"]), text)
    text = _STARS.sub(lambda found: _emphasised(found[2]), text)
    return _PAUSES_IN_A_ROW.sub(lambda found: f" {_together(found[0])} ", text)


def marked_inside(text: str) -> str:
    """A model's line with marks for its pauses and for single emphasised words behind another word.

    What else stands in asterisks may be a stage direction and keeps them.
    """
    text = _SPOKEN_PAUSE.sub(lambda found: _mark_of(_seconds(found["rest"])), text)
    return _INSIDE.sub(lambda found: _emphasised(found[1]), text)


def unmarked(text: str) -> str:
    """A line without its markup, as people read it."""
    plain = "".join(" " if char in PAUSES else char for char in marked(text) if char not in BEGIN + END)
    return re.sub(r"\s+", " ", plain).strip()


def without_marks(text: str) -> str:
    """A marked line without its marks."""
    return "".join(char for char in text if char not in MARKS)


def stretches(text: str) -> list[tuple[str, float]]:
    """A marked line between its pauses: (words, seconds of silence behind them); the last has 0 s."""
    parts = re.split(f"([{PAUSES}])", text)
    left, pauses = _MOST_S, list[float]()
    for mark in parts[1::2]:
        pauses.append(min((ord(mark) - _PAUSE) / 10, left))
        left = max(left - pauses[-1], 0.0)
    return list(zip(parts[::2], [*pauses, 0.0], strict=True))


def _emphasised(words: str, rest: str = "") -> str:
    """Words with their marks, closing punctuation outside, so that sentences end where they did."""
    if re.search(r"none|reduced", rest) or len(words.split()) > _MOST_WORDS:
        return words
    tail = _CLOSING.search(words)
    at = tail.start() if tail else len(words)
    return f"{BEGIN}{words[:at]}{END}{words[at:]}" if words[:at] else words


def _break_s(rest: str) -> float:
    strength = re.search(r"strength\s*=\s*[\"']?([a-z-]+)", rest, re.I)
    time = re.search(r"time\s*=\s*[\"']?\+?([\w.]+)", rest, re.I)
    return _seconds(time[1]) if time else _STRENGTHS.get(strength[1].lower() if strength else "", _USUAL_S)


def _seconds(words: str) -> float:
    """Of words like 0.8, 800ms or 1 s; what says no time is a usual pause."""
    found = _TIME.search(words)
    return float(found[1]) * (0.001 if (found[2] or "").lower() == "ms" else 1.0) if found else _USUAL_S


def _mark_of(seconds: float) -> str:
    tenths = min(round(10 * seconds), _LONGEST)
    return chr(_PAUSE + tenths) if tenths > 0 else " "


def _together(marks: str) -> str:
    """Pauses without a word between them are one."""
    return _mark_of(sum((ord(mark) - _PAUSE) / 10 for mark in marks if mark in PAUSES))
