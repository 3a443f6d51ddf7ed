"""What all renderers share: patches of mouth and eyes are pasted into the portrait, then the head moves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Self

import numpy as np

from chatanything.lipsync.compose import HeadLayer
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import FacePatches, paste
from chatanything.lipsync.topology import OVAL
from chatanything.progress import Progress, silent
from chatanything.types import Float32, Frame, Motion, Portrait, ReferenceSet, UInt8


class PortraitRenderer(ABC):
    """Draws a motion from a portrait and its references.

    Args:
        portrait: The persona's face.
        references: Its mouth shapes and closed eyes.
    """

    def __init__(self, portrait: Portrait, references: ReferenceSet) -> None:
        self.patches = FacePatches(portrait, references)
        self._head = HeadLayer(portrait, self.patches.widest.landmarks[list(OVAL), :2])

    def frames(self, motion: Motion, progress: Progress = silent) -> Iterator[Frame]:
        """The finished pictures, one a frame of the motion."""
        for index, pose in enumerate(self.patches.geometry.walk(motion)):
            image = self.draw(pose, motion.head[index])
            progress("render", index + 1, len(motion))
            yield Frame(image, index)

    def draw(self, pose: Pose, head: Float32) -> UInt8:
        """One finished picture, (H, W, 3) uint8 RGB.

        Args:
            pose: From `patches.geometry.walk`.
            head: (6,) as in `Motion.head`.
        """
        return self._head.move(self.face(pose), head)

    @classmethod
    def draw_together(cls, jobs: Sequence[tuple[Self, Pose, Float32]]) -> list[UInt8]:
        """One picture each of several characters, as `draw` makes them.

        Args:
            jobs: Renderer, pose and head of each.
        """
        regions = cls.regions_of([(renderer, pose) for renderer, pose, _ in jobs])
        return [
            renderer._head.move(renderer._composed(*filled), head)
            for (renderer, _, head), filled in zip(jobs, regions, strict=True)
        ]

    @classmethod
    def regions_of(cls, jobs: Sequence[tuple[Self, Pose]]) -> list[tuple[Float32, Float32]]:
        """`regions` of several characters, for renderers that gain from drawing them together."""
        return [renderer.regions(pose) for renderer, pose in jobs]

    def face(self, pose: Pose) -> UInt8:
        """The animated face before the head moves, (H, W, 3) uint8 RGB."""
        return self._composed(*self.regions(pose))

    def _composed(self, mouth: Float32, eyes: Float32) -> UInt8:
        patches = self.patches
        image = patches.portrait.image.astype(np.float32)
        paste(image, mouth, patches.mouth_box, patches.mouth_alpha)
        paste(image, eyes, patches.eye_box, patches.eye_alpha)
        return np.asarray(np.clip(image + 0.5, 0, 255), np.uint8)

    @abstractmethod
    def regions(self, pose: Pose) -> tuple[Float32, Float32]:
        """What fills the boxes of the mouth and of the eyes, (h, w, 3) in 0..255 each."""
