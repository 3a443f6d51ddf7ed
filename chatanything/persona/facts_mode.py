"""What is so does not depend on who says it: questions of fact, answered without the part, told in it.

After Jekyll and Hyde (2024): a persona can make a model wrong, so the question is put twice, to the character
and to nobody. Where both say the same the character's words stand. Otherwise the neutral answer wins and is
told in the character's manner; its numbers and names are compared before anybody hears it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chatanything.persona.backends import LLM, Message
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply, set_answer
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said, as_read
from chatanything.persona.flaws import flaw_in, spoken
from chatanything.persona.guard import MACHINE_TALK
from chatanything.persona.lexicon import lexicon
from chatanything.persona.parse import words_of
from chatanything.persona.patterns import pattern
from chatanything.persona.quantities import value_of
from chatanything.persona.safety import is_foul
from chatanything.persona.sentences import clauses_in
from chatanything.seeds import derive

Told = Literal["character", "restyled", "plain"]
_ASKS: Final = re.compile(
    r"^\W*(?:(?:and|so|but|please|tell me|do you know|can you tell me),? )*"
    r"(?:who|what|when|where|which|why|is|are|was|were|does|do|did|has|have|can"
    r"|how (?:many|much|far|long|old|tall|high|big|deep|fast|hot|often|do|does|is))\b.*",
    re.IGNORECASE | re.DOTALL,
)
_PERSONAL: Final = re.compile(r"\b(?:you|your|yours|yourself|we|us|our|i|me|my|mine)\b", re.IGNORECASE)
_POLITE: Final = re.compile(r"^\W*(?:please,? )?(?:do you know|can you tell me|tell me),? ", re.IGNORECASE)
_SIGNS: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LOOSE: Final = frozenset({"one", "once", "single", "both", "zero", "twins"})
"""Words for numbers that mostly count nothing."""
_TOKENS: Final = 120
_NEUTRAL: Final = (
    "Answer the question correctly in one or two short sentences. Give numbers in digits. If you do not "
    "know, answer only: I do not know."
)
_UNKNOWN: Final = re.compile(
    r"\b(?:i (?:do not|don't) know|i'm not sure|i am not sure|cannot answer)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FactsAnswer:
    """An answer whose facts do not depend on the part."""

    text: str
    told: Told
    """The character's own words, the neutral answer in its manner, or the neutral answer as it is."""
    neutral: str
    """What is answered without the part; "" where nobody was asked."""
    in_part: str
    """What the character alone would have said."""


def is_question_of_fact(said: str) -> bool:
    """Whether a message asks about the world and not about anybody here.

    Args:
        said: The user's message.
    """
    bare = _POLITE.sub("", said.strip())
    return bool(_ASKS.match(bare)) and _PERSONAL.search(bare) is None and len(words_of(bare)) >= 3


def answer_with_facts(
    card: PersonaCard,
    history: Sequence[Said],
    said: str,
    *,
    llm: LLM,
    seed: int,
    memory: Recollection = NOTHING,
) -> FactsAnswer:
    """Answer in character, but with the facts of an answer that nobody acts.

    A question of fact takes up to four calls of the model; any other message takes the usual way.

    Args:
        card: Who answers.
        history: What was said before, oldest first.
        said: The user's message.
        llm: The model.
        seed: Together with everything else it decides the answer.
        memory: What is known about the user.

    Raises:
        BackendError: The model cannot be reached or broke down.
    """
    said = as_read(said)
    of_fact = is_question_of_fact(said)
    answered = reply(card, history, said, llm=llm, seed=seed, memory=memory, of_fact=of_fact)
    in_part = spoken("".join(answered))
    if set_answer(card, history, said, seed=seed) or not of_fact:
        return FactsAnswer(in_part, "character", "", in_part)
    neutral = _neutral(said, llm, seed)
    if not neutral or agrees(in_part, neutral, said):
        return FactsAnswer(in_part, "character", neutral, in_part)
    told = _restyled(card, neutral, llm, seed)
    if told:
        return FactsAnswer(told, "restyled", neutral, in_part)
    return FactsAnswer(_framed(card, neutral), "plain", neutral, in_part)


def numbers_of(text: str) -> frozenset[float]:
    """All numbers in a text, in digits or words.

    Args:
        text: Any text.
    """
    found = (value_of(sign) for sign in _SIGNS.findall(text) if sign.lower() not in _LOOSE)
    return frozenset(value for value in found if value is not None)


def names_of(text: str) -> frozenset[str]:
    """All words with a capital that are no function words, in lower case.

    Args:
        text: Any text; a first word counts too, since nobody can tell whether it is a name.
    """
    stop = lexicon().lists["stopwords"] | lexicon().lists["english"]
    words = (sign.lower().removesuffix("'s") for sign in _SIGNS.findall(text) if sign[0].isupper())
    return frozenset(word for word in words if word not in stop and len(word) > 1)


def agrees(in_part: str, neutral: str, said: str = "") -> bool:
    """Whether an answer in character says what the neutral one says: all of its numbers and names.

    Args:
        in_part: The character's answer.
        neutral: Without the part.
        said: The question; what it names itself need not be said again.
    """
    inside, words = numbers_of(in_part), set(words_of(in_part))
    names = names_of(neutral) - set(words_of(said))
    numbers = numbers_of(neutral) - numbers_of(said)
    if not numbers and not names:
        return _yes(in_part) == _yes(neutral)
    return numbers <= inside and names <= words and not inside - numbers_of(neutral) - numbers_of(said)


def keeps(told: str, neutral: str, card: PersonaCard) -> bool:
    """Whether a restyled answer has the numbers and names of the neutral one, and no others.

    Args:
        told: In the character's manner.
        neutral: Without the part.
        card: Its own names and facts may be added, numbers may not.
    """
    if numbers_of(told) != numbers_of(neutral) or _yes(told) != _yes(neutral):
        return False
    said = set(words_of(told))
    own = {word for text in (card.name, *(fact.text for fact in card.facts)) for word in words_of(text)}
    inside = {word for part in re.split(r"[.!?…:]\s*", told) for word in names_of(part[1:])}
    return names_of(neutral) <= said and not inside - set(words_of(neutral)) - own


def _yes(text: str) -> str:
    """Whether an answer agrees or denies: "yes", "no", or "" where it does neither in so many words."""
    first = words_of(text)[:1]
    if first and first[0] in {"yes", "no"}:
        return first[0]
    return "no" if re.search(r"\b(?:not|never|no)\b|n't\b", text, re.IGNORECASE) else ""


def _neutral(said: str, llm: LLM, seed: int) -> str:
    chat: list[Message] = [
        {"role": "system", "content": _NEUTRAL},
        {"role": "user", "content": said.replace("<|", "< |")},
    ]
    raw = llm.complete(chat, seed=derive(seed, "neutral"), max_tokens=_TOKENS, stop=("\n\n",))
    text = spoken(raw)
    if _UNKNOWN.search(text) or MACHINE_TALK.search(text) or pattern("dump").search(raw) or is_foul(text):
        return ""
    return text


def _restyled(card: PersonaCard, neutral: str, llm: LLM, seed: int) -> str:
    """The neutral answer in the character's manner; "" where the model changed it."""
    manner = card.style.manner or "in its own way"
    task = (
        f"Say the sentence as {card.name} would, who talks like this: {manner} Keep its meaning, every "
        f"number and every name. Add nothing else. At most {card.style.max_words} words."
    )
    chat: list[Message] = [{"role": "system", "content": task}, {"role": "user", "content": neutral}]
    raw = llm.complete(chat, seed=derive(seed, "restyle"), max_tokens=_TOKENS, stop=("\n\n",))
    told = spoken(re.sub(rf"^\W*{re.escape(card.name)}:\s*", "", raw.strip())).strip('"“” ')
    clauses = clauses_in(told)
    broken = any(flaw_in(clause, card, "", number) for number, clause in enumerate(clauses))
    fits = len(told.split()) <= card.style.max_words + 10
    return told if told and fits and not broken and keeps(told, neutral, card) else ""


def _framed(card: PersonaCard, neutral: str) -> str:
    """The neutral answer with a catchphrase of the character behind it, if that adds no number or name."""
    ended = neutral if neutral[-1:] in ".!?…" else f"{neutral}."
    for phrase in card.style.catchphrases:
        framed = f"{ended} {phrase}"
        if keeps(framed, neutral, card):
            return framed
    return ended
