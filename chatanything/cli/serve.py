"""`chatanything serve`: the HTTP and WebSocket server."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import require
from chatanything.errors import UsageError

_NEEDED = ("fastapi", "uvicorn", "websockets", "multipart", "prometheus_client")


def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    llm: options.Llm = None,
    size: options.Size = None,
) -> None:
    """Serve personas over HTTP and WebSockets; docs/SERVER.md has the routes."""
    require(_NEEDED, "the server", extra="server")
    from chatanything.server.guard import LOOPBACK
    from chatanything.server.running import serve_app
    from chatanything.server.services import Services

    with Services(llm=llm, size=size) as services:
        if host not in LOOPBACK and not services.keys.needed:
            raise UsageError(
                f"a server on {host} can be reached by others, so it needs API keys",
                hint='Set them: CHATANYTHING_API_KEYS=\'{"me": "a key of 16 characters or more"}\'.',
            )
        logging.getLogger("chatanything.server.running").setLevel(logging.INFO)  # it says where it listens
        serve_app(services, host=host, port=port)
