"""`/v1/live`: a conversation over a WebSocket, and tickets for browsers."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket

from chatanything.errors import ChatAnythingError
from chatanything.server import failures
from chatanything.server.access import TICKET_S
from chatanything.server.carrier import SocketCarrier
from chatanything.server.depends import Owner, Shared, authorised
from chatanything.server.failures import documented
from chatanything.server.live import LiveLink
from chatanything.server.schemas import Ticket
from chatanything.server.services import Services
from chatanything.server.sessions import opened

router = APIRouter(prefix="/v1/live", tags=["live"])


@router.post("/tickets", responses=documented())
def ticket(services: Shared, owner: Owner) -> Ticket:
    """A ticket with which a browser, which must not know the key, opens one live session."""
    return Ticket(ticket=services.tickets.issue(owner), expires_in=int(TICKET_S))


@router.websocket("")
async def live(
    socket: WebSocket,
    persona: Annotated[str, Query(max_length=80)],
    ticket: Annotated[str, Query(max_length=80)] = "",
    user: Annotated[str, Query(max_length=80)] = "",
) -> None:
    """Talk to a persona; docs/SERVER.md has the messages."""
    services: Services = socket.app.state.services
    async with AsyncExitStack() as stack:
        try:
            owner = _owner(socket, services, ticket)
            session, ear, ready = await stack.enter_async_context(opened(services, owner, persona, user))
        except ChatAnythingError as exc:
            await socket.send_denial_response(failures.answer(exc))
            return
        await socket.accept()
        await LiveLink(SocketCarrier(socket), session, ear, services.metrics).run(**ready)


def _owner(socket: WebSocket, services: Services, ticket: str) -> str:
    if ticket:
        return services.tickets.redeem(ticket)
    owner = authorised(services, socket.headers.get("authorization"), is_open=socket.app.state.is_open)
    services.rate.take(owner)
    return owner
