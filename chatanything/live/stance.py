"""Motion without a jump: what a face does next begins where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from chatanything.lipsync.motion import RuleMotion
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament
from chatanything.visemes import INDEX

HEAD_S: Final = 0.5
"""Seconds in which head and gaze leave where they were."""
MOUTH_S: Final = 0.12
"""Seconds in which a mouth that was cut short closes."""
_RATE: Final = 16_000
_LISTENING: Final = {"browInnerUp": 0.18, "browOuterUpLeft": 0.1, "browOuterUpRight": 0.1}
_LEAN: Final = (0.05, 0.0, 0.035, 0.0, 0.0, 0.012)
"""Head of somebody who listens: bent a little forward and to a side, a little nearer."""


@dataclass(frozen=True, slots=True)
class Stance:
    """One moment of a motion."""

    shapes: Float32
    head: Float32
    gaze: Float32


def stance_at(motion: Motion, frame: int) -> Stance:
    """The moment of one frame."""
    return Stance(motion.blendshapes[frame], motion.head[frame], motion.gaze[frame])


def continued(motion: Motion, last: Stance | None) -> Motion:
    """The same motion, led in from where the face was.

    Args:
        motion: What comes.
        last: Where the face was before its first frame; None leaves it.
    """
    if last is None or not len(motion):
        return motion
    times = (np.arange(len(motion), dtype=np.float32) + 1) / motion.fps
    far, near = _fading(times, HEAD_S)[:, None], _fading(times, MOUTH_S)[:, None]
    return replace(
        motion,
        blendshapes=np.clip(motion.blendshapes + near * (last.shapes - motion.blendshapes[0]), 0, 1).astype(
            np.float32
        ),
        head=(motion.head + far * (last.head - motion.head[0])).astype(np.float32),
        gaze=np.clip(motion.gaze + far * (last.gaze - motion.gaze[0]), -1, 1).astype(np.float32),
    )


def _fading(times: Float32, seconds: float) -> Float32:
    left = np.clip(1 - times / seconds, 0, 1)
    return np.asarray(left * left * (3 - 2 * left), np.float32)


def waiting(
    temperament: Temperament, *, seconds: float, fps: float, seed: int, listening: bool = False
) -> Motion:
    """What a face does while it is silent: it breathes, blinks and glances, or it listens.

    Args:
        temperament: Whose face.
        seconds: How long.
        fps: Frames a second.
        seed: Another one for every stretch.
        listening: Attentive: brows up, head bent forward and aside, eyes on the viewer.
    """
    nothing = Speech(np.zeros(max(1, round(seconds * _RATE)), np.float32), _RATE, (), "")
    delivery = Delivery(head_motion=0.7)
    motion = RuleMotion().motion(nothing, delivery=delivery, temperament=temperament, fps=fps, seed=seed)
    if not listening:
        return motion
    shapes = motion.blendshapes.copy()
    for name, amount in _LISTENING.items():
        shapes[:, INDEX[name]] += np.float32(amount)
    head = (0.5 * motion.head + np.array(_LEAN)).astype(np.float32)
    return replace(motion, blendshapes=shapes, head=head, gaze=(0.3 * motion.gaze).astype(np.float32))
