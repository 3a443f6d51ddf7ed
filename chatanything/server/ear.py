"""The microphone of one live session: voice activity, then speech recognition."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
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
        self._waiting: asyncio.Queue[tuple[VoiceActivity, Float32]] = asyncio.Queue(_MOST_WAITING)

    def switch(self, *, on: bool, sample_rate: int) -> None:
        """Sound follows, or no more of it."""
        self._rate = sample_rate
        self._activity = VoiceActivity(sample_rate) if on else None

    def feed(self, data: bytes) -> None:
        """A piece of sound.

        Raises:
            UsageError: The microphone is off, or the piece cannot be used.
        """
        if self._activity is None:
            raise UsageError("sound came before the microphone was switched on")
        piece = wire.samples_of(data, self._rate)
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait((self._activity, piece))

    async def listen(self, session: LiveSession, tell: Tell) -> None:
        """Work on what was fed, for ever.

        Args:
            session: Listens while somebody speaks.
            tell: Awaited with "listening" and whether somebody speaks, and with "heard" and the words.
        """
        while True:
            activity, piece = await self._waiting.get()
            for event in await asyncio.to_thread(activity.feed, piece):
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
