"""A complete card without any model: facts by rules, sentences from a grammar, choices by the seed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from chatanything.persona.lexicon import lexicon
from chatanything.persona.names import grammar, pick_names
from chatanything.persona.rules import Reading
from chatanything.seeds import generator

NOTE: Final = (
    "Written by rules, without a language model; `--llm local` or an endpoint gives richer characters."
)
_THEM: Final = {"male": "him", "female": "her", "neutral": "them"}
_HIGH, _LOW = 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Draft:
    """The free fields of a card: what a language model may write and rules otherwise fill."""

    name: str
    backstory: str
    greeting: str
    manner: str
    constitution: tuple[str, ...]
    loves: tuple[str, ...]
    hates: tuple[str, ...]
    catchphrases: tuple[str, ...]
    routine: str
    look: str
    home: str
    values: tuple[str, ...]
    turn: str
    """The turning point of the backstory, one sentence."""


def draft_by_rules(reading: Reading, seed: int, *, name: str = "") -> Draft:
    """Write every free field from the grammar.

    Args:
        reading: The description's facts.
        seed: The same reading and seed give the same draft.
        name: A name that is already decided.
    """
    # The words too: a cast that is made with one seed must not share its names.
    rng = generator(seed, "rules-writer", reading.parsed.text)
    drawn = pick_names(reading.gender, reading.family, rng, 1)[0]
    words = _slots(reading, name or reading.parsed.name or drawn, rng)
    lines, mood = grammar(), reading.mood

    def say(section: str, key: str) -> str:
        return _fill(_pick(_of(lines[section], key), rng), words)

    people = _people(reading)
    origins = _of(lines["origins"], "child" if people == "child" else reading.family)
    if people == "other":
        origins = [*origins, *lines["origins"]["other"]]
    origin = _fill(_pick(origins, rng), words)
    turn = say("turns", mood)
    story = " ".join([origin, turn, _fill(_pick(lines["passions"]["lines"], rng), words)])
    hello = say("hello", mood)
    return Draft(
        name=words["n"],
        backstory=story,
        greeting=f"{hello} {_introduction(reading, words, rng)}",
        manner=_pick(lines["manner"][mood], rng),
        constitution=_constitution(reading, words, generator(seed, "constitution", reading.parsed.text)),
        loves=_likes(said_likes(reading), words["loves"]),
        hates=_likes(reading.parsed.dislikes, words["hates"]),
        catchphrases=(say("catchphrase", mood),),
        routine=say("routine", people),
        look=_look(reading, words),
        home=words["home"],
        values=_values(reading),
        turn=turn,
    )


def _people(reading: Reading) -> str:
    """Whose life it leads: that of a person, a child, or anything else."""
    if reading.family != "human":
        return "other"
    return "child" if reading.age == "child" else "human"


def _introduction(reading: Reading, words: Mapping[str, Any], rng: np.random.Generator) -> str:
    """Who it is, what the description says of nobody else, and a word to the visitor."""
    lines = grammar()
    people = "human" if reading.family == "human" else "other"
    # Of another language's words the rules know neither what they mean nor where they end.
    told = bool(reading.role) and reading.parsed.english
    identity = _pick(lines["identity"]["plain" if people == "human" and not told else people], rng)
    verb, trade = words["deed"].partition(" ")[0][:4], reading.role.rpartition(" ")[2]
    # "An opera singer. I sing opera." says it twice.
    own = words["dream"] if not verb or trade.startswith(verb) else words["deed"]
    # What it loves and hates is worth a word to a stranger where somebody said so.
    drawn = [
        mark
        for mark, said in (("{love}", said_likes(reading)), ("{hate}", reading.parsed.dislikes))
        if not said
    ]
    closings = [
        line for line in _of(lines["closing"], reading.mood) if not any(mark in line for mark in drawn)
    ]
    parts = [identity, *([f"I {own}."] if own else []), _pick(closings, rng)]
    return " ".join(_fill(part, words) for part in parts)


def said_likes(reading: Reading) -> tuple[str, ...]:
    """What the description says the character loves; an opera singer loves opera."""
    thing, _, doer = reading.role.rpartition(" ")
    practised = (thing,) if thing and doer in {"singer", "player"} else ()
    return tuple(dict.fromkeys([*reading.parsed.likes, *practised]))[:5]


def said_home(reading: Reading) -> str:
    """Where the description says the character is at home; a lighthouse keeper lives in the lighthouse."""
    dwellings, home = lexicon().lists["dwellings"], reading.parsed.home
    if home and home not in dwellings:
        return home
    # "A sailor on the sea" says it without the article.
    dwelling = home or next((word for word in reading.parsed.phrase[:-1] if word in dwellings), "")
    return f"the {dwelling}" if dwelling else ""


def article(noun: str) -> str:
    """The noun with "a" or "an"."""
    vowel = noun[:1].lower() in "aeiou" and not noun.lower().startswith(("uni", "use", "eu", "one"))
    return f"{'an' if vowel else 'a'} {noun}"


def _slots(reading: Reading, name: str, rng: np.random.Generator) -> dict[str, Any]:
    lines = grammar()
    homes = lines["homes"][reading.family]
    said = said_likes(reading)
    loves = [str(x) for x in rng.permutation(lines["loves"][reading.family])]
    hates = [str(x) for x in rng.permutation(lines["hates"][reading.family])]
    role = article(reading.role) if reading.role else article(reading.species)
    home = said_home(reading) or _pick(homes, rng)
    return {
        "n": name,
        "s": reading.species,
        "a_s": article(reading.species),
        "r": role,
        "role_or_work": f"the work of {role}" if reading.role else "a little work and a long walk",
        "them": _THEM[reading.gender],
        "dream": reading.parsed.dream,
        "deed": reading.parsed.deed,
        "home": home,
        "in_home": f"{preposition(home)} {home}",
        "love": (said or tuple(loves))[0],
        "hate": (reading.parsed.dislikes or tuple(hates))[0],
        "loves": loves,
        "hates": hates,
    }


def preposition(home: str) -> str:
    """The word before a place: on the top branch, at the end of the wall, in a teacup.

    Args:
        home: The place.
    """
    head = (
        re.split(r" (?:of|in|with|that|behind|above|under|by|without) ", home)[0].rpartition(" ")[2].lower()
    )
    lists = lexicon().lists
    return "on" if head in lists["on_places"] else "at" if head in lists["at_places"] else "in"


def _likes(said: Sequence[str], drawn: Sequence[str]) -> tuple[str, ...]:
    """What the user said first, then enough of our own to make three."""
    return tuple(dict.fromkeys([*said, *drawn]))[: max(3, len(said))][:5]


def _poles(reading: Reading) -> list[str]:
    """Marked traits as "extraversion_low", the most marked first."""
    marked = sorted(reading.big5.items(), key=lambda item: -abs(item[1] - 0.5))
    return [
        f"{trait}_{'high' if value > 0.5 else 'low'}"
        for trait, value in marked
        if value >= _HIGH or value <= _LOW
    ]


def _constitution(reading: Reading, words: Mapping[str, Any], rng: np.random.Generator) -> tuple[str, ...]:
    lines = grammar()["constitution"]
    keys = [key for key in ("deed", "dream") if words[key]]
    keys += _poles(reading)[:4]
    keys += ["love", "hate"]
    if reading.role:
        keys.append("role")
    if reading.family != "human":
        keys.append("species")
    keys += ["honest", "gentle", "openness_high"]
    chosen = list(dict.fromkeys(keys))[:7]
    return tuple(_fill(_pick(lines[key], rng), words) for key in chosen)


def _values(reading: Reading) -> tuple[str, ...]:
    table = grammar()["values"]
    found = [table[pole] for pole in _poles(reading) if pole in table]
    return tuple(dict.fromkeys([*found, "honesty", "curiosity"]))[:5]


def _look(reading: Reading, words: Mapping[str, Any]) -> str:
    look = grammar()["look"]
    person = {"male": "man", "female": "woman", "neutral": "person"}[reading.gender]
    if reading.age == "child":
        person = {"male": "boy", "female": "girl", "neutral": "child"}[reading.gender]
    band = {"old": "old ", "young": "young ", "adult": "", "child": ""}[reading.age]
    parts = {
        "a_age_gender": article(band + person),
        "age": look["age"][reading.age],
        "mood": look["mood"][reading.mood],
    }
    return _sentence(_fill(_of(look["family"], reading.family)[0], {**words, **parts}))


def _of(section: Mapping[str, Any], key: str) -> list[str]:
    """The lines of a mood or family; families without their own share "other"."""
    return list(section[key] if key in section else section["other"])


def _pick(lines: Sequence[str], rng: np.random.Generator) -> str:
    return lines[int(rng.integers(len(lines)))]


def _fill(line: str, words: Mapping[str, Any]) -> str:
    return line.format(**words)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
