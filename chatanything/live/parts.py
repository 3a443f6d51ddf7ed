"""What passes between the threads of a live session, and what it asks of others."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Any, Protocol

from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import FacePatches
from chatanything.live.given import GivenSound
from chatanything.live.pacing import Pacer
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said
from chatanything.types import Delivery, Float32, Motion, Speech, UInt8, VoiceChoice


class LiveRenderer(Protocol):
    """What a renderer has to offer."""

    patches: FacePatches

    def draw(self, pose: Pose, head: Float32) -> UInt8:
        """One finished picture, (H, W, 3) uint8 RGB."""

    @classmethod
    def draw_together(cls, jobs: Sequence[tuple[Any, Pose, Float32]]) -> list[UInt8]:
        """`draw` for several characters of this renderer."""


class Stages(Protocol):
    """What a session asks of its engine; each call waits for its turn."""

    pacer: Pacer

    @property
    def is_pressed(self) -> bool:
        """Whether several sessions need the voice at once, so that everything else should give way."""

    def prepare(
        self,
        card: PersonaCard,
        history: Sequence[Said] = (),
        *,
        memory: Recollection = NOTHING,
        wanted: Callable[[], bool],
    ) -> None:
        """Read character and conversation before the next question, unless that is not wanted any more."""

    def answer(
        self,
        card: PersonaCard,
        history: Sequence[Said],
        said: str,
        *,
        memory: Recollection,
        seed: int,
        wanted: Callable[[], bool],
    ) -> Generator[str, None, None]:
        """The character's answer, clause by clause; none if it is not wanted any more at its turn."""

    def speak(
        self,
        text: str,
        voice: VoiceChoice,
        delivery: Delivery,
        seed: int,
        *,
        lead_s: float,
        due_s: float,
        begun: bool,
        wanted: Callable[[], bool],
    ) -> Speech | None:
        """One sentence as sound, with silence before it; None if it is not wanted any more at its turn.

        Turns go to those who are heard already (`begun`), and to the one whose sound runs out first: `due_s`
        of `time.monotonic`; for others that is when they were asked.
        """

    def draw(self, renderer: LiveRenderer, pose: Pose, head: Float32) -> UInt8:
        """One picture."""


@dataclass(slots=True)
class Reply:
    """An answer on its way."""

    number: int
    said: str
    verbatim: bool
    """Say `said` itself instead of answering it."""
    sound: GivenSound | None = None
    """Play this instead of speaking."""
    cancelled: Flag = field(default_factory=Flag)
    handed_out: list[tuple[float, str]] = field(default_factory=list)
    """Sentences whose sound was handed out, and when they begin."""
    is_made: bool = False
    """All of its sound was made."""

    def is_heard(self, now_s: float) -> bool:
        """Whether its first word has begun."""
        return bool(self.handed_out) and self.handed_out[0][0] <= now_s

    @property
    def key(self) -> int:
        """Tells replies of all sessions apart."""
        return id(self)

    @property
    def text(self) -> str:
        """What was handed out of it."""
        return " ".join(text for _, text in self.handed_out)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence whose sound was handed out, to be acted; without motion, the end of its reply."""

    reply: Reply
    start_s: float
    """When its sound begins."""
    motion: Motion | None = None
