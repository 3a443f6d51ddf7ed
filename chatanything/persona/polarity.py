"""Whether a clause turns a fact round: denied, liked instead of hated, or in a state that excludes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from chatanything.persona.claims import Claim, core_of, cosine, light_stems, share_said
from chatanything.persona.lexicon import load_toml
from chatanything.persona.likes import thing_of, things_of, tone_of
from chatanything.persona.parse import words_of
from chatanything.persona.relations import relations_in
from chatanything.persona.stems import NEGATION, stem, stems_in

_SHARED: Final = 0.5
"""Share of a fact's words that a clause must have to be about it."""
_SAME_THING: Final = 0.45
"""Cosine from which what is liked is what the fact says is hated."""
_FEW: Final = 3
_ABOUT: Final = 0.25
"""Cosine below which the words of a clause are not compared one by one, which takes time."""
_AMOUNT: Final = re.compile(
    r"^\W*(?:one|two|three|four|five|six|seven|eight|nine|ten|many|several|hundreds|plenty|\d+)\b",
    re.IGNORECASE,
)
_SUPERLATIVE: Final = re.compile(
    r"\b(?:nothing|nobody|no \w+)\b.*\b(?:like|than|better|more|as)\b", re.IGNORECASE
)
_IT: Final = re.compile(
    r"\bI(?:'ve| have| can| could| always| often)* (\w+) (?:it|them|this|that|him|her|one)\b", re.IGNORECASE
)
_NOT_A: Final = re.compile(r"^\W*(?:and |but )?(?:not|no|never) (?:an?|the|one|any)\b", re.IGNORECASE)
_THAT: Final = re.compile(r"\b(?:it|them|they|that|those|these|one|him|her)\b", re.IGNORECASE)
_YES: Final = re.compile(
    r"^\W*(?:oh |well |but )?(?:yes|yeah|yep|aye|of course|sure|certainly|indeed|absolutely|"
    r"naturally|gladly|always|"
    r"with pleasure|all the time|every (?:day|week|morning|night|year))\b(?! not)",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"^\W*(?:oh |well |but )?(?:no|nope|nay|never|not at all|certainly not|of course not|god "
    r"forbid)\b(?! doubt| wonder| problem)",
    re.IGNORECASE,
)
_YES_NO: Final = re.compile(
    r"^(?:(?:and|so|tell me|but|ah|oh|well),? )?(?:are|do|did|have|can|could|will|is|were|was) "
    r"(?:you|there)\b(?! (?:not|never))",
    re.IGNORECASE,
)


def other_taste(fact: str, claim: Claim) -> bool:
    """Love where the fact says hate, or the other way round, of the same thing."""
    taste, said = tone_of(fact), tone_of(claim.text)
    if not taste or not said or taste == said:
        return False
    thing = thing_of(fact, claim.own)
    around = claim.stems | claim.asked
    if _THAT.search(claim.text) or len(claim.stems) <= 2:
        around |= stems_in(claim.before, claim.own)
    if thing & around:
        return True
    meant = things_of(fact, claim.own)
    return (
        bool(meant)
        and claim.is_own
        and max(cosine(meant, claim.text), cosine(meant, claim.question)) >= _SAME_THING
    )


def denied(fact: str, claim: Claim) -> bool:
    """The same words, once with and once without a negation."""
    denies = NEGATION.search(fact) is not None
    if tone_of(fact) or any(relations_in(fact, claim.own)):
        return False
    core = core_of(fact, claim.own)
    stems = frozenset(stem(word) for word in core)
    light = stems_in(fact, claim.own) & light_stems()
    for text in claim.text.split(","):
        part = Claim(text, claim.question, claim.before, claim.own)
        turned = part.denies is not denies
        asserts = (
            part.is_own
            or (claim.is_own and _NOT_A.match(text))
            or (denies and claim.question and _AMOUNT.match(text))
        )
        if not turned or part.is_supposed or not asserts or _SUPERLATIVE.search(text):
            continue
        said, here = part.stems | claim.asked, stems & part.stems
        enough = len(stems & said) > _SHARED * len(stems) or (
            len(stems & part.stems) >= _SHARED * len(stems) and (not denies or _does_it(core, text))
        )
        if here and enough and (not denies or len(stems) > 1 or not light or light & said):
            return True
        # Other words for the same are believed only where the fact itself is a denial.
        near = denies and 0 < len(core) <= _FEW and cosine(" ".join(core), claim.text) >= _ABOUT
        if near and share_said(fact, core_of(text, claim.own), claim.own) > _SHARED:
            return True
    return False


def _does_it(core: tuple[str, ...], text: str) -> bool:
    """Whether somebody does to "it" what a fact denies ("cannot taste food": "I tasted it myself")."""
    done = _IT.search(text)
    return bool(core) and done is not None and stem(done[1]) == stem(core[0])


def yes_or_no(fact: str, claim: Claim) -> bool:
    """A "yes" where the fact says no, or the other way round, to a question about it."""
    if not claim.question or claim.before or not _YES_NO.search(claim.question):
        return False
    says_yes, says_no = _YES.search(claim.text), _NO.search(claim.text)
    core = frozenset(stem(word) for word in core_of(fact, claim.own))
    if NEGATION.search(claim.question) or not core or len(core & claim.asked) <= _SHARED * len(core):
        return False
    is_denial = NEGATION.search(fact) is not None or tone_of(fact) < 0
    return bool(says_yes and is_denial) or bool(says_no and not is_denial)


def excluded(fact: str, claim: Claim) -> bool:
    """A state that cannot be that of the fact, such as a wife of somebody divorced."""
    for state in _states_of(fact):
        answers = "answering" not in state or (
            bool(claim.question) and state["answering"].search(f"{claim.question} {claim.text}")
        )
        free = "unless" in state and state["unless"].search(claim.text)
        if answers and not free and not claim.is_supposed and state["denies"].search(claim.text):
            return True
    return False


def other_value(fact: str, claim: Claim) -> bool:
    """Another value of something that has only one: the time of day, a colour, a material."""
    own = claim.is_own or claim.answers_about_itself
    if not _values_of(fact) or NEGATION.search(fact) or claim.is_supposed or not own:
        return False
    kept = [part for part in claim.text.split(",") if not NEGATION.search(part)]
    said = words_of(" ".join(kept))
    for values, mine in _values_of(fact):
        theirs = {values[word] for word in said if word in values}
        if not theirs or mine & theirs:
            continue
        about = {stem(word) for word in core_of(fact, claim.own) if word not in values}
        if not about or about & (claim.stems | claim.asked):
            return True
    return False


@lru_cache(maxsize=512)
def _states_of(fact: str) -> tuple[Mapping[str, re.Pattern[str]], ...]:
    return tuple(state for state in _states() if state["is"].search(fact))


@lru_cache(maxsize=1)
def _states() -> tuple[Mapping[str, re.Pattern[str]], ...]:
    table: list[dict[str, Any]] = load_toml("faithfulness.toml")["state"]
    return tuple({key: re.compile(text, re.IGNORECASE) for key, text in one.items()} for one in table)


@lru_cache(maxsize=512)
def _values_of(fact: str) -> tuple[tuple[Mapping[str, int], frozenset[int]], ...]:
    """The groups of which a fact has a value, with that value."""
    words = words_of(fact)
    pairs = ((values, frozenset(values[word] for word in words if word in values)) for values in _only_one())
    return tuple((values, mine) for values, mine in pairs if mine)


@lru_cache(maxsize=1)
def _only_one() -> tuple[Mapping[str, int], ...]:
    groups: dict[str, list[str]] = load_toml("faithfulness.toml")["only_one"]
    return tuple(
        {word: at for at, line in enumerate(lines) for word in line.split()} for lines in groups.values()
    )
