"""Bodies that stand upright: humans, aliens, ghosts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix, skin
from chatanything.face.kit.params import HAIR_COLORS, SKINS, Character

_LIPSTICKS = ("#b03058", "#c2283c", "#c2283c", "#c2283c")  # by variant


@dataclass(frozen=True, slots=True)
class _Skull:
    """How a face shape differs from the oval one."""

    width: float = 1.0
    jaw: float = 1.0
    chin: float = 1.0
    drop: float = 0.0
    """The chin sits lower by this."""
    corner: float = 0.0
    """The jaw's angles stand out by this."""


_SKULLS: Final[Mapping[str, _Skull]] = {
    "oval": _Skull(),
    "round": _Skull(1.05, 1.12, 0.9, -0.05, 0.04),
    "square": _Skull(1.0, 1.04, 1.25, 0.02, 0.10),
    "heart": _Skull(1.05, 0.88, 0.82, 0.02, -0.05),
    "long": _Skull(0.95, 0.93, 1.08, 0.10, 0.0),
}


def youth(c: Character) -> float:
    """0 grown up .. 1 a small child."""
    return min(1.0, max(0.0, (0.26 - c.age) / 0.14)) if c.kind == "human" else 0.0


def human(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A human head with ears; the chin and the cheeks follow the jaw.

    Children have a rounder skull, full cheeks, a small chin and a lower face.
    """
    _, col, _, _ = SKINS[c.skin]
    dark = c.skin >= 5
    m = b.mat(skin(col, rim=0.42 if dark else 0.3, spec=0.30 if dark else 0.16, gloss=10 if dark else 14))
    k, form = youth(c), _SKULLS[c.face]
    hw, jw = c.head_width * form.width, c.jaw_width * form.jaw * (1 + 0.06 * c.build)
    drop = form.drop - 0.13 * k
    b.ellipsoid((0, 0.28, -0.12), ((0.82 + 0.02 * k) * hw, 0.88, 0.90), m)
    b.ellipsoid(
        (0, -0.40 - jaw * 0.15 - drop * 0.4, 0.08), (0.67 * jw, 0.76 + drop * 0.6 + jaw * 0.12, 0.68), m, 0.22
    )
    full = 0.25 + form.corner * 0.5 + 0.035 * k + 0.05 * max(0.0, c.build)
    for s in (-1, 1):
        b.sphere(
            (s * (0.37 * jw + form.corner + 0.03 * k), -0.62 - jaw * 0.4 - drop * 0.3 + 0.02 * k, 0.08),
            full,
            m,
            0.28,
        )
    chin = c.chin * form.chin * (1 - 0.18 * k)
    b.ellipsoid((0, -1.0 - jaw * 0.62 - drop, 0.44 - 0.02 * k), (0.22 * chin, 0.17 * chin, 0.20), m, 0.16)
    for s in (-1, 1):
        e = c.ears
        y = -0.10 - 0.14 * k
        b.ellipsoid(
            (s * 0.84 * hw, y, -0.12), (0.10, 0.22 * e, 0.15 * e), m, 0.06, R=rot(y=-20 * s, z=-8 * s)
        )
        b.ellipsoid((s * 0.92 * hw, y + 0.01, -0.04), (0.05, 0.13 * e, 0.07 * e), m, 0.04, op=1)
    lip = mix(col, "#b8323c", 0.42) if not dark else mix(col, "#8c2c3c", 0.40)
    if c.lipstick:
        lip = _LIPSTICKS[c.variant % 4]
    hair = HAIR_COLORS[c.hair_color]
    return Host(
        m,
        col,
        lip,
        mix(hair, "#000000", 0.25) if c.hair_color not in ("grey", "white") else hair,
        1 - 0.13 * k,
        -0.17 * k,
        blush="#e0604c" if not dark else "#8c3428",
        blush_a=(0.34 if not dark else 0.22) + 0.12 * k,
        side=0.84 * hw,
    )


def alien(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An alien: big skull, small jaw, long ears, two feelers."""
    col = ("#7cc35a", "#6fb7c9", "#a58ad0", "#c6d36a")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#285c3c", 0.5), spec=0.35, gloss=22, sss=(0.6, 0.65, 0.5)))
    b.ellipsoid((0, 0.36, -0.08), (1.06, 0.95, 0.98), m)
    b.ellipsoid((0, -0.42 - jaw * 0.15, 0.08), (0.66, 0.72 + jaw * 0.1, 0.68), m, 0.35)
    b.ellipsoid((0, -0.98 - jaw * 0.6, 0.42), (0.22, 0.16, 0.20), m, 0.16)
    for s in (-1, 1):
        b.tube(
            [[s * 0.80, -0.02, -0.1, 0.13], [s * 1.10, 0.14, -0.15, 0.10], [s * 1.32, 0.34, -0.2, 0.02]],
            m,
            0.1,
            flat=1.5,
        )
    b.group()
    tip = b.mat(
        material(("#f0d048", "#f07a9a", "#6ae0c8", "#e05a3c")[c.variant % 4], "extra", spec=0.5, glow=0.25)
    )
    for s in (-1, 1):
        b.tube([[s * 0.35, 1.15, -0.1, 0.07], [s * 0.50, 1.42, -0.05, 0.045], [s * 0.62, 1.56, 0, 0.045]], m)
        b.sphere((s * 0.64, 1.60, 0), 0.12, tip, 0.02)
    return Host(
        m,
        col,
        mix(col, "#5c2458", 0.55),
        mix(col, "#0c2418", 0.7),
        1.0,
        0.0,
        "human",
        "",
        1.22,
        0.85,
        -0.08,
        mix(col, "#ff5a8a", 0.4),
        0.4,
        0.92,
    )


def ghost(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A ghost: dome, wavy hem, small arms."""
    col = ("#e6e5f0", "#d6e2f2", "#f1e6fa", "#e4f6ee")[c.variant % 4]
    m = b.mat(
        material(
            col,
            "skin",
            mix(col, "#a8a4e0", 0.35),
            "mottle",
            1.2,
            0.3,
            spec=0.12,
            gloss=12,
            wrap=0.8,
            rim=0.7,
            sss=(0.85, 0.85, 0.95),
            glow=0.03,
        )
    )
    b.ellipsoid((0, 0.12, -0.05), (1.02, 1.12, 0.95), m)
    b.cone((0, -0.85, -0.05), 1.12, 1.0, 0.95, 0.1, m, 0.25)
    for i in range(9):
        a = i / 9 * math.tau + 0.35
        b.sphere((math.sin(a) * 0.95, -1.72, -0.05 + math.cos(a) * 0.9), 0.26, m, 0.12)
    for s in (-1, 1):
        b.tube(
            [[s * 0.85, -0.55, 0.05, 0.26], [s * 1.25, -0.62, 0.25, 0.2], [s * 1.42, -0.45, 0.35, 0.13]],
            m,
            0.2,
        )
    return Host(
        m,
        col,
        "#b0567c",
        "#6a628c",
        1.03,
        0.06,
        "ball",
        mix(col, "#e8c0d8", 0.5),
        1.1,
        0.75,
        -0.05,
        "#f08ab0",
        0.5,
        1.0,
    )


KINDS: Final = (
    Kind(
        "human",
        human,
        "people",
        shoulders=True,
    ),
    Kind(
        "alien",
        alien,
        "cartoon",
        names={"martian": 0, "alien": None},
        meaning="a strange creature: alien, lizard, monster, insect, fish, octopus",
        colors={"green": 0, "blue": 1, "purple": 2, "yellow": 3},
        irises=("violet", "cyan", "green"),
        shoulders=True,
        own_top=True,
    ),
    Kind(
        "ghost",
        ghost,
        "cartoon",
        names={"phantom": None, "spirit": None, "ghost": None},
        meaning="something without a body: ghost, wind, shadow, dream, candle flame, jellyfish, soul",
        colors={"white": 0, "blue": 1, "purple": 2, "green": 3},
    ),
)
