"""What is seen behind a character, and the light that it casts.

A place is painted once at a small size and blurred, as a wide aperture would do; the renderer reads it
bilinearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.canvas import EDGE, Canvas
from chatanything.face.kit.materials import lin
from chatanything.face.kit.params import BACKGROUNDS
from chatanything.face.kit.places import PLACES


@dataclass(frozen=True)
class Backdrop:
    """A finished place."""

    pixels: Array
    """(n, n, 3) linear RGB."""
    top: Array
    """(3,) linear mean of the upper third: what lights from above."""
    bottom: Array
    """(3,) linear mean of the lower third."""
    key: tuple[float, float, float]
    """Colour of the main light, a factor on daylight."""


@lru_cache(maxsize=32)
def backdrop(name: str) -> Backdrop:
    """A place or a plain wall by name; the same name gives the same picture.

    Raises:
        KeyError: There is no such place.
    """
    if name in BACKGROUNDS:
        return _studio(*BACKGROUNDS[name])
    place = PLACES[name]
    canvas = Canvas(Image.new("RGB", (EDGE, EDGE)), np.random.default_rng(sum(name.encode())))
    place.paint(canvas)
    canvas.soften(0.55)
    codes = np.asarray(canvas.image, np.float64) / 255
    pixels = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    third = EDGE // 3
    return Backdrop(pixels, pixels[:third].mean((0, 1)), pixels[-third:].mean((0, 1)), place.key)


def _studio(top: str, bottom: str) -> Backdrop:
    """A plain wall between two colours, with a soft glow behind the head."""
    a, b = lin(top) ** 1.15 * 1.12, lin(bottom) ** 1.15 * 1.12  # the tone curve greys the wall a little
    y, x = 1 - 2 * (np.mgrid[0:64, 0:64] + 0.5) / 64
    rows = np.clip(0.5 + 0.5 * y, 0, 1)[..., None]
    glow = np.clip(1 - 0.55 * ((-x + 0.15) ** 2 + (y - 0.25) ** 2), 0, 1)[..., None] ** 2
    return Backdrop(a * rows + b * (1 - rows) + 0.22 * glow, lin(top), lin(bottom), (1.0, 1.0, 1.0))
