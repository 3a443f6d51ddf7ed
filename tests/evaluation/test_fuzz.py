"""Some thousands of broken files on every run; `chatanything evaluate fuzz` makes as many as one likes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from chatanything.errors import UsageError
from chatanything.evaluation import fuzz
from chatanything.evaluation.fuzz_parts import PARTS, Part, Sample


@pytest.mark.parametrize("part", list(PARTS))
def test_nothing_but_the_error_family_comes_out(part: str) -> None:
    found = fuzz.run_part(part, range(600), seed=20_261_128)
    assert found.failures == ()
    assert found.cases == found.read + found.refused == 600
    # Both happen: the cases are neither all harmless nor all refused at the door.
    assert found.read > 30
    assert found.refused > 30


def test_a_case_is_made_from_its_number_alone(tmp_path: Path) -> None:
    samples = PARTS["cards"].samples(tmp_path)
    first = [fuzz.case_bytes(samples, "cards", 1, case) for case in range(40)]
    again = [fuzz.case_bytes(samples, "cards", 1, case) for case in reversed(range(40))][::-1]
    assert first == again
    assert len(set(first)) > 35
    assert first != [fuzz.case_bytes(samples, "cards", 2, case) for case in range(40)]


def _misbehave(path: Path) -> object:
    match path.read_bytes()[0] % 8:
        case 1:
            raise RuntimeError("not of the family")
        case 2:
            os.kill(os.getpid(), signal.SIGKILL)
        case 3:
            while True:
                time.process_time()
        case 4:
            return bytearray(8 << 30)
    raise UsageError("refused")


def test_crashes_hangs_and_greed_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = Sample(".bin", b"\0", lambda _data, rng: bytes([rng.randrange(8)]))
    monkeypatch.setitem(PARTS, "bad", Part(lambda _folder: (sample,), _misbehave))  # type: ignore[arg-type]
    found = fuzz.run_part("bad", range(30), limit_s=0.2)
    seen = " ".join(one.what for one in found.failures)
    for sign in ("RuntimeError", "exit code -9", "more than 0.2 s", "MemoryError"):
        assert sign in seen
    assert found.refused > 0
    assert found.cases == 30
    with pytest.raises(UsageError, match="no such part"):
        fuzz.run_part("nothing", range(1))
