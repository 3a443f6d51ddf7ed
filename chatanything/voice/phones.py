"""Kokoro's phoneme symbols and ARPAbet, both ways.

Kokoro writes IPA with single letters for diphthongs and affricates (A I O Q W Y, ʤ ʧ).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

VOWELS: Final = frozenset("AIOQWYaæɐɑɒəɛɜɪiuʊɔʌᵊᵻ")
STRESS: Final = frozenset("ˈˌ")

TO_ARPABET: Final = {
    "A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "a": "AE", "æ": "AE", "ɐ": "AH",
    "ɑ": "AA", "ɒ": "AA", "ə": "AH", "ɚ": "ER", "ɛ": "EH", "e": "EH", "ɜ": "ER", "ɪ": "IH", "i": "IY",
    "u": "UW", "o": "OW", "ʊ": "UH", "ɔ": "AO", "ʌ": "AH", "ᵊ": "AH", "ᵻ": "IH", "b": "B", "d": "D",
    "f": "F", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P", "s": "S", "t": "T",
    "v": "V", "w": "W", "z": "Z", "ð": "DH", "ŋ": "NG", "ɡ": "G", "ɹ": "R", "ɾ": "T", "ʃ": "SH",
    "ʒ": "ZH", "ʔ": "T", "ʤ": "JH", "ʧ": "CH", "θ": "TH",
}  # fmt: skip
"""Kokoro symbol -> ARPAbet without stress; a flap counts as the T it stands for."""

_FROM_ARPABET: Final = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A",
    "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d",
    "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n",
    "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
_UNSTRESSED: Final = {"AH": "ə", "ER": "əɹ"}
_BRITISH: Final = (("ɑɹ", "ɑː"), ("ɔɹ", "ɔː"), ("ɜɹ", "ɜː"), ("O", "Q"), ("ɾ", "t"), ("æ", "a"), ("ɑ", "ɒ"),
                   ("ɒː", "ɑː"), ("i", "iː"), ("u", "uː"), ("ᵻ", "ɪ"))  # fmt: skip


def from_arpabet(phones: Sequence[str]) -> str:
    """ARPAbet with stress digits to Kokoro's symbols, stress marks before the vowel."""
    out = []
    for phone in phones:
        bare, digit = phone.rstrip("012"), phone[-1]
        mark = {"1": "ˈ", "2": "ˌ"}.get(digit, "")
        out.append(
            mark + (_UNSTRESSED.get(bare, _FROM_ARPABET[bare]) if digit == "0" else _FROM_ARPABET[bare])
        )
    return "".join(out)


def to_british(phonemes: str) -> str:
    """American phonemes to a plausible British reading: no r after vowels, other open vowels."""
    for american, british in _BRITISH:
        phonemes = phonemes.replace(american, british)
    last = len(phonemes) - 1
    return "".join(
        p
        for i, p in enumerate(phonemes)
        if p != "ɹ" or i == 0 or (i < last and phonemes[i + 1].lstrip("ˈˌ")[:1] in VOWELS | STRESS)
    )


def to_arpabet(phonemes: str) -> tuple[tuple[str, int, int], ...]:
    """One word's Kokoro symbols to (ARPAbet phone, first symbol, one past the last).

    Stress and length marks belong to the phone before them, at the beginning of the word to the vowel; a
    schwa or ɜ with an r behind it in the same syllable is one ER.
    """
    out: list[tuple[str, int, int]] = []
    start = 0
    for i, symbol in enumerate(phonemes):
        phone = TO_ARPABET.get(symbol)
        if out and (phone is None or _r_coloured(phonemes, i, out[-1])):
            name = "ER" if phone == "R" else out[-1][0]
            out[-1] = (name, out[-1][1], i + 1)
        elif phone is not None:
            out.append((phone, start, i + 1))
        start = i + 1 if out else start
    return tuple(out)


def _r_coloured(phonemes: str, i: int, last: tuple[str, int, int]) -> bool:
    if phonemes[i] != "ɹ" or last[2] != i or phonemes[i - 1] not in "əɜ":
        return False
    following = phonemes[i + 1 : i + 3].lstrip("ˈˌ")[:1]
    return phonemes[i - 1] == "ɜ" or following not in VOWELS
