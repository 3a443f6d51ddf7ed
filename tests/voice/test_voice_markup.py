"""Emphasis and pauses that are written into a line, and speech as a stream."""

import time

import numpy as np
import pytest
import pyworld

from chatanything.errors import SpeechError
from chatanything.types import Delivery, Speech, VoiceChoice
from chatanything.voice.g2p import phonemise
from chatanything.voice.markup import BEGIN, END, PAUSES, marked, marked_inside, stretches, unmarked
from chatanything.voice.speech import Speaker
from chatanything.voice.text import normalise_marked, normalise_text
from chatanything.voice.utterances import plan

VOICE = VoiceChoice("kokoro", (("am_michael", 1.0),))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("That is *never* it.", "That is never it."),
        ("**Stop!** Go.", "Stop! Go."),
        ("Well [pause 0.8] yes [pause] no [pause: 300ms].", "Well yes no ."),
        ('<speak>Hi<break time="500ms"/> <emphasis level="strong">you</emphasis></speak>', "Hi you"),
        ("3 * 4 * 5 and a*b*c", "3 * 4 * 5 and a*b*c"),
        ("<emphasis level='reduced'>soft</emphasis>", "soft"),
        (f"{BEGIN}forged{PAUSES[-1]}", "forged"),
    ],
)
def test_people_read_a_line_without_its_markup(text: str, plain: str) -> None:
    assert unmarked(text) == plain


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("You are *so* kind.", f"You are {BEGIN}so{END} kind."),
        ("*smiles* Hello *you two*.", "*smiles* Hello *you two*."),
        ("Well, **never**! [pause 1] Ha.", f"Well, {BEGIN}never{END}! {PAUSES[9]} Ha."),
    ],
)
def test_of_a_models_answer_only_what_is_surely_emphasis(answer: str, kept: str) -> None:
    assert marked_inside(answer) == kept
    assert marked(marked(kept)) == marked(kept)


def test_marks_survive_the_spelling_out() -> None:
    spoken = normalise_marked("I paid *$3.50* for **three**. [pause 0.8] Dr. *Smith!*")
    assert spoken == (
        f"I paid {BEGIN} three dollars and fifty cents {END} for {BEGIN}three{END}. {PAUSES[7]} "
        f"doctor {BEGIN}Smith{END}!"
    )
    assert normalise_text("I paid *$3.50*.") == "I paid three dollars and fifty cents."
    said = [piece.text for piece in phonemise(spoken) if piece.emphasised]
    assert said == ["three", "dollars", "and", "fifty", "cents", "three", "Smith"]


def test_written_pauses_have_a_limit() -> None:
    silence = [seconds for _, seconds in stretches(marked("[pause 99] a " * 400))]
    assert max(silence) == 3.0
    assert sum(silence) == pytest.approx(30.0)
    assert stretches(marked("a [pause 1][pause 1] [pause 0.5] b"))[0] == ("a ", 2.5)


@pytest.mark.parametrize(
    "bomb",
    [
        "*" * 100_000,
        "*a* " * 25_000,
        "<break " * 15_000,
        "[pause 9]" * 12_000,
        "<emphasis>a" * 9_000,
        "a" + " " * 100_000 + "b",
        "[pause" + " " * 100_000 + "b",
    ],
)
def test_markup_bombs_are_read_in_good_time(bomb: str) -> None:
    start = time.process_time()
    try:
        normalise_marked(bomb)
    except SpeechError:
        assert not any(char.isalpha() for char in unmarked(bomb))
    assert time.process_time() - start < 10


def test_the_first_stretch_of_a_stream_is_short() -> None:
    long = "I have kept this light for thirty years and never once has it gone out on a night like this."
    first, second = plan(long, "us", 160, soon=True)
    assert [word for word, _, _ in first.words] == ["I", "have", "kept", "this", "light"]
    assert len(first.words) + len(second.words) == len(long.split())
    assert len(plan(long, "us", 160)) == len(plan("The lamp is lit.", "us", 160, soon=True)) == 1
    at_a_mark = plan("Well now, you have walked a long way through the rain.", "us", 160, soon=True)
    assert at_a_mark[0].mark == ","


@pytest.mark.parametrize("soon", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "What" + "?!" * 80,
        "It was a" + " very" * 24 + "?!?!?! Then" * 30,
        "a, b, c, " + " ".join(("antidisestablishmentarianism" * 2,) * 6),
    ],
)
def test_every_stretch_fits_the_engine(line: str, soon: bool) -> None:
    sentence = normalise_text(line)
    made = plan(sentence, "us", 160, soon=soon)
    assert max(len(one.phonemes) for one in made) <= 160
    said = [piece.text for piece in phonemise(sentence) if piece.word]
    assert [word for one in made for word, _, _ in one.words] == said


def test_three_marks_in_a_row_are_enough() -> None:
    assert plan(normalise_text("What" + "?!" * 80), "us", 160)[0].phonemes.endswith("t?!?")


def _word(speech: Speech, text: str) -> tuple[float, float, float]:
    """Seconds, decibels against the whole, and hertz of a word."""
    unit = next(unit for unit in speech.words() if unit.text == text)
    sound = speech.samples.astype(np.float64)
    f0, times = pyworld.dio(sound, speech.sample_rate)
    inside = (times >= unit.start_s) & (times < unit.end_s) & (f0 > 0)
    part = sound[int(unit.start_s * speech.sample_rate) : int(unit.end_s * speech.sample_rate)]
    level = 10 * np.log10(np.mean(part**2) / np.mean(sound**2))
    return unit.end_s - unit.start_s, float(level), float(np.median(f0[inside]))


@pytest.mark.weights
def test_emphasis_and_pauses_are_heard() -> None:
    speaker = Speaker()
    plain = speaker.speak("I never said that. Listen.", VOICE, Delivery(), seed=0)
    strong = speaker.speak("I *never* said that. [pause 1.2] Listen.", VOICE, Delivery(), seed=0)
    before, after = _word(plain, "never"), _word(strong, "never")
    assert after[0] > 1.12 * before[0]
    assert after[1] > before[1] + 1.5
    assert after[2] > 1.06 * before[2]
    assert _word(strong, "said")[0] == pytest.approx(_word(plain, "said")[0], abs=0.06)
    assert strong.text == "I never said that. Listen."
    gap = next(p for p in strong.phones()[1:-1] if p.text == "SIL" and p.end_s - p.start_s > 1.1)
    assert gap.end_s - gap.start_s == pytest.approx(1.2, abs=0.2)
    assert strong.phones()[-1].end_s == pytest.approx(strong.duration_s)


@pytest.mark.weights
def test_a_stream_comes_piece_by_piece() -> None:
    text = "The lamp is lit. [pause 0.6] Come in, stranger! Mind the cat."
    made: list[int] = []
    stream = Speaker().stream(text, VOICE, Delivery(), 0, lambda _, at, __, ___="": made.append(at))
    first = next(stream)
    assert max(made) == 0
    rest = list(stream)
    pieces = [first, *rest]
    assert [piece.text for piece in pieces] == ["The lamp is lit", "Come in stranger", "Mind the cat"]
    assert all(piece.phones()[-1].end_s == pytest.approx(piece.duration_s) for piece in pieces)
    assert all(np.abs(piece.samples[-120:]).max() < 1e-3 for piece in pieces)
    again = Speaker().stream(text, VOICE, Delivery(), seed=0)
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(pieces, again, strict=True))


@pytest.mark.weights
def test_a_stream_of_nothing_is_one_clear_error() -> None:
    with pytest.raises(SpeechError, match="can be spoken"):
        next(Speaker().stream("[pause 2] 🙂", VOICE, Delivery(), seed=0))
