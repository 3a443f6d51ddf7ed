"""Mirrors on this computer: a folder of wheels for pip, and small servers for npm and the Hub."""

from __future__ import annotations

import functools
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .mirrors import Routes, make_tarball


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes packages from instead of an index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, routes: Routes, *args: object) -> None:
        self.routes = routes
        super().__init__(*args)

    def do_GET(self) -> None:
        headers, body = self.routes.get(self.path, ({}, b""))
        self.send_response(200 if self.path in self.routes else 404)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name that the base class calls

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, Routes]]:
    """Address of a server on this computer, and the answers that it gives."""
    routes: Routes = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, routes)) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", routes
        http.shutdown()


@pytest.fixture
def npm_registry(server: tuple[str, Routes], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Publishes packages to a registry on this computer, which npm is told to use."""
    address, routes = server
    monkeypatch.setenv("npm_config_registry", address)

    def publish(name: str, version: str, members: dict[str, bytes]) -> None:
        manifest = {"name": name, "version": version}
        data = make_tarball({"package.json": json.dumps(manifest).encode(), **members})
        tarball = {"tarball": f"{address}/{name}.tgz", "shasum": hashlib.sha1(data).hexdigest()}
        versions = {version: {**manifest, "dist": tarball}}
        answer = {"name": name, "dist-tags": {"latest": version}, "versions": versions}
        routes[f"/{name}"] = ({"Content-Type": "application/json"}, json.dumps(answer).encode())
        routes[f"/{name}.tgz"] = ({}, data)

    return publish
