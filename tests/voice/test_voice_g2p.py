"""Pronunciation: lexicon, homographs, unknown words, ARPAbet."""

from itertools import pairwise

import pytest

from chatanything.visemes import PHONE_TO_VISEME
from chatanything.voice.backends.kokoro import VOCABULARY
from chatanything.voice.g2p import lexicon, phonemise, pronounce
from chatanything.voice.phones import TO_ARPABET, from_arpabet, to_arpabet


def _sounds(text: str, accent: str = "us") -> str:
    return " ".join(piece.phonemes for piece in phonemise(text, accent))


def test_lexicon_word_in_two_accents() -> None:
    assert pronounce("hello") == "həlˈO"
    assert pronounce("hello", "gb") == "həlˈQ"
    assert pronounce("last", "gb") != pronounce("last", "us")


def test_homographs_follow_their_neighbours() -> None:
    assert _sounds("I live here").split()[1] == "lˈɪv"
    assert _sounds("a live show").split()[1] == "lˈIv"
    assert _sounds("to record it").split()[1] != _sounds("the record").split()[1]
    assert _sounds("I have read it").split()[2] == "ɹˈɛd"


def test_weak_forms() -> None:
    assert _sounds("the apple").startswith("ði ")
    assert _sounds("the pear").startswith("ðə ")
    assert _sounds("a pear").startswith("ɐ ")


def test_british_linking_r() -> None:
    assert _sounds("under a tree", "gb").split()[0].endswith("əɹ")
    assert _sounds("under the tree", "gb").split()[0].endswith("ə")


@pytest.mark.parametrize("accent", ["us", "gb"])
@pytest.mark.parametrize(
    "word", ["zorblax", "chatanything", "gizmofied", "XQT", "hmm", "teapotkeeper", "Qi", "o'x"]
)
def test_unknown_words_get_known_phonemes(word: str, accent: str) -> None:
    sound = pronounce(word, accent)
    assert sound
    assert set(sound) <= set(VOCABULARY)
    assert to_arpabet(sound)


def test_every_lexicon_symbol_has_a_token_and_a_phone() -> None:
    for accent in ("us", "gb"):
        symbols = set("".join(lexicon(accent).values())) - set("|")
        assert symbols <= set(VOCABULARY)
        assert symbols - set("ˈˌː") <= set(TO_ARPABET)
    assert set(TO_ARPABET.values()) <= set(PHONE_TO_VISEME)


def test_arpabet_merges_marks_and_r() -> None:
    assert to_arpabet("wˈɜɹld") == (("W", 0, 2), ("ER", 2, 4), ("L", 4, 5), ("D", 5, 6))
    assert [p for p, _, _ in to_arpabet("əɹˈIv")] == ["AH", "R", "AY", "V"]
    assert [p for p, _, _ in to_arpabet("fˈɑːðə")] == ["F", "AA", "DH", "AH"]
    assert [p for p, _, _ in to_arpabet(from_arpabet(["B", "AH1", "T", "ER0"]))] == ["B", "AH", "T", "ER"]


def test_phones_cover_the_word_without_holes() -> None:
    for word in ("lighthouse", "understanding", "strengths", "extraordinary"):
        sound = pronounce(word)
        spans = to_arpabet(sound)
        assert spans[0][1] == 0
        assert spans[-1][2] == len(sound)
        assert all(a[2] == b[1] for a, b in pairwise(spans))
