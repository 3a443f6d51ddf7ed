"""At most six questions about what a description leaves open, and what their answers decide.

The interview before the card follows the persona interviews of generative-agent work: a few plain questions
give more to say than another adjective. What is answered is the user's own and stands in the card word for
word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from chatanything.errors import UsageError
from chatanything.persona.card import Fact, PersonaCard, Shift, Situation
from chatanything.persona.lexicon import lexicon
from chatanything.persona.names import gender_of_name
from chatanything.persona.parse import words_of
from chatanything.persona.rules import Reading, age_band_of, voice_class_of
from chatanything.persona.rules_writer import said_home, said_likes
from chatanything.types import AgeBand, Gender

ANSWERS: Final = "interview"
"""Key under the card's extensions where the answers are kept, for the next time that it is written."""
MOST_QUESTIONS: Final = 6
MOST_ANSWER: Final = 200
"""Characters of one answer."""
_SPEAKS: Final = re.compile(
    r"\b(?:speaks?|talks?|whispers?|shouts?|mumbles?|stutters?|rhymes?|says|swears|lisps?|accent)\b",
    re.IGNORECASE,
)
_FEARS: Final = re.compile(r"\b(?:afraid of|fears?|scared of|terrified of|frightened of)\b", re.IGNORECASE)
_GENDERS: Final[Mapping[str, Gender]] = {
    "he": "male", "him": "male", "male": "male", "man": "male", "boy": "male", "m": "male",
    "she": "female", "her": "female", "female": "female", "woman": "female", "girl": "female", "f": "female",
    "they": "neutral", "them": "neutral", "it": "neutral", "neither": "neutral", "neutral": "neutral",
}  # fmt: skip
_SENTENCE: Final = re.compile(r"^(?:i|he|she|it|they|my|his|her|its|their)\b.*\s|[.!?]$", re.IGNORECASE)
_AFRAID: Final = Shift(extraversion=-0.3, neuroticism=0.3)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a description leaves open."""

    key: str
    text: str


_QUESTIONS: Final[Mapping[str, str]] = {
    "name": "What is the name?",
    "role": "What do they do all day?",
    "gender": "He, she or they?",
    "age": "How old?",
    "home": "Where do they live?",
    "loves": "What do they love?",
    "fears": "What are they afraid of?",
    "manner": "How do they speak?",
}
"""In the order in which they are asked."""
_FACTS: Final[Mapping[str, str]] = {
    "role": "{name}'s days are about {answer}.",
    "age": "{name}'s age: {answer}.",
    "home": "{name} lives at: {answer}.",
    "loves": "{name} loves {answer}.",
    "fears": "{name} is afraid of {answer}.",
    "manner": "{name}'s way of speaking: {answer}.",
}
KEYS: Final = tuple(_QUESTIONS)


def questions_for(reading: Reading) -> tuple[Question, ...]:
    """What to ask about a description, the most telling first, at most `MOST_QUESTIONS`.

    Args:
        reading: Of the description.
    """
    text, human = reading.parsed.text, reading.family == "human"
    words = set(words_of(reading.parsed.core))
    aged = reading.age != "adult" or any(word in lexicon().age for word in words) or re.search(r"\d", text)
    is_open = {
        "name": not reading.parsed.name and not reading.real_person,
        "role": human and not reading.role,
        "gender": human and not reading.gender_said,
        "age": human and not aged,
        "home": not said_home(reading),
        "loves": not said_likes(reading),
        "fears": not _FEARS.search(text),
        "manner": not _SPEAKS.search(text) and not any(word in lexicon().sound for word in words),
    }
    return tuple(Question(key, text) for key, text in _QUESTIONS.items() if is_open[key])[:MOST_QUESTIONS]


def clean_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Answers without empty ones, spaces and line ends made single.

    Args:
        answers: Key of a question -> what was answered.

    Raises:
        UsageError: A key that no question has, or an answer that is too long.
    """
    kept = {}
    for key, answer in answers.items():
        text = " ".join("".join(c if c.isprintable() else " " for c in answer).split())
        if key not in _QUESTIONS:
            raise UsageError(f"there is no question {key!r}", expected=", ".join(KEYS))
        if len(text) > MOST_ANSWER:
            raise UsageError(
                "an answer is too long", expected=f"at most {MOST_ANSWER} characters", got=str(len(text))
            )
        if text:
            kept[key] = text
    return {key: kept[key] for key in KEYS if key in kept}


def with_answers(reading: Reading, answers: Mapping[str, str]) -> Reading:
    """A reading in which the answers stand as if the description had said them.

    Args:
        reading: Of the description.
        answers: From `clean_answers`; one that says nothing that can be used leaves the reading alone.
    """
    parsed, changes = reading.parsed, dict[str, Any]()
    if "name" in answers:
        name = _name(answers["name"])
        parsed = replace(parsed, name=name)
        usual = gender_of_name(name)
        if not reading.gender_said and usual != "neutral":
            changes |= {"gender": usual, "gender_said": True}
    if "gender" in answers and (said := _first(answers["gender"], _GENDERS)):
        changes |= {"gender": said, "gender_said": True}
    if "age" in answers and (band := _age(answers["age"])):
        changes |= {"age": band, "voice_class": voice_class_of(reading.family, reading.species, band)}
    if "role" in answers:
        changes["role"] = _role(answers["role"])
    if "home" in answers:
        parsed = replace(parsed, home=_bare(answers["home"], r"(?:(?:they|he|she|it) lives? )?(?:in|at|on) "))
    if "loves" in answers:
        parsed = replace(parsed, likes=tuple(dict.fromkeys((*_things(answers["loves"]), *parsed.likes)))[:5])
    return replace(reading, parsed=parsed, **changes)


def finished(card: PersonaCard, answers: Mapping[str, str]) -> PersonaCard:
    """A card that holds the answers word for word, marked as the user's.

    Args:
        card: Written from `with_answers`.
        answers: From `clean_answers`.
    """
    if not answers:
        return card
    own = [
        Fact(id=f"u{number}", text=_fact(card.name, key, answer)[:400])
        for number, (key, answer) in enumerate(answers.items(), start=1)
        if key in _FACTS
    ]
    said = [fact for fact in card.facts if not any(_covers(one.text, fact.text) for one in own)]
    origins = card.provenance | {_FIELDS.get(key, key): "user" for key in answers}
    style, situations = card.style, card.situations
    if "manner" in answers:
        style = style.model_copy(update={"manner": answers["manner"]})
    if "fears" in answers:
        keys = tuple(dict.fromkeys(_keywords(answers["fears"])))[:8]
        if keys:
            afraid = Situation(when=keys, emotion="afraid", tone="shrinks back", shift=_AFRAID)
            situations = (afraid, *situations)
    update = {
        "facts": (*own, *said)[:40],
        "style": style,
        "situations": situations[:12],
        "provenance": origins,
        "extensions": {**card.extensions, ANSWERS: dict(answers)},
    }
    return card.model_copy(update=update)


_FIELDS: Final[Mapping[str, str]] = {"age": "age_band", "fears": "situations"}
"""Field that an answer decides, where it has another name."""


def _fact(name: str, key: str, answer: str) -> str:
    """The answer in a statement about the character; a whole sentence stands for itself."""
    if _SENTENCE.search(answer):
        return answer if answer[-1] in ".!?" else f"{answer}."
    if key == "age" and answer.isdigit():
        return f"{name} is {answer} years old."
    return _FACTS[key].format(name=name, answer=answer)


def _covers(own: str, other: str) -> bool:
    """Whether the user's fact already says the other one."""
    return other.rstrip(".").lower() in own.lower()


def _name(answer: str) -> str:
    name = _bare(
        answer, r"(?:(?:my|his|her|its|the|their) name is|(?:he|she|it|they)(?:'s| is| are) called) "
    )
    return name[:60].rstrip(" .,;!")


def _role(answer: str) -> str:
    """An occupation as a noun; anything else is only kept as a fact."""
    bare = _bare(answer, r"(?:(?:they|he|she|it)(?:'s| is| are)|works? as|being) (?:an? |the )?|an? |the ")
    words = words_of(bare)
    return bare.rstrip(".").lower() if 1 <= len(words) <= 4 and lexicon().is_role(words[-1]) else ""


def _age(answer: str) -> AgeBand | None:
    number = re.search(r"\d{1,4}", answer)
    if number and "old" not in words_of(re.sub(r"years? old", "", answer.lower())):
        return age_band_of(f"aged {number.group()}")
    listed = any(word in lexicon().age for word in words_of(answer))
    decade = re.search(r"\b(?:teens|twenties|thirties|forties|fifties|sixties|seventies|eighties)\b", answer)
    if listed or decade:
        return age_band_of(answer if listed else f"in their {decade.group() if decade else ''}")
    return None


def _first(answer: str, table: Mapping[str, Gender]) -> Gender | None:
    return next((table[word] for word in words_of(answer) if word in table), None)


def _things(answer: str) -> tuple[str, ...]:
    bare = _bare(answer, r"(?:they|he|she|it|i) loves? ").rstrip(".!")
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*;\s*", bare)
    return tuple(part.strip() for part in parts if 1 < len(part.strip()) <= 60)


def _bare(answer: str, start: str) -> str:
    """An answer without the words that only repeat the question."""
    return re.sub(rf"^(?:{start})", "", answer.strip(), flags=re.IGNORECASE).strip()


def _keywords(answer: str) -> list[str]:
    stop = lexicon().lists["stopwords"]
    return [word for word in words_of(answer) if len(word) > 2 and word not in stop]
