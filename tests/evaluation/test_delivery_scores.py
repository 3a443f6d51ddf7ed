"""What `evaluate delivery` hears, and how it compares it with what was asked."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.evaluation.delivery import Performed, Take, head_speed, heard, order_rows, spearman
from chatanything.persona.delivery import delivery_for
from chatanything.persona.writer import write_card
from chatanything.types import Float32, VoiceChoice
from chatanything.voice.bank import BACKEND
from chatanything.voice.speech import Speaker

RATE = 16_000
TEXT = "one two three four"


def noise(seconds: float, swing_db: float = 6.0) -> Float32:
    """Half a second of silence, a sound that swings, half a second of silence."""
    times = np.arange(round(seconds * RATE)) / RATE
    level = 10 ** (swing_db / 2 * np.sin(2 * np.pi * 2 * times) / 20)
    sound = 0.1 * level * np.random.default_rng(1).normal(size=len(times))
    pause = np.zeros(RATE // 2)
    return np.concatenate([pause, sound, pause]).astype(np.float32)


def test_rate_and_range_come_from_the_sound_alone() -> None:
    slow, fast = heard(noise(4), RATE, TEXT), heard(noise(2), RATE, TEXT)
    assert slow.rate == pytest.approx(60, rel=0.05)
    assert fast.rate == pytest.approx(120, rel=0.05)
    assert heard(noise(4, 18), RATE, TEXT).loudness_range > slow.loudness_range + 6
    quiet = heard(noise(4) * np.float32(0.5), RATE, TEXT)
    assert slow.loudness - quiet.loudness == pytest.approx(6.02, abs=0.1)


def test_spearman_knows_ties_and_what_stands_still() -> None:
    assert spearman(np.array([1, 2, 3, 4]), np.array([1, 10, 100, 1000])) == pytest.approx(1)
    assert spearman(np.array([1, 2, 3, 4]), np.array([4, 3, 2, 1])) == pytest.approx(-1)
    assert spearman(np.array([1, 2, 3]), np.array([5, 5, 5])) == 0
    assert spearman(np.array([-1, -1, 0, 1, 1]), np.array([1, 2, 3, 4, 5])) == pytest.approx(0.949, abs=0.001)


def test_takes_are_compared_within_their_sentence_and_with_shuffles() -> None:
    takes = [
        Take(asked, sentence, Performed(100 * sentence + asked, 0.0, -asked, 1.0))
        for sentence in (0, 1)
        for asked in (0.1, 0.3, 0.5, 0.7, 0.9)
    ]
    rows = {row.metric: row for row in order_rows("extraversion", takes)}
    assert rows["delivery.extraversion_rate"].value == 1
    assert rows["delivery.extraversion_loudness_range"].value == -1
    assert rows["delivery.extraversion_head_motion"].value == 0
    control = rows["delivery.extraversion_rate"].control
    assert 0 < control["shuffled_p95"] < 0.9
    assert control["at_highest"] - control["at_lowest"] == pytest.approx(0.8)


def test_head_speed_is_in_eye_distances_a_second_and_deaf_to_noise() -> None:
    times = np.arange(50)[:, None, None] / 25
    eyes = np.array([[[100.0, 100.0], [180.0, 100.0]]]) + times * np.array([40.0, 0.0])
    assert head_speed(eyes.astype(np.float32), 25) == pytest.approx(0.5, rel=0.01)
    still = np.array([[[100.0, 100.0], [180.0, 100.0]]]) + np.random.default_rng(0).normal(0, 0.1, (50, 2, 2))
    assert head_speed(still.astype(np.float32), 25) < 0.02
    assert head_speed(eyes[:3].astype(np.float32), 25) == 0


@pytest.mark.weights
def test_a_bold_character_speaks_faster_louder_and_with_more_swing_than_a_timid_one() -> None:
    text, gains = "We walked home, humming a melody.", list[float]()
    cards = [
        write_card(who, llm=None, seed=1) for who in ("a timid, shy postman", "a bold, outgoing postman")
    ]
    for name in ("am_michael", "af_heart"):
        found = []
        for card in cards:
            voice, delivery = VoiceChoice(BACKEND, ((name, 1.0),)), delivery_for(card, text)
            speech = Speaker().speak(text, voice, delivery, seed=1)
            found.append(heard(speech.samples, speech.sample_rate, text))
        timid, bold = found
        assert bold.rate > 1.1 * timid.rate
        assert bold.loudness_range > timid.loudness_range + 1
        gains.append(bold.loudness - timid.loudness)
    assert min(gains) > 0
    assert np.mean(gains) > 1
