"""`create --interactive` and `edit` as somebody at a keyboard or behind a pipe uses them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from chatanything.cli.interview import ask
from chatanything.cli.main import run
from chatanything.errors import UsageError
from chatanything.persona.cards_io import read_card

pytestmark = pytest.mark.weights


class Terminal(io.StringIO):
    """Input of somebody who sits there."""

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str, at_terminal: bool = False) -> None:
    text = "".join(f"{line}\n" for line in lines)
    monkeypatch.setattr("sys.stdin", Terminal(text) if at_terminal else io.StringIO(text))


def test_answers_from_a_pipe_shape_the_character_and_an_edit_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tmp_path / "keeper.charx"
    typed(monkeypatch, "Martha", "71", "", "the dentist")
    create = [
        "create",
        "a lighthouse keeper",
        "--interactive",
        "--llm",
        "rules",
        "--card",
        str(card),
        "--json",
    ]
    assert run(create) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["name"] == "Martha"
    assert "What are they afraid of?" in captured.err
    assert "He, she or they?" not in captured.err
    made = read_card(card).card
    assert "Martha is afraid of the dentist." in [fact.text for fact in made.facts]

    capsys.readouterr()
    change = ["--set", "loves=tango; sardines", "--set", "greeting=What now?"]
    assert run(["edit", str(card), *change]) == 0
    assert "yours: context.loves, greeting, name" in capsys.readouterr().out
    assert run(["edit", str(card), "--describe", "a cheerful sailor", "--llm", "rules", "--json"]) == 0
    capsys.readouterr()
    again = read_card(card).card
    assert (again.name, again.greeting, again.context.loves) == ("Martha", "What now?", ("tango", "sardines"))
    assert (again.social.role, again.social.age_band) == ("sailor", "old")
    assert any("the dentist" in fact.text for fact in again.facts)


def test_at_a_terminal_enter_skips_and_a_long_answer_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "x" * 300, "Robin", "", "", "", "tea", at_terminal=True)
    assert ask("a lighthouse keeper", 1) == {"name": "Robin", "fears": "tea"}
    asked = capsys.readouterr().err
    assert asked.startswith("Enter skips")
    assert "too long" in asked


def test_without_a_terminal_the_end_of_the_input_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch)
    assert ask("a lighthouse keeper", 1) == {}
    typed(monkeypatch, "x" * 300)
    with pytest.raises(UsageError, match="too long"):
        ask("a lighthouse keeper", 1)
