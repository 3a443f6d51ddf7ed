"""Birds: penguin, chicken."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character


def penguin(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A penguin: a dark egg with a heart-shaped white face and flippers."""
    col, chin = (
        ("#2c3038", "#fff2d8"),
        ("#33486e", "#ffffff"),
        ("#2a2a30", "#ffd884"),
        ("#8a94a6", "#ffffff"),
    )[c.variant % 4]
    m = b.mat(fur(col, scale=16, spec=0.12))
    b.ellipsoid((0, 0.06, -0.05), (1.02, 1.08, 0.92), m)
    b.ellipsoid((0, -0.70, 0.02), (1.08, 0.80, 0.90), m, 0.3)
    for s in (-1, 1):
        b.decal(m, (s * 0.38, 0.02, 0.75), (0.46, 0.54, 0.8), "#fdfcf8", 1, 0.1)
    b.decal(m, (0, -0.85, 0.75), (0.80, 0.80, 0.8), "#fdfcf8", 1, 0.1)
    for s in (-1, 1):
        b.decal(m, (s * 0.88, -0.42, 0.4), (0.16, 0.26, 0.6), mix(chin, "#f8a028", 0.6), 0.9, 0.3)
        b.tube(
            [[s * 0.92, -0.52, -0.1, 0.24], [s * 1.30, -0.86, -0.06, 0.22], [s * 1.48, -1.28, 0, 0.05]],
            m,
            0.12,
            flat=1.6,
        )
    return Host(
        m, "#fdfcf8", "#dd8a58", "#2a2a30", 1.0, 0.04, "beak", "#f29a26", 1.1, 0.72, blush="#f7a890", side=1.0
    )


def chicken(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A chicken: red comb of lobes, wattles beside the chin, cheek feathers; variant 1 is a yellow chick."""
    col = ("#faf5ec", "#f8d04a", "#b4683a", "#5c4a4c")[c.variant % 4]
    m = b.mat(fur(col, mix(col, "#b08050", 0.25), scale=14))
    b.ellipsoid((0, 0.02, -0.05), (1.02, 1.02, 0.92), m)
    b.ellipsoid((0, -0.58, 0.06), (1.02, 0.68, 0.84), m, 0.3)
    for s in (-1, 1):
        for y, x in ((-0.3, 1.28), (-0.56, 1.40), (-0.82, 1.38)):
            b.tube([[s * 0.8, y, -0.05, 0.24], [s * x, y - 0.2, -0.05, 0.04]], m, 0.1, flat=1.3)
    b.group()
    red = b.mat(material("#da2c30", "extra", spec=0.3, wrap=0.6, sss=(0.85, 0.4, 0.4)))
    for y, z, r in ((1.02, 0.34, 0.20), (1.22, 0.06, 0.26), (1.12, -0.26, 0.24)):
        b.ellipsoid((0, y, z), (0.16, r, r), red, 0.08)
    for s in (-1, 1):
        b.ellipsoid((s * 0.15, 1.12, 0.1), (0.14, 0.26, 0.18), red, 0.08)
        b.ellipsoid((s * 0.30, 1.0, 0.12), (0.13, 0.2, 0.16), red, 0.08)
    return Host(
        m,
        col,
        mix(col, "#c8442c", 0.6),
        mix(col, "#3a1c10", 0.7),
        1.0,
        0.04,
        "beak",
        "#f29c22",
        1.0,
        0.75,
        blush="#f08060",
        side=1.0,
    )


KINDS: Final = (
    Kind(
        "penguin",
        penguin,
        "animal",
        names={"puffin": 2},
        meaning="a bird of ice and sea: penguin, puffin, seagull, Antarctica",
        colors={"black": 0, "blue": 1, "grey": 3, "gray": 3},
        shoulders=False,
    ),
    Kind(
        "chicken",
        chicken,
        "animal",
        names={"hen": 2, "rooster": 0, "chick": 1, "duck": 1, "duckling": 1, "turkey": 3},
        meaning="a farm bird: chicken, hen, rooster, chick, duck, goose, turkey",
        colors={"white": 0, "yellow": 1, "brown": 2, "black": 3},
        own_top=True,
        shoulders=False,
    ),
)
