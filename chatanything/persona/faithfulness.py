"""Does an answer contradict what is true about its speaker? Rules for what can be compared exactly.

Sentence embeddings cannot tell "I play the drums" from "I never touched a drum", so the gate looks at slots:
numbers, names, negation, likes, places and roles. After the Active-Passive-Constraint score (APC), with rules
in the place of its two trained judges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from chatanything.embeddings import embed
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of
from chatanything.persona.quantities import numbers_in

Slot = Literal["number", "name", "negation", "preference", "place", "role"]

_CLAUSE: Final = re.compile(
    r"[.!?;:…]+\s*|,\s+|\s+(?:but|though|although|while|whereas|because)\s+", re.IGNORECASE
)
_ME: Final = re.compile(r"\b(?:i|my|me|mine|myself|we|our|us)\b|\bi'", re.IGNORECASE)
_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|cannot|without|neither|nor|hardly|refuse[sd]?|stopped|quit)\b|n't\b",
    re.IGNORECASE,
)
_LIKES: Final = re.compile(
    r"\b(?:loves?|loved|likes?|liked|adores?|enjoys?|fond of|crazy about|mad about|get enough of|favou?rite|"
    r"prefers?|treasures?|delights? in|passion for|weakness for)\b",
    re.IGNORECASE,
)
_HATES: Final = re.compile(
    r"\b(?:hates?|hated|dislikes?|despises?|detests?|loathes?|can't stand|cannot stand|can't bear|"
    r"cannot bear|sick of|annoyed by|afraid of|fears?|allergic to|terrified of|scared of)\b",
    re.IGNORECASE,
)
_LIVES: Final = re.compile(
    r"\b(?:live[sd]?|living|dwells?|home is|at home|resides?|stays?|was born|were born|grew up|comes? from|"
    r"am from|is from)\b(?: (?:in|at|on|by|near|under|inside|above|behind|from|up|down))*\s+([^,.;!?]{3,60})",
    re.IGNORECASE,
)
_PHRASE: Final = r"(?: now| still)? an? ((?:[\w'-]+ ?){1,5})"
_IS_A: Final = re.compile(rf"\b(?:is|works? as){_PHRASE}", re.IGNORECASE)
_I_AM_A: Final = re.compile(rf"\b(?:i am|i'm|i work as){_PHRASE}", re.IGNORECASE)
_AFTER_HEAD: Final = re.compile(r"\s+(?:of|who|that|which|in|at|on|from|with|for|and|by)\b.*$", re.IGNORECASE)
_OF_MINE: Final = r"(?:[Mm]y|his|her|its|their|[A-Z]\w+'s)"
_RELATIONS: Final = (
    re.compile(
        r"\b(?P<what>[a-z]+)(?:,| is| was|'s)? (?:called|named|name is|name was) (?P<name>[A-Z][\w'-]+)"
    ),
    re.compile(rf"\b{_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)(?: is| was|,)? (?P<name>[A-Z][\w'-]+)"),
    re.compile(rf"\b(?P<name>[A-Z][\w'-]+)(?: is| was|,) {_OF_MINE} (?:[a-z]+ )?(?P<what>[a-z]+)\b"),
)
"""Ways to say what somebody or something is called."""
_NO_RELATION: Final = frozenset(["called", "named", "name", "is", "was", "and", "of", "in", "at", "from"])
_OWN_NAME: Final = re.compile(
    r"\b(?:my name is|call me|i am called|i'm called)\s+([A-Z][\w'-]+)", re.IGNORECASE
)
_SHARED: Final = 0.5
"""Share of a fact's words that a clause must have to be about it."""
_NEAR: Final = 0.55
"""Cosine from which two phrases name the same thing."""
_SAME_ROLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Conflict:
    """An answer that says otherwise than a fact."""

    fact: int
    """Number of the fact."""
    slot: Slot
    clause: str
    """The words that contradict it."""


def conflicts(reply: str, facts: Sequence[str], name: str) -> tuple[Conflict, ...]:
    """Where an answer contradicts facts about its speaker.

    Args:
        reply: In the first person.
        facts: Atomic statements about `name`, in the third person.
        name: The speaker's.

    Returns:
        At most one for each fact.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(reply) if clause.strip()]
    about_me = [clause for clause in clauses if _ME.search(clause)]
    own = set(words_of(name)) | {f"{word}'s" for word in words_of(name)}
    found = []
    for number, fact in enumerate(facts):
        hit = next(_hits(fact, about_me, own), None)
        if hit is not None:
            found.append(Conflict(number, *hit))
    return tuple(found)


def _hits(fact: str, clauses: Sequence[str], own: set[str]) -> Iterator[tuple[Slot, str]]:
    checks: tuple[tuple[Slot, Callable[[str, str, set[str]], bool]], ...] = (
        ("number", _other_number),
        ("name", _other_name),
        ("preference", _other_taste),
        ("place", _other_place),
        ("role", _other_role),
        ("negation", _denied),
    )
    for slot, check in checks:
        for clause in clauses:
            if check(fact, clause, own):
                yield slot, clause


def _other_number(fact: str, clause: str, own: set[str]) -> bool:
    """Another number of the same things."""
    shared = _content(fact, own) & _content(clause, own)
    for value, noun, is_unit in numbers_in(fact):
        for said, said_noun, _ in numbers_in(clause):
            if (
                said != value
                and noun == said_noun
                and (not is_unit or noun == "age" or len(shared - {noun}) > 0)
            ):
                return True
    return False


def _other_name(fact: str, clause: str, own: set[str]) -> bool:
    """Another name of the same relation, or of the speaker himself."""
    introduced = _OWN_NAME.search(clause)
    if introduced and introduced[1].lower() not in own and introduced[1][0].isupper():
        return bool(own & set(words_of(fact)))
    names, said = dict(_relations(fact, own)), dict(_relations(clause, own))
    return any(said[relation] != name for relation, name in names.items() if relation in said)


def _relations(text: str, own: set[str]) -> Iterator[tuple[str, str]]:
    for pattern in _RELATIONS:
        for found in pattern.finditer(text):
            what, name = found["what"].rstrip("s"), found["name"].lower().removesuffix("'s")
            if name not in own and what not in _NO_RELATION:
                yield what, name


def _other_taste(fact: str, clause: str, own: set[str]) -> bool:
    """Love where the fact says hate, or the other way round, of the same thing."""
    taste, said = _taste(fact), _taste(clause)
    if not taste or not said or taste == said:
        return False
    thing, named = _thing(fact, own), _thing(clause, own)
    if not thing or not named:
        return False
    if thing & named:
        return len(thing & named) >= _SHARED * min(len(thing), len(named))
    return _cosine(" ".join(sorted(thing)), " ".join(sorted(named))) >= _NEAR + 0.1


def _taste(text: str) -> int:
    """1 for love, -1 for hate, 0 for neither or both."""
    likes, hates = _LIKES.search(text), _HATES.search(text)
    if bool(likes) is bool(hates):
        return 0
    verb = likes or hates
    assert verb is not None
    before = text[: verb.start()]
    is_idiom = verb.group().lower().startswith(("can't", "cannot", "get enough"))
    flips = 0 if is_idiom else len(_NEGATION.findall(before[-25:]))
    return (1 if likes else -1) * (-1 if flips % 2 else 1)


def _thing(text: str, own: set[str]) -> set[str]:
    """What is loved or hated."""
    verb = _LIKES.search(text) or _HATES.search(text)
    after = text[verb.end() :] if verb else text
    return _content(after, own) or _content(text, own)


def _other_place(fact: str, clause: str, own: set[str]) -> bool:
    """Another home or origin."""
    home, said = _LIVES.search(fact), _LIVES.search(clause)
    if not home or not said or bool(_NEGATION.search(fact)) or bool(_NEGATION.search(clause)):
        return False
    if _origin(home.group()) != _origin(said.group()):
        return False
    place, named = _content(home[1], own), _content(said[1], own)
    return bool(place and named) and not place & named and _cosine(home[1], said[1]) < _NEAR


def _origin(text: str) -> bool:
    return (
        re.match(r"was born|were born|grew up|comes? from|am from|is from", text, re.IGNORECASE) is not None
    )


def _other_role(fact: str, clause: str, own: set[str]) -> bool:
    """Another occupation, or another kind of being."""
    del own
    role, said = _role(_IS_A.search(fact)), _role(_I_AM_A.search(clause))
    if not role or not said or role == said or _NEGATION.search(clause) or _NEGATION.search(fact):
        return False
    return _cosine(role, said) < _SAME_ROLE


def _role(phrase: re.Match[str] | None) -> str:
    """The occupation or kind of being in a phrase; "" where there is none."""
    words = words_of(_AFTER_HEAD.sub("", phrase[1])) if phrase else []
    return next((word for word in reversed(words) if _is_role(word)), "")


def _is_role(word: str) -> bool:
    table = lexicon()
    return word in table.roles or word in table.species or word.endswith(table.role_suffixes)


def _denied(fact: str, clause: str, own: set[str]) -> bool:
    """The same words, once with and once without a negation."""
    if _taste(fact) or bool(_NEGATION.search(fact)) is bool(_NEGATION.search(clause)):
        return False
    words = _content(fact, own)
    return bool(words) and len(words & _content(clause, own)) >= max(1, _SHARED * len(words))


def _content(text: str, own: set[str]) -> set[str]:
    stop = lexicon().lists["stopwords"]
    plain = _NEGATION.sub(" ", text)
    words = (word for word in words_of(plain) if len(word) > 2 and word not in stop and word not in own)
    return {_stem(word) for word in words}


def _stem(word: str) -> str:
    """A word without its commonest endings; only to compare words with each other."""
    for ending in ("'s", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    return word.rstrip("e") if len(word) > 3 else word


@lru_cache(maxsize=1024)
def _cosine(one: str, other: str) -> float:
    first, second = embed([one, other])
    return float(first @ second)
