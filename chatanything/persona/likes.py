"""Whether a sentence speaks of something with love or with dislike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from chatanything.persona.stems import NEGATION, stems_in

_LIKES: Final = re.compile(
    r"\b(?:loves?|loved|likes?|liked|adores?|adored|enjoys?|enjoyed|fond of|crazy about|mad about|"
    r"keen on|get enough of|"
    r"favou?rites?|prefers?|treasures?|cherish\w*|delights?|delightful|passion for|weakness for|soft "
    r"spot for|devoted to|"
    r"bless|sweet\w*|joy|happier|happy|happiest|cheers?|lovely|beautiful|wonderful|splendid|marvellous|brilliant|"
    r"delicious|thrill\w*|can't wait|looks? forward|wouldn't miss|better i like|makes me smile|every time|"
    r"yes,? please|yes,? please|please!|please do|my thing|gladly)\b",
    re.IGNORECASE,
)
_HATES: Final = re.compile(
    r"\b(?:hates?|hated|dislikes?|disliked|despises?|despised|detests?|loath\w*|can't stand|cannot "
    r"stand|can't bear|"
    r"cannot bear|can't abide|sick of|tired of|fed up|annoy\w*|irritat\w*|afraid of|fears?|"
    r"frightened of|allergic to|"
    r"terrified of|terrif\w*|scared of|scares? me|nasty|awful|horrible|terrible|dreadful|disgust\w*|"
    r"revolting|vile|ruins?|"
    r"ruined|take it away|boring|bores?|bored|spare me|do without|could live without|makes me (?:ill|"
    r"sick|shudder)|"
    r"not for me|not my thing|enemy|enemies)\b",
    re.IGNORECASE,
)
_SUPERLATIVE: Final = re.compile(
    r"\b(?:no|nothing|nobody) (?:\w+er|better|more|cheers|beats)\b", re.IGNORECASE
)
_IDIOMS: Final = ("can't", "cannot", "get enough", "wouldn't miss", "not ")
_REACH: Final = 25
"""Characters before a verb in which a negation turns it round."""


@lru_cache(maxsize=2048)
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


def things_of(text: str, own: frozenset[str]) -> str:
    """What is loved or disliked in a fact, as it is written; "" where the verb ends it.

    Args:
        text: The fact.
        own: Words of the speaker's name.
    """
    verb = _LIKES.search(text) or _HATES.search(text)
    after = text[verb.end() :].strip(" .!") if verb else ""
    return after if stems_in(after, own) else ""
