"""Sentences as phonemes that an engine takes in one go, and the times of their words and phones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chatanything.types import TimedUnit
from chatanything.voice.align import word_units
from chatanything.voice.g2p import Piece, phonemise
from chatanything.voice.phones import STRESS, to_arpabet

_STRESS_SHARE: Final = 0.4
"""Of the time that the model gives to a stress mark: this much is still heard as the sound before it, the
rest as the vowel behind it. Over 8 voices vowels then start 18 ms from where a forced aligner hears them, in
the mean, and without bias; with all of it before the vowel it is 34 ms, and 16 ms late."""
_LONGEST_SPACE_S: Final = 0.13
"""Time between words that still belongs to the phone before it."""
_SOON_SYMBOLS: Final = 22
"""Of the first utterance of a stream: about a second of sound."""
_SOON_LEAST: Final = 2
"""Words that it has at least, so that it does not sound chopped."""
_MARKS_IN_A_ROW: Final = 3
_JOINS: Final = frozenset((
    "and", "but", "or", "so", "because", "that", "which", "who", "when", "where", "while", "if", "as", "than",
    "to", "for", "with", "from", "in", "on", "at", "by", "of", "into", "over", "through", "since", "until",
    "before", "after", "is", "are", "was", "were", "will", "would", "can", "has", "have",
))  # fmt: skip
"""Words that begin a phrase: a short break before them is natural."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the engine gets in one go: a sentence, or a part of a very long one."""

    phonemes: str
    words: tuple[tuple[str, int, int], ...]
    """(word, first symbol, one past its last symbol)."""
    mark: str
    """Punctuation at its end, empty where a long sentence was cut."""
    emphasised: frozenset[int] = frozenset()
    """Places in `words`."""


def plan(sentence: str, accent: str, max_phonemes: int, *, soon: bool = False) -> tuple[Utterance, ...]:
    """A normalised sentence as stretches that fit the engine.

    Args:
        sentence: From `split_sentences`; may have marks of `voice.markup`.
        accent: "us" or "gb".
        max_phonemes: The engine's limit.
        soon: Somebody waits: the first stretch is short, cut where a speaker may pause.
    """
    rest = _few_marks(phonemise(sentence, accent))
    at = _early_cut(rest) if soon else 0
    groups = [*_groups(rest[:at], max_phonemes), *_groups(rest[at:], max_phonemes)]
    made = [u for u in map(_utterance, groups) if u.words]
    return (*(_open_ended(u) for u in made[:-1]), *made[-1:])


def _few_marks(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces without the marks beyond `_MARKS_IN_A_ROW`, which nobody would hear."""
    kept, row = list[Piece](), 0
    for piece in pieces:
        row = 0 if piece.word else row + 1
        if row <= _MARKS_IN_A_ROW:
            kept.append(piece)
    return kept


def _groups(pieces: Sequence[Piece], max_phonemes: int) -> Iterator[list[Piece]]:
    """Stretches that fit; for the marks behind a word, the gaps counted behind all pieces leave room."""
    group, length = list[Piece](), 0
    for piece in pieces:
        size = len(piece.phonemes) + 1
        while group and length + size > max_phonemes - 2 and piece.word:
            head, group = _cut(group)
            yield head
            length = sum(len(p.phonemes) + 1 for p in group)
        group.append(piece)
        length += size
    yield group


def _open_ended(utterance: Utterance) -> Utterance:
    """A stretch whose sentence goes on: without a mark the model adds half a second of silence to it."""
    return utterance if utterance.mark else replace(utterance, phonemes=f"{utterance.phonemes},")


def _early_cut(pieces: Sequence[Piece]) -> int:
    """Where the first stretch ends: behind the last mark in reach or before a phrase; 0: it stays whole."""
    words, symbols, mark, phrase = 0, 0, 0, 0
    for i, piece in enumerate(pieces):
        if piece.word and words >= _SOON_LEAST and piece.text.lower() in _JOINS:
            phrase = i
        symbols += len(piece.phonemes) + 1
        if symbols > _SOON_SYMBOLS and words >= _SOON_LEAST:
            return mark or phrase or (i if piece.word else 0)
        words += piece.word
        mark = i + 1 if not piece.word and words >= _SOON_LEAST else mark
    return 0


def _cut(group: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Split at the last mark of the second half, or at the end."""
    for i in range(len(group) - 1, len(group) // 2, -1):
        if not group[i].word:
            return group[: i + 1], group[i + 1 :]
    return group, []


def _utterance(pieces: Sequence[Piece]) -> Utterance:
    text, words, emphasised = "", list[tuple[str, int, int]](), set[int]()
    for piece in pieces:
        if piece.word and piece.phonemes:
            text += " " if text else ""
            if piece.emphasised:
                emphasised.add(len(words))
            words.append((piece.text, len(text), len(text) + len(piece.phonemes)))
            text += piece.phonemes
        elif text:
            text += piece.phonemes
    mark = text[words[-1][2] :][:1] if words else ""
    return Utterance(text, tuple(words), mark, frozenset(emphasised))


def units_of(
    utterance: Utterance, starts_s: Sequence[float], gaps: Sequence[tuple[float, float]]
) -> tuple[TimedUnit, ...]:
    """Words and phones of an utterance, pauses left open.

    Args:
        utterance: What was spoken.
        starts_s: Start of every phoneme symbol, and the end.
        gaps: Silent stretches of the sound.
    """
    starts_s = _stress_shared(utterance.phonemes, starts_s)
    units: list[TimedUnit] = []
    for i, (text, first, stop) in enumerate(utterance.words):
        end = starts_s[stop]
        if i + 1 < len(utterance.words):
            begin = utterance.words[i + 1][1]
            # A mere space is not heard as a pause unless it is long; punctuation is.
            if begin == stop + 1 and starts_s[begin] - end <= _LONGEST_SPACE_S:
                end = starts_s[begin]
        phones: list[TimedUnit] = []
        table = to_arpabet(utterance.phonemes[first:stop])
        for k, (phone, a, b) in enumerate(table):
            stop_s = end if k + 1 == len(table) else starts_s[first + b]
            if stop_s > starts_s[first + a]:
                phones.append(TimedUnit(phone, "phone", starts_s[first + a], stop_s))
        if phones:
            units += word_units(text, phones, gaps)
    return tuple(units)


def _stress_shared(phonemes: str, starts_s: Sequence[float]) -> list[float]:
    """Starts of all symbols with those of stressed vowels moved into their marks."""
    out = list(starts_s)
    for i, symbol in enumerate(phonemes):
        if symbol in STRESS:
            out[i + 1] = out[i] + _STRESS_SHARE * (out[i + 1] - out[i])
    return out
