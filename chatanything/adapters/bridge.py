"""A live session as avatar frameworks want it: sound in, pictures and sound in step out, at a steady rate."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from chatanything.bundle import Persona
from chatanything.errors import BackendError
from chatanything.live.engine import LiveEngine
from chatanything.live.events import Closed, Event, Failed, Interrupted, Picture, ReplyDone, Sound
from chatanything.live.given import GivenSound, load_motion
from chatanything.live.session import LiveSession
from chatanything.types import Float32, UInt8

DELAY_S: Final = 0.25
"""Moments are handed out so long after their time: by then their picture is drawn."""
BURST_S: Final = 0.12
"""So much sound goes out at once when speech begins; it bridges uneven timing downstream."""
SILENT_S: Final = 0.5
"""An agent that sends nothing for so long has said what it wanted, whether it tells so or not."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is seen and heard in one frame's time."""

    at_s: float
    """When it ends, on the session's clock."""
    image: UInt8
    """(H, W, 3) uint8 RGB; the same array as before where nothing new was drawn."""
    is_new: bool
    """Whether `image` was not in the moment before."""
    sound: Float32
    """(n,) float32 mono; empty when nothing is said."""
    sample_rate: int
    """Hertz of `sound`."""
    done: tuple[int, ...] = ()
    """Numbers of the replies that are over with this moment, said to the end or not."""
    failed: tuple[str, ...] = ()
    """What broke down; the session goes on."""


class Bridge:
    """Carries an agent's sound to a character and the character back; use it in one event loop.

    Args:
        session: Closed by `close`.
    """

    def __init__(self, session: LiveSession) -> None:
        self.session = session
        self._feeding: GivenSound | None = None
        self._fed_s = 0.0
        """When sound came last."""
        self._number = 0
        self._sounds: deque[Sound] = deque()
        self._pictures: deque[Picture] = deque()
        self._ends: deque[tuple[float, int]] = deque()
        self._failed: list[str] = []
        self._is_over = False

    @classmethod
    async def open(cls, engine: LiveEngine, persona: Persona, *, seed: int | None = None) -> Self:
        """Start a session and load what it needs to play sound.

        Args:
            engine: Stays open.
            persona: Who speaks.
            seed: As for `LiveEngine.open`.

        Raises:
            ChatAnythingError: The session cannot be opened.
        """
        await asyncio.to_thread(load_motion, engine.config.motion)
        opening = asyncio.ensure_future(asyncio.to_thread(engine.open, persona, seed=seed))
        try:
            return cls(await asyncio.shield(opening))
        except asyncio.CancelledError:
            # A thread cannot be stopped: its session is closed as soon as it is there.
            await asyncio.to_thread((await opening).close)
            raise

    def feed(self, samples: Float32, sample_rate: int) -> int:
        """More of what the agent says.

        Args:
            samples: (n,) float32 mono in -1..1.
            sample_rate: Hertz.

        Returns:
            The number of the reply that it belongs to.

        Raises:
            UsageError: The session has ended, the rate cannot be used, or too much waits.
        """
        if self._feeding is not None and self._feeding.sample_rate != sample_rate:
            self.finish()
        if self._feeding is None:
            sound = GivenSound(sample_rate)
            self._number = self.session.play(sound)
            self._feeding = sound
        self._feeding.feed(samples)
        self._fed_s = self.session.now
        return self._number

    def finish(self) -> int:
        """The agent has said all of it; what comes next is another reply.

        Returns:
            The number of the reply; 0 if none was begun.
        """
        if self._feeding is None:
            return 0
        self._feeding.end()
        self._feeding = None
        return self._number

    def interrupt(self) -> None:
        """Be quiet at once."""
        self.finish()
        self.session.interrupt()
        self._collect()
        # A reply that was handed out to its end is over for the session, but was not heard yet.
        for reply in {sound.reply for sound in self._sounds}:
            self._drop(reply)
        self._ends = deque((-math.inf, reply) for _, reply in self._ends)

    async def close(self) -> None:
        """End the session."""
        self.finish()
        await asyncio.to_thread(self.session.close)

    async def moments(self) -> AsyncIterator[Moment]:
        """What is seen and heard, frame by frame in real time, until the session ends.

        The rate is the session's `fps`, from its first picture on; where drawing is slow, a picture stays.
        """
        step = 1 / self.session.fps
        played = self.session.now - DELAY_S
        shown: UInt8 | None = None
        while True:
            self._collect()
            if self.session.now > self._fed_s + SILENT_S:
                self.finish()
            ahead = BURST_S if self._sounds and self._sounds[0].at_s < played + step else 0.0
            wait = played + step - (self.session.now - DELAY_S + ahead)
            await asyncio.sleep(max(0.0, wait))
            self._collect()
            if self._is_over:
                return
            played = self._caught_up(played, step)
            image = self._picture(played, shown)
            is_new, shown = image is not shown, image
            if image is None:
                continue
            sound, rate = self._heard(played)
            failed, self._failed = tuple(self._failed), []
            yield Moment(played, image, is_new, sound, rate, self._finished(played), failed)

    def _caught_up(self, played: float, step: float) -> float:
        """The end of the next moment; it jumps when the loop was held up while nothing was said."""
        late = self.session.now - DELAY_S - played
        return played + (step if self._sounds or late < 5 * step else late)

    # ------------------------------------------------------------------ what the session hands out

    def _collect(self) -> None:
        while (event := self.session.outbox.get(0)) is not None:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Picture():
                self._pictures.append(event)
            case Sound():
                self._sounds.append(event)
            case ReplyDone():
                self._ends.append((event.at_s, event.reply))
            case Interrupted():
                self._drop(event.reply)
                self._ends.append((event.at_s - DELAY_S, event.reply))
            case Failed():
                self._drop(event.reply)
                self._failed.append(event.message)
                self._ends.append((event.at_s - DELAY_S, event.reply))
            case Closed():
                self._is_over = True

    def _drop(self, reply: int) -> None:
        self._sounds = deque(sound for sound in self._sounds if sound.reply != reply)
        self._pictures = deque(picture for picture in self._pictures if picture.reply != reply)

    def _picture(self, until_s: float, image: UInt8 | None) -> UInt8 | None:
        """The newest picture whose time has come, or the one before."""
        while self._pictures and self._pictures[0].at_s < until_s:
            image = self._pictures.popleft().image
        return image

    def _heard(self, until_s: float) -> tuple[Float32, int]:
        """All sound before a time; one rate at once."""
        parts: list[Float32] = []
        rate = self._sounds[0].sample_rate if self._sounds else 0
        while self._sounds and self._sounds[0].at_s < until_s and self._sounds[0].sample_rate == rate:
            piece = self._sounds.popleft()
            count = min(len(piece.samples), max(1, round((until_s - piece.at_s) * rate)))
            parts.append(piece.samples[:count])
            if count < len(piece.samples):
                rest = Sound(piece.at_s + count / rate, piece.samples[count:], rate, piece.reply)
                self._sounds.appendleft(rest)
        return (np.concatenate(parts), rate) if parts else (np.zeros(0, np.float32), 0)

    def _finished(self, until_s: float) -> tuple[int, ...]:
        over = tuple(reply for at_s, reply in self._ends if at_s <= until_s and not self._has_sound(reply))
        self._ends = deque(end for end in self._ends if end[1] not in over)
        return over

    def _has_sound(self, reply: int) -> bool:
        return any(sound.reply == reply for sound in self._sounds)


def missing(framework: str, exc: ImportError) -> BackendError:
    """The error for a framework that is not installed; its extra has the framework's name."""
    return BackendError(
        f"{framework} cannot be loaded",
        got=str(exc),
        hint=f'Install with: pip install "chatanything[{framework}]"',
    )
