"""What is remembered, as plain records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the user said about himself, in his own words."""

    id: int
    text: str
    """What holds now."""
    since_s: float
    """When it was said, seconds since 1970."""
    was: str = ""
    """What it took the place of."""
    why: str = ""
    """The reason that the user gave for the change."""
    edited: bool = False
    """Whether the user wrote it by hand; such a statement is not replaced by what is heard later."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One conversation in at most twenty words."""

    id: int
    ended_s: float
    """Seconds since 1970."""
    summary: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation that was not summed up yet."""

    id: int
    at_s: float
    """Seconds since 1970."""
    role: Literal["user", "assistant"]
    text: str


def quoted(statement: Statement) -> str:
    """A statement in quotation marks: they are the user's own words."""
    return f'"{statement.text}"'


def told(statement: Statement) -> str:
    """A statement with what it replaced, for a reader or a model."""
    before = f" (Before: {statement.was.rstrip('.')}.)" if statement.was else ""
    return f"{quoted(statement)}{before}"
