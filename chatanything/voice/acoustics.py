"""What a voice is like, measured on its sound alone: pitch, melody, brightness, voicing, pace, level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.types import Float32

_FRAME_MS: Final = 5.0
_F0_CEIL: Final = 500.0
_QUIET_DB: Final = -40.0
"""Below the loudest moment: silence."""
_DIP_DB: Final = 2.0
"""Two syllables are apart when the level between them falls by this much (de Jong and Wempe 2009)."""
_SYLLABLE_DB: Final = -25.0
"""A syllable is at least this loud against the loudest."""
_SMOOTH_S: Final = 0.045


@dataclass(frozen=True, slots=True)
class Acoustics:
    """Figures of one piece of speech."""

    f0_hz: float
    """Median pitch, Hertz; 0 without any voiced sound."""
    melody_st: float
    """Semitones between the 10th and 90th percentile of the pitch."""
    tilt_db: float
    """Level of 2..8 kHz against 80 Hz..2 kHz, decibels."""
    voiced: float
    """Share of the time with vocal-cord tone, 0..1."""
    seconds: float
    """From the first sound to the last."""
    syllables_s: float
    """Syllables a second of sound, pauses left out, counted as peaks of the level."""
    level_db: float
    """Root mean square of the sound, pauses left out, decibels against full scale."""


def measure_sound(samples: Float32, sample_rate: int, *, floor_hz: float = 55.0) -> Acoustics:
    """Measure a piece of speech.

    Args:
        samples: (n,) float32 mono with some sound in it.
        sample_rate: Hertz.
        floor_hz: Lowest pitch to look for; twice as high for a high voice keeps octave errors away.

    Returns:
        The figures; the pitch by WORLD's Harvest (Morise 2017).
    """
    import pyworld

    sound = np.asarray(samples, np.float64)
    step = sample_rate // 200
    power = np.array([np.mean(np.square(sound[i : i + 2 * step])) for i in range(0, len(sound), step)])
    heard = 10 * np.log10(power / max(power.max(initial=0.0), 1e-12) + 1e-12) > _QUIET_DB
    where = np.flatnonzero(heard)
    first, last = (where[0] * step, (where[-1] + 1) * step) if len(where) else (0, len(sound))
    sound = sound[first:last]
    f0, _ = pyworld.harvest(sound, sample_rate, f0_floor=floor_hz, f0_ceil=_F0_CEIL, frame_period=_FRAME_MS)
    tone = f0[f0 > 0]
    middle = float(np.median(tone)) if len(tone) else 0.0
    melody = float(np.ptp(np.percentile(12 * np.log2(tone / middle), [10, 90]))) if len(tone) else 0.0
    spoken_s = float(heard.sum()) * step / sample_rate
    return Acoustics(
        f0_hz=middle,
        melody_st=melody,
        tilt_db=_tilt(sound, sample_rate),
        voiced=len(tone) / max(len(f0), 1),
        seconds=len(sound) / sample_rate,
        syllables_s=_syllables(sound, sample_rate) / max(spoken_s, 1e-6),
        level_db=10 * float(np.log10(power[heard].mean() if heard.any() else 1e-12)),
    )


def _tilt(sound: np.ndarray[tuple[int], np.dtype[np.float64]], rate: int) -> float:
    power, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / rate)
    bright = power[(hertz > 2000) & (hertz < 8000)].sum()
    dark = power[(hertz > 80) & (hertz < 2000)].sum()
    return 10 * float(np.log10((bright + 1e-12) / (dark + 1e-12)))


def _syllables(sound: np.ndarray[tuple[int], np.dtype[np.float64]], rate: int) -> int:
    """Peaks of the level between 300 Hz and 3 kHz that stand out from the dips around them."""
    spectrum, hertz = np.fft.rfft(sound), np.fft.rfftfreq(len(sound), 1 / rate)
    spectrum[(hertz < 300) | (hertz > 3000)] = 0
    power = np.square(np.fft.irfft(spectrum, len(sound)))
    width = round(_SMOOTH_S * rate)
    kernel = np.hanning(width)
    size = len(power) + width - 1
    smooth = np.fft.irfft(np.fft.rfft(power, size) * np.fft.rfft(kernel, size), size)[:: rate // 200]
    level = 10 * np.log10(np.maximum(smooth, 0) / max(smooth.max(initial=0.0), 1e-12) + 1e-9)
    count, peak, dip, rising = 0, -np.inf, level[0] if len(level) else 0.0, True
    for now in level:
        if rising:
            peak = max(peak, now)
            if now < peak - _DIP_DB:
                count += peak > _SYLLABLE_DB
                rising, dip = False, now
        else:
            dip = min(dip, now)
            if now > dip + _DIP_DB:
                rising, peak = True, now
    return count + int(rising and peak > _SYLLABLE_DB and peak > dip + _DIP_DB)
