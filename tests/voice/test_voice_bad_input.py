"""Any text gets a voice in good time, and a sound or one clear error."""

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatanything.cli.main import app
from chatanything.errors import SpeechError
from chatanything.types import Delivery, VoiceBrief, VoiceChoice
from chatanything.voice.match import match_voice
from chatanything.voice.speech import Speaker
from chatanything.voice.text import normalise_text, split_sentences

TEXTS = {
    "empty": "",
    "no letters": "!!! ... ??? 🙂🙃",
    "long": "an old pirate who sings, " * 4000,
    "one word": "a" * 100_000,
    "digits": "7" * 100_000,
    "mixed scripts": "an old мужчина 老人 مرحبا שלום ครับ",
    "markup": "<a>" * 20_000 + "&lol;" * 5_000,
    "control": "an\x00 old\x1b[31m man\u202e\u200b\x07",
    "combining": "a" + "\u0301" * 50_000,
}


@pytest.mark.weights
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_gets_a_valid_voice(text: str) -> None:
    start = time.process_time()
    choice = match_voice(VoiceBrief(text), seed=1).choice
    assert sum(weight for _, weight in choice.weights) == pytest.approx(1.0, abs=1e-3)
    assert time.process_time() - start < 10


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_is_prepared_in_good_time(text: str) -> None:
    start = time.process_time()
    if any(letter.isascii() and letter.isalnum() for letter in text):
        assert all(split_sentences(normalise_text(text)))
    else:
        with pytest.raises(SpeechError):
            normalise_text(text)
    assert time.process_time() - start < 10


@pytest.mark.weights
@pytest.mark.parametrize("text", ["", "!!! ...", "\x00\x07"])
def test_what_cannot_be_spoken_is_one_clear_error(text: str) -> None:
    with pytest.raises(SpeechError, match=r"sound|spoken"):
        Speaker().speak(text, VoiceChoice("kokoro", (("af_heart", 1.0),)), Delivery(), seed=0)


@pytest.mark.weights
def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(SpeechError, match="nobody_here"):
        Speaker().speak("Hi.", VoiceChoice("kokoro", (("nobody_here", 1.0),)), Delivery(), seed=0)


def test_preview_wants_a_description_or_all(tmp_path: Path) -> None:
    for args in ([], ["a pirate", "--all"]):
        done = CliRunner().invoke(app, ["voices", "preview", *args, "-o", str(tmp_path / "x")])
        assert done.exit_code != 0
        assert not (tmp_path / "x").exists()
