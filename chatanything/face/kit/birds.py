"""Birds: penguin, chicken, owl, parrot, duck."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
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


def _wings(b: SceneBuilder, m: int, colors: tuple[int, int], y: float = -0.5) -> None:
    """Half open wings at both sides: long feathers of the second colour, shorter ones, the shoulder."""
    tips = ((1.14, -1.16), (1.36, -1.06), (1.52, -0.84), (1.58, -0.56))
    for s in (-1, 1):
        for mat, reach, r, z in (
            (colors[1], 1.0, 0.14, -0.16),
            (colors[0], 0.72, 0.15, -0.06),
            (m, 0.46, 0.17, 0.04),
        ):
            b.group()
            for x, drop in tips:
                tx, ty = 0.84 + (x - 0.84) * reach, y + drop * reach
                b.tube(
                    [
                        [s * 0.86, y + 0.05, z - 0.06, 0.17],
                        [s * (tx * 0.6 + 0.86 * 0.4), ty * 0.6 + (y + 0.08) * 0.4, z + 0.04, r],
                        [s * tx, ty, z, 0.04],
                    ],
                    mat,
                    0.015,
                    flat=1.3,
                )


def _feathers(b: SceneBuilder, color: str) -> int:
    """Glossy feathers that are not skin."""
    return b.mat(
        material(
            color,
            "extra",
            mix(color, "#000000", 0.2),
            "fur",
            14,
            0.5,
            bump=0.15,
            spec=0.15,
            wrap=0.5,
            rim=0.5,
        )
    )


def owl(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """An owl: a round body, ear tufts, feather discs round the eyes, a scalloped breast."""
    col, disc, dark = (
        ("#96683a", "#f2deb4", "#5c3a1e"),
        ("#f4f2f0", "#ffffff", "#8c94a4"),
        ("#cc7c34", "#fbe6c0", "#7c3c14"),
        ("#6c7488", "#dfe4ee", "#3a4054"),
    )[c.variant % 4]
    m = b.mat(fur(col, scale=14))
    b.ellipsoid((0, 0.06, -0.05), (1.08, 1.0, 0.92), m)
    b.ellipsoid((0, -0.86, 0.0), (1.14, 0.92, 0.92), m, 0.3)
    for s in (-1, 1):
        b.tube(
            [[s * 0.48, 0.74, 0.05, 0.34], [s * 0.82, 1.06, 0.0, 0.20], [s * 1.06, 1.44, -0.02, 0.02]],
            m,
            0.18,
            flat=1.4,
        )
        b.decal(m, (s * 0.94, 1.30, 0), (0.24, 0.26, 0.6), dark, 0.9, 0.5)
    for s in (-1, 1):
        b.decal(m, (s * 0.40, -0.06, 0.7), (0.58, 0.66, 0.8), dark, 0.85, 0.06)
    for s in (-1, 1):
        b.decal(m, (s * 0.40, -0.06, 0.7), (0.52, 0.60, 0.8), disc, 1, 0.06)
    b.decal(m, (0, -0.68, 0.7), (0.46, 0.42, 0.8), disc, 1, 0.2)
    b.decal(m, (0, -1.42, 0.7), (0.78, 0.40, 0.8), disc, 0.85, 0.15)
    for row, y in enumerate((-1.22, -1.40, -1.58)):
        for i in range(5):
            x = (i - 2 + 0.5 * (row % 2)) * 0.26
            b.decal(m, (x, y, 0.8), (0.085, 0.07, 0.6), dark, 0.7, 0.3)
    _wings(b, _feathers(b, col), (_feathers(b, mix(col, dark, 0.5)), _feathers(b, dark)))
    return Host(
        m, disc, mix(disc, "#b8602c", 0.7), mix(dark, "#1c0e08", 0.4), 1.02, 0.0, "beak", "#f2a52c", 1.0,
        0.75, blush="#f4a070", blush_a=0.3, side=1.05,
    )  # fmt: skip


def parrot(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A parrot: hooked beak, bare pale cheeks, a crest, wings of three colours."""
    col, wing, tip, crest = (
        ("#e02c2c", "#f8c828", "#2468d0", "#e02c2c"),
        ("#2f86e0", "#f8c828", "#38a858", "#2f86e0"),
        ("#58b83c", "#e8404c", "#2f78d0", "#f8d038"),
        ("#fbf8f2", "#f8e8a0", "#f4c8a0", "#fbc82c"),
    )[c.variant % 4]
    pale = "#fdf3e4" if c.variant % 4 != 2 else "#d8f0a0"
    m = b.mat(fur(col, mix(col, "#200810", 0.15), scale=14, spec=0.1))
    b.ellipsoid((0, 0.08, -0.05), (0.98, 0.98, 0.90), m)
    b.ellipsoid((0, -0.80, 0.0), (1.02, 0.94, 0.88), m, 0.3)
    for s in (-1, 1):
        b.decal(m, (s * 0.40, -0.14, 0.7), (0.46, 0.50, 0.8), pale, 1, 0.10)
    b.decal(m, (0, -0.60, 0.7), (0.52, 0.42, 0.8), pale, 1, 0.12)
    plume = _feathers(b, crest)
    b.group()
    for i in range(5):
        a = (i - 2) * 0.30
        far = 1.60 - 0.05 * abs(i - 2) ** 1.5
        b.tube(
            [
                [math.sin(a) * 0.5, 0.80, 0.22, 0.20],
                [math.sin(a) * 0.85, 1.14, 0.14, 0.18],
                [math.sin(a) * 1.2 + 0.10, far - 0.10 * abs(i - 2), -0.05, 0.02],
            ],
            plume,
            0.03,
            curve=3,
        )
    _wings(b, _feathers(b, col), (_feathers(b, wing), _feathers(b, tip)))
    horn = b.mat(material("#38343c", "nose", spec=0.5, gloss=28, wrap=0.4, rim=0.4))
    b.group()
    b.tube(
        [[0, -0.12, 0.78, 0.13], [0, -0.22, 0.98, 0.19], [0, -0.36, 1.08, 0.15], [0, -0.52, 1.05, 0.02]],
        horn,
        curve=4,
    )
    return Host(
        m, pale, "#d8644c", mix(col, "#281018", 0.6), 1.0, 0.02, "beak", "#38343c", 1.1, 0.75,
        blush="#f4907c", blush_a=0.4, side=0.95,
    )  # fmt: skip


def duck(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A duck: broad flat bill, a quiff of down, wings; variant 2 is a mallard, 3 a goose."""
    col, body, bill = (
        ("#fbd844", "#fbd844", "#f2801e"),
        ("#fdfaf4", "#fdfaf4", "#f2981e"),
        ("#2f9a68", "#a07450", "#f2b82c"),
        ("#b4b4bc", "#d8d4d0", "#f08a3c"),
    )[c.variant % 4]
    m = b.mat(fur(col, mix(col, "#a06820" if c.variant % 4 < 2 else "#101820", 0.18), scale=14, bump=0.1))
    b.ellipsoid((0, 0.10, -0.05), (1.0, 1.0, 0.92), m)
    b.ellipsoid((0, -0.50, 0.02), (1.06, 0.62, 0.80), m, 0.3)
    down = _feathers(b, body)
    b.group()
    b.ellipsoid((0, -1.75, -0.15), (1.34, 0.78, 0.90), down)
    _wings(b, down, (_feathers(b, mix(body, bill, 0.25)), _feathers(b, mix(body, "#3c2c20", 0.25))), -0.86)
    if c.variant % 4 == 2:
        ring = b.mat(material("#fbf8f2", "extra", spec=0.1, wrap=0.6, rim=0.4))
        b.group()
        b.torus((0, -1.06, -0.08), 0.74, 0.09, ring, stretch=1.2)
    quiff = _feathers(b, col)
    b.group()
    for x, y, z in ((-0.16, 1.40, 0.06), (0.08, 1.52, 0.0), (0.30, 1.36, 0.04)):
        b.tube(
            [[x * 0.3, 0.94, -0.05, 0.16], [x * 0.6, 1.2, z - 0.04, 0.12], [x * 1.5, y, z, 0.02]],
            quiff,
            0.05,
            curve=3,
        )
    flat = b.mat(
        material(bill, "nose", mix(bill, "#c04c10", 0.4), "mottle", 3, 0.4, spec=0.35, gloss=24, wrap=0.5)
    )
    hole = b.mat(material(mix(bill, "#601c08", 0.7), "nose"))
    b.group()
    b.ellipsoid((0, -0.22, 0.86), (0.22, 0.12, 0.24), flat, R=rot(x=-6))
    b.ellipsoid((0, -0.22, 1.02), (0.245, 0.08, 0.12), flat, 0.12, R=rot(x=-20))
    b.ellipsoid((0, -0.16, 0.84), (0.14, 0.15, 0.17), flat, 0.14)
    b.group()
    for s in (-1, 1):
        b.ellipsoid((s * 0.08, -0.15, 1.02), (0.038, 0.026, 0.03), hole)
    return Host(
        m, col, mix(col, "#cc3c4c", 0.66), mix(col, "#3c1c08", 0.65), 1.0, 0.10, "plate", bill, 1.1, 0.78,
        blush="#f58a5c", blush_a=0.45, side=1.0,
    )  # fmt: skip


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
        names={"hen": 2, "rooster": 0, "chick": 1, "turkey": 3},
        meaning="a farm bird: chicken, hen, rooster, chick, turkey",
        colors={"white": 0, "yellow": 1, "brown": 2, "black": 3},
        own_top=True,
        shoulders=False,
    ),
    Kind(
        "owl",
        owl,
        "animal",
        names={"eagle": 2, "hawk": 2, "falcon": 3, "snowy owl": 1},
        meaning="a wise bird of the night or of prey: owl, eagle, falcon, hawk, raven",
        colors={"brown": 0, "white": 1, "orange": 2, "grey": 3, "gray": 3},
        irises=("amber", "hazel", "green"),
        own_top=True,
        shoulders=False,
    ),
    Kind(
        "parrot",
        parrot,
        "animal",
        names={"macaw": 1, "budgie": 2, "cockatoo": 3, "parakeet": 2},
        meaning="a colourful talking bird of the jungle: parrot, macaw, budgie, canary, toucan, peacock",
        colors={"red": 0, "blue": 1, "green": 2, "white": 3},
        irises=("amber", "brown", "hazel"),
        own_top=True,
        shoulders=False,
    ),
    Kind(
        "duck",
        duck,
        "animal",
        names={"duckling": 0, "rubber duck": 0, "mallard": 2, "goose": 3, "swan": 1},
        meaning="a water bird with a flat bill: duck, duckling, mallard, goose, swan, pond",
        colors={"yellow": 0, "white": 1, "green": 2, "grey": 3, "gray": 3},
        own_top=True,
        shoulders=False,
    ),
)
