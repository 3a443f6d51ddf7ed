"""Neck, shoulders and what they wear; they do not turn with the head."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit import outfits
from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.outfits import Torso
from chatanything.face.kit.params import CLOTH_COLORS, Character
from chatanything.face.kit.people import youth

_OUTFITS: Final[Mapping[str, Callable[[Torso], None]]] = {
    "plain": outfits.plain,
    "sweater": outfits.sweater,
    "shirt": outfits.shirt,
    "suit": outfits.suit,
    "hoodie": outfits.hoodie,
    "dress": outfits.dress,
    "uniform": outfits.uniform,
    "lab coat": outfits.coat,
    "apron": outfits.apron,
    "scarf": outfits.scarf,
}


def add_shoulders(b: SceneBuilder, c: Character, h: Host) -> None:
    """Neck, torso and outfit."""
    b.joint = "body"
    b.group()
    col = CLOTH_COLORS[c.cloth]
    knit = c.outfit in ("sweater", "scarf")
    cm = b.mat(
        material(
            col,
            "clothes",
            mix(col, "#000000", 0.15),
            "weave",
            45 if knit else 60,
            0.12 if knit else 0.05,
            spec=0.05,
            gloss=8,
            wrap=0.45,
            rim=0.3,
            sss=(0.4, 0.4, 0.4),
        )
    )
    human, k = c.kind in ("human", "alien"), youth(c)
    dy = 0.13 * k if human else 0.24
    neck = 0.33 if c.gender != "woman" else 0.28
    neck = (neck + 0.07 * max(0.0, c.build) + 0.03 * min(0.0, c.build)) * (1 - 0.14 * k)
    b.tube(
        [
            [0, -1.12 + 0.14 * k, -0.24, neck if human else 0.50],
            [0, -1.75, -0.24, neck + 0.07 if human else 0.60],
        ],
        h.skin,
    )
    if human:
        b.decal(h.skin, (0, -1.25 + dy, 0.3), (0.7, 0.16, 0.8), mix(h.color, "#000000", 0.3), 0.25, 0.6)
    width = (1.32 if c.gender != "woman" else 1.15) * (1 - 0.27 * k) * (1 + 0.12 * c.build)
    _OUTFITS[c.outfit](Torso(b, c, h, cm, col, dy, width, human))
    b.joint = "head"
