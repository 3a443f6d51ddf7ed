"""What a face engine hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatanything.types import Portrait, ReferenceSet


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A portrait with the references that the renderer needs."""

    portrait: Portrait
    references: ReferenceSet
    recipe: Mapping[str, Any]
    """JSON values from which the same engine draws the same face again."""
