"""What the lip network is given: patches of one or several characters as one batch of tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from chatanything.lipsync.attention_net import COARSE, MULTIPLE, Patches, Region
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import PARTS, Candidates, FacePatches
from chatanything.lipsync.topology import EYES, INNER_LIPS, OUTER_LIPS
from chatanything.measures import inter_ocular
from chatanything.types import Float32, UInt8

SOURCES: Final = 5
"""Mouth pictures that attention chooses among; the others are far from the target."""


class PatchInput:
    """One patch as arrays: names and meanings as in `Patches`, without the batch."""

    __slots__ = ("parts", "place", "references", "shares", "shift", "target", "values")

    def __init__(
        self, candidates: Candidates, parts: UInt8, place: Float32, unit: float, shapes: Sequence[Float32]
    ) -> None:
        self.values = candidates.values
        self.shares = candidates.shares
        self.shift = candidates.shift / unit
        self.parts = parts
        self.place = place
        self.target, self.references = shapes[0], np.stack(shapes[1:])

    def equals(self, other: PatchInput) -> bool:
        """Whether a network would paint the same; where it would not, the first comparison mostly tells."""
        return all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("target", "references", "shares", "parts", "shift", "values", "place")
        )


def patch_input(patches: FacePatches, pose: Pose, region: Region) -> PatchInput:
    """What the network needs to know to fill a region.

    Args:
        patches: The persona.
        pose: The target.
        region: Mouth or eyes.
    """
    points = patches.portrait.landmarks
    unit = inter_ocular(points)
    if region == "lips":
        box, middle = patches.mouth_box, points[[13, 14], :2].mean(axis=0)
        candidates, chosen = patches.mouth(pose, SOURCES)
        shapes = [_lip_shape(one, middle, unit) for one in (pose.landmarks, *patches.lip_landmarks[chosen])]
    else:
        box, middle = patches.eye_box, points[[33, 263], :2].mean(axis=0)
        candidates = patches.eyes(pose)
        still = _eye_shape(points, middle, unit, (0.0, 0.0), 0.0)
        closed = _eye_shape(patches.blink_landmarks, middle, unit, (0.0, 0.0), 1.0)
        target = _eye_shape(pose.landmarks, middle, unit, pose.gaze, pose.blink)
        shapes = [target, still, closed, still, still]
    ys, xs = np.mgrid[box[1] : box[3], box[0] : box[2]].astype(np.float32)
    place = np.stack([(xs - middle[0]) / unit, (ys - middle[1]) / unit])
    return PatchInput(candidates, patches.parts(pose.landmarks, box), place, unit, shapes)


def to_batch(
    inputs: Sequence[PatchInput], device: torch.device | str, *, multiple: int = MULTIPLE
) -> Patches:
    """Patches as tensors of one size, their lower right edges repeated up to the next multiple.

    Args:
        inputs: Of one region, with as many candidates each.
        device: Where the tensors go.
        multiple: Of what the network needs height and width to be.
    """
    height, width = (
        -(-max(one.values.shape[axis] for one in inputs) // multiple) * multiple for axis in (1, 2)
    )

    def joined(name: str, first: int | None) -> torch.Tensor:
        arrays = [getattr(one, name) for one in inputs]
        if first is not None:
            arrays = [_grown(array, height, width, first) for array in arrays]
        return torch.from_numpy(np.ascontiguousarray(np.stack(arrays))).to(device)

    shift = joined("shift", 1).permute(0, 1, 4, 2, 3)
    coarse = functional.avg_pool2d(shift.flatten(0, 1), COARSE).unflatten(0, shift.shape[:2])
    per_pixel = inputs[0].shares.shape[-1] > 1
    return Patches(
        joined("values", 1).permute(0, 1, 4, 2, 3).float() / 255,
        joined("shares", 1 if per_pixel else None),
        coarse,
        functional.one_hot(joined("parts", 0).long(), PARTS).permute(0, 3, 1, 2).float(),
        joined("place", 1),
        joined("target", None),
        joined("references", None),
    )


def _grown(array: npt.NDArray[np.generic], height: int, width: int, first: int) -> npt.NDArray[np.generic]:
    """A copy with axes `first` and `first + 1` made larger; the last row and column are repeated."""
    h, w = array.shape[first : first + 2]
    if (h, w) == (height, width):
        return array
    rows, columns = np.minimum(np.arange(height), h - 1), np.minimum(np.arange(width), w - 1)
    return np.asarray(array.take(rows, axis=first).take(columns, axis=first + 1))


def _lip_shape(points: Float32, middle: Float32, unit: float) -> Float32:
    lips = points[[*OUTER_LIPS, *INNER_LIPS], :2]
    return np.asarray((lips - middle) / unit, np.float32).ravel()


def _eye_shape(
    points: Float32, middle: Float32, unit: float, gaze: tuple[float, float], closing: float
) -> Float32:
    lids = (points[[*EYES[0], *EYES[1]], :2] - middle) / unit
    return np.concatenate([lids.ravel(), gaze, [closing]]).astype(np.float32)
