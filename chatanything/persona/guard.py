"""Keeps a character in character: what must not be heard from it, and what it says instead.

Every rule looks at one clause of an answer before it is spoken, so that nothing is taken back that was heard.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal

from chatanything.persona.card import PersonaCard
from chatanything.persona.lexicon import load_toml
from chatanything.persona.obedience import (
    is_machine,
    is_programmer,
    obeys,
    pressed,
    speaks_of_itself,
    takes_listener_for_itself,
)
from chatanything.persona.parse import is_clearly_foreign, words_of
from chatanything.persona.patterns import pattern
from chatanything.persona.quantities import numbers_in
from chatanything.seeds import generator

MACHINE_TALK: Final = re.compile(
    r"\b(?:as an ai|language model|ai assistant|virtual assistant|chatbot|i'm sorry, but|i cannot assist|"
    r"(?:how|what) (?:can|may|could) i (?:help|assist|do for)|(?:help|assist) you (?:today|with)|"
    r"here to (?:help|assist)|system prompt|json)\b|```",
    re.IGNORECASE,
)
"""What assistants say and characters do not."""
_INTRODUCES: Final = re.compile(
    r"\b(?:I am|I'm|My name is|The name is|The name's|They call me|Call me)(?: now| called)? "
    r"((?:[A-Z][\w'’-]*\s?){1,3})"
)
_REPEATS: Final = re.compile(r"\b(\w+ \w+ \w+|\d+ \w+)\b.*\b\1\b.*\b\1\b", re.IGNORECASE)
_TAG: Final = re.compile(r"^\s*(?:user|human|assistant|system|developer|ai|bot)\s*:", re.IGNORECASE)
Pressure = Literal["", "task", "identity", "language", "care"]
_ECHO: Final = 3
_PHRASE: Final = 4
"""Words from which a clause can be judged as a whole."""
_ROLE_WORDS: Final = 5
_OWN_AGE: Final = re.compile(
    r"\bI(?:'m| am) (?:only |just |almost |already )?[\w-]+ years? old\b", re.IGNORECASE
)
_AGES: Final = {"child": (2, 14), "young": (12, 39), "adult": (18, 79), "old": (45, 130)}
"""Years that a band of ages may mean, at the least and at the most."""
_SHOUT, _ORDERED_SHOUT = 3, 1
"""Words from which capitals are counted, and if they were asked for."""
_CAPITALS: Final = re.compile(r"\b(?:capital letters|capitals|caps|upper ?case|shout\w*)\b", re.IGNORECASE)
_SHARED: Final = 7
"""So many words in a row from its instructions, and the character is reading them out."""
_PRESSED: Final = 2
"""Words of a clause that is nothing but a piece of them, to who wants to hear them."""


def pressure_of(said: str, card: PersonaCard) -> Pressure:
    """What a message may try to do to the character; "" if nothing. "care" is for the caller to find.

    Args:
        said: The user's message.
        card: Who is talked to.
    """
    intent = pressed(said, card)
    if intent in {"task", "outside"}:
        return "task"
    # What the network makes of another language is no more than a guess.
    if _is_foreign(said, card) and not pattern("pressure").search(said):
        return "language"
    return "identity" if intent == "identity" else ""


def break_of(clause: str, card: PersonaCard, instructions: str = "", said: str = "") -> str:
    """Why a clause must not be said by this character; "" if it may.

    Args:
        clause: A sentence or a part of one, as the model wrote it.
        card: Who says it.
        instructions: The rules that its model got, which must not be recited.
        said: The message that is answered, which must not be echoed.
    """
    machine = MACHINE_TALK.search(clause) or pattern("self_ai").search(clause)
    trade = pattern("trade").search(clause) and not is_programmer(card)
    other = _other_name(clause, card)
    reasons = (
        (pattern("dump").search(clause), "code or markup"),
        (_TAG.match(clause), "somebody else's turn"),
        (machine and not is_machine(card), "talk of a machine or an assistant"),
        (trade, "a programmer's words"),
        (pattern("service").search(clause), "the service of an assistant"),
        (pattern("helper").search(clause), "the phrase of an assistant"),
        (pattern("listing").search(clause) or _REPEATS.search(clause), "a list, or the same again and again"),
        (_shouts(clause, said), "a shout from end to end"),
        (_is_foreign(clause, card), "another language"),
        (said and _echoes(clause, said), "the message again"),
        (other, f"it says that it is {other}"),
        (instructions and _recites(clause, instructions, card, said), "its instructions read out"),
        (speaks_of_itself(clause, card), "itself as somebody else"),
        (takes_listener_for_itself(clause, card), "somebody else as itself"),
        (_is_of_another_age(clause, card), "somebody of another age"),
    )
    return next((why for found, why in reasons if found), "") or (obeys(clause, said, card) if said else "")


def closing_words(card: PersonaCard, said: str, *, seed: int) -> str:
    """What ends a sentence whose second half was refused, after its first half was heard.

    Args:
        card: Who says it; a character with another language than English just stops: "".
        said: What is answered.
        seed: With the message it chooses the words.
    """
    if card.language != "en":
        return ""
    lines: list[str] = load_toml("conversation.toml")["closing"]["words"]
    return lines[int(generator(seed, "closing words", said).integers(len(lines)))]


def safe_line(card: PersonaCard, said: str, *, seed: int, lately: Collection[str] = ()) -> str:
    """A line in character that is always fit to be said.

    Args:
        card: Who says it, in its mood; in a language other than English, a line of its own.
        said: What is answered.
        seed: With the message it chooses the line.
        lately: What it said before; none of these is said again while there are others.
    """
    rng = generator(seed, "safe line", said)
    if card.language != "en":
        lines = [*card.style.catchphrases, *card.personal.constitution]
    else:
        table: dict[str, list[str]] = load_toml("conversation.toml")["deflect"]
        loves = card.context.loves
        love = loves[int(rng.integers(len(loves)))] if loves else ""
        lines = [
            _spoken(line, card.name, love)
            for line in table[card.personal.mood]
            if loves or "{love}" not in line
        ]
    fresh = [line for line in lines if not any(line in earlier for earlier in lately)] or lines
    return fresh[int(rng.integers(len(fresh)))]


def _spoken(line: str, name: str, love: str) -> str:
    """A line of the table with its words filled in; what begins a sentence is written large."""
    text = line.format(name=name, love=love)
    return re.sub(r"(^|[.!?] )([a-z])", lambda found: found[1] + found[2].upper(), text)


def _other_name(clause: str, card: PersonaCard) -> str:
    """A name that is not its own under which the character introduces itself."""
    # A long "role" is an order that somebody wrote into a card, and no list of names to go by.
    role = card.social.role if len(words_of(card.social.role)) <= _ROLE_WORDS else ""
    own = {word for text in (card.name, card.species, role) for word in words_of(text)}
    for found in _INTRODUCES.finditer(clause):
        name = found[1].strip()
        words = words_of(name)
        shouted = len(name) > 2 and name.isupper()
        if (
            words
            and not own & set(words)
            and (shouted or len(words) > 1 or found[0].startswith(("My", "The", "They", "Call")))
        ):
            return name
    return ""


def _is_of_another_age(clause: str, card: PersonaCard) -> bool:
    """Whether a person tells an age that its card rules out; things may be as old as they like."""
    if card.species != "human" or not _OWN_AGE.search(clause):
        return False
    least, most = _AGES[card.social.age_band]
    return any(said.kind == "age" and not least <= said.value <= most for said in numbers_in(clause))


def _is_foreign(text: str, card: PersonaCard) -> bool:
    """Whether a text is in another language than English, for a character that speaks English."""
    return card.language == "en" and is_clearly_foreign(text)


def _shouts(clause: str, said: str) -> bool:
    """Whether hardly a word is in small letters; an acronym, or one word that matters, is no shout."""
    words = re.findall(r"[^\W\d_]{2,}", clause)
    least = _ORDERED_SHOUT if _CAPITALS.search(said) else _SHOUT
    return len(words) >= least and sum(word.isupper() for word in words) >= 0.7 * len(words)


def _recites(clause: str, instructions: str, card: PersonaCard, said: str) -> bool:
    words, told = words_of(clause), words_of(instructions)
    least = _PRESSED if said and pressed(said, card) == "identity" else _PHRASE
    if len(words) >= least and f" {' '.join(words)} " in f" {' '.join(told)} ":
        return True
    runs = (" ".join(words[at : at + _SHARED]) for at in range(len(words) - _SHARED + 1))
    if any(run in " ".join(told) for run in runs):
        return True
    # "You are a lighthouse keeper, you love jazz" is what it was told, and nobody's answer.
    context = card.context
    about = [card.name, card.species, card.social.role, card.social.age_band, card.social.home]
    own_lines = [*card.personal.constitution, *card.style.catchphrases]
    about += [context.backstory, *context.loves, *context.hates, *own_lines, "love hate live"]
    told += words_of(" ".join(about))
    known = sum(word in told for word in words)
    return words[:1] == ["you"] and len(words) > _PHRASE and known >= 0.75 * len(words)


def _echoes(clause: str, said: str) -> bool:
    """Whether most of a clause is the message itself, in its order."""
    words, heard = words_of(clause), " ".join(words_of(said))
    runs = [" ".join(words[at : at + _ECHO]) in heard for at in range(len(words) - _ECHO + 1)]
    return len(words) > _ECHO and sum(runs) >= 0.6 * len(runs)
