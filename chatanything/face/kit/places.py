"""Places that a character may be seen in, as paintings of a few shapes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from chatanything.face.kit.canvas import Canvas
from chatanything.face.kit.materials import mix


@dataclass(frozen=True)
class Place:
    """How a place is painted and lit."""

    paint: Callable[[Canvas], None]
    key: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Colour of the main light, a factor on daylight."""


def _lighthouse(p: Canvas) -> None:
    p.fade("#f6c79a", "#9cc6d8", 0, 0.55)
    p.disc(0.8, 0.36, 0.09, "#fff0c8")
    p.fade("#5f9fb5", "#2f6a86", 0.55, 1)
    p.soften()
    p.shape([(0.0, 0.5), (0.16, 0.46), (0.34, 0.62), (0.42, 1.0), (0.0, 1.0)], "#6b5a52")
    p.shape([(0.09, 0.5), (0.115, 0.12), (0.195, 0.12), (0.22, 0.5)], "#f4efe6")
    for y in (0.2, 0.34):
        p.box(0.1, y, 0.21, y + 0.065, "#c8423a")
    p.box(0.115, 0.055, 0.195, 0.12, "#ffdf80")
    p.shape([(0.1, 0.055), (0.155, 0.0), (0.21, 0.055)], "#8e2f2c")
    p.soften(0.5)


def _harbour(p: Canvas) -> None:
    p.fade("#8fd0ee", "#d9f0f2", 0, 0.5)
    p.fade("#3f9ab0", "#1f6f8c", 0.5, 1)
    for x, color in ((0.12, "#d8584a"), (0.84, "#3a63a8")):
        p.shape([(x - 0.12, 0.52), (x + 0.12, 0.52), (x + 0.08, 0.6), (x - 0.08, 0.6)], color)
        p.shape([(x, 0.1), (x, 0.5), (x + 0.11, 0.5)], "#f7f3ea")
    p.soften()
    p.lights(16, (0, 0.55, 1, 1), ("#d8f4ff", "#ffffff"))


def _kitchen(p: Canvas) -> None:
    p.fade("#f7e3c4", "#eec99a")
    p.box(0.62, 0.06, 0.98, 0.44, "#fffbe6")
    p.box(0.79, 0.06, 0.81, 0.44, "#c99a6a")
    p.box(0.0, 0.30, 0.42, 0.335, "#a8703f")
    for i, color in enumerate(("#c84f3a", "#e9b13c", "#4f8f6a", "#e8e0d0", "#5b86b8")):
        p.box(0.03 + 0.075 * i, 0.2 - 0.02 * (i % 2), 0.085 + 0.075 * i, 0.3, color)
    p.box(0.0, 0.7, 1.0, 1.0, "#b9794a")
    p.box(0.0, 0.68, 1.0, 0.72, "#8a5530")
    p.soften()
    p.lights(5, (0, 0.04, 0.5, 0.2), ("#ffe3a0",))


def _office(p: Canvas) -> None:
    p.fade("#dfe6ea", "#b9c4cc")
    p.box(0.04, 0.06, 0.44, 0.5, "#f4fbff")
    for i in range(7):
        p.box(0.04, 0.08 + 0.06 * i, 0.44, 0.095 + 0.06 * i, "#a9bccb")
    for row in range(3):
        p.box(0.64, 0.2 + 0.2 * row, 0.99, 0.22 + 0.2 * row, "#7c5b43")
        for i in range(6):
            color = ("#c9503f", "#3f6fa5", "#e0b04a", "#5b8a63", "#8a6aa8", "#d9d4c8")[(i + row) % 6]
            p.box(0.65 + 0.055 * i, 0.08 + 0.2 * row, 0.69 + 0.055 * i, 0.2 + 0.2 * row, color)
    p.box(0, 0.82, 1, 1, "#8f7660")
    p.soften()


def _library(p: Canvas) -> None:
    p.fade("#5a3a26", "#3c2618")
    colors = ("#8e3b32", "#2f5a78", "#b98a3c", "#43684a", "#6b4a7c", "#c9b48a")
    for row in range(5):
        for i in range(15):
            height = 0.11 + 0.03 * float(p.rng.uniform())
            base = 0.17 + 0.2 * row
            x = 0.01 + 0.066 * i
            p.box(x, base - height, x + 0.052, base, colors[int(p.rng.integers(6))])
        p.box(0, 0.17 + 0.2 * row, 1, 0.195 + 0.2 * row, "#7a4f30")
    p.soften()
    p.lights(4, (0.05, 0.05, 0.95, 0.4), ("#ffcf80",))


def _forest(p: Canvas) -> None:
    p.fade("#d8efb0", "#4f7f48")
    for x, width, color in ((0.08, 0.07, "#5d4a36"), (0.3, 0.035, "#76664c"), (0.7, 0.04, "#6f5f46")):
        p.box(x, 0, x + width, 1, color)
    p.box(0.88, 0, 0.97, 1, "#4f3f2e")
    p.hills(0.86, 0.03, "#3f6a34")
    p.soften()
    p.lights(26, (0, 0, 1, 0.6), ("#f4ffc0", "#b8e07a", "#8fc860"))


def _garden(p: Canvas) -> None:
    p.fade("#bfe6fa", "#e9f7e0", 0, 0.45)
    p.hills(0.42, 0.03, "#6fae52", 3)
    p.hills(0.62, 0.02, "#4f9140", 2)
    p.soften()
    p.lights(34, (0, 0.5, 1, 1), ("#f06a8a", "#f7c948", "#ffffff", "#b06fd0", "#f08a4a"))


def _meadow(p: Canvas) -> None:
    p.fade("#7cc4f2", "#e4f5fb", 0, 0.6)
    for x, y in ((0.18, 0.16), (0.3, 0.19), (0.78, 0.12), (0.88, 0.15)):
        p.disc(x, y, 0.08, "#ffffff", 0.85)
    p.hills(0.58, 0.05, "#8cc45c", 1.5)
    p.hills(0.74, 0.04, "#63a544", 2.2)
    p.soften()


def _beach(p: Canvas) -> None:
    p.fade("#6fc3f0", "#dff3f7", 0, 0.5)
    p.fade("#2f9fc0", "#7fd6d2", 0.5, 0.7)
    p.fade("#f4dca4", "#e3bd7c", 0.7, 1)
    p.shape([(0.9, 0.75), (0.86, 0.3), (0.89, 0.3), (0.95, 0.75)], "#8a6238")
    for a in range(7):
        angle = math.pi * (0.05 + 0.15 * a)
        tip = (0.875 - 0.26 * math.cos(angle), 0.3 - 0.14 * math.sin(angle) + 0.05)
        p.shape([(0.875, 0.28), tip, (0.875, 0.32)], "#3f8a46")
    p.soften()


def _city(p: Canvas) -> None:
    p.fade("#3a3f78", "#f0a07a", 0, 0.7)
    p.box(0, 0.7, 1, 1, "#262a48")
    for i in range(9):
        top = 0.25 + 0.3 * float(p.rng.uniform())
        p.box(0.11 * i, top, 0.11 * i + 0.1, 1, mix("#2a2f58", "#4c4a72", float(p.rng.uniform())))
    p.soften()
    p.lights(38, (0, 0.4, 1, 1), ("#ffd27a", "#ff9a5a", "#fff0c0", "#8fc8ff"))


def _night(p: Canvas) -> None:
    p.fade("#141a40", "#3f4a8a")
    p.disc(0.8, 0.18, 0.09, "#f7f0d0")
    p.soften()
    for _ in range(50):
        x, y = p.rng.uniform(0, 1, 2)
        p.disc(float(x), float(y), 0.006, "#ffffff", 0.8)
    p.hills(0.85, 0.04, "#1a2140", 2)


def _space(p: Canvas) -> None:
    p.fade("#120a2c", "#2c1450")
    p.disc(0.2, 0.3, 0.24, "#7a3a9a", 0.35)
    p.disc(0.75, 0.7, 0.3, "#2a5aa8", 0.35)
    p.soften(3)
    p.disc(0.86, 0.2, 0.12, "#e09a5a")
    p.disc(0.84, 0.18, 0.1, "#f0b87a", 0.7)
    for _ in range(60):
        x, y = p.rng.uniform(0, 1, 2)
        p.disc(float(x), float(y), 0.005, "#ffffff", 0.9)


def _stage(p: Canvas) -> None:
    for i in range(14):
        p.box(i / 14, 0, (i + 0.55) / 14, 1, "#a3182a")
        p.box((i + 0.55) / 14, 0, (i + 1) / 14, 1, "#6a0c1c")
    p.soften()
    p.shape([(0.3, 0), (0.42, 0), (0.8, 1), (0.1, 1)], "#c43a48")
    p.box(0, 0.88, 1, 1, "#5a341e")
    p.soften(1.6)
    p.lights(5, (0.1, 0.0, 0.9, 0.08), ("#fff2c0",))


def _classroom(p: Canvas) -> None:
    p.fade("#f4ead2", "#e6d3ae")
    p.box(0.06, 0.1, 0.94, 0.66, "#9a6a40")
    p.box(0.08, 0.12, 0.92, 0.64, "#2f5a48")
    for x0, x1, y in ((0.12, 0.3, 0.2), (0.12, 0.25, 0.27), (0.7, 0.88, 0.22), (0.74, 0.86, 0.3)):
        p.box(x0, y, x1, y + 0.015, "#dcebe0")
    p.box(0, 0.84, 1, 1, "#b98a5a")
    p.soften(0.8)


def _workshop(p: Canvas) -> None:
    p.fade("#b9895c", "#8a5c38")
    for i, color in enumerate(("#c8403a", "#4a5a6a", "#e0a030", "#4a5a6a", "#3f7fb0", "#8a8f96")):
        x = 0.05 + 0.16 * i
        p.box(x, 0.12, x + 0.03, 0.34, color)
        p.box(x - 0.025, 0.1, x + 0.055, 0.15, "#5a6068")
    p.box(0, 0.74, 1, 0.8, "#5c3a22")
    p.box(0, 0.8, 1, 1, "#6f4a2c")
    p.soften()


def _living_room(p: Canvas) -> None:
    p.fade("#e9d3c4", "#d3ac98")
    p.box(0.08, 0.12, 0.32, 0.38, "#8a5a3a")
    p.box(0.1, 0.14, 0.3, 0.36, "#8fb8c8")
    p.shape([(0.74, 0.34), (0.8, 0.16), (0.92, 0.16), (0.98, 0.34)], "#ffe6a8")
    p.box(0.85, 0.34, 0.87, 0.8, "#7a5538")
    p.box(0.0, 0.66, 0.5, 1, "#5f8a86")
    p.soften()
    p.disc(0.86, 0.26, 0.16, "#fff0c0", 0.4)
    p.soften()


def _snow(p: Canvas) -> None:
    p.fade("#b4cfe8", "#eef5fb", 0, 0.6)
    p.hills(0.56, 0.06, "#d3e2f0", 1.5)
    for x in (0.08, 0.2, 0.82, 0.94):
        p.shape([(x - 0.08, 0.68), (x, 0.26), (x + 0.08, 0.68)], "#4f7a74")
    p.hills(0.72, 0.03, "#f7fbff", 2)
    p.soften()
    p.lights(30, (0, 0, 1, 1), ("#ffffff",))


def _autumn(p: Canvas) -> None:
    p.fade("#f7dca8", "#e8a55a", 0, 0.7)
    p.hills(0.7, 0.03, "#a8622e", 2)
    for x in (0.1, 0.86):
        p.box(x, 0.3, x + 0.05, 0.8, "#5a3f2c")
    p.soften()
    p.lights(46, (0, 0, 1, 0.6), ("#e8742a", "#f0b030", "#c8432a", "#f7d060"))


def _spring(p: Canvas) -> None:
    p.fade("#bfe3f7", "#eef7f0")
    p.shape([(0, 0.3), (0.4, 0.16), (0.4, 0.18), (0, 0.36)], "#6a4a3c")
    p.shape([(1, 0.22), (0.66, 0.1), (0.66, 0.12), (1, 0.28)], "#6a4a3c")
    p.hills(0.84, 0.02, "#9cce7a", 2)
    p.soften()
    p.lights(50, (0, 0, 1, 0.5), ("#f9b8cc", "#fbd3e0", "#ffffff", "#f090b0"))


def _castle(p: Canvas) -> None:
    p.fade("#6a6470", "#46424e")
    for row in range(8):
        for i in range(6):
            x = (i + 0.5 * (row % 2)) / 5.5 - 0.08
            shade = mix("#7a7480", "#565260", float(p.rng.uniform()))
            p.box(x, row / 8 + 0.008, x + 0.165, (row + 1) / 8 - 0.008, shade)
    p.soften()
    for x in (0.1, 0.9):
        p.disc(x, 0.3, 0.14, "#ff9a3a", 0.35)
        p.disc(x, 0.3, 0.06, "#ffd27a", 0.9)
    p.soften()


def _underwater(p: Canvas) -> None:
    p.fade("#5fd0e0", "#0f4a80")
    for x in (0.15, 0.5, 0.8):
        p.shape([(x, 0), (x + 0.08, 0), (x - 0.06, 1), (x - 0.22, 1)], "#7fdce6")
    p.soften(2.4)
    p.hills(0.92, 0.03, "#2a6a78", 3)
    p.soften()
    p.lights(24, (0, 0.1, 1, 1), ("#d0fbff", "#8fe6f0"))


def _desert(p: Canvas) -> None:
    p.fade("#f7b27a", "#fbe3b8", 0, 0.6)
    p.disc(0.2, 0.3, 0.1, "#fff3d0")
    p.hills(0.6, 0.05, "#e0a05a", 1.5)
    p.hills(0.78, 0.04, "#c8803f", 2)
    p.soften()


PLACES: Final[Mapping[str, Place]] = {
    "lighthouse": Place(_lighthouse, (1.06, 0.98, 0.90)),
    "harbour": Place(_harbour),
    "kitchen": Place(_kitchen, (1.05, 0.99, 0.92)),
    "office": Place(_office, (0.98, 1.0, 1.03)),
    "library": Place(_library, (1.06, 0.97, 0.86)),
    "forest": Place(_forest, (0.99, 1.03, 0.92)),
    "garden": Place(_garden),
    "meadow": Place(_meadow),
    "beach": Place(_beach, (1.05, 1.0, 0.94)),
    "city": Place(_city, (1.04, 0.95, 0.95)),
    "night sky": Place(_night, (0.82, 0.90, 1.12)),
    "space": Place(_space, (0.88, 0.90, 1.10)),
    "stage": Place(_stage, (1.10, 1.02, 0.92)),
    "classroom": Place(_classroom),
    "workshop": Place(_workshop, (1.05, 0.98, 0.88)),
    "living room": Place(_living_room, (1.06, 0.98, 0.90)),
    "snow": Place(_snow, (0.95, 1.0, 1.07)),
    "autumn": Place(_autumn, (1.08, 0.98, 0.86)),
    "spring": Place(_spring, (1.03, 0.99, 0.99)),
    "castle": Place(_castle, (1.05, 0.93, 0.82)),
    "underwater": Place(_underwater, (0.86, 1.0, 1.10)),
    "desert": Place(_desert, (1.10, 0.99, 0.86)),
}
"""Name -> place."""
