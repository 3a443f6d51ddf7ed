"""One persona file and the settings of the shortest real job, for all batch tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny.batch_jobs import PLAIN
from tiny.lipsync_face import portrait

from chatanything.bundle import Persona
from chatanything.lipsync.references import make_references
from chatanything.persona.writer import write_card
from chatanything.settings import Settings, load_settings
from chatanything.types import VoiceChoice


@pytest.fixture(scope="session")
def folk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two persona files; their face is drawn by a formula."""
    base = tmp_path_factory.mktemp("folk")
    face = portrait(256)
    references = make_references(face)
    for name, voice in (("ada", "af_heart"), ("bob", "am_adam")):
        card = write_card(f"a calm clerk called {name.title()}", llm=None, seed=1)
        Persona(card, VoiceChoice("kokoro", ((voice, 1.0),)), face, references).save(base / f"{name}.charx")
    return base


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stage cache that the tests share, so that each word is spoken once."""
    return tmp_path_factory.mktemp("stages")


@pytest.fixture
def config(stages: Path) -> Settings:
    return load_settings().model_copy(update={**PLAIN, "stage_cache": stages})


@pytest.fixture
def plain_environment(stages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same settings for commands that run in processes of their own."""
    for name, value in {**PLAIN, "stage_cache": stages}.items():
        monkeypatch.setenv(f"CHATANYTHING_{name.upper()}", str(value))
