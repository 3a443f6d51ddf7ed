"""`/v1/live`: a conversation over a WebSocket, and tickets for browsers."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket

from chatanything.errors import ChatAnythingError
from chatanything.server import failures
from chatanything.server.access import TICKET_S, Admission
from chatanything.server.carrier import SocketCarrier
from chatanything.server.depends import Owner, Shared, authorised
from chatanything.server.failures import documented
from chatanything.server.live import LiveLink
from chatanything.server.schemas import Ticket, TicketRequest
from chatanything.server.services import Services
from chatanything.server.sessions import opened

router = APIRouter(prefix="/v1/live", tags=["live"])


@router.post("/tickets", responses=documented())
def ticket(services: Shared, owner: Owner, asked: TicketRequest | None = None) -> Ticket:
    """A ticket with which a browser, which must not know the key, opens one live session."""
    wish = asked or TicketRequest()
    admission = Admission(owner, wish.persona or "", wish.user or "")
    return Ticket(ticket=services.tickets.issue(admission), expires_in=int(TICKET_S))


@router.websocket("")
async def live(
    socket: WebSocket,
    persona: Annotated[str, Query(max_length=80)] = "",
    ticket: Annotated[str, Query(max_length=80)] = "",
    user: Annotated[str, Query(max_length=80)] = "",
) -> None:
    """Talk to a persona; docs/SERVER.md has the messages."""
    services: Services = socket.app.state.services
    async with AsyncExitStack() as stack:
        try:
            let = _admission(socket, services, ticket, persona, user)
            place = opened(services, let.owner, let.persona, let.user)
            session, ear, ready = await stack.enter_async_context(place)
        except ChatAnythingError as exc:
            await socket.send_denial_response(failures.answer(exc))
            return
        await socket.accept()
        await LiveLink(SocketCarrier(socket), session, ear, services.metrics).run(**ready)


def _admission(socket: WebSocket, services: Services, ticket: str, persona: str, user: str) -> Admission:
    """Who comes: with a ticket whom it names; who has the key itself says so."""
    if ticket:
        return services.tickets.redeem(ticket, persona=persona, user=user)
    owner = authorised(services, socket.headers.get("authorization"), is_open=socket.app.state.is_open)
    services.rate.take(owner)
    return Admission(owner, persona, user)
