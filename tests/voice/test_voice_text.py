"""Text normalisation and sentence splitting."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatanything.errors import SpeechError
from chatanything.voice.numbers import cardinal, decimal, ordinal, year
from chatanything.voice.text import normalise_text, split_sentences


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (21, "twenty one"),
        (105, "one hundred and five"),
        (1204500, "one million two hundred and four thousand five hundred"),
    ],
)
def test_cardinals(number: int, words: str) -> None:
    assert cardinal(number) == words


def test_ordinals_years_decimals() -> None:
    assert [ordinal(n) for n in (1, 12, 20, 43)] == ["first", "twelfth", "twentieth", "forty third"]
    assert [year(n) for n in (1905, 1984, 2000, 2004, 2024)] == [
        "nineteen oh five",
        "nineteen eighty four",
        "two thousand",
        "two thousand four",
        "twenty twenty four",
    ]
    assert decimal("3.05") == "three point zero five"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Dr. Smith paid $3.50.", "doctor Smith paid three dollars and fifty cents."),
        ("It was 3:45pm on the 21st.", "It was three forty five P M on the twenty first."),
        ("72.5 kg & 10km/h", "seventy two point five kilograms and ten kilometers per hour"),
        ("the 1990s, 50% off", "the nineteen nineties, fifty percent off"),
        ("See https://www.example.com/a?b=1, ok", "See example dot com slash a, ok"),
        ("No. St. Mary is No. 5.", "No. saint Mary is number five."),
        ("-5° and 3-5", "minus five degrees and three to five"),
        ("café naïve 😀!", "cafe naive!"),
        ("Привет, γεια", "privyet, geia"),
        ("£1 and 1 ft", "one pound and one foot"),
        ("“Hello” … it’s", '"Hello"… it\'s'),
    ],
)
def test_everything_is_spelled_out(text: str, spoken: str) -> None:
    assert normalise_text(text) == spoken


@pytest.mark.parametrize("text", ["", "   ", "😀🎉", "!!! ...", "中文"])
def test_the_unspeakable_is_refused(text: str) -> None:
    with pytest.raises(SpeechError, match="can be spoken"):
        normalise_text(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_words_or_a_clear_error(text: str) -> None:
    try:
        plain = normalise_text(text)
    except SpeechError:
        return
    assert re.fullmatch(r"[A-Za-z',.!?;:—…\"()\s]+", plain)
    assert any(c.isalpha() for c in plain)
    assert "".join(split_sentences(plain)).replace(" ", "")[:1]


def test_sentences() -> None:
    text = normalise_text('She said "Go!" Then Mr. Fox left... Why? Well: he had to.')
    assert split_sentences(text) == (
        'She said "Go!',
        "Then mister Fox left…",
        "Why?",
        "Well: he had to.",
    )
