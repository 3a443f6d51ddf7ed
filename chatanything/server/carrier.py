"""What carries a live session to its user."""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

from starlette.websockets import WebSocket

from chatanything.live.events import Event
from chatanything.server import wire

SEND_S: Final = 20.0
"""A connection that takes nothing for so long is dead."""


class Carrier(Protocol):
    """A connection; it raises OSError, TimeoutError or RuntimeError when it breaks."""

    async def carry(self, event: Event) -> None:
        """Bring an event of the session to the user."""

    async def tell(self, text: str) -> None:
        """Bring a text message to the user."""

    async def receive(self) -> str | bytes | None:
        """The user's next message, or microphone sound as PCM16; None when the user has gone."""

    async def close(self, code: int) -> None:
        """Hang up; the code is that of a WebSocket."""


class SocketCarrier:
    """Everything over one WebSocket.

    Args:
        socket: Accepted.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def carry(self, event: Event) -> None:
        """See `Carrier.carry`."""
        data = wire.encode(event)
        if isinstance(data, str):
            await self.tell(data)
        else:
            async with asyncio.timeout(SEND_S):
                await self._socket.send_bytes(data)

    async def tell(self, text: str) -> None:
        """See `Carrier.tell`."""
        async with asyncio.timeout(SEND_S):
            await self._socket.send_text(text)

    async def receive(self) -> str | bytes | None:
        """See `Carrier.receive`."""
        got = await self._socket.receive()
        if got["type"] == "websocket.disconnect":
            return None
        data: bytes | None = got.get("bytes")
        return data if data is not None else str(got.get("text") or "")

    async def close(self, code: int) -> None:
        """See `Carrier.close`."""
        await self._socket.close(code)
