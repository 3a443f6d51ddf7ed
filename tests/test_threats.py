"""Attacks on files and requests that docs/SECURITY.md names, and the page itself."""

from __future__ import annotations

import io
import json
import pickle
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from chatanything import bundle
from chatanything.cli.main import run
from chatanything.errors import PersonaError, WeightsError
from chatanything.persona import charx
from chatanything.persona.cards_io import read_card
from chatanything.provenance.sidecars import sidecars_in
from chatanything.server.schemas import CreatePersona, VideoRequest
from chatanything.weights.lock import lock_path, parse_lock
from tests.tiny import persona_cards as foreign

ROOT = Path(__file__).resolve().parents[1]


class Evil:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('the pickle ran')",))


def charx_with(path: Path, members: dict[str, bytes], *, link: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("card.json", json.dumps(foreign.v3()))
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 if name == link else 0o644) << 16
            archive.writestr(info, data)
    return path


def test_a_pickle_in_a_persona_does_not_run(tmp_path: Path) -> None:
    arrays = io.BytesIO()
    np.savez(arrays, landmarks=np.array([Evil()], dtype=object))
    for data in (arrays.getvalue(), pickle.dumps(Evil())):
        members = {"assets/x_face/face.npz": data, "assets/x_face/face.json": b'{"groups": {}}'}
        members["assets/x_face/portrait.png"] = foreign.picture()
        with pytest.raises(PersonaError, match="damaged"):
            bundle.load(charx_with(tmp_path / "evil.charx", members))


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/tmp/evil.txt", "a/../../evil.txt", "C:/evil.txt", "..\\evil"]
)
def test_a_zip_cannot_write_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = charx_with(tmp_path / "slip.charx", {name: b"evil"})
    with pytest.raises(PersonaError, match="outside its folder"):
        read_card(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_a_zip_is_only_its_bytes(tmp_path: Path) -> None:
    path = charx_with(tmp_path / "a.charx", {"assets/x_a/link": b"/etc/passwd"}, link="assets/x_a/link")
    assert read_card(path).assets["x_a/link"] == b"/etc/passwd"


def test_links_are_not_followed_when_files_are_looked_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "a.mp4.json").write_text('{"sha256": "0"}')
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    (open_to_all / "folder").symlink_to(secret, target_is_directory=True)
    (open_to_all / "b.mp4.json").symlink_to(secret / "a.mp4.json")
    assert list(sidecars_in(open_to_all, deep=True)) == []
    assert len(list(sidecars_in(secret))) == 1


def test_a_file_that_grows_after_it_was_measured_is_still_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps(foreign.v2()) + " " * 5_000)
    monkeypatch.setattr(charx, "LIMIT_BYTES", 4_000)
    real = Path.stat

    def small(self: Path, **more: object) -> object:
        found = real(self, **more)  # type: ignore[arg-type]
        return type(found)((*found[:6], 10, *found[7:])) if self == path else found

    monkeypatch.setattr(Path, "stat", small)
    assert path.stat().st_size == 10
    with pytest.raises(PersonaError, match="too large"):
        read_card(path)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1/x.png", "file:///etc/passwd", "//evil/x", "ftp://x/y"])
def test_addresses_in_cards_are_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    card = foreign.v3()
    card["data"]["assets"] = [{"type": "icon", "name": "main", "uri": uri, "ext": "png"}]
    (tmp_path / "card.json").write_text(json.dumps(card))
    stored = bundle.load(tmp_path / "card.json")
    assert stored.portrait_png is None


@pytest.mark.parametrize("source", ["https", "http", "file", "url", "git"])
def test_weights_come_from_no_free_address(source: str) -> None:
    text = re.sub(
        r"\{ repo = \"[^\"]+\" \}", f'{{ {source} = "http://127.0.0.1/x" }}', lock_path().read_text()
    )
    assert "127.0.0.1" in text
    with pytest.raises(WeightsError, match="source"):
        parse_lock(text)


def test_requests_cannot_name_an_endpoint_or_a_file() -> None:
    for schema in (CreatePersona, VideoRequest):
        assert not {"llm", "url", "base_url", "audio", "face", "path"} & set(schema.model_fields)


def test_importing_opens_no_connection_and_runs_nothing() -> None:
    code = (
        "import socket, subprocess\n"
        "def refuse(*a, **k): raise SystemExit('a connection')\n"
        "socket.socket.connect = refuse\nsubprocess.Popen.__init__ = refuse\n"
        "import chatanything, chatanything.cli.main, chatanything.server.app\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_names_tests_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs/SECURITY.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`tests/" in line]
    assert len(rows) > 15
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= len(rows)
    for file, name in named:
        assert re.search(
            rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
        ), f"{file} has no {name}"
    # Every row of the table of threats ends in a test.
    table = text.split("## Threats")[1].split("\n## ")[0]
    threats = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert all("`tests/" in line for line in threats)
    assert run(["--help"]) == 0
    assert "forget" in capsys.readouterr().out
