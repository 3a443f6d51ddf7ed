"""The soak test's own parts: what it breaks is broken, what it judges is judged."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chatanything.errors import BackendError
from chatanything.evaluation.faulty import VARIABLE, Faults, read
from chatanything.evaluation.live_server import scripted_model
from chatanything.evaluation.soak import FAULTS, Log, growth
from chatanything.evaluation.soak_batch import missing
from chatanything.evaluation.soak_disk import fill, relieve, small_disk
from chatanything.evaluation.soak_live import Customer, Life, Supervised, Tally, visit
from chatanything.persona.backends import open_llm
from chatanything.provenance.c2pa import verify_file
from chatanything.settings import Settings, load_settings

PROBE = """
import sys, time, datetime
from pathlib import Path
from chatanything.evaluation import faulty
before = time.time()
faulty.install(Path(sys.argv[1]))
ahead, began = time.time() - before, time.monotonic()
Path(sys.argv[2]).write_bytes(b"x")
print(ahead, time.monotonic() - began)
"""
PLAIN = {
    "CHATANYTHING_FACE_ENGINE": "template", "CHATANYTHING_RENDERER": "warp", "CHATANYTHING_HEARING": "none",
}  # fmt: skip


def test_a_process_has_the_faults_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    assert read(path) == Faults()
    Faults(write_s=0.3, clock_s=-7200.0).write(path)
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, str(path), str(tmp_path / "slow")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    ahead, took = map(float, ran.stdout.split())
    assert -7200 <= ahead < -7100
    assert took >= 0.3
    assert (tmp_path / "slow").read_bytes() == b"x"
    path.write_text("{broken")
    assert read(path) == Faults()


def test_the_scripted_model_breaks_in_three_ways_and_heals() -> None:
    said = [{"role": "user", "content": "Hello?"}]
    with scripted_model() as script, open_llm(script.url) as llm:
        assert llm is not None
        for fault in ("dead", "broken"):
            script.fault = fault
            with pytest.raises(BackendError):
                list(llm.stream(said, seed=1, max_tokens=3))
        script.fault = "stalls"
        heard: list[str] = []
        thread = threading.Thread(target=lambda: heard.extend(llm.stream(said, seed=1, max_tokens=3)))
        thread.start()
        thread.join(1.0)
        assert thread.is_alive()
        assert not heard
        script.fault = ""
        thread.join(20)
        assert "".join(heard).split() == ["Well,", "good", "evening"]


def test_a_full_disk_is_full_and_is_relieved(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as mounted:
        if not mounted:
            pytest.skip("file systems can only be mounted by root")
        fill(tmp_path / "disk")
        with pytest.raises(OSError, match="No space left"):
            (tmp_path / "disk" / "more").write_bytes(b"x" * 5000)
        relieve(tmp_path / "disk")
        (tmp_path / "disk" / "more").write_bytes(b"x" * 5000)
    assert not list((tmp_path / "disk").iterdir())


def test_growth_is_that_of_a_warm_server() -> None:
    loading = [(2.0 * k, 500.0 + 10 * k) for k in range(30)]
    steady = [(60.0 + 2 * k, 800.0 + k % 2) for k in range(1, 100)]
    leaking = [(60.0 + 2 * k, 800.0 + k) for k in range(1, 101)]
    assert growth(Life([*loading, *steady])) < 2
    assert growth(Life([*loading, *leaking])) == pytest.approx(80, abs=2)
    assert growth(Life([])) == 0
    assert growth(Life(loading)) == 0


def test_failures_are_blamed_on_faults_only_near_them() -> None:
    log = Log(spans=[(100.0, 110.0)])
    assert [log.covers(at) for at in (99.0, 100.0, 129.0, 131.0)] == [False, True, True, False]
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


def test_videos_that_are_not_there_or_not_right_are_missed(tmp_path: Path) -> None:
    jobs = tmp_path / "list-0.jsonl"
    jobs.write_text("".join(json.dumps({"out": name, "text": "Hi."}) + "\n" for name in "abc"))
    folder = tmp_path / "list-0"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.mp4").write_bytes(name.encode())
    assert missing(jobs, lambda _: True) == ["c"]
    assert missing(jobs, lambda path: path.read_bytes() == b"a") == ["b", "c"]


@pytest.mark.weights
@pytest.mark.slow
def test_a_killed_server_loses_no_video_and_visitors_come_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "weights").symlink_to(load_settings().cache / "weights")
    environment = {**PLAIN, "CHATANYTHING_HOME": str(home), VARIABLE: str(tmp_path / "faults.json")}
    stop, tally, config = threading.Event(), Tally(), Settings(home=home)

    def is_valid(path: Path) -> bool:
        return verify_file(path, config=config).state == "valid"

    with scripted_model() as script:
        server = Supervised(script.url, environment)
        try:
            who = {"description": "a cheerful apple who sings opera", "seed": 7}
            persona = server.running.request("POST", "/v1/personas", who)["id"]
            customer = Customer(server, persona, tmp_path / "got", is_valid)
            talking = threading.Thread(
                target=visit, args=(server.running.url, persona, tally, stop), kwargs={"number": 0}
            )
            talking.start()
            customer.order()
            customer.order()
            _until(lambda: tally.ends["answered"] > 0)
            server.kill()
            before = tally.ends["answered"]
            _until(lambda: tally.ends["answered"] > before)
            stop.set()
            customer.settle(120)
            talking.join(130)
        finally:
            stop.set()
            server.close()
    assert customer.orders.ends == {"completed": 2, "lost": 0}
    assert tally.ends["silent"] == 0
    assert len(server.lives) == 2


def _until(test, seconds=120):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end
        time.sleep(0.1)
