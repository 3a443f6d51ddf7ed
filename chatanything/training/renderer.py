"""Trains the lip renderer (`train renderer`)."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from chatanything.errors import UsageError
from chatanything.image_quality import psnr
from chatanything.lipsync.attention import AttentionRenderer
from chatanything.lipsync.attention_net import COARSE, LipNet, Region
from chatanything.lipsync.patch_batch import PatchInput, patch_input, to_batch
from chatanything.lipsync.patches import FacePatches
from chatanything.lipsync.warp import WarpRenderer
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.talking_heads import TalkingHead, head_paths, load_head
from chatanything.training.loop import Plan, Trainer
from chatanything.types import UInt8

_WINDOWS: Final[dict[Region, tuple[int, int]]] = {"lips": (96, 112), "eyes": (56, 112)}
"""Height and width of what is seen of a patch in training."""
_MADE: Final = 0.4
"""Share of samples with references made from the portrait alone."""
_EYES: Final = 0.4
"""Share of steps that train the eyes."""
_COPIED, _EDGES = 0.3, 0.7
"""Weights of the copied patch's error and of gradients."""
_PART_WEIGHTS: Final = (1.0, 3.0, 3.0, 2.0)
_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """One patch with its truth."""

    patch: PatchInput
    truth: UInt8
    """(h, w, 3) RGB."""


class LipSamples:
    """All patches of some characters, kept in memory once they were asked for.

    Args:
        paths: Folders of characters (`make_heads`).
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._known: dict[tuple[int, bool], dict[Region, list[Sample]]] = {}

    def draw(self, count: int, region: Region, rng: np.random.Generator) -> list[Sample]:
        """Windows of random patches, disturbed as photographs and drawn faces differ from renders."""
        window = _WINDOWS[region]
        chosen = []
        for _ in range(count):
            rows = self._samples(int(rng.integers(len(self._paths))), made=bool(rng.random() < _MADE))[region]
            chosen.append(_disturbed(_window(rows[int(rng.integers(len(rows)))], window, rng), rng))
        return chosen

    def _samples(self, number: int, *, made: bool) -> dict[Region, list[Sample]]:
        if (number, made) not in self._known:
            self._known[number, made] = _patches_of(load_head(self._paths[number]), made=made)
        return self._known[number, made]


def train_renderer(
    data: Path, run: Path, plan: Plan, *, net: LipNet | None = None, progress: Progress = silent
) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of talking characters (`make_heads`).
        run: Folder for the checkpoint, samples and the model.
        plan: How long and where.
        net: A network of another size than the shipped one.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
    """
    paths = head_paths(data)
    if not paths:
        raise UsageError(
            f"there are no talking characters in {data}",
            hint=f"Draw some: chatanything train lip-data -o {data}",
        )
    torch.manual_seed(plan.seed)
    trainer = Trainer(net or LipNet(), plan, run)
    samples = LipSamples(paths)

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng(derive(plan.seed, "lips", step))
        region: Region = "eyes" if rng.random() < _EYES else "lips"
        return patch_loss(cast("LipNet", trainer.net), samples.draw(plan.batch, region, rng), region)

    held = [load_head(path) for path in (head_paths(data, held_out=True) or paths)[:_SHOWN]]
    for step, loss in trainer.run(loss_at):
        averaged = copy.deepcopy(cast("LipNet", trainer.averaged)).to("cpu")
        row = {"step": step, "loss": round(loss, 5), **compare(averaged, held)}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        _samples(averaged, held, run / f"samples-{step:06d}.png")
        averaged.half().save_pretrained(run / "model")
        progress("renderer", step, plan.steps, json.dumps(row))
    return run / "model"


def patch_loss(net: LipNet, samples: Sequence[Sample], region: Region) -> Tensor:
    """Error of colours and edges, of the finished patch and of what was copied; lips and eyes count more.

    Args:
        net: The network.
        samples: Patches of one size.
        region: What they show.
    """
    x = to_batch([sample.patch for sample in samples], net.device)
    stacked = np.stack([sample.truth for sample in samples])
    truth = torch.from_numpy(stacked).to(net.device).permute(0, 3, 1, 2).float() / 255
    weight = torch.einsum("nphw,p->nhw", x.parts, torch.tensor(_PART_WEIGHTS, device=net.device))[:, None]
    weight = functional.avg_pool2d(weight, 5, stride=1, padding=2)
    filled, copied = net(x, region)
    down = (filled - truth).diff(dim=2).abs() * weight[:, :, 1:]
    across = (filled - truth).diff(dim=3).abs() * weight[..., 1:]
    error = ((filled - truth).abs() * weight).mean() + _COPIED * ((copied - truth).abs() * weight).mean()
    return error + _EDGES * (down.mean() + across.mean())


def compare(net: LipNet, heads: Sequence[TalkingHead]) -> dict[str, float]:
    """Mean PSNR of mouth and eyes by the warp and by the network, with drawn and with made references.

    Args:
        net: The network.
        heads: Characters with truths.
    """
    found: dict[str, list[float]] = {}
    for head in heads:
        for name, references in (("drawn", head.drawn), ("made", head.made)):
            warp = WarpRenderer(head.portrait, references)
            attention = AttentionRenderer(head.portrait, references, net)
            for pose, truth in zip(warp.patches.geometry.poses(head.motion), head.targets, strict=True):
                for method, picture in (("warp", warp.face(pose)), ("net", attention.face(pose))):
                    for part, box in (("mouth", warp.patches.mouth_box), ("eyes", warp.patches.eye_box)):
                        ratio = psnr(picture, truth, box)
                        found.setdefault(f"{name}_{part}_{method}", []).append(ratio)
    return {name: round(float(np.mean(values)), 2) for name, values in found.items()}


def _patches_of(head: TalkingHead, *, made: bool) -> dict[Region, list[Sample]]:
    patches = FacePatches(head.portrait, head.made if made else head.drawn)
    found: dict[Region, list[Sample]] = {"lips": [], "eyes": []}
    for pose, truth in zip(patches.geometry.poses(head.motion), head.targets, strict=True):
        for region, rows in found.items():
            x0, y0, x1, y1 = patches.mouth_box if region == "lips" else patches.eye_box
            patch = patch_input(patches, pose, region)
            patch.values = np.clip(patch.values + 0.5, 0, 255).astype(np.uint8)
            patch.shift = patch.shift.astype(np.float16)
            rows.append(Sample(patch, truth[y0:y1, x0:x1]))
    return found


def _window(sample: Sample, size: tuple[int, int], rng: np.random.Generator) -> Sample:
    """A random window, aligned with the coarse pixels; small patches repeat their edges."""
    patch, (height, width) = sample.patch, sample.truth.shape[:2]
    low = [
        COARSE * int(rng.integers(max(0, have - want) // COARSE + 1))
        for have, want in ((height, size[0]), (width, size[1]))
    ]

    def cut(array: np.ndarray, first: int) -> np.ndarray:
        """The window of an array whose rows are axis `first`."""
        index: list[slice] = [slice(None)] * array.ndim
        index[first : first + 2] = [slice(at, at + want) for at, want in zip(low, size, strict=True)]
        part = array[tuple(index)]
        pad = [(0, 0)] * array.ndim
        for axis, want in ((first, size[0]), (first + 1, size[1])):
            pad[axis] = (0, want - part.shape[axis])
        return np.pad(part, pad, mode="edge") if any(more for _, more in pad) else part

    cropped = copy.copy(patch)
    cropped.values, cropped.shift = cut(patch.values, 1), cut(patch.shift, 1).astype(np.float32)
    cropped.parts, cropped.place = cut(patch.parts, 0), cut(patch.place, 1)
    cropped.shares = cut(patch.shares, 1) if patch.shares.shape[-1] > 1 else patch.shares
    return Sample(cropped, cut(sample.truth, 0))


def _disturbed(sample: Sample, rng: np.random.Generator) -> Sample:
    """Other colours, softer, noisier: pictures and truth alike."""
    if rng.random() < 0.4:
        return sample
    gain, lift = rng.uniform(0.75, 1.15, 3), rng.uniform(-15, 15, 3)
    blur = float(rng.uniform(0.4, 1.0)) if rng.random() < 0.3 else 0.0
    patch = copy.copy(sample.patch)
    pictures = [_recolored(picture, gain, lift, blur) for picture in (*patch.values, sample.truth)]
    if rng.random() < 0.3:  # noise and compression are not to be learnt, so the truth stays clean
        noise = rng.normal(0, rng.uniform(1, 4), pictures[0].shape)
        pictures[:-1] = [np.clip(picture + noise, 0, 255).astype(np.uint8) for picture in pictures[:-1]]
    patch.values = np.stack(pictures[:-1])
    return Sample(patch, pictures[-1])


def _recolored(picture: UInt8, gain: np.ndarray, lift: np.ndarray, blur: float) -> UInt8:
    soft = cv2.GaussianBlur(picture, (0, 0), blur) if blur else picture
    return np.asarray(np.clip(soft * gain + lift, 0, 255), np.uint8)


def _samples(net: LipNet, heads: Sequence[TalkingHead], path: Path) -> None:
    """Mouths and eyes of some held-out moments: truth, warp, network, network with made references."""
    columns = []
    for number, head in enumerate(heads):
        warp = WarpRenderer(head.portrait, head.drawn)
        drawers = (warp, AttentionRenderer(head.portrait, head.drawn, net),
                   AttentionRenderer(head.portrait, head.made, net))  # fmt: skip
        x0, _, x1, y1 = warp.patches.mouth_box
        y0 = warp.patches.eye_box[1]
        for row in (number % len(head.targets), (number + 5) % len(head.targets)):
            faces = [head.targets[row]]
            for drawer in drawers:
                pose = drawer.patches.geometry.poses(head.motion)[row]
                faces.append(drawer.face(pose))
            columns.append(
                np.concatenate(
                    [np.asarray(Image.fromarray(face[y0:y1, x0:x1]).resize((192, 240))) for face in faces]
                )
            )
    Image.fromarray(np.concatenate(columns, 1)).save(path)
