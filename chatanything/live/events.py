"""What a live session tells its audience; every time is in seconds on the session's own clock."""

from __future__ import annotations

from dataclasses import dataclass

from chatanything.types import Emotion, Float32, UInt8


@dataclass(frozen=True, slots=True)
class Picture:
    """Show this from `at_s` on."""

    at_s: float
    image: UInt8
    """(H, W, 3) uint8 RGB."""
    reply: int
    """Number of the reply that it belongs to; 0 between replies."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Play this from `at_s` on; the sound of a sentence follows without a gap."""

    at_s: float
    samples: Float32
    """(n,) float32 mono."""
    sample_rate: int
    reply: int


@dataclass(frozen=True, slots=True)
class Caption:
    """A sentence begins."""

    at_s: float
    text: str
    emotion: Emotion
    reply: int


@dataclass(frozen=True, slots=True)
class ReplyDone:
    """Everything of a reply was handed out."""

    at_s: float
    text: str
    reply: int


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Throw away what is not played yet: the reply ends here."""

    at_s: float
    reply: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A reply broke down; the session goes on."""

    at_s: float
    message: str
    reply: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing comes any more."""

    at_s: float


Event = Picture | Sound | Caption | ReplyDone | Interrupted | Failed | Closed
