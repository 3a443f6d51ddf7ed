"""`/v1/rtc`: a conversation over WebRTC, where aiortc is installed."""

from __future__ import annotations

import asyncio
import importlib.util
import secrets
from contextlib import AsyncExitStack
from typing import Final

from fastapi import APIRouter, Request

from chatanything.errors import BackendError
from chatanything.server.depends import Owner, Shared
from chatanything.server.failures import documented
from chatanything.server.live import LiveLink
from chatanything.server.schemas import RtcAnswer, RtcOffer
from chatanything.server.sessions import opened

router = APIRouter(prefix="/v1/rtc", tags=["live"])
INSTALLED: Final = importlib.util.find_spec("aiortc") is not None


@router.post("", responses=documented(404, 503))
async def offer(asked: RtcOffer, request: Request, services: Shared, owner: Owner) -> RtcAnswer:
    """Answer a browser's offer; the face and the voice come as tracks, messages over a data channel."""
    if not INSTALLED:
        raise BackendError(
            "this server has no WebRTC", hint='Install it there: pip install "chatanything[rtc]"'
        )
    from chatanything.server.rtc import RtcCarrier

    async with AsyncExitStack() as stack:
        place = opened(services, owner, asked.persona, asked.user or "")
        session, ear, ready = await stack.enter_async_context(place)
        carrier = RtcCarrier(session, services.config.ice_servers)
        answer = await carrier.answer(asked.sdp)
        stack.push_async_callback(carrier.close)
        held = stack.pop_all()  # from here on the conversation holds it

    async def run() -> None:
        async with held:
            await LiveLink(carrier, session, ear, services.metrics).run(**ready)

    task = asyncio.create_task(run(), name=f"rtc {secrets.token_hex(4)}")
    running: set[asyncio.Task[None]] = request.app.state.running
    running.add(task)
    task.add_done_callback(running.discard)
    return RtcAnswer(sdp=answer)
