"""Emphasised words: longer, higher and louder than they were, with the WORLD vocoder.

Duration, pitch and intensity together are how English speakers mark focus (Fry 1958, Language and Speech 1;
Eady and Cooper 1986, JASA 80); the sizes are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from chatanything.types import TimedUnit
from chatanything.voice.track import Part

_LONGER: Final = 1.22
_HIGHER_ST: Final = 2.6
_LOUDER_DB: Final = 3.5
_EDGE_S: Final = 0.04
"""Over which it sets in and wears off."""
_FRAME_S: Final = 0.005
_F0: Final = (55.0, 560.0)

_Float64 = npt.NDArray[np.float64]


def with_emphasis(part: Part, words: Sequence[TimedUnit], rate: int) -> Part:
    """A part with some of its words emphasised.

    Args:
        part: As it was spoken.
        words: Those of its word units that are emphasised.
        rate: Hertz.
    """
    if not words:
        return part
    import pyworld

    x = np.ascontiguousarray(part.samples, np.float64)
    f0, times = pyworld.dio(x, rate, f0_floor=_F0[0], f0_ceil=_F0[1], frame_period=1000 * _FRAME_S)
    f0 = pyworld.stonemask(x, f0, times, rate)
    envelope, noise = pyworld.cheaptrick(x, f0, times, rate), pyworld.d4c(x, f0, times, rate)
    share = _share(times, words)
    clock = np.concatenate(([0.0], np.cumsum(_FRAME_S * (1 + (_LONGER - 1) * share))))
    later = np.arange(0.0, clock[-1], _FRAME_S)
    at = np.clip(np.interp(later, clock[:-1], np.arange(len(times))), 0, len(times) - 1)
    near, low = np.round(at).astype(int), np.floor(at).astype(int)
    high, between = np.minimum(low + 1, len(times) - 1), (at - low)[:, None]
    pitch = f0[near] * 2 ** (_HIGHER_ST * share[near] / 12)
    spectra = envelope[low] ** (1 - between) * envelope[high] ** between
    made = pyworld.synthesize(
        np.ascontiguousarray(pitch), np.ascontiguousarray(spectra), np.ascontiguousarray(noise[near]), rate,
        1000 * _FRAME_S,
    )  # fmt: skip
    samples = np.zeros(round(clock[-1] * rate), np.float64)
    samples[: len(made)] = made[: len(samples)]
    gain = np.interp(np.arange(len(samples)) / rate, later, _LOUDER_DB * share[near])
    return replace(
        part,
        samples=np.asarray(samples * 10 ** (gain / 20), np.float32),
        units=tuple(_moved(unit, times, clock[:-1]) for unit in part.units),
    )


def _share(times: _Float64, words: Sequence[TimedUnit]) -> _Float64:
    """0 where nothing is emphasised, 1 inside the words, sines between."""
    out = np.zeros(len(times))
    for word in words:
        inside = np.minimum(times - word.start_s, word.end_s - times)
        ramp = np.clip(0.5 + inside / (2 * _EDGE_S), 0.0, 1.0)
        out = np.maximum(out, np.sin(np.pi / 2 * ramp) ** 2)
    return out


def _moved(unit: TimedUnit, times: _Float64, clock: _Float64) -> TimedUnit:
    """A unit on the clock of the stretched sound."""
    start, end = np.interp((unit.start_s, unit.end_s), times, clock)
    return TimedUnit(unit.text, unit.kind, float(start), float(end))
