"""The changes to Kokoro's graph, made in its bytes."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.errors import BackendError
from chatanything.hearing.recognizer import RECOGNIZERS
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.backends import kokoro
from chatanything.voice.backends.kokoro_graph import with_limits
from chatanything.voice.speech import Speaker


def test_another_export_is_refused_in_one_line() -> None:
    with pytest.raises(BackendError, match="not the expected export"):
        with_limits(b"no model")


@pytest.mark.weights
def test_silence_at_the_end_is_limited_and_speech_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, words = kokoro.Kokoro(), "ðə sˈi ɪz vˈæst."
    spoken = engine.synthesise(words, [("af_heart", 1.0)], 0.8)
    unlimited = np.full((1, len(words) + 2), 1e6, np.float32)
    monkeypatch.setattr(kokoro, "_limits", lambda _: unlimited)
    freely = engine.synthesise(words, [("af_heart", 1.0)], 0.8)
    assert len(freely.samples) - len(spoken.samples) >= 0.1 * engine.sample_rate
    assert np.diff(spoken.starts_s[:-1]) == pytest.approx(np.diff(freely.starts_s[:-1]))
    assert spoken.starts_s[0] == freely.starts_s[0]
    end_s = len(spoken.samples) / engine.sample_rate
    assert end_s - spoken.starts_s[-2] == pytest.approx((3 + 1 + 3) * 0.025)


@pytest.mark.weights
def test_the_first_word_is_not_swallowed() -> None:
    """Both voices need a long run-up; cut short, most of these begin with another word."""
    speaker, recogniser = Speaker(), RECOGNIZERS.factory("local")()
    heard = []
    for name in ("af_bella", "af_sarah"):
        for text in ("Glue the sheet to the dark blue background.", "Rice is often served in round bowls."):
            speech = speaker.speak(text, VoiceChoice("kokoro", ((name, 1.0),)), Delivery(), seed=0)
            said = recogniser.transcribe(speech.samples, speech.sample_rate)
            heard.append(said.split()[0].lower() == text.split()[0].lower())
    assert sum(heard) >= 3
