"""A face comes back from every file as it was, and its record says what drew it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from chatanything import bundle
from chatanything.bundle import Persona
from chatanything.editing import changed
from chatanything.errors import FaceError, PersonaError
from chatanything.face.backends import diffusion
from chatanything.face.contours import exact
from chatanything.face.kit import render, shapes
from chatanything.face.landmarks import FaceDetector, FoundFace
from chatanything.face.look import design
from chatanything.media.image import write_png
from chatanything.portraits import with_face
from chatanything.provenance.c2pa import verify_file
from chatanything.provenance.consent import image_digest
from chatanything.seeds import derive
from chatanything.settings import settings
from chatanything.studio import Studio
from chatanything.types import RunRecord, UInt8
from tests.tiny.face_model import tiny_pipeline

pytestmark = pytest.mark.weights
APPLE = "a cheerful red apple"
TEMPLATE_WEIGHTS = ("face-landmarker", "minilm-l6-int8")


def faces_of(persona: Persona) -> list[tuple[str, int]]:
    """Who drew the face, and of which number, by the records."""
    return [(record.backend, record.seed) for record in persona.records if record.stage == "face"]


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(llm="rules", size=256)


@pytest.fixture(scope="module")
def apple(studio: Studio) -> Persona:
    return studio.create(APPLE, seed=7)


def test_a_drawn_face_is_recorded_with_its_number(studio: Studio, apple: Persona) -> None:
    assert faces_of(apple) == [("template", 7)]
    again = changed(studio, apple, face_seed=3)
    assert faces_of(again) == [("template", 3)]
    assert [record.stage for record in again.records] == ["persona", "voice", "face"]
    assert again.records == changed(studio, apple, face_seed=3).records
    assert changed(studio, apple, card={"greeting": "Hm."}).records == apple.records


def test_what_is_read_again_keeps_its_records(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    for name in ("a.png", "a.json"):
        assert studio.load(apple.save(tmp_path / name)).records == apple.records


def test_a_foreign_card_gets_a_record_and_stays_the_same(studio: Studio, tmp_path: Path) -> None:
    card = {
        "spec": "chara_card_v2",
        "spec_version": "2.0",
        "data": {"name": "Pip", "description": "A cheerful apple.", "first_mes": "Hello."},
    }
    path = tmp_path / "pip.json"
    path.write_text(json.dumps(card), encoding="utf-8")
    pip = studio.load(path)
    assert [(record.stage, record.backend, record.weights) for record in pip.records] == [
        ("face", "template", TEMPLATE_WEIGHTS)
    ]
    first, second = (one.save(tmp_path / "pip.charx").read_bytes() for one in (pip, studio.load(path)))
    assert first == second


@pytest.mark.slow
def test_the_template_that_stands_in_is_named(
    apple: Persona, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diffusion, "load_pipeline", tiny_pipeline)  # draws no faces
    other = Studio(llm="rules", size=256, face_engine="diffusion")
    redrawn = changed(other, apple, face_seed=5)
    assert faces_of(redrawn) == [("template", 5)]
    run = verify_file(redrawn.save(tmp_path / "apple.png")).run
    assert run is not None
    assert [stage["backend"] for stage in run["stages"] if stage["stage"] == "face"] == ["template"]
    assert "face-flow" not in run["weights"]
    preview = other.preview(apple.card, seed=5)
    assert other.preview_run(apple.card, seed=5, drawn=preview).stages[0].backend == "template"


def test_one_record_of_a_face_is_kept_in_its_place() -> None:
    def record(stage: str, backend: str, seconds: float = 1.0) -> RunRecord:
        return RunRecord(stage, backend, (), 1, seconds)

    voice, old = record("voice", "match"), record("face", "template")
    new = record("face", "diffusion", 2.0)
    assert with_face((old, voice), new) == (record("face", "diffusion", 0.0), voice)
    assert with_face((voice,), new) == (voice, record("face", "diffusion", 0.0))
    assert with_face((voice, old), record("face", "template", 9.0)) == (voice, old)


# ------------------------------------------------------------------ files


def test_the_suffix_is_read_in_any_case(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    path = apple.save(tmp_path / "B.CHARX")
    stored = bundle.load(path)
    assert stored.face is not None
    assert stored.face[0].image.tobytes() == apple.portrait.image.tobytes()


@pytest.mark.parametrize("name", ["p.png", "p.json"])
def test_a_photo_comes_back_as_the_picture_that_was_agreed_to(
    studio: Studio, apple: Persona, tmp_path: Path, name: str
) -> None:
    write_png(tmp_path / "face.png", apple.portrait.image)
    persona = studio.create("a singer", seed=4, face_image=tmp_path / "face.png", consent="I drew this")
    assert persona.consent is not None
    large = Studio(llm="rules", size=512)
    again = large.load(persona.save(tmp_path / name))
    assert again.consent == persona.consent
    assert image_digest(again.portrait.image) == persona.consent.image_sha256
    assert np.array_equal(again.portrait.landmarks, persona.portrait.landmarks)
    assert again.records == persona.records


def test_a_card_cannot_ask_for_a_huge_picture(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    path = apple.save(tmp_path / "a.json")
    text = path.read_text(encoding="utf-8")
    assert text.count('"size": 256') == 1
    path.write_text(text.replace('"size": 256', '"size": 10000000'), encoding="utf-8")
    with pytest.raises(PersonaError, match="10000000 pixels"):
        studio.load(path)


# ------------------------------------------------------------------ a checkpoint of the user's own


class Agreeing:
    """Finds the face of the template in whatever a checkpoint of random weights draws."""

    face: FoundFace

    def detect(self, _: UInt8) -> list[FoundFace]:
        return [self.face]

    def __enter__(self) -> Agreeing:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def checkpoint(
    apple: Persona, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    pytest.importorskip("transformers")
    from tests.tiny.diffusers_face import save

    folder = tmp_path_factory.mktemp("sd")
    save(folder)
    monkeypatch.setenv("CHATANYTHING_FACE_CHECKPOINT", str(folder / "checkpoint"))
    monkeypatch.setenv("CHATANYTHING_FACE_CONTROLNET", str(folder / "controlnet"))
    settings.cache_clear()
    frame = render.render(shapes.build(design(apple.card.look_brief(), derive(7, "face"))), 256)
    with FaceDetector() as detector:
        (face,) = detector.detect(frame.image)
    Agreeing.face = FoundFace(exact(face.landmarks, frame.landmarks), face.blendshapes)
    monkeypatch.setattr(diffusion, "FaceDetector", Agreeing)
    yield folder
    settings.cache_clear()


@pytest.mark.slow
def test_a_face_of_a_checkpoint_is_drawn_again_with_it(
    studio: Studio, apple: Persona, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = changed(Studio(llm="rules", size=256, face_engine="checkpoint"), apple, face_seed=7)
    assert faces_of(drawn) == [("checkpoint", 7)]
    assert sorted(drawn.recipe["parts"]) == ["checkpoint", "controlnet", "scheduler"]
    path = drawn.save(tmp_path / "apple.png")
    again = studio.load(path)
    assert again.portrait.image.tobytes() == drawn.portrait.image.tobytes()
    assert again.records == drawn.records

    weights = checkpoint / "checkpoint" / "unet" / "diffusion_pytorch_model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    with pytest.raises(FaceError, match=r"another checkpoint, expected \w{12}, got \w{12}\. Set CHATANY"):
        studio.load(path)
    monkeypatch.delenv("CHATANYTHING_FACE_CHECKPOINT")
    settings.cache_clear()
    with pytest.raises(FaceError, match=r"cannot be drawn again, expected .*'checkpoint'.* got .*fetch"):
        studio.load(path)
