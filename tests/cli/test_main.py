"""The command line as scripts see it: exit codes, one line, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatanything.cli.main import run


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "create" in capsys.readouterr().out
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == "0.1.0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create", ""], "nothing to write"),
        (["create", "x", "--say", "hello", "--card", "x.charx"], "-o OUT.mp4"),
        (["create", "", "-o", "x.mp4", "--llm", "rules"], "description"),
        (["create", "x" * 10_000, "-o", "x.mp4", "--llm", "rules"], "2,000"),
        (["create", "a cat", "-o", "x.mp4", "--size", "300"], "256 or 512"),
        (["say", "none.charx", "hello", "-o", "x.mp4"], "none.charx"),
        (["batch", "none.jsonl", "-o", "out"], "none.jsonl"),
        (["create", "--no-such-option"], "no-such-option"),
        (["create", "a cat", "-o", "x.mp4", "--seed", str(2**31)], "2147483647"),
        (["create", "a cat", "-o", "x.mp4", "--face-seed", str(2**31)], "2147483647"),
        (["edit", "none.charx", "--face-seed", str(2**31)], "2147483647"),
        (["edit", "none.charx"], "--set FIELD=WORDS"),
        (["edit", "none.charx", "--set", "name=Bram"], "none.charx"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code = run(arguments)
    captured = capsys.readouterr()
    assert code in (1, 2)
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*.mp4"))


def test_missing_folder_is_found_before_any_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = run(["create", "a cat", "-o", str(tmp_path / "no" / "x.mp4"), "--json"])
    captured = capsys.readouterr()
    assert code == 1
    assert "mkdir" in json.loads(captured.out)["error"]


def test_voices_match_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["voices", "match", "an old British gentleman", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["wanted"] == {"gender": "male", "age": "old", "class": "human", "accent": "gb"}
    assert set(found["choice"]) == {"weights", "rate", "pitch", "effect"}
    assert sum(found["choice"]["weights"].values()) == pytest.approx(1.0)
    assert found["reason"]


def test_doctor_reports(capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    names = {finding["name"] for finding in report["findings"]}
    assert {"python", "packages", "cache", "weights kokoro-82m-int8"} <= names
