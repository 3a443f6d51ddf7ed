"""From a description to a persona card: rules read the facts, a language model writes, rules check."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chatanything.persona import rules_writer
from chatanything.persona.assemble import build_card
from chatanything.persona.backends import LLM
from chatanything.persona.card import Origin, PersonaCard
from chatanything.persona.checks import check_fields
from chatanything.persona.critic import Verdict, criticise
from chatanything.persona.greeting import greet, own_words
from chatanything.persona.hero import called, under_one_name
from chatanything.persona.interview import clean_answers, finished, with_answers
from chatanything.persona.names import pick_names
from chatanything.persona.parse import clean_description, looks_english, readable
from chatanything.persona.prompt import FIELDS, messages, schema, translation
from chatanything.persona.rules import Reading, read_description
from chatanything.persona.rules_writer import Draft, draft_by_rules, said_likes
from chatanything.progress import Progress, silent
from chatanything.seeds import derive, generator

MAX_TOKENS: Final = 420
RETRY_TOKENS: Final = 180
_WORTH_A_RETRY: Final = frozenset({"backstory"})
"""A second call costs half of the first, so only the field that carries the character is asked for again;
the others are filled by rules at once."""
_LANGUAGES: Final = {
    "english": "en", "spanish": "es", "french": "fr", "german": "de", "hindi": "hi",
    "italian": "it", "japanese": "ja", "portuguese": "pt", "chinese": "zh",
}  # fmt: skip
_SPEAKS: Final = re.compile(
    rf"\b(?:answers?|replies|speaks? only|talks? only|writes?)(?: only)?(?: in)? ({'|'.join(_LANGUAGES)})\b",
    re.IGNORECASE,
)


def write_card(
    description: str,
    *,
    llm: LLM | None,
    seed: int,
    answers: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> PersonaCard:
    """A complete persona card for a description.

    Rules decide gender, age, species, sound and Big Five; the model writes name, story and speech under a
    JSON schema. Every field is checked, the ones that carry the character are asked for once more when
    refused, and rules fill what is still missing; a critic takes out what contradicts the rest. `provenance`
    tells who wrote what, `note` what was taken out.

    Args:
        description: The user's words, at most 2,000 characters; emoji alone are read by their names.
        llm: The model, or None to work by rules alone.
        seed: The same description, answers, seed and model give the same card.
        answers: To the questions of `interview.questions_for`, by their keys; they stand word for word.
        progress: Told about every call of the model.

    Raises:
        UsageError: The description is empty, too long, or has no words, or an answer cannot be used.
        BackendError: The model broke down.
        WeightsError: The embedding model is needed and cannot be had.
    """
    clean, answered = clean_description(description), clean_answers(answers or {})
    english = _english(clean, llm, seed, progress)
    reading = with_answers(_read(clean, english, seed), answered)
    language = _language(english)
    written: dict[str, Any] = {}
    if llm is not None:
        written = _ask(llm, reading, english, language, seed, progress)
    draft, provenance = _merge(reading, written, seed)
    card = build_card(
        clean,
        reading,
        draft,
        provenance,
        seed=seed,
        english=english if english != clean else "",
        language=language if llm is not None else "en",
        note=_note(clean, english, reading, llm),
    )
    card = finished(card, answered)
    # The small model in this process greets as its examples do, so the rules greet for it.
    if llm is not None and not llm.is_exclusive:
        card = _greeting(card, reading, llm, language, seed)
    verdict = criticise(card, draft_by_rules(reading, seed, name=card.name), llm=llm, seed=seed)
    progress("persona", 1, 1, f"{card.name}, {card.species}")
    return _noted(verdict)


def _greeting(card: PersonaCard, reading: Reading, llm: LLM, language: str, seed: int) -> PersonaCard:
    """The card with the model's greeting, if it has one that is more its own than that of the rules."""
    said = greet(card, reading, llm, seed=seed, language=_spoken(language))
    if not said or own_words(said, card) < own_words(card.greeting, card):
        return card
    return card.model_copy(update={"greeting": said, "provenance": {**card.provenance, "greeting": "llm"}})


def _spoken(language: str) -> str:
    return next(word for word, code in _LANGUAGES.items() if code == language).capitalize()


def _noted(verdict: Verdict) -> PersonaCard:
    """The card with what the critic took out in its note."""
    if not verdict.dropped:
        return verdict.card
    notes = [verdict.card.note] if verdict.card.note else []
    return verdict.card.model_copy(
        update={"note": " ".join([*notes, f"Left out {'; '.join(verdict.dropped)}."])}
    )


def _english(clean: str, llm: LLM | None, seed: int, progress: Progress) -> str:
    """The description in English: itself, the names of its emoji, or the model's translation."""
    text = readable(clean)
    if looks_english(text) or llm is None:
        return text
    progress("persona", 0, 1, "translating the description")
    answer = llm.complete(translation(text), seed=derive(seed, "translation"), max_tokens=200)
    line = answer.strip().splitlines()[0].strip().strip("\"'“”«»") if answer.strip() else ""
    return line if 3 <= len(line) <= 3 * len(text) + 60 and looks_english(line) else text


def _read(clean: str, english: str, seed: int) -> Reading:
    """The facts of the English words, and what only the user's own language says: "ein Lehrer" is a man."""
    reading = read_description(english, seed=seed)
    if english == clean or reading.gender_said or reading.family != "human":
        return reading
    own = read_description(clean, seed=seed)
    return replace(reading, gender=own.gender, gender_said=True) if own.gender_said else reading


def _language(english: str) -> str:
    match = _SPEAKS.search(english)
    return _LANGUAGES[match[1].lower()] if match else "en"


def _ask(
    llm: LLM, reading: Reading, description: str, language: str, seed: int, progress: Progress
) -> dict[str, Any]:
    """Ask once for everything, and once more for the story if it was refused."""
    spoken = _spoken(language)
    names = pick_names(reading.gender, reading.family, generator(seed, "name-ideas", description), 2)
    draft = draft_by_rules(reading, seed, name=names[0])
    chat = messages(reading, description, draft, names=names, language=spoken)
    progress("persona", 0, 1, f"asking {llm.name}")
    raw = llm.complete_json(chat, schema(), seed=derive(seed, "card"), max_tokens=MAX_TOKENS)
    good, bad = check_fields(raw, reading)
    again = [field for field in FIELDS if field in bad and field in _WORTH_A_RETRY]
    if again:
        progress("persona", 0, 1, "asking again for " + ", ".join(f"{f} ({bad[f]})" for f in again))
        raw = llm.complete_json(chat, schema(again), seed=derive(seed, "again"), max_tokens=RETRY_TOKENS)
        better, _ = check_fields(raw, reading)
        good.update({field: better[field] for field in again if field in better})
    return _without_strangers(good, called(reading.parsed.name or good.get("name", "")), names)


def _without_strangers(good: dict[str, Any], own: str, offered: Sequence[str]) -> dict[str, Any]:
    """Fields without the names that only the prompt knows, which a small model takes for somebody's."""
    strangers = {name for name in offered if name not in own.split()}
    if own and "backstory" in good:
        good["backstory"] = under_one_name(good["backstory"], own, offered)
    for field in ("lines", "loves", "hates"):
        kept = tuple(one for one in good.get(field, ()) if not _names_one(one, strangers))
        if kept:
            good[field] = kept
        else:
            good.pop(field, None)
    return good


def _names_one(text: str, names: Collection[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)


def _merge(reading: Reading, written: Mapping[str, Any], seed: int) -> tuple[Draft, dict[str, Origin]]:
    """The model's fields over the rules' draft; what the user said stands first."""
    name = reading.parsed.name or written.get("name", "")
    draft = draft_by_rules(reading, seed, name=name)
    origins: dict[str, Origin] = dict.fromkeys(
        ("backstory", "greeting", "manner", "constitution", "loves", "hates", "catchphrases", "look"), "rule"
    )
    origins["name"] = "user" if reading.parsed.name else "llm" if written.get("name") else "rule"
    changes: dict[str, Any] = {k: written[k] for k in ("backstory", "manner", "look") if k in written}
    if "catchphrase" in written:
        changes["catchphrases"] = (written["catchphrase"],)
    if "lines" in written:
        said = [words for words in (reading.parsed.deed, reading.parsed.dream) if words]
        own = [line for line in draft.constitution if any(words in line for words in said)]
        changes["constitution"] = tuple(dict.fromkeys([*own, *written["lines"], *draft.constitution]))[:8]
    likes = {"loves": said_likes(reading), "hates": reading.parsed.dislikes}
    for field, first in likes.items():
        if field in written:
            changes[field] = _after(first, (*written[field], *getattr(draft, field)))
        if first:
            origins[field] = "user"
    origins.update({field: "llm" for field in changes if origins[field] == "rule"})
    return replace(draft, **changes), origins


def _after(said: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The user's items, then the model's that do not repeat them."""
    new = [
        item for item in more if not any(s.lower() in item.lower() or item.lower() in s.lower() for s in said)
    ]
    return (*said, *new)[: max(3, len(said))]


def _note(clean: str, english: str, reading: Reading, llm: LLM | None) -> str:
    notes = []
    if llm is None:
        notes.append(rules_writer.NOTE)
    if clean not in {reading.parsed.text, english} and any(c.isalpha() for c in clean):
        notes.append(f"The description was read as: {english}.")
    elif not reading.parsed.english:
        notes.append("The description does not look like English, so the rules understood little of it.")
    if reading.real_person:
        notes.append("This may be a real person: voice and face are invented and not theirs.")
    return " ".join(notes)
