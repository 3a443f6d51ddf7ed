"""The learnt judge of lip-sync (lipsync/sync_net.py) on finished videos.

It learnt from recordings of one real speaker and has seen no drawn face and none of our voices, nor does it
know the words or what drove the animation. Its controls tell whether it can judge the videos at hand: with
another clip's sound its confidence must fall, and a planted delay must be found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from chatanything.evaluation.mouth import Film
from chatanything.evaluation.rows import Row
from chatanything.evaluation.sync import PLANTED_S, SWAPS
from chatanything.lipsync.sync_features import FPS, log_mel, mouth_series
from chatanything.types import Float32

if TYPE_CHECKING:
    from chatanything.lipsync.sync_net import Agreement, SyncNet

_POINTS: Final = 478


@dataclass(frozen=True, slots=True)
class SyncClip:
    """A clip as the judge sees it."""

    text: str
    series: Float32
    """(n, channels) of `mouth_series`."""
    mel: Float32
    """(m, BANDS) of `log_mel`."""


def sync_clip(film: Film, text: str) -> SyncClip:
    """What the judge sees of a film.

    Args:
        film: From `watch`.
        text: What is said in it; only tells which other clips say something else.
    """
    missing = np.full((_POINTS, 3), np.nan, np.float32)
    landmarks = np.stack([missing if points is None else points for points in film.landmarks])
    return SyncClip(text, mouth_series(landmarks, film.fps), log_mel(film.samples, film.sample_rate))


def late(clip: SyncClip) -> SyncClip:
    """Control: the same clip with its mouth `PLANTED_S` later than it is."""
    frames = round(PLANTED_S * FPS)
    held = np.repeat(clip.series[:1], frames, axis=0)
    return replace(clip, series=np.concatenate([held, clip.series])[: len(clip.series)])


def frozen(clip: SyncClip) -> SyncClip:
    """Control: the same clip with a mouth that never moves."""
    return replace(clip, series=np.zeros_like(clip.series))


def sync_rows(clips: Sequence[SyncClip], net: SyncNet | None = None) -> list[Row]:
    """Confidence and offset of some clips, with controls.

    Args:
        clips: The clips; those whose mouth was never seen moving count as well.
        net: Another judge than the shipped one.

    Raises:
        WeightsError: The shipped judge is missing or damaged.
    """
    from chatanything.lipsync.sync_net import load_sync_net

    judge = net or load_sync_net()
    own = [judged(judge, clip) for clip in clips]
    delayed = np.array([judged(judge, late(clip)).offset_s for clip in clips])
    # Judged as if nothing were known: a mere difference to the clip's own offset would be found by any peak.
    name = f"planted_{1000 * PLANTED_S:.0f}_ms"
    apart = {
        f"{name}_found_as": 1000 * float(np.median(delayed)),
        f"{name}_found_in": float(np.mean(np.abs(delayed - PLANTED_S) <= 1.5 / FPS)),
    }
    sure = {"frozen_mouth": _confidence([judged(judge, frozen(clip)) for clip in clips])}
    if swapped := [judged(judge, clip) for clip in _swapped(clips)]:
        sure["swapped_audio"], apart["swapped_audio"] = _confidence(swapped), _offset_ms(swapped)
    if recorded := dict(judge.config.accuracy or {}):
        sure["recorded_speaker"], apart["recorded_speaker"] = recorded["confidence"], recorded["offset_ms"]
        sure["recorded_swapped"] = recorded["swapped"]
    return [
        Row("lipsync.sync_confidence", _confidence(own), "cosine", len(own), sure),
        Row("lipsync.sync_offset", _offset_ms(own), "ms", len(own), apart),
    ]


def judged(net: SyncNet, clip: SyncClip) -> Agreement:
    """What the judge says of one clip."""
    from chatanything.lipsync.sync_net import agreement

    return agreement(net.similarity(clip.series, clip.mel))


def _swapped(clips: Sequence[SyncClip]) -> list[SyncClip]:
    """Every clip under the sound of up to three others that say something else."""
    out: list[SyncClip] = []
    for i, clip in enumerate(clips):
        others = [clips[(i + k) % len(clips)] for k in range(1, len(clips))]
        others = [other for other in others if other.text != clip.text][:SWAPS]
        out += [replace(clip, mel=other.mel) for other in others]
    return out


def _confidence(found: Sequence[Agreement]) -> float:
    return float(np.mean([one.confidence for one in found]))


def _offset_ms(found: Sequence[Agreement]) -> float:
    """Median size of the offset."""
    return 1000 * float(np.median([abs(one.offset_s) for one in found]))
