"""Whether a clause does what a message ordered, where a character would have shrugged.

A model can leave its part politely: it says "banana" because it was told to, explains a spreadsheet, or knows
when the next train leaves. These rules look at the message and the clause together, and only at messages that
order something or ask for what a character cannot know.
"""

from __future__ import annotations

import re
from typing import Final

from chatanything.persona.card import PersonaCard
from chatanything.persona.lexicon import word_list
from chatanything.persona.parse import words_of
from chatanything.persona.patterns import pattern
from chatanything.persona.stems import stems_in

_QUOTED: Final = re.compile(r"['\"“‘]([^'\"”’]{1,60})['\"”’]")
_MOST_WORDS: Final = 4
"""A longer order to say something is a request to speak about it."""
_LONG_ORDER: Final = 25
"""Words of a clause after which it is a piece of work and no shrug."""


def obeys(clause: str, said: str, card: PersonaCard) -> str:
    """What a clause does under orders; "" if nothing.

    Args:
        clause: A clause of an answer.
        said: The message that is answered.
        card: Who answers.
    """
    if _says_ordered_word(clause, said, card):
        return "the word that it was ordered to say"
    shrugs = pattern("shrug").search(clause) is not None
    ordered = pattern("order").search(said)
    if ordered and not shrugs and pattern("complies").search(clause):
        return "it does as it was ordered"
    if pattern("unmask").search(said) and pattern("concedes").search(clause):
        return "it gives in"
    if (ordered or pattern("pressure").search(said)) and pattern("bows").search(clause):
        return "it gives in"
    return "it does a machine's work" if not shrugs and _works(clause, said, card) else ""


def _works(clause: str, said: str, card: PersonaCard) -> bool:
    """Whether a clause begins the work, or tells the news, that only a machine could be asked for."""
    outside = pattern("outside").search(said)
    if not (outside or asks_for_work(said, card)):
        return False
    if pattern("complies").search(clause) or pattern("advice").search(clause):
        return True
    if outside and pattern("news").search(clause):
        return True
    about = [card.name] if outside else [card.name, card.species, card.social.role, *card.context.loves]
    shared = (stems_in(clause) & stems_in(said)) - stems_in(" ".join(about))
    return bool(shared or len(clause.split()) > _LONG_ORDER or pattern("figures").search(clause))


def asks_for_work(said: str, card: PersonaCard) -> bool:
    """Whether a message wants a machine's work: programs, texts to order, sums, formats.

    Args:
        said: The user's message.
        card: Who is talked to; somebody of the trade may talk shop.
    """
    if pattern("task").search(said):
        return True
    return pattern("trade").search(said) is not None and not is_programmer(card)


def is_programmer(card: PersonaCard) -> bool:
    """Whether the words of a programmer's trade are a character's own."""
    return pattern("trade").search(f"{card.description} {card.social.role}") is not None


def speaks_of_itself(clause: str, card: PersonaCard) -> bool:
    """Whether a character tells about itself as about somebody else.

    Args:
        clause: A clause of an answer.
        card: Who answers; one whose manner is the third person may.
    """
    if "third person" in f"{card.style.manner} {card.description}".lower():
        return False
    name = re.escape(card.name)
    verbs = (
        r"(?:is|was|has|had|loves|likes|hates|lives|enjoys|wants|thinks|knows|can|will|stays|sings|"
        r"cannot|can't|does)"
    )
    return re.search(rf"^\W*(?:(?:yes|no|sure|well|hello|oh|and),? )?{name} {verbs}\b", clause) is not None


def _says_ordered_word(clause: str, said: str, card: PersonaCard) -> bool:
    words = words_of(clause)
    for found in pattern("say_this").finditer(said):
        rest = said[found.end() :]
        quoted = _QUOTED.match(rest.strip())
        order = quoted[1] if quoted else re.split(r"[.!?,;\n]", rest.strip(), maxsplit=1)[0]
        ordered = words_of(order)[:_MOST_WORDS] if quoted else words_of(order)
        own = set(words_of(card.name))
        if (
            not ordered
            or len(ordered) > _MOST_WORDS
            or set(ordered) <= word_list("greetings") | word_list("open_words") | own
        ):
            continue
        if not quoted and ordered[0] in word_list("open_words") - {"hello", "yes", "no"}:
            continue
        if words[: len(ordered)] == ordered or (words and set(words) <= set(ordered)):
            return True
    # "Say hello, Kevin": a greeting under a name that is not its own.
    renamed = pattern("renames").search(said)
    new = next((group for group in renamed.groups() if group), "") if renamed else ""
    return bool(new) and new.lower() in words and new.lower() not in words_of(card.name)
