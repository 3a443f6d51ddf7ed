"""A worker process that goes wrong in every way costs one clear error, and never hangs or stays behind."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatanything.errors import SpeechError, VoiceUnavailableError
from chatanything.voice.backends.coqui_worker import read_frame, write_frame
from chatanything.voice.backends.worker import Worker

ODD = Path(__file__).parents[1] / "tiny" / "odd_worker.py"


def start(way: str, wait_s: float = 20.0) -> Worker:
    return Worker([sys.executable, "-I", str(ODD), way], wait_s=wait_s, hint="Try again.")


def test_sound_comes_back_and_closing_ends_the_process() -> None:
    worker = start("well")
    samples, rate = worker.samples({"do": "speak"})
    assert rate == 22050
    assert samples.tolist() == [0.5] * 100
    pid = worker._process.pid
    worker.close()
    assert not worker.alive
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("dies", "did not start"),
        ("noise", "broken answer"),
        ("old", "another language"),
    ],
)
def test_bad_greeting(way: str, words: str) -> None:
    with pytest.raises(VoiceUnavailableError, match=words) as caught:
        start(way)
    assert caught.value.hint == "Try again."
    assert "\n" not in str(caught.value)


def test_last_words_of_a_dead_worker_are_told() -> None:
    with pytest.raises(VoiceUnavailableError, match="exit code 3; the library is broken"):
        start("dies")


@pytest.mark.parametrize(
    ("way", "words"),
    [("kills-itself", "signal 9"), ("half", "broke down"), ("nan", "broken answer")],
)
def test_bad_answer_stops_the_worker(way: str, words: str) -> None:
    worker = start(way)
    with pytest.raises(VoiceUnavailableError, match=words):
        worker.samples({"do": "speak"})
    assert not worker.alive


@pytest.mark.parametrize("way", ["silent", "mute-answer"])
def test_silence_ends_in_time(way: str) -> None:
    began = time.monotonic()
    with pytest.raises(VoiceUnavailableError, match="does not answer"):
        start(way, wait_s=3.0).samples({"do": "speak"})
    assert time.monotonic() - began < 15


def test_refused_request_leaves_the_worker_alive() -> None:
    worker = start("refuses")
    for _ in range(2):
        with pytest.raises(SpeechError, match="no such words"):
            worker.samples({"do": "speak", "text": "such words"})
    assert worker.alive
    worker.close()


def test_killed_between_requests() -> None:
    worker = start("well")
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait(5)
    with pytest.raises(VoiceUnavailableError, match="signal 9"):
        worker.samples({"do": "speak"})


def test_program_that_is_not_there() -> None:
    with pytest.raises(VoiceUnavailableError, match="cannot be started"):
        Worker(["/nowhere/python"], wait_s=1, hint="")


@given(st.dictionaries(st.text(), st.text() | st.integers()), st.binary(max_size=64))
def test_frames_come_back_as_they_were_sent(header: dict[str, object], sound: bytes) -> None:
    sound = sound[: len(sound) // 4 * 4]
    stream = io.BytesIO()
    write_frame(stream, dict(header), sound)
    stream.seek(0)
    assert read_frame(stream) == ({**header, "bytes": len(sound)}, sound)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_one_of_two_errors(data: bytes) -> None:
    try:
        header, sound = read_frame(io.BytesIO(data))
    except (EOFError, ValueError):
        return
    assert header["bytes"] == len(sound)
