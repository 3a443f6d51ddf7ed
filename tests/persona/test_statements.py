"""Where the sentences of a message end, and which of them are kept."""

from __future__ import annotations

import pytest

from chatanything.persona.card_v3 import spoken
from chatanything.persona.memory.statements import statements_in, told_in
from chatanything.persona.sentences import clauses_in


@pytest.mark.parametrize(
    "said",
    [
        "I live in St. Louis.",
        "My teacher is Mr. Smith.",
        "My son is 1.75 m tall.",
        "My email is anna@example.com.",
        "My doctor is Dr. Brown and I trust her.",
        "I weigh 72.5 kg now.",
        "My friend J. R. Carter calls me Al.",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(said: str) -> None:
    assert statements_in(said) == (said,)
    assert told_in(said) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I was born in 1950. I have a dog", ("I was born in 1950.", "I have a dog.")),
        ("I like tea.I have a dog", ("I like tea.", "I have a dog.")),
        ("i like tea.i have a dog", ("i like tea.", "i have a dog.")),
        ("So do I. My sister has a cat.", ("My sister has a cat.",)),
        ("Wait... I have a dog!\nI own two cats", ("I have a dog!", "I own two cats.")),
        ("I’m from Wales… My mum isn’t.", ("I'm from Wales…", "My mum isn't.")),
        ("......", ()),
    ],
)
def test_sentences_end_where_people_end_them(said: str, kept: tuple[str, ...]) -> None:
    assert statements_in(said) == kept


def test_a_speaker_pauses_after_i() -> None:
    assert clauses_in("So do I. The sea is loud.") == ["So do I.", "The sea is loud."]


def test_comments_of_a_card_are_left_out_even_around_a_macro() -> None:
    assert spoken("Hi {{// a note}}{{char}} {{// {{user}} }}there", "Bram") == "Hi Bram there."
