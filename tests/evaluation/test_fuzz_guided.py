"""Fuzzing steered by coverage, on the real parsers and on one with a fault that blind changes never reach."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chatanything.errors import BackendError, UsageError
from chatanything.evaluation import fuzz_guided
from chatanything.evaluation.fuzz_guided import follow, run_guided

pytest.importorskip("atheris")

_FAULTY = """
import sys
import atheris
from chatanything.evaluation import fuzz_guided, fuzz_parts

@atheris.instrument_func
def read(path):
    data = path.read_bytes()
    if data[:1] == b"G":
        if data[1:2] == b"U":
            if data[2:3] == b"I":
                raise KeyError("three letters deep")

def change(data, rng):
    out = bytearray(data)
    out[rng.randrange(len(out))] = rng.randrange(65, 91)
    return bytes(out)

sample = fuzz_parts.Sample(".bin", b"none", change)
fuzz_parts.PARTS = {"faulty": fuzz_parts.Part(lambda folder: (sample,), read)}
fuzz_guided.main(sys.argv)
"""


def test_a_fault_behind_three_letters_is_found_and_kept(tmp_path: Path) -> None:
    program = tmp_path / "faulty.py"
    program.write_text(_FAULTY, encoding="utf-8")
    found = follow("faulty", tmp_path / "faulty", seconds=60, program=(sys.executable, str(program)))
    assert "KeyError: 'three letters deep'" in found.failure
    assert found.reached > found.reached_at_first
    assert found.kept >= 2  # "G" and "GU" were steps on the way
    (failed,) = (tmp_path / "faulty" / "failed").iterdir()
    assert failed.read_bytes()[1:4] == b"GUI"


def test_a_part_is_followed_and_gone_on_with(tmp_path: Path) -> None:
    rows, failures = run_guided(minutes=5 / 60, parts=("cards",), folder=tmp_path)
    assert failures == ()
    (row,) = rows
    assert (row.metric, row.value) == ("fuzz.guided.cards", 0.0)
    assert row.n > 100
    assert row.control["reached"] > row.control["reached_at_first"] > 20
    again = follow("cards", tmp_path / "cards", seconds=1)
    assert again.reached >= row.control["reached_at_first"]
    assert again.kept >= row.control["kept"]


def test_bad_requests_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no such part"):
        run_guided(minutes=1, parts=("nothing",))
    monkeypatch.setattr(fuzz_guided.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(BackendError, match="needs atheris"):
        run_guided(minutes=1, parts=("cards",))
