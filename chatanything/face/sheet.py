"""Contact sheets."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from chatanything.types import UInt8


def contact_sheet(
    images: Sequence[UInt8], labels: Sequence[str] = (), columns: int = 0, gap: int = 4
) -> UInt8:
    """Pictures of one size side by side on white.

    Args:
        images: (H, W, 3) uint8 RGB each.
        labels: Written into the lower left corner of each; none if empty.
        columns: How many in a row; 0 makes the sheet about as wide as high.
        gap: Pixels between pictures.
    """
    columns = columns or math.ceil(math.sqrt(len(images)))
    rows = math.ceil(len(images) / columns)
    height, width = images[0].shape[:2]
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 255, np.uint8)
    for number, image in enumerate(images):
        y, x = number // columns * (height + gap), number % columns * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return _labelled(sheet, labels, columns, height + gap, width + gap) if labels else sheet


def _labelled(sheet: UInt8, labels: Sequence[str], columns: int, down: int, across: int) -> UInt8:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.fromarray(sheet)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(max(10, down // 14))
    for number, label in enumerate(labels):
        corner = (number % columns * across + 6, (number // columns + 1) * down - 10)
        draw.text(corner, label, "white", font, anchor="ls", stroke_width=2, stroke_fill="black")
    return np.asarray(picture)
