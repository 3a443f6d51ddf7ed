"""The server as an ASGI app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from chatanything import __version__
from chatanything.server import failures
from chatanything.server.body_limit import BodyLimit
from chatanything.server.guard import LOOPBACK, Guard
from chatanything.server.metrics import CountRequests
from chatanything.server.routes import chat, health, live, memory, personas, rtc, speech, verify, videos
from chatanything.server.services import Services

_THREADS: Final = 64
_ABOUT: Final = (
    "Characters that answer in text, voice and talking video. docs/SERVER.md describes live sessions."
)


def create_app(services: Services, *, loopback: bool = True) -> FastAPI:
    """All routes over some services; the caller closes the services.

    Args:
        services: Models, libraries, jobs.
        loopback: Only this machine can reach the server: without keys the API is open then and wants to be
            called by a loopback name; otherwise it is closed without keys.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        # Ends of sessions and speech recognition wait in threads; the default handful would hold others up.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "server"))
        services.start()
        yield
        for task in app.state.running:
            task.cancel()
        await asyncio.gather(*app.state.running, return_exceptions=True)

    app = FastAPI(
        title="chatanything",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.services = services
    app.state.is_open = loopback
    app.state.running = set[asyncio.Task[None]]()
    failures.install(app)
    for module in (health, chat, speech, personas, memory, videos, verify, live, rtc):
        app.include_router(module.router)
    origins = services.config.allowed_origins
    if origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["*"], allow_headers=["*"]
        )
    hosts = LOOPBACK if loopback and not services.keys.needed else None
    app.add_middleware(BodyLimit, most=services.config.upload_mb * 1_000_000)
    app.add_middleware(Guard, origins=origins, hosts=hosts)
    app.add_middleware(CountRequests, metrics=services.metrics)
    return app
