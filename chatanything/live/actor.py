"""The acting half of a live session: lines and idling become pictures and sound on the session's clock."""

from __future__ import annotations

import time
from collections.abc import Sequence
from queue import Empty, Queue
from threading import Event as Flag
from typing import Final, Protocol

import numpy as np

from chatanything.live.events import Caption, Event, Picture, Sound
from chatanything.live.parts import Line, LiveRenderer, Reply, Stages
from chatanything.live.stance import Stance, continued, stance_at, waiting
from chatanything.seeds import derive
from chatanything.types import Motion, Speech, Temperament

AHEAD_S: Final = 0.6
"""So much sound and pictures are handed out before their time."""
LEAD_S: Final = 0.12
"""Time between the decision to speak and the first sound."""
SOUND_S: Final = 0.2
"""Length of a piece of sound."""
LATE_S: Final = 0.12
"""A picture that is later than this is left out."""
_MOST_SKIPPED: Final = 4
"""Pictures left out in a row at most, so that a face never stands still for long."""
IDLE_FPS: Final = 12.5
_IDLE_S: Final = 2.0
"""Length of a stretch of idle motion."""
_TICK_S: Final = 0.01


class Scene(Protocol):
    """What the session shows its actor."""

    ready: Queue[Line]
    closing: Flag
    listening: Flag

    @property
    def now(self) -> float:
        """The session's clock in seconds."""

    def hand_out(self, reply: Reply | None, events: Sequence[Event]) -> bool:
        """Give events to the audience unless their reply was interrupted; False then."""

    def finish(self, reply: Reply, at_s: float) -> None:
        """All of a reply was acted."""


class Actor:
    """Draws one character.

    Args:
        scene: The session.
        stages: Draws, when it is this session's turn.
        renderer: Made for the persona.
        temperament: How it behaves.
        fps: Pictures a second while it talks.
        seed: Of its idling.
    """

    def __init__(
        self,
        scene: Scene,
        stages: Stages,
        renderer: LiveRenderer,
        *,
        temperament: Temperament,
        fps: float,
        seed: int,
    ) -> None:
        self._scene, self._stages, self._renderer = scene, stages, renderer
        self._temperament, self._fps, self._seed = temperament, fps, seed
        self._stance: Stance | None = None
        self._next = 0.0
        """When the next picture is due."""

    def act(self) -> None:
        """One line that is ready, or a stretch of idling that ends as soon as one is."""
        try:
            line = self._scene.ready.get_nowait()
        except Empty:
            self._idle()
            return
        if line.reply.cancelled.is_set():
            return
        if line.speech is None or line.motion is None:
            self._scene.finish(line.reply, self._next)
        else:
            self._perform(line, line.speech, line.motion)

    def _idle(self) -> None:
        listening = self._scene.listening.is_set()
        seed = derive(self._seed, "idle", round(self._next * 1000))
        temperament = self._temperament
        motion = continued(
            waiting(temperament, seconds=_IDLE_S, fps=IDLE_FPS, seed=seed, listening=listening), self._stance
        )
        self._next = max(self._next, self._scene.now)
        for frame, pose in enumerate(self._renderer.patches.geometry.walk(motion)):
            while (
                self._scene.now < self._next
                and self._scene.ready.empty()
                and not self._scene.closing.is_set()
            ):
                time.sleep(min(0.01, max(0.0, self._next - self._scene.now)))
            interrupted = not self._scene.ready.empty() or self._scene.listening.is_set() is not listening
            if self._scene.closing.is_set() or (interrupted and frame):
                return
            image = self._stages.draw(self._renderer, pose, motion.head[frame])
            self._scene.hand_out(None, [Picture(self._next, image, 0)])
            self._stance = stance_at(motion, frame)
            self._next = max(self._next + 1 / IDLE_FPS, self._scene.now - LATE_S)

    def _perform(self, line: Line, speech: Speech, motion: Motion) -> None:
        motion = continued(motion, self._stance)
        start = max(self._next, self._scene.now + LEAD_S)
        sound = _SoundTrack(speech, start, len(motion) / self._fps, line.reply.number)
        line.reply.handed_out.append(line.text)
        self._scene.hand_out(
            line.reply, [Caption(start, line.text, line.delivery.emotion, line.reply.number)]
        )
        skipped = 0
        for frame, pose in enumerate(self._renderer.patches.geometry.walk(motion)):
            due = start + frame / self._fps
            while self._scene.now < due - AHEAD_S and not line.reply.cancelled.wait(0.005):
                pass
            if not self._scene.hand_out(line.reply, sound.until(self._scene.now + AHEAD_S)):
                break
            self._stance = stance_at(motion, frame)
            if self._scene.now > due + LATE_S and skipped < _MOST_SKIPPED:
                skipped += 1
                continue
            skipped = 0
            image = self._stages.draw(self._renderer, pose, motion.head[frame])
            if not self._scene.hand_out(line.reply, [Picture(due, image, line.reply.number)]):
                break
        else:
            self._scene.hand_out(line.reply, sound.until(float("inf")))
            self._next = start + len(motion) / self._fps
            return
        self._next = self._scene.now


class _SoundTrack:
    """The sound of one line in pieces, each handed out once."""

    def __init__(self, speech: Speech, start_s: float, seconds: float, reply: int) -> None:
        rate = speech.sample_rate
        missing = max(0, round(seconds * rate) - len(speech.samples))
        self._samples = np.pad(speech.samples, (0, missing))
        self._rate, self._start, self._reply = rate, start_s, reply
        self._done = 0

    def until(self, clock_s: float) -> list[Sound]:
        """The pieces that begin before a time and were not given yet."""
        out = []
        step = round(SOUND_S * self._rate)
        while self._done < len(self._samples) and self._start + self._done / self._rate < clock_s:
            part = self._samples[self._done : self._done + step]
            out.append(Sound(self._start + self._done / self._rate, part, self._rate, self._reply))
            self._done += len(part)
        return out
