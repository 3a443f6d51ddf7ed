"""Questions of fact: the neutral answer wins, and its numbers and names survive the character's manner."""

from __future__ import annotations

import pytest

from chatanything.persona.facts_mode import (
    agrees,
    answer_with_facts,
    is_question_of_fact,
    keeps,
    names_of,
    numbers_of,
)
from chatanything.persona.writer import write_card
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
BRAM = write_card("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)
MOON = "How far away is the moon?"
TRUTH = "The Moon is 384,400 kilometres away on average."


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        (MOON, True),
        ("Do you know when Rome was founded?", True),
        ("Who painted the Mona Lisa?", True),
        ("Is water heavier than ice?", True),
        ("What is your name?", False),
        ("Who am I?", False),
        ("Do you like jazz?", False),
        ("I live in Rome.", False),
        ("What?", False),
    ],
)
def test_questions_about_the_world_are_told_from_talk(said: str, is_one: bool) -> None:
    assert is_question_of_fact(said) is is_one


def test_numbers_and_names_are_found_in_digits_and_words() -> None:
    assert numbers_of("Twenty-one of the 384,400 in 1969, one by one.") == {21, 384400, 1969}
    assert names_of("Armstrong walked there. The others, Buzz too.") == {"armstrong", "buzz"}
    assert agrees("Bah, that is 384400 kilometres by my reckoning, to the Moon.", TRUTH, MOON)
    assert not agrees("A few thousand miles, I reckon.", TRUTH, MOON)
    assert not agrees("Yes, it floats.", "No, it sinks.")
    assert keeps("Hmpf. The moon? 384,400 kilometres, if you must know, on average, says Bram.", TRUTH, BRAM)
    assert not keeps("384,401 kilometres to the Moon.", TRUTH, BRAM)
    assert not keeps("384,400 kilometres to the Moon, says Galileo.", TRUTH, BRAM)
    assert not keeps("No, the Moon is not 384,400 kilometres away.", TRUTH, BRAM)


def test_where_both_agree_the_character_speaks() -> None:
    llm = Scripted("The Moon? 384,400 kilometres of nothing.", TRUTH)
    found = answer_with_facts(BRAM, (), MOON, llm=llm, seed=1)
    assert (found.told, found.text) == ("character", "The Moon? 384,400 kilometres of nothing.")
    assert len(llm.asked) == 2


def test_where_they_differ_the_neutral_answer_wins_in_the_characters_manner() -> None:
    llm = Scripted("Two days by boat.", TRUTH, "Hmpf, the Moon: 384,400 kilometres, on average.")
    found = answer_with_facts(BRAM, (), MOON, llm=llm, seed=1)
    assert (found.told, found.text) == ("restyled", "Hmpf, the Moon: 384,400 kilometres, on average.")
    assert found.in_part == "Two days by boat."


@pytest.mark.parametrize(
    "told",
    [
        "Hmpf, the Moon is 400,000 kilometres away.",
        "Hmpf, it is far away.",
        "As an AI language model, 384,400 kilometres to the Moon.",
        "The Moon is 384,400 kilometres away, and I hate jazz.",
        "",
    ],
)
def test_a_restyling_that_changes_anything_is_not_heard(told: str) -> None:
    found = answer_with_facts(BRAM, (), MOON, llm=Scripted("Two days by boat.", TRUTH, told), seed=1)
    assert found.told == "plain"
    assert found.text.startswith(TRUTH)
    assert numbers_of(found.text) == numbers_of(TRUTH)


def test_who_does_not_know_and_other_talk_stay_in_character() -> None:
    for neutral in ("I do not know.", "As an AI language model I cannot say."):
        found = answer_with_facts(BRAM, (), MOON, llm=Scripted("Far enough.", neutral), seed=1)
        assert (found.told, found.text) == ("character", "Far enough.")
    llm = Scripted("Bram, who else.")
    assert answer_with_facts(BRAM, (), "What is your name?", llm=llm, seed=1).neutral == ""
    assert len(llm.asked) == 1
