"""Speech to train on, by the real voices."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.training.motion_speech import RATE, load_speech, make_speech, speech_paths


@pytest.mark.weights
@pytest.mark.slow
def test_speech_is_made_once_and_again_the_same(tmp_path: Path) -> None:
    assert make_speech(tmp_path, 0.05) >= 1
    paths = speech_paths(tmp_path)
    before = paths[0].read_bytes()
    speech = load_speech(paths[0])
    assert speech.sample_rate == RATE
    assert speech.duration_s > 0.5
    assert len(speech.phones()) > 5
    assert speech.phones()[-1].end_s <= speech.duration_s + 0.02
    assert make_speech(tmp_path, 0.05) == 0
    paths[0].unlink()
    make_speech(tmp_path, 0.05)
    assert paths[0].read_bytes() == before
