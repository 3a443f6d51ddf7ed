"""Trains the upsampler of faces (`train upsampler`): what the denoiser draws, at twice the size."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from chatanything.face.diffusion import maps
from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.training.batches import Batch, FaceBatches
from chatanything.training.face import fitted_codec, require_data
from chatanything.training.face_data import POSES, shard_paths
from chatanything.training.loop import Plan, Trainer

_CROP: Final = 48
"""Edge of the crops in pixels, before they are doubled."""
_NOISE: Final = 0.12
"""Largest noise on the patches, as the denoiser leaves it."""
_EDGES: Final = 0.5
"""Weight of the error of the gradients, which sees blur that the error of the colours forgives."""
_FEATURES: Final = 3.0
"""Weight of eyes and lips."""
_SHOWN: Final = 8


def train_upsampler(data: Path, run: Path, plan: Plan, *, progress: Progress = silent) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of shards (`make_shards`).
        run: Folder for the checkpoint, samples and the model.
        plan: How long and where.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
    """
    require_data(data)
    torch.manual_seed(plan.seed)
    codec = fitted_codec(data).to(plan.device)
    trainer = Trainer(Upsampler(), plan, run)
    batches = FaceBatches(shard_paths(data))

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng(derive(plan.seed, "batch", step))
        batch = batches.draw(plan.batch, rng).to(plan.device)
        return upsampler_loss(cast("Upsampler", trainer.net), codec, batch, rng)

    for step, loss in trainer.run(loss_of):
        averaged = cast("Upsampler", trainer.averaged)
        row = {"step": step, "loss": round(loss, 5), "psnr": _validate(averaged, codec, data, run, step)}
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        copy.deepcopy(averaged).to("cpu", torch.float16).save_pretrained(run / "model" / "upsampler")
        progress("upsampler", step, plan.steps, json.dumps(row))
    return run / "model"


def upsampler_loss(net: Upsampler, codec: PatchCodec, batch: Batch, rng: np.random.Generator) -> Tensor:
    """Error of colours and of gradients on crops of spoilt pictures.

    Args:
        net: The upsampler.
        codec: What the pictures go through.
        batch: Pictures with landmark maps.
        rng: Decides crops and noise.
    """
    with torch.no_grad():
        latents = codec.encode(batch.images)
        noise = torch.from_numpy(rng.standard_normal(latents.shape, np.float32)).to(latents.device)
        amount = rng.uniform(0, _NOISE, (len(latents), 1, 1, 1)).astype(np.float32)
        spoilt = codec.decode(latents + noise * torch.from_numpy(amount).to(latents.device))
        shapes = shape_pictures(batch.landmark_map)
        shown = functional.interpolate(batch.features, scale_factor=maps.CELL, mode="nearest")
    edge = spoilt.shape[-1]
    y, x = (2 * int(rng.integers(0, (edge - _CROP) // 2 + 1)) for _ in range(2))
    made = net(spoilt[..., y : y + _CROP, x : x + _CROP], shapes[..., y : y + _CROP, x : x + _CROP])
    inside = (..., slice(2 * y, 2 * (y + _CROP)), slice(2 * x, 2 * (x + _CROP)))
    true, weight = batch.large[inside], 1 + (_FEATURES - 1) * shown[inside]
    error = ((made - true).abs() * weight).mean()
    for axis in (-1, -2):
        error = error + _EDGES * (made.diff(dim=axis) - true.diff(dim=axis)).abs().mean()
    return error


def shape_pictures(landmark_map: Tensor) -> Tensor:
    """As `maps.unfold`, for a batch: (n, CHANNELS, h, w) -> (n, 6, 8 h, 8 w)."""
    n, channels, height, width = landmark_map.shape
    fold = round((channels / maps.SHAPES) ** 0.5)
    opened = landmark_map.reshape(n, maps.SHAPES, fold, fold, height, width).permute(0, 1, 4, 2, 5, 3)
    return opened.reshape(n, maps.SHAPES, height * fold, width * fold)


@torch.no_grad()
def _validate(net: Upsampler, codec: PatchCodec, data: Path, run: Path, step: int) -> float:
    """Signal-to-noise ratio in dB on held-out pictures; writes a sheet of true, coarse and finished."""
    paths = shard_paths(data, held_out=True) or shard_paths(data)
    batches = FaceBatches(paths[:1], plain=True)
    rows = range(1, min(len(batches), _SHOWN * POSES), POSES)
    batch = batches.take(rows, np.random.default_rng(0)).to(str(net.device))
    coarse = codec.decode(codec.encode(batch.images))
    made = net(coarse, shape_pictures(batch.landmark_map)).clamp(-1, 1)
    plain = functional.interpolate(coarse, scale_factor=2, mode="bicubic").clamp(-1, 1)
    lines = [((part + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
             for part in (batch.large, plain, made)]  # fmt: skip
    sheet = np.concatenate([np.concatenate(list(line), 1) for line in lines])
    Image.fromarray(sheet).save(run / f"samples-{step:06d}.png")
    return round(float(-10 * torch.log10((made - batch.large).pow(2).mean() / 4)), 2)
