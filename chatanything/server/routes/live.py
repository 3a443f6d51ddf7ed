"""`/v1/live`: a conversation over a WebSocket, and tickets for browsers."""

from __future__ import annotations

import secrets
import time
from typing import Annotated, Final

from fastapi import APIRouter, Query, WebSocket
from fastapi.concurrency import run_in_threadpool

from chatanything.errors import ChatAnythingError
from chatanything.server import failures
from chatanything.server.access import TICKET_S
from chatanything.server.depends import Owner, Shared, authorised
from chatanything.server.failures import documented
from chatanything.server.live import LiveLink
from chatanything.server.schemas import Ticket
from chatanything.server.services import Services

router = APIRouter(prefix="/v1/live", tags=["live"])
SPEECH_RATE: Final = 24_000


@router.post("/tickets", responses=documented())
def ticket(services: Shared, owner: Owner) -> Ticket:
    """A ticket with which a browser, which must not know the key, opens one live session."""
    return Ticket(ticket=services.tickets.issue(owner), expires_in=int(TICKET_S))


@router.websocket("")
async def live(
    socket: WebSocket,
    persona: Annotated[str, Query(max_length=80)],
    ticket: Annotated[str, Query(max_length=80)] = "",
) -> None:
    """Talk to a persona; docs/SERVER.md has the messages."""
    services: Services = socket.app.state.services
    try:
        owner = _owner(socket, services, ticket)
        services.places.take(owner)
    except ChatAnythingError as exc:
        await socket.send_denial_response(failures.answer(exc))
        return
    try:
        await _converse(socket, services, owner, persona)
    finally:
        services.places.leave(owner)


def _owner(socket: WebSocket, services: Services, ticket: str) -> str:
    if ticket:
        return services.tickets.redeem(ticket)
    owner = authorised(services, socket.headers.get("authorization"), is_open=socket.app.state.is_open)
    services.rate.take(owner)
    return owner


async def _converse(socket: WebSocket, services: Services, owner: str, persona_id: str) -> None:
    try:
        persona = await run_in_threadpool(services.libraries.of(owner).load, persona_id)
        ear = await run_in_threadpool(services.ear)
        # Two visitors of one persona shall not see the same blinks.
        seed = secrets.randbelow(2**31)
        session = await run_in_threadpool(lambda: services.engine.open(persona, seed=seed))
    except ChatAnythingError as exc:
        await socket.send_denial_response(failures.answer(exc))
        return
    try:
        await socket.accept()
    except BaseException:
        await run_in_threadpool(session.close)
        raise
    services.metrics.sessions.inc()
    began = time.monotonic()
    try:
        await LiveLink(socket, session, ear, services.metrics).run(
            session=secrets.token_hex(8),
            persona={"id": persona_id, "name": persona.card.name},
            size=persona.portrait.image.shape[0],
            fps=services.engine.fps,
            sample_rate=SPEECH_RATE,
        )
    finally:
        services.metrics.sessions.dec()
        services.metrics.session_seconds.observe(time.monotonic() - began)
