"""Blendshapes to landmarks on this persona's own face.

The references are the persona's own basis: a mouth is written as a non-negative mix of their visemes, and the
landmarks are the same mix of their landmarks. So an apple's lips move as its pictures do, and what is closed
in the references stays closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.lipsync.topology import BROWS, CHIN, EYES, INNER_LIPS, OUTER_LIPS
from chatanything.measures import inter_ocular
from chatanything.types import Float32, Motion, Portrait, Reference, ReferenceSet
from chatanything.visemes import INDEX, VISEMES, blendshape_vector

_SWEEPS: Final = 40
_SPARSITY: Final = 0.02
_BROW_REACH: Final = 0.10
"""Inter-ocular distances that a full brow shape moves a brow."""
_SMILE_LIFT, _FROWN_DROP, _SMILE_WIDTH = 0.137, 0.083, 0.3
"""Inter-ocular distances that a full smile or frown moves the corners; share by which a smile is wider. They
follow the character kit's rig, as the brows do not: those move three times as far, so that they are seen."""
_MOST_SMILE: Final = 0.6
_CLOSE, _RAMP = 0.05, 0.12
"""Inter-ocular distances above the lips in which the face follows them wholly, and then less and less."""


@dataclass(frozen=True, slots=True)
class Pose:
    """One frame's face before the head moves."""

    landmarks: Float32
    """(478, 3) float32 px."""
    mix: Float32
    """(k,) float32: share of each lip reference; what is missing to 1 is the neutral face."""
    blink: float
    """0 open .. 1 closed."""
    gaze: tuple[float, float]

    def equals(self, other: Pose) -> bool:
        """Whether it is the same face."""
        return (
            (self.blink, self.gaze) == (other.blink, other.gaze)
            and np.array_equal(self.landmarks, other.landmarks)
            and np.array_equal(self.mix, other.mix)
        )


class Geometry:
    """Landmarks of a persona for any motion."""

    def __init__(self, portrait: Portrait, references: ReferenceSet) -> None:
        self._neutral = portrait.landmarks
        self._unit = inter_ocular(portrait.landmarks)
        self._lips = references.lips
        self._basis = np.stack([blendshape_vector(VISEMES[ref.name]) for ref in references.lips])
        # Smiles are added to speech: as a part of it they would open a silent mouth.
        self._spoken = np.array(self._basis.any(axis=0))
        self._spoken[[INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"]]] = False
        self._smiles = self._basis[:, INDEX["mouthSmileLeft"]]
        deltas = np.stack([ref.landmarks - portrait.landmarks for ref in references.lips])
        self._deltas = deltas * _moved_by_lips(portrait.landmarks, self._unit)[:, None]
        blink = next((ref for ref in references.face if ref.name == "blink"), None)
        self._lid_delta = lid_delta(portrait.landmarks, blink)
        self.openings = np.array([ref.opening for ref in references.lips], np.float32)

    def poses(self, motion: Motion) -> list[Pose]:
        """One pose a frame, all at once."""
        return list(self.walk(motion))

    def walk(self, motion: Motion) -> Iterator[Pose]:
        """One pose a frame, made when it is asked for: ten minutes of landmarks need not be in memory."""
        mix = self._decompose(motion.blendshapes)
        blinks = (
            motion.blendshapes[:, INDEX["eyeBlinkLeft"]] + motion.blendshapes[:, INDEX["eyeBlinkRight"]]
        ) / 2
        for t in range(len(motion)):
            yield Pose(
                self._landmarks(motion.blendshapes[t], mix[t], float(blinks[t])),
                mix[t],
                float(blinks[t]),
                (float(motion.gaze[t, 0]), float(motion.gaze[t, 1])),
            )

    def _decompose(self, shapes: Float32) -> Float32:
        """Non-negative least squares on the visemes by coordinate descent; shares sum to at most 1."""
        basis, target = self._basis[:, self._spoken], shapes[:, self._spoken]
        gram, right = basis @ basis.T, target @ basis.T - _SPARSITY
        mix = np.zeros((len(shapes), len(basis)), np.float32)
        for _ in range(_SWEEPS):
            for k in range(len(basis)):
                rest = right[:, k] - mix @ gram[:, k] + mix[:, k] * gram[k, k]
                mix[:, k] = np.maximum(rest / gram[k, k], 0.0)
        total = mix.sum(axis=1, keepdims=True)
        return np.asarray((mix / np.maximum(total, 1.0)), np.float32)

    def _landmarks(self, shape: Float32, mix: Float32, blink: float) -> Float32:
        points = self._neutral + np.tensordot(mix, self._deltas, axes=1) + blink * self._lid_delta
        raise_ = (
            shape[INDEX["browInnerUp"]]
            + 0.5 * shape[INDEX["browOuterUpLeft"]]
            - 0.8 * shape[INDEX["browDownLeft"]]
        )
        for brow in BROWS:
            points[list(brow), 1] -= raise_ * _BROW_REACH * self._unit
        smile = shape[INDEX["mouthSmileLeft"]] - shape[INDEX["mouthFrownLeft"]] - float(mix @ self._smiles)
        self._smile(points, float(np.clip(smile, -_MOST_SMILE, _MOST_SMILE)))
        return np.asarray(points, np.float32)

    def _smile(self, points: Float32, smile: float) -> None:
        """Pull the corners of the mouth up and apart, or down, in place."""
        lips = [*OUTER_LIPS, *INNER_LIPS]
        middle = float(points[[61, 291], 0].mean())
        half = max(1.0, float(np.ptp(points[[61, 291], 0])) / 2)
        aside = (points[lips, 0] - middle) / half
        reach = _SMILE_LIFT if smile > 0 else _FROWN_DROP
        points[lips, 1] -= reach * smile * self._unit * np.minimum(np.abs(aside), 1.0) ** 1.7
        points[lips, 0] += _SMILE_WIDTH * max(0.0, smile) * half * aside


def _moved_by_lips(neutral: Float32, unit: float) -> Float32:
    """How far each point follows the mouth, (478,) 0..1: speech leaves eyes and brows as they are.

    The landmarks of a reference differ from the portrait's a little everywhere, and eyes would tremble.
    """
    above = float(neutral[list(OUTER_LIPS), 1].min()) / unit - _CLOSE
    return np.asarray(np.clip((neutral[:, 1] / unit - above) / _RAMP + 1.0, 0.0, 1.0), np.float32)


def lid_delta(neutral: Float32, blink: Reference | None) -> Float32:
    """How the lids move when the eyes close, (478, 3) px; without a reference they meet on the lower lid."""
    delta = np.zeros_like(neutral)
    for eye in EYES:
        ids = list(eye)
        if blink is not None:
            delta[ids] = blink.landmarks[ids] - neutral[ids]
        else:
            upper, lower = ids[:9], [ids[0], *ids[:8:-1], ids[8]]
            delta[upper, 1] = 0.92 * (neutral[lower, 1] - neutral[upper, 1])
    return delta


def mouth_box(neutral: Float32, size: int, openness: float = 0.35) -> tuple[int, int, int, int]:
    """Pixels that a moving mouth can change: x0, y0, x1, y1."""
    unit = inter_ocular(neutral)
    lips = neutral[list(INNER_LIPS), :2]
    center = lips.mean(axis=0)
    bottom = max(float(neutral[CHIN, 1]) + openness * unit, float(center[1]) + 0.9 * unit)
    return (
        max(0, int(center[0] - 0.95 * unit)),
        max(0, int(center[1] - 0.62 * unit)),
        min(size, int(center[0] + 0.95 * unit) + 1),
        min(size, int(bottom) + 1),
    )
