from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import UsageError
from chatanything.face.diffusion.codec import PatchCodec
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.sampling import sample
from chatanything.training import face, upsampler
from chatanything.training.batches import FaceBatches
from chatanything.training.captions import captions
from chatanything.training.face_data import POSES, load_shard, make_shard, shard_paths
from chatanything.training.loop import Plan
from tests.tiny.face_model import tiny_flow


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    make_shard(folder, 0, characters=2)
    return folder


@pytest.mark.parametrize("kind", ["apple", "robot", "cat", "thing", "sunflower"])
def test_captions_name_the_kind_or_a_synonym(kind: str) -> None:
    character = sample(random.Random(3), kind)
    words = {kind, *KINDS[kind].names}
    told = captions(character, random.Random(1), 12)
    assert len(set(told)) > 6
    if kind != "thing":
        assert all(any(word in text for word in words) for text in told)


def test_captions_of_people_name_hair_glasses_and_age() -> None:
    character = sample(random.Random(5), "human")
    character.age, character.gender, character.hair, character.hair_color = 0.9, "woman", "bun", "white"
    character.glasses, character.hat, character.beard = "round", "none", "none"
    told = " / ".join(captions(character, random.Random(2), 30))
    for word in ("old", "elderly", "woman", "white hair in a bun", "glasses"):
        assert word in told
    assert "beard" not in told


def test_a_shard_is_the_same_again_and_its_poses_differ_in_the_mouth(data: Path, tmp_path: Path) -> None:
    shard = load_shard(data / "shard-00000")
    again = load_shard(make_shard(tmp_path, 0, characters=2))
    assert np.array_equal(shard.images, again.images)
    assert shard.captions == again.captions
    assert len(shard.images) == 2 * POSES
    first, speaking = shard.images[0].astype(int), shard.images[1].astype(int)
    changed = np.argwhere(np.abs(first - speaking).max(axis=2) > 40)
    assert len(changed) > 20
    assert changed[:, 0].min() > shard.points[0][:44, 1].min() - 40  # nothing above the nose


def test_batches_hide_a_region_and_flip_consistently(data: Path) -> None:
    batches = FaceBatches(shard_paths(data))
    batch = batches.draw(24, np.random.default_rng(1))
    assert batch.images.shape == (24, 3, 128, 128)
    assert 0 < batch.known_mask.mean() < 1
    hidden = 1 - batch.known_mask
    assert ((hidden * batch.features).sum((1, 2, 3)) > 0).all()  # what is drawn holds eyes or lips
    assert set(batch.has_map.tolist()) <= {0.0, 1.0}


def test_training_resumes_and_refuses_another_network(data: Path, tmp_path: Path) -> None:
    reports: list[str] = []

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        reports.append(f"{stage} {done:g}")

    plan = Plan(steps=2, batch=2, every=2)
    model = face.train_face(data, tmp_path, plan, net=tiny_flow(), progress=progress)
    face.train_face(data, tmp_path, Plan(steps=3, batch=2, every=2), net=tiny_flow(), progress=progress)
    assert reports == ["face 2", "face 3"]
    assert (tmp_path / "samples-000003.png").exists()
    assert (model / "flow" / "diffusion_pytorch_model.safetensors").exists()
    with pytest.raises(UsageError, match="does not fit"):
        face.train_face(data, tmp_path, plan, net=tiny_flow().__class__(fine=8, coarse=32, depth=1, heads=2))


def test_training_lowers_the_loss(data: Path) -> None:
    codec, net = face.fitted_codec(data), tiny_flow()
    assert isinstance(codec, PatchCodec)
    net.deviation.copy_(codec.deviation)
    import torch

    batch = FaceBatches(shard_paths(data)).draw(6, np.random.default_rng(0))
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3)
    losses = []
    for _ in range(12):
        loss = face.flow_loss(net, codec, batch, np.random.default_rng(3))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    assert losses[-1] < 0.9 * losses[0]


def test_the_upsampler_trains(data: Path, tmp_path: Path) -> None:
    upsampler.train_upsampler(data, tmp_path, Plan(steps=2, batch=2, every=2))
    assert (tmp_path / "model" / "upsampler" / "config.json").exists()


def test_no_data_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="train face-data"):
        face.train_face(tmp_path, tmp_path / "run", Plan(steps=1))
