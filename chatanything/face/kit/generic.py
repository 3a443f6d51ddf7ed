"""Bodies for what the kit has no shape for: simple things and creatures of any colour and material."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character

TINTS: Final[Mapping[str, str]] = {
    "red": "#d8373f", "orange": "#ee8a2c", "yellow": "#f2c636", "green": "#58a44a", "teal": "#2f9a96",
    "turquoise": "#3fbcb8", "blue": "#3f78c8", "navy": "#3a4f86", "purple": "#8558b8", "violet": "#8a62cc",
    "pink": "#ee8fb4", "brown": "#96643e", "beige": "#e2cda6", "cream": "#f3e6c8", "white": "#eceae6",
    "grey": "#a3a7ad", "gray": "#a3a7ad", "black": "#4a4a54", "gold": "#e0ac3a", "golden": "#e0ac3a",
    "silver": "#bcc3cb",
}  # fmt: skip
"""Colour word -> colour; black is lighter than black, or the face would not be seen."""
STUFFS: Final[Mapping[str, Mapping[str, Any]]] = {
    "plastic": {"spec": 0.45, "gloss": 28},
    "wood": {"tex": "wood", "scale": 6, "amp": 0.45, "spec": 0.1, "color": "#a9743f"},
    "metal": {
        "tex": "brushed", "scale": 8, "amp": 0.2, "spec": 0.5, "gloss": 30, "metal": 0.35, "color": "#a9b4bf",
    },
    "stone": {"tex": "stone", "scale": 5, "amp": 0.4, "spec": 0.06, "color": "#9b978e"},
    "fabric": {"tex": "weave", "scale": 22, "amp": 0.25, "spec": 0.05},
    "glass": {"spec": 1.0, "gloss": 60, "glow": 0.06, "color": "#9fd3de"},
    "paper": {"tex": "mottle", "scale": 8, "amp": 0.1, "spec": 0.05, "color": "#f2e8d2"},
    "baked": {"tex": "mottle", "scale": 5, "amp": 0.5, "spec": 0.15, "color": "#d79a52"},
    "ice": {"spec": 0.8, "gloss": 40, "glow": 0.08, "color": "#bfe3f2"},
    "glow": {"spec": 0.2, "glow": 0.25, "color": "#f7cf4a"},
}  # fmt: skip
"""Material -> how it looks, with its own colour where it has one."""
_ANY: Final = ("#e0655a", "#5b8fd0", "#e8b23e", "#63a96a")


def coat(c: Character, part: str, shade: float = 0.0) -> tuple[Array, str]:
    """Material row and colour of a generic body; `shade` darkens it for secondary parts."""
    look = dict(STUFFS.get(c.stuff, STUFFS["plastic"]))
    own = look.pop("color", _ANY[c.variant % 4])
    color = mix(TINTS.get(c.tint, own), "#241408", shade)
    look = {"wrap": 0.48, "rim": 0.35, "sss": (0.55, 0.48, 0.42), **look}
    return material(color, part, mix(color, "#2a1408", 0.4), **look), color


def _host(m: int, col: str, scale: float, cy: float, side: float) -> Host:
    return Host(
        m, col, mix(col, "#8c1828", 0.58), mix(col, "#1c0e08", 0.78), scale, cy,
        "ball", mix(col, "#ffffff", 0.15), 1.15, 0.8, -0.05, blush=mix(col, "#f04848", 0.5), blush_a=0.4,
        side=side,
    )  # fmt: skip


def thing(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A thing: round, tall, boxy or flat by variant, in its colour and material."""
    row, col = coat(c, "skin")
    m = b.mat(row)
    trim = b.mat(coat(c, "extra", 0.45)[0])
    shape = c.variant % 4
    if shape == 0:
        b.ellipsoid((0, -0.05, 0), (1.2, 1.2, 1.05), m)
        b.group()
        b.torus((0, 1.1, -0.05), 0.2, 0.07, trim)
    elif shape == 1:
        b.cylinder((0, -0.35, -0.1), 1.0, 1.2, 0.35, m)
        b.ellipsoid((0, -0.1, 0.1), (0.9, 1.0, 0.9), m, 0.2)
        b.group()
        b.cylinder((0, 1.0, -0.1), 0.55, 0.16, 0.06, trim)
        b.cylinder((0, 1.28, -0.1), 0.36, 0.2, 0.06, m)
        b.torus((0, -1.35, -0.1), 1.0, 0.1, trim)
    elif shape == 2:
        b.box((0, -0.15, -0.2), (1.15, 1.2, 0.75), 0.22, m)
        b.ellipsoid((0, -0.1, 0.05), (0.95, 1.0, 0.82), m, 0.25)
        b.group()
        for s in (-1, 1):
            b.cylinder((s * 0.75, -1.42, -0.1), 0.16, 0.16, 0.05, trim)
        b.box((0, 1.12, -0.25), (0.5, 0.1, 0.3), 0.08, trim)
    else:
        b.cylinder((0, 0, -0.2), 1.38, 0.25, 0.2, m, R=rot(x=90))
        b.ellipsoid((0, -0.05, -0.05), (1.12, 1.12, 0.6), m, 0.2)
        b.group()
        b.torus((0, 0, -0.15), 1.36, 0.12, trim, R=rot(x=90))
    return _host(m, col, 1.02, 0.1, (1.1, 0.95, 1.1, 1.1)[shape])


def creature(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A creature: with feelers, fins, a shell or fur by variant."""
    shape = c.variant % 4
    row, col = coat(c, "skin")
    if shape == 3:
        row = fur(col)
    m, dark = b.mat(row), b.mat(coat(c, "extra", 0.35)[0])
    light = b.mat(material(mix(col, "#ffffff", 0.45), "extra", spec=0.25, wrap=0.5, rim=0.4))
    b.ellipsoid((0, -0.1, 0), (1.16, 1.1, 1.0), m)
    b.group()
    if shape == 0:  # wings and feelers
        for s in (-1, 1):
            b.tube(
                [[s * 0.3, 0.85, 0, 0.05], [s * 0.5, 1.25, 0.1, 0.045], [s * 0.75, 1.45, 0.15, 0.045]], dark
            )
            b.sphere((s * 0.78, 1.47, 0.15), 0.12, dark)
            b.ellipsoid((s * 1.3, 0.3, -0.45), (0.55, 0.36, 0.06), light, R=rot(z=-35 * s))
            b.ellipsoid((s * 1.2, -0.35, -0.45), (0.42, 0.28, 0.06), light, R=rot(z=25 * s))
    elif shape == 1:  # fins
        b.tube([[0, 0.9, -0.2, 0.35], [0.05, 1.25, -0.3, 0.22], [0.2, 1.55, -0.4, 0.04]], dark, 0.05, flat=3)
        for s in (-1, 1):
            fin = [[s * 1.0, -0.1, -0.1, 0.25], [s * 1.35, -0.25, -0.1, 0.2], [s * 1.55, -0.55, 0, 0.04]]
            b.tube(fin, dark, flat=2.4)
    elif shape == 2:  # shell and claws
        b.lumpy((0, 0.25, -0.65), (1.35, 1.2, 0.7), 4, 0.06, dark)
        for s in (-1, 1):
            b.sphere((s * 1.3, -0.7, 0.25), 0.3, dark)
            b.cone((s * 1.38, -0.4, 0.3), 0.14, 0.03, 0.2, 0.03, dark, R=rot(z=-20 * s))
            b.cone((s * 1.16, -0.42, 0.3), 0.12, 0.03, 0.18, 0.03, dark, R=rot(z=15 * s))
    else:  # small round ears
        for s in (-1, 1):
            b.sphere((s * 0.82, 0.82, -0.1), 0.32, dark)
            b.sphere((s * 0.84, 0.82, 0.1), 0.2, light)
        for i in range(5):
            a = math.radians(-30 + 15 * i)
            b.tube([[0.12 * (i - 2), 0.9, 0.1, 0.09], [0.5 * math.sin(a), 1.3, 0, 0.02]], dark)
    return _host(m, col, 1.02, 0.06, 1.05)


KINDS: Final = (
    Kind("thing", thing, "office", names={"object": None}, own_top=True),
    Kind("creature", creature, "animal", names={"beast": None, "critter": None}, own_top=True),
)
