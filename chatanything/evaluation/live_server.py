"""A server in a process of its own, and a scripted language model for it to ask."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, Literal

from chatanything.errors import BackendError

START_S: Final = 180.0
TOKENS_A_SECOND: Final = 20.0
"""Of the scripted model: what a small model does on two cores."""
ANSWER: Final = (
    "Well, good evening to you! The big black boat came by this morning, and my momma waved. "
    "I keep the lamp bright, whatever the weather may be. Would you like a cup of tea?"
)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs."""

    url: str
    pid: int

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Call a route; its JSON, or its text.

        Raises:
            BackendError: The server refuses.
        """
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(self.url + path, data, headers, method=method)  # noqa: S310 - ours
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
                text = answer.read().decode()
        except urllib.error.HTTPError as exc:
            raise BackendError(f"the server refuses {method} {path}", got=exc.read().decode()[:300]) from exc
        return json.loads(text) if text.startswith(("{", "[")) else text

    @property
    def threads(self) -> int:
        """Threads of its process."""
        return int(self._status("Threads"))

    @property
    def memory_mb(self) -> float:
        """Resident memory of its process."""
        return int(self._status("VmRSS").split()[0]) * 1024 / 1e6

    def _status(self, name: str) -> str:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(line.partition(":")[2] for line in lines if line.startswith(f"{name}:"))


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    llm: str | None, *, port: int, module: str = "chatanything", more: Mapping[str, str] | None = None
) -> tuple[Running, subprocess.Popen[str]]:
    """Start `chatanything serve` and wait until its models are loaded.

    Args:
        llm: As `--llm`; None takes the setting.
        port: Where it listens.
        module: Run with `python -m`; the command line, or what leads to it.
        more: Environment variables besides those of this process.

    Raises:
        BackendError: It does not become ready.
    """
    command = [sys.executable, "-m", module, "serve", "--port", str(port)]
    environment = {**os.environ, "CHATANYTHING_LIVE_SESSIONS": "100", "CHATANYTHING_API_KEYS": "{}"}
    process = subprocess.Popen(
        [*command, *(["--llm", llm] if llm else [])],
        env={**environment, **(more or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    running = Running(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait_ready(running, process)
    except BaseException:
        process.kill()
        raise
    return running, process


@contextmanager
def server(llm: str | None) -> Iterator[Running]:
    """`chatanything serve` on a free port, with its models loaded.

    Args:
        llm: As `--llm`; None takes the setting.

    Yields:
        The server.

    Raises:
        BackendError: It does not become ready.
    """
    running, process = start(llm, port=free_port())
    try:
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_ready(running: Running, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + START_S
    while True:
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise BackendError("the server ended at once", got=said.strip()[-300:])
        try:
            running.request("GET", "/ready")
        except (BackendError, OSError) as exc:
            if time.monotonic() > end:
                raise BackendError("the server does not become ready", got=str(exc)) from exc
            time.sleep(0.2)
        else:
            Thread(target=_drain, args=(process,), daemon=True).start()
            return


def _drain(process: subprocess.Popen[str]) -> None:
    """Take what the server logs, or it would stop at a full pipe."""
    for _ in process.stderr or ():
        pass


class ScriptedModel(ThreadingHTTPServer):
    """An OpenAI-compatible endpoint that always says `ANSWER`, at a small model's speed."""

    daemon_threads = True
    fault: Literal["", "dead", "broken", "stalls"] = ""
    """Hangs up on everybody; answers with status 500; falls silent in the middle of an answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Script)

    @property
    def url(self) -> str:
        """Base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def scripted_model() -> Iterator[ScriptedModel]:
    """The endpoint while the block lasts.

    Yields:
        The endpoint.
    """
    script = ScriptedModel()
    Thread(target=script.serve_forever, daemon=True).start()
    try:
        yield script
    finally:
        script.shutdown()
        script.server_close()


class _Script(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    server: ScriptedModel

    def do_GET(self) -> None:
        """List the one model."""
        self._head("application/json")
        self.wfile.write(json.dumps({"object": "list", "data": [_model()]}).encode())

    def do_POST(self) -> None:
        """Answer, token by token."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.fault == "dead":
            self.close_connection = True
            return
        if self.server.fault == "broken":
            self.send_error(500)
            return
        if not asked.get("stream"):
            self._whole()
            return
        words = ANSWER.split(" ")[: int(asked.get("max_tokens") or 1000)]
        self._head("text/event-stream")
        try:
            for word in words:
                time.sleep(1.3 / TOKENS_A_SECOND)
                while self.server.fault == "stalls":
                    time.sleep(0.1)
                self._event({"content": word + " "})
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:  # nobody listens any more
            return

    def _whole(self) -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
        body = {"id": "1", "object": "chat.completion", "created": 0, "model": "script", "choices": [choice]}
        self._head("application/json")
        self.wfile.write(json.dumps(body).encode())

    def _head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "script"}
        self.wfile.write(f"data: {json.dumps({**body, 'choices': [choice]})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _model() -> dict[str, Any]:
    return {"id": "script", "object": "model", "created": 0, "owned_by": "evaluation"}
