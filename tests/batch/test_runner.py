"""The runner on real short jobs: made once, the same by any workers, failures with reasons."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny.batch_jobs import listed, write_list

from chatanything.batch.ledger import FILE, Ledger
from chatanything.batch.making import may_pass
from chatanything.batch.runner import BatchRunner, Result, Watcher
from chatanything.cli.batch import pace
from chatanything.cli.main import run
from chatanything.errors import BackendError, SpeechError, UsageError
from chatanything.evaluation.batch import check, made_twice, run_batch
from chatanything.media.audio import write_wav
from chatanything.provenance.c2pa import verify_file
from chatanything.settings import Settings
from chatanything.weights.verify import sha256_of

pytestmark = pytest.mark.weights
NASTY = '<img src=x onerror="alert(1)">'
JOBS: tuple[dict[str, object], ...] = (
    {"persona": "ada.charx", "text": "Hi.", "out": "one"},
    {"persona": "bob.charx", "text": "No.", "out": "deep/two"},
    {"persona": "ada.charx", "text": "Hi.", "out": "three", "fps": 6},
)


class Noting(Watcher):
    def __init__(self) -> None:
        self.begun: list[int] = []
        self.reasons: list[str] = []

    def began(self, number: int) -> None:
        self.begun.append(number)

    def again(self, number: int, reason: str) -> None:
        self.reasons.append(reason)


def make(
    folk: Path, out: Path, config: Settings, *jobs: dict[str, object], **more: object
) -> tuple[Result, ...]:
    out.mkdir(exist_ok=True)
    return BatchRunner(out, folk, config, **more).run(listed(folk / "jobs.jsonl", *jobs), more.get("watch"))  # type: ignore[arg-type]


def digests(out: Path) -> dict[str, str]:
    return {str(path.relative_to(out)): sha256_of(path) for path in out.rglob("*.mp4")}


@pytest.fixture(scope="module")
def finished(folk: Path, stages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three jobs done, in this process."""
    from tiny.batch_jobs import PLAIN

    from chatanything.settings import load_settings

    out = tmp_path_factory.mktemp("finished")
    config = load_settings().model_copy(update={**PLAIN, "stage_cache": stages})
    watch = Noting()
    jobs = listed(folk / "jobs.jsonl", *JOBS)
    results = BatchRunner(out, folk, config).run(jobs, watch)
    assert watch.begun == [0, 2, 1]  # those of one persona together
    assert [(one.out, one.state, one.line) for one in results] == [
        ("one.mp4", "done", 1), ("deep/two.mp4", "done", 2), ("three.mp4", "done", 3),
    ]  # fmt: skip
    return out


def test_everything_is_there_and_nothing_else(finished: Path) -> None:
    found = check(finished)
    assert (found.jobs, found.right, found.twice, found.unequal, found.invalid) == (3, 3, 0, 0, 0)
    names = sorted(path.name for path in finished.rglob("*") if path.is_file())
    videos = [name for stem in ("one", "three", "two") for name in (f"{stem}.mp4", f"{stem}.mp4.json")]
    assert names == sorted([".lock", FILE, "report.html", *videos])
    assert verify_file(finished / "deep/two.mp4").state == "valid"
    with Ledger(finished, read_only=True) as ledger:
        reused = {row.out: row.made.reused for row in ledger.rows()}
    assert reused["three.mp4"] == ("persona", "speech")


def test_a_second_run_makes_nothing(finished: Path, folk: Path, config: Settings) -> None:
    before = digests(finished)
    results = BatchRunner(finished, folk, config).run(listed(folk / "jobs.jsonl", *JOBS))
    assert {one.state for one in results} == {"skipped"}
    assert digests(finished) == before
    with Ledger(finished, read_only=True) as ledger:
        assert len(ledger.tries()) == 3


@pytest.mark.slow
def test_two_processes_make_the_same_bytes(
    finished: Path, folk: Path, config: Settings, tmp_path: Path
) -> None:
    empty = config.model_copy(update={"stage_cache": tmp_path / "stages"})
    results = BatchRunner(tmp_path, folk, empty, workers=2).run(listed(folk / "jobs.jsonl", *JOBS))
    assert {one.state for one in results} == {"done"}
    assert digests(tmp_path) == digests(finished)


def test_what_was_left_half_done_is_settled(
    finished: Path, folk: Path, config: Settings, tmp_path: Path
) -> None:
    out = shutil.copytree(finished, tmp_path / "out")
    with Ledger(out) as ledger:
        rows = {row.out: row for row in ledger.rows()}
        # "one" was made, and its run killed before it could say so; "two" was recorded, and not yet moved;
        # "three" was begun.
        ledger.begin(1, "one.mp4", "1")
        ledger.made(ledger.begin(1, "deep/two.mp4", "1"), "deep/two.mp4", rows["deep/two.mp4"].made)
        ledger.begin(1, "three.mp4", "1")
    for name, torn in (("one.mp4", False), ("deep/two.mp4", False), ("three.mp4", True)):
        hidden = out / ".work" / rows[name].key[:32] / Path(name).name
        hidden.parent.mkdir(parents=True)
        for suffix in ("", ".json"):
            shutil.move(f"{out / name}{suffix}", f"{hidden}{suffix}")
        if torn:
            hidden.write_bytes(hidden.read_bytes()[:-1])
    watch = Noting()
    results = BatchRunner(out, folk, config).run(listed(folk / "jobs.jsonl", *JOBS), watch)
    assert watch.begun == [2]
    assert [one.state for one in results] == ["skipped", "skipped", "done"]
    assert digests(out) == digests(finished)
    assert not (out / ".work").exists()
    with Ledger(out, read_only=True) as ledger:
        last = ledger.tries()[3:]
        assert made_twice(ledger.tries()) == 3  # they were begun by hand after they had been made
    assert [one.outcome for one in last] == ["made", "made", "lost", "made"]
    assert "finished by a run that was stopped" in last[0].reason


def test_changed_and_missing_videos_are_made_again(
    finished: Path, folk: Path, config: Settings, tmp_path: Path
) -> None:
    out = shutil.copytree(finished, tmp_path / "out")
    (out / "three.mp4").unlink()
    changed = [{**JOBS[0], "text": "No."}, *JOBS[1:]]
    watch = Noting()
    results = BatchRunner(out, folk, config).run(listed(folk / "jobs.jsonl", *changed), watch)
    assert watch.begun == [0, 2]
    assert [one.state for one in results] == ["done", "skipped", "done"]
    assert digests(out)["three.mp4"] == digests(finished)["three.mp4"]
    assert digests(out)["one.mp4"] != digests(finished)["one.mp4"]


def test_a_preview_says_what_a_run_would_do(
    finished: Path, folk: Path, config: Settings, tmp_path: Path
) -> None:
    out = shutil.copytree(finished, tmp_path / "out")
    with Ledger(out) as ledger:
        rows = {row.out: row for row in ledger.rows()}
        ledger.made(ledger.begin(1, "deep/two.mp4", "1"), "deep/two.mp4", rows["deep/two.mp4"].made)
        ledger.failed(ledger.begin(1, "three.mp4", "1"), "three.mp4", "no reason")
    (out / "one.mp4").unlink()
    (folk / "nobody.json").write_text("[]")
    jobs = listed(folk / "jobs.jsonl", *JOBS, {"persona": "nobody.json", "out": "four"})

    def foreseen(*, only_failed: bool) -> list[str]:
        plan = BatchRunner(out, folk, config, only_failed=only_failed).preview(jobs)
        assert [(one.line, one.out) for one in plan[3:]] == [(4, "four.mp4")]
        assert ("card" in plan[3].problem) is not only_failed
        return [one.action for one in plan]

    before = (out / FILE).read_bytes()
    assert foreseen(only_failed=False) == ["make", "skip", "make", "fail"]
    assert foreseen(only_failed=True) == ["leave", "skip", "make", "leave"]
    assert (out / FILE).read_bytes() == before
    watch = Noting()
    results = BatchRunner(out, folk, config, retries=0, only_failed=True).run(jobs, watch)
    assert watch.begun == [2]
    assert [one.state for one in results] == ["waiting", "skipped", "done", "waiting"]
    watch = Noting()
    results = BatchRunner(out, folk, config, retries=0).run(jobs, watch)
    assert set(watch.begun) == {0, 3}
    assert [one.state for one in results] == ["done", "skipped", "skipped", "failed"]


def test_failures_have_reasons_and_only_some_are_tried_again(
    folk: Path, config: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatanything.settings import settings

    monkeypatch.setenv("CHATANYTHING_VOICE_ENDPOINT", "http://127.0.0.1:9/v1")
    settings.cache_clear()
    (folk / "noise.wav").write_bytes(b"RIFF, but not really")
    jobs = (
        {"persona": "ada.charx", "audio": "noise.wav", "out": "noise"},
        {"persona": "ada.charx", "text": "Hi.", "voice": "endpoint:x", "out": "server"},
        {"persona": "ada.charx", "text": "...", "out": NASTY.replace("/", "")},
        {"persona": "ada.charx", "text": "Hi.", "out": "fine"},
    )
    watch = Noting()
    runner = BatchRunner(tmp_path, folk, config, retries=1)
    results = runner.run(listed(folk / "jobs.jsonl", *jobs), watch)
    assert [one.state for one in results] == ["failed", "failed", "failed", "done"]
    assert "noise.wav" in results[0].error
    assert "127.0.0.1:9" in results[1].error
    assert len(watch.reasons) == 1
    assert "127.0.0.1:9" in watch.reasons[0]
    page = (tmp_path / "report.html").read_text()
    assert "1 done, 3 failed" in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in page
    picture = page.split("data:image/jpeg;base64,")[1].split('"')[0]
    assert base64.b64decode(picture)[:2] == b"\xff\xd8"
    write_wav(folk / "noise.wav", np.zeros(8000, np.float32) + 0.1, 16000)
    mended = [*jobs[:3], {**jobs[3], "text": "Well."}]
    watch = Noting()
    runner = BatchRunner(tmp_path, folk, config, retries=0, only_failed=True)
    results = runner.run(listed(folk / "jobs.jsonl", *mended), watch)
    # The recording is another one now, so its job waits like any new one.
    assert watch.begun == [1, 2]
    assert [one.state for one in results] == ["waiting", "failed", "failed", "waiting"]


def test_which_failures_may_pass() -> None:
    assert may_pass(OSError(5, "Input/output error"))
    assert not may_pass(FileNotFoundError(2, "No such file"))
    assert not may_pass(UsageError("no words"))
    assert not may_pass(SpeechError("no sound"))
    refused = BackendError("the endpoint refused")
    assert not may_pass(refused)
    refused.__cause__ = ConnectionResetError(104, "reset")
    assert may_pass(refused)


def test_a_job_whose_name_is_a_folder_fails_alone(folk: Path, config: Settings, tmp_path: Path) -> None:
    (tmp_path / "one.mp4").mkdir()
    results = BatchRunner(tmp_path, folk, config).run(listed(folk / "jobs.jsonl", *JOBS[:2]))
    assert [one.state for one in results] == ["failed", "done"]
    assert "cannot be written" in results[0].error


@pytest.mark.slow
def test_a_dead_worker_is_replaced(folk: Path, config: Settings, tmp_path: Path) -> None:
    from chatanything.batch.crew import Processes

    crews: list[Processes] = []

    def crew(base: Path, config: Settings) -> Processes:
        crews.append(Processes(1, base, config))
        return crews[0]

    class Killing(Noting):
        def began(self, number: int) -> None:
            super().began(number)
            if len(self.begun) == 1:
                (worker,) = crews[0]._workers.values()
                os.kill(worker.process.pid, 9)

    watch = Killing()
    runner = BatchRunner(tmp_path, folk, config, crew=crew, retries=0)
    results = runner.run(listed(folk / "jobs.jsonl", *JOBS[:2]), watch)
    assert {one.state for one in results} == {"done"}
    assert len(watch.begun) == 3
    assert "exit code -9" in watch.reasons[0]


def test_the_command_checks_previews_and_tells(
    folk: Path, finished: Path, tmp_path: Path, plain_environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs = write_list(folk / "command.jsonl", JOBS[0], {"persona": "ada.charx", "text": "Well, well."})
    out = tmp_path / "out"
    assert run(["batch", str(jobs), "-o", str(out), "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["make"], plan["skip"], plan["personas_kept"], plan["speech_kept"]) == (2, 0, 2, 1)
    assert not out.exists()
    assert run(["batch", str(jobs), "-o", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [job["state"] for job in told["jobs"]] == ["done", "done"]
    assert run(["batch", str(jobs), "-o", str(out), "--dry-run"]) == 0
    assert "0 to make, 2 done" in capsys.readouterr().out
    (folk / "no-card.json").write_text("{}")
    write_list(jobs, JOBS[0], {"persona": "no-card.json", "out": "bad"})
    assert run(["batch", str(jobs), "-o", str(out), "--dry-run"]) == 1
    told = capsys.readouterr()
    assert "0 to make, 1 done, 1 that cannot be made" in told.out
    assert told.err.startswith("line 2: bad.mp4 cannot be made: ")
    write_list(jobs, {"persona": "nobody.charx"}, {"text": "x"}, {"persona": "ada.charx", "text": "..."})
    assert run(["batch", str(jobs), "-o", str(out)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line[:7] for line in lines[:2]] == ["line 1:", "line 2:"]
    write_list(jobs, {"persona": "ada.charx", "text": "..."})
    assert run(["batch", str(jobs), "-o", str(out)]) == 1
    assert run(["batch", str(jobs), "-o", str(out), "--engine", "spark"]) == 2


def test_pace_says_how_long_it_takes() -> None:
    assert pace(0, 5, 1.0) == ""
    assert pace(10, 20, 30.0) == "20.0 a minute, about 60 s left"
    assert pace(1, 100, 60.0) == "1.0 a minute, about 1.7 h left"


@pytest.mark.slow
def test_a_killed_batch_loses_nothing(tmp_path: Path) -> None:
    rows = {row.metric: row for row in run_batch(jobs=10, kills=3, parts=("kills",), folder=tmp_path)}
    assert rows["batch.kills.right"].value == 1.0
    assert rows["batch.kills.right"].control["kills"] >= 1
    for what in ("made_twice", "ledger_unequal", "invalid"):
        assert rows[f"batch.kills.{what}"].value == 0
    assert rows["batch.kills.same_bytes"].value == 1.0
    made = rows["batch.stages_made"]
    assert made.value == made.control["different"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="a small disk is mounted by root only")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    rows = {row.metric: row for row in run_batch(jobs=12, parts=("disk",), folder=tmp_path)}
    right = rows["batch.disk.right"]
    assert right.value == 1.0
    assert right.control["full"] >= 1
    assert right.control["unclear"] == 0
    for what in ("made_twice", "ledger_unequal", "invalid"):
        assert rows[f"batch.disk.{what}"].value == 0
