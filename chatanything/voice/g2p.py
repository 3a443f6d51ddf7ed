"""English words -> Kokoro's phonemes, word by word.

Lexicon first (american or british), then inflections and compounds of known words, then spelling out,
then a small sequence-to-sequence network. `english.md` beside this file names the origin of all data.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.voice.markup import BEGIN, END
from chatanything.voice.phones import VOWELS, from_arpabet, to_british
from chatanything.voice.spelling import Speller

DATA: Final = Path(__file__).parent / "english.npz"
PUNCTUATION: Final = frozenset(",.!?;:—…")
_TOKENS: Final = re.compile(rf"[A-Za-z]+(?:'[A-Za-z]+)*'?|[,.!?;:—…{BEGIN}{END}]")
_BEFORE_VERB: Final = frozenset((
    "to", "will", "would", "can", "could", "should", "must", "may", "might", "shall", "do", "does",
    "did", "don't", "doesn't", "didn't", "won't", "can't", "i", "you", "we", "they", "please", "not",
    "let's", "never", "always", "who", "i'll", "you'll", "we'll", "they'll", "i'd", "you'd", "gonna",
))  # fmt: skip
_BEFORE_PAST: Final = frozenset((
    "have", "has", "had", "i've", "you've", "we've", "they've", "was", "were", "been", "he", "she",
    "it", "is", "are",
))  # fmt: skip
_AFTER_LIVE: Final = frozenset((
    "in", "on", "at", "near", "here", "there", "by", "alone", "with", "under", "for", "among", "to",
    "inside", "beneath",
))  # fmt: skip
_VOICELESS: Final = frozenset("ptkfθ")
_SIBILANT: Final = frozenset("szʃʒʧʤ")
_LONGEST_SPELLED: Final = 5
_LONGEST_MUTE: Final = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A word with its phonemes, or one punctuation mark (`word` false)."""

    text: str
    phonemes: str
    word: bool = True
    emphasised: bool = False


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    with np.load(DATA, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@lru_cache(maxsize=2)
def lexicon(accent: str) -> Mapping[str, str]:
    """Word -> "default|verb|past" (the last two only where they differ) for "us" or "gb"."""
    lines = lzma.decompress(_data()[accent].tobytes()).decode().split("\n")
    pairs = (line.partition("\t") for line in lines)
    return {word: sound for word, _, sound in pairs}


@lru_cache(maxsize=1)
def _speller() -> Speller:
    arrays = _data()
    return Speller({k.removeprefix("g2p_"): v for k, v in arrays.items() if k.startswith("g2p_")})


def _variant(entry: str, before: str, after: str) -> str:
    """The reading of a homograph, by its neighbours."""
    default, verb, past = (*entry.split("|"), "", "")[:3]
    if past and before in _BEFORE_PAST:
        return past
    if verb and (before in _BEFORE_VERB or ("lˈɪv" in verb and after in _AFTER_LIVE)):
        return verb
    return default


def _find(word: str, accent: str) -> str | None:
    words = lexicon(accent)
    return words.get(word) or words.get(word.lower()) or words.get(word.capitalize())


def _inflected(word: str, accent: str) -> str | None:
    """Plural, possessive, past and -ing forms of known words."""
    if word.endswith("'s") or (word.endswith("s") and not word.endswith(("ss", "us"))):
        stem = _find(word.removesuffix("'s") if "'" in word else word[:-1], accent)
        if stem:
            stem = stem.split("|")[0]
            return stem + ("ᵻz" if stem[-1] in _SIBILANT else "s" if stem[-1] in _VOICELESS else "z")
    for suffix, restore in (("ed", ("", "e")), ("ing", ("", "e"))):
        for tail in restore:
            stem = _find(word.removesuffix(suffix) + tail, accent) if word.endswith(suffix) else None
            if stem and len(word) > len(suffix) + 2:
                stem = stem.split("|")[0]
                if suffix == "ing":
                    return stem + "ɪŋ"
                return stem + (
                    "ᵻd" if stem[-1] in "td" else "t" if stem[-1] in _VOICELESS | _SIBILANT else "d"
                )
    return None


def _compound(word: str, accent: str) -> str | None:
    """Two known words of three letters or more, the longest first part wins."""
    for cut in range(len(word) - 3, 2, -1):
        first, second = _find(word[:cut], accent), _find(word[cut:], accent)
        if first and second:
            return first.split("|")[0] + second.split("|")[0].replace("ˈ", "ˌ")
    return None


def _spelled(word: str, accent: str) -> str | None:
    """Letter by letter: short capitals ("NASA" is in the lexicon, "XQT" is not) and words without vowels."""
    acronym = word.isupper() and len(word) <= _LONGEST_SPELLED
    mute = len(word) <= _LONGEST_MUTE and not re.search(r"[aeiouy]", word.lower())
    if not (acronym or mute):
        return None
    letters = [lexicon(accent).get(c.upper(), "") for c in word if c.isalpha()]
    return "".join(letters).split("|")[0] or None


@lru_cache(maxsize=8192)
def _entry(word: str, accent: str) -> str:
    bare = word.strip("'")
    found = _find(word, accent) or _find(bare, accent)
    if not found and accent == "gb":
        american = _find(bare, "us")
        found = to_british(american) if american else None
    if not found:
        lower = bare.lower()
        found = _inflected(lower, accent) or _spelled(bare, accent) or _compound(lower, accent)
    if found:
        return found
    guess = from_arpabet(_speller()(re.sub("[^a-z]", "", bare.lower())))
    return to_british(guess) if accent == "gb" else guess


def _weak_form(word: str, next_phonemes: str) -> str | None:
    """Articles and "to", whose sound depends on the next word."""
    vowel = next_phonemes.lstrip("ˈˌ")[:1] in VOWELS
    match word.lower():
        case "the":
            return "ði" if vowel else "ðə"
        case "a":
            return "ɐ"
        case "to":
            return "tʊ" if vowel or not next_phonemes else "tə"
    return None


def _links(word: str, phonemes: str, next_phonemes: str) -> bool:
    """British linking r: a written final r is spoken before a vowel ("under a tree")."""
    vowel = next_phonemes.lstrip("ˈˌ")[:1] in VOWELS
    return vowel and word.lower().endswith(("r", "re")) and phonemes[-1:] in ("ə", "ː")


def pronounce(word: str, accent: str = "us", before: str = "", after: str = "") -> str:
    """One word's phonemes, with stress marks.

    Args:
        word: Letters and apostrophes.
        accent: "us" or "gb".
        before: The word before, lower case, for homographs.
        after: The word after, lower case.
    """
    return _variant(_entry(word, accent), before, after)


def phonemise(sentence: str, accent: str = "us") -> tuple[Piece, ...]:
    """Words and punctuation of a normalised sentence, in order.

    Args:
        sentence: As `normalise_text` or `normalise_marked` leaves it.
        accent: "us" or "gb".
    """
    tokens, stressed = _tokens(sentence)
    lower = ["", *(t.lower() for t in tokens), ""]
    sounds = [
        token if token in PUNCTUATION else pronounce(token, accent, lower[i], lower[i + 2])
        for i, token in enumerate(tokens)
    ]
    pieces: list[Piece] = []
    for i, (token, sound) in enumerate(zip(tokens, sounds, strict=True)):
        if token in PUNCTUATION:
            pieces.append(Piece(token, token, word=False))
        else:
            following = sounds[i + 1] if i + 1 < len(sounds) else ""
            linked = accent == "gb" and _links(token, sound, following)
            weak = "" if i in stressed else _weak_form(token, following)
            pieces.append(Piece(token, (weak or sound) + ("ɹ" if linked else ""), emphasised=i in stressed))
    return tuple(pieces)


def _tokens(sentence: str) -> tuple[list[str], frozenset[int]]:
    """Words and punctuation, and the places of those that are emphasised."""
    tokens, stressed, inside = list[str](), set[int](), False
    for token in _TOKENS.findall(sentence):
        if token in (BEGIN, END):
            inside = token == BEGIN
        else:
            if inside:
                stressed.add(len(tokens))
            tokens.append(token)
    return tokens, frozenset(stressed)
