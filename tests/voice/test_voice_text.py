"""Text normalisation and sentence splitting."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatanything.errors import SpeechError
from chatanything.voice.numbers import cardinal, decimal, digits, ordinal, year
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


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("$1.5M, then $2.5bn", "one point five million dollars, then two point five billion dollars"),
        ("£5k or ¥5 million", "five thousand pounds or five million yen"),
        ("$4.5 or $3.999", "four point five dollars or three point nine nine nine dollars"),
        ("¥1.50 or $1.00", "one point five zero yen or one dollar"),
        ("It cost $5, then left.", "It cost five dollars, then left."),
        ("1,2,3, go!", "one, two, three, go!"),
        (
            "1,204 and the 1,000th",
            "one thousand two hundred and four and the one thousandth",
        ),
        ("a 5G network, a 3D film", "a five G network, a three D film"),
        ("5 g at 220 V.", "five grams at two hundred and twenty volts."),
        ("10 S. Main", "ten S. Main"),
        ("10 W. Main", "ten W. Main"),
        ("On 2024-12-25.", "On December twenty fifth, twenty twenty four."),
        ("2024-12-25T10:30", "December twenty fifth, twenty twenty four ten thirty"),
        ("7/10/2024", "July tenth, twenty twenty four"),
        ("25/12/2024", "December twenty fifth, twenty twenty four"),
        ("2024-13-45", "twenty twenty four to thirteen to forty five"),
        ("٣٤ and ٠٧", "thirty four and zero seven"),
        ("3 pm. Bring cake.", "three P M. Bring cake."),
        ("Come at 3 p.m.", "Come at three P M."),
        ("at 3 p.m. today", "at three P M today"),
    ],
)
def test_figures_are_said_as_people_say_them(text: str, spoken: str) -> None:
    assert normalise_text(text) == spoken


def test_digits_of_any_script() -> None:
    assert digits("٠٠٧") == "zero zero seven"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("한국어", "hangugeo"), ("ガギグ が", "gagigu ga"), ("नम", "nama")],
)
def test_other_scripts_are_written_by_sound(text: str, spoken: str) -> None:
    assert normalise_text(text) == spoken


@pytest.mark.parametrize("text", ["", "   ", "😀🎉", "!!! ...", "中文", "สวัสดี"])
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
