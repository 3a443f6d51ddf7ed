"""How somebody moves while speaking, as nine numbers: asked for by a card, or measured on a motion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from chatanything.types import Delivery, Float32, Motion, Temperament
from chatanything.visemes import INDEX

_SCALES: Final[Mapping[str, float]] = {
    "opening": 0.5, "rounding": 0.5, "spread": 0.3, "smile": 0.2, "brows": 0.2, "pace": 4.0,
    "head": 0.05, "head_speed": 0.2, "recorded": 1.0,
}  # fmt: skip
"""What the network sees as 1."""
_LOUD: Final = 90
"""Percentile that stands for a full movement, so that pauses do not count."""


@dataclass(frozen=True, slots=True)
class MotionStyle:
    """A manner of moving."""

    opening: float = 0.45
    """Jaw opening of open vowels (90th percentile of `jawOpen`), 0..1."""
    rounding: float = 0.35
    """Rounding of the lips where they are round (90th percentile of pucker and funnel, halved), 0..1."""
    spread: float = 0.25
    """Stretch of the lips where they are wide (90th percentile), 0..1."""
    smile: float = 0.0
    """Smile that never leaves the face (10th percentile), 0..1."""
    brows: float = 0.1
    """How far the brows rise (90th percentile above the median), 0..1."""
    pace: float = 2.5
    """Openings of the mouth a second."""
    head: float = 0.03
    """Spread of the head's angles, radians."""
    head_speed: float = 0.1
    """Mean speed of the head's turns, radians a second."""
    recorded: float = 0.0
    """0 moves as the rules of coarticulation say, 1 as the recorded speaker does."""

    def vector(self) -> Float32:
        """(9,) float32 about 1, what the network sees."""
        return np.array([getattr(self, name) / scale for name, scale in _SCALES.items()], np.float32)

    def as_dict(self) -> dict[str, float]:
        """Field -> value, rounded, for a model's config."""
        return {field.name: round(float(getattr(self, field.name)), 4) for field in fields(self)}


DIMENSIONS: Final = len(_SCALES)


def style_of(motion: Motion) -> MotionStyle:
    """The manner that a motion shows; a few seconds are enough, silence says nothing.

    Args:
        motion: Measured on a clip, or made.
    """
    shapes = motion.blendshapes

    def mean(*names: str) -> Float32:
        return np.asarray(shapes[:, [INDEX[name] for name in names]].mean(axis=1), np.float32)

    jaw, brows = shapes[:, INDEX["jawOpen"]], mean("browInnerUp", "browOuterUpLeft", "browOuterUpRight")
    above = jaw > 0.5 * (np.percentile(jaw, 10) + np.percentile(jaw, _LOUD))
    turns = motion.head[:, :3]
    moved = np.abs(np.diff(turns, axis=0)) * motion.fps
    return MotionStyle(
        opening=float(np.percentile(jaw, _LOUD)),
        rounding=float(np.percentile(mean("mouthPucker", "mouthFunnel"), _LOUD)),
        spread=float(np.percentile(mean("mouthStretchLeft", "mouthStretchRight"), _LOUD)),
        smile=float(np.percentile(mean("mouthSmileLeft", "mouthSmileRight"), 10)),
        brows=float(np.percentile(brows, _LOUD) - np.median(brows)),
        pace=float((np.diff(above.astype(int)) > 0).sum() * motion.fps / len(jaw)),
        head=float(turns.std(axis=0).mean()),
        head_speed=float(moved.mean()) if len(moved) else 0.0,
    )


def style_for(base: MotionStyle, delivery: Delivery, temperament: Temperament) -> MotionStyle:
    """The manner of a character.

    Args:
        base: An ordinary speaker.
        delivery: Opening, pace and head motion.
        temperament: Extraverts articulate wider and nod more, open ones raise their brows, agreeable ones
            smile a little, anxious ones turn their heads quicker.
    """
    lively = 0.85 + 0.3 * temperament.extraversion
    head = delivery.head_motion * (0.6 + 0.8 * temperament.extraversion)
    return replace(
        base,
        opening=base.opening * delivery.mouth_gain * lively,
        rounding=base.rounding * (0.5 + 0.5 * delivery.mouth_gain) * lively,
        spread=base.spread * lively,
        smile=base.smile + 0.06 * max(0.0, temperament.agreeableness - 0.5),
        brows=base.brows * (0.7 + 0.6 * temperament.openness),
        pace=base.pace * delivery.rate,
        head=base.head * head,
        head_speed=base.head_speed * head * (0.8 + 0.4 * temperament.neuroticism),
    )
