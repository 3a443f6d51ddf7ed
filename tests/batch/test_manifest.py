"""Job lists: every wrong line is named before any work starts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatanything.batch.manifest import read_jobs
from chatanything.errors import UsageError


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_good_jobs_get_names_and_keys(tmp_path: Path) -> None:
    jobs = read_jobs(
        write(
            tmp_path / "jobs.jsonl",
            {"description": "a shy teapot", "text": "Oh."},
            "",
            {"persona": "keeper.charx", "text": "Mind the rocks.", "out": "a/keeper", "seed": 3, "size": 512},
        )
    )
    assert [job.file_name for job in jobs] == [f"a-shy-teapot-{jobs[0].key[:8]}.mp4", "a/keeper.mp4"]
    assert jobs[0].key != jobs[1].key
    assert jobs[1].seed == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "line 2 is no JSON object"),
        ({"text": "nobody"}, "exactly one of description and persona"),
        ({"description": "x", "persona": "y"}, "exactly one of description and persona"),
        ({"description": "x", "colour": "red"}, "colour"),
        ({"description": "x", "seed": "7"}, "seed"),
        ({"description": "x", "out": "../escape.mp4"}, "inside the output folder"),
        ({"description": "x", "out": "/tmp/escape.mp4"}, "inside the output folder"),
        ({"description": "x", "style": "furious"}, "style"),
    ],
)
def test_wrong_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(UsageError, match="line 2") as caught:
        read_jobs(write(tmp_path / "jobs.jsonl", {"description": "fine"}, line))
    assert message in str(caught.value)


def test_empty_missing_and_double(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no jobs"):
        read_jobs(write(tmp_path / "jobs.jsonl", ""))
    with pytest.raises(UsageError, match="cannot be read"):
        read_jobs(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="same video"):
        read_jobs(
            write(tmp_path / "jobs.jsonl", {"description": "x", "out": "a"}, {"description": "y", "out": "a"})
        )
