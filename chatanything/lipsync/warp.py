"""The warp renderer: the nearest drawn mouth shapes, warped onto the target mesh."""

from __future__ import annotations

from typing import Final

from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import mixed
from chatanything.lipsync.renderer import PortraitRenderer
from chatanything.types import Float32

_SOURCES: Final = 2
"""How many mouth pictures are blended; more would show several rows of teeth."""


class WarpRenderer(PortraitRenderer):
    """Blends the nearest references; it cannot fail on any motion."""

    def regions(self, pose: Pose) -> tuple[Float32, Float32]:
        """See `PortraitRenderer.regions`."""
        return mixed(self.patches.mouth(pose, _SOURCES)[0]), mixed(self.patches.eyes(pose))
