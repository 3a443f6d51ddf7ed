"""The sync judge from a tiny corpus on disk to a saved model that finds a planted shift."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from chatanything.cli.main import run
from chatanything.errors import InputFileError, UsageError
from chatanything.lipsync.sync_features import FPS, MEL_PER_FRAME
from chatanything.lipsync.sync_net import SyncNet, agreement
from chatanything.training.loop import Plan
from chatanything.training.sync import contrast, train_sync
from chatanything.training.sync_data import disturbed, draw, read_recordings
from tests.tiny.sync_data import make_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("sync") / "corpus")


@pytest.fixture(scope="module")
def model(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    return train_sync(corpus, folder, Plan(steps=50, batch=4, rate=4e-3, every=50), net=SyncNet(width=32))


def test_recordings_are_in_step_and_whole(corpus: Path) -> None:
    clips = read_recordings(corpus, "train")
    assert len(clips) == 12
    assert clips[0].series.shape == (75, 8)
    assert np.isfinite(clips[0].series).all()  # frames without a face are bridged
    loud = clips[1].mel.mean(axis=1)[: 75 * MEL_PER_FRAME : MEL_PER_FRAME]
    assert np.corrcoef(loud, clips[1].series[:, 0])[0, 1] > 0.7


def test_batches_pair_the_same_moments(corpus: Path) -> None:
    clips = read_recordings(corpus, "validation")
    mouths, sounds = draw(clips, np.random.default_rng(0), clips=6, each=5)
    assert mouths.shape == (30, 8, 9)
    assert sounds.shape == (30, 32, 36)
    series, mel = disturbed(clips[0], np.random.default_rng(1))
    assert abs(len(mel) - MEL_PER_FRAME * len(series)) <= MEL_PER_FRAME
    assert torch.isfinite(mouths).all()


def test_a_trained_judge_finds_a_planted_shift(corpus: Path, model: Path) -> None:
    net = SyncNet.from_pretrained(model).float().eval()
    assert net.config.accuracy["offset_within_1"] == 1.0
    for clip in read_recordings(corpus, "test"):
        own = agreement(net.similarity(clip.series, clip.mel))
        held = np.concatenate([np.repeat(clip.series[:1], 4, axis=0), clip.series[:-4]])
        late = agreement(net.similarity(held, clip.mel))
        assert own.offset_s == pytest.approx(0, abs=1 / FPS)
        assert late.offset_s - own.offset_s == pytest.approx(0.16, abs=0.5 / FPS)
        assert own.confidence > 0.2


def test_training_lowers_the_loss_on_clips_never_seen(corpus: Path, model: Path) -> None:
    torch.manual_seed(0)
    batch = draw(read_recordings(corpus, "validation"), np.random.default_rng(0), clips=4, each=6)
    trained = SyncNet.from_pretrained(model).float().eval()
    with torch.no_grad():
        before, after = contrast(SyncNet(width=32).eval(), *batch), contrast(trained, *batch)
    assert after < before - 0.3
    assert trained.config.accuracy["window"] > 0.7


def test_it_resumes_and_refuses_another_network(corpus: Path, tmp_path: Path) -> None:
    for steps in (1, 2):
        train_sync(corpus, tmp_path, Plan(steps=steps, batch=2, every=1), net=SyncNet(width=16))
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 2]
    assert rows[0]["clips"] == 4
    with pytest.raises(UsageError, match="does not fit"):
        train_sync(corpus, tmp_path, Plan(steps=3, batch=2), net=SyncNet(width=24))


def test_the_command_trains(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ["--data", str(corpus), "--run", str(tmp_path)]
    assert run(["train", "sync", *folders, "--steps", "1", "--batch", "2", "--device", "cpu"]) == 0
    captured = capsys.readouterr()
    assert "offset_within_1" in captured.err
    assert str(tmp_path / "model") in captured.out
    size = sum(path.stat().st_size for path in (tmp_path / "model").iterdir())
    assert size < 1_000_000


def test_a_missing_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["train", "sync", "--data", str(tmp_path / "none"), "--run", str(tmp_path / "run")])
    captured = capsys.readouterr()
    assert code == 2
    assert "no recordings" in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not (tmp_path / "run").exists()


def test_damaged_recordings_name_the_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "motion").mkdir()
    (tmp_path / "motion" / "train-00.npz").write_bytes(b"PK nonsense")
    with pytest.raises(InputFileError, match="train-00"):
        read_recordings(tmp_path, "train")
    whole = (corpus / "motion" / "train-00.npz").read_bytes()
    (tmp_path / "motion" / "train-00.npz").write_bytes(whole)
    with pytest.raises(InputFileError, match="without sound"):
        read_recordings(tmp_path, "train")
