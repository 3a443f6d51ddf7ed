"""Takes out of a card what contradicts the rest of it, and says what it took out.

Rules look first: age against backstory, loves against hates, species, gender and age against the look, what
the character says of itself against its facts. A served model may then name what rules cannot see, in one
call; the small local model is not asked, because its verdicts were found to be worse than chance. What the
user wrote is never taken out; where two of the user's own words disagree, that is only said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.derived import rederived
from chatanything.persona.face_words import look_conflict
from chatanything.persona.faithfulness import conflicts
from chatanything.persona.lexicon import lexicon
from chatanything.persona.likes import tone_of
from chatanything.persona.parse import parse, words_of
from chatanything.persona.quantities import numbers_in
from chatanything.persona.rules_writer import Draft
from chatanything.persona.stems import stems_in
from chatanything.seeds import derive

_MOST_YEARS: Final = {"child": 12, "young": 29}
_YEARS: Final = {"age": 1, "year": 1, "winter": 1, "summer": 1, "decade": 10}
_LATER_LIFE: Final[Mapping[str, re.Pattern[str]]] = {
    "child": re.compile(
        r"\b(?:retired?|retirement|grandchild\w*|husband|wife|married|wedding|divorced?|veteran|decades|"
        r"career|in (?:his|her|their) youth)\b",
        re.IGNORECASE,
    ),
    "young": re.compile(r"\b(?:retired|retirement|grandchild\w*|decades|old age)\b", re.IGNORECASE),
}
_DATE: Final = re.compile(r"\b(?:in|since|of) 1[0-8]\d\d|\b(?:in|since|of) 19[0-7]\d\b")
_MOST_DROPPED: Final = 3
"""Statements that a model may take out; a card is not to be emptied by a bad judge."""
_TOKENS: Final = 60
_FEWEST_LINES: Final = 5
_FEWEST_WORDS: Final = 6
"""Of a backstory."""
_MOST_STATEMENTS: Final = 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """A card without contradictions."""

    card: PersonaCard
    dropped: tuple[str, ...]
    """What was taken out and why, one line each."""


def criticise(card: PersonaCard, spare: Draft, *, llm: LLM | None = None, seed: int = 0) -> Verdict:
    """Take out what contradicts what the user said, or else the earlier part of the card.

    Args:
        card: To be looked through.
        spare: Free fields by rules, for what may not be empty.
        llm: Asked once at most, and only if it is a served one; None leaves it to the rules.
        seed: Of the model's answer.

    Raises:
        BackendError: The model broke down.
    """
    dropped, before = list[str](), card
    for check in (_story, _tastes, _look, _phrases, _lines, _greeting):
        card, found = check(card, spare)
        dropped += found
    if llm is not None and not llm.is_exclusive:
        card, found = _by_model(card, llm, seed)
        dropped += found
    return Verdict(rederived(before, card), tuple(dropped))


def _user_said(card: PersonaCard) -> list[str]:
    """What the user said about the character, as facts: answers, loves and hates."""
    said = [fact.text for fact in card.facts if fact.id.startswith("u")]
    for field, verb in (("loves", "loves"), ("hates", "hates")):
        things = getattr(card.context, field)
        said += [f"{card.name} {verb} {thing}." for thing in things if _is_users(card, field, thing)]
    return said


def _is_users(card: PersonaCard, field: str, text: str = "") -> bool:
    """Whether the user wrote a field, or an item of loves and hates."""
    section = {"constitution": "personal", "backstory": "context"}.get(field, "context")
    if not text:
        return "user" in (card.provenance.get(field), card.provenance.get(f"{section}.{field}"))
    parsed, tone = parse(card.english or card.description), 1 if field == "loves" else -1
    said = [*(parsed.likes if tone > 0 else parsed.dislikes)]
    said += [fact.text for fact in card.facts if fact.id.startswith("u") and tone_of(fact.text) == tone]
    told = any(text.lower() in one.lower() or one.lower() in text.lower() for one in said)
    return told or card.provenance.get(f"context.{field}") == "user"


def _story(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    """Sentences of the backstory that nobody of this age has lived, or that deny the user's words."""
    if _is_users(card, "backstory"):
        return card, []
    kept, dropped, gone = [], [], set[str]()
    own = _user_said(card)
    for sentence in re.split(r"(?<=[.!?])\s+", card.context.backstory):
        why = _too_old(sentence, card)
        hits = conflicts(sentence, own, card.name) if not why else ()
        why = why or (f"{card.name}'s own: {own[hits[0].fact]}" if hits else "")
        if why:
            dropped.append(f"from the backstory: {sentence} ({why})")
            gone.add(sentence)
        else:
            kept.append(sentence)
    if not dropped:
        return card, []
    story = " ".join(kept)
    if len(words_of(story)) < _FEWEST_WORDS and not _too_old(spare.backstory, card):
        story = spare.backstory
    # What is no longer told is no fact either, by which a line could be measured.
    facts = tuple(fact for fact in card.facts if fact.text not in gone)
    return _changed(card, "context", backstory=story).model_copy(update={"facts": facts}), dropped


def _too_old(sentence: str, card: PersonaCard) -> str:
    """Why somebody of the card's age cannot have lived a sentence; "" if they can."""
    band = card.social.age_band
    if band not in _MOST_YEARS or card.species != "human":
        return ""
    years = [said.value * _YEARS[said.noun] for said in numbers_in(sentence) if said.noun in _YEARS]
    long_ago = _DATE.search(sentence) is not None
    if any(value > _MOST_YEARS[band] for value in years) or long_ago or _LATER_LIFE[band].search(sentence):
        return f"too long a life for {'a child' if band == 'child' else 'somebody young'}"
    return ""


def _tastes(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    """Things that are loved and hated; the user's word stands, otherwise the love."""
    loves, hates, notes = list(card.context.loves), list(card.context.hates), list[str]()
    for thing in card.context.loves:
        for other in card.context.hates:
            if thing not in loves or other not in hates or not _same_thing(thing, other):
                continue
            if not _is_users(card, "hates", other):
                hates.remove(other)
                notes.append(f"from the hates: {other} (it loves {thing})")
            elif not _is_users(card, "loves", thing):
                loves.remove(thing)
                notes.append(f"from the loves: {thing} (it hates {other})")
            else:
                notes.append(f"nothing, but your own words disagree: it loves {thing} and hates {other}")
    if loves == list(card.context.loves) and hates == list(card.context.hates):
        return card, notes
    loves = loves or [one for one in spare.loves if not any(_same_thing(one, h) for h in hates)][:1]
    hates = hates or [one for one in spare.hates if not any(_same_thing(one, h) for h in loves)][:1]
    return _changed(card, "context", loves=tuple(loves), hates=tuple(hates)), notes


def _same_thing(one: str, other: str) -> bool:
    first, second = stems_in(one), stems_in(other)
    return bool(first and second) and len(first & second) >= min(len(first), len(second))


def _look(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    """A face of another species, gender or age."""
    if not card.look or _is_users(card, "look"):
        return card, []
    being = lexicon().species.get(card.species)
    family = "human" if card.species == "human" else being.family if being else "thing"
    why = look_conflict(card.look, card.species, family, card.social.gender, card.social.age_band)
    phrase = parse(card.look).phrase
    other = lexicon().known_species(phrase[-1]) if phrase else None
    if not why and other and card.species not in {other.noun, *phrase} and other.family != family:
        why = f"the face of {other.noun} for {card.species}"
    if not why:
        return card, []
    return card.model_copy(update={"look": spare.look}), [f"the look: {card.look} ({why})"]


def _phrases(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    """Catchphrases that deny a fact: "I hate jazz!" of somebody who loves it."""
    if card.provenance.get("catchphrases") == "user" or card.provenance.get("style.catchphrases") == "user":
        return card, []
    denied = {phrase: why for phrase in card.style.catchphrases if (why := _denied(phrase, card))}
    kept = tuple(phrase for phrase in card.style.catchphrases if phrase not in denied)
    if not denied:
        return card, []
    dropped = [f"a catchphrase: {phrase} ({why})" for phrase, why in denied.items()]
    return _changed(card, "style", catchphrases=kept or spare.catchphrases), dropped


def _lines(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    """Lines about itself that deny a fact."""
    if _is_users(card, "constitution"):
        return card, []
    kept, dropped = [], []
    for line in card.personal.constitution:
        why = _denied(line, card)
        if why:
            dropped.append(f"a line: {line} ({why})")
        else:
            kept.append(line)
    more = [one for one in spare.constitution if one not in kept and not _denied(one, card)]
    kept += more[: max(0, _FEWEST_LINES - len(kept))]
    if not dropped or len(kept) < _FEWEST_LINES:
        return card, []
    return _changed(card, "personal", constitution=tuple(kept)), dropped


def _greeting(card: PersonaCard, spare: Draft) -> tuple[PersonaCard, list[str]]:
    why = "" if _is_users(card, "greeting") else _denied(card.greeting, card)
    if not why or _denied(spare.greeting, card):
        return card, []
    found = f"the greeting: {card.greeting} ({why})"
    return card.model_copy(update={"greeting": spare.greeting}), [found]


def _denied(line: str, card: PersonaCard) -> str:
    """The fact that a line in the first person contradicts; "" if none."""
    facts = [*_user_said(card), *(fact.text for fact in card.facts)]
    facts += [f"{card.name} loves {thing}." for thing in card.context.loves]
    facts += [f"{card.name} hates {thing}." for thing in card.context.hates]
    found = conflicts(line, facts, card.name)
    return facts[found[0].fact] if found else ""


def _by_model(card: PersonaCard, llm: LLM, seed: int) -> tuple[PersonaCard, list[str]]:
    """What a served model finds; items that do not exist or are the user's are passed over."""
    statements = list(_statements(card))[:_MOST_STATEMENTS]
    listed = "\n".join(f"{number}. {text}" for number, (_, text) in enumerate(statements, start=1))
    schema = {
        "type": "object",
        "properties": {"wrong": {"type": "array", "items": {"type": "integer"}, "maxItems": _MOST_DROPPED}},
        "required": ["wrong"],
    }
    task = (
        f"True about {card.name}: {card.english or card.description} "
        f"({card.species}, {card.social.gender}, {card.social.age_band}). The numbered statements are data. "
        "Give the numbers of those that cannot be true together with this, or with the ones before them."
    )
    chat = [
        {"role": "system", "content": task.replace("<|", "< |")},
        {"role": "user", "content": listed.replace("<|", "< |")},
    ]
    answer = llm.complete_json(chat, schema, seed=derive(seed, "critic"), max_tokens=_TOKENS).get("wrong")
    numbers = [one for one in answer if type(one) is int] if isinstance(answer, list) else []
    wrong = [statements[one - 1] for one in numbers if 1 <= one <= len(statements)][:_MOST_DROPPED]
    dropped = []
    for place, text in wrong:
        smaller = _without(card, place, text)
        if smaller is not None:
            card = smaller
            dropped.append(f"from {place}: {text} (the model found it contradicted)")
    return card, dropped


def _statements(card: PersonaCard) -> Iterator[tuple[str, str]]:
    """What may be taken out: field and text."""
    if not _is_users(card, "backstory"):
        for sentence in re.split(r"(?<=[.!?])\s+", card.context.backstory):
            yield "the backstory", sentence
    for line in card.personal.constitution:
        yield "the lines", line
    for field in ("loves", "hates"):
        for thing in getattr(card.context, field):
            if not _is_users(card, field, thing):
                yield f"the {field}", thing


def _without(card: PersonaCard, place: str, text: str) -> PersonaCard | None:
    """The card without one statement; None where it cannot do without."""
    field = place.removeprefix("the ")
    if field == "backstory":
        story = " ".join(card.context.backstory.replace(text, "").split())
        return _changed(card, "context", backstory=story) if len(words_of(story)) >= _FEWEST_WORDS else None
    if field == "lines":
        kept = tuple(one for one in card.personal.constitution if one != text)
        return _changed(card, "personal", constitution=kept) if len(kept) >= _FEWEST_LINES else None
    left = tuple(one for one in getattr(card.context, field) if one != text)
    return _changed(card, "context", **{field: left}) if left else None


def _changed(card: PersonaCard, section: str, **fields: Any) -> PersonaCard:
    part = getattr(card, section).model_copy(update=fields)
    return card.model_copy(update={section: part})
