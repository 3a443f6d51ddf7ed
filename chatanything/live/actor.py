"""The acting half of a live session: lines and idling become pictures on the session's clock."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from queue import Empty, Queue
from threading import Event as Flag
from typing import Final, Protocol

from chatanything.live.events import Event, Picture
from chatanything.live.parts import Line, LiveRenderer, Reply, Stages
from chatanything.live.priority import yield_to_others
from chatanything.live.stance import Stance, continued, stance_at, waiting
from chatanything.seeds import derive
from chatanything.types import Motion, Temperament

AHEAD_S: Final = 0.6
"""Pictures are handed out so long before their time."""
LATE_S: Final = 0.12
"""A picture that is later than this is left out."""
_MOST_STILL_S: Final = 0.5
"""A face stands still for so long at most before a late picture is drawn after all. It counts time, not
pictures: where one picture takes a second, drawing every fifth would fall ever farther behind the sound."""
IDLE_FPS: Final = 12.5
_AWAITED: Final = 3
"""One of so many idle pictures is drawn while somebody waits for an answer: its voice needs the processor."""
_PRESSED: Final = 12
"""One of so many is drawn while several sessions need the voice at once."""
_SPARING_S: Final = 0.25
"""Pictures are so far apart while the voice is behind: it needs the processor."""
_IDLE_S: Final = 2.0
"""Length of a stretch of idle motion."""
_MOST_FAILURES: Final = 3
"""Pictures in a row; after that the session ends."""
_TICK_S: Final = 0.01
_SOON_S: Final = 0.25
"""A line that begins so soon is worth stopping to idle."""

log = logging.getLogger(__name__)


class Scene(Protocol):
    """What the session shows its actor."""

    ready: Queue[Line]
    closing: Flag
    listening: Flag

    @property
    def now(self) -> float:
        """The session's clock in seconds."""

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for the first sound of an answer."""

    @property
    def is_short(self) -> bool:
        """Whether the sound in hand will soon be over and its reply goes on."""

    def hand_out(self, reply: Reply | None, events: Sequence[Event]) -> bool:
        """Give events to the audience unless their reply was interrupted; False then."""

    def finish(self, reply: Reply, at_s: float) -> None:
        """All of a reply was acted."""

    def give_up(self, message: str) -> None:
        """End the session, and say why."""

    def leave(self) -> None:
        """The last thing that happens in a session."""


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
        self._shown = -1.0
        """The time of the last picture."""
        self._drew_s = 0.0
        """When the last picture of a line was finished."""
        self._waiting: Line | None = None
        """The next line, whose time has not come."""

    def run(self) -> None:
        """Act until the session ends; the target of its thread."""
        yield_to_others()
        failures = 0
        while not self._scene.closing.is_set():
            try:
                self.act()
                failures = 0
            except Exception:
                log.exception("a picture broke down")
                failures += 1
            if failures >= _MOST_FAILURES:
                self._scene.give_up("the face cannot be drawn any more")
        self._scene.leave()

    def act(self) -> None:
        """One line that is due, or a stretch of idling that ends as soon as one is."""
        try:
            line = self._waiting or self._scene.ready.get_nowait()
        except Empty:
            self._idle()
            return
        self._waiting = line
        if line.reply.cancelled.is_set():
            self._waiting = None
        elif line.start_s > self._scene.now + _SOON_S:
            self._idle()
        else:
            self._waiting = None
            if line.motion is None:
                self._scene.finish(line.reply, line.start_s)
            else:
                self._perform(line, line.motion)

    def _is_called(self) -> bool:
        """Whether there is something else to do than to idle."""
        waiting = self._waiting
        if waiting is None:
            return not self._scene.ready.empty()
        return waiting.reply.cancelled.is_set() or waiting.start_s <= self._scene.now + _SOON_S

    def _idle(self) -> None:
        listening = self._scene.listening.is_set()
        seed = derive(self._seed, "idle", round(self._next * 1000))
        temperament = self._temperament
        motion = continued(
            waiting(temperament, seconds=_IDLE_S, fps=IDLE_FPS, seed=seed, listening=listening), self._stance
        )
        self._next = max(self._next, self._scene.now)
        for frame, pose in enumerate(self._renderer.patches.geometry.walk(motion)):
            while self._scene.now < self._next and not self._is_called() and not self._scene.closing.is_set():
                time.sleep(min(_TICK_S, max(0.0, self._next - self._scene.now)))
            interrupted = self._is_called() or self._scene.listening.is_set() is not listening
            if self._scene.closing.is_set() or (interrupted and frame):
                return
            if frame % self._spares() == 0:
                image = self._stages.draw(self._renderer, pose, motion.head[frame])
                self._scene.hand_out(None, [Picture(self._next, image, 0)])
                self._shown = self._next
            self._stance = stance_at(motion, frame)
            self._next = max(self._next + 1 / IDLE_FPS, self._scene.now - LATE_S)

    def _spares(self) -> int:
        """One of so many idle pictures is drawn now."""
        if self._stages.is_pressed:
            return _PRESSED
        return _AWAITED if self._scene.is_awaited else 1

    def _leaves_out(self, due: float) -> bool:
        """Whether a picture is better not drawn: it is late, or sound is more needed."""
        is_late = self._scene.now > due + LATE_S and self._scene.now < self._drew_s + _MOST_STILL_S
        is_needed = self._stages.is_pressed or self._scene.is_short
        return is_late or (is_needed and due < self._shown + _SPARING_S)

    def _perform(self, line: Line, motion: Motion) -> None:
        motion = continued(motion, self._stance)
        for frame, pose in enumerate(self._renderer.patches.geometry.walk(motion)):
            due = line.start_s + frame / self._fps
            while self._scene.now < due - AHEAD_S and not line.reply.cancelled.wait(_TICK_S):
                pass
            if line.reply.cancelled.is_set() or self._scene.closing.is_set():
                break
            self._stance = stance_at(motion, frame)
            if due <= self._shown or self._leaves_out(due):
                continue
            image = self._stages.draw(self._renderer, pose, motion.head[frame])
            self._drew_s, self._shown = self._scene.now, due
            if not self._scene.hand_out(line.reply, [Picture(due, image, line.reply.number)]):
                break
        else:
            self._next = line.start_s + len(motion) / self._fps
            return
        # What was drawn ahead was thrown away with the reply.
        self._next = self._shown = self._scene.now
