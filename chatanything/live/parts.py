"""What passes between the threads of a live session, and what it asks of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Protocol

from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import FacePatches
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import Said
from chatanything.types import Delivery, Float32, Motion, Speech, UInt8, VoiceChoice


class LiveRenderer(Protocol):
    """What a renderer has to offer."""

    patches: FacePatches

    def draw(self, pose: Pose, head: Float32) -> UInt8:
        """One finished picture, (H, W, 3) uint8 RGB."""


class Stages(Protocol):
    """What a session asks of its engine; each call waits for its turn."""

    def prepare(self, card: PersonaCard) -> None:
        """Read the character before the first question comes."""

    def answer(self, card: PersonaCard, history: Sequence[Said], said: str, *, seed: int) -> Iterator[str]:
        """The character's answer, piece by piece."""

    def speak(self, text: str, voice: VoiceChoice, delivery: Delivery, seed: int) -> Speech:
        """One sentence as sound."""

    def draw(self, renderer: LiveRenderer, pose: Pose, head: Float32) -> UInt8:
        """One picture."""


@dataclass(slots=True)
class Reply:
    """An answer on its way."""

    number: int
    said: str
    verbatim: bool
    """Say `said` itself instead of answering it."""
    cancelled: Flag = field(default_factory=Flag)
    handed_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that is ready to be acted; without speech, the end of its reply."""

    reply: Reply
    text: str
    delivery: Delivery = field(default_factory=Delivery)
    speech: Speech | None = None
    motion: Motion | None = None
