"""How much of what was said was understood."""

from __future__ import annotations

import re
from typing import Final

from chatanything.voice.numbers import cardinal

_WORD: Final = re.compile(r"[a-z0-9']+")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation; a recogniser's "50" is "fifty"."""
    found = _WORD.findall(text.lower().replace("’", "'"))
    return [part for word in found for part in (cardinal(int(word)).split() if word.isdecimal() else [word])]


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Words inserted, left out or replaced, at the least (Levenshtein 1966).

    Args:
        said: What was to be understood.
        heard: What was.

    Returns:
        (errors, words said).
    """
    a, b = words_of(said), words_of(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1], len(a)
