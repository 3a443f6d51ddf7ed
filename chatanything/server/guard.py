"""Keeps web pages from elsewhere away: CORS is closed unless a setting opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from chatanything.server.failures import failed

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Guard:
    """Middleware against requests that a foreign page makes a visitor's browser send.

    A browser names the page in `Origin`; WebSockets know no CORS, so it is checked for them too. A server
    without keys also wants to be called by a loopback name, or a page could reach it under its own name
    that it points to 127.0.0.1 (DNS rebinding).

    Args:
        app: The rest of the server.
        origins: Pages from elsewhere that are welcome.
        hosts: Names under which the server may be called; None takes any.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str], hosts: Sequence[str] | None) -> None:
        self._app = app
        self._origins = frozenset(origin.rstrip("/") for origin in origins)
        self._hosts = frozenset(hosts) if hosts is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        reason = self._wrong(scope) if scope["type"] in ("http", "websocket") else ""
        if not reason:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": reason[:120]})
        else:
            await failed(403, reason, "permission_error")(scope, receive, send)

    def _wrong(self, scope: Scope) -> str:
        """Why a request is refused; empty if it is not."""
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if self._hosts is not None and _name(host) not in self._hosts:
            return f"the server is not called {host!r}, expected {' or '.join(sorted(self._hosts))}."
        origin = headers.get(b"origin", b"").decode("latin-1").rstrip("/")
        if not origin or origin in self._origins or urlsplit(origin).netloc == host:
            return ""
        return f"pages of {origin} may not use this server. Add them to the setting allowed_origins."


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets; empty for one that is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
