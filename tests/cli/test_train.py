"""The training commands as a user runs them, on two characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.cli.main import run
from chatanything.training.face_data import make_shard


def test_a_judge_is_trained_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_shard(tmp_path / "data", 0, characters=2, size=64)
    command = ["train", "attributes", "--data", str(tmp_path / "data"), "--run", str(tmp_path / "run")]
    shared = ["--batch", "2", "--pictures", "0", "--device", "cpu"]
    assert run([*command, "--steps", "2", *shared]) == 0
    assert (tmp_path / "run" / "model" / "config.json").is_file()
    assert run([*command, "--steps", "3", *shared]) == 0
    assert str(tmp_path / "run" / "model") in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize("what", ["face", "upsampler", "attributes"])
def test_without_pictures_the_command_that_draws_them_is_named(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", what, "--data", str(tmp_path), "--run", str(tmp_path / "run")]) == 2
    assert "train face-data" in capsys.readouterr().err
