"""Tables, the scores page, and measuring in fresh processes."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from chatanything.evaluation.process import in_fresh_process, peak_memory_mb
from chatanything.evaluation.report import commit, machine, number, print_table, write_scores
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import PAIRS, PERSONAS, SENTENCES, pair

ROWS = [
    Row("lipsync.lag", 12.34, "ms", 20, {"planted_160_ms_found_as": 160.0}),
    Row("lipsync.correlation", 0.75, "r", 1000),
]


def test_table_lines_up():
    lines = print_table(ROWS).splitlines()
    assert lines[0].split() == ["metric", "value", "unit", "n", "controls"]
    assert lines[1].index("ms") == lines[2].index("r", len("lipsync.correlation"))
    assert "planted_160_ms_found_as 160" in lines[1]


def test_numbers_are_short():
    assert [number(v) for v in (0, 0.0012, 0.5, 12.34, 1234.5)] == ["0", "0.0012", "0.5", "12.3", "1234"]


def test_a_section_is_replaced_and_the_rest_stays(tmp_path):
    page = tmp_path / "docs" / "SCORES.md"
    write_scores(page, "lipsync", ROWS)
    write_scores(page, "speed", [Row("speed.say", 3.0, "s", 3)])
    write_scores(page, "lipsync", [Row("lipsync.lag", 5.0, "ms", 20)], command="make scores")
    text = page.read_text()
    assert text.startswith("# Scores\n\n## lipsync\n")
    assert text.count("## lipsync") == text.count("## speed") == 1
    assert text.index("## lipsync") < text.index("## speed")
    assert "12.3" not in text
    assert "`make scores`, commit none" in text
    assert machine() in text


def test_commit_knows_changes(tmp_path):
    def git(*args):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *who, "-C", str(tmp_path), *args], check=True, capture_output=True)

    git("init")
    git("commit", "--allow-empty", "-m", "start")
    clean = commit(tmp_path)
    assert len(clean) >= 7
    (tmp_path / "new").write_text("x")
    assert commit(tmp_path) == clean + "+"


def fill(megabytes: int) -> dict[str, float]:
    block = np.ones(megabytes * 125_000)
    return {"peak": peak_memory_mb(), "pid": os.getpid(), "sum": float(block.sum())}


def test_memory_is_the_fresh_process_own():
    ballast = np.ones(40_000_000)  # 320 MB in this process
    small, large = in_fresh_process(fill, 1), in_fresh_process(fill, 200)
    assert small["pid"] != large["pid"] != os.getpid()
    assert 150 < large["peak"] - small["peak"] < 250
    assert small["peak"] < peak_memory_mb()
    assert ballast.size


def test_suite_is_rich_in_closures():
    assert len(set(SENTENCES)) == 20
    assert len(PERSONAS) == 10
    assert len({pair(i) for i in range(PAIRS)}) == PAIRS
    assert {pair(i)[0] for i in range(10)} == set(range(10))
    letters = sum(sentence.lower().count(letter) for sentence in SENTENCES for letter in "pbm")
    assert letters / 20 > 4


def test_importing_is_light():
    code = "import sys, chatanything.evaluation.lipsync, chatanything.evaluation.speed\n"
    code += "assert not {'mediapipe', 'onnxruntime', 'av', 'cv2'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
