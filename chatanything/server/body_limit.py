"""Requests that are too large are refused before they are read, or as soon as they are."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatanything.server.failures import failed


class BodyLimit:
    """Middleware that lets no body of more than so many bytes through.

    Args:
        app: The rest of the server.
        most: Bytes.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        message = f"the request is too large, expected at most {self._most} bytes"
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._most:
            await failed(413, f"{message}.", "invalid_request_error")(scope, receive, send)
            return
        left = self._most

        async def counted() -> Message:
            nonlocal left
            part = await receive()
            left -= len(part.get("body", b""))
            if left < 0:
                raise HTTPException(413, message)
            return part

        await self._app(scope, counted, send)
