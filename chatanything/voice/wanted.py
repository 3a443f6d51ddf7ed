"""A description in free words -> what the voice should be, by rules over words.

Words count by where they stand: what the sentence is about (before "who", "with", a comma, ...) counts
fully, the rest a little; what belongs to somebody else ("his mother") or is denied hardly counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from chatanything.types import AgeBand, Gender, VoiceBrief, VoiceClass
from chatanything.voice import words as w
from chatanything.voice.numbers import cardinal

_T = TypeVar("_T", bound=str)
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;:!?]")
_OPENERS: Final = frozenset((
    "who", "that", "which", "whose", "where", "when", "because", "and", "but", "although", "while", ",",
    ".", ";", ":",
))  # fmt: skip
_PLACES: Final = frozenset((
    "with", "from", "in", "at", "on", "about", "for", "of", "obsessed", "near", "under", "behind",
    "against", "by", "to", "into", "without",
))  # fmt: skip
_HEADS: Final = frozenset((
    "is", "am", "i'm", "he's", "she's", "it's", "named", "called", "as", "like",
))  # fmt: skip
_OWNERS: Final = frozenset(("his", "her", "their", "my", "our", "its", "your"))
_DENIED: Final = frozenset(("not", "no", "never", "isn't", "without", "nor", "hates", "fears"))
_ASIDE: Final = 0.3
_OTHERS: Final = 0.05
_PRONOUN: Final = 1.2
_NAME: Final = 0.6
_LATER: Final = 0.9
"""Each further hit counts this much of the one before: what is named first is meant."""
_SURE: Final = 0.9
_LEAST_AGE: Final = 0.25
_COUNT: Final = "|".join(map(cardinal, range(1, 20)))
_YEARS: Final = re.compile(
    rf"\b(\d{{1,4}}|{_COUNT})[\s-]*(?:years?[\s-]*old|y/?o\b|years? of age)|\baged? (\d{{1,3}})\b", re.I
)
_WRITTEN: Final = {cardinal(n): n for n in range(1, 20)}
_TENS: Final = {"teens": 16, "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
                "seventies": 70, "eighties": 80, "nineties": 90}  # fmt: skip
_DECADES: Final = re.compile(
    rf"\bin (?:his|her|their) (?:early |mid[- ]?|late )?(?:(\d0)s|({'|'.join(_TENS)}))\b", re.I
)
_CENTURIES: Final = re.compile(r"\b(?:hundred|thousand|centur(?:y|ies))[\s-]*(?:years?[\s-]*)?old\b", re.I)


@dataclass(frozen=True, slots=True)
class _Hit:
    word: str
    before: str
    after: str
    weight: float
    """1 in what the sentence is about, less elsewhere."""


def _tokens(text: str) -> list[str]:
    return [t.lower().replace("’", "'") for t in _TOKEN.findall(text)]


def _hits(text: str) -> Iterator[_Hit]:
    """All words, and phrases of two or three words, with their weight."""
    tokens = _tokens(text)
    weight = 1.0
    for i, word in enumerate(tokens):
        if word in ".!?":
            weight = 1.0 if word == "." and i + 1 < len(tokens) else weight
        elif word in _HEADS or tokens[max(0, i - 1) : i + 1] == ["voice", "of"]:
            weight = 1.0
        elif word in _OPENERS or (word in _PLACES and i > 1):
            weight = _ASIDE
        near = set(tokens[max(0, i - 3) : i])
        here = _OTHERS if _belongs_elsewhere(tokens, i) or near & _DENIED else weight
        for size in (3, 2, 1):
            phrase = " ".join(tokens[i : i + size])
            after = tokens[i + size] if i + size < len(tokens) else ""
            yield _Hit(phrase.removesuffix("'s"), tokens[i - 1] if i else "", after, here)


def _belongs_elsewhere(tokens: list[str], i: int) -> bool:
    """Somebody's ("his mother", "a king's jester"): neither the owner nor the owned is the speaker."""
    if tokens[i].endswith("'s") and tokens[i] not in _HEADS:
        return True
    before = tokens[i - 1] if i else ""
    if before == "my" and i == 1:
        return False
    return before in _OWNERS or (before.endswith("'s") and before not in _HEADS and i > 2)


def _vote(table: Mapping[str, _T], hits: list[_Hit], scale: float = 1.0) -> dict[_T, float]:
    score: dict[_T, float] = defaultdict(float)
    strength = 1.0
    for hit in hits:
        if hit.word in table:
            score[table[hit.word]] += hit.weight * strength * scale
            strength *= _LATER
    return score


def _gender(text: str, hits: list[_Hit]) -> Gender:
    """Nouns, pronouns, then first names written with a capital."""
    score = _vote(w.GENDER_NOUNS, hits)
    for hit in hits:
        if hit.word in w.PRONOUNS:
            score[w.PRONOUNS[hit.word]] += _PRONOUN if hit.word in ("he", "she") else _PRONOUN / 2
    capitals = {t.lower() for t in re.findall(r"\b[A-Z][^\W\d_]+", text)}
    names = [hit for hit in hits if hit.word in capitals and hit.before not in _OWNERS]
    for gender, value in _vote(w.NAMES, names, _NAME).items():
        score[gender] += value
    male, female = score.get("male", 0.0), score.get("female", 0.0)
    return "neutral" if max(male, female) < 0.15 else "male" if male >= female else "female"


def _age_of_years(years: int) -> AgeBand:
    return "child" if years <= 12 else "young" if years <= 29 else "adult" if years <= 59 else "old"


def _age(text: str, hits: list[_Hit]) -> AgeBand:
    """Numbers first, then plain age words, then nouns that imply an age."""
    if found := _YEARS.search(text):
        years = found[1] or found[2]
        return _age_of_years(int(years) if years.isdigit() else _WRITTEN[years.lower()])
    if found := _DECADES.search(text):
        return _age_of_years(int(found[1]) if found[1] else _TENS[found[2].lower()])
    if _CENTURIES.search(text):
        return "old"
    score = _vote(w.AGES, hits)
    for hit in hits:
        if (
            hit.word in w.EXPLICIT_AGES
            and hit.before != "middle"
            and hit.after not in ("friend", "school", "books", "at")
        ):
            score[w.AGES[hit.word]] += 1.5 * hit.weight
    likely = [age for age, points in score.items() if points >= _LEAST_AGE]
    return max(likely, key=lambda age: score[age], default="adult")


def _class(hits: list[_Hit], age: AgeBand) -> VoiceClass:
    """The kind of being that the sentence is about."""
    found: dict[VoiceClass, float] = defaultdict(float)
    small = any(hit.word in w.SMALL and hit.weight >= _SURE for hit in hits)
    for hit in hits:
        kind = w.CLASSES.get(hit.word)
        if kind is None or hit.after in w.HANDLERS or hit.weight < _SURE:
            continue
        if hit.word == "spirit" and hit.before in ("free", "kindred", "team"):
            continue
        if kind == "creature-low" and small:
            kind = "creature-high"
        found[kind] += 1.0
    if "robot" in found or "ghost" in found:
        return "robot" if "robot" in found else "ghost"
    if found:
        return "creature-low" if any(h.word in w.HUGE for h in hits) else max(found, key=lambda k: found[k])
    return "child" if age == "child" else "human"


def _accent(hits: list[_Hit]) -> str:
    score: dict[str, float] = defaultdict(float)
    for hit in hits:
        accent = w.ACCENTS.get(hit.word) or w.ACCENTS.get(hit.word.split("-")[0])
        things = w.NOT_ACCENT_BEFORE if hit.weight >= _SURE else w.NOT_ACCENT_ASIDE
        if accent is None or hit.after in things or (hit.before == "native" and accent == "hi"):
            continue
        spoken = 2.0 if hit.after in ("accent", "accented") else 1.0
        score[accent] += spoken * max(hit.weight, _ASIDE)
    best = max(score, key=lambda accent: score[accent], default="us")
    return best if score.get(best, 0.0) >= _ASIDE else "us"


def _dimension(name: str, hits: list[_Hit]) -> float:
    """Mean of all words on a dimension; 0.5 when nothing is said."""
    values = [
        w.MANNER[hit.word, name] for hit in hits if (hit.word, name) in w.MANNER and hit.weight > _OTHERS
    ]
    return sum(values) / len(values) if values else 0.5


def wanted_from_text(text: str) -> VoiceBrief:
    """What kind of voice a description asks for.

    Args:
        text: A description in English, any length.

    Returns:
        A brief; what the text does not tell is neutral, adult, human, us and 0.5.
    """
    hits = list(_hits(text))
    age = _age(text, hits)
    kind = _class(hits, age)
    return VoiceBrief(
        text=text,
        gender=_gender(text, hits),
        age=age,
        voice_class=kind,
        accent=_accent(hits),
        pitch=_dimension("pitch", hits),
        pace=_dimension("pace", hits),
        texture=_dimension("texture", hits),
    )
