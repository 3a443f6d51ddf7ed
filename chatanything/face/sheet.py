"""Contact sheets."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from chatanything.types import UInt8


def contact_sheet(images: Sequence[UInt8], columns: int = 0, gap: int = 4) -> UInt8:
    """Pictures of one size side by side on white.

    Args:
        images: (H, W, 3) uint8 RGB each.
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
    return sheet
