"""Opens a live session for a caller, and sees to it that it ends."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi.concurrency import run_in_threadpool

from chatanything.live.session import LiveSession
from chatanything.live.sound import SPEECH_RATE
from chatanything.persona.memory.memory import Memory
from chatanything.server.ear import Ear
from chatanything.server.services import Services

Opened = tuple[LiveSession, Ear | None, dict[str, Any]]


@asynccontextmanager
async def opened(services: Services, owner: str, persona_id: str, user: str = "") -> AsyncIterator[Opened]:
    """A session that runs while the block does.

    Args:
        services: Models, libraries, figures.
        owner: Whose persona, and whose place.
        persona_id: Who is talked to.
        user: Whom it shall remember among the owner's users; "" remembers nothing.

    Yields:
        The session, what understands its microphone, and the fields of its "ready" message.

    Raises:
        TooManyError: The owner has enough sessions.
        NotFoundError: There is no such persona.
        UsageError: The server has enough sessions.
        BackendError: The models cannot be loaded.
        OutputError: The memory cannot be used.
    """
    services.places.take(owner)
    session: LiveSession | None = None
    memory: Memory | None = None
    try:
        persona = await run_in_threadpool(services.libraries.of(owner).load, persona_id)
        ear = await run_in_threadpool(services.ear)
        # Two visitors of one persona shall not see the same blinks.
        seed = secrets.randbelow(2**31)
        if user:
            memory = await run_in_threadpool(services.memory, owner, persona_id, persona.card.name, user)
        session = await run_in_threadpool(lambda: services.engine.open(persona, seed=seed, memory=memory))
        services.metrics.sessions.inc()
        began = time.monotonic()
        try:
            yield (
                session,
                ear,
                {
                    "session": secrets.token_hex(8),
                    "persona": {"id": persona_id, "name": persona.card.name},
                    "size": persona.portrait.image.shape[0],
                    "fps": services.engine.fps,
                    "sample_rate": SPEECH_RATE,
                },
            )
        finally:
            services.metrics.sessions.dec()
            services.metrics.session_seconds.observe(time.monotonic() - began)
    finally:
        try:
            if session is not None:
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(session.close)
            elif memory is not None:
                memory.close()
        finally:
            services.places.leave(owner)
