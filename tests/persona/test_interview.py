"""What is asked about a description, and what becomes of the answers."""

from __future__ import annotations

import pytest

from chatanything.errors import UsageError
from chatanything.persona.delivery import delivery_for
from chatanything.persona.interview import KEYS, MOST_QUESTIONS, clean_answers, questions_for
from chatanything.persona.rules import read_description
from chatanything.persona.writer import write_card

ANSWERS = {
    "name": "Martha",
    "age": "seventy-one, 71",
    "home": "a blue houseboat behind the mill",
    "loves": "old radios, her three cats and plum cake",
    "fears": "the dentist",
    "manner": "In a low voice, with long pauses",
}


def asked(text: str) -> list[str]:
    return [one.key for one in questions_for(read_description(text, seed=1))]


def test_only_what_is_open_is_asked() -> None:
    assert asked("a lighthouse keeper") == ["name", "gender", "age", "loves", "fears", "manner"]
    full = "an old postman named Bram from a village who loves jazz, is afraid of dogs and whispers"
    assert asked(full) == []
    assert asked("a shy teapot") == ["name", "home", "loves", "fears", "manner"]
    assert len(asked("a person")) == MOST_QUESTIONS


def test_answers_stand_word_for_word_and_shape_the_card() -> None:
    card = write_card("a lighthouse keeper", llm=None, seed=4, answers=ANSWERS)
    facts = " ".join(fact.text for fact in card.facts)
    for key in ("age", "home", "loves", "fears", "manner"):
        assert ANSWERS[key] in facts
    assert (card.name, card.social.gender, card.social.age_band) == ("Martha", "female", "old")
    assert card.social.home == "a blue houseboat behind the mill"
    assert card.context.loves == ("old radios", "her three cats", "plum cake")
    assert card.style.manner == ANSWERS["manner"]
    assert card.voice_brief().age == "old"
    assert {card.provenance[f] for f in ("name", "age_band", "home", "loves", "manner")} == {"user"}
    assert delivery_for(card, "Tomorrow the dentist comes.").emotion == "afraid"
    again = write_card("a lighthouse keeper", llm=None, seed=4, answers=ANSWERS)
    assert again.to_json() == card.to_json()


def test_a_whole_sentence_is_a_fact_as_it_is() -> None:
    card = write_card("a sailor", llm=None, seed=1, answers={"fears": "She would rather drown than fly."})
    assert card.facts[0].text == "She would rather drown than fly."


@pytest.mark.parametrize(
    ("age", "band"),
    [
        ("9", "child"),
        ("25 years old", "young"),
        ("in her forties", "adult"),
        ("very old", "old"),
        ("72", "old"),
    ],
)
def test_ages_are_understood(age: str, band: str) -> None:
    assert write_card("a sailor", llm=None, seed=1, answers={"age": age}).social.age_band == band


def test_strange_answers_change_nothing_but_the_facts() -> None:
    plain = write_card("a sailor", llm=None, seed=1)
    odd = write_card(
        "a sailor", llm=None, seed=1, answers={"age": "who knows", "gender": "?", "loves": "..."}
    )
    assert odd.social == plain.social
    assert "who knows" in odd.facts[0].text


def test_skipped_questions_and_bad_keys() -> None:
    assert clean_answers({"name": " \n", "home": "  by  the sea\n"}) == {"home": "by the sea"}
    assert write_card("a cat", llm=None, seed=1, answers={"name": ""}) == write_card(
        "a cat", llm=None, seed=1
    )
    with pytest.raises(UsageError, match="question"):
        clean_answers({"shoe size": "44"})
    with pytest.raises(UsageError, match="too long"):
        clean_answers({KEYS[0]: "x" * 201})
