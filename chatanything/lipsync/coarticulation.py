"""Timed phones to mouth shapes, with neighbours reaching into each other.

Every phone has a target and a dominance; a shape at a time is the dominance-weighted mean of the targets
around it (Cohen and Massaro 1993). Bilabials and labiodentals are then put through, since no weighted mean
closes a mouth; the rules follow Edwards et al. 2016 (JALI), section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from chatanything.types import Float32, Speech, TimedUnit
from chatanything.visemes import BILABIALS, INDEX, PHONE_TO_VISEME, VISEMES, blendshape_vector

RATE: Final = 200
"""Samples a second of the fine time grid."""
_SPREAD_S: Final = 0.055
"""Standard deviation of a phone's reach beyond its own time; lips that follow every phone more closely are
more restless than recorded ones."""
_DOMINANCE: Final = {"PP": 2.5, "FF": 2.2, "CH": 1.6, "ou": 1.6, "oh": 1.3, "aa": 1.2, "E": 1.1, "ih": 1.0}
_WEAK: Final = 0.5
"""Dominance of what is spoken with the tongue: the lips stay with the neighbours."""
_APERTURE: Final = {
    "AA": 1.15, "AE": 1.1, "AW": 1.1, "AO": 1.0, "OW": 0.9, "EH": 1.3, "EY": 1.35, "AY": 1.05, "AH": 0.75,
    "IH": 1.1, "IY": 1.0, "UH": 1.2, "UW": 0.7, "W": 0.5, "R": 0.7, "DH": 0.6, "TH": 0.8, "S": 1.3, "Z": 1.3,
    "T": 1.2, "D": 1.2,
}  # fmt: skip
"""Opening of a phone beside the others of its viseme: low vowels are wider (IPA chart, height), and the order
follows the mean openings of the recorded speaker of GRID."""
_GLIDES: Final = {
    "AY": ("IH", 0.7), "OY": ("IH", 0.6), "AW": ("UH", 0.7), "OW": ("UH", 0.7),
}  # fmt: skip
"""Diphthong -> the vowel that it ends as, and the share of its time before that. The recorded speaker's EY
does not close towards its end."""
_NUCLEUS_S: Final = 0.1
"""Least time of a diphthong's first vowel."""
_SILENCE_S: Final = 0.09
"""Shorter gaps between words do not close the mouth."""
_SEEN: Final = 0.25
"""The moment of its time, in frames, that a frame shows: with the middle the lips were 12 ms early."""
_HELD: Final = 0.1
"""Share of its length for which a closure is held; held longer, lips follow the phones around it less closely
(r of `evaluate lipsync`)."""
_LEAVING: Final = 1.2
"""Frames in which lips come from a closure, or go into it."""
_SHUT: Final = {"P": 1.0, "B": 1.0, "M": 1.0, "F": 0.85, "V": 0.85}
OPENING: Final = (
    "jawOpen",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
)
"""What a wider articulation makes larger."""


def mouth_shapes(speech: Speech, *, frames: int, fps: float, gain: float) -> Float32:
    """Mouth blendshapes of every frame.

    Args:
        speech: Samples and phones.
        frames: How many.
        fps: Frames a second.
        gain: Factor on opening, closures excepted.

    Returns:
        (frames, 52) float32 in 0..1.
    """
    phones = [unit for unit in speech.phones() if unit.text in PHONE_TO_VISEME]
    count = int(np.ceil(frames / fps * RATE)) + 1
    grid = np.arange(count) / RATE
    shapes = _blend(phones, _stress(speech, phones), grid.astype(np.float32), gain)
    times = frame_times(frames, fps)
    sampled = np.stack([np.interp(times, grid, shapes[:, k]) for k in range(shapes.shape[1])], axis=1)
    return close_lips(sampled.astype(np.float32), phones, times, fps)


def frame_times(frames: int, fps: float) -> Float32:
    """The moment that each frame shows, (frames,) float32 seconds."""
    return ((np.arange(frames) + _SEEN) / fps).astype(np.float32)


def _blend(phones: Sequence[TimedUnit], stress: Float32, grid: Float32, gain: float) -> Float32:
    """Dominance-weighted targets on the fine grid."""
    pieces = [
        piece for unit, loud in zip(phones, stress, strict=True) for piece in _pieces(unit, float(loud))
    ]
    targets = np.zeros((len(grid), len(INDEX)), np.float32)
    weights = np.full(len(grid), 1.0, np.float32)
    opened = np.array([INDEX[name] for name in OPENING])
    for unit, length, loud in pieces:
        viseme = PHONE_TO_VISEME[unit.text]
        span = slice(
            round(unit.start_s * RATE), max(round(unit.end_s * RATE), round(unit.start_s * RATE) + 1)
        )
        target = blendshape_vector(VISEMES[viseme])
        if viseme not in ("PP", "sil"):
            # A short vowel has no time to open fully.
            wide = _APERTURE.get(unit.text, 1.0)
            target[opened] *= gain * loud * wide * min(1.0, 0.6 + 0.4 * length / 0.09)
        targets[span] = np.clip(target, 0, 1)
        if viseme == "sil":
            weights[span] = 1.0 if length >= _SILENCE_S else 0.05
        else:
            weights[span] = _DOMINANCE.get(viseme, _WEAK)
    kernel = _gaussian(_SPREAD_S)
    mass = _spread(weights, kernel)
    return np.stack(
        [_spread(weights * targets[:, k], kernel) / mass for k in range(targets.shape[1])], axis=1
    )


def _pieces(unit: TimedUnit, loud: float) -> list[tuple[TimedUnit, float, float]]:
    """A phone, or both parts of a diphthong, each with the length and the loudness of the whole."""
    length = unit.end_s - unit.start_s
    if unit.text not in _GLIDES:
        return [(unit, length, loud)]
    end, share = _GLIDES[unit.text]
    # A short one does not get to its second vowel.
    turn = unit.start_s + max(share * length, min(length, _NUCLEUS_S))
    if turn >= unit.end_s:
        return [(unit, length, loud)]
    first, last = replace(unit, end_s=turn), replace(unit, text=end, start_s=turn)
    return [(first, length, loud), (last, length, loud)]


def _spread(signal: Float32, kernel: Float32) -> Float32:
    """Convolution of the signal's own length, also where the kernel is longer."""
    half = len(kernel) // 2
    return np.convolve(signal, kernel)[half : half + len(signal)].astype(np.float32)


def _gaussian(sigma_s: float) -> Float32:
    reach = int(3 * sigma_s * RATE)
    x = np.arange(-reach, reach + 1) / RATE
    kernel = np.exp(-0.5 * (x / sigma_s) ** 2)
    return np.asarray((kernel / kernel.sum()), np.float32)


def _stress(speech: Speech, phones: Sequence[TimedUnit]) -> Float32:
    """Loudness of each phone against the clip's median phone, 0.8..1.2."""
    levels = []
    for unit in phones:
        part = speech.samples[int(unit.start_s * speech.sample_rate) : int(unit.end_s * speech.sample_rate)]
        levels.append(float(np.sqrt(np.mean(part**2))) if part.size else 0.0)
    level = np.array(levels, np.float32)
    spoken = level[level > 1e-3]
    middle = float(np.median(spoken)) if spoken.size else 1.0
    return np.clip((np.maximum(level, 1e-4) / middle) ** 0.35, 0.8, 1.2).astype(np.float32)


def close_lips(shapes: Float32, phones: Sequence[TimedUnit], times: Float32, fps: float) -> Float32:
    """Put closures through: each has at least one frame that is fully shut.

    Args:
        shapes: (frames, 52).
        phones: Others than P, B, M, F and V are left as they are.
        times: (frames,) seconds at which the shapes are seen.
        fps: Frames a second.
    """
    for unit in phones:
        if unit.text not in _SHUT:
            continue
        shut = blendshape_vector(VISEMES["PP" if unit.text in BILABIALS else "FF"])
        middle, half = (unit.start_s + unit.end_s) / 2, (unit.end_s - unit.start_s) / 2
        away = np.maximum(np.abs(times - middle) - half * _HELD, 0.0) * fps
        amount = np.clip(1.0 - away / _LEAVING, 0.0, 1.0)
        amount[int(np.argmin(np.abs(times - middle)))] = 1.0
        amount = (_SHUT[unit.text] * amount * amount * (3 - 2 * amount)).astype(np.float32)[:, None]
        shapes = shapes * (1 - amount) + shut * amount
    return shapes
