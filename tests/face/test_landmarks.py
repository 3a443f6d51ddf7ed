"""The detector keeps its notes off the terminal and leaves standard error as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from chatanything.face.landmarks import _QUIET

LOOK = """
import numpy as np
from chatanything.face.landmarks import FaceDetector
with FaceDetector() as detector:
    print(len(detector.detect(np.zeros((64, 64, 3), np.uint8))))
"""


@contextmanager
def standard_error(number: int | None) -> Iterator[None]:
    """Another file as standard error, or none."""
    saved = os.dup(2)
    if number is None:
        os.close(2)
    else:
        os.dup2(number, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def test_threads_that_overlap_leave_standard_error_open(tmp_path: Path) -> None:
    inside, may_leave = Event(), Event()

    def other() -> None:
        with _QUIET:
            inside.set()
            may_leave.wait(10)

    thread, path = Thread(target=other), tmp_path / "terminal"
    with path.open("wb") as stream, standard_error(stream.fileno()):
        with _QUIET:
            thread.start()
            assert inside.wait(10)
        os.write(2, b"hidden ")  # the other one is still inside
        may_leave.set()
        thread.join()
        os.write(2, b"seen")
    assert path.read_bytes() == b"seen"


def test_without_standard_error_nothing_is_silenced() -> None:
    with standard_error(None):
        with _QUIET:
            pass
        with pytest.raises(OSError, match="descriptor"):
            os.fstat(2)


@pytest.mark.weights
def test_the_detector_works_with_standard_error_closed() -> None:
    command = f'exec "{sys.executable}" -c "$1" 2>&-'
    done = subprocess.run(["sh", "-c", command, "sh", LOOK], stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"0")
