from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import UsageError, WeightsError
from chatanything.face.diffusion import maps
from chatanything.face.diffusion.mesh_drawing import COLORS, face_drawing
from chatanything.face.diffusion.request import Request
from chatanything.face.kit import render, shapes
from chatanything.face.kit.params import Character

pytest.importorskip("transformers")

from chatanything.face.diffusion.checkpoint import CheckpointModel, CheckpointOptions
from tests.tiny.diffusers_face import save


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sd")
    save(made)
    return made


@pytest.fixture(scope="module")
def options(folder: Path) -> CheckpointOptions:
    return CheckpointOptions(folder / "checkpoint", folder / "controlnet", edge=64)


@pytest.fixture(scope="module")
def request_() -> Request:
    frame = render.render(shapes.build(Character()), 256, supersample=False)
    return Request("an old man", maps.from_drawn(frame.landmarks), 0, 5, frame.image, 0.7)


def test_template_words_landmarks_and_seed_all_count(options: CheckpointOptions, request_: Request) -> None:
    model = CheckpointModel(options)
    first, second = model([request_, request_], steps=2, guidance_scale=2.0, size=256)
    assert first.shape == (256, 256, 3)
    assert first.tobytes() == second.tobytes()
    changes = (
        replace(request_, seed=6),
        replace(request_, text="a frog"),
        replace(request_, points=None),
        replace(request_, template=None),
    )
    for changed in changes:
        other = model([changed], steps=2, guidance_scale=2.0, size=256)[0]
        assert not np.array_equal(first, other)


def test_cells_are_drawn_anew(options: CheckpointOptions, request_: Request) -> None:
    hidden = maps.region_cells(np.asarray(request_.points), 256, "mouth")
    asked = replace(request_, kept=request_.template, hidden=hidden)
    made = CheckpointModel(options)([asked], steps=2, guidance_scale=1.0, size=256)[0]
    assert made.shape == (256, 256, 3)


@pytest.mark.parametrize("scheduler", ["tcd", "dpm"])
def test_other_schedulers_and_a_tiny_decoder(
    options: CheckpointOptions, request_: Request, folder: Path, scheduler: str
) -> None:
    chosen = replace(options, scheduler=scheduler, tiny_decoder=folder / "tiny-decoder")  # type: ignore[arg-type]
    assert CheckpointModel(chosen)([request_], steps=2, guidance_scale=1.0, size=64)[0].shape == (64, 64, 3)


def test_xformers_that_cannot_be_used_leave_attention_native(
    options: CheckpointOptions, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        model = CheckpointModel(replace(options, attention="xformers"))
    assert "stays native" in caplog.text
    assert model([request_], steps=1, guidance_scale=1.0, size=64)


def test_a_missing_folder_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="CHATANYTHING_FACE_CHECKPOINT"):
        CheckpointModel(CheckpointOptions(tmp_path / "none", tmp_path / "none"))


def test_the_drawing_has_the_colours_that_controlnets_know(request_: Request) -> None:
    points = np.asarray(request_.points)
    drawn = face_drawing(points, 512, of=256)
    part = maps.split(points)
    for name in ("iris_r", "iris_l"):
        x, y = (round(float(value) * 2) for value in part[name][0])
        assert tuple(drawn[y, x]) == COLORS[name]
    corner = part["lip_out_up"][0] * 2
    around = drawn[int(corner[1]) - 3 : int(corner[1]) + 4, int(corner[0]) - 3 : int(corner[0]) + 4]
    assert (around == COLORS["mouth"]).all(axis=2).any()
    assert tuple(drawn[2, 2]) == (0, 0, 0)


def test_the_engine_takes_its_parts_from_the_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chatanything.face.backends import FACE_ENGINES
    from chatanything.settings import settings

    with pytest.raises(UsageError, match="CHATANYTHING_FACE_CONTROLNET"):
        FACE_ENGINES.factory("checkpoint")()
    monkeypatch.setenv("CHATANYTHING_FACE_CHECKPOINT", str(folder / "checkpoint"))
    monkeypatch.setenv("CHATANYTHING_FACE_CONTROLNET", str(folder / "controlnet"))
    settings.cache_clear()
    assert isinstance(FACE_ENGINES.factory("checkpoint")().model, CheckpointModel)
