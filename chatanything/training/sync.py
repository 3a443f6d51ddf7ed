"""Trains the judge of lip-sync (`train sync`) on recorded speakers."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from torch import Tensor, nn

from chatanything.lipsync.sync_features import FPS
from chatanything.lipsync.sync_net import REACH, SyncNet, agreement
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.loop import Plan, Trainer
from chatanything.training.sync_data import Recording, draw, read_recordings

EACH: Final = 12
"""Windows of a clip in a batch."""
NEAR: Final = 2
"""Windows shifted by fewer frames are not held against the right one."""
_SHARPEST: Final = 4.6
"""Logarithm of the largest factor on similarities."""


def train_sync(
    data: Path, run: Path, plan: Plan, *, net: SyncNet | None = None, progress: Progress = silent
) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of recordings (`sync_data`); its "validation" and "test" clips are never trained on.
        run: Folder for the checkpoint and the model.
        plan: How long and where; a batch counts clips.
        net: Another network than the default one.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
        InputFileError: A recording cannot be read.
    """
    recordings, held = read_recordings(data, "train"), read_recordings(data, "test")
    torch.manual_seed(plan.seed)
    trainer = Trainer(net or SyncNet(), plan, run)

    def loss_at(step: int) -> Tensor:
        rng = generator(plan.seed, "batch", step)
        mouths, sounds = draw(recordings, rng, clips=plan.batch, each=EACH)
        return contrast(cast("SyncNet", trainer.net), mouths.to(plan.device), sounds.to(plan.device))

    for step, loss in trainer.run(loss_at):
        averaged = copy.deepcopy(cast("SyncNet", trainer.averaged)).to("cpu").eval()
        measured = accuracy(averaged, held)
        averaged.register_to_config(accuracy=measured)
        averaged.half().save_pretrained(run / "model")
        row = {"step": step, "loss": round(loss, 4), **measured}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        progress("sync", step, plan.steps, json.dumps(row))
    return run / "model"


def contrast(net: SyncNet, mouths: Tensor, sounds: Tensor) -> Tensor:
    """InfoNCE both ways (van den Oord et al. 2018): each window's own partner against all others.

    Args:
        net: The network.
        mouths: (n, channels, time).
        sounds: (n, BANDS, time), in the same order.
    """
    mouth, sound = net(mouths, sounds)
    logits = mouth @ sound.T * net.sharpness.clamp(max=_SHARPEST).exp()
    own = torch.arange(len(logits), device=logits.device)
    entropy = nn.functional.cross_entropy
    return cast("Tensor", (entropy(logits, own) + entropy(logits.T, own)) / 2)


def accuracy(net: SyncNet, held: Sequence[Recording]) -> dict[str, float]:
    """How well the judge does on clips that it was not trained on.

    Args:
        net: The judge, on the CPU.
        held: Those clips.

    Returns:
        `offset_within_1`: share of clips whose offset comes out within a frame, of +-`REACH`; `offset_ms`:
        median size of the offset; `late_ms`: median of how late the mouth is; `window`: share of pairs in
        which the right window fits better than one shifted by `NEAR` to `REACH` frames; `confidence`;
        `swapped`: the same with the next clip's sound; `clips`: how many.
    """
    own, swapped, right = [], [], []
    for i, clip in enumerate(held):
        similar = net.similarity(clip.series, clip.mel)
        own.append(agreement(similar))
        swapped.append(agreement(net.similarity(clip.series, held[(i + 1) % len(held)].mel)).confidence)
        later = np.abs(np.subtract.outer(np.arange(len(similar)), np.arange(len(similar))))
        wrong = (later >= NEAR) & (later <= REACH)
        right.append((np.diagonal(similar)[:, None] > similar)[wrong].mean())
    offsets = np.array([one.offset_s for one in own])
    figures = {
        "offset_within_1": np.mean(np.abs(np.rint(offsets * FPS)) <= 1),
        "offset_ms": 1000 * np.median(np.abs(offsets)),
        "late_ms": 1000 * np.median(offsets),
        "window": np.mean(right),
        "confidence": np.mean([one.confidence for one in own]),
        "swapped": np.mean(swapped),
        "clips": len(held),
    }
    return {name: round(float(value), 3) for name, value in figures.items()}
