"""Where a hat sits."""

from __future__ import annotations

from dataclasses import dataclass

from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder


@dataclass(frozen=True, slots=True)
class Crown:
    """Where a hat sits."""

    b: SceneBuilder
    h: Host
    m: int
    """Material in the hat's colour."""
    color: str
    y: float
    radius: float
    z: float
    human: bool
    variant: int = 0
    """0..3."""
