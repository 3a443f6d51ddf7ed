"""`chat` and `memory`: a conversation in the terminal, and what is kept of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatanything.cli.main import run
from chatanything.persona.cards_io import CardFile, write_card
from chatanything.persona.chat_prompt import MAX_SAID
from chatanything.persona.writer import write_card as write
from chatanything.settings import settings

pytestmark = pytest.mark.weights


@pytest.fixture
def bram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CHATANYTHING_MEMORY", str(tmp_path / "memory"))
    settings.cache_clear()
    card = write("a grumpy old lighthouse keeper named Bram who loves jazz", llm=None, seed=2)
    path = tmp_path / "bram.json"
    write_card(path, CardFile(card, None, {}))
    return str(path)


def talk(monkeypatch: pytest.MonkeyPatch, persona: str, *lines: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return run(["chat", persona, "--llm", "rules"])


def test_a_conversation_is_remembered_shown_corrected_exported_and_forgotten(
    bram: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        talk(monkeypatch, bram, "I have two dogs.", "My favourite drink is tea.", "/quit", "I am lost.") == 0
    )
    said = capsys.readouterr().out
    assert said.count("Bram: ") == 3
    assert run(["memory", "show", bram]) == 0
    shown = capsys.readouterr().out
    assert "I have two dogs." in shown
    assert "lost" not in shown
    assert "you: I have two dogs.\n" in shown
    assert shown.count("  it: ") == 2
    assert talk(monkeypatch, bram, "My favourite drink is coffee, because tea is dull.") == 0
    assert run(["memory", "edit", bram, "1", "I have three dogs."]) == 0
    capsys.readouterr()
    assert run(["memory", "show", bram, "--json"]) == 0
    everything = json.loads(capsys.readouterr().out)
    first, second = everything["statements"]
    lately = [(one["role"], one["text"]) for one in everything["turns"]]
    assert lately[0] == ("user", "My favourite drink is tea.")  # editing took the talk about dogs along
    assert (first["text"], first["edited"]) == ("I have three dogs.", True)
    assert (second["was"], second["why"]) == ("My favourite drink is tea.", "tea is dull")
    out = tmp_path / "me.json"
    assert run(["memory", "export", bram, "-o", str(out)]) == 0
    exported = json.loads(out.read_text())
    assert len(exported["statements"]) == 2
    assert [(one["role"], one["text"]) for one in exported["turns"]] == lately
    assert run(["memory", "forget", bram, "2"]) == 0
    assert run(["memory", "show"]) == 0
    assert "Bram: " in capsys.readouterr().out
    assert run(["memory", "forget", bram, "--all"]) == 0
    assert run(["memory", "show", bram]) == 2
    assert "knows nothing of 'me'" in capsys.readouterr().err
    assert not list((tmp_path / "memory").iterdir())


def test_a_line_without_end_is_kept_as_far_as_it_is_read(
    bram: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = " ".join(f"I own {n} boats of kind {n}." for n in range(300))
    assert talk(monkeypatch, bram, line) == 0
    capsys.readouterr()
    assert run(["memory", "show", bram, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["turns"][0]["text"] == line[:MAX_SAID]
    assert 1 < len(shown["statements"]) <= 10


def test_a_persona_whose_file_is_gone_keeps_nothing_more(
    bram: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lines() -> Iterator[str]:
        yield "I have two dogs.\n"
        assert run(["memory", "forget", bram, "--all"]) == 0
        Path(bram).unlink()
        yield "My sister Nora lives in Lisbon.\n"
        yield ""

    typed = lines()
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "readline", lambda: next(typed))
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(["chat", bram, "--llm", "rules"]) == 0
    assert list((tmp_path / "memory").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["memory", "forget", "PERSONA"], "a number, or --all"),
        (["memory", "show", "PERSONA", "--user", "nobody"], "knows nothing of 'nobody'"),
        (["memory", "show", "none.png"], "none.png"),
        (["chat", "none.png"], "none.png"),
    ],
)
def test_wrong_use_is_one_clear_line(
    arguments: list[str], message: str, bram: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([bram if one == "PERSONA" else one for one in arguments]) in (1, 2)
    error = capsys.readouterr().err
    assert message in error
    assert len(error.strip().splitlines()) == 1
