"""Text as people type it -> plain English words and the punctuation that a speech model can use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from chatanything.errors import SpeechError
from chatanything.voice.figures import FIGURES
from chatanything.voice.markup import MARKS, marked, unmarked

_ABBREVIATIONS: Final = {
    "mr": "mister", "mrs": "missus", "ms": "miss", "dr": "doctor", "prof": "professor", "st": "saint",
    "sr": "senior", "jr": "junior", "capt": "captain", "lt": "lieutenant", "sgt": "sergeant",
    "gen": "general", "col": "colonel", "vs": "versus", "etc": "et cetera", "approx": "approximately",
    "no": "number", "dept": "department", "est": "established", "feat": "featuring",
    "inc": "incorporated",
}  # fmt: skip
_NEEDS_NAME: Final = frozenset({"st", "no", "gen", "col", "est", "inc"})
"""Also words, or ends of sentences: read as abbreviations only where a name or number follows."""
_SYMBOLS: Final = {
    "&": " and ", "@": " at ", "+": " plus ", "=": " equals ", "%": " percent ", "°": " degrees ",
    "#": " number ", "×": " times ", "÷": " divided by ", "<": " less than ", ">": " greater than ",
    "§": " section ", "½": " one half ", "¼": " one quarter ", "¾": " three quarters ", "€": " euros ",
    "£": " pounds ", "$": " dollars ", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"',
    "„": '"', "«": '"', "»": '"', "–": " — ", "…": "…", "/": " ", "\\": " ", "|": ", ", "*": " ",
    "_": " ", "~": " ", "^": " ", "•": ", ", "·": " ", "[": "(", "]": ")", "{": "(", "}": ")", "ß": "ss",
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "th", "þ": "th", "ł": "l", "ı": "i", "¿": "", "¡": "",
    "。": ". ", "、": ", ", "！": "! ", "？": "? ", "，": ", ",
}  # fmt: skip
_CYRILLIC_SOUNDS: Final = (
    "a b v g d ye yo zh z i y k l m n o p r s t u f kh ts ch sh sh - i - e yu ya i yi ye g"
)
_CYRILLIC: Final = dict(
    zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", _CYRILLIC_SOUNDS.split(" "), strict=True)
)
_GREEK_SOUNDS: Final = "a v g d e z i th i k l m n x o p r s s t i f h ps o"
_GREEK: Final = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", _GREEK_SOUNDS.split(), strict=True))
_SOUNDS: Final[Mapping[str, str]] = {**_SYMBOLS, **_CYRILLIC, **_GREEK, "ъ": "", "ь": ""}
"""Character -> what is said for it."""
_SYLLABIC: Final = ("HIRAGANA", "KATAKANA", "HANGUL SYLLABLE", "DEVANAGARI", "BENGALI", "TAMIL")
"""Scripts whose letters Unicode names by their sound; Thai, whose letters it names by words, is not one."""
_CONSONANTAL: Final = ("ARABIC", "HEBREW")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"')]*\s+(?=\S)")
_ENDLESS: Final = re.compile(r"\S{100}")
"""No word or number is so long; a gap behind it, since rules look through a word from each of its letters."""


def _web(match: re.Match[str]) -> str:
    text = re.sub(r"^(https?://)?(www\.)?", "", match[0], flags=re.I).rstrip("/.,!?")
    tail = match[0][-1] if match[0][-1] in ".,!?" else ""
    named = (
        text.replace(".", " dot ").replace("/", " slash ").replace("-", " dash ").replace("_", " underscore ")
    )
    return f" {re.sub(r'[?#&=].*', '', named)}{tail} "


def _abbreviation(match: re.Match[str]) -> str:
    word = match[1].lower()
    follows = match.string[match.end() : match.end() + 2].strip()
    if word in _NEEDS_NAME and not (follows and (follows[0].isupper() or follows[0].isdigit())):
        return match[0]
    if word == "no" and not follows[0].isdigit():
        return match[0]
    return _ABBREVIATIONS[word]


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+|\b[\w-]+\.(?:com|org|net|io|ai|dev)\b\S*", re.I), _web),
    (re.compile(r"\be\.\s?g\.", re.I), lambda _: "for example"),
    (re.compile(r"\bi\.\s?e\.", re.I), lambda _: "that is"),
    (re.compile(rf"\b({'|'.join(_ABBREVIATIONS)})\.(?!\w)", re.I), _abbreviation),
    *FIGURES,
)


def _syllable(char: str) -> str:
    """The sound in the Unicode name of a letter or syllable, empty for everything else."""
    name = unicodedata.name(char, "")
    is_letter = name.startswith(_SYLLABIC) and ("LETTER" in name or "SYLLABLE" in name)
    return name.rsplit(" ", 1)[-1].lower() if is_letter else ""


def _by_name(char: str) -> str:
    """A consonant of another alphabet by the sound in its Unicode name, everything else as a gap."""
    name = unicodedata.name(char, "")
    if name.startswith(_CONSONANTAL) and "LETTER" in name:
        return re.sub(r"[AEIOU].*", "", name.split("LETTER ")[1]).lower() + "a"
    return "" if unicodedata.combining(char) else " "


def _latin(char: str) -> str:
    """One character as ASCII (and — …, and marks)."""
    if char.isascii() or char in "—…" or char in MARKS:
        return char
    if char.lower() in _SOUNDS:
        return _SOUNDS[char.lower()]
    # Before it is taken apart: then a Korean syllable is three signs, and ga is ka with a mark.
    if sound := _syllable(char):
        return sound
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(map(_latin, plain)) if plain not in ("", char) else _by_name(char)


def normalise_text(text: str) -> str:
    """Everything spelled out: letters a-z, apostrophes and , . ! ? ; : — … " ( ) only.

    Numbers, years, ordinals, money, times, units, common abbreviations and web addresses become words.
    Accents go; Cyrillic, Greek, Arabic, Hebrew, Japanese kana, Korean and Indian letters are written by
    sound; emoji, other letters and signs, and markup are left out.

    Raises:
        SpeechError: Nothing speakable remains.
    """
    return _spelled_out(unmarked(text))


def normalise_marked(text: str) -> str:
    """As `normalise_text`, with the marks of `voice.markup` among the words.

    Raises:
        SpeechError: Nothing speakable remains.
    """
    return _spelled_out(marked(text))


def _spelled_out(text: str) -> str:
    plain = _ENDLESS.sub(r"\g<0> ", unicodedata.normalize("NFC", text))
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in plain)
    for char in "“”‘’ʼ":
        plain = plain.replace(char, _SYMBOLS[char])
    for pattern, replace in _RULES:
        plain = pattern.sub(replace, plain)
    plain = "".join(_SYMBOLS.get(c, c) for c in plain)
    plain = "".join(map(_latin, plain))
    plain = "".join(_SYMBOLS.get(c, c) for c in plain)
    plain = re.sub(r"--+", " — ", plain)
    plain = re.sub(r"\s-\s", " — ", plain)
    plain = re.sub(r"\.{2,}", "…", plain)
    plain = re.sub(rf"[^A-Za-z',.!?;:—…\"()\s{''.join(MARKS)}-]", " ", plain).replace("-", " ")
    plain = re.sub(r"([!?,;:])\1+", r"\1", plain)
    plain = re.sub(r"\s+([,.!?;:…])", r"\1", re.sub(r"\s+", " ", plain)).strip()
    plain = plain.lstrip(",.;:!?…) —")
    if not re.search(r"[A-Za-z]", plain):
        raise SpeechError(
            "nothing in this text can be spoken",
            expected="words, numbers or letters",
            got=repr(text[:40]),
            hint="Write the line in English or in Latin letters.",
        )
    return plain


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences of normalised text, each with its closing mark."""
    return tuple(s.strip() for s in _SENTENCE_END.split(text) if re.search(r"[A-Za-z]", s))
