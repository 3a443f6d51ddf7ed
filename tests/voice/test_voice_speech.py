"""Speech, its timings, effects and alignment, on the real engine."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import pyworld

from chatanything.errors import SpeechError
from chatanything.media.audio import write_wav
from chatanything.types import Delivery, Speech, TimedUnit, VoiceChoice
from chatanything.visemes import PHONE_TO_VISEME
from chatanything.voice import align as align_module
from chatanything.voice.align import align, align_unknown, fill_gaps, silences
from chatanything.voice.effects import EFFECTS, apply_effect
from chatanything.voice.speech import Speaker
from chatanything.voice.utterances import plan

pytestmark = pytest.mark.weights

TEXT = "Please give me five apples, and a big bottle of milk. Why not?"
VOICE = VoiceChoice("kokoro", (("am_michael", 0.7), ("am_fenrir", 0.3)))


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker()


@pytest.fixture(scope="module")
def spoken(speaker: Speaker) -> Speech:
    return speaker.speak(TEXT, VOICE, Delivery(), seed=1)


def _level(speech: Speech, start: float, end: float) -> float:
    part = speech.samples[int(start * speech.sample_rate) : int(end * speech.sample_rate)]
    return float(np.sqrt(np.mean(np.square(part)) + 1e-12))


def _pitches(samples: np.ndarray, rate: int) -> np.ndarray:
    """Hertz every 5 ms; 0 where there is no voice."""
    f0, _ = pyworld.harvest(samples.astype(np.float64), rate, f0_floor=50.0, f0_ceil=600.0)
    return np.asarray(f0)


def test_samples(spoken: Speech) -> None:
    assert spoken.sample_rate == 24_000
    assert spoken.samples.dtype == np.float32
    assert np.abs(spoken.samples).max() <= 1.0
    assert 3.0 < spoken.duration_s < 8.0
    assert _level(spoken, 0, 0.18) < 1e-4
    assert _level(spoken, spoken.duration_s - 0.2, spoken.duration_s) < 1e-4


def test_loudness(spoken: Speech) -> None:
    import pyloudnorm

    loudness = pyloudnorm.Meter(24_000).integrated_loudness(spoken.samples.astype(np.float64))
    assert loudness == pytest.approx(-16.0, abs=1.0)


def test_units_cover_the_track(spoken: Speech) -> None:
    words = [u.text for u in spoken.words()]
    assert " ".join(words) == "Please give me five apples and a big bottle of milk Why not"
    phones = spoken.phones()
    assert phones[0].text == phones[-1].text == "SIL"
    assert phones[0].start_s == 0.0
    assert phones[-1].end_s == pytest.approx(spoken.duration_s)
    assert all(p.text in PHONE_TO_VISEME and p.end_s > p.start_s for p in phones)
    for a, b in pairwise(phones):
        assert b.start_s == pytest.approx(a.end_s, abs=1e-6)
    assert sum(p.text == "SIL" for p in phones) >= 4


def test_silent_phones_are_silent_and_others_are_not(spoken: Speech) -> None:
    loud = np.mean([_level(spoken, u.start_s, u.end_s) for u in spoken.words()])
    for phone in spoken.phones():
        if phone.text == "SIL" and phone.end_s - phone.start_s > 0.15:
            middle = _level(spoken, phone.start_s + 0.05, phone.end_s - 0.05)
            assert middle < 0.1 * loud


def test_timing_agrees_with_forced_alignment(spoken: Speech) -> None:
    heard = [u for u in align(spoken.samples, 24_000, TEXT) if u.kind == "word"]
    ours = spoken.words()
    assert len(heard) == len(ours)
    starts = np.array([a.start_s - b.start_s for a, b in zip(ours, heard, strict=True)])
    assert abs(np.median(starts)) < 0.03
    assert np.percentile(np.abs(starts), 90) < 0.09


def test_same_input_same_bytes(speaker: Speaker, spoken: Speech, tmp_path) -> None:
    again = speaker.speak(TEXT, VOICE, Delivery(), seed=1)
    np.testing.assert_array_equal(again.samples, spoken.samples)
    assert again.units == spoken.units
    write_wav(tmp_path / "a.wav", spoken.samples, spoken.sample_rate)
    assert (tmp_path / "a.wav").stat().st_size > 100_000


def test_delivery(speaker: Speaker, spoken: Speech) -> None:
    slow = speaker.speak(TEXT, VOICE, Delivery(rate=0.8, pauses=2.0, energy=0.7), seed=1)
    assert slow.duration_s > 1.2 * spoken.duration_s
    assert np.sqrt(np.mean(slow.samples**2)) < 0.9 * np.sqrt(np.mean(spoken.samples**2))
    pauses = [[p.end_s - p.start_s for p in s.phones()[1:-1] if p.text == "SIL"] for s in (spoken, slow)]
    assert max(pauses[1]) > 1.5 * max(pauses[0])
    assert slow.phones()[-1].end_s == pytest.approx(slow.duration_s)


@pytest.mark.parametrize(("semitones", "factor"), [(-6.0, 2**-0.5), (6.0, 2**0.5)])
def test_pitch_shift(spoken: Speech, semitones: float, factor: float) -> None:
    shifted = apply_effect(spoken.samples, 24_000, "none", semitones, seed=0)
    assert shifted.shape == spoken.samples.shape
    before, after = _pitches(spoken.samples, 24_000), _pitches(shifted, 24_000)
    voiced = (before > 0) & (after > 0)
    assert voiced.mean() > 0.3
    assert np.median(after[voiced] / before[voiced]) == pytest.approx(factor, rel=0.02)


@pytest.mark.parametrize("name", [name for name in EFFECTS if name != "none"])
def test_effects_keep_time_and_change_sound(spoken: Speech, name: str) -> None:
    part = spoken.samples[: 24_000 * 2]
    made = apply_effect(part, 24_000, name, 0.0, seed=3)
    assert made.shape == part.shape
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert np.abs(made).max() > 0.05
    np.testing.assert_array_equal(made, apply_effect(part, 24_000, name, 0.0, seed=3))
    envelope = [np.square(x[: 24_000 * 2]).reshape(-1, 1200).mean(axis=1) for x in (part, made)]
    assert np.corrcoef(np.sqrt(envelope[0]), np.sqrt(envelope[1]))[0, 1] > 0.7


def test_bad_requests(speaker: Speaker) -> None:
    with pytest.raises(SpeechError, match="unknown voice 'xx'"):
        speaker.speak("Hello", replace(VOICE, weights=(("xx", 1.0),)), Delivery(), seed=0)
    with pytest.raises(SpeechError, match="effect 'cat'"):
        apply_effect(np.zeros(100, np.float32), 24_000, "cat", 0.0, seed=0)
    with pytest.raises(SpeechError, match="can be spoken"):
        speaker.speak("🙂", VOICE, Delivery(), seed=0)


def test_short_and_odd_lines(speaker: Speaker) -> None:
    for line in ("Hi", "A", "No!", "Hmm… 7."):
        speech = speaker.speak(line, VOICE, Delivery(), seed=0)
        assert 0.5 < speech.duration_s < 4
        assert speech.words()
        assert np.isfinite(speech.samples).all()


def test_very_long_sentences_are_cut_to_fit() -> None:
    utterances = plan("the quick brown fox, " * 80 + "jumps.", "us", 509)
    assert len(utterances) > 2
    assert all(len(u.phonemes) <= 509 for u in utterances)
    assert sum(len(u.words) for u in utterances) == 4 * 80 + 1


def test_align_is_repeatable_and_knows_invented_words(spoken: Speech) -> None:
    text = TEXT.replace("bottle", "bottel")
    first = align(spoken.samples, 24_000, text)
    align(spoken.samples[::-1], 24_000, "hello there")
    assert align(spoken.samples, 24_000, text) == first
    assert [u.text for u in first if u.kind == "word"][8] == "bottel"


def test_vowels_begin_where_an_aligner_hears_them(speaker: Speaker) -> None:
    text = "The moon rose slowly over the harbour while a baby laughed and nobody spoke."
    speech = speaker.speak(text, VOICE, Delivery(), seed=1)
    heard = [u for u in align(speech.samples, 24_000, text) if u.kind == "phone"]
    late = []
    for ours in (u for u in speech.phones() if u.text[0] in "AEIOU"):
        same = [ours.start_s - u.start_s for u in heard if u.text == ours.text]
        late += [d for d in sorted(same, key=abs)[:1] if abs(d) < 0.3]
    assert len(late) > 12
    late = np.array(late)
    assert abs(late.mean()) < 0.015
    assert np.abs(late).mean() < 0.03


def test_align_unknown_hears_phones_and_pauses(spoken: Speech) -> None:
    units = align_unknown(spoken.samples, 24_000)
    assert {u.kind for u in units} == {"phone"}
    assert units[0].text == "SIL"
    assert units[-1].end_s == pytest.approx(spoken.duration_s)
    ours, grid = spoken.phones(), np.arange(0, spoken.duration_s, 0.01)

    def silent(track: tuple[TimedUnit, ...]) -> np.ndarray:
        return np.array([any(u.text == "SIL" and u.start_s <= t < u.end_s for u in track) for t in grid])

    assert np.mean(silent(units) == silent(ours)) > 0.9


def test_align_unknown_hears_a_long_recording_in_pieces(
    spoken: Speech, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = align_unknown(spoken.samples, 24_000)
    heard: list[float] = []
    phone_loop = align_module._phone_loop

    def counted(samples: np.ndarray, rate: int) -> Iterator[TimedUnit]:
        heard.append(len(samples) / rate)
        return phone_loop(samples, rate)

    monkeypatch.setattr(align_module, "_PIECE_S", 2.0)
    monkeypatch.setattr(align_module, "_phone_loop", counted)
    pieces = align_unknown(spoken.samples, 24_000)
    assert len(heard) >= 2
    assert max(heard) <= 2.0
    assert sum(heard) == pytest.approx(spoken.duration_s)
    assert pieces[-1].end_s == pytest.approx(spoken.duration_s)
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in pairwise(pieces))

    def spoken_at(track: tuple[TimedUnit, ...]) -> list[str]:
        times = np.arange(0, spoken.duration_s, 0.01)
        return [next((u.text for u in track if u.start_s <= t < u.end_s), "") for t in times]

    assert np.mean([a == b for a, b in zip(spoken_at(whole), spoken_at(pieces), strict=True)]) > 0.8


def test_silence() -> None:
    nothing = np.zeros(16_000, np.float32)
    assert align_unknown(nothing, 16_000) == ()
    assert silences(nothing, 16_000) == [(0.0, 1.0)]
    tone = np.concatenate((nothing, np.sin(np.arange(16_000) / 20).astype(np.float32)))
    assert align_unknown(tone, 16_000)
    with pytest.raises(SpeechError, match="do not fit"):
        align(nothing[:800], 16_000, "a long line that cannot be in so short a sound")


def test_pauses_do_not_drift_where_a_step_is_no_whole_number_of_samples() -> None:
    rate = 22_050
    sound = np.random.default_rng(0).normal(0, 0.1, 120 * rate).astype(np.float32)
    sound[119 * rate : round(119.5 * rate)] = 0
    ((start, end),) = silences(sound, rate)
    assert (start, end) == (pytest.approx(119.0, abs=0.03), pytest.approx(119.5, abs=0.03))


def test_fill_gaps_is_contiguous() -> None:
    units = fill_gaps([TimedUnit("M", "phone", 0.5, 0.7)], 1.0)
    assert [(u.text, u.start_s, u.end_s) for u in units] == [
        ("SIL", 0, 0.5),
        ("M", 0.5, 0.7),
        ("SIL", 0.7, 1.0),
    ]
