"""What one writes and draws with: pencil, crayon."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import dressed, metal, plain
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.office import enamel
from chatanything.face.kit.params import Character


def pencil(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A stout pencil: sharpened tip above, ferrule and eraser below."""
    col, lead = (
        ("#f5b52e", "#3a3844"),
        ("#4a90d8", "#2f6cc0"),
        ("#e2574c", "#c8302c"),
        ("#5cae5c", "#2f8a40"),
    )[c.variant % 4]
    m = enamel(b, col, "skin", 0.45)
    wood = b.mat(material("#eec68c", "extra", "#c98f50", "wood", 5, 0.35, spec=0.1, wrap=0.5, rim=0.35))
    b.cylinder((0, -0.22, 0), 0.88, 0.80, 0.05, m)
    for i in range(8):
        a = i / 8 * math.tau
        at = (0.66 * math.sin(a), 0.73, 0.66 * math.cos(a))
        b.ellipsoid(at, (0.27, 0.32, 0.13), m, 0.02, R=rot(y=math.degrees(a)) @ rot(x=-38))
    b.ellipsoid((0, -0.26, 0.16), (0.72, 0.86, 0.78), m, 0.2)
    b.group()
    b.cone((0, 1.00, 0), 0.89, 0.20, 0.44, 0.04, wood)
    b.group()
    b.cone((0, 1.48, 0), 0.205, 0.03, 0.15, 0.03, plain(b, lead, 0.4))
    b.group()
    steel = metal(b, "#d8dde4")
    b.cylinder((0, -1.10, 0), 0.885, 0.13, 0.03, steel)
    b.torus((0, -1.05, 0), 0.89, 0.04, steel)
    b.torus((0, -1.16, 0), 0.89, 0.04, steel)
    b.group()
    b.cylinder((0, -1.30, 0), 0.85, 0.13, 0.10, plain(b, "#f08c98", 0.1))
    return dressed(m, col, 0.82, 0.0, lip=mix(col, "#a81830", 0.7), brow=mix(col, "#2a0c08", 0.78))


def crayon(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A wax crayon in its paper sleeve."""
    col = ("#e8493f", "#3f7fd8", "#4fae58", "#f4b52c")[c.variant % 4]
    paper = mix(col, "#fff4e0", 0.24)
    m = b.mat(material(paper, "skin", spec=0.12, gloss=12, wrap=0.5, rim=0.4, sss=(0.6, 0.5, 0.48)))
    wax = b.mat(
        material(col, "extra", mix(col, "#ffffff", 0.2), "mottle", 6, 0.3, spec=0.3, gloss=14, rim=0.4)
    )
    b.cylinder((0, -0.22, 0), 0.92, 0.94, 0.04, m)
    b.ellipsoid((0, -0.28, 0.17), (0.76, 0.88, 0.80), m, 0.2)
    b.group()
    b.cylinder((0, 0.80, 0), 0.84, 0.20, 0.06, wax)
    b.cone((0, 1.22, 0), 0.62, 0.28, 0.34, 0.12, wax, 0.04)
    b.group()
    b.cylinder((0, -1.22, 0), 0.84, 0.18, 0.08, wax)
    b.group()
    ink = plain(b, mix(col, "#140a18", 0.72), 0.1)
    for y in (0.58, -1.05):
        b.cylinder((0, y, 0), 0.935, 0.045, 0.01, ink)
    b.group()
    a = np.linspace(0, math.tau, 73)
    for y in (0.58, -1.05):
        b.tube(
            np.column_stack([0.92 * np.sin(a), y + 0.04 * np.sin(12 * a), 0.92 * np.cos(a), 0 * a + 0.035]),
            ink,
        )
    return dressed(m, paper, 0.82, 0.0, lip=mix(col, "#8c1030", 0.62), brow=mix(col, "#1c0a10", 0.76))


KINDS: Final = (
    Kind(
        "pencil",
        pencil,
        "office",
        names={"pen": 1, "colored pencil": 2, "coloured pencil": 2},
        meaning="something that one writes with: pencil, pen, ballpoint, quill, writing, eraser",
        colors={"yellow": 0, "blue": 1, "red": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "crayon",
        crayon,
        "office",
        names={"wax crayon": 0, "chalk": 3, "marker": 1, "highlighter": 3, "felt tip": 1},
        meaning="something that children draw with: crayon, wax, marker, chalk, colouring",
        colors={"red": 0, "blue": 1, "green": 2, "yellow": 3},
        own_top=True,
    ),
)
