"""Lively speech swings between loud and quiet, subdued speech stays on one level."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.types import Float32

_SLOPE: Final = 2.0
"""Decibels of swing that one more of energy adds to each decibel of the voice's own."""
_WINDOW_S: Final = 0.06
"""Shorter than a syllable, longer than a period of the deepest voice."""
_REACH_DB: Final = (-24.0, 6.0)
"""Around the speech's own level; what is quieter still, breath and room, is not pushed further."""


def with_dynamics(samples: Float32, rate: int, energy: float) -> Float32:
    """Widen or narrow the swing between loud and quiet syllables.

    The directions are those that listeners take for arousal (Scherer 2003, Speech Communication 40): a wider
    range of intensity in anger and joy, a narrower one in sadness. The size is ours.

    Args:
        samples: (n,) float32 mono.
        rate: Hertz.
        energy: `Delivery.energy`; 1 changes nothing.

    Returns:
        (n,) float32; its loudness changes a little and is to be set afterwards.
    """
    slope = _SLOPE * (energy - 1.0)
    width = max(1, round(_WINDOW_S * rate))
    if slope == 0.0 or samples.size <= width:
        return samples
    power = _smoothed(samples.astype(np.float64) ** 2, width)
    level = 10 * np.log10(np.maximum(power, 1e-12))
    top = float(level.max())
    own = 10 * np.log10(float(power[level > top - 30].mean()))
    gain = slope * np.clip(level - own, *_REACH_DB)
    return np.asarray(samples * 10 ** (_smoothed(gain, width) / 20), np.float32)


def _smoothed(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """A running mean of the same length."""
    left = width // 2
    padded = np.pad(values, (left + 1, width - left - 1), mode="edge")
    sums = np.cumsum(padded)
    return np.asarray((sums[width:] - sums[:-width]) / width)
