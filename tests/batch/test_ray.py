"""A cluster of two nodes on this machine: the same bytes, also when one node goes down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import gettempdir

import pytest
from tiny.batch_jobs import listed

from chatanything.batch.ray import environment_of, ray_crew
from chatanything.batch.ray_folder import PREFIX, ActorFolder, sweep
from chatanything.batch.runner import BatchRunner, Result, Watcher
from chatanything.errors import BackendError
from chatanything.evaluation.batch import check
from chatanything.evaluation.batch_ray import cluster
from chatanything.provenance.certificates import credential, sign_as
from chatanything.settings import Settings, load_settings
from chatanything.weights.verify import sha256_of


def test_settings_travel_as_variables(
    config: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen = config.model_copy(
        update={"voice_endpoint": "http://a b/ü", "ray_gpus": 0.25, "coqui_model": tmp_path, "sign": False}
    )
    for name, value in environment_of(chosen).items():
        monkeypatch.setenv(name, value)
    again = load_settings()
    assert again == chosen.model_copy(update={"stage_cache": None})


def test_without_ray_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BackendError, match=r'pip install "chatanything\[ray\]"'):
        ray_crew(None, None)


def test_folders_go_with_their_processes(tmp_path: Path) -> None:
    held = ActorFolder(tmp_path)
    (held.path / "card.charx").write_bytes(b"x")
    program = f"""
import os, pathlib
from chatanything.batch.ray_folder import ActorFolder
(ActorFolder(pathlib.Path({str(tmp_path)!r})).path / "card.charx").write_bytes(b"x")
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    assert len(list(tmp_path.glob(f"{PREFIX}*"))) == 3
    sweep(tmp_path)
    assert set(tmp_path.glob(f"{PREFIX}*")) == {held.path, tmp_path / f"{PREFIX}link"}
    assert elsewhere.is_dir()
    held.close()
    assert not held.path.exists()


def test_a_lent_certificate_signs(config: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("chatanything.provenance.certificates._lent", [])
    lender = credential(config.model_copy(update={"home": tmp_path / "lender"}))
    assert credential(config) != lender
    sign_as(lender)
    assert credential(config) == lender
    assert not [path for path in tmp_path.rglob("*.pem") if path.parent.parent != tmp_path / "lender"]


@pytest.mark.weights
@pytest.mark.slow
def test_two_nodes_make_the_same_bytes_and_one_may_go_down(
    folk: Path, config: Settings, stages: Path, tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    jobs = listed(
        folk / "ray.jsonl",
        *({"persona": f"{who}.charx", "text": "Hi.", "fps": fps, "out": f"{who}{fps}"}
          for who in ("ada", "bob") for fps in (5, 6, 7)),
    )  # fmt: skip
    local, spread = tmp_path / "local", tmp_path / "ray"
    local.mkdir()
    spread.mkdir()
    BatchRunner(local, folk, config).run(jobs)
    before = set(Path(gettempdir()).glob(f"{PREFIX}*"))
    with cluster(2, stages) as (nodes, address):

        class Pulling(Watcher):
            reasons: list[str] = []  # noqa: RUF012 - of this test
            gone = False

            def began(self, number: int) -> None:
                # Both nodes work by now; the one that did not start the cluster goes down.
                if number == 4 and not self.gone:
                    self.gone = True
                    nodes.remove_node(nodes.list_all_nodes()[-1], allow_graceful=False)

            def again(self, number: int, reason: str) -> None:
                self.reasons.append(reason)

        watch = Pulling()
        results: tuple[Result, ...] = BatchRunner(spread, folk, config, crew=ray_crew(address, 2)).run(
            jobs, watch
        )
    assert {one.state for one in results} == {"done"}
    assert watch.gone
    assert all("Ray worker is gone" in reason for reason in watch.reasons)
    found = check(spread)
    assert (found.right, found.twice, found.unequal) == (6, 0, 0)
    assert [sha256_of(spread / one.out) for one in results] == [sha256_of(local / one.out) for one in results]
    left = set(Path(gettempdir()).glob(f"{PREFIX}*")) - before
    assert len(left) <= 1  # of the node that went down
    assert not [path for folder in left for path in folder.rglob("*.pem")]
    sweep(Path(gettempdir()))
    assert not [folder for folder in left if folder.exists()]
