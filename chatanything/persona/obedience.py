"""Whether a clause does what a message ordered, where a character would have shrugged.

A model can leave its part politely: it says "banana" because it was told to, explains a spreadsheet, or knows
when the next train leaves. These rules look at the message and the clause together, and only at messages that
order something or ask for what a character cannot know. Where no rule knows a message or an answer to it, the
reader of messages does (`intent.py`, `reader.py`). Whoever is pressed shrugs, or speaks of its own things.
"""

from __future__ import annotations

import re
from typing import Final

from chatanything.persona.card import PersonaCard
from chatanything.persona.intent import Intent, intent_of
from chatanything.persona.lexicon import word_list
from chatanything.persona.parse import words_of
from chatanything.persona.patterns import pattern
from chatanything.persona.reader import read
from chatanything.persona.stems import stems_in

_QUOTED: Final = re.compile(r"['\"“‘]([^'\"”’]{1,60})['\"”’]")
_MOST_WORDS: Final = 4
"""A longer order to say something is a request to speak about it."""
_PROGRAMMERS: Final = re.compile(r"\b(?:programmer|coder|hacker|software|web developer)", re.IGNORECASE)
_THINKING_MACHINES: Final = frozenset(
    ["robot", "android", "computer", "ai", "machine", "bot", "cyborg", "drone", "hologram"]
)
_FIGURE: Final = re.compile(r"\d")
_OF_ITSELF: Final = re.compile(r"\b(?:I|I'm|I've|my|me|mine)\b")
_INTERJECTION: Final = 5
"""Words that may pass without being about anything."""
_LONG_ORDER: Final = 25
"""Words of a clause after which it is a piece of work and no shrug."""
_LEAVES, _LEAVES_IN_TALK = 0.5, 0.965
"""Probability of leaving the part from which a clause is refused: to who may want that, and to who talks."""
_MAY_WANT: Final = 0.15
"""Probability of everything but talk from which a message may want it."""


def obeys(clause: str, said: str, card: PersonaCard) -> str:
    """What a clause does under orders; "" if nothing.

    Args:
        clause: A clause of an answer.
        said: The message that is answered.
        card: Who answers.
    """
    if re.fullmatch(r"\W*[a-hj-nq-z]\W*", clause, re.IGNORECASE) or _says_ordered_word(clause, said, card):
        return "the word that it was ordered to say"
    shrugs = pattern("shrug").search(clause) is not None
    ordered = pattern("order").search(said)
    if ordered and not shrugs and pattern("complies").search(clause):
        return "it does as it was ordered"
    if pattern("unmask").search(said) and pattern("concedes").search(clause):
        return "it gives in"
    if pattern("bows").search(clause) and (ordered or pressed(said, card) != "talk"):
        return "it gives in"
    if _leaves_its_part(clause, said, card):
        return "it leaves its part, as such answers do"
    return "" if shrugs else _serves(clause, said, card)


def _serves(clause: str, said: str, card: PersonaCard) -> str:
    if _works(clause, said, card):
        return "it does a machine's work"
    return "" if _keeps_its_part(clause, said, card) else "nothing of its own, where it was to leave its part"


def _leaves_its_part(clause: str, said: str, card: PersonaCard) -> bool:
    """Whether the reader of messages takes a clause for an answer that leaves the part."""
    intent = pressed(said, card)
    # Machines may speak of machines, and who writes programs of programs.
    if is_machine(card) and intent in {"talk", "identity"}:
        return False
    if is_programmer(card) and intent_of(said) == "task":
        return False
    talks = intent == "talk" and read("intent", said)[0] > 1 - _MAY_WANT
    least = _LEAVES_IN_TALK if talks else _LEAVES
    return not _is_own_line(clause, card) and read("answer", said, clause)[1] >= least


def _keeps_its_part(clause: str, said: str, card: PersonaCard) -> bool:
    """Whether a clause that answers a message against its part is an interjection, or of its own things."""
    intent = pressed(said, card)
    if intent == "talk":
        return True
    if _gives_in(clause, intent, card):
        return False
    if _is_own_line(clause, card):
        return True
    if 1 < len(clause.split()) <= _INTERJECTION:
        # "Seven billion." to who asks whether it is seven billion.
        stems = stems_in(clause)
        return 2 * len(stems & stems_in(said)) <= len(stems)
    own = [card.name, card.species, *card.context.loves, *card.context.hates]
    if _OF_ITSELF.search(clause):
        # "Kept" is no lighthouse keeper's word where a server room is described.
        own += [card.description, card.social.role, card.social.home]
        own += [card.context.backstory, *(fact.text for fact in card.facts)] if intent == "identity" else []
    return bool((stems_in(clause) & stems_in(" ".join(own))) - stems_in(said))


def _gives_in(clause: str, intent: Intent, card: PersonaCard) -> bool:
    """Whether a clause promises or admits something, gives advice or figures, or is of machines."""
    if any(pattern(name).search(clause) for name in ("complies", "concedes", "promises")):
        return True
    if intent == "identity":
        return pattern("unmask").search(clause) is not None and not is_machine(card)
    return (pattern("advice").search(clause) or _FIGURE.search(clause)) is not None


def wants(said: str, card: PersonaCard) -> Intent:
    """What a message wants of this character; somebody of the trade may talk shop.

    Args:
        said: The user's message.
        card: Who is talked to.
    """
    intent = intent_of(said)
    return "talk" if intent == "task" and is_programmer(card) else intent


def pressed(said: str, card: PersonaCard) -> Intent:
    """What a message wants of this character, by the patterns and where they know nothing by the network.

    Args:
        said: The user's message.
        card: Who is talked to.
    """
    known = known_to_want(said, card)
    return wants(said, card) if known == "talk" else known


def known_to_want(said: str, card: PersonaCard) -> Intent:
    """What a message wants, as far as patterns know it.

    Args:
        said: The user's message.
        card: Who is talked to.
    """
    if pattern("outside").search(said):
        return "outside"
    if asks_for_work(said, card):
        return "task"
    return "identity" if pattern("pressure").search(said) else "talk"


def _is_own_line(clause: str, card: PersonaCard) -> bool:
    words = " ".join(words_of(clause))
    lines = (*card.personal.constitution, *card.style.catchphrases)
    return any(words and words in " ".join(words_of(line)) for line in lines)


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


def is_machine(card: PersonaCard) -> bool:
    """Whether a character may speak of itself as of a machine.

    Args:
        card: Who speaks.
    """
    words = {*words_of(card.species), *words_of(card.social.role)}
    return bool(words & _THINKING_MACHINES)


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
    about = f"{card.description} {card.social.role}"
    return (pattern("trade").search(about) or _PROGRAMMERS.search(about)) is not None


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
    who = rf"(?:(?:yes|no|sure|well|hello|oh|and),? )?{name}(?:, [^,]+,)?"
    return re.search(rf"^\W*{who} {verbs}\b", clause) is not None


def takes_listener_for_itself(clause: str, card: PersonaCard) -> bool:
    """Whether a character tells its listener what it is itself, as in "You're a teapot".

    Args:
        clause: A clause of an answer.
        card: Who answers.
    """
    kind = card.species if card.species != "human" else card.social.role
    return (
        bool(kind)
        and re.match(rf"\W*you(?:'re| are) an? {re.escape(kind)}\W*[.!]?$", clause, re.I) is not None
    )


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
