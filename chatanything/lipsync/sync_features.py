"""What the sync judge looks at: a few lengths of the mouth, and a log-mel spectrogram.

Both are brought to the scale of their own clip, so that a drawn mouth that opens half as far, or a voice
that is twice as loud, looks like any other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from chatanything.media.audio import resample
from chatanything.types import Float32

FPS: Final = 25.0
"""Mouth frames a second."""
MEL_PER_FRAME: Final = 4
"""Spectrogram steps a mouth frame, 10 ms each."""
BANDS: Final = 32
LENGTHS: Final = (
    (13, 14), (81, 178), (311, 402), (78, 308), (61, 291), (0, 17), (0, 13), (14, 17)
)  # fmt: skip
"""Landmark pairs whose distance is one channel each: the gap of the inner lips in the middle, right and left,
inner and outer width, outer height, thickness of the upper and of the lower lip. No texture, no place, no
jaw: what a drawn mouth shares with a recorded one."""
MIRRORED: Final = (0, 2, 1, 3, 4, 5, 6, 7)
"""The channels of the same face seen in a mirror."""
LEAST_SPREAD: Final = 0.01
"""Eye distances; a mouth that moves less is not blown up further, so that noise stays small."""
_EYES: Final = (33, 263)
_RATE: Final = 16_000
_LOWEST_HZ: Final = 80.0
_HIGHEST_HZ: Final = 7600.0
_WINDOW: Final = 400
_FFT: Final = 512
_BLOCK: Final = 2048
"""Steps whose spectra are computed at once: those of ten minutes take half a gigabyte."""
_RANGE_DB: Final = 50.0
"""What lies further below the clip's loud parts is silence."""


def mouth_series(landmarks: Float32, fps: float) -> Float32:
    """How the mouth of a clip moves.

    Args:
        landmarks: (T, 478, 2 or 3) px; NaN where there is no face.
        fps: Frames a second.

    Returns:
        (n, 8) float32 at `FPS`, frame 0 at the time of the first; every channel around its median, in its
        own standard deviations. All zero without a face.
    """
    first, second = np.array(LENGTHS).T
    eyes = np.linalg.norm(landmarks[:, _EYES[0], :2] - landmarks[:, _EYES[1], :2], axis=-1)
    known = np.isfinite(eyes)
    count = max(1, round(len(landmarks) / fps * FPS))
    if not known.any():
        return np.zeros((count, len(LENGTHS)), np.float32)
    # The clip's median, so that a turn of the head does not open the mouth.
    apart = np.linalg.norm(landmarks[:, first, :2] - landmarks[:, second, :2], axis=-1) / np.median(
        eyes[known]
    )
    times = np.flatnonzero(known) / fps
    wanted = np.arange(count) / FPS
    series = np.stack([np.interp(wanted, times, column) for column in apart[known].T], axis=1)
    return scaled(series.astype(np.float32))


def scaled(series: Float32) -> Float32:
    """(n, channels) in eye distances -> around the median, in standard deviations but not tiny ones."""
    spread = np.maximum(series.std(axis=0), LEAST_SPREAD)
    return np.asarray((series - np.median(series, axis=0)) / spread, np.float32)


def loudness(samples: Float32, sample_rate: int) -> float:
    """Mean power of a band in the clip's loud parts: what `log_mel` calls 1."""
    return _loud(_band_powers(resample(samples, sample_rate, _RATE)))


def log_mel(samples: Float32, sample_rate: int, loud: float | None = None) -> Float32:
    """The sound of a clip.

    Args:
        samples: (n,) float32 mono.
        sample_rate: Hertz.
        loud: Power to be called 1; None takes the clip's own `loudness`, which only a whole clip has.

    Returns:
        (m, BANDS) float32 every 10 ms, step 0 around the first sample; 0 is silence, 1 about the level of
        the clip's loud parts.
    """
    power = _band_powers(resample(samples, sample_rate, _RATE))
    loud = _loud(power) if loud is None else loud
    if loud <= 0:
        return np.zeros(power.shape, np.float32)
    level = 10 * np.log10(power / loud + 10 ** (-_RANGE_DB / 10)) + _RANGE_DB
    return np.asarray(level / _RANGE_DB, np.float32)


def _loud(power: Float32) -> float:
    return float(np.percentile(power.sum(axis=1), 95)) / BANDS


def _band_powers(sound: Float32) -> Float32:
    hop = round(_RATE / FPS / MEL_PER_FRAME)
    count = max(1, -(-len(sound) // hop))
    padded = np.pad(sound, (_WINDOW // 2, _WINDOW))
    window, filters = np.hanning(_WINDOW), _filters().T
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::hop][:count]
    powers = [
        np.abs(np.fft.rfft(windows[at : at + _BLOCK] * window, _FFT, axis=1)) ** 2 @ filters
        for at in range(0, count, _BLOCK)
    ]
    return np.concatenate(powers).astype(np.float32)


@lru_cache(maxsize=1)
def _filters() -> Float32:
    """(BANDS, _FFT / 2 + 1) triangles, evenly apart in mel."""
    lowest, highest = (2595 * float(np.log10(1 + hertz / 700)) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    points = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    frequency = np.fft.rfftfreq(_FFT, 1 / _RATE)
    low, middle, high = points[:-2, None], points[1:-1, None], points[2:, None]
    rising, falling = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)
