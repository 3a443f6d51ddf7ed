"""The attention renderer: `LipNet` fills mouth and eyes, the rest is as in the warp renderer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final, Self

import numpy as np
import torch
from torch.nn import functional

from chatanything.devices import best_device
from chatanything.lipsync.attention_net import MULTIPLE, LipNet, Patches, Region
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patch_batch import PatchInput, patch_input, to_batch
from chatanything.lipsync.renderer import PortraitRenderer
from chatanything.types import Float32, Portrait, ReferenceSet
from chatanything.weights import ensure
from chatanything.weights.networks import load_network

WEIGHTS: Final = "lip-renderer"
REGIONS: Final[tuple[Region, Region]] = ("lips", "eyes")
_MOST_PADDING: Final = 1.5
"""Patches that are larger than the smallest by this factor do not share a batch with it."""
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


@dataclass(frozen=True, slots=True)
class Painted:
    """A patch, and what it was painted from."""

    pose: Pose
    given: PatchInput
    pixels: Float32


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
        self.net = net or load_net()
        self.last: dict[Region, Painted] = {}
        """What was painted last: eyes rarely move while a mouth does, and an idle mouth does not move."""

    def regions(self, pose: Pose) -> tuple[Float32, Float32]:
        """See `PortraitRenderer.regions`."""
        return self.regions_of([(self, pose)])[0]

    @classmethod
    def regions_of(cls, jobs: Sequence[tuple[Self, Pose]]) -> list[tuple[Float32, Float32]]:
        """See `PortraitRenderer.regions_of`; patches of similar size go through the network together."""
        mouths, eyes = _workers().map(partial(_all_filled, jobs), REGIONS)
        return list(zip(mouths, eyes, strict=True))

    def filled(self, pose: Pose, region: Region) -> Float32:
        """The patch of a region as the network paints it, (h, w, 3) in 0..255."""
        return _all_filled([(self, pose)], region)[0]

    @property
    def scale(self) -> int:
        """How many times larger the portrait is than those that the network knows."""
        return max(1, int(self.patches.size) // _BASE)


def _all_filled(jobs: Sequence[tuple[AttentionRenderer, Pose]], region: Region) -> list[Float32]:
    """The patches of a region of several characters, each of them once, in their order."""
    moved = [
        (renderer, pose)
        for renderer, pose in jobs
        if region not in renderer.last or not renderer.last[region].pose.equals(pose)
    ]
    changed = list[_Job]()
    for renderer, pose in moved:
        given, last = patch_input(renderer.patches, pose, region), renderer.last.get(region)
        if last is not None and last.given.equals(given):
            renderer.last[region] = replace(last, pose=pose)
        else:
            changed.append((renderer, pose, given))
    for group in _alike(changed):
        first = group[0][0]
        pixels = _run(first.net, [given for _, _, given in group], region, first.scale)
        for (renderer, pose, given), one in zip(group, pixels, strict=True):
            height, width = given.values.shape[1:3]
            renderer.last[region] = Painted(pose, given, one[:height, :width])
    return [renderer.last[region].pixels for renderer, _ in jobs]


_Job = tuple[AttentionRenderer, Pose, PatchInput]


def _alike(jobs: Sequence[_Job]) -> Iterator[list[_Job]]:
    """Patches that one call of a network may take: little of it must be padding."""

    def kind(job: _Job) -> tuple[int, int, int, int]:
        count, height, width = job[2].values.shape[:3]
        return id(job[0].net), job[0].scale, count, height * width

    group: list[_Job] = []
    for job in sorted(jobs, key=kind):
        if group and not (
            kind(job)[:3] == kind(group[0])[:3] and kind(job)[3] <= _MOST_PADDING * kind(group[0])[3]
        ):
            yield group
            group = []
        group.append(job)
    if group:
        yield group


@torch.no_grad()
def _run(net: LipNet, inputs: Sequence[PatchInput], region: Region, scale: int) -> Float32:
    """What the network paints, (n, h, w, 3) in 0..255."""
    x = to_batch(inputs, net.device, multiple=MULTIPLE * scale)
    filled = net(x, region)[0] if scale == 1 else _at_scale(net, x, region, scale)
    return np.asarray((filled.permute(0, 2, 3, 1) * 255).cpu().numpy(), np.float32)


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
