"""A persona is forgotten with all that is kept of it; what others need stays."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from chatanything.bundle import Persona
from chatanything.cli.main import run
from chatanything.library import PersonaLibrary
from chatanything.persona.memory.store import MemoryStore, kept, path_for
from chatanything.provenance.consent import voice_stated_now
from chatanything.provenance.manifest import digest_of
from chatanything.settings import settings
from chatanything.studio import Studio
from chatanything.types import VoiceChoice
from chatanything.voice import clones
from chatanything.weights.verify import sha256_of


@pytest.fixture(scope="module")
def teapot() -> Persona:
    return Studio(llm="rules", face_engine="template").create("a shy teapot who loves rain", seed=3)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHATANYTHING_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    return tmp_path / "home"


def clone_of(home: Path, name: str) -> VoiceChoice:
    """A kept recording, and a voice that speaks after it."""
    folder = home / "clones" / name
    folder.mkdir(parents=True)
    (folder / "clip.wav").write_bytes(b"RIFF " + name.encode())
    consent = voice_stated_now("This is my voice", sha256_of(folder / "clip.wav"))
    (folder / "consent.json").write_text(json.dumps(asdict(consent)))
    return VoiceChoice("coqui", ((clones.CLONE + name, 1.0),), consent=consent)


def video_of(folder: Path, persona: Persona, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"a video")
    card = persona.card
    said = {
        "sha256": "0", "file": name, "persona": f"{card.name} and Bob",
        "cast": [{"name": card.name, "description_sha256": digest_of(card.description)}],
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(said))
    return path


def test_everything_of_it_goes_and_nothing_of_others(
    teapot: Persona, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, shared = clone_of(home, "mine"), clone_of(home, "shared")
    both = replace(mine, weights=((clones.CLONE + "mine", 0.5), (clones.CLONE + "shared", 0.5)))
    persona = replace(teapot, voice=both)
    other = replace(
        teapot, voice=shared, card=teapot.card.model_copy(update={"name": "Bo", "description": "a kettle"})
    )
    library = PersonaLibrary(home / "personas", Studio(llm="rules"))
    kept_id = library.add(persona, now_s=1.0).id
    other_id = library.add(other, now_s=2.0).id
    card = persona.save(tmp_path / "teapot.charx")
    for user, persona_id in (("ann", persona.card.id), ("bob", persona.card.id), ("ann", "somebody-else")):
        with MemoryStore(path_for(user, persona_id), user=user, persona_id=persona_id, name="x"):
            pass
    video = video_of(tmp_path, persona, "hello.mp4")
    video_of(tmp_path, other, "other.mp4")

    assert run(["forget", str(card), "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)["forgotten"]
    assert card.is_file()
    assert len(kept()) == 3
    assert run(["forget", str(card), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)["forgotten"]
    assert done == planned
    assert done["personas"] == [str(card), str(home / "personas" / kept_id)]
    assert sorted(done["memories"]) == ["ann", "bob"]
    assert (done["voices"], done["voices_in_use"]) == (["clone:mine"], ["clone:shared"])
    assert done["videos"] == [str(video)]
    assert not card.exists()
    assert [one.id for one in library.all()] == [other_id]
    assert [one.persona_id for one in kept()] == ["somebody-else"]
    assert [one.name for one in clones.clones()] == ["shared"]
    assert video.is_file()


def test_videos_go_on_request(
    teapot: Persona, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = PersonaLibrary(home / "personas", Studio(llm="rules"))
    kept_id = library.add(teapot, now_s=1.0).id
    video = video_of(tmp_path, teapot, "hello.mp4")
    assert run(["forget", kept_id, "--in", str(tmp_path), "--videos"]) == 0
    assert f"removed: video {video}" in capsys.readouterr().out
    assert not video.exists()
    assert not (tmp_path / "hello.mp4.json").exists()
    assert library.all() == ()
    assert run(["forget", kept_id]) == 2
    assert "no such persona" in capsys.readouterr().err
