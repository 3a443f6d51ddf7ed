"""How well the lips of finished videos fit their sound.

The mouth opening measured in the pictures (mouth.py) against the openness expected from the phones
that a forced aligner finds in the sound (phones.py). Nothing that drove the animation is read. Every figure
comes with controls that must come out worse: the phones of another clip, a mouth that never moves, and a
planted delay that must be found again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from chatanything.errors import UsageError
from chatanything.evaluation.mouth import MouthClip
from chatanything.evaluation.phones import FITTED, OPENNESS, bare, expected_openness, pauses, spoken
from chatanything.evaluation.rows import Row
from chatanything.types import Float32, TimedUnit
from chatanything.visemes import BILABIALS

SEARCH_S: Final = 0.24
"""Delays are looked for within +- this many seconds; wider windows find false peaks in short clips."""
LAG_STEP_S: Final = 0.01
PLANTED_S: Final = 0.16
GOOD_LAG_MS: Final = 80.0
PAUSE_S: Final = 0.2
PAUSE_EDGE_S: Final = 0.08
"""Cut off both ends of a pause: lips need time to close and open early for the next word."""
SWAPS: Final = 3
"""Other clips whose phones are tried on each clip."""
RECORDED: Final = {
    "lipsync.correlation": 0.754,
    "lipsync.correlation_fitted": 0.799,
    "lipsync.closure_recall": 1.0,
    "lipsync.closed_in_silence": 0.876,
    "lipsync.jitter": 0.230,
}
"""What a real mouth scores by the same code: the 50 test clips of speaker 1 of the GRID corpus (Cooke et al.
2006, CC BY 4.0), 25 frames a second; its delay comes out as -18 ms."""

Measure = Callable[[MouthClip], tuple[float, int] | None]
"""A clip to its value and the number of things it stands for; None where there is nothing to measure."""


def lags() -> Float32:
    """The delays that are tried, in seconds; positive: the mouth is late."""
    count = round(SEARCH_S / LAG_STEP_S)
    return (np.arange(-count, count + 1) * LAG_STEP_S).astype(np.float32)


def correlation(clip: MouthClip, lag_s: float = 0.0, table: Mapping[str, float] = OPENNESS) -> float:
    """Pearson's r between measured and expected opening when the mouth is moved `lag_s` earlier.

    0 where either does not vary.
    """
    seen = np.isfinite(clip.opening)
    measured = clip.opening[seen].astype(np.float64)
    times = clip.times[seen] - np.float32(lag_s)
    expected = expected_openness(clip.phones, times, table).astype(np.float64)
    if len(measured) < 2 or np.ptp(measured) == 0 or np.ptp(expected) == 0:
        return 0.0
    return float(np.corrcoef(measured, expected)[0, 1])


def lag_ms(clips: Sequence[MouthClip]) -> float:
    """The delay of the mouth behind the sound over all clips together, in ms.

    The correlation over delays is averaged over the clips by their frames; its highest point is refined by a
    parabola through its neighbours.
    """
    tried = lags()
    frames = np.array([np.isfinite(clip.opening).sum() for clip in clips], np.float64)
    curves = np.array([[correlation(clip, float(lag)) for lag in tried] for clip in clips])
    curve = np.average(curves, axis=0, weights=frames + 1e-9)
    peak = int(np.argmax(curve))
    offset = 0.0
    if 0 < peak < len(curve) - 1:
        left, top, right = curve[peak - 1 : peak + 2]
        bend = left - 2 * top + right
        offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return 1000 * (float(tried[peak]) + offset * LAG_STEP_S)


def at_once(clip: MouthClip) -> tuple[float, int] | None:
    """The correlation without any delay."""
    return correlation(clip), len(clip.opening)


def as_recorded(clip: MouthClip) -> tuple[float, int] | None:
    """The same with the openness of a recorded speaker's phones."""
    return correlation(clip, table=FITTED), len(clip.opening)


def closures(clip: MouthClip) -> tuple[float, int] | None:
    """Share of the P, B and M in which the lips close, a frame either side."""
    labials = [p for p in clip.phones if bare(p.text) in BILABIALS and p.start_s < clip.duration_s]
    if not labials:
        return None
    frame = 1 / clip.fps
    closed = sum(
        _closes(clip, clip.times >= phone.start_s - frame, clip.times <= phone.end_s + frame)
        for phone in labials
    )
    return closed / len(labials), len(labials)


def _closes(clip: MouthClip, after: np.ndarray, before: np.ndarray) -> bool:
    values = clip.opening[after & before]
    values = values[np.isfinite(values)]
    return bool(len(values)) and float(values.min()) <= clip.closed_at


def closed_in_silence(clip: MouthClip) -> tuple[float, int] | None:
    """Share of the frames inside pauses in which the mouth is closed."""
    inside = np.zeros(len(clip.opening), bool)
    for start, end in pauses(clip.phones, clip.duration_s, at_least_s=PAUSE_S):
        first = start + PAUSE_EDGE_S if start > 0 else start
        last = end - PAUSE_EDGE_S if end < clip.duration_s else end
        inside |= (clip.times >= first) & (clip.times < last)
    values = clip.opening[inside]
    if not len(values):
        return None
    return float(np.mean(values <= clip.closed_at)), len(values)


def closed_at_end(clip: MouthClip) -> tuple[float, int] | None:
    """1 if the mouth of the last frame is closed, else 0."""
    return float(clip.opening[-1] <= clip.closed_at), 1


def jitter(clip: MouthClip) -> tuple[float, int] | None:
    """Standard deviation of the second difference of the opening, in 95th percentiles of the opening."""
    known = clip.opening[np.isfinite(clip.opening)]
    if len(known) < 3:
        return None
    size = float(np.percentile(known, 95))
    return (float(np.std(np.diff(known, 2))) / size, len(known)) if size > 0 else None


def frozen(clip: MouthClip) -> MouthClip:
    """Control: the same clip with the mouth of its first frame all the way."""
    known = clip.opening[np.isfinite(clip.opening)]
    held = known[0] if len(known) else np.nan
    return replace(clip, opening=np.full_like(clip.opening, held))


def delayed(clip: MouthClip) -> MouthClip:
    """Control: the same clip with its mouth `PLANTED_S` (to the nearest frame) later than it is."""
    frames = round(PLANTED_S * clip.fps)
    held = np.full(frames, clip.opening[0], np.float32)
    return replace(clip, opening=np.concatenate([held, clip.opening])[: len(clip.opening)])


def swapped(clips: Sequence[MouthClip]) -> list[MouthClip]:
    """Control: every clip under the phones of up to three others that say something else.

    Both are cut to the shorter of the two.
    """
    out: list[MouthClip] = []
    for i, clip in enumerate(clips):
        others = [clips[(i + k) % len(clips)] for k in range(1, len(clips))]
        others = [other for other in others if other.text != clip.text][:SWAPS]
        for other in others:
            frames = max(1, round(min(clip.duration_s, other.duration_s) * clip.fps))
            out.append(
                replace(clip, opening=clip.opening[:frames], phones=_until(other.phones, frames / clip.fps))
            )
    return out


def _until(phones: Sequence[TimedUnit], end_s: float) -> tuple[TimedUnit, ...]:
    return tuple(phone for phone in phones if phone.start_s < end_s)


def _pool(measure: Measure, clips: Sequence[MouthClip]) -> tuple[float, int] | None:
    """Mean over clips, weighted by what each stands for."""
    parts = [part for part in map(measure, clips) if part is not None]
    total = sum(count for _, count in parts)
    return (sum(value * count for value, count in parts) / total, total) if total else None


MEASURES: Final[tuple[tuple[str, str, Measure], ...]] = (
    ("lipsync.correlation", "r", at_once),
    ("lipsync.correlation_fitted", "r", as_recorded),
    ("lipsync.closure_recall", "share", closures),
    ("lipsync.closed_in_silence", "share", closed_in_silence),
    ("lipsync.closed_at_end", "share", closed_at_end),
    ("lipsync.jitter", "1/frame2", jitter),
)


def score(clips: Sequence[MouthClip]) -> list[Row]:
    """All lip-sync figures of some clips.

    Raises:
        UsageError: No clips, or not one with a face and a spoken sound.
    """
    usable = [clip for clip in clips if clip.face_found > 0 and spoken(clip.phones)]
    if not usable:
        raise UsageError(
            "nothing to score",
            expected="at least one video with a face that speaks",
            got=f"{len(clips)} videos",
        )
    frames = sum(len(clip.opening) for clip in clips)
    found = sum(int(np.isfinite(clip.opening).sum()) for clip in clips) / frames
    rows = [Row("lipsync.face_found", found, "share", frames), *_lag_rows(usable)]
    others, still = swapped(usable), [frozen(clip) for clip in usable]
    for metric, unit, measure in MEASURES:
        pooled = _pool(measure, usable)
        if pooled is None:
            continue
        worse = {"swapped_audio": others, "frozen_mouth": still} if measure is not jitter else {}
        control = {name: part[0] for name, made in worse.items() if (part := _pool(measure, made))}
        if metric in RECORDED:
            control["recorded_speaker"] = RECORDED[metric]
        rows.append(Row(metric, pooled[0], unit, pooled[1], control))
    return rows


def _lag_rows(clips: Sequence[MouthClip]) -> list[Row]:
    """Delay of all clips together, and the share of clips that are in sync one by one."""
    late = [delayed(clip) for clip in clips]
    lag = lag_ms(clips)
    name = f"planted_{1000 * PLANTED_S:.0f}_ms"
    return [
        Row("lipsync.lag", lag, "ms", len(clips), {f"{name}_found_as": lag_ms(late) - lag}),
        Row("lipsync.clips_in_sync", _in_sync(clips), "share", len(clips), {name: _in_sync(late)}),
    ]


def _in_sync(clips: Sequence[MouthClip]) -> float:
    return float(np.mean([abs(lag_ms([clip])) <= GOOD_LAG_MS for clip in clips]))
