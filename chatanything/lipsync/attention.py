"""The attention renderer: `LipNet` fills mouth and eyes, the rest is as in the warp renderer."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import numpy as np
import torch
from torch.nn import functional

from chatanything.devices import best_device
from chatanything.lipsync.attention_net import COARSE, MULTIPLE, LipNet, Patches, Region
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import PARTS, Box, Candidates, FacePatches
from chatanything.lipsync.renderer import PortraitRenderer
from chatanything.lipsync.topology import EYES, INNER_LIPS, OUTER_LIPS
from chatanything.measures import inter_ocular
from chatanything.types import Float32, Portrait, ReferenceSet, UInt8
from chatanything.weights import ensure
from chatanything.weights.networks import load_network

WEIGHTS: Final = "lip-renderer"
SOURCES: Final = 5
"""Mouth pictures that attention chooses among; the others are far from the target."""
_BASE: Final = 256
"""Edge of the portraits that the network learnt from; larger ones are mended at this size."""


@lru_cache(maxsize=1)
def load_net() -> LipNet:
    """The shipped network on the best device; loaded once.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    net: LipNet = load_network(ensure(WEIGHTS), "renderer", LipNet, "the lip renderer")
    ready: LipNet = net.to(best_device())
    return ready


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    """Two threads, one a region, each of which computes alone.

    Patches are so small that splitting their layers over cores costs more than it gains; two patches at once
    are a quarter faster on two cores.
    """
    return ThreadPoolExecutor(2, "lip renderer", initializer=torch.set_num_threads, initargs=(1,))


class AttentionRenderer(PortraitRenderer):
    """Lets the network choose among the references, and mend what they lack.

    Args:
        portrait: The persona's face.
        references: Its mouth shapes and closed eyes.
        net: Another network than the shipped one.

    Raises:
        WeightsError: The shipped network is missing or broken.
    """

    def __init__(self, portrait: Portrait, references: ReferenceSet, net: LipNet | None = None) -> None:
        super().__init__(portrait, references)
        self._net = net or load_net()

    def regions(self, pose: Pose) -> tuple[Float32, Float32]:
        """See `PortraitRenderer.regions`."""
        mouth, eyes = _workers().map(self.filled, (pose, pose), ("lips", "eyes"))
        return mouth, eyes

    @torch.no_grad()
    def filled(self, pose: Pose, region: Region) -> Float32:
        """The patch of a region as the network paints it, (h, w, 3) in 0..255."""
        box: Box = self.patches.mouth_box if region == "lips" else self.patches.eye_box
        one = patch_input(self.patches, pose, region)
        scale = max(1, self.patches.size // _BASE)
        x = to_batch([one], self._net.device, multiple=MULTIPLE * scale)
        filled = self._net(x, region)[0] if scale == 1 else _at_scale(self._net, x, region, scale)
        height, width = box[3] - box[1], box[2] - box[0]
        pixels = filled[0, :, :height, :width].permute(1, 2, 0) * 255
        return np.asarray(pixels.cpu().numpy(), np.float32)


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
    """Patches of one size as tensors, their lower right edges repeated up to the next multiple."""

    def joined(name: str) -> torch.Tensor:
        stacked = np.stack([getattr(one, name) for one in inputs])
        return torch.from_numpy(np.ascontiguousarray(stacked)).to(device)

    height, width = inputs[0].values.shape[1:3]
    more = (0, -width % multiple, 0, -height % multiple)
    values = joined("values").permute(0, 1, 4, 2, 3).float() / 255
    shift = joined("shift").permute(0, 1, 4, 2, 3)
    parts = functional.one_hot(joined("parts").long(), PARTS).permute(0, 3, 1, 2).float()
    shares = joined("shares")
    coarse = functional.avg_pool2d(_padded(shift, more).flatten(0, 1), COARSE)
    return Patches(
        _padded(values, more),
        _padded(shares, more) if shares.shape[-1] > 1 else shares,
        coarse.unflatten(0, shift.shape[:2]),
        _padded(parts, more),
        _padded(joined("place"), more),
        joined("target"),
        joined("references"),
    )


def _padded(x: torch.Tensor, more: tuple[int, int, int, int]) -> torch.Tensor:
    if not any(more):
        return x
    lead = x.shape[:-3]
    flat = x.flatten(0, len(lead) - 1) if len(lead) > 1 else x
    grown = functional.pad(flat, more, mode="replicate")
    return grown.unflatten(0, lead) if len(lead) > 1 else grown


def _at_scale(net: LipNet, x: Patches, region: Region, scale: int) -> torch.Tensor:
    """A larger patch: copied at its own size, mended at the size that the network knows."""
    attention = net.attention[region]
    shares = attention(x)
    copied = (shares[:, :, None] * x.values).sum(1)
    small = Patches(
        x.values, x.shares, x.shift, functional.avg_pool2d(x.parts, scale),
        functional.avg_pool2d(x.place, scale), x.target, x.references,
    )  # fmt: skip
    added = net.mend(functional.avg_pool2d(copied, scale), small, region)
    return copied + functional.interpolate(added, scale_factor=scale, mode="bilinear", align_corners=False)


def _lip_shape(points: Float32, middle: Float32, unit: float) -> Float32:
    lips = points[[*OUTER_LIPS, *INNER_LIPS], :2]
    return np.asarray((lips - middle) / unit, np.float32).ravel()


def _eye_shape(
    points: Float32, middle: Float32, unit: float, gaze: tuple[float, float], closing: float
) -> Float32:
    lids = (points[[*EYES[0], *EYES[1]], :2] - middle) / unit
    return np.concatenate([lids.ravel(), gaze, [closing]]).astype(np.float32)
