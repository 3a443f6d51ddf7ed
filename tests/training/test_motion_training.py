"""The motion network from tiny speech and tiny faces to a saved model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from chatanything.cli.main import run
from chatanything.errors import InputFileError, UsageError
from chatanything.evaluation.motion import VOICES, recorded_rows, spoken_rows, style_rows
from chatanything.lipsync.motion_measures import Carrier, figures
from chatanything.lipsync.motion_net import MotionNet
from chatanything.lipsync.net_motion import NetMotion
from chatanything.lipsync.recorded_faces import Rewriting, gaze_of, read_faces
from chatanything.training.loop import Plan
from chatanything.training.motion import motion_loss, train_motion
from chatanything.training.motion_data import FRAMES, draw, recorded_takes, ruled, spoken_takes
from chatanything.training.motion_speech import _HELD_VOICES, is_held_out, load_speech, speech_paths
from chatanything.training.sentences import sentence
from chatanything.visemes import INDEX
from tests.tiny.motion_data import make_faces, make_spoken, spoken

JAW = INDEX["jawOpen"]


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_faces(tmp_path_factory.mktemp("faces") / "corpus")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_spoken(tmp_path_factory.mktemp("speech"))


def _tiny() -> MotionNet:
    return MotionNet(width=40, heads=2, layers=1)


@pytest.fixture(scope="module")
def model(faces: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    return train_motion(data, faces, folder, Plan(steps=60, batch=6, rate=4e-3, every=60), net=_tiny())


def test_recordings_keep_their_opening(faces: Path) -> None:
    clips = read_faces(faces, "train")
    rewriting = Rewriting.fitted(clips)
    for clip in clips:
        motion = rewriting.motion(clip)
        assert np.isfinite(motion.blendshapes).all()
        assert np.corrcoef(motion.blendshapes[:, JAW], clip.opening)[0, 1] > 0.97
        assert np.isfinite(motion.head).all()
    assert np.isfinite(read_faces(faces, "test")[0].lips).all()  # frames without a face are bridged


def test_gaze_to_the_viewers_right_is_positive() -> None:
    scores = np.zeros((3, 52), np.float32)
    scores[2, [INDEX["eyeLookOutLeft"], INDEX["eyeLookInRight"]]] = 0.5
    assert gaze_of(scores)[2] == pytest.approx([0.5, 0])


def test_rules_move_speech_in_different_styles_but_always_close(data: Path) -> None:
    speech = load_speech(speech_paths(data)[0])
    sizes = []
    for seed in range(6):
        motion = ruled(speech, seed=seed)
        sizes.append(np.percentile(motion.blendshapes[:, JAW], 90))
        times = (np.arange(len(motion)) + 0.5) / 25
        for unit in speech.phones():
            if unit.text in ("M", "B", "P"):
                near = np.abs(times - (unit.start_s + unit.end_s) / 2) <= 0.04
                assert motion.blendshapes[near, JAW].min() < 0.05
    assert max(sizes) > 1.4 * min(sizes)
    assert np.array_equal(ruled(speech, seed=1).blendshapes, ruled(speech, seed=1).blendshapes)


def test_samples_are_of_one_length_and_some_have_no_phones(faces: Path, data: Path) -> None:
    clips = read_faces(faces, "train")
    takes = recorded_takes(clips, Rewriting.fitted(clips)) + spoken_takes(speech_paths(data), takes=1)
    batch = draw(takes, np.random.default_rng(0), 16)
    assert batch.mel.shape == (16, 4 * FRAMES, 32)
    assert batch.motion.shape == (16, FRAMES, 60)
    hidden = (batch.phones == batch.phones.max()).all(dim=1)
    assert 3 < int(hidden.sum()) < 15
    assert torch.isfinite(batch.motion).all()
    assert (batch.weights >= 0).all()


def test_training_lowers_the_loss_and_learns_the_opening(faces: Path, data: Path, model: Path) -> None:
    clips = read_faces(faces, "train")
    held = recorded_takes(read_faces(faces, "test"), Rewriting.fitted(clips))
    batch = draw(held, np.random.default_rng(0), 8)
    trained = MotionNet.from_pretrained(model).float().eval()
    with torch.no_grad():
        assert motion_loss(trained, [batch]) < 0.7 * motion_loss(_tiny().eval(), [batch])
    assert trained.config.figures["phones_gap_r"] > 0.5


def test_it_resumes_and_refuses_another_network(faces: Path, data: Path, tmp_path: Path) -> None:
    for steps in (1, 2):
        train_motion(data, faces, tmp_path, Plan(steps=steps, batch=2, every=1), net=_tiny())
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows] == [1, 2]
    with pytest.raises(UsageError, match="does not fit"):
        train_motion(data, faces, tmp_path, Plan(steps=3, batch=2), net=MotionNet(width=60, heads=2))


def test_the_evaluation_prints_its_controls(faces: Path, model: Path) -> None:
    maker = NetMotion(MotionNet.from_pretrained(model).float().eval())
    rows = {
        row.metric: row for row in recorded_rows(maker, read_faces(faces, "train"), read_faces(faces, "test"))
    }
    assert rows["motion.recorded_sound_gap_r"].control["mean"] == 0
    assert rows["motion.recorded_sound_lmd"].value > 0
    assert set(rows["motion.recorded_phones_lmd"].control) >= {"rules_phones", "mean", "other_clip"}
    made = {row.metric: row for row in style_rows(maker, [spoken(7)])}
    assert made["motion.style_closed"].value == 1.0
    assert 0 < spoken_rows(maker, [spoken(7)])[1].value < 1


def test_measures_know_a_perfect_motion(faces: Path) -> None:
    clips = read_faces(faces, "train")
    rewriting = Rewriting.fitted(clips)
    motions = [rewriting.motion(clip) for clip in clips]
    found = figures(motions, clips, Carrier.fitted(motions, clips))
    assert found["jaw_r"] > 0.97
    assert found["lmd"] < 1.0
    assert found["speed"] == pytest.approx(1, abs=0.15)


def test_voices_of_the_evaluation_are_not_trained_on() -> None:
    assert VOICES == _HELD_VOICES
    assert is_held_out(9)
    assert not is_held_out(10)


def test_sentences_vary_and_start_with_a_capital() -> None:
    made = {sentence(np.random.default_rng(seed)) for seed in range(200)}
    assert len(made) > 120
    assert all(text[0].isupper() or not text[0].isalpha() for text in made)


def test_the_command_trains(
    faces: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--data", str(data), "--grid", str(faces), "--run", str(tmp_path)]
    assert run(["train", "motion", *folders, "--steps", "1", "--batch", "2", "--device", "cpu"]) == 0
    captured = capsys.readouterr()
    assert "sound_gap_r" in captured.err
    assert str(tmp_path / "model") in captured.out
    assert sum(path.stat().st_size for path in (tmp_path / "model").iterdir()) < 5_000_000


def test_missing_and_damaged_data_are_named(faces: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="motion-data"):
        train_motion(tmp_path, faces, tmp_path / "run", Plan(steps=1))
    (tmp_path / "speech").mkdir()
    (tmp_path / "speech" / "00000.npz").write_bytes(b"PK nonsense")
    with pytest.raises(InputFileError, match="00000"):
        load_speech(tmp_path / "speech" / "00000.npz")
    with pytest.raises(UsageError, match="no recordings"):
        read_faces(tmp_path, "train")
