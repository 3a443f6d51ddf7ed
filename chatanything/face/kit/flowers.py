"""Bodies of flowers: sunflower, daisy, rose, tulip, violet."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from chatanything.face.kit.arrays import Array, Vector
from chatanything.face.kit.body import Host, Kind, leaf
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fruits import green
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def petal_skin(color: str, part: str = "extra") -> Array:
    """Petals: soft, lit through, a little veined."""
    deep = mix(color, "#5a0c30", 0.25)
    return material(
        color, part, deep, "mottle", 3.5, 0.4, spec=0.14, wrap=0.65, rim=0.4, sss=(0.7, 0.45, 0.4)
    )


def ring(
    b: SceneBuilder, m: int, n: int, reach: float, r: Vector, at: tuple[float, float], turn: float
) -> None:
    """Petals all around a disc; `at` is height and depth of its middle."""
    for i in range(n):
        a = math.tau * (i + turn) / n
        centre = (reach * math.sin(a), at[0] + reach * math.cos(a), at[1])
        b.ellipsoid(centre, r, m, 0.02, R=rot(z=-math.degrees(a)))


def stalk(b: SceneBuilder, y: float, *, leaves: bool = True) -> None:
    """A green stalk from a height down, with two leaves."""
    b.group()
    g = b.mat(green("#4f9a35"))
    b.tube([[0, y, -0.25, 0.15], [0.03, y - 0.5, -0.25, 0.14], [0, y - 1.2, -0.2, 0.16]], g)
    if leaves:
        leaf(b, g, (0.05, y - 0.5, -0.15), (0.95, y - 0.12, 0.05), 0.2)
        leaf(b, g, (-0.05, y - 0.55, -0.15), (-0.95, y - 0.2, 0.05), 0.2)


def _disc(b: SceneBuilder, disc: str, petals: tuple[str, str], n: int, width: float) -> Host:
    m = b.mat(
        material(
            disc,
            "skin",
            mix(disc, "#4a2408", 0.45),
            "mottle",
            9,
            0.35,
            spec=0.16,
            gloss=14,
            wrap=0.5,
            rim=0.3,
            sss=(0.7, 0.45, 0.3),
        )
    )
    b.ellipsoid((0, 0.12, 0), (1.02, 1.02, 0.86), m)
    for turn, color, back in ((0.0, petals[0], -0.1), (0.5, petals[1], -0.28)):
        b.group()
        ring(b, b.mat(petal_skin(color)), n, 1.14, (width, 0.40, 0.07), (0.12, back), turn)
    stalk(b, -0.95)
    return Host(
        m,
        disc,
        mix(disc, "#8c1c18", 0.6),
        mix(disc, "#2a1004", 0.8),
        0.92,
        0.36,
        "ball",
        mix(disc, "#ffd070", 0.25),
        1.1,
        0.75,
        -0.05,
        blush="#e8642c",
        blush_a=0.45,
        side=1.0,
    )


def sunflower(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A sunflower whose face is the disc."""
    disc, petals = (
        ("#c8893c", ("#fbc71f", "#f3a712")),
        ("#b06c30", ("#f59a1c", "#e0741a")),
        ("#d6a050", ("#fde25a", "#f6c92c")),
        ("#a9623a", ("#c9432a", "#a8301f")),
    )[c.variant % 4]
    return _disc(b, disc, petals, 15, 0.2)


def daisy(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A daisy; also marguerite, gerbera, aster."""
    disc, petals = (
        ("#f6cf3e", ("#fdfbf4", "#ece8dc")),
        ("#f2c24a", ("#f59ac0", "#e77aa8")),
        ("#f4d264", ("#a99bea", "#8b7bd8")),
        ("#f0b040", ("#f2654e", "#dc4636")),
    )[c.variant % 4]
    return _disc(b, disc, petals, 12, 0.27)


def rose(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A rose: petals overlap all round the face, a curl on top; also peony, carnation, camellia."""
    kind = c.variant % 4
    col = ("#e2475a", "#f29cb8", "#f9eddd", "#f6c24e")[kind]
    deep = mix(col, ("#8a0424", "#c8346c", "#d8a888", "#d87a1c")[kind], 0.5)
    m = b.mat(petal_skin(col, "skin"))
    b.ellipsoid((0, -0.02, 0.05), (0.98, 1.04, 0.86), m)
    outer, middle, bud = (b.mat(petal_skin(mix(deep, col, t))) for t in (0.0, 0.45, 0.7))
    for mat, n, turn, far, r, z in (
        (outer, 7, 0.5, 1.02, (0.64, 0.50, 0.12), -0.34),
        (middle, 6, 0.0, 0.90, (0.60, 0.46, 0.13), -0.10),
    ):
        b.group()
        for i in range(n):
            way = math.tau * (i + turn) / n
            centre = (far * math.sin(way), -0.02 + far * math.cos(way), z)
            b.ellipsoid(centre, r, mat, R=rot(z=-math.degrees(way)) @ rot(x=16, y=16))
    for s in (-1, 1):
        b.group()
        b.ellipsoid((s * 0.50, -1.0, 0.30 + 0.06 * s), (0.74, 0.38, 0.34), middle, R=rot(z=s * 28))
    b.group()
    a = np.linspace(0, 2.2 * math.tau, 40)
    reach = 0.42 * (1 - 0.94 * a / a[-1])
    rows = [reach * np.sin(a), 1.0 + 0.66 * reach * np.cos(a), 0.42 + 0.12 * a / a[-1], 0.05 + 0.09 * reach]
    b.tube(np.column_stack(rows), bud, 0.005)
    b.ellipsoid((0, 1.0, 0.22), (0.46, 0.34, 0.28), middle)
    b.group()
    g = b.mat(green("#3f8a34"))
    for s in (-1, 1):
        leaf(b, g, (s * 0.2, -1.12, 0.1), (s * 1.15, -1.34, 0.45), 0.2)
    stalk(b, -0.9, leaves=False)
    return Host(
        m,
        col,
        mix(col, "#8c0a20" if kind else "#6a0014", 0.66),
        mix(mix(col, "#7a1028", 0.6), "#2a0408", 0.7),
        0.92,
        0.20,
        "ball",
        mix(col, "#ffffff", 0.12),
        1.1,
        0.75,
        -0.05,
        blush=mix(col, "#e02840", 0.6),
        blush_a=0.4,
        side=1.0,
    )


def tulip(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A tulip: a cup of petals that end in points above the face."""
    col = ("#e2384a", "#f4b52c", "#ee7fae", "#8a58c8")[c.variant % 4]
    m = b.mat(petal_skin(col, "skin"))
    b.ellipsoid((0, -0.12, 0), (1.06, 1.08, 0.96), m)
    b.ellipsoid((0, 0.42, -0.02), (0.98, 0.72, 0.86), m, 0.3)
    b.tube([[0, 0.50, 0.30, 0.50], [0, 0.92, 0.20, 0.34], [0, 1.30, 0.12, 0.03]], m, 0.22)
    for shade, x, low, high, back in ((0.34, 0.36, 0.9, 1.58, -0.42), (0.16, 0.74, 0.5, 1.48, -0.12)):
        petal = b.mat(petal_skin(mix(col, "#7a0a2a", shade)))
        for s in (-1, 1):
            b.group()
            b.tube(
                [
                    [s * x * 0.9, low - 0.6, back, 0.42],
                    [s * x * 1.12, low, back, 0.42],
                    [s * x * 1.16, (low + high) / 2, back - 0.04, 0.31],
                    [s * x * 1.22, high, back - 0.02, 0.02],
                ],
                petal,
                curve=3,
            )
    stalk(b, -1.0, leaves=False)
    b.group()
    g = b.mat(green("#5aa844"))
    for s in (-1, 1):
        b.tube(
            [[s * 0.1, -1.9, -0.2, 0.16], [s * 0.85, -1.2, -0.1, 0.22], [s * 1.3, -0.35, -0.1, 0.02]],
            g,
            flat=2.4,
            curve=3,
        )
    return Host(
        m,
        col,
        mix(col, "#6c0420", 0.62),
        mix(col, "#28040c", 0.78),
        0.95,
        0.14,
        "ball",
        mix(col, "#ffffff", 0.15),
        1.15,
        0.75,
        -0.05,
        blush=mix(col, "#ff2848", 0.4),
        blush_a=0.4,
        side=1.05,
    )


def violet(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A violet or pansy: five broad petals around a pale face; also orchid and lily."""
    col, face = (
        ("#6d4bd0", "#cdbcf4"),
        ("#d45aa8", "#fbd3e8"),
        ("#f3efe6", "#fbf3c8"),
        ("#3d62d8", "#bcd2fa"),
    )[c.variant % 4]
    m = b.mat(petal_skin(face, "skin"))
    b.ellipsoid((0, 0.0, 0.05), (0.98, 1.02, 0.86), m)
    b.group()
    big = b.mat(petal_skin(col))
    for degrees, reach in ((0, 1.0), (72, 0.95), (144, 0.92), (216, 0.92), (288, 0.95)):
        a = math.radians(degrees + 36)
        centre = (reach * math.sin(a), 0.04 + reach * math.cos(a), -0.24)
        b.ellipsoid(centre, (0.64, 0.56, 0.2), big, 0.02, R=rot(z=-math.degrees(a)))
    b.decal(m, (0, -0.98, 0.4), (0.5, 0.32, 0.8), "#f6c22e", 0.75, 0.8)
    stalk(b, -1.0)
    return Host(
        m,
        face,
        mix(col, "#6a0838", 0.45),
        mix(col, "#1c0828", 0.7),
        0.92,
        0.22,
        "ball",
        mix(face, "#ffffff", 0.3),
        1.1,
        0.75,
        -0.05,
        blush=mix(col, "#f05090", 0.5),
        blush_a=0.35,
        side=0.98,
    )


KINDS: Final = (
    Kind(
        "sunflower",
        sunflower,
        "plant",
        names={"sunflower": None},
        meaning="a tall yellow flower that turns to the sun",
        colors={"yellow": 0, "orange": 1, "red": 3},
        own_top=True,
    ),
    Kind(
        "daisy",
        daisy,
        "plant",
        names={
            "flower": None,
            "marguerite": 0,
            "gerbera": 3,
            "aster": 2,
            "dandelion": 0,
            "camomile": 0,
            "blossom": 1,
            "wildflower": None,
            "chrysanthemum": None,
            "edelweiss": 0,
            "forget me not": 2,
        },
        meaning="a flower with petals: daisy, blossom, dandelion, meadow flower",
        colors={"white": 0, "pink": 1, "purple": 2, "blue": 2, "red": 3},
        own_top=True,
    ),
    Kind(
        "rose",
        rose,
        "plant",
        names={"rose": None, "peony": 1, "carnation": 0, "camellia": 1, "hibiscus": 0},
        meaning="a romantic garden flower: a rose, a peony, a bouquet",
        colors={"red": 0, "pink": 1, "white": 2, "yellow": 3},
        own_top=True,
    ),
    Kind(
        "tulip",
        tulip,
        "plant",
        names={
            "tulip": None,
            "poppy": 0,
            "crocus": 3,
            "daffodil": 1,
            "lotus": 2,
            "water lily": 2,
            "magnolia": 2,
            "hyacinth": 3,
        },
        meaning="a spring flower that grows from a bulb: tulip, daffodil, crocus",
        colors={"red": 0, "yellow": 1, "pink": 2, "purple": 3},
        own_top=True,
    ),
    Kind(
        "violet",
        violet,
        "plant",
        names={
            "violet": 0,
            "pansy": 0,
            "orchid": 1,
            "lily": 2,
            "iris": 3,
            "lavender flower": 0,
            "bluebell": 3,
            "lilac": 0,
            "jasmine": 2,
        },
        meaning="a delicate flower: violet, orchid, lily, iris",
        colors={"purple": 0, "pink": 1, "white": 2, "blue": 3},
        own_top=True,
    ),
)
