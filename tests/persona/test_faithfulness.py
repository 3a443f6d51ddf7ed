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


@pytest.mark.parametrize(
    ("facts", "question", "reply", "slot"),
    [
        (["Ola closes her shop at nine."], "When do you close?", "We close at six.", "number"),
        (["Ola drinks once a month."], "Are you thirsty?", "I drink three times a day.", "number"),
        (["Ola has a crew of eleven."], "", "I have thirty hands in my crew.", "number"),
        (["Ola died in 1843."], "When did you die?", "In the spring of 1911.", "number"),
        (["Ola is a vegetarian."], "What did you eat?", "A roast goose, and I ate all of it.", "state"),
        (["Ola is divorced."], "", "My wife cooks for us every day.", "state"),
        (["Ola has a brother."], "", "I am an only child.", "state"),
        (["Ola blooms at night."], "", "I bloom at noon.", "state"),
        (["Ola cannot drive."], "Can you drive?", "Of course!", "negation"),
        (["Ola has never been on a plane."], "", "I slept through all my flights.", "negation"),
        (["Ola cannot taste food."], "Is the food good?", "I tasted it just now.", "negation"),
        (["Ola is an opera singer."], "", "I am an apple, not a singer.", "negation"),
        (["Ola has a son called Kofi."], "How is your boy?", "Émile has grown again.", "name"),
        (["Ola was made in Limoges."], "Where were you made?", "In a kiln in Kyoto.", "place"),
        (["Ola lives on a houseboat."], "", "Our flat is on the tenth floor.", "place"),
        (["Ola hates pigeons."], "Who lives here?", "The pigeons, and I am fond of every one.", "preference"),
        (["Ola is a badger."], "What kind of animal are you?", "A fox, friend.", "role"),
        (["Ola's uncle was a miner."], "", "My uncle was a baker.", "role"),
        (["Ola is a florist."], "What do you do for a living?", "I drive the number nine bus.", "role"),
    ],
)
def test_each_kind_of_value_is_compared_in_its_own_way(
    facts: list[str], question: str, reply: str, slot: str
) -> None:
    assert [one.slot for one in conflicts(reply, facts, "Ola", question)] == [slot]


@pytest.mark.parametrize(
    ("facts", "question", "reply"),
    [
        (["Ola closes her shop at nine."], "When do you close?", "We close at nine, as ever."),
        (["Ola is 58 years old."], "", "I moved here when I was twenty."),
        (["Ola is a widow."], "", "My late husband built it."),
        (["Ola is a vegetarian."], "What did you eat?", "My guide had three sausages, I had beans."),
        (["Ola is a florist."], "What do you do before a match?", "I hide in the bus."),
        (["Ola is a florist."], "", "I am a man of few words and an early riser."),
        (["Ola has a dog called Moss."], "Whose is the black dog?", "That is Tansy, my neighbour's."),
        (["Ola hangs in a hotel."], "", "I sit by the window and listen."),
        (["Ola does not own a car."], "What do you see?", "Car roofs, and a bit of sky."),
        (["Ola does not trust balloons."], "", "My face goes like a balloon."),
        (["Ola gets up at three in the morning."], "", "Nothing makes me happier than that morning air."),
    ],
)
def test_values_of_something_else_are_no_contradiction(facts: list[str], question: str, reply: str) -> None:
    assert conflicts(reply, facts, "Ola", question) == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("I have twenty-two old boats and 1,500 nets.", [(22.0, "boat", "count"), (1500.0, "net", "count")]),
        ("She is 71 years old.", [(71.0, "age", "age")]),
        ("I am three hundred and five.", [(305.0, "age", "age")]),
        ("Two hundred ships.", [(200.0, "ship", "count")]),
        ("A crew of eleven.", [(11.0, "crew", "count")]),
        ("We close at six.", [(6.0, "clock", "clock")]),
        ("It was in 1911.", [(1911.0, "year", "year")]),
        ("Twice a week.", [(104.0, "rate", "rate")]),
        ("For forty years.", [(40.0, "year", "unit")]),
        ("No number at all.", []),
    ],
)
def test_numbers_are_read_with_their_kind(text: str, kinds: list[tuple[float, str, str]]) -> None:
    assert [one[:3] for one in numbers_in(text)] == kinds


def test_one_of_two_things_that_somebody_is_does_not_deny_the_other() -> None:
    facts = ["Pippin is an apple.", "Pippin is an opera singer."]
    said = "I am Pippin, an opera singer who has been collecting stories."
    assert not conflicts(said, facts, "Pippin", "Who are you?")
    assert conflicts("I am a dentist.", facts, "Pippin", "What do you do for a living?")
