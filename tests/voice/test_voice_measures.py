"""What is measured on voices, and what becomes of it."""

import numpy as np
import pytest

from chatanything.media.audio import wav_bytes
from chatanything.types import VoiceBrief, VoiceChoice
from chatanything.voice.acoustics import measure_sound
from chatanything.voice.bank import BANK
from chatanything.voice.encoder import embed_voice
from chatanything.voice.match import TOO_CLOSE, closeness, match_voice
from chatanything.voice.sheet import Sample, sheet
from chatanything.voice.word_error import word_errors

RATE = 24_000


def _buzz(hertz: float, beats: float, seconds: float = 2.0, level: float = 0.3) -> np.ndarray:
    """A voice-like buzz with so many beats a second."""
    t = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hertz * k * t) / k for k in range(1, 20))
    swell = np.sin(np.pi * beats * t) ** 2
    return (level * tone / np.abs(tone).max() * swell).astype(np.float32)


@pytest.mark.parametrize(("hertz", "beats"), [(100.0, 3.0), (200.0, 5.0)])
def test_pitch_and_syllables_are_found(hertz: float, beats: float) -> None:
    found = measure_sound(_buzz(hertz, beats), RATE)
    assert found.f0_hz == pytest.approx(hertz, rel=0.03)
    assert found.seconds == pytest.approx(2.0, abs=0.15)
    # Every beat is one syllable; the silent middle of the beats is left out of the time.
    assert 2 * beats - 1 <= found.syllables_s * 2.0 <= 2.8 * beats


def test_level_follows_loudness() -> None:
    quiet, loud = (measure_sound(_buzz(150.0, 4.0, level=level), RATE) for level in (0.1, 0.2))
    assert loud.level_db - quiet.level_db == pytest.approx(6.0, abs=0.2)


def test_silence_has_no_pitch() -> None:
    found = measure_sound(np.zeros(RATE, np.float32), RATE)
    assert found.f0_hz == 0.0
    assert found.syllables_s == 0.0


@pytest.mark.parametrize(
    ("heard", "errors"),
    [("The old clock ticks.", 0), ("the cold clock", 2), ("", 4), ("the old the clock ticks", 1)],
)
def test_word_errors(heard: str, errors: int) -> None:
    assert word_errors("The old clock ticks!", heard) == (errors, 4)


def test_digits_are_the_words_that_they_stand_for() -> None:
    assert word_errors("Fifty-five bonds at 4 o'clock.", "55 bonds at four o'clock") == (0, 6)


@pytest.mark.weights
def test_embeddings_do_not_depend_on_level_or_rate() -> None:
    sound = _buzz(130.0, 4.0)
    one, quieter = embed_voice(sound, RATE), embed_voice(0.2 * sound, RATE)
    assert one.shape == (256,)
    assert float(np.linalg.norm(one)) == pytest.approx(1.0, abs=1e-5)
    assert float(one @ quieter) > 0.999
    assert float(one @ embed_voice(_buzz(320.0, 4.0), RATE)) < 0.95


def test_the_bank_is_measured() -> None:
    for voice in BANK:
        assert float(np.linalg.norm(voice.vector)) == pytest.approx(1.0, abs=1e-4)
        assert 50 < voice.f0_hz < 400
        assert 2 < voice.syllables_s < 12
        assert 0 <= voice.word_error <= 1
    sure = [voice for voice in BANK if abs(voice.female - 0.5) > 0.3]
    agree = [voice for voice in sure if (voice.female > 0.5) == (voice.gender == "female")]
    assert len(agree) >= 0.9 * len(sure) > 20


def test_closeness() -> None:
    heart = VoiceChoice("kokoro", (("af_heart", 1.0),))
    blend = VoiceChoice("kokoro", (("af_heart", 0.8), ("am_onyx", 0.2)))
    onyx = VoiceChoice("kokoro", (("am_onyx", 1.0),))
    assert closeness(heart, heart) == pytest.approx(1.0, abs=1e-4)
    assert closeness(heart, onyx) < closeness(heart, blend) < 1.0
    assert closeness(heart, VoiceChoice("kokoro", heart.weights, effect="ghost")) == 0.0
    assert TOO_CLOSE < closeness(heart, VoiceChoice("kokoro", heart.weights, effect="robot_f")) < 1.0


@pytest.mark.weights
def test_a_voice_too_close_to_anothers_is_moved_away() -> None:
    brief = VoiceBrief("a kind woman", gender="female")
    first = match_voice(brief, seed=3).choice
    taken = [first]
    for _ in range(4):
        found = match_voice(brief, seed=3, unlike=taken)
        assert found == match_voice(brief, seed=3, unlike=taken)
        assert max(closeness(found.choice, other) for other in taken) <= TOO_CLOSE
        taken.append(found.choice)
    assert "moved away" in found.choice.reason[-1]


def test_the_page_is_whole_and_escaped() -> None:
    wav = wav_bytes(_buzz(100.0, 3.0, 0.2), RATE)
    page = sheet([Sample("<b>", "a & b", "100 Hz", wav)], "Hi <there>")
    assert page.count("<audio") == page.count("aria-label=") == 1
    assert "<b>" not in page.split("<main>")[1]
    assert "Hi &lt;there&gt;" in page
    assert "http" not in page
    assert "<script" not in page
