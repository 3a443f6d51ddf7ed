"""Runs an app with uvicorn, in the foreground or beside other work."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import uvicorn
from fastapi import FastAPI

from chatanything.errors import BackendError
from chatanything.server.app import create_app
from chatanything.server.guard import LOOPBACK
from chatanything.server.services import Services

MAX_MESSAGE: Final = 1_000_000
"""Bytes of a WebSocket message; a second of sound has a tenth of it."""
_PING_S: Final = 20.0
"""A connection that answers no ping for so long is dead."""
_START_S: Final = 60.0
_STOP_S: Final = 5

log = logging.getLogger(__name__)


def serve_app(services: Services, *, host: str, port: int, app: FastAPI | None = None) -> None:
    """Serve until the process is told to stop.

    Args:
        services: Models, libraries, jobs.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        app: Another app than `create_app` makes.

    Raises:
        BackendError: The address cannot be listened on.
    """
    app = app or create_app(services, loopback=host in LOOPBACK)
    listener = _listen(host, port)
    address = f"[{host}]" if ":" in host else host
    log.info("serving on http://%s:%d", address, listener.getsockname()[1])
    uvicorn.Server(_config(app)).run(sockets=[listener])


@contextmanager
def serving(services: Services, *, app: FastAPI | None = None) -> Iterator[str]:
    """Serve on a free port of this machine while the block runs.

    Yields:
        The server's address, as http://127.0.0.1:PORT.

    Raises:
        BackendError: It does not start.
    """
    listener = _listen("127.0.0.1", 0)
    server = uvicorn.Server(_config(app or create_app(services)))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="server", daemon=True)
    thread.start()
    end = time.monotonic() + _START_S
    while not server.started:
        if time.monotonic() > end or not thread.is_alive():
            raise BackendError("the server did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(2 * _STOP_S)


def _config(app: FastAPI) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").addFilter(_is_no_refusal)
    return uvicorn.Config(
        app,
        log_level="warning",  # at "info" it writes tickets into the log
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,  # pictures are compressed already
        timeout_graceful_shutdown=_STOP_S,
        server_header=False,
    )


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """False for what uvicorn takes for an error: a WebSocket that was refused with a proper response."""
    return "without completing handshake" not in record.getMessage()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as exc:
        listener.close()
        raise BackendError(
            f"cannot listen on {host}, port {port}",
            got=exc.strerror or str(exc),
            hint="Choose another --port.",
        ) from exc
    return listener
