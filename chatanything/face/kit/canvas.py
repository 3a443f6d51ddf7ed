"""A small picture to paint places on: flat shapes, lights out of focus, blur."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from chatanything.face.kit.materials import mix

EDGE: Final = 192
"""Pixels of a painted place; it is blurred over several of them."""
_BLUR: Final = 0.020
"""Standard deviation of the blur over the edge."""


@dataclass
class Canvas:
    """A picture to paint on; all coordinates 0..1, y down."""

    image: Image.Image
    rng: np.random.Generator

    def fade(self, top: str, bottom: str, y0: float = 0.0, y1: float = 1.0) -> None:
        """Fill the rows y0..y1 from one colour to another, and what is below with the latter."""
        low, high = int(y0 * EDGE), max(int(y0 * EDGE) + 1, int(y1 * EDGE))
        draw = ImageDraw.Draw(self.image)
        for y in range(low, high):
            draw.line([(0, y), (EDGE, y)], fill=mix(top, bottom, (y - low) / (high - low)))
        draw.rectangle([0, high, EDGE, EDGE], fill=bottom)

    def box(self, x0: float, y0: float, x1: float, y1: float, color: str) -> None:
        """A filled rectangle."""
        ImageDraw.Draw(self.image).rectangle([v * EDGE for v in (x0, y0, x1, y1)], fill=color)

    def disc(self, x: float, y: float, r: float, color: str, alpha: float = 1.0) -> None:
        """A filled circle, see-through below alpha 1."""
        layer = Image.new("L", self.image.size)
        ImageDraw.Draw(layer).ellipse(
            [(x - r) * EDGE, (y - r) * EDGE, (x + r) * EDGE, (y + r) * EDGE], fill=int(255 * alpha)
        )
        self.image.paste(color, mask=layer)

    def shape(self, points: list[tuple[float, float]], color: str) -> None:
        """A filled polygon."""
        ImageDraw.Draw(self.image).polygon([(x * EDGE, y * EDGE) for x, y in points], fill=color)

    def hills(self, y: float, height: float, color: str, waves: float = 2.0) -> None:
        """Everything below a rolling line."""
        phase = self.rng.uniform(0, math.tau)
        line = [(x / 40, y + height * math.sin(phase + x / 40 * waves * math.pi)) for x in range(41)]
        self.shape([*line, (1.0, 1.0), (0.0, 1.0)], color)

    def lights(self, count: int, box: tuple[float, float, float, float], colors: tuple[str, ...]) -> None:
        """Discs of light out of focus inside x0, y0, x1, y1."""
        for _ in range(count):
            x, y = self.rng.uniform(box[0], box[2]), self.rng.uniform(box[1], box[3])
            color = colors[int(self.rng.integers(len(colors)))]
            self.disc(x, y, self.rng.uniform(0.015, 0.05), color, self.rng.uniform(0.25, 0.6))

    def soften(self, amount: float = 1.0) -> None:
        """Blur what is painted so far; what follows stays crisper."""
        self.image.paste(self.image.filter(ImageFilter.GaussianBlur(_BLUR * EDGE * amount)))
