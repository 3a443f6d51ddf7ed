"""The changes to Kokoro's graph, made in its bytes."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.errors import BackendError
from chatanything.voice.backends import kokoro
from chatanything.voice.backends.kokoro_graph import with_limits


def test_another_export_is_refused_in_one_line() -> None:
    with pytest.raises(BackendError, match="not the expected export"):
        with_limits(b"no model")


@pytest.mark.weights
def test_silence_at_both_ends_is_limited_and_speech_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, words = kokoro.Kokoro(), "ðə sˈi ɪz vˈæst."
    spoken = engine.synthesise(words, [("af_heart", 1.0)], 0.8)
    unlimited = np.full((1, len(words) + 2), 1e6, np.float32)
    monkeypatch.setattr(kokoro, "_limits", lambda _: unlimited)
    freely = engine.synthesise(words, [("af_heart", 1.0)], 0.8)
    assert len(freely.samples) - len(spoken.samples) >= 0.1 * engine.sample_rate
    assert np.diff(spoken.starts_s[:-1]) == pytest.approx(np.diff(freely.starts_s[:-1]))
    assert spoken.starts_s[0] <= freely.starts_s[0]
    end_s = len(spoken.samples) / engine.sample_rate
    assert end_s - spoken.starts_s[-2] == pytest.approx((3 + 1 + 3) * 0.025)
