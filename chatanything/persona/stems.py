"""Words as they are compared with each other: without endings, negations and words that say nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from chatanything.persona.lexicon import lexicon, load_toml, word_list
from chatanything.persona.parse import words_of

NEGATION: Final = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|cannot|without|neither|nor|hardly|refuse[sd]?|stopped|quit)\b|n't\b",
    re.IGNORECASE,
)
_ENDINGS: Final = ("'s", "ing", "ies", "ers", "est", "ed", "er", "es", "s")


@lru_cache(maxsize=2048)
def stems_in(text: str, own: frozenset[str] = frozenset()) -> frozenset[str]:
    """The stems of a text's words of meaning.

    Args:
        text: Any text.
        own: Words to leave out, such as the speaker's name.
    """
    stop = lexicon().lists["stopwords"]
    words = (word.removesuffix("'s") for word in words_of(NEGATION.sub(" ", text)))
    return frozenset(
        stem(word)
        for word in words
        if len(word) > 2 and word not in stop and word not in own and word not in word_list("empty")
    )


def stem(word: str) -> str:
    """A word without its commonest endings, or the present of an irregular verb; only to compare words."""
    word = _irregular().get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl":
        word = word[:-1]  # "jamm" of "jammed"
    return word.rstrip("e") if len(word) > 3 else word


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    pairs = (pair.split(":", 1) for pair in load_toml("faithfulness.toml")["irregular"].split())
    return dict(pairs)
