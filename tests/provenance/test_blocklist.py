"""Who must not be made is refused at every door, in one line."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chatanything.editing import changed
from chatanything.errors import BlockedError, UsageError
from chatanything.media.audio import write_wav
from chatanything.provenance.blocklist import Blocklist, Question, check_allowed, picture_hash
from chatanything.settings import Settings, load_settings
from chatanything.studio import Studio
from chatanything.types import UInt8


def picture(seed: int = 0) -> UInt8:
    import cv2

    small = np.random.default_rng(seed).integers(0, 255, (9, 9, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(small, (96, 96), interpolation=cv2.INTER_CUBIC))


def listed(folder: Path, text: str, **more: object) -> Settings:
    (folder / "blocklist.txt").write_text(text, encoding="utf-8")
    return load_settings().model_copy(update={"blocklist": folder / "blocklist.txt", **more})


def test_names_are_found_as_words_whatever_their_case_and_accents(tmp_path: Path) -> None:
    config = listed(tmp_path, "# nobody may be them\nname: José Ortega\nname: Ann # a colleague\n")
    for words in ("a portrait of jose ORTEGA as a pirate", "José  Ortega!", "Ann"):
        with pytest.raises(BlockedError, match="blocklist"):
            check_allowed("create", words, config=config)
    for words in ("a joyful ortega", "Annabel", "someone's planner", ""):
        check_allowed("create", words, config=config)


def test_pictures_are_found_when_they_changed_little(tmp_path: Path) -> None:
    import cv2

    config = listed(tmp_path, f"picture: {picture_hash(picture())}\n")
    brighter = np.clip(picture().astype(int) + 12, 0, 255).astype(np.uint8)
    smaller = np.asarray(cv2.resize(picture(), (64, 64), interpolation=cv2.INTER_AREA))
    for one in (picture(), brighter, smaller):
        with pytest.raises(BlockedError, match="picture"):
            check_allowed("create", "somebody", config=config, picture=one)
    check_allowed("create", "somebody", config=config, picture=picture(1))


def test_a_command_and_a_function_are_asked(tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(
        "import json, sys\n"
        "asked = json.load(sys.stdin)\n"
        f"open({str(tmp_path / 'asked.json')!r}, 'w').write(json.dumps(asked))\n"
        "if 'villain' in asked['words']:\n    print('no villains here')\n    sys.exit(3)\n"
    )
    config = Settings(blocklist_command=f"{sys.executable} {script}")
    check_allowed("create", "a hero", config=config, picture=picture())
    asked = json.loads((tmp_path / "asked.json").read_text())
    assert asked["action"] == "create"
    assert asked["picture_hash"] == picture_hash(picture())
    assert len(asked["picture_sha256"]) == 64
    with pytest.raises(BlockedError, match="no villains here"):
        check_allowed("create", "a villain", config=config)
    with pytest.raises(BlockedError, match="cannot be asked"):
        check_allowed("create", "x", config=Settings(blocklist_command=str(tmp_path / "none")))

    def judge(question: Question) -> str:
        return "not on Sundays" if question.action == "edit" else ""

    check_allowed("create", "x", config=Settings(), judge=judge)
    with pytest.raises(BlockedError, match="not on Sundays"):
        check_allowed("edit", "x", config=Settings(), judge=judge)


@pytest.mark.parametrize("text", ["who: Ann\n", "picture: xyz\n", "name:\n", "just words\n"])
def test_a_list_with_a_wrong_line_is_refused_not_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.txt").write_text(text)
    with pytest.raises(UsageError, match="line 1"):
        Blocklist.read(tmp_path / "list.txt")
    with pytest.raises(UsageError, match="cannot be read"):
        Blocklist.read(tmp_path / "none.txt")


def test_every_door_of_the_studio_asks(tmp_path: Path) -> None:
    actions: list[str] = []

    def judge(question: Question) -> str:
        actions.append(question.action)
        return ""

    config = listed(tmp_path, "name: Napoleon\n")
    studio = Studio(llm="rules", face_engine="template", config=config, judge=judge)
    with pytest.raises(BlockedError):
        studio.create("a portrait of Napoleon")
    persona = studio.create("a shy teapot", seed=3)
    path = persona.save(tmp_path / "a.charx", config=config)
    studio.load(path)
    with pytest.raises(BlockedError):
        changed(studio, persona, card={"name": "Napoleon"})
    renamed = replace(persona, card=persona.card.model_copy(update={"name": "Napoleon"}))
    renamed.save(path, config=config)
    with pytest.raises(BlockedError):
        studio.load(path)
    assert {"create", "import"} <= set(actions)


def test_a_voice_of_somebody_on_the_list_is_not_cloned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatanything.settings import settings
    from chatanything.voice import clones

    (tmp_path / "list.txt").write_text("name: jane doe\n")
    monkeypatch.setenv("CHATANYTHING_BLOCKLIST", str(tmp_path / "list.txt"))
    monkeypatch.setattr(clones, "accepted", lambda _licence: True)
    settings.cache_clear()
    write_wav(tmp_path / "a.wav", np.zeros(16_000, np.float32), 16_000)
    with pytest.raises(BlockedError):
        clones.make_clone("jane-doe", tmp_path / "a.wav", consent="She agreed to it")
