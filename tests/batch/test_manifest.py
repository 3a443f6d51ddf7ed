"""Job lists: every wrong line is named before any work starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatanything.batch.manifest import ListError, read_jobs
from chatanything.errors import InputFileError, UsageError
from chatanything.seeds import MAX_SEED


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_good_jobs_get_names_and_keys(tmp_path: Path) -> None:
    (tmp_path / "keeper.charx").touch()
    listed = read_jobs(
        write(
            tmp_path / "jobs.jsonl",
            {"description": "a shy teapot", "text": "Oh\u2028ho."},
            "",
            {"persona": "keeper.charx", "text": "Mind the rocks.", "out": "a/keeper", "seed": 3, "size": 512},
        )
    )
    assert [one.line for one in listed] == [1, 3]
    jobs = [one.job for one in listed]
    assert [job.file_name for job in jobs] == [f"a-shy-teapot-{jobs[0].key[:8]}.mp4", "a/keeper.mp4"]
    assert jobs[0].key != jobs[1].key
    assert jobs[1].seed == 3


def test_a_csv_gives_the_same_jobs(tmp_path: Path) -> None:
    rows = [
        {"description": "a shy\nteapot", "seed": 7, "fps": 12.5},
        {"description": "an owl", "text": "Hoo, hoo"},
    ]
    plain = read_jobs(write(tmp_path / "jobs.jsonl", *rows))
    table = 'Description,text,seed,fps\n"a shy\nteapot",,7,12.5\n\nan owl,"Hoo, hoo",,\n'
    (tmp_path / "jobs.csv").write_text(table)
    from_csv = read_jobs(tmp_path / "jobs.csv")
    assert [one.job for one in from_csv] == [one.job for one in plain]
    assert [one.line for one in from_csv] == [2, 5]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ("[]", "no JSON object"),
        ({"text": "nobody"}, "exactly one of description and persona"),
        ({"description": "x", "persona": "y"}, "exactly one of description and persona"),
        ({"description": "x", "colour": "red"}, "colour"),
        ({"description": "x", "seed": "7"}, "seed"),
        ({"description": "x", "out": "../escape.mp4"}, "inside the output folder"),
        ({"description": "x", "out": "/tmp/escape.mp4"}, "inside the output folder"),
        ({"description": "x", "out": ".work/x"}, "hidden"),
        ({"description": "x", "out": "a/"}, "name of a video"),
        ({"description": "x", "out": "."}, "name of a video"),
        ({"description": "x", "out": "a/."}, "name of a video"),
        ({"description": "x", "seed": MAX_SEED + 1}, "seed"),
        ({"description": "x", "out": "n" * 201}, "too long"),
        ({"description": "x", "style": "furious"}, "style"),
        ({"description": "x", "size": 300}, "256 or 512"),
        ({"description": "x", "fps": 4}, "fps"),
        ({"description": "x", "llm": "gpt"}, "llm must be"),
        ({"description": "x", "text": "a" * 5001}, "text"),
        ({"description": "x", "audio": "none.wav"}, "none.wav is not there"),
        ({"persona": "none.charx"}, "none.charx is not there"),
        ({"persona": "x" * 300 + ".charx"}, "x... is not there"),
        ({"description": "x", "face": "me.png"}, "face needs consent"),
        ({"description": "x", "voice": "coqui:"}, "voice"),
        ('{"description": "\\ud800"}', "unicode"),
    ],
)
def test_wrong_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(ListError, match="line 2") as caught:
        read_jobs(write(tmp_path / "jobs.jsonl", {"description": "fine"}, line))
    assert message in str(caught.value)
    assert [number for number, _ in caught.value.problems] == [2]


def test_all_wrong_lines_are_named(tmp_path: Path) -> None:
    lines = [{"description": "fine"}, *[{"text": str(n)} for n in range(12)], {"description": "fine"}]
    with pytest.raises(ListError) as caught:
        read_jobs(write(tmp_path / "jobs.jsonl", *lines))
    assert [number for number, _ in caught.value.problems] == list(range(2, 15))
    assert caught.value.problems[-1][1] == "makes the same video as line 1"


@pytest.mark.parametrize(
    ("first", "second"),
    [("a", "./a"), ("x/a", "x//a"), ("x/a", "x/./a"), ("x//a", "x/a.mp4"), ("./x/a.mp4", "x/a")],
)
def test_one_file_has_one_spelling(tmp_path: Path, first: str, second: str) -> None:
    lines = [
        {"description": "an owl", "text": text, "out": out}
        for text, out in (("Hi.", first), ("Hoo.", second))
    ]
    with pytest.raises(ListError, match="line 2: makes the same video as line 1"):
        read_jobs(write(tmp_path / "jobs.jsonl", *lines))
    names = [read_jobs(write(tmp_path / "jobs.jsonl", line))[0].job.file_name for line in lines]
    assert names[0] == names[1]


def test_what_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no jobs"):
        read_jobs(write(tmp_path / "jobs.jsonl", ""))
    with pytest.raises(InputFileError, match="cannot be read"):
        read_jobs(tmp_path / "none.jsonl")
    with pytest.raises(InputFileError, match="wrong name"):
        read_jobs(write(tmp_path / "jobs.txt", {"description": "x"}))
    with pytest.raises(InputFileError, match="columns"):
        read_jobs(write(tmp_path / "jobs.csv", "name,age", "x,1"))
    with pytest.raises(InputFileError, match="no CSV"):
        read_jobs(write(tmp_path / "jobs.csv", "description", '"never closed'))
