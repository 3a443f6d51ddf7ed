"""Detection figures of real pictures."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import InputFileError
from chatanything.evaluation.judges import judges
from chatanything.evaluation.landmarks import run_landmarks, share
from chatanything.evaluation.prompts import PROMPTS
from chatanything.face.kit.render import render
from chatanything.face.kit.sampling import sample
from chatanything.face.kit.shapes import build
from chatanything.media.image import read_image


def test_there_are_fifty_different_descriptions_a_category() -> None:
    assert len(PROMPTS) == 8
    everything = [prompt for prompts in PROMPTS.values() for prompt in prompts]
    assert [len(prompts) for prompts in PROMPTS.values()] == [50] * 8
    assert len(set(everything)) == len(everything)
    assert all(prompt and "  " not in prompt for prompt in everything)


def test_wilson_interval() -> None:
    # Worked by hand from Wilson's formula: 48 of 50.
    row = share("x", [True] * 48 + [False] * 2)
    assert row.value == 0.96
    assert row.control["low"] == pytest.approx(0.8654, abs=2e-4)
    assert row.control["high"] == pytest.approx(0.9890, abs=2e-4)
    assert share("x", [True] * 5).control["high"] == 1.0


@pytest.mark.weights
def test_figures_of_a_few_descriptions(tmp_path: Path) -> None:
    sheet = tmp_path / "missed.png"
    rows = {row.metric: row for row in run_landmarks(per_category=1, size=128, failures=sheet)}
    assert rows["landmarks.one_shot.found"].n == 8
    assert rows["landmarks.one_shot.found"].value >= 0.75
    assert rows["landmarks.pipeline.found"].value == 1.0
    assert 0.0 < rows["landmarks.one_shot.error"].value < 0.15
    missed = [row.value for name, row in rows.items() if name.startswith("landmarks.one_shot.hog.")]
    if missed and min(missed) < 1:
        assert read_image(sheet).shape[0] >= 128


def test_an_independent_judge_tells_faces_from_noise() -> None:
    pytest.importorskip("dlib")
    judge = judges(None)["hog"]
    assert judge(render(build(sample(random.Random(4), "human")), 192).image)
    assert not judge(np.random.default_rng(1).integers(0, 255, (192, 192, 3), np.uint8))


def test_a_file_that_is_no_detector_is_an_error(tmp_path: Path) -> None:
    junk = tmp_path / "yunet.onnx"
    junk.write_bytes(b"junk")
    with pytest.raises(InputFileError, match="YuNet"):
        judges(junk)
