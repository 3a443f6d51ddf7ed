"""A live session over a connection: events out as they come, messages of the user in."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from starlette.websockets import WebSocketDisconnect

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.live.events import Closed, Event, Failed, Interrupted, Picture, ReplyDone, Sound
from chatanything.live.session import LiveSession
from chatanything.server import wire
from chatanything.server.access import RateLimit, TooManyError
from chatanything.server.carrier import Carrier
from chatanything.server.ear import Ear
from chatanything.server.metrics import Metrics

MESSAGES_A_MINUTE: Final = 6000
"""Of one session: sound in pieces of 20 ms makes half of it."""
_STALE_S: Final = 0.5
"""A picture so much too late is not worth its bytes."""
_ONLY: Final = "only"

log = logging.getLogger(__name__)


class LiveLink:
    """Carries one session over one connection.

    Args:
        carrier: The connection.
        session: Started; whoever opened it closes it.
        ear: Understands the microphone; None if nothing can.
        metrics: Counts.
    """

    def __init__(self, carrier: Carrier, session: LiveSession, ear: Ear | None, metrics: Metrics) -> None:
        self._carrier, self._session, self._ear, self._metrics = carrier, session, ear, metrics
        self._limit = RateLimit(MESSAGES_A_MINUTE)
        self._asked: dict[int, float] = {}
        """Replies whose first sound has not come, and when they were asked for."""

    async def run(self, **ready: object) -> None:
        """Serve until either side ends it.

        Args:
            ready: Fields of the first message.
        """
        loop = asyncio.get_running_loop()
        wake = asyncio.Event()
        self._session.outbox.attach(lambda: loop.call_soon_threadsafe(wake.set))
        await self._tell("ready", clock_s=self._session.now, hearing=self._ear is not None, **ready)
        tasks = [asyncio.create_task(self._send_events(wake)), asyncio.create_task(self._receive())]
        if self._ear is not None:
            tasks.append(asyncio.create_task(self._ear.listen(self._session, self._hear)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (WebSocketDisconnect, TimeoutError, RuntimeError, OSError):
            log.debug("a connection ended", exc_info=True)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._session.outbox.attach(None)

    # ------------------------------------------------------------------ to the user

    async def _send_events(self, wake: asyncio.Event) -> None:
        outbox = self._session.outbox
        while True:
            event = outbox.get(0)
            if event is None:
                await wake.wait()
                wake.clear()
                continue
            if isinstance(event, Picture) and event.at_s < self._session.now - _STALE_S:
                self._metrics.pictures.labels("stale").inc()
                continue
            await self._carrier.carry(event)
            self._count(event)
            if isinstance(event, Closed):
                return

    async def _tell(self, kind: str, **fields: object) -> None:
        await self._carrier.tell(wire.message(kind, **fields))

    def _count(self, event: Event) -> None:
        metrics = self._metrics
        if isinstance(event, Picture):
            metrics.pictures.labels("sent").inc()
        elif isinstance(event, Sound):
            asked = self._asked.pop(event.reply, None)
            if asked is not None:
                metrics.first_sound.observe(time.monotonic() - asked)
        elif isinstance(event, ReplyDone | Interrupted | Failed):
            self._asked.pop(event.reply, None)
            metrics.replies.labels(wire.NAMES[type(event)]).inc()

    # ------------------------------------------------------------------ from the user

    async def _receive(self) -> None:
        while True:
            got = await self._carrier.receive()
            if got is None:
                return
            try:
                self._limit.take(_ONLY)
                if isinstance(got, bytes):
                    self._sound(got)
                else:
                    await self._obey(wire.parse(got))
            except TooManyError as exc:
                await self._tell("error", message=str(exc))
                await self._carrier.close(1008)
                return
            except ChatAnythingError as exc:
                await self._tell("error", message=str(exc))

    def _sound(self, data: bytes) -> None:
        if self._ear is None:
            raise UsageError(
                "this server cannot hear", hint='Install it there: pip install "chatanything[hearing]"'
            )
        self._ear.feed(data)

    async def _obey(self, asked: wire.Asked) -> None:
        session = self._session
        match asked:
            case wire.Say():
                await self._ask(asked.text, verbatim=False)
            case wire.Perform():
                await self._ask(asked.text or session.persona.card.greeting or "Hello.", verbatim=True)
            case wire.Interrupt():
                session.interrupt()
            case wire.Microphone():
                if self._ear is None:
                    self._sound(b"")
                else:
                    self._ear.switch(on=asked.on, sample_rate=asked.sample_rate)
            case wire.Ping():
                await self._tell("pong", id=asked.id, clock_s=session.now)

    async def _ask(self, text: str, *, verbatim: bool) -> None:
        number = self._session.perform(text) if verbatim else self._session.say(text)
        self._asked = {number: time.monotonic()}
        await self._tell("accepted", reply=number, text=text)

    async def _hear(self, kind: str, value: bool | str) -> None:
        """What the ear noticed: somebody speaks or stopped, or what was understood."""
        if kind == "listening":
            await self._tell("listening", on=value)
        else:
            await self._tell("heard", text=value)
            try:
                await self._ask(str(value), verbatim=False)
            except ChatAnythingError as exc:
                await self._tell("error", message=str(exc))
