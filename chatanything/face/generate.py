"""What a face engine hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatanything.types import Float32, Portrait, ReferenceSet, UInt8


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
