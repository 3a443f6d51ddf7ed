"""Spoken stretches as one track: cut to their sound, with pauses between and inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from chatanything.types import Float32, TimedUnit
from chatanything.voice.align import fill_gaps

TAIL_S: Final = 0.3
"""Silence behind the last sound."""
_PAUSES_S: Final = {".": 0.34, "!": 0.34, "?": 0.38, "…": 0.55, ":": 0.26, ";": 0.26, ",": 0.16, "—": 0.22}
"""Pause after a part that ends in this mark; `_JOINT_S` where a sentence had to be cut."""
_JOINT_S: Final = 0.08
_ATTACK_S: Final = 0.04
_RELEASE_S: Final = 0.08
_MOST_RELEASE_S: Final = 0.25
_QUIET_DB: Final = -42.0
_FADE_S: Final = 0.006


@dataclass(frozen=True, slots=True)
class Part:
    """Spoken utterance, cut to its sound."""

    samples: Float32
    units: tuple[TimedUnit, ...]
    gap_s: float = 0.0
    """Silence behind it."""


def pause_s(mark: str, factor: float) -> float:
    """How long somebody pauses at a mark.

    Args:
        mark: Punctuation; empty where a sentence was cut.
        factor: `Delivery.pauses`.
    """
    return _PAUSES_S.get(mark, _JOINT_S) * factor


def _shift(units: Sequence[TimedUnit], by_s: float) -> Iterator[TimedUnit]:
    for u in units:
        yield TimedUnit(u.text, u.kind, u.start_s + by_s, u.end_s + by_s)


def trimmed(samples: Float32, units: Sequence[TimedUnit], rate: int) -> Part:
    """Cut the engine's own silence off both ends, by the timings and then by the sound itself.

    Args:
        samples: (n,) float32 mono.
        units: At least one, in order of time.
        rate: Hertz.
    """
    begin = max(0, round((units[0].start_s - _ATTACK_S) * rate))
    end = min(len(samples), round((units[-1].end_s + _RELEASE_S) * rate))
    step = rate // 100
    limit = min(len(samples), round((units[-1].end_s + _MOST_RELEASE_S) * rate))
    floor = float(np.abs(samples).max(initial=0.0)) * 10 ** (_QUIET_DB / 20)
    while end + step <= limit and np.sqrt(np.mean(samples[end - step : end] ** 2)) > floor:
        end += step
    kept = _faded(_faded(samples[begin:end], rate, end=True), rate, end=False)
    return Part(kept, tuple(_shift(units, -begin / rate)))


def with_pauses(part: Part, factor: float, rate: int) -> Part:
    """Scale the pauses inside a part by cutting sound out of their middle or adding silence there."""
    samples, units, moved = part.samples, list(part.units), 0
    gaps = [u for u in fill_gaps(units, len(samples) / rate) if u.text == "SIL" and u.kind == "phone"]
    for gap in gaps[1:-1]:
        change = round((factor - 1) * (gap.end_s - gap.start_s) * rate)
        middle = round((gap.start_s + gap.end_s) / 2 * rate) + moved
        removed = max(-change, 0)
        head = samples[: middle - removed // 2]
        tail = samples[middle - removed // 2 + removed :]
        samples = np.concatenate(
            (
                _faded(head, rate, end=True),
                np.zeros(max(change, 0), np.float32),
                _faded(tail, rate, end=False),
            )
        )
        later = gap.start_s + moved / rate + 1e-6
        units = [u if u.start_s < later else next(_shift([u], change / rate)) for u in units]
        moved += change
    return replace(part, samples=samples, units=tuple(units))


def _faded(samples: Float32, rate: int, *, end: bool) -> Float32:
    """A copy with a short fade at one side, so that a cut does not click."""
    out = np.array(samples, np.float32)
    ramp = np.linspace(0, 1, min(int(_FADE_S * rate), len(out)), dtype=np.float32)
    if end:
        out[len(out) - len(ramp) :] *= ramp[::-1]
    else:
        out[: len(ramp)] *= ramp
    return out


def joined(parts: Sequence[Part], rate: int, lead_s: float) -> tuple[Float32, tuple[TimedUnit, ...]]:
    """One track with silence before it and behind every part, and all units on its clock.

    Args:
        parts: At least one.
        rate: Hertz.
        lead_s: Silence before the first.
    """
    track, units = [np.zeros(round(lead_s * rate), np.float32)], list[TimedUnit]()
    clock = len(track[0])
    for part in parts:
        units += _shift(part.units, clock / rate)
        track += [part.samples, np.zeros(round(part.gap_s * rate), np.float32)]
        clock += len(part.samples) + len(track[-1])
    return np.concatenate(track), tuple(units)


def softly_ended(samples: Float32, rate: int) -> Float32:
    """A copy that ends in silence, where an effect would ring on past its end."""
    return _faded(samples, rate, end=True)
