"""Pitch shifts and creature voices with the WORLD vocoder, and small filters of our own.

WORLD (Morise et al. 2016) splits speech into pitch, spectral envelope and aperiodicity; each is changed
alone and the speech put together again. Timing never changes, so phone times stay valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from chatanything.errors import SpeechError
from chatanything.seeds import generator
from chatanything.types import Float32

_FRAME_MS: Final = 5.0
_F0_FLOOR: Final = 55.0
_F0_CEIL: Final = 560.0
_HALL_S: Final = 0.9
_LEAST_SHIFT: Final = 0.3
"""Semitones below which the sound passes untouched: hardly heard, and not worth a vocoder."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What makes a human voice a creature's."""

    summary: str
    f0: float = 1.0
    """Factor on the pitch."""
    formant: float = 1.0
    """Factor on the frequencies of the spectral envelope; below 1 is a longer throat."""
    monotone_hz: float = 0.0
    """Fixed pitch; 0 keeps the melody."""
    breath: float = 0.0
    """0..1, share of noise added to voiced sounds."""
    comb_ms: float = 0.0
    """Delay of a resonating echo (metallic); 0 is off."""
    comb_gain: float = 0.0
    """0..0.9, feedback of that echo."""
    hall: float = 0.0
    """0..1, level of a soft reverberation."""

    @property
    def rings_s(self) -> float:
        """How long it is heard after the voice."""
        return _HALL_S if self.hall else 0.0


EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        "none": Effect("as recorded"),
        "giant": Effect("a huge throat: ogres, dragons, mountains", f0=0.72, formant=0.83),
        "child": Effect("a small throat", f0=1.3, formant=1.16),
        "boy": Effect("a small throat for male voices", f0=1.9, formant=1.2),
        "imp": Effect("tiny and shrill: mice, fairies, imps", f0=1.62, formant=1.22),
        "robot": Effect("one low note with a metal ring", monotone_hz=110.0, comb_ms=12.0, comb_gain=0.45),
        "robot_f": Effect("one high note with a metal ring", monotone_hz=200.0, comb_ms=8.0, comb_gain=0.45),
        "ghost": Effect("breath in a cold hall", f0=0.95, breath=0.45, hall=0.35),
        "crone": Effect("thin, dry and breathy", f0=0.97, formant=1.1, breath=0.15),
    }
)


def _warp(envelope: Float32, factor: float) -> Float32:
    """Stretch every spectrum along frequency; above the top its last value stays."""
    bins = envelope.shape[1]
    position = np.minimum(np.arange(bins) / factor, bins - 1.0)
    low = np.floor(position).astype(int)
    share = position - low
    high = np.minimum(low + 1, bins - 1)
    return np.ascontiguousarray(envelope[:, low] ** (1 - share) * envelope[:, high] ** share)


def _vocode(samples: Float32, rate: int, effect: Effect, semitones: float) -> Float32:
    import pyworld

    x = np.ascontiguousarray(samples, np.float64)
    f0, times = pyworld.dio(x, rate, f0_floor=_F0_FLOOR, f0_ceil=_F0_CEIL, frame_period=_FRAME_MS)
    f0 = pyworld.stonemask(x, f0, times, rate)
    envelope = pyworld.cheaptrick(x, f0, times, rate)
    noise = pyworld.d4c(x, f0, times, rate)
    factor = effect.f0 * 2 ** (semitones / 12)
    note = effect.monotone_hz * 2 ** (semitones / 12)
    f0 = np.where(f0 > 0, note or f0 * factor, 0.0)
    if effect.formant != 1.0:
        envelope, noise = _warp(envelope, effect.formant), _warp(noise, effect.formant)
    if effect.breath:
        noise = noise + (1 - noise) * effect.breath
    made = pyworld.synthesize(f0, envelope, np.clip(noise, 0.0, 1.0), rate, _FRAME_MS)
    return np.pad(np.asarray(made, np.float32), (0, max(0, len(x) - len(made))))[: len(x)]


def _comb(samples: Float32, rate: int, delay_ms: float, gain: float) -> Float32:
    """Feedback comb filter y[n] = x[n] + g y[n-d], a block of d samples at a time."""
    delay = max(1, round(delay_ms * rate / 1000))
    count = -(-len(samples) // delay)
    blocks = np.pad(samples, (0, count * delay - len(samples))).reshape(count, delay).copy()
    for i in range(1, count):
        blocks[i] += np.float32(gain) * blocks[i - 1]
    return np.asarray(blocks.reshape(-1)[: len(samples)] * (1 - gain / 2), np.float32)


def _hall(samples: Float32, rate: int, level: float, seed: int) -> Float32:
    """Convolution with decaying noise of `_HALL_S`; the tail past the end is dropped."""
    length = int(_HALL_S * rate)
    decay = np.exp(-np.arange(length) / (0.22 * rate))
    response = generator(seed, "hall").normal(size=length) * decay
    response[: int(0.012 * rate)] = 0.0
    response *= level / np.sqrt(np.sum(response**2))
    size = 1 << (len(samples) + length).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[: len(samples)]
    return np.asarray(samples + wet, np.float32)


def effect_named(name: str) -> Effect:
    """The effect of that name.

    Raises:
        SpeechError: There is none.
    """
    if name not in EFFECTS:
        raise SpeechError(f"unknown voice effect {name!r}", expected="one of " + ", ".join(EFFECTS))
    return EFFECTS[name]


def revoiced(samples: Float32, rate: int, name: str, semitones: float) -> Float32:
    """Another pitch and throat; the length stays. Takes 3 MB a second of sound: sentence by sentence is best.

    Args:
        samples: (n,) float32, mono.
        rate: Hertz.
        name: A key of `EFFECTS`.
        semitones: Added to the pitch, -12..12.

    Returns:
        (n,) float32.

    Raises:
        SpeechError: No such effect.
    """
    effect = effect_named(name)
    if name == "none" and abs(semitones) < _LEAST_SHIFT:
        return samples
    return _vocode(samples, rate, effect, semitones)


def resounded(samples: Float32, rate: int, name: str, seed: int) -> Float32:
    """The metal or the hall around a voice; the length stays.

    Args:
        samples: (n,) float32, mono, already revoiced.
        rate: Hertz.
        name: A key of `EFFECTS`.
        seed: For the noise of a hall.

    Returns:
        (n,) float32; levels may differ, normalise afterwards.

    Raises:
        SpeechError: No such effect.
    """
    effect, out = effect_named(name), samples
    if effect.comb_gain:
        out = _comb(out, rate, effect.comb_ms, effect.comb_gain)
    if effect.hall:
        out = _hall(out, rate, effect.hall, seed)
    return out


def apply_effect(samples: Float32, rate: int, name: str, semitones: float, seed: int) -> Float32:
    """`revoiced`, then `resounded`."""
    return resounded(revoiced(samples, rate, name, semitones), rate, name, seed)
