"""What the sync judge looks at: a few lengths of the mouth, and a log-mel spectrogram.

Both are brought to the scale of their own clip, so that a drawn mouth that opens half as far, or a voice
that is twice as loud, looks like any other.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np

from chatanything.media.audio import resampled_blocks
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
_HOP: Final = round(_RATE / FPS / MEL_PER_FRAME)
_WINDOW: Final = 400
_FFT: Final = 512
_BLOCK: Final = 2048
"""Steps whose spectra are computed at once."""
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


def log_mel(samples: Float32, sample_rate: int, *, least: float = 0.0) -> Float32:
    """The sound of a clip.

    Args:
        samples: (n,) float32 mono.
        sample_rate: Hertz.
        least: Mean power of a band that the clip's loud parts are taken to have at least, so that hiss is not
            blown up to speech.

    Returns:
        (m, BANDS) float32 every 10 ms, step 0 around the first sample; 0 is silence, 1 about the level of
        the clip's loud parts.
    """
    power = _band_powers(samples, sample_rate)
    loud = max(float(np.percentile(power.sum(axis=1), 95)) / BANDS, least)
    if loud <= 0:
        return np.zeros(power.shape, np.float32)
    level = 10 * np.log10(power / loud + 10 ** (-_RANGE_DB / 10)) + _RANGE_DB
    return np.asarray(level / _RANGE_DB, np.float32)


def _band_powers(samples: Float32, sample_rate: int) -> Float32:
    """(steps, BANDS), block by block: the spectra of ten minutes would take half a gigabyte."""
    count = max(1, -(-round(len(samples) * _RATE / sample_rate) // _HOP))
    window, filters = np.hanning(_WINDOW), _filters().T
    powers, done = np.empty((count, BANDS), np.float32), 0
    rest = np.zeros(_WINDOW // 2, np.float32)
    silence = np.zeros(_WINDOW + _HOP, np.float32)
    for block in chain(resampled_blocks(samples, sample_rate, _RATE), (silence,)):
        rest = np.concatenate([rest, block])
        ready = max(0, min((len(rest) - _WINDOW) // _HOP + 1, count - done))
        for at in range(0, ready, _BLOCK):
            parts = np.lib.stride_tricks.sliding_window_view(rest, _WINDOW)[_HOP * at :: _HOP]
            parts = parts[: min(_BLOCK, ready - at)]
            spectra = np.abs(np.fft.rfft(parts * window, _FFT, axis=1)) ** 2
            powers[done + at : done + at + len(parts)] = spectra @ filters
        done += ready
        rest = rest[_HOP * ready :]
    return powers


@lru_cache(maxsize=1)
def _filters() -> Float32:
    """(BANDS, _FFT / 2 + 1) triangles, evenly apart in mel."""
    lowest, highest = (2595 * float(np.log10(1 + hertz / 700)) for hertz in (_LOWEST_HZ, _HIGHEST_HZ))
    points = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    frequency = np.fft.rfftfreq(_FFT, 1 / _RATE)
    low, middle, high = points[:-2, None], points[1:-1, None], points[2:, None]
    rising, falling = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)
