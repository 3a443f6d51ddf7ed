"""Talking characters, the training of the lip renderer on them, and its evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatanything.cli.main import run
from chatanything.errors import InputFileError, UsageError
from chatanything.evaluation.peer_network import PeerNetwork
from chatanything.evaluation.renderer import run_renderer
from chatanything.lipsync.attention import AttentionRenderer
from chatanything.lipsync.attention_net import LipNet
from chatanything.lipsync.warp import WarpRenderer
from chatanything.media.image import read_image
from chatanything.media.video import read_video
from chatanything.talking_heads import head_paths, load_head, make_heads
from chatanything.training.loop import Plan
from chatanything.training.renderer import compare, train_renderer
from chatanything.visemes import INDEX, REFERENCE_VISEMES


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heads")
    assert make_heads(folder, 1, first=1, targets=3) == 1
    assert make_heads(folder, 1, first=90_000, targets=3) == 1
    return folder


def test_a_head_has_references_motions_and_their_truth(data: Path) -> None:
    head = load_head(head_paths(data)[0])
    assert [ref.name for ref in head.drawn.lips] == list(REFERENCE_VISEMES)
    assert [ref.name for ref in head.made.lips] == list(REFERENCE_VISEMES)
    assert head.targets.shape == (3, 256, 256, 3)
    assert len(head.motion) == 3
    # The truth is what the motion says: the warp renderer comes near it, a still face does not.
    warp = WarpRenderer(head.portrait, head.drawn)
    poses = warp.patches.geometry.poses(head.motion)
    busiest = int(
        np.argmax(head.motion.blendshapes[:, INDEX["jawOpen"]] + head.motion.blendshapes.sum(1) / 9)
    )
    truth = head.targets[busiest].astype(float)
    moved = np.abs(warp.face(poses[busiest]) - truth).mean()
    still = np.abs(head.portrait.image - truth).mean()
    assert moved < 0.8 * still


def test_training_goes_on_and_its_model_is_measured(data: Path, tmp_path: Path) -> None:
    small = {"width": 8, "channels": (8, 8, 16)}
    for steps in (2, 3):
        model = train_renderer(data, tmp_path, Plan(steps=steps, batch=2, every=2), net=LipNet(**small))
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    net = LipNet.from_pretrained(model).float().eval()
    head = load_head(head_paths(data)[0])
    found = compare(net, [head])
    assert found["drawn_mouth_net"] > found["made_mouth_net"] > 10
    film = tmp_path / "film.mp4"
    rows = run_renderer(
        count=1, sentences=1, length=5, net=model, heads=data, strip=tmp_path / "strip.png", film=film
    )
    values = {row.metric: row for row in rows}
    assert 0.3 < values["renderer.drawn.mouth.ssim"].value <= 1
    assert values["renderer.drawn.mouth.psnr"].control["warp"] > 10
    assert values["renderer.work"].value > 0.01
    assert 0 < values["renderer.drawn.flicker"].value < values["renderer.made.flicker"].value
    pictures, fps = read_video(film)
    assert (len(list(pictures)), fps) == (5, 25)
    assert values["renderer.fps"].control["wav2lip_shapes"] > 0
    assert read_image(tmp_path / "strip.png").shape[2] == 3
    assert AttentionRenderer(head.portrait, head.drawn, net).patches.size == 256


def test_training_begins_with_a_finished_model(data: Path, tmp_path: Path) -> None:
    small = {"width": 8, "channels": (8, 8, 16)}
    done = LipNet(**small)
    done.save_pretrained(tmp_path / "done")
    plan = Plan(steps=1, batch=2, rate=1e-9, begin=tmp_path / "done")
    model = train_renderer(data, tmp_path / "run", plan, net=LipNet(**small))
    head = load_head(head_paths(data)[0])
    before, after = compare(done, [head]), compare(LipNet.from_pretrained(model).float().eval(), [head])
    assert after["made_mouth_net"] == pytest.approx(before["made_mouth_net"], abs=0.02)
    with pytest.raises(UsageError, match="cannot be the start"):
        train_renderer(data, tmp_path / "other", plan, net=LipNet(width=16, channels=(8, 8, 16)))
    with pytest.raises(UsageError, match="cannot be the start"):
        train_renderer(data, tmp_path / "none", Plan(steps=1, begin=tmp_path / "missing"))


def test_the_peer_network_has_the_size_of_wav2lip() -> None:
    assert sum(weights.numel() for weights in PeerNetwork().parameters()) == pytest.approx(36.3e6, rel=0.001)


def test_missing_data_and_networks_are_named(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="train lip-data"):
        train_renderer(tmp_path, tmp_path / "run", Plan(steps=1))
    with pytest.raises(InputFileError, match="train renderer"):
        run_renderer(count=1, net=tmp_path, heads=data)
    assert run(["train", "renderer", "--data", str(tmp_path), "--run", str(tmp_path / "run")]) == 2
    assert "train lip-data" in capsys.readouterr().err
