"""Folk of caves and bridges: goblin, ogre, troll."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fantasy import hair_material, host_of
from chatanything.face.kit.materials import fur, material, mix, skin
from chatanything.face.kit.params import Character


def goblin(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A goblin: sail ears with a ring, pointed chin, a tinker's leather cap with goggles."""
    col, leather, glass = (
        ("#86b83c", "#7a4a28", "#f0a030"),
        ("#4fa87c", "#4c3a30", "#e85a4c"),
        ("#b8a63e", "#5c3a4c", "#48c0c8"),
        ("#d08a48", "#3e4a50", "#8ad048"),
    )[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#3c5c1c", 0.3), spec=0.24))
    pink = b.mat(skin(mix(col, "#e07c6c", 0.5)))
    b.ellipsoid((0, 0.12, -0.08), (0.94, 0.86, 0.88), m)
    b.ellipsoid((0, -0.46 - jaw * 0.15, 0.08), (0.74, 0.66 + jaw * 0.12, 0.68), m, 0.24)
    b.ellipsoid((0, -1.02 - jaw * 0.62, 0.42), (0.20, 0.16, 0.20), m, 0.2)
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.74, -0.08, -0.08, 0.26],
                [s * 1.08, 0.10, -0.1, 0.34],
                [s * 1.38, 0.28, -0.16, 0.20],
                [s * 1.66, 0.50, -0.24, 0.015],
            ],
            m,
            0.08,
            flat=1.9,
        )
        b.tube(
            [[s * 0.92, 0.00, 0.10, 0.13], [s * 1.14, 0.12, 0.09, 0.19], [s * 1.46, 0.34, -0.08, 0.03]],
            pink,
            0.05,
            flat=2.2,
        )
    b.sphere((-0.72, 0.26, 0.50), 0.05, m, 0.05)
    gold = b.mat(material("#f2c23a", "extra", spec=0.9, gloss=40, metal=0.4))
    b.group()
    b.torus((1.20, -0.26, -0.02), 0.13, 0.032, gold, R=rot(x=90))
    hide = b.mat(material(leather, "hat", mix(leather, "#000000", 0.3), "mottle", 5, 0.5, spec=0.25, rim=0.5))
    b.group()
    b.ellipsoid((0, 0.40, -0.14), (0.97, 0.80, 0.94), hide)
    b.ellipsoid((0, -0.18, 0.75), (0.86, 0.74, 0.9), hide, 0.04, op=1)
    b.box((0, -0.94, 0), (2, 1.1, 2), 0.04, hide, 0.04, op=1)
    b.group()
    b.torus((0, 0.68, -0.12), 0.90, 0.055, hide, R=rot(x=-8), stretch=1.6)
    brass = b.mat(material("#d8a044", "hat", spec=0.9, gloss=36, metal=0.45, rim=0.4))
    lens = b.mat(material(glass, "glasses", spec=0.9, gloss=60, glow=0.12, rim=0.5))
    for s in (-1, 1):
        turn = rot(x=68, y=16 * s)
        b.group()
        b.cylinder((s * 0.29, 0.80, 0.76), 0.25, 0.12, 0.05, brass, R=turn)
        b.group()
        b.ellipsoid((s * 0.31, 0.84, 0.88), (0.19, 0.06, 0.19), lens, R=turn)
    return Host(
        m, col, mix(col, "#8c2c3c", 0.55), mix(col, "#141c04", 0.75), 0.98, -0.06, "ball",
        mix(col, "#ffffff", 0.1), 1.1, 0.85, blush="#e07048", blush_a=0.4, side=0.9,
    )  # fmt: skip


def ogre(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An ogre: huge jaw, small crown with a topknot, tusks beside the mouth, a vest of fur."""
    col, hair, pelt = (
        ("#93a84c", "#3a2618", "#8a5a34"),
        ("#7c94b0", "#28242c", "#5c5048"),
        ("#c98f5c", "#8c2c18", "#6c4630"),
        ("#a886ac", "#3c2050", "#c8b49c"),
    )[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#4c3c24", 0.3), spec=0.2))
    b.ellipsoid((0, 0.18, -0.10), (0.86, 0.90, 0.88), m)
    b.ellipsoid((0, -0.52 - jaw * 0.2, 0.04), (1.08, 0.74 + jaw * 0.12, 0.80), m, 0.3)
    b.ellipsoid((0, -0.95 - jaw * 0.6, 0.40), (0.52, 0.24, 0.34), m, 0.2)
    for s in (-1, 1):
        b.tube(
            [[s * 0.80, 0.10, -0.1, 0.14], [s * 1.10, 0.18, -0.06, 0.20], [s * 1.34, 0.30, 0.0, 0.06]],
            m,
            0.08,
            flat=1.3,
        )
        b.sphere((s * 1.17, 0.22, 0.18), 0.10, m, 0.06, op=1)
    tusk = b.mat(material("#fbf0d4", "extra", "#e0c48c", "mottle", 3, 0.4, spec=0.5, gloss=30))
    b.group()
    for s in (-1, 1):
        y = -0.90 - jaw * 0.5
        b.tube(
            [[s * 0.43, y, 0.54, 0.10], [s * 0.46, y + 0.14, 0.72, 0.09], [s * 0.50, y + 0.33, 0.82, 0.02]],
            tusk,
        )
    knot = hair_material(b, hair)
    b.group()
    b.tube([[0, 0.92, -0.2, 0.30], [0, 1.16, -0.16, 0.15]], knot, 0.04)
    for x, y in ((-0.72, 1.22), (-0.48, 1.50), (-0.14, 1.62), (0.22, 1.62), (0.54, 1.46), (0.74, 1.16)):
        b.tube(
            [[0, 1.12, -0.16, 0.14], [x * 0.62, y * 0.55 + 0.64, -0.12, 0.15], [x, y, -0.1, 0.015]],
            knot,
            0.04,
            curve=2,
        )
    bone = b.mat(material("#fbf0d4", "extra", spec=0.3))
    b.group()
    b.tube([[-0.30, 1.17, -0.02, 0.06], [0.30, 1.21, -0.02, 0.06]], bone)
    for x, y in ((-0.34, 1.22), (-0.34, 1.11), (0.34, 1.26), (0.34, 1.15)):
        b.sphere((x, y, -0.02), 0.08, bone, 0.03)
    b.joint = "body"
    body = b.mat(skin(col, color2=mix(col, "#4c3c24", 0.3)))
    vest = b.mat(fur(pelt, mix(pelt, "#1c0c04", 0.4), scale=12, bump=0.35))
    b.group()
    b.tube([[0, -1.0, -0.3, 0.62], [0, -2.0, -0.3, 0.9]], body)
    b.group()
    for s in (-1, 1):
        b.lumpy((s * 1.05, -1.72, -0.25), (0.74, 0.52, 0.62), 7, 0.12, vest, 0.1)
        b.lumpy((s * 0.62, -1.80, 0.30), (0.50, 0.42, 0.46), 7, 0.12, vest, 0.1)
    b.joint = "head"
    host = host_of(m, col, mix(col, "#8c2c3c", 0.5), mix(hair, "#000000", 0.2), "#e0684c")
    host.cy, host.nose = -0.04, "ball"
    return host


def troll(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A troll: a flame of upright hair, round ears, a wide face."""
    col, hair = (
        ("#f4b48c", "#f0408c"),
        ("#7cc0a0", "#f07a24"),
        ("#d8a070", "#2fb0d8"),
        ("#b8a0dc", "#58c03c"),
    )[c.variant % 4]
    m = b.mat(skin(col))
    inner = b.mat(skin(mix(col, "#e86c6c", 0.4)))
    b.ellipsoid((0, -0.12, -0.08), (0.98, 0.84, 0.88), m)
    b.ellipsoid((0, -0.58 - jaw * 0.15, 0.08), (0.88, 0.60 + jaw * 0.12, 0.74), m, 0.24)
    b.ellipsoid((0, -1.0 - jaw * 0.6, 0.40), (0.30, 0.18, 0.26), m, 0.2)
    for s in (-1, 1):
        b.ellipsoid((s * 1.10, -0.16, -0.12), (0.34, 0.42, 0.14), m, 0.08, R=rot(z=-14 * s))
        b.ellipsoid((s * 1.13, -0.15, 0.0), (0.21, 0.28, 0.07), inner, 0.04, R=rot(z=-14 * s))
    flame = hair_material(b, hair)
    b.group()
    b.ellipsoid((0, 0.46, -0.24), (0.80, 0.44, 0.70), flame)
    for i in range(7):
        t = (i - 3) / 3
        top = 1.60 - 0.42 * t * t - 0.12 * (i % 2)
        z = 0.20 - 0.35 * t * t
        b.tube(
            [
                [t * 0.62, 0.44, z + 0.06, 0.23],
                [t * 0.90, 0.44 + (top - 0.44) * 0.42, z, 0.24],
                [t * 0.98, 0.44 + (top - 0.44) * 0.74, z - 0.1, 0.15],
                [t * 1.22 + 0.08, top, z - 0.2, 0.012],
            ],
            flame,
            0.04,
            curve=3,
        )
    host = host_of(m, col, mix(col, "#c83450", 0.5), mix(hair, "#301020", 0.5), "#f0605c", 0.45)
    host.scale, host.cy, host.nose, host.side = 0.96, -0.16, "ball", 0.95
    return host


KINDS: Final = (
    Kind(
        "goblin", goblin, "cartoon", names={"gremlin": 2, "hobgoblin": 3, "kobold": 2},
        meaning="a small cunning creature with big ears: goblin, gremlin, hobgoblin, kobold, tinkerer",
        colors={"green": 0, "teal": 1, "yellow": 2, "orange": 3, "brown": 3},
        irises=("amber", "green", "hazel"), shoulders=True, own_top=True,
    ),
    Kind(
        "ogre", ogre, "cartoon", names={"orc": 0, "cyclops": 1},
        meaning="a huge strong brute with tusks: ogre, orc, giant, swamp monster, cyclops",
        colors={"green": 0, "blue": 1, "brown": 2, "orange": 2, "purple": 3},
        irises=("amber", "brown", "hazel"), own_top=True,
    ),
    Kind(
        "troll", troll, "cartoon", names={"bridge troll": 1, "troll doll": 0},
        meaning="a wild haired creature that lives under a bridge: troll, good luck doll, hair monster",
        colors={"pink": 0, "orange": 1, "green": 1, "blue": 2, "purple": 3},
        shoulders=True, own_top=True,
    ),
)  # fmt: skip
