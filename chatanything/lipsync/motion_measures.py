"""How near a motion comes to a recorded face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.lipsync.recorded_faces import MOUTH, FaceRecording
from chatanything.lipsync.topology import INNER_LIPS
from chatanything.types import Float32, Motion
from chatanything.visemes import INDEX

_JAW: Final = INDEX["jawOpen"]
_RIDGE: Final = 1.0
_UPPER, _LOWER = INNER_LIPS.index(13), INNER_LIPS.index(14)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Blendshapes onto a recorded speaker's lips: a linear map, fitted for each way of making motion.

    So a method is not marked down for the size of its shapes, only for what they do when.
    """

    weights: Float32
    """(k + 1, 80)."""

    @classmethod
    def fitted(cls, motions: Sequence[Motion], clips: Sequence[FaceRecording]) -> Carrier:
        """Fit to clips for training.

        Args:
            motions: The method's, one a clip.
            clips: What was recorded.
        """
        moved = [_moved(clip)[: len(motion)] for motion, clip in zip(motions, clips, strict=True)]
        known = [_inputs(motion)[: len(lips)] for motion, lips in zip(motions, moved, strict=True)]
        x, y = np.concatenate(known).astype(np.float64), np.concatenate(moved).astype(np.float64)
        ridge = _RIDGE * np.eye(x.shape[1])
        ridge[-1, -1] = 0
        return cls(np.linalg.solve(x.T @ x + ridge, x.T @ y).astype(np.float32))

    def lips(self, motion: Motion, neutral: Float32) -> Float32:
        """(T, 40, 2) lips in inter-ocular distances.

        Args:
            motion: The method's.
            neutral: (40, 2) the shut lips.
        """
        moved = _inputs(motion) @ self.weights
        return np.asarray(neutral + moved.reshape(len(motion), -1, 2), np.float32)


def _inputs(motion: Motion) -> Float32:
    one = np.ones((len(motion), 1), np.float32)
    return np.concatenate([motion.blendshapes[:, MOUTH], one], axis=1)


def _moved(clip: FaceRecording) -> Float32:
    return (clip.lips - clip.closed).reshape(len(clip.lips), -1)


def figures(motions: Sequence[Motion], clips: Sequence[FaceRecording], carrier: Carrier) -> dict[str, float]:
    """How some motions compare with what was recorded over the same sound.

    Args:
        motions: One a clip.
        clips: Not those that the carrier was fitted to.
        carrier: Of the method.

    Returns:
        `jaw_r`: correlation of `jawOpen` with the gap of the inner lips, mean over clips; `gap_r`: the same
        with the gap of the carried lips; `best_r`: `jaw_r` at the clips' common best shift within +-2 frames;
        `lmd`: mean distance of the 40 lip points in hundredths of an inter-ocular distance; `speed`,
        `jitter`: speed and second difference of the carried gap over the recording's.
    """
    jaw, gap, distance, speed, jitter = [], [], [], [], []
    shifted: list[list[float]] = []
    for motion, clip in zip(motions, clips, strict=True):
        count = min(len(motion), len(clip.lips))
        lips, truth = carrier.lips(motion, clip.closed)[:count], clip.lips[:count]
        distance.append(np.linalg.norm(lips - truth, axis=2).mean())
        opened, real = _gap(lips), clip.opening[:count]
        jaw.append(correlation(motion.blendshapes[:count, _JAW], real))
        gap.append(correlation(opened, real))
        shifted.append([_at_shift(motion.blendshapes[:count, _JAW], real, by) for by in range(-2, 3)])
        speed.append((np.abs(np.diff(opened)).mean(), np.abs(np.diff(real)).mean()))
        jitter.append((np.abs(np.diff(opened, n=2)).mean(), np.abs(np.diff(real, n=2)).mean()))
    found = {
        "jaw_r": float(np.mean(jaw)),
        "gap_r": float(np.mean(gap)),
        "best_r": float(np.max(np.mean(shifted, axis=0))),
        "lmd": 100 * float(np.mean(distance)),
        "speed": _ratio(speed),
        "jitter": _ratio(jitter),
    }
    return {name: round(value, 3) for name, value in found.items()}


def correlation(first: Float32, second: Float32) -> float:
    """Pearson's r; 0 where one of both does not move."""
    if min(float(first.std()), float(second.std())) < 1e-6:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _at_shift(made: Float32, real: Float32, by: int) -> float:
    count = len(real) - abs(by)
    return correlation(made[max(by, 0) :][:count], real[max(-by, 0) :][:count])


def _gap(lips: Float32) -> Float32:
    """Distance of the middles of the inner lips: points 13 and 14."""
    return np.asarray(np.linalg.norm(lips[:, _UPPER] - lips[:, _LOWER], axis=1), np.float32)


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    made, real = np.array(pairs).sum(axis=0)
    return float(made / max(real, 1e-9))
