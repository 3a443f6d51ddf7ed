"""Trains the denoiser of faces (`train face`)."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from chatanything.errors import UsageError
from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.face.diffusion.maps import region_cells
from chatanything.face.diffusion.net import FaceFlow
from chatanything.face.diffusion.pipeline import FacePipeline, new_scheduler
from chatanything.face.diffusion.request import Request
from chatanything.face.experts import EXPERTS, expert_of
from chatanything.face.kit.hosts import KINDS
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.training.batches import Batch, FaceBatches
from chatanything.training.face_data import POSES, SIZE, load_shard, shard_paths
from chatanything.training.loop import Plan, Trainer

_FIT_PICTURES: Final = 400
_MOST: Final = 4.0
"""Largest weight of a noise level; 1 / t^2 makes the error one of velocity."""
_FEATURES: Final = 4.0
"""Weight of cells with eyes or lips."""
_SHOWN: Final = 12
"""Portraits of a sample sheet."""
_REFRESH: Final = 2000
"""Steps after which new shards are looked for."""


def train_face(
    data: Path, run: Path, plan: Plan, *, net: FaceFlow | None = None, progress: Progress = silent
) -> Path:
    """Train, going on from the checkpoint in `run`.

    Args:
        data: Folder of shards (`make_shards`).
        run: Folder for the checkpoint, samples and the model.
        plan: How long and where.
        net: A network of another size than the shipped one.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model.

    Raises:
        UsageError: There is no data, or the checkpoint is of another network.
    """
    require_data(data)
    torch.manual_seed(plan.seed)
    codec = fitted_codec(data, plan.begin)
    network = net or FaceFlow()
    network.deviation.copy_(codec.deviation)
    trainer = Trainer(network.to(memory_format=torch.channels_last), plan, run)
    codec.to(plan.device)
    state = {"batches": FaceBatches(shard_paths(data))}

    def loss_of(step: int) -> Tensor:
        if step % _REFRESH == 0:
            state["batches"] = FaceBatches(shard_paths(data))
        rng = np.random.default_rng(derive(plan.seed, "batch", step))
        batch = state["batches"].draw(plan.batch, rng).to(plan.device)
        return flow_loss(cast("FaceFlow", trainer.net), codec, batch, rng)

    log = run / "log.jsonl"
    for step, loss in trainer.run(loss_of):
        averaged = cast("FaceFlow", trainer.averaged)
        row = {"step": step, "loss": round(loss, 5), "validation": round(_validate(averaged, codec, data), 5)}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        _samples(averaged, codec, data, run / f"samples-{step:06d}.png")
        _export(averaged, codec, run / "model")
        progress("face", step, plan.steps, json.dumps(row))
    return run / "model"


def flow_loss(net: FaceFlow, codec: PatchCodec, batch: Batch, rng: np.random.Generator) -> Tensor:
    """Weighted error of the clean patches at random noise levels.

    Args:
        net: The denoiser.
        codec: Pixels to patches.
        batch: Pictures with their conditions.
        rng: Decides levels and noise.
    """
    with torch.no_grad():
        clean = codec.encode(batch.images)
    levels = 1 / (1 + np.exp(-rng.normal(0.5, 1.2, len(clean))))
    time = torch.from_numpy(levels.astype(np.float32)).to(clean.device)
    noise = torch.from_numpy(rng.standard_normal(clean.shape, np.float32)).to(clean.device)
    at = time[:, None, None, None]
    predicted = net(
        (1 - at) * clean + at * noise,
        time,
        batch.words,
        batch.word_mask,
        batch.landmark_map,
        batch.expert,
        clean * batch.known_mask,
        batch.known_mask,
        batch.has_map,
    )
    weight = at.pow(-2).clamp(max=_MOST) * (1 + (_FEATURES - 1) * batch.features)
    return ((predicted - clean).pow(2) * weight).mean()


def require_data(data: Path) -> None:
    """Stop with the command that makes pictures when there are none.

    Raises:
        UsageError: There is no shard for training.
    """
    if not shard_paths(data):
        raise UsageError(
            f"there are no pictures in {data}", hint=f"Draw some: chatanything train face-data -o {data}"
        )


def fitted_codec(data: Path, begin: Path | None = None) -> PatchCodec:
    """The components of the pictures, computed once for the data, so that both networks share them.

    Args:
        data: Folder of shards.
        begin: Folder of the denoiser that training begins with; the codec beside it is taken over.
    """
    folder = data / "codec"
    finished = begin.parent / "codec" if begin else folder
    for known in (folder, finished):
        if (known / "config.json").exists():
            codec: PatchCodec = PatchCodec.from_pretrained(known)
            codec.save_pretrained(folder)
            return codec
    codec = PatchCodec()
    pictures: list[np.ndarray] = []
    for path in shard_paths(data):
        pictures += list(load_shard(path).images[::POSES])
        if len(pictures) >= _FIT_PICTURES:
            break
    pixels = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    codec.fit(torch.nn.functional.avg_pool2d(pixels, 2))
    codec.save_pretrained(folder)
    return codec


def _held_out(data: Path, count: int) -> Batch:
    """Pictures that training never sees (or, with too few shards, some that it does)."""
    paths = shard_paths(data, held_out=True) or shard_paths(data)
    batches = FaceBatches(paths[:1], plain=True)
    return batches.take(range(0, min(len(batches), count * POSES), POSES), np.random.default_rng(0))


@torch.no_grad()
def _validate(net: FaceFlow, codec: PatchCodec, data: Path) -> float:
    """The loss on held-out pictures with all conditions and fixed noise."""
    batch = _held_out(data, 32).to(str(net.device))
    return float(flow_loss(net, codec, batch, np.random.default_rng(1)))


def _samples(net: FaceFlow, codec: PatchCodec, data: Path, path: Path) -> None:
    """Held-out pictures; drawn from words and map; from a noised template; a true and a drawn mouth."""
    paths = shard_paths(data, held_out=True) or shard_paths(data)
    shard = load_shard(paths[0])
    rows = range(0, min(len(shard.images), _SHOWN * POSES), POSES)
    pipeline = FacePipeline(net, codec, Upsampler().to(net.device), new_scheduler())
    asked, mouths = [], []
    for row in rows:
        text, kind = shard.captions[row // POSES][0], KINDS[shard.characters[row // POSES]["kind"]]
        expert = EXPERTS.index(expert_of(kind))
        asked.append(Request(text, shard.points[row], expert, row, np.array(shard.images[row])))
        spoken = shard.points[row + 1]
        cells = np.maximum(*(region_cells(points, SIZE, "mouth") for points in (spoken, shard.points[row])))
        picture = asked[-1].template
        mouths.append(replace(asked[-1], points=spoken, template=None, kept=picture, hidden=cells))
    lines = [
        [np.array(shard.images[row]) for row in rows],
        pipeline([replace(request, template=None) for request in asked]),
        pipeline([replace(request, strength=0.6) for request in asked]),
        [np.array(shard.images[row + 1]) for row in rows],
        pipeline(mouths, guidance_scale=1.0),
    ]
    Image.fromarray(np.concatenate([np.concatenate(line, 1) for line in lines])).save(path)


def _export(net: FaceFlow, codec: PatchCodec, folder: Path) -> None:
    """The averaged weights in half precision, as diffusers saves them."""
    half = copy.deepcopy(net).to("cpu", torch.float16)
    half.save_pretrained(folder / "flow")
    copy.deepcopy(codec).to("cpu").save_pretrained(folder / "codec")
