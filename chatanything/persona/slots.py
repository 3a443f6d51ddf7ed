"""Values that a fact and a clause can differ in: numbers, names, places, roles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from chatanything.persona.claims import Claim, cosine, light_stems
from chatanything.persona.lexicon import lexicon, load_toml, word_list
from chatanything.persona.parse import words_of
from chatanything.persona.quantities import Quantity, numbers_in, value_of
from chatanything.persona.relations import names_said, relations_in, words_for
from chatanything.persona.stems import NEGATION, stem, stems_in

_STAYS: Final = frozenset(
    [
        "live",
        "dwell",
        "home",
        "resid",
        "stay",
        "stand",
        "hang",
        "sleep",
        "haunt",
        "sit",
        "hide",
        "lie",
        "work",
    ]
)
_PASSING: Final = frozenset(["sit", "hide", "come", "came"])
"""What somebody may do anywhere."""
_ORIGINS: Final = frozenset(["born", "come", "came", "grew", "grow", "from", "rais", "made"])
_WHERE_VERB: Final = "|".join(sorted((_STAYS | _ORIGINS) - {"from"}))
_PLACE: Final = re.compile(
    rf"\b({_WHERE_VERB})(?:s|d|ed|ing)?\b(?:(?: \w+){{0,2}}?) "
    r"(?:in|at|on|by|near|under|inside|above|behind|from|to)\s+([^,.;!?]{3,60})",
    re.IGNORECASE,
)
_HAUNTS: Final = re.compile(r"\b(haunt)(?:s|ed)? ([^,.;!?]{3,60})", re.IGNORECASE)
_OTHERS_LIVE: Final = re.compile(
    r"\b(?!home\b|house\b|always\b|also\b|still\b|now\b|who\b|only\b|just\b|was\b|am\b)[a-z]{3,} $"
)
"""A word before the verb that is no "I": somebody or something else lives there."""
_FROM: Final = re.compile(r"\b(?:is|am|'m) (from) ([^,.;!?]{3,60})", re.IGNORECASE)
_SOMEWHERE: Final = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Oo]n|[Bb]y|[Nn]ear|[Uu]nder|[Ii]nside|[Aa]bove|[Bb]ehind|[Ff]rom)\s+"
    r"((?:an?|the|my|[A-Z])\w*[^,.;!?]{2,50})"
)
_PHRASE: Final = r"(?: now| still| just| only)? (?:an?|the) ((?:[\w'-]+ ?){1,5})"
_IS_A: Final = re.compile(rf"\b(?:is|was|works? as|worked as){_PHRASE}", re.IGNORECASE)
_I_AM_A: Final = re.compile(
    rf"(?:\b(?:i am|i'm|i've been|i have been|i was|i work as|i worked as)|^(?:just|only)(?= an? )){_PHRASE}",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"^\W*(?:just |only |but )*(?:an?|the) ((?:[\w'-]+ ?){1,4})", re.IGNORECASE)
"""The answer to what somebody is, without a verb."""
_MY_PLACE: Final = re.compile(
    r"\bmy (\w+) (?:is|are|stands?|lies|hangs?) (?:in|at|on|near|under|above|behind) ([^,.;!?]{3,40})",
    re.IGNORECASE,
)
_HOLDS: Final = frozenset(["pot", "vase", "cage", "tank", "bowl"])
"""Where what they hold is, they are."""
_OF_MINE: Final = re.compile(rf"\b(?:my|[A-Z]\w+'s) ([a-z]+) (?:is|was){_PHRASE}", re.IGNORECASE)
_DOES: Final = re.compile(
    r"^\S+(?: \S+)? (?:works? as|worked as|teaches|taught|makes|runs|operates|sells|repairs|mends) ",
    re.IGNORECASE,
)
_AFTER_HEAD: Final = re.compile(
    r"\s+(?:of|who|that|which|in|at|on|from|with|for|and|by|all|now|these|since)\b.*$", re.IGNORECASE
)
_OPENING_NO: Final = re.compile(r"^\W*(?:oh,? )?no, (?=i\b)", re.IGNORECASE)
"""A no to the question, and none to what follows."""
_OWN_NAME: Final = re.compile(r"\b(?:[Mm]y name is|[Cc]all me|I am called|I'm called)\s+([A-Z][\w'-]+)")
_SAME_PLACE: Final = 0.55
"""Cosine from which two phrases may name the same place."""
_SAME_ROLE: Final = 0.65
_SAME_WORK: Final = 0.25
"""Cosine below which an activity is not that of an occupation, where the occupation was asked for."""
_AGES: Final = (3, 5000)
_PAST: Final = re.compile(r"\b(?:when|before|since|until|till|at the age of)\b", re.IGNORECASE)


def other_number(fact: str, claim: Claim) -> bool:
    """Another number of the same things, another age, year, hour or rate."""
    said = _numbers(claim.text)
    if not said:
        return False
    shared = stems_in(fact, claim.own) & (claim.stems | claim.asked)
    verbs = _plain(fact) & (_plain(claim.text) | _plain(claim.question))
    for known in _numbers(fact):
        if any(known.value == one.value for one in said):
            continue
        timed = known.kind in {"year", "clock"}
        if any(_differs(known, one, claim, verbs if timed else shared) for one in said):
            return True
    return False


@lru_cache(maxsize=2048)
def _numbers(text: str) -> tuple[Quantity, ...]:
    return tuple(numbers_in(text))


@lru_cache(maxsize=2048)
def _plain(text: str) -> frozenset[str]:
    """Stems of all words but those without meaning of their own; "gets up" counts here."""
    stop = lexicon().lists["stopwords"] | lexicon().lists["english"] | lexicon().lists["talk"]
    return frozenset(stem(word) for word in words_of(text) if word not in stop and value_of(word) is None)


def _differs(known: Quantity, said: Quantity, claim: Claim, shared: frozenset[str]) -> bool:
    if known.kind == "age":
        told = said.kind == "age" and (claim.is_own or claim.asks("age"))
        answers = claim.asks("age") and said.kind in {"count", "unit"} and _AGES[0] <= said.value <= _AGES[1]
        return (told or answers) and not _PAST.search(claim.text)
    if known.kind in {"year", "clock"}:
        asked = claim.asks("moment") and bool(shared)
        return said.kind == known.kind and (asked or bool(shared))
    if known.kind == "rate":
        return said.kind == "rate" and bool(shared)
    nouns, others = {known.noun, *known.also} - {""}, {said.noun, *said.also} - {""}
    if said.kind not in {"count", "unit"} or not nouns:
        return False
    if nouns & others:
        return (
            known.kind != "unit"
            or len(shared) > 1
            or (bool(shared - {known.noun}) and (claim.asks("moment") or claim.asks("count")))
        )
    asked = bool({stem(noun) for noun in nouns} & claim.asked)
    return asked and said.kind == "count" and (claim.asks("count") or not said.noun)


def other_name(fact: str, claim: Claim) -> bool:
    """Another name of the same relation, or of the speaker himself."""
    introduced = _OWN_NAME.search(claim.text)
    if introduced and introduced[1].lower() not in claim.own:
        return bool(claim.own & set(words_of(fact)))
    said, around = dict(relations_in(claim.text, claim.own)), set(words_of(claim.text))
    for what, name in relations_in(fact, claim.own):
        same = words_for(what)
        if name in claim.text.lower():
            continue
        if same & set(said):
            return True
        asked = claim.asks("name") and same & around and not same & set(words_of(claim.question))
        if asked or _owned(same, "your", claim.question) or _owned(same, "my", claim.text):
            named = [one for one in names_said(claim.text, claim.own) if one not in claim.question.lower()]
            if named:
                return True
    return False


def _owned(words: frozenset[str], whose: str, text: str) -> bool:
    """Whether a text speaks of "my boy", where boy is one of the words."""
    return re.search(rf"\b{whose} (?:[\w-]+ ){{0,3}}(?:{'|'.join(words)})\b", text, re.IGNORECASE) is not None


def role_in(fact: str, own: frozenset[str]) -> frozenset[str]:
    """Stems of what a fact says somebody is: "Pippin is an opera singer."; none if it says something else.

    Args:
        fact: In the third person.
        own: Words of the speaker's name.
    """
    found = _IS_A.search(fact)
    return (
        stems_in(_AFTER_HEAD.sub("", found[1]), own) if found and not NEGATION.search(fact) else frozenset()
    )


def other_place(fact: str, claim: Claim) -> bool:
    """Another home or origin."""
    home = _home(fact)
    if not home or NEGATION.search(fact) or not stems_in(home[2], claim.own) - light_stems():
        return False
    dwelling = _my_dwelling().search(claim.text)
    if dwelling and home[1].lower() in _STAYS and _other_dwelling(home[2], dwelling[1]):
        return not claim.is_supposed
    mine_at = _MY_PLACE.search(claim.text)
    stands_with = mine_at is not None and (
        stem(mine_at[1].lower()) in stems_in(fact, claim.own) or mine_at[1].lower() in _HOLDS
    )
    if mine_at and stands_with:
        here = stems_in(mine_at[2], claim.own)
        return (
            bool(here) and not here & stems_in(fact, claim.own) and cosine(home[2], mine_at[2]) < _SAME_PLACE
        )
    said = _home(claim.text)
    mine = home[1].lower() in {"stand", "hang"} and re.search(
        r"\bmy \w+ $", claim.text[: said.start()] if said else ""
    )
    if said is not None and not mine and _OTHERS_LIVE.search(claim.text[: said.start()]):
        said = None
    passing = said is not None and said[1].lower() in _PASSING and said[1].lower() != home[1].lower()
    if said is not None and not passing and _verbs_like(said[1]) & _verbs_like(home[1]):
        place, start = said[2], said.start(2)
    elif claim.asks("place") and _verbs_like(home[1]) & _verbs_asked(claim.question):
        somewhere = _SOMEWHERE.search(claim.text)
        place, start = (somewhere[1], somewhere.start(1)) if somewhere else ("", 0)
    else:
        return False
    known, named = stems_in(home[2], claim.own), stems_in(place, claim.own)
    if not known or not named or known & named or NEGATION.search(_OPENING_NO.sub("", claim.text[:start])):
        return False
    return cosine(home[2], place) < _SAME_PLACE


@lru_cache(maxsize=2048)
def _home(text: str) -> re.Match[str] | None:
    return _HAUNTS.search(text) or _FROM.search(text) or _PLACE.search(text)


def _verbs_like(verb: str) -> frozenset[str]:
    """The verbs that say of a place what this one says."""
    plain = verb.lower()
    made = {"made"} if plain == "made" else _ORIGINS - {"made"}
    return frozenset(
        _STAYS - {"work"} if plain in _STAYS - {"work"} else {"work"} if plain == "work" else made
    )


def _verbs_asked(question: str) -> frozenset[str]:
    words = set(words_of(question))
    if words & {
        "lie",
        "live",
        "home",
        "stay",
        "find",
        "spend",
        "sleep",
        "stand",
        "are",
        "rest",
        "curl",
        "nest",
        "settle",
    } and not words & {"from", "born", "made"}:
        return _STAYS
    return frozenset(verb for verb in _STAYS | _ORIGINS if verb in words) | (
        _ORIGINS - {"made"} if words & {"born", "grow"} or {"from", "come"} <= words else frozenset()
    )


@lru_cache(maxsize=1)
def _my_dwelling() -> re.Pattern[str]:
    words = "|".join(load_toml("faithfulness.toml")["dwellings"].split())
    return re.compile(
        rf"\b(?:my|our) (?:(?:home|place) is (?:an? |the )?)?(?:\w+ )?({words})\b", re.IGNORECASE
    )


def _other_dwelling(home: str, said: str) -> bool:
    known = set(words_of(home)) & set(load_toml("faithfulness.toml")["dwellings"].split())
    return bool(known) and said.lower() not in known


def other_role(fact: str, claim: Claim) -> bool:
    """Another occupation, or another kind of being."""
    if NEGATION.search(claim.text) or NEGATION.search(fact):
        return False
    of_fact, of_claim = _OF_MINE.search(fact), _OF_MINE.search(claim.text)
    if of_fact or of_claim:
        same = of_fact and of_claim and of_claim[1].lower() in words_for(of_fact[1].lower())
        return bool(same) and _differ(_head(of_fact[2]), _head(of_claim[2]))  # type: ignore[index]
    named = _I_AM_A.search(claim.text)
    if named is None and not claim.before and (claim.asks("kind") or claim.asks("work")):
        named = _BARE.search(claim.text)
    role, said = _role(_IS_A.search(fact)), _role(named)
    if role and said:
        return _differ(role, said)
    works = claim.asks("work") and claim.is_own and not claim.is_supposed
    if not works or (claim.before and not said) or not _is_work(fact, role):
        return False
    about = " ".join(word for word in words_of(fact) if word not in claim.own)
    met = stems_in(fact, claim.own) & claim.stems
    return not met and cosine(about, claim.text) < _SAME_WORK


def _is_work(fact: str, role: str) -> bool:
    """Whether a fact says what somebody works as or at."""
    occupation = (
        bool(role) and role not in word_list("people") | _vague() and lexicon().known_species(role) is None
    )
    return occupation or _DOES.search(fact) is not None


def _differ(role: str, said: str) -> bool:
    if not role or not said or role in said or said in role:
        return False
    table, vague = lexicon(), _vague()
    beings = table.known_species(role), table.known_species(said)
    if all(beings):
        return beings[0] != beings[1]
    if said in word_list("people") or role in word_list("people"):
        return any(beings)
    return said not in vague and role not in vague and cosine(role, said) < _SAME_ROLE


@lru_cache(maxsize=1)
def _vague() -> frozenset[str]:
    return frozenset(load_toml("faithfulness.toml")["no_work"].split())


def _role(phrase: re.Match[str] | None) -> str:
    """The occupation or kind of being in a phrase; "" where there is none."""
    return _head(phrase[1]) if phrase else ""


def _head(phrase: str) -> str:
    words = words_of(_AFTER_HEAD.sub("", phrase))
    return next((word for word in reversed(words) if _is_role(word)), "")


def _is_role(word: str) -> bool:
    table = lexicon()
    return word in table.roles or word in table.species or word.endswith(table.role_suffixes)
