"""What is asked of a face model, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from chatanything.types import Float32, UInt8

BASE: Final = 256
"""Edge of templates and of the portraits' landmarks, in pixels."""


@dataclass(frozen=True, slots=True)
class Request:
    """One portrait that is asked for."""

    text: str
    """The description; empty for none."""
    points: Float32 | None
    """(maps.POINTS, 2) px in a picture of 256 px; None leaves the place of the face open."""
    expert: int | None
    """Number of the expert; None for none."""
    seed: int
    template: UInt8 | None = None
    """(256, 256, 3) RGB from which sampling starts, once noised."""
    strength: float = 1.0
    """How much noise the template gets, 0..1; 1 starts from noise alone."""
    kept: UInt8 | None = None
    """(256, 256, 3) RGB of which the cells that are not hidden stay."""
    hidden: Float32 | None = None
    """(16, 16) 1 in the cells that are drawn anew; None, with no picture kept, draws all."""


class FaceModel(Protocol):
    """Anything that draws portraits for requests."""

    def __call__(
        self, requests: Sequence[Request], *, steps: int, guidance_scale: float, size: int
    ) -> list[UInt8]:
        """Draw a batch; every portrait depends on its own request only.

        Args:
            requests: All of the same strength; either all or none with hidden cells.
            steps: Evaluations of the network for every portrait (twice with guidance).
            guidance_scale: How far words count beyond their weight in training (Ho, Salimans 2022); 1 is
                off.
            size: Edge in pixels, 256 or 512.

        Returns:
            (size, size, 3) uint8 RGB each.
        """
