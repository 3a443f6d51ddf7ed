"""Trains the judge of faces (`train attributes`) on renders."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np
import torch
from torch import Tensor

from chatanything.face.attributes import AttributeJudge, labels, loss_of, small
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import from_dict
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.training.face import require_data
from chatanything.training.face_data import POSES, load_shard, shard_paths
from chatanything.training.loop import Plan, Trainer
from chatanything.types import UInt8

_SHIFT: Final = 10
"""Pixels at 256 by which pictures are moved."""
_BLUR: Final = 1.5
"""Largest blur in pixels at 256, since drawn faces are softer than renders."""


def train_attributes(data: Path, run: Path, plan: Plan, *, progress: Progress = silent) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of shards (`make_shards`).
        run: Folder for the checkpoint and the model.
        plan: How long and where.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
    """
    require_data(data)
    torch.manual_seed(plan.seed)
    trainer = Trainer(AttributeJudge(kinds=tuple(KINDS)), plan, run)
    shards = [load_shard(path) for path in shard_paths(data)]
    wanted = [[labels(from_dict(raw)) for raw in shard.characters] for shard in shards]

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng(derive(plan.seed, "batch", step))
        pictures, rows = [], []
        for _ in range(plan.batch):
            number = int(rng.integers(len(shards)))
            row = int(rng.integers(len(shards[number].images)))
            pictures.append(_disturbed(np.asarray(shards[number].images[row]), rng))
            rows.append(wanted[number][row // POSES])
        judge = cast("AttributeJudge", trainer.net)
        return loss_of(judge(small(pictures).to(plan.device)), rows, judge)

    for step, loss in trainer.run(loss_at):
        averaged = copy.deepcopy(cast("AttributeJudge", trainer.averaged)).to("cpu")
        measured = accuracy(averaged, data)
        averaged.register_to_config(accuracy=measured)
        averaged.to(dtype=torch.float16).save_pretrained(run / "model")
        row = {"step": step, "loss": round(loss, 4), **measured}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        progress("attributes", step, plan.steps, json.dumps(row))
    return run / "model"


def accuracy(judge: AttributeJudge, data: Path) -> dict[str, float]:
    """Attribute -> share of held-out renders that are read right.

    Args:
        judge: The judge.
        data: Folder of shards.
    """
    right: dict[str, list[bool]] = {}
    for path in shard_paths(data, held_out=True) or shard_paths(data)[:1]:
        shard = load_shard(path)
        read = judge.read([np.asarray(image) for image in shard.images[::POSES]])
        for found, raw in zip(read, shard.characters, strict=True):
            for name, value in labels(from_dict(raw)).items():
                right.setdefault(name, []).append(found[name] == value)
    return {name: round(float(np.mean(hits)), 3) for name, hits in right.items()}


def _disturbed(image: UInt8, rng: np.random.Generator) -> UInt8:
    """Moved, mirrored, softened and tinted a little."""
    size = image.shape[0]
    scale = float(rng.uniform(0.95, 1.1))
    x, y = rng.uniform(-_SHIFT, _SHIFT, 2)
    matrix = np.array([[scale, 0, x], [0, scale, y]])
    moved = cv2.warpAffine(image, matrix, (size, size), borderMode=cv2.BORDER_REFLECT)
    if rng.random() < 0.5:
        moved = moved[:, ::-1]
    if rng.random() < 0.5:
        moved = cv2.GaussianBlur(moved, (0, 0), float(rng.uniform(0.3, _BLUR)))
    light = rng.uniform(0.92, 1.08, 3)
    return np.asarray(np.clip(moved * light, 0, 255), np.uint8)
