"""The manner of whoever speaks in a clip, as ratios to an ordinary speaker of the same kind.

A drawn mouth opens further than a real one for the same vowel, drawn heads turn flat, and a detector reads
both differently. So nothing is compared across: a speaker is measured against `TYPICAL` ones of the same
kind, and only the ratios are carried over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from chatanything.errors import FaceError
from chatanything.lipsync.dub_tracks import FaceTracks
from chatanything.lipsync.idle import envelope
from chatanything.lipsync.manner import LEAST, MOST, MOST_SMILE, Manner
from chatanything.lipsync.topology import BROWS
from chatanything.measures import inter_ocular
from chatanything.types import Bool, Float32
from chatanything.visemes import INDEX

LEAST_S: Final = 3.0
"""Seconds with a face from which a manner can be told."""
_LEAST_SPEECH_S: Final = 1.0
_STILL: Final = 0.02
"""Spread of the opening, 5th to 95th percentile, under which nobody speaks; as the lip-sync judge has it."""
_VOICED: Final = 0.05
"""Loudness over the clip's loud parts from which somebody speaks."""
_SILENT: Final = 1e-3
"""Largest magnitude of samples in which there is no sound at all."""
_NEAR_S: Final = 0.2
"""Around an open mouth, where nothing is heard, this long counts as speech."""
_BLINK: Final = (0.35, 0.2)
"""Lid closure at which a blink begins and at which it is over, above the open eye."""
_PRIOR_BLINKS: Final = 3.0
"""Blinks at the typical rate that are believed before any is seen: short clips say little."""
_SURE_S: Final = 8.0
"""Seconds with a face from which blinks, glances and turns are more than chance."""
_WINDOW_S: Final = 2.0
"""Heads, brows and eyes are judged over stretches of so long, so that a long clip does not look livelier."""
_SMILE_SHARE: Final = 0.4
"""Smile of ours for each smile that the detector sees."""
_CORNERS: Final = (61, 291)
_OUTER: Final = (33, 263)
_EYE_CORNERS: Final = ((33, 133), (362, 263))
_IRISES: Final = (468, 473)
_HALF: Final = 0.5
"""Power on ratios that differ as much between clips of one speaker as between speakers."""
_NARROW: Final = (0.8, 1.2)
"""Bounds of what is measured only roughly."""
_LIPS_FOLLOW: Final = 0.5
"""Power of the opening that the lips' width follows."""


@dataclass(frozen=True, slots=True)
class SeenSpeaker:
    """One face through a clip, with its sound."""

    name: str
    """Of the clip, for messages."""
    tracks: FaceTracks
    scores: Float32
    """(T, 52) the detector's blendshapes, NaN without a face."""
    fps: float
    samples: Float32
    """(n,) mono; empty without a sound track."""
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What was measured; lengths in inter-ocular distances, angles in radians."""

    opening: float
    """Root mean square of the opening above rest, while there is sound."""
    lips: float
    """Range of the lips' width while there is sound, 5th to 95th percentile."""
    brows: float
    """Spread of the brows' height within two seconds."""
    blinks: float
    """A minute."""
    head: float
    """Spread of the face's place and lean within two seconds: how far and how quickly it moves, in one."""
    gaze: float
    """Spread of the irises' place within two seconds, in widths of the eye."""
    smile: float
    """The detector's smile that never leaves (10th percentile), 0..1."""


Kind = Literal["recorded", "rules", "net"]
"""A recorded face, or one drawn here that this maker of motion moved."""
TYPICAL: Final[Mapping[Kind, Traits]] = MappingProxyType(
    {
        "recorded": Traits(0.075, 0.062, 0.006, 26.0, 0.015, 0.010, 0.0),
        "rules": Traits(0.125, 0.165, 0.0075, 17.0, 0.0137, 0.012, 0.0),
        "net": Traits(0.103, 0.140, 0.0075, 17.0, 0.0137, 0.012, 0.0),
    }
)
"""Ordinary speakers. Drawn: medians of twenty videos of ten characters with an ordinary delivery. Recorded:
mouth and gaze of speaker 1 of the GRID corpus (Cooke et al. 2006; medians of 33 times 9 s). He reads commands
and holds still, so head and brows are assumed twice and half as lively again; blinks are those of
conversation (Bentivoglio et al. 1997, Movement Disorders 12)."""


def manner_of(seen: SeenSpeaker, kind: Kind) -> Manner:
    """The manner of a speaker.

    Args:
        seen: At least `LEAST_S` of it with a face.
        kind: Whose typical speaker it is compared with.

    Raises:
        FaceError: Too little of a face, or one that does not speak.
    """
    notes: list[str] = []
    usable = seen.tracks.usable
    seconds = float(usable.sum()) / seen.fps
    if seconds < LEAST_S:
        raise FaceError(
            f"{seen.name} shows too little of a face to take a speaking style from",
            expected=f"at least {LEAST_S:g} s of one that looks to the front",
            got=f"{seconds:.1f} s",
        )
    voiced = _voiced(seen) & usable
    if voiced.sum() < _LEAST_SPEECH_S * seen.fps:
        notes.append("no speech is heard, so the mouth was judged by its motion alone")
        voiced = _moving(seen.tracks.openings, seen.fps) & usable
    if seconds < _SURE_S:
        notes.append(f"{seconds:.1f} s say little about blinks, glances and turns of the head")
    if kind != "recorded":
        notes.append("a drawn smile may be the face's own, so none is taken over")
    return _compared(traits_of(seen, voiced), kind, seconds, tuple(notes))


def traits_of(seen: SeenSpeaker, voiced: Bool) -> Traits:
    """Measure a speaker.

    Args:
        seen: The face.
        voiced: (T,) pictures in which there is speech and a face.

    Raises:
        FaceError: The mouth does not move.
    """
    usable, fps = seen.tracks.usable, seen.fps
    points, scores = seen.tracks.points, seen.scores
    opened = seen.tracks.openings
    low, high = np.percentile(opened[usable], (5, 95))
    if high - low < _STILL:
        raise FaceError(f"the face in {seen.name} does not speak", expected="a clip of somebody who talks")
    narrow, wide = np.percentile([_width(one) for one in points[voiced]], (5, 95))
    smile = scores[usable][:, [INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"]]].mean(axis=1)
    return Traits(
        opening=opening_size(opened[usable], voiced[usable]),
        lips=float(wide - narrow),
        brows=_wander(_brows(points), fps),
        blinks=60.0 * _blink_count(scores[usable]) * fps / float(usable.sum()),
        head=_wander(_head(points), fps),
        gaze=_wander(_gaze(points), fps),
        smile=float(np.percentile(smile, 10)),
    )


def opening_size(opened: Float32, voiced: Bool) -> float:
    """How far a mouth opens in speech: root mean square above its rest, in the unit of `opened`.

    A percentile near the top would not see that an over-actor opens wide more often, only how wide.

    Args:
        opened: (T,) opening of every picture with a face.
        voiced: (T,) where there is speech.
    """
    rest = np.percentile(opened, 5)
    return float(np.sqrt(np.mean(np.square(opened[voiced] - rest))))


def _compared(found: Traits, kind: Kind, seconds: float, notes: tuple[str, ...]) -> Manner:
    typical = TYPICAL[kind]
    opening = found.opening / typical.opening
    # Lips that part twice as far also round and spread further: only the rest is a manner of its own.
    lips = found.lips / typical.lips / max(opening, LEAST) ** _LIPS_FOLLOW
    minutes, before = seconds / 60.0, _PRIOR_BLINKS / typical.blinks
    blinks = (found.blinks * minutes + _PRIOR_BLINKS) / (minutes + before) / typical.blinks
    smile = _SMILE_SHARE * (found.smile - typical.smile) if kind == "recorded" else 0.0
    return Manner(
        opening=_bounded(opening),
        lips=_bounded(lips**_HALF, *_NARROW),
        brows=_bounded(found.brows / typical.brows),
        blinks=_bounded(blinks),
        head=_bounded(found.head / typical.head),
        gaze=_bounded((found.gaze / typical.gaze) ** _HALF),
        smile=round(float(np.clip(smile, 0, MOST_SMILE)), 3),
        notes=notes,
    )


def _bounded(ratio: float, least: float = LEAST, most: float = MOST) -> float:
    return round(float(np.clip(ratio, least, most)), 3)


def _voiced(seen: SeenSpeaker) -> Bool:
    """(T,) pictures in which something is heard."""
    frames = len(seen.scores)
    if float(np.abs(seen.samples).max(initial=0.0)) < _SILENT:
        return np.zeros(frames, bool)
    return np.asarray(envelope(seen.samples, seen.sample_rate, frames, seen.fps) > _VOICED)


def _moving(opened: Float32, fps: float) -> Bool:
    """(T,) pictures less than `_NEAR_S` away from an opened mouth."""
    low, high = np.nanpercentile(opened, (5, 95))
    near = np.ones(2 * max(1, round(_NEAR_S * fps)) + 1)
    parted = np.nan_to_num(opened) > low + 0.25 * (high - low)
    return np.asarray(np.convolve(parted, near, "same") > 0)


def _width(points: Float32) -> float:
    corners = points[_CORNERS[0], :2] - points[_CORNERS[1], :2]
    return float(np.linalg.norm(corners)) / inter_ocular(points)


def _brows(points: Float32) -> Float32:
    """(T, 2) height of both brows above the eyes' corners, in inter-ocular distances."""
    heights = []
    for brow, corners in zip(BROWS, _EYE_CORNERS, strict=True):
        above = points[:, list(corners), :2].mean(axis=1) - points[:, list(brow), :2].mean(axis=1)
        heights.append((above * _upright(points)).sum(axis=1))
    return np.asarray(np.stack(heights, axis=1) / _unit(points)[:, None], np.float32)


def _gaze(points: Float32) -> Float32:
    """(T, 1) place of the irises between the corners of their eyes, in widths of the eye.

    Sideways only: blinking lids pull the detector's irises down.
    """
    along = []
    for iris, corners in zip(_IRISES, _EYE_CORNERS, strict=True):
        first, second = points[:, corners[0], :2], points[:, corners[1], :2]
        across = second - first
        offset = points[:, iris, :2] - (first + second) / 2
        along.append((offset * across).sum(axis=1) / np.square(across).sum(axis=1))
    return np.asarray(np.mean(along, axis=0), np.float32)[:, None]


def _head(points: Float32) -> Float32:
    """(T, 3) where the eyes' middle is, in inter-ocular distances, and how the line through them leans.

    A turning head moves its face about the neck: that is seen far surer than the turn itself.
    """
    left, right = points[:, _OUTER[0], :2], points[:, _OUTER[1], :2]
    size = np.nanmedian(_unit(points))
    across = right - left
    lean = np.arctan2(across[:, 1], across[:, 0])
    return np.asarray(np.column_stack([(left + right) / 2 / size, lean]), np.float32)


def _unit(points: Float32) -> Float32:
    """(T,) inter-ocular distances in pixels."""
    return np.asarray(np.linalg.norm(points[:, _OUTER[1], :2] - points[:, _OUTER[0], :2], axis=1), np.float32)


def _upright(points: Float32) -> Float32:
    """(T, 2) direction in the picture from the brows down to the mouth."""
    across = (points[:, _OUTER[1], :2] - points[:, _OUTER[0], :2]) / _unit(points)[:, None]
    return np.asarray(np.stack([-across[:, 1], across[:, 0]], axis=1), np.float32)


def _blink_count(scores: Float32) -> int:
    lids = scores[:, [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]].mean(axis=1)
    lids = lids - np.median(lids)
    count, shut = 0, False
    for closed in lids:
        if not shut and closed > _BLINK[0]:
            count, shut = count + 1, True
        elif closed < _BLINK[1]:
            shut = False
    return count


def _wander(values: npt.NDArray[np.float32], fps: float) -> float:
    """Mean spread inside windows, over (T, k) with NaN."""
    length = max(2, round(_WINDOW_S * fps))
    spreads = []
    for start in range(0, max(1, len(values) - length // 2), length // 2):
        part = values[start : start + length]
        part = part[np.isfinite(part[:, 0])]
        if len(part) >= length // 2:
            spreads.append(part.std(axis=0).mean())
    return float(np.mean(spreads)) if spreads else 0.0
