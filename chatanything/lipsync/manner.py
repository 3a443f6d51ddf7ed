"""A manner of speaking that is not the character's own: factors on an ordinary speaker's movements.

A manner replaces what card and line say about the size of movements; emotion, words, voice and timing stay
theirs. Closures are put through after it, so a mumbler's lips still meet at P, B and M.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from chatanything.types import Delivery, Float32, Temperament
from chatanything.visemes import BLENDSHAPES, INDEX, blendshape_vector

LEAST, MOST = 0.5, 1.8
"""Bounds of every factor: what lies beyond is more likely a mistake of measuring than somebody's manner."""
MOST_SMILE: Final = 0.25
_MOST_GAIN: Final = 2.2
"""Of a mouth; beyond it every vowel is drawn with the widest mouth there is."""
_MOUTH: Final = [i for i, name in enumerate(BLENDSHAPES) if name.startswith(("mouth", "jaw"))]
_LIPS: Final = [
    INDEX[name] for name in ("mouthPucker", "mouthFunnel", "mouthStretchLeft", "mouthStretchRight")
]
_BLINKS: Final = Delivery().blink_rate


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody moves while speaking, each 1 for an ordinary speaker and in `LEAST`..`MOST`."""

    opening: float = 1.0
    """How far the mouth opens."""
    lips: float = 1.0
    """How far the lips round and spread, for how far they open."""
    brows: float = 1.0
    """How far the brows move."""
    blinks: float = 1.0
    """How often the eyes blink."""
    head: float = 1.0
    """How far the head moves."""
    gaze: float = 1.0
    """How far the eyes wander."""
    smile: float = 0.0
    """A smile that never leaves the face, 0..`MOST_SMILE`."""
    notes: tuple[str, ...] = ()
    """What could not be measured, or only roughly, one sentence each."""

    def __str__(self) -> str:
        """The factors in one line."""
        names = [field.name for field in fields(self) if field.name != "notes"]
        return ", ".join(f"{name} {getattr(self, name):.2f}" for name in names)


ORDINARY: Final = Manner()


def performed(
    manner: Manner | None, delivery: Delivery, temperament: Temperament
) -> tuple[Delivery, Temperament]:
    """Delivery and temperament without what the manner decides instead; both as they are without one.

    Args:
        manner: Whose movements are wanted; None for the character's own.
        delivery: Keeps emotion, pace and pauses.
        temperament: Becomes an ordinary one: it would move head, brows and eyes once more.
    """
    if manner is None:
        return delivery, temperament
    delivery = replace(
        delivery, mouth_gain=1.0, head_motion=manner.head, blink_rate=round(_BLINKS * manner.blinks, 4)
    )
    return delivery, Temperament()


def widened(manner: Manner, exponent: float) -> float:
    """Factor on the shapes that open a mouth, at least 1; smaller mouths are `shaped`.

    Args:
        manner: Whose opening is wanted.
        exponent: A mouth that is drawn at its widest opens no further, so that a factor on all shapes is seen
            as a smaller one; of each way of making motion, measured on its pictures.
    """
    return float(min(max(manner.opening, 1.0) ** exponent, _MOST_GAIN))


def shaped(mouth: Float32, manner: Manner) -> Float32:
    """A speaking mouth in the size of a manner, (T, 52); closures have to be put through afterwards.

    All shapes shrink together: a mouth whose jaw alone opened less would still part its lips as far for
    every stretched vowel.

    Args:
        mouth: (T, 52) float32 in 0..1.
        manner: Whose mouth is wanted.
    """
    factors = np.ones(len(BLENDSHAPES), np.float32)
    factors[_MOUTH] = min(manner.opening, 1.0)
    factors[_LIPS] *= manner.lips
    return np.asarray(np.clip(mouth * factors, 0, 1), np.float32)


def smile_shapes(manner: Manner) -> Float32:
    """The smile of a manner, (52,) float32."""
    return blendshape_vector({"mouthSmile": manner.smile, "cheekSquint": 0.5 * manner.smile})
