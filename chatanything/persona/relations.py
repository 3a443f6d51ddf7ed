"""Names in a sentence, and whose or what they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

from chatanything.persona.lexicon import lexicon, load_toml, word_list
from chatanything.persona.parse import words_of

_OF_MINE: Final = r"(?:[Mm]y|his|her|its|their|[A-ZÀ-ÖØ-Þ]\w+'s)"
_RELATIONS: Final = (
    re.compile(
        r"\b(?P<what>[a-z]+)(?:,| is| was|'s)? (?:called|named|name is|name was) "
        r"(?:the )?(?P<name>[A-ZÀ-ÖØ-Þ][\w'-]+)"
    ),
    re.compile(rf"\b{_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)(?: is| was|,)? (?P<name>[A-ZÀ-ÖØ-Þ][\w'-]+)"),
    re.compile(rf"\b(?P<name>[A-ZÀ-ÖØ-Þ][\w'-]+)(?: is| was|,) {_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)\b"),
)
"""Ways to say what somebody or something is called."""
_NO_RELATION: Final = frozenset(["called", "named", "name", "is", "was", "and", "of", "in", "at", "from"])
_INSIDE: Final = re.compile(r"(?<=[\w,;'’] )(?:the )?([A-ZÀ-ÖØ-Þ][a-z][\w'-]*)")
_ALONE: Final = re.compile(r"^\W*(?:[Jj]ust |[Oh]h, |[Tt]he )?([A-ZÀ-ÖØ-Þ][a-z][\w'-]+)(?=\W*$|,)")
_BEGINS: Final = re.compile(
    r"^\W*([A-ZÀ-ÖØ-Þ][\w'-]{2,})(?=,|\.|!|\?|$| (?:is|was|has|had|does|will|would|can|keeps?|likes?|"
    r"loves?|says|lives|"
    r"works|sits|waits|mends?|runs|sings|sleeps|comes|came|grew|and I)\b)"
)
"""A name as the subject of a clause."""


@lru_cache(maxsize=1)
def _same_relation() -> dict[str, frozenset[str]]:
    groups = [frozenset(line.split()) for line in load_toml("faithfulness.toml")["relations"]]
    words = {word for group in groups for word in group}
    return {word: frozenset().union(*(group for group in groups if word in group)) for word in words}


def words_for(what: str) -> frozenset[str]:
    """A relation and the words that mean the same: "son", "boy", "lad"."""
    return _same_relation().get(what, frozenset([what]))


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
    begins = _BEGINS.match(text)
    if alone or (begins and not _is_ordinary(begins[1])):
        found.append((alone or begins)[1])  # type: ignore[index]
    names = [name.lower().removesuffix("'s") for name in found]
    stop = lexicon().lists["stopwords"]
    return [
        one
        for one in names
        if one not in own and one not in word_list("no_names") and not set(words_of(one)) & stop
    ]


def _is_ordinary(word: str) -> bool:
    """Whether a capitalised first word is a word of the language and no name."""
    lists, plain = lexicon().lists, word.lower()
    return (
        plain in lists["stopwords"] | lists["articles"] | lists["english"] | lists["talk"] | lists["stops"]
        or plain in word_list("no_subjects")
        or lexicon().is_role(plain)
        or plain in lexicon().traits
        or (lexicon().known_species(plain) is not None)
        or plain.endswith(("ing", "ly", "ness", "ment"))
    )
