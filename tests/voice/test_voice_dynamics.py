"""The swing between loud and quiet syllables."""

from __future__ import annotations

import numpy as np
import pytest

from chatanything.types import Float32
from chatanything.voice.dynamics import with_dynamics

RATE = 8000


def syllables() -> Float32:
    """Three seconds of a tone whose level swings by 12 dB three times a second, then silence."""
    times = np.arange(3 * RATE) / RATE
    level = 10 ** (6 * np.sin(2 * np.pi * 3 * times) / 20)
    tone = 0.1 * level * np.sin(2 * np.pi * 200 * times)
    return np.concatenate([tone, np.zeros(RATE)]).astype(np.float32)


def swing(samples: Float32) -> float:
    power = (samples[: 3 * RATE].astype(np.float64) ** 2).reshape(-1, RATE // 50).mean(axis=1)
    return float(np.ptp(10 * np.log10(power)))


@pytest.mark.parametrize(("energy", "wider"), [(1.2, True), (0.8, False)])
def test_energy_widens_the_swing(energy: float, wider: bool) -> None:
    before = syllables()
    after = with_dynamics(before, RATE, energy)
    assert (swing(after) > swing(before) + 2) is wider
    assert (swing(after) < swing(before) - 2) is not wider
    assert after.dtype == np.float32
    assert len(after) == len(before)
    assert not after[-RATE // 2 :].any()


def test_ordinary_energy_and_very_short_sounds_stay() -> None:
    sound = syllables()
    assert with_dynamics(sound, RATE, 1.0) is sound
    assert with_dynamics(sound[:100], RATE, 1.5) is not None
    assert np.array_equal(with_dynamics(np.zeros(0, np.float32), RATE, 1.5), np.zeros(0, np.float32))
