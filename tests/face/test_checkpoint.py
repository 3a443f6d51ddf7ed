from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from chatanything.errors import BackendError, WeightsError
from chatanything.face.diffusion import maps
from chatanything.face.diffusion.mesh_drawing import COLORS, face_drawing
from chatanything.face.diffusion.request import Request
from chatanything.face.kit import render, shapes
from chatanything.face.kit.params import Character

pytest.importorskip("transformers")

from chatanything.face.diffusion.checkpoint import CheckpointModel, _schedule
from chatanything.face.diffusion.checkpoint_parts import CheckpointOptions
from tests.tiny.diffusers_face import save, save_adapter


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

    with pytest.raises(WeightsError, match="fetch lcm-lora-sd15 --allow-unpinned"):
        FACE_ENGINES.factory("checkpoint")()
    monkeypatch.setenv("CHATANYTHING_FACE_CHECKPOINT", str(folder / "checkpoint"))
    monkeypatch.setenv("CHATANYTHING_FACE_CONTROLNET", str(folder / "controlnet"))
    settings.cache_clear()
    assert isinstance(FACE_ENGINES.factory("checkpoint")().model, CheckpointModel)


def test_an_expert_draws_with_its_own_parts(
    folder: Path, request_: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatanything.face import experts
    from chatanything.face.backends import FACE_ENGINES
    from chatanything.settings import settings

    save_adapter(folder / "checkpoint", tmp_path / "lora.safetensors")
    shipped = Path(experts.__file__).with_name("experts.toml").read_text(encoding="utf-8")
    own = f'[experts.animal]\nadapter = "{tmp_path / "lora.safetensors"}"'
    table = tmp_path / "experts.toml"
    table.write_text(shipped.replace("[experts.animal]", own), encoding="utf-8")
    monkeypatch.setenv("CHATANYTHING_FACE_CHECKPOINT", str(folder / "checkpoint"))
    monkeypatch.setenv("CHATANYTHING_FACE_CONTROLNET", str(folder / "controlnet"))
    monkeypatch.setenv("CHATANYTHING_FACE_EXPERTS", str(table))
    settings.cache_clear()
    experts.load_experts.cache_clear()
    try:
        model = FACE_ENGINES.factory("checkpoint")().model
        human, animal, again = model(
            [request_, replace(request_, expert=experts.EXPERTS.index("animal")), request_],
            steps=1, guidance_scale=1.0, size=256,
        )  # fmt: skip
        adapted = CheckpointOptions(
            folder / "checkpoint", folder / "controlnet", tmp_path / "lora.safetensors"
        )
        same = CheckpointModel(adapted)(
            [replace(request_, expert=experts.EXPERTS.index("animal"))], steps=1, guidance_scale=1.0, size=256
        )
    finally:
        experts.load_experts.cache_clear()
    assert human.tobytes() == again.tobytes()
    assert animal.tobytes() == same[0].tobytes()
    bare = CheckpointModel(replace(adapted, adapter=None))
    plain = bare([replace(request_, expert=1)], steps=1, guidance_scale=1.0, size=256)
    assert not np.array_equal(animal, plain[0])


def test_an_adapter_changes_the_portrait(
    options: CheckpointOptions, request_: Request, folder: Path, tmp_path: Path
) -> None:
    save_adapter(folder / "checkpoint", tmp_path / "lora.safetensors")
    plain, adapted = (
        CheckpointModel(chosen)([request_], steps=2, guidance_scale=1.0, size=64)[0]
        for chosen in (options, replace(options, adapter=tmp_path / "lora.safetensors"))
    )
    assert not np.array_equal(plain, adapted)


def test_an_adapter_is_a_safetensors_file_that_fits(options: CheckpointOptions, tmp_path: Path) -> None:
    (tmp_path / "broken.safetensors").write_bytes(b"no safetensors" * 9)
    save_file({"other.lora_A.weight": torch.zeros(2, 2)}, tmp_path / "other.safetensors")
    torch.save({"unet.x.lora_A.weight": torch.zeros(2, 2)}, tmp_path / "pickle.bin")
    for name, reason in (
        ("none.safetensors", "FACE_ADAPTER"), ("pickle.bin", "FACE_ADAPTER"),
        ("broken.safetensors", "cannot be loaded"), ("other.safetensors", "no weights for this"),
    ):  # fmt: skip
        with pytest.raises(WeightsError, match=reason):
            CheckpointModel(replace(options, adapter=tmp_path / name))


@pytest.mark.parametrize("part", ["text_encoder/model", "unet/diffusion_pytorch_model"])
def test_broken_weights_are_named(
    options: CheckpointOptions, folder: Path, tmp_path: Path, part: str
) -> None:
    shutil.copytree(folder / "checkpoint", tmp_path / "broken")
    (tmp_path / "broken" / f"{part}.safetensors").write_bytes(b"")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        CheckpointModel(replace(options, checkpoint=tmp_path / "broken"))


def test_the_wrong_folder_is_not_filled_with_random_weights(options: CheckpointOptions) -> None:
    with pytest.raises(WeightsError, match=r"AutoencoderTiny.*got ControlNetModel.*FACE_TINY_DECODER"):
        CheckpointModel(replace(options, tiny_decoder=options.controlnet))
    with pytest.raises(WeightsError, match="FACE_CHECKPOINT"):
        CheckpointModel(replace(options, checkpoint=options.controlnet / "config.json"))


def test_packages_that_are_missing_name_the_extra(
    options: CheckpointOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    import diffusers
    from diffusers.utils import dummy_torch_and_transformers_objects as absent

    name = "StableDiffusionControlNetImg2ImgPipeline"
    monkeypatch.setattr("diffusers.utils.import_utils._transformers_available", False)
    monkeypatch.setattr(diffusers, name, getattr(absent, name))
    with pytest.raises(BackendError, match=r"chatanything\[gpu\]"):
        CheckpointModel(options)


def test_repainting_is_silent(
    options: CheckpointOptions, request_: Request, capfd: pytest.CaptureFixture[str]
) -> None:
    hidden = maps.region_cells(np.asarray(request_.points), 256, "mouth")
    model = CheckpointModel(options)
    capfd.readouterr()
    model([replace(request_, kept=request_.template, hidden=hidden)], steps=2, guidance_scale=1.0, size=64)
    assert "it/s" not in capfd.readouterr().err


@pytest.mark.parametrize("strength", [1.0, 0.6, 0.5, 0.6 - 0.15, 0.6 - 0.2, 0.6 - 0.2 - 0.2])
def test_the_steps_that_are_asked_for_are_run(strength: float) -> None:
    assert int(_schedule(8, strength) * strength) == 8
