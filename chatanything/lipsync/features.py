"""Mouth shapes from the sound alone, for recordings whose words are not known."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.types import Float32
from chatanything.visemes import VISEMES, blendshape_vector

_WINDOW_S: Final = 0.03
_BANDS: Final = ((150, 450), (450, 1000), (1000, 2500), (3500, 7500))
"""Hertz: voicing and rounding, open vowels, spread vowels, hiss."""
_QUIET: Final = 0.06
"""Loudness below which the mouth is shut, over the clip's 95th percentile."""


def sound_shapes(samples: Float32, sample_rate: int, *, frames: int, fps: float, gain: float) -> Float32:
    """Openness from loudness, spread or rounding from where the energy lies, hiss from the top band.

    Args:
        samples: (n,) float32 mono.
        sample_rate: Hertz.
        frames: How many.
        fps: Frames a second.
        gain: Factor on opening.

    Returns:
        (frames, 52) float32 in 0..1.
    """
    bands = _band_levels(samples, sample_rate, frames, fps)
    level = bands[:, :3].sum(axis=1)
    loud = level / max(float(np.percentile(level, 95)), 1e-6)
    open_ = np.clip((loud - _QUIET) / (1 - _QUIET), 0, 1) ** 0.7
    share = bands / np.maximum(bands.sum(axis=1, keepdims=True), 1e-6)
    spread = np.clip((share[:, 2] - 0.18) * 3, 0, 1)
    rounded = np.clip((share[:, 0] - 0.5) * 2, 0, 1) * (1 - spread)
    hiss = np.clip((share[:, 3] - 0.3) * 3, 0, 1) * (bands.sum(axis=1) > 0.1 * np.percentile(level, 95))
    wide = np.clip(1 - spread - rounded, 0, 1)
    weights = np.stack([open_ * wide, open_ * spread, open_ * rounded, hiss * (1 - open_)], axis=1)
    targets = np.stack([blendshape_vector(VISEMES[name]) for name in ("aa", "E", "ou", "SS")])
    kernel = np.array([0.25, 0.5, 0.25])
    smooth = np.stack([np.convolve(column, kernel)[1:-1] for column in weights.T], axis=1)
    return np.asarray(np.clip(smooth @ targets * gain, 0, 1), np.float32)


def _band_levels(samples: Float32, sample_rate: int, frames: int, fps: float) -> Float32:
    """Root energy of the bands around the middle of every frame, (frames, bands)."""
    length = int(_WINDOW_S * sample_rate)
    window = np.hanning(length)
    frequency = np.fft.rfftfreq(length, 1 / sample_rate)
    padded = np.pad(samples, (length, 2 * length))
    levels = np.zeros((frames, len(_BANDS)))
    for frame in range(frames):
        start = int((frame + 0.5) / fps * sample_rate) + length - length // 2
        part = padded[start : start + length]
        if part.size < length:
            break
        power = np.abs(np.fft.rfft(part * window)) ** 2
        for k, (low, high) in enumerate(_BANDS):
            levels[frame, k] = np.sqrt(power[(frequency >= low) & (frequency < high)].sum())
    return levels.astype(np.float32)
