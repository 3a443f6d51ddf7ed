"""Whether a sentence speaks of something with love or with dislike."""

from __future__ import annotations

import re
from typing import Final

from chatanything.persona.stems import NEGATION, stems_in

_LIKES: Final = re.compile(
    r"\b(?:loves?|loved|likes?|liked|adores?|enjoys?|fond of|crazy about|mad about|get enough of|favou?rite|"
    r"prefers?|treasures?|delights?|passion for|weakness for|bless|sweet\w*|joy|happier|happy|cheers?|lovely|"
    r"beautiful|wonderful|wouldn't miss|better i like|makes me smile|every time|please)\b",
    re.IGNORECASE,
)
_HATES: Final = re.compile(
    r"\b(?:hates?|hated|dislikes?|despises?|detests?|loath\w*|can't stand|cannot stand|can't bear|"
    r"cannot bear|sick of|annoy\w*|afraid of|fears?|allergic to|terrified of|scared of|nasty|awful|horrible|"
    r"dreadful|disgust\w*|ruined|take it away|boring)\b",
    re.IGNORECASE,
)
_SUPERLATIVE: Final = re.compile(
    r"\b(?:no|nothing|nobody) (?:\w+er|better|more|cheers|beats)\b", re.IGNORECASE
)
_IDIOMS: Final = ("can't", "cannot", "get enough", "wouldn't miss")
_REACH: Final = 25
"""Characters before a verb in which a negation turns it round."""


def tone_of(text: str) -> int:
    """1 for love, -1 for dislike, 0 for neither or both.

    Args:
        text: One clause.
    """
    likes, hates = _LIKES.search(text), _HATES.search(text)
    if bool(likes) is bool(hates):
        return 0
    verb = likes or hates
    assert verb is not None
    is_idiom = _SUPERLATIVE.search(text) is not None or verb.group().lower().startswith(_IDIOMS)
    before = text[max(0, verb.start() - _REACH) : verb.start()]
    flips = 0 if is_idiom else len(NEGATION.findall(before))
    return (1 if likes else -1) * (-1 if flips % 2 else 1)


def thing_of(text: str, own: frozenset[str]) -> frozenset[str]:
    """Stems of what is loved or disliked in a clause.

    Args:
        text: The clause.
        own: Words of the speaker's name.
    """
    verb = _LIKES.search(text) or _HATES.search(text)
    after = text[verb.end() :] if verb else text
    return stems_in(after, own) or stems_in(text, own)
