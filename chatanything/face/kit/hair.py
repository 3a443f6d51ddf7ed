"""The hair of human heads: its material and the table of styles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit import hair_curly, hair_long, hair_short
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import HAIR_COLORS, LOOSE_HATS, Character
from chatanything.face.kit.wig import Wig

_STYLES: Final[Mapping[str, Callable[[Wig], None]]] = {
    **hair_short.STYLES,
    **hair_long.STYLES,
    **hair_curly.STYLES,
}


def add_hair(b: SceneBuilder, c: Character) -> None:
    """The character's hair in a group of its own; scarves that wrap the head hide it."""
    if c.hair == "bald" or c.hat in ("headscarf", "turban"):
        return
    col = HAIR_COLORS[c.hair_color]
    grey = c.hair_color in ("grey", "white")
    fuzzy = c.hair in ("afro", "afro puffs", "dreadlocks")
    m = b.mat(
        material(
            col,
            "hair",
            mix(col, "#000000", 0.45) if not grey else mix(col, "#606068", 0.4),
            "fur" if fuzzy else "strands",
            24 if fuzzy else 2.6,
            0.5 if fuzzy else 0.75,
            bump=0.7 if fuzzy else 0.0 if c.hair == "curly" else 0.45,
            spec=0.10 if fuzzy else 0.22,
            gloss=12,
            wrap=0.45,
            rim=0.55,
            sss=(0.45, 0.4, 0.38),
        )
    )
    b.group()
    _STYLES[c.hair](Wig(b, c, m, c.hat not in LOOSE_HATS))
