"""The microphone of one live session: voice activity, then speech recognition."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.hearing.activity import RATE, Ended, Started, VoiceActivity
from chatanything.hearing.recognizer import Recognizer
from chatanything.live.session import LiveSession
from chatanything.server import wire
from chatanything.types import Float32

_MOST_WAITING: Final = 200
"""Pieces of sound that wait to be listened to; beyond it the oldest is lost."""

log = logging.getLogger(__name__)
Tell = Callable[[str, bool | str], Awaitable[None]]


class Ear:
    """Listens while the microphone is on.

    Args:
        recognizer: Shared by all sessions.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._rate = RATE
        self._activity: VoiceActivity | None = None
        self._waiting: asyncio.Queue[tuple[VoiceActivity, Float32] | None] = asyncio.Queue(_MOST_WAITING)
        """Sound with who follows it; None where the microphone was switched off."""

    def switch(self, *, on: bool, sample_rate: int) -> None:
        """Sound follows, or no more of it; what came before is still listened to, and ends there."""
        before, self._activity = self._activity, VoiceActivity(sample_rate) if on else None
        self._rate = sample_rate
        if before is not None:
            self._put(None)

    def feed(self, data: bytes) -> None:
        """A piece of sound.

        Raises:
            UsageError: The microphone is off, or the piece cannot be used.
        """
        if self._activity is None:
            raise UsageError("sound came before the microphone was switched on")
        self._put((self._activity, wire.samples_of(data, self._rate)))

    def _put(self, fed: tuple[VoiceActivity, Float32] | None) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(fed)

    async def listen(self, session: LiveSession, tell: Tell) -> None:
        """Work on what was fed, for ever.

        Args:
            session: Listens while somebody speaks.
            tell: Awaited with "listening" and whether somebody speaks, and with "heard" and the words.
        """
        heard: VoiceActivity | None = None
        while True:
            fed = await self._waiting.get()
            # Where its end was lost with the oldest sound, the next sound is followed by somebody else.
            if heard is not None and (fed is None or fed[0] is not heard):
                await self._follow(heard.end, session, tell)
                session.listen(on=False)
                heard = None
            if fed is not None:
                heard, piece = fed
                await self._follow(partial(heard.feed, piece), session, tell)

    async def _follow(
        self, work: Callable[[], list[Started | Ended]], session: LiveSession, tell: Tell
    ) -> None:
        for event in await asyncio.to_thread(work):
            speaking = isinstance(event, Started)
            session.listen(on=speaking)
            await tell("listening", speaking)
            if isinstance(event, Ended):
                words = await self._understand(event.samples)
                if words:
                    await tell("heard", words)

    async def _understand(self, samples: Float32) -> str:
        try:
            return await asyncio.to_thread(self._recognizer.transcribe, samples, RATE)
        except ChatAnythingError as exc:
            log.warning("what was said could not be recognised: %s", exc)
            return ""
