from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from chatanything.errors import FaceError, WeightsError
from chatanything.face.backends.diffusion import DiffusionEngine
from chatanything.face.diffusion.net import FaceFlow
from chatanything.types import LookBrief
from chatanything.weights.networks import load_network
from tests.tiny.face_model import tiny_pipeline

KEEPER = LookBrief("a grumpy old lighthouse keeper with a white beard", gender="male", age="old")
APPLE = LookBrief("a cheerful red apple", species="apple")


@pytest.fixture(scope="module")
def shipped() -> DiffusionEngine:
    return DiffusionEngine()


def test_a_model_that_draws_no_faces_gives_way_to_the_template() -> None:
    told: list[str] = []

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        told.append(note)

    engine = DiffusionEngine(tiny_pipeline())
    drawn = engine.portrait(APPLE, size=256, seed=1, progress=progress)
    assert (drawn.portrait.expert, drawn.engine) == ("template", "template")
    assert any(note.startswith("try 3: ") for note in told)
    assert any("template itself" in note for note in told)


@pytest.mark.weights
@pytest.mark.parametrize(("look", "expert"), [(KEEPER, "human"), (APPLE, "plant")])
def test_a_portrait_with_references(shipped: DiffusionEngine, look: LookBrief, expert: str) -> None:
    drawn = shipped.portrait(look, size=256, seed=3)
    portrait = drawn.portrait
    assert portrait.image.shape == (256, 256, 3)
    assert portrait.expert in (expert, "template")
    mouths = {reference.name: reference for reference in drawn.references.lips}
    assert mouths["aa"].opening > mouths["PP"].opening + 0.1
    changed = np.abs(mouths["aa"].image.astype(int) - portrait.image).max(axis=2) > 8
    rows = np.argwhere(changed)[:, 0]
    assert len(rows) > 50
    assert rows.min() > portrait.landmarks[1, 1] - 40  # nothing above the nose changes


@pytest.mark.weights
def test_a_recipe_draws_the_same_face_again(shipped: DiffusionEngine) -> None:
    drawn = shipped.portrait(APPLE, size=256, seed=3)
    again = shipped.redraw(json.loads(json.dumps(drawn.recipe)), size=256)
    assert again.portrait.image.tobytes() == drawn.portrait.image.tobytes()
    assert shipped.preview(APPLE, size=256, seed=3).image.tobytes() == drawn.portrait.image.tobytes()


def test_another_engines_recipe_is_refused() -> None:
    with pytest.raises(FaceError, match=r"another engine, expected diffusion, got checkpoint\. .*charx"):
        DiffusionEngine(tiny_pipeline()).redraw({"engine": "checkpoint"}, size=256)


def test_an_unreadable_recipe_is_an_error() -> None:
    with pytest.raises(FaceError, match="recipe"):
        DiffusionEngine(tiny_pipeline()).redraw({"engine": "diffusion"}, size=256)


def test_a_broken_model_file_names_the_command(tmp_path: Path) -> None:
    broken = {"flow.json": tmp_path / "flow.json", "flow.safetensors": tmp_path / "flow.safetensors"}
    broken["flow.json"].write_text("{}")
    broken["flow.safetensors"].write_bytes(b"junk")
    with pytest.raises(WeightsError, match="weights fetch"):
        load_network(broken, "flow", FaceFlow, "the face model")
