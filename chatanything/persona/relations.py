"""Names in a sentence, and whose or what they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of

_OF_MINE: Final = r"(?:[Mm]y|his|her|its|their|[A-Z]\w+'s)"
_RELATIONS: Final = (
    re.compile(
        r"\b(?P<what>[a-z]+)(?:,| is| was|'s)? (?:called|named|name is|name was) "
        r"(?:the )?(?P<name>[A-Z][\w'-]+)"
    ),
    re.compile(rf"\b{_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)(?: is| was|,)? (?P<name>[A-Z][\w'-]+)"),
    re.compile(rf"\b(?P<name>[A-Z][\w'-]+)(?: is| was|,) {_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)\b"),
)
"""Ways to say what somebody or something is called."""
_NO_RELATION: Final = frozenset(["called", "named", "name", "is", "was", "and", "of", "in", "at", "from"])
_INSIDE: Final = re.compile(r"(?<=[\w,;'’] )(?:the )?([A-Z][a-z][\w'-]*)")
_ALONE: Final = re.compile(r"^\W*(?:[Jj]ust |[Oh]h, |[Tt]he )?([A-Z][a-z][\w'-]+)(?=\W*$|,)")
_NO_NAMES: Final = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "god",
        "english",
        "french",
        "german",
        "latin",
        "christmas",
        "easter",
        "yes",
        "no",
        "well",
        "oh",
        "ah",
        "sometimes",
    ]
)


def relations_in(text: str, own: Collection[str]) -> Iterator[tuple[str, str]]:
    """Pairs of relation and name in lower case: ("sister", "nora").

    Args:
        text: A statement.
        own: Words of the speaker's name, which is nobody else's.
    """
    for pattern in _RELATIONS:
        for found in pattern.finditer(text):
            what, name = found["what"].rstrip("s"), found["name"].lower().removesuffix("'s")
            if name not in own and what not in _NO_RELATION:
                yield what, name


def names_said(text: str, own: Collection[str]) -> list[str]:
    """Proper names in a clause, in lower case: capitals inside it, or a name that stands alone.

    Args:
        text: The clause.
        own: Words of the speaker's name.
    """
    found = [match[1] for match in _INSIDE.finditer(text)]
    alone = _ALONE.match(text)
    if alone:
        found.append(alone[1])
    names = [name.lower().removesuffix("'s") for name in found]
    stop = lexicon().lists["stopwords"]
    return [one for one in names if one not in own and one not in _NO_NAMES and not set(words_of(one)) & stop]
