"""`match` finds the library by itself, and only personas in folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chatanything.cli.main import run
from chatanything.persona.cards_io import CardFile, write_card
from chatanything.persona.writer import write_card as card_of

pytestmark = pytest.mark.weights
WISH = "somebody patient to learn Spanish with"


def keep(folder: Path, words: str, name: str = "persona.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_card(folder / name, CardFile(card_of(words, llm=None, seed=1)))
    return folder / name


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert run(["match", WISH, "--json", *arguments]) == 0
    return [one["file"] for one in json.loads(capsys.readouterr().out)["matches"]]


def test_the_library_is_found_by_default(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATANYTHING_HOME", "~/cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    teacher = keep(tmp_path / "cache" / "personas" / "teacher", "a patient Spanish teacher")
    keep(tmp_path / "cache" / "personas" / ".new-1234", "a patient Spanish teacher")
    assert found(capsys) == [str(teacher)]


def test_what_else_lies_in_a_folder_is_passed_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / ".cards"
    teacher = keep(folder, "a patient Spanish teacher", "teacher.json")
    keeper = keep(folder / "more", "a grumpy lighthouse keeper")
    (folder / "hello.mp4.json").write_text('{"sha256": "0"}')
    (folder / "list.json").write_text("[1]")
    (folder / "torn.charx").write_bytes(b"PK\x03\x04")
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "plain.png")
    assert found(capsys, "--in", str(folder)) == [str(teacher), str(keeper)]
    for name in ("plain.png", "hello.mp4.json", "none.png"):
        assert run(["match", WISH, "--in", str(folder), "--in", str(folder / name)]) == 1
        assert "card" in capsys.readouterr().err or name == "none.png"


def test_a_folder_without_personas_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "hello.mp4.json").write_text("{}")
    assert run(["match", WISH, "--in", str(tmp_path)]) == 2
    assert "no personas" in capsys.readouterr().err
