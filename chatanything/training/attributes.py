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

from chatanything.face.attributes import EDGE, AttributeJudge, labels, loss_of, small
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import from_dict
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.training.attribute_data import Pictures, load_pictures, make_pictures
from chatanything.training.face import require_data
from chatanything.training.face_data import POSES, load_shard, shard_paths
from chatanything.training.loop import Plan, Trainer
from chatanything.types import UInt8

_FOLDERS: Final = 24
_SHIFT: Final = 2.5
"""Pixels by which pictures are moved."""
_BLUR: Final = 0.4
"""Largest blur in pixels, since drawn faces are softer than renders."""


def train_attributes(
    data: Path, run: Path, plan: Plan, *, pictures: int = _FOLDERS, progress: Progress = silent
) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of shards (`make_shards`).
        run: Folder for the checkpoint and the model.
        plan: How long and where.
        pictures: Folders of small pictures to draw beside the shards (`make_pictures`).
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
    """
    require_data(data)
    torch.manual_seed(plan.seed)
    trainer = Trainer(AttributeJudge(kinds=tuple(KINDS)), plan, run)
    make_pictures(run / "pictures", pictures, progress=progress)
    sources = [_from_shard(path) for path in shard_paths(data)] + load_pictures(run / "pictures")
    wanted = [[labels(from_dict(raw)) for raw in source.characters] for source in sources]

    def loss_at(step: int) -> Tensor:
        rng = np.random.default_rng(derive(plan.seed, "batch", step))
        drawn, rows = [], []
        for _ in range(plan.batch):
            number = int(rng.integers(len(sources)))
            row = int(rng.integers(len(sources[number].images)))
            drawn.append(_disturbed(sources[number].images[row], rng))
            rows.append(wanted[number][row])
        judge = cast("AttributeJudge", trainer.net)
        return loss_of(judge(small(drawn).to(plan.device)), rows, judge)

    for step, loss in trainer.run(loss_at):
        averaged = copy.deepcopy(cast("AttributeJudge", trainer.averaged)).to("cpu")
        measured = accuracy(averaged, data, run / "pictures")
        averaged.register_to_config(accuracy=measured)
        averaged.half().save_pretrained(run / "model")
        row = {"step": step, "loss": round(loss, 4), **measured}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        progress("attributes", step, plan.steps, json.dumps(row))
    return run / "model"


def accuracy(judge: AttributeJudge, data: Path, pictures: Path) -> dict[str, float]:
    """Attribute -> share of held-out renders that are read right.

    Args:
        judge: The judge.
        data: Folder of shards.
        pictures: Folder of small pictures.
    """
    held = [_from_shard(path) for path in shard_paths(data, held_out=True) or shard_paths(data)[:1]]
    held += load_pictures(pictures, held_out=True)
    right: dict[str, list[bool]] = {}
    for source in held:
        read = judge.read(list(source.images))
        for found, raw in zip(read, source.characters, strict=True):
            for name, value in labels(from_dict(raw)).items():
                right.setdefault(name, []).append(found[name] == value)
    return {name: round(float(np.mean(hits)), 3) for name, hits in right.items()}


def _from_shard(path: Path) -> Pictures:
    """Each character of a shard as it is, as small as the judge sees it."""
    shard = load_shard(path)
    images = np.stack([cv2.resize(image, (EDGE, EDGE), interpolation=cv2.INTER_AREA)
                       for image in shard.images[::POSES]])  # fmt: skip
    return Pictures(images, shard.characters)


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
        moved = cv2.GaussianBlur(moved, (0, 0), float(rng.uniform(0.1, _BLUR)))
    light = rng.uniform(0.92, 1.08, 3)
    return np.asarray(np.clip(moved * light, 0, 255), np.uint8)
