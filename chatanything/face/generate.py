"""What a face engine does, and what it hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chatanything.progress import Progress
from chatanything.types import Float32, LookBrief, Portrait, ReferenceSet, UInt8


@dataclass(frozen=True, slots=True)
class Draft:
    """One shot at a face, before any check."""

    image: UInt8
    """(H, W, 3) uint8 RGB."""
    requested: Mapping[int, Float32]
    """Landmark number -> (2,) px: where lips, eyes and irises were asked to be."""


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A portrait with the references that the renderer needs."""

    portrait: Portrait
    references: ReferenceSet
    recipe: Mapping[str, Any]
    """JSON values from which the same engine draws the same face again."""
    engine: str
    """Name of the face engine that drew it, which may have stood in for another."""


class FaceEngine(Protocol):
    """Draws faces of briefs; the same brief and seed give the same pictures."""

    def portrait(self, look: LookBrief, *, size: int, seed: int, progress: Progress = ...) -> DrawnFace:
        """A face that was checked, with references."""

    def preview(self, look: LookBrief, *, size: int, seed: int) -> Portrait:
        """The same face without references."""

    def draft(self, look: LookBrief, *, size: int, seed: int, plain: bool = False) -> Draft:
        """One shot at a face, unchecked; plain leaves guidance out, where the engine can."""

    def redraw(self, recipe: Mapping[str, Any], *, size: int) -> DrawnFace:
        """The same face again from its recipe."""
