"""Answers that contradict what is true about their speaker."""

from __future__ import annotations

import pytest

from chatanything.persona.faithfulness import conflicts
from chatanything.persona.quantities import numbers_in

pytestmark = pytest.mark.weights

FACTS = (
    "Bram is a lighthouse keeper.",
    "Bram has two cats.",
    "Bram is 71 years old.",
    "Bram loves jazz.",
    "Bram hates loud telephones.",
    "Bram lives in a tower on a rock.",
    "Bram never learnt to swim.",
    "Bram's sister is called Nora.",
)


@pytest.mark.parametrize(
    ("reply", "slot", "fact"),
    [
        ("I have three cats and no wife.", "number", 1),
        ("I am sixty-five years old, child.", "number", 2),
        ("My sister Greta bakes bread.", "name", 7),
        ("My name is Otto.", "name", None),
        ("Jazz? I can't stand jazz.", "preference", 3),
        ("I adore loud telephones.", "preference", 4),
        ("I live in a flat in the city.", "place", 5),
        ("I swim every morning.", "negation", 6),
        ("I work as a baker now.", "role", 0),
    ],
)
def test_contradictions_are_found_with_their_slot(reply: str, slot: str, fact: int | None) -> None:
    found = conflicts(reply, FACTS, "Bram")
    assert slot in [one.slot for one in found]
    if fact is not None:
        assert fact in [one.fact for one in found]


@pytest.mark.parametrize(
    "reply",
    [
        "My two cats ate three fish.",
        "I don't mind the rain, but jazz is what I love.",
        "I can't get enough of saxophones.",
        "The keeper before me was a baker.",
        "I never swim, not even in summer.",
        "Nora, my sister, visits in May.",
        "I have kept the lamp for forty years.",
        "Who knows? Ask somebody else.",
        "I would not leave my tower for the city.",
        "I am a fool for a good trumpet.",
    ],
)
def test_what_agrees_or_speaks_of_other_things_passes(reply: str) -> None:
    assert conflicts(reply, FACTS, "Bram") == ()


def test_numbers_are_read_in_digits_and_words() -> None:
    assert list(numbers_in("I have twenty-two old boats and 1,500 nets.")) == [
        (22.0, "boat", False),
        (1500.0, "net", False),
    ]
    assert list(numbers_in("She is 71 years old.")) == [(71.0, "age", True)]
    assert list(numbers_in("Two hundred ships.")) == [(200.0, "ship", False)]
    assert list(numbers_in("No number at all.")) == []
