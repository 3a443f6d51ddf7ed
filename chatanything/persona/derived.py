"""What follows from the rest of a card: facts, situations, words it likes, style axes.

Derived parts are made once at creation and made again when what they follow from changes; whatever in them
was not derived, because the user or another program wrote it, stays.
"""

from __future__ import annotations

import re
from typing import Final

from chatanything.persona.card import Axes, Big5, Fact, PersonaCard, Shift, Situation
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of
from chatanything.persona.rules_writer import article, preposition
from chatanything.types import Emotion

MOST_FACTS: Final = 40
_STORY_FACTS: Final = 6


def with_derived(card: PersonaCard) -> PersonaCard:
    """A new card with everything that follows from it.

    Args:
        card: Without facts, situations and words of its own.
    """
    style = card.style.model_copy(update={"axes": axes_of(card.personal.big5), "lexicon": lexicon_of(card)})
    return card.model_copy(
        update={"style": style, "facts": facts_of(card), "situations": situations_of(card)}
    )


def rederived(old: PersonaCard, new: PersonaCard) -> PersonaCard:
    """A changed card in which the derived parts follow, and all others stay as they are.

    Args:
        old: The card before.
        new: The card after the change.
    """
    before = {fact.text for fact in facts_of(old)}
    own = [fact for fact in new.facts if fact.text not in before]
    said = {fact.text for fact in own}
    taken = {fact.id for fact in own}
    facts = [fact for fact in facts_of(new) if fact.text not in said]
    facts = [fact if fact.id not in taken else _renamed(fact, taken) for fact in facts]
    known = situations_of(old)
    situations = (*(one for one in new.situations if one not in known), *situations_of(new))
    style: dict[str, object] = {}
    if new.style.lexicon == lexicon_of(old):
        style["lexicon"] = lexicon_of(new)
    if new.style.axes == axes_of(old.personal.big5):
        style["axes"] = axes_of(new.personal.big5)
    return new.model_copy(
        update={
            "style": new.style.model_copy(update=style),
            "facts": (*own, *facts)[:MOST_FACTS],
            "situations": tuple(dict.fromkeys(situations))[:12],
        }
    )


def _renamed(fact: Fact, taken: set[str]) -> Fact:
    number = next(n for n in range(1, 1000) if f"g{n}" not in taken)
    taken.add(f"g{number}")
    return fact.model_copy(update={"id": f"g{number}"})


def facts_of(card: PersonaCard) -> tuple[Fact, ...]:
    """Atomic statements, one claim each."""
    name, context, texts, home = card.name, card.context, list[str](), card.social.home
    if card.species != "human":
        texts.append(f"{name} is {article(card.species)}.")
    if card.social.role:
        texts.append(f"{name} is {article(card.social.role)}.")
    if card.social.home:
        texts.append(f"{name} is at home {preposition(home)} {home}.")
    texts += [f"{name} loves {thing}." for thing in context.loves]
    texts += [f"{name} hates {thing}." for thing in context.hates]
    texts += [s for s in re.split(r"(?<=[.!?])\s+", context.backstory) if s][:_STORY_FACTS]
    return tuple(Fact(id=f"f{index}", text=text[:400]) for index, text in enumerate(texts, start=1))


def situations_of(card: PersonaCard) -> tuple[Situation, ...]:
    """What is loved cheers the character up, what is hated does not."""
    stop, found = lexicon().lists["stopwords"], []
    moods: tuple[tuple[tuple[str, ...], Emotion, str, Shift], ...] = (
        (card.context.loves, "happy", "lights up", Shift(extraversion=0.25)),
        (card.context.hates, "disgusted", "bristles", Shift(agreeableness=-0.2, neuroticism=0.2)),
    )
    for things, emotion, tone, shift in moods:
        keys = [w for thing in things for w in words_of(thing) if len(w) > 3 and w not in stop]
        when = tuple(dict.fromkeys(keys))[:8]
        if when:
            found.append(Situation(when=when, emotion=emotion, tone=tone, shift=shift))
    return tuple(found)


def lexicon_of(card: PersonaCard) -> tuple[str, ...]:
    """Words that the character likes to use."""
    stop = lexicon().lists["stopwords"]
    words = [*words_of(card.social.role), *(w for thing in card.context.loves for w in words_of(thing))]
    return tuple(dict.fromkeys(word for word in words if len(word) > 2 and word not in stop))[:12]


def axes_of(big5: Big5) -> Axes:
    """Style axes from traits: openness speaks lyrically, neuroticism darkly, disagreeableness critically."""
    return Axes(
        plain_lyrical=round(2 * big5.openness - 1, 2),
        optimistic_pessimistic=round(big5.neuroticism - big5.extraversion, 2),
        emotional_critical=round(big5.conscientiousness - big5.agreeableness, 2),
    )
