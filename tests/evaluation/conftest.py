"""A drawn face whose lips open by a known amount, and sentences with known phones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from chatanything.seeds import generator
from chatanything.types import Float32, TimedUnit, UInt8

SKIN, HAIR, LINE, LIPS, INSIDE = (228, 180, 150), (72, 48, 36), (70, 45, 40), (176, 82, 80), (60, 20, 22)
EYE_DISTANCE = 86.0  # outer corners, px of 256
SCALE = 2


def draw(opening: float) -> UInt8:
    """(256, 256, 3) picture of a face; opening in eye distances."""
    image = Image.new("RGB", (256 * SCALE, 256 * SCALE), (122, 150, 170))
    pen = ImageDraw.Draw(image)

    def oval(x: float, y: float, rx: float, ry: float, fill: tuple[int, int, int]) -> None:
        pen.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=fill)

    oval(128, 205, 26, 45, (205, 150, 122))
    oval(128, 110, 78, 96, HAIR)
    oval(128, 132, 66, 88, SKIN)
    oval(128, 62, 60, 26, HAIR)
    for x in (100, 156):
        oval(x, 118, 15, 9, (250, 248, 245))
        oval(x, 118, 7.5, 7.5, (80, 110, 120))
        oval(x, 118, 3.5, 3.5, (20, 15, 15))
        for top, width in ((106, 3), (92, 5)):
            box = [(x - 17) * SCALE, top * SCALE, (x + 17) * SCALE, (top + 25) * SCALE]
            pen.arc(box, 200, 340, fill=LINE, width=width * SCALE)
    oval(128, 153, 11, 6, (205, 150, 122))
    for x in (122, 134):
        oval(x, 156, 2.6, 2, (150, 95, 80))
    gap = opening * EYE_DISTANCE
    oval(128, 182, 26, 6.5 + gap / 2, LIPS)
    if gap > 0.5:
        oval(128, 182, 21, gap / 2, INSIDE)
    else:
        pen.line([106 * SCALE, 182 * SCALE, 150 * SCALE, 182 * SCALE], fill=(110, 45, 45), width=3)
    small = image.filter(ImageFilter.GaussianBlur(1.2 * SCALE)).resize((256, 256), Image.Resampling.LANCZOS)
    return np.asarray(small)


@pytest.fixture(scope="session")
def face() -> Callable[[float], UInt8]:
    """Draws the face; every opening is drawn once."""
    drawn: dict[int, UInt8] = {}

    def of(opening: float) -> UInt8:
        key = round(100 * opening)
        if key not in drawn:
            drawn[key] = draw(key / 100)
        return drawn[key]

    return of


def _sentence(seed: int) -> tuple[TimedUnit, ...]:
    """Four seconds of made-up speech with a pause in the middle and silence at both ends."""
    rng = generator(seed, "sentence")
    names = ("B", "M", "P", "S", "T", "K", "L", "AA", "EH", "OW", "IY", "AE", "AA", "AE")
    phones, now = [TimedUnit("SIL", "phone", 0.0, 0.3)], 0.3
    while now < 3.5:
        if len(phones) == 15:
            phones.append(TimedUnit("SIL", "phone", now, now + 0.5))
        else:
            length = float(rng.uniform(0.07, 0.16))
            phones.append(TimedUnit(str(rng.choice(names)), "phone", now, now + length))
        now = phones[-1].end_s
    return (*phones, TimedUnit("SIL", "phone", now, 4.0))


@pytest.fixture(scope="session")
def sentence() -> Callable[[int], tuple[TimedUnit, ...]]:
    """Phones by seed."""
    return _sentence


@pytest.fixture(scope="session")
def lips() -> Callable[[tuple[TimedUnit, ...], float, float], Float32]:
    """An animator of its own kind: phones, frames a second and delay in seconds to openings (T,)."""
    wide = {"AA": 0.22, "AE": 0.2, "EH": 0.15, "OW": 0.13, "IY": 0.08}

    def of(phones: tuple[TimedUnit, ...], fps: float, late_s: float) -> Float32:
        fine = np.arange(0, 4, 0.002)
        target = np.zeros(len(fine))
        for phone in phones:
            shut = phone.text in {"B", "M", "P", "SIL"}
            inside = (fine >= phone.start_s) & (fine < phone.end_s)
            target[inside] = 0.0 if shut else wide.get(phone.text, 0.07)
        smooth = np.convolve(target, np.hanning(35) / np.hanning(35).sum(), mode="same")
        times = np.arange(round(4 * fps)) / fps
        return np.interp(times - late_s, fine, smooth).astype(np.float32)

    return of
