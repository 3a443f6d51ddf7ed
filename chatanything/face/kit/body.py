"""What every body ('host') of a face gives back, and what several of them wear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from chatanything.face.kit.arrays import Vector
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.params import Character

Category = Literal["people", "animal", "cartoon", "fruit", "plant", "office", "bag", "clothes"]
"""The eight groups of subjects of the ChatAnything paper (2023, table 1)."""


@dataclass
class Host:
    """What the face builder must know about a body."""

    skin: int  # material index of the face area
    color: str  # its base colour
    lip: str  # lip colour
    brow: str  # brow colour
    scale: float = 1.0  # size of the face unit
    cy: float = 0.0  # height of the eye line
    nose: str = "human"  # human, ball, animal, beak, plate
    nose_color: str = ""
    top: float = 1.14  # height where a hat sits
    top_r: float = 0.9  # head radius there
    top_z: float = -0.12
    blush: str = "#e8705c"
    blush_a: float = 0.3
    side: float = 0.85  # half width at the eye line (glasses temples)


@dataclass(frozen=True)
class Kind:
    """One kind of character: how it is built, and which words mean it."""

    name: str
    build: Callable[[SceneBuilder, Character, float], Host]
    """Takes the builder, the character and the jaw drop (0..0.36 face units)."""
    category: Category
    names: Mapping[str, int | None] = field(default_factory=dict)
    """Words that mean this kind, with the variant that they ask for; the name itself always does."""
    meaning: str = ""
    """What this kind also stands for, compared with unknown words by meaning."""
    colors: Mapping[str, int] = field(default_factory=dict)
    """Colour or material word -> variant."""
    irises: tuple[str, ...] = ("blue", "green", "brown", "hazel", "amber")
    variants: int = 4
    """How many it has; those from the fifth on are drawn only where a word names them."""
    shoulders: bool = False
    """It has a clothed body under the head."""
    own_top: bool = False
    """Something sits on its head already, so that no hat fits."""


def leaf(b: SceneBuilder, m: int, base: Vector, tip: Vector, r: float) -> None:
    """A leaf: flattened tapered tube."""
    low, high = np.array(base), np.array(tip)
    mid = (low + high) / 2 + np.array([0, 0.06, 0.02])
    b.tube(
        [
            [*low, r * 0.25],
            [*(low * 0.7 + mid * 0.3), r * 0.7],
            [*mid, r],
            [*(mid * 0.4 + high * 0.6), r * 0.6],
            [*high, 0.01],
        ],
        m,
        flat=2.6,
    )
