"""Friendly undead: mummy, zombie, stitched monster."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fantasy import hair_material, head, host_of
from chatanything.face.kit.materials import material, mix, skin
from chatanything.face.kit.params import Character


def mummy(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A mummy: crossing bandages round the head, neck and shoulders, loose ends, a scarab brooch."""
    col, linen, gem = (
        ("#a8b27c", "#f3e6c6", "#2a9ab0"),
        ("#b98a5c", "#f7efe0", "#d8403c"),
        ("#8aa6b4", "#e6e0d4", "#e8a828"),
        ("#c0a0b8", "#f4dcc0", "#40a860"),
    )[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#4c4030", 0.3)))
    head(b, m, jaw, 1.04, 1.06, 0.9)
    cloth = b.mat(
        material(
            linen,
            "hat",
            mix(linen, "#8a6a3c", 0.3),
            "mottle",
            4,
            0.55,
            bump=0.08,
            spec=0.05,
            wrap=0.5,
            rim=0.4,
        )
    )
    shade = b.mat(
        material(
            mix(linen, "#a07c4c", 0.35),
            "hat",
            mix(linen, "#7c5c34", 0.5),
            "mottle",
            4,
            0.5,
            spec=0.05,
            rim=0.3,
        )
    )
    b.group()
    b.ellipsoid((0, 0.22, -0.14), (0.93, 0.97, 0.97), shade)
    b.ellipsoid((0, -0.55, -0.12), (0.84, 0.72, 0.74), shade, 0.2)
    for y, radius, lean, turn in (
        (0.98, 0.60, 8, -12), (0.80, 0.78, -6, 10), (0.60, 0.90, 6, -7), (0.30, 0.94, -4, 9),
        (0.02, 0.95, 5, -8), (-0.28, 0.93, -4, 8), (-0.56, 0.88, 4, -8), (-0.82, 0.78, -4, 9),
    ):  # fmt: skip
        b.torus((0, y, -0.14), radius, 0.065, cloth, 0.015, R=rot(x=lean, z=turn), stretch=2.2)
    b.ellipsoid((0, -0.28 - jaw * 0.25, 0.92), (0.70, 0.78 + jaw * 0.3, 0.80), cloth, 0.05, op=1)
    b.group()
    b.tube(
        [
            [0.84, 0.60, 0.1, 0.10],
            [1.16, 0.66, 0.12, 0.11],
            [1.30, 0.42, 0.14, 0.10],
            [1.48, 0.36, 0.1, 0.09],
        ],
        cloth,
        flat=2.6,
        curve=3,
    )
    b.tube(
        [[-0.84, -0.42, 0.1, 0.09], [-1.12, -0.52, 0.16, 0.10], [-1.22, -0.82, 0.18, 0.09]],
        cloth,
        flat=2.6,
        curve=3,
    )
    b.joint = "body"
    wrap = b.mat(
        material(
            linen,
            "clothes",
            mix(linen, "#8a6a3c", 0.3),
            "mottle",
            4,
            0.55,
            bump=0.08,
            spec=0.05,
            wrap=0.5,
            rim=0.4,
        )
    )
    under = b.mat(material(mix(linen, "#a07c4c", 0.4), "clothes", spec=0.05))
    b.group()
    b.tube([[0, -0.9, -0.25, 0.40], [0, -1.35, -0.25, 0.46], [0, -2.0, -0.2, 1.0]], under)
    b.ellipsoid((0, -1.95, -0.22), (1.36, 0.62, 0.62), under, 0.15)
    for y, radius, turn in ((-1.12, 0.44, 8), (-1.26, 0.50, -8)):
        b.torus((0, y, -0.22), radius, 0.06, wrap, 0.02, R=rot(z=turn), stretch=1.8)
    for s in (-1, 1):
        for i in range(4):
            x = 0.36 + 0.27 * i
            b.tube(
                [
                    [s * (x - 0.10), -1.32 - 0.03 * i, -0.35, 0.11],
                    [s * x, -1.42 - 0.06 * i, 0.12, 0.12],
                    [s * (x - 0.34), -1.95, 0.42, 0.13],
                ],
                wrap,
                0.02,
                flat=1.5,
                curve=3,
            )
    b.joint = "head"
    gold = b.mat(material("#f0c040", "extra", spec=0.9, gloss=40, metal=0.45))
    jewel = b.mat(material(gem, "extra", spec=0.9, gloss=50, glow=0.15))
    b.group()
    b.ellipsoid((0, 0.84, 0.72), (0.20, 0.17, 0.08), gold, R=rot(x=-30))
    b.group()
    b.ellipsoid((0, 0.86, 0.77), (0.12, 0.11, 0.08), jewel, R=rot(x=-30))
    host = host_of(m, col, mix(col, "#8c3040", 0.55), mix(col, "#241a10", 0.75), "#d87858")
    host.nose = "ball"
    return host


def _stitches(b: SceneBuilder, start: tuple[float, float], end: tuple[float, float], n: int) -> None:
    """A scar sewn with n stitches between two points on the body."""
    line = np.linspace(start, end, 2 * n + 1)
    along = (line[-1] - line[0]) / np.linalg.norm(line[-1] - line[0])
    across = np.array([-along[1], along[0]]) * 0.075
    seam = np.column_stack([line, b.front(line), np.full(len(line), 0.014)])
    cross = [np.array([p - across, p, p + across]) for p in line[1::2]]
    rows = [np.column_stack([q, b.front(q), np.full(3, 0.017)]) for q in cross]
    thread = b.mat(material("#34242c", "extra", spec=0.1))
    b.group()
    for path in (seam, *rows):
        b.tube(path, thread)


def zombie(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A zombie: tufts of hair, a peep of pink brain, stitches off the face, shadows round the eyes."""
    col, hair = (
        ("#9cb878", "#3c3424"),
        ("#8cb0a8", "#5c3420"),
        ("#b4a8c4", "#2c2438"),
        ("#c2c08c", "#6c5c50"),
    )[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#5c4c6c", 0.4), amp=0.5))
    head(b, m, jaw, 1.02, 0.94, 1.0)
    for s in (-1, 1):
        b.ellipsoid((s * 0.86, -0.10, -0.12), (0.12, 0.24, 0.16), m, 0.06, R=rot(z=-8 * s))
        b.decal(m, (s * 0.34, -0.06, 0.75), (0.30, 0.28, 0.5), mix(col, "#4c2c58", 0.6), 0.55, 0.45)
        b.decal(m, (s * 0.60, -0.58, 0.45), (0.20, 0.26, 0.5), mix(col, "#3c3448", 0.5), 0.4, 0.6)
    pink = b.mat(
        material(
            "#f08ca0",
            "extra",
            "#d05878",
            "mottle",
            5,
            0.5,
            spec=0.5,
            gloss=28,
            wrap=0.6,
            rim=0.4,
            sss=(0.85, 0.5, 0.5),
        )
    )
    b.group()
    for x, y, z, r in (
        (0.30, 0.98, 0.22, 0.21), (0.56, 0.90, 0.12, 0.20), (0.42, 1.10, -0.08, 0.22),
        (0.16, 1.10, -0.02, 0.20), (0.66, 0.96, -0.16, 0.19), (0.28, 1.16, -0.26, 0.20),
    ):  # fmt: skip
        b.lumpy((x, y, z), (r, r, r), 8, 0.05, pink, 0.015)
    rim = b.mat(skin(mix(col, "#6c2840", 0.35)))
    b.group()
    b.torus((0.42, 0.93, -0.02), 0.44, 0.06, rim, R=rot(x=16, z=-24))
    tuft = hair_material(b, hair)
    b.group()
    b.ellipsoid((-0.02, 0.38, -0.24), (0.92, 0.84, 0.90), tuft)
    b.ellipsoid((0, -0.14, 0.75), (0.80, 0.80, 0.90), tuft, 0.05, op=1)
    b.box((0, -1.30, 0.4), (2, 1.3, 0.6), 0.05, tuft, 0.05, op=1)
    b.sphere((0.42, 1.06, 0.0), 0.50, tuft, 0.03, op=1)
    for x, y, dx, dy in (
        (-0.70, 0.72, -0.40, 0.20), (-0.52, 0.94, -0.30, 0.36), (-0.24, 1.06, -0.16, 0.44),
        (-0.84, 0.42, -0.38, -0.02), (0.84, 0.44, 0.36, 0.04), (0.80, 0.60, 0.30, 0.22),
        (-0.84, 0.16, -0.24, -0.22), (0.84, 0.16, 0.24, -0.22),
    ):  # fmt: skip
        b.tube(
            [[x, y, -0.2, 0.22], [x + dx * 0.55, y + dy * 0.6, -0.06, 0.14], [x + dx, y + dy, 0.0, 0.015]],
            tuft,
            0.05,
        )
    _stitches(b, (-0.66, 0.34), (-0.34, 0.66), 4)
    host = host_of(m, col, mix(col, "#7c2c4c", 0.55), mix(hair, "#14100c", 0.4), "#b8607c", 0.3)
    return host


def stitched(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A monster of a laboratory: flat crown, bolts in the neck, a sewn brow, a fringe like a saw."""
    col = ("#8fbc6c", "#8aa8c8", "#b0c060", "#b890b8")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#3c5c3c", 0.3), spec=0.2))
    b.box((0, 0.42, -0.10), (0.88, 0.66, 0.80), 0.30, m)
    b.ellipsoid((0, 0.0, 0.0), (0.86, 0.80, 0.86), m, 0.2)
    b.box((0, -0.52 - jaw * 0.15, 0.02), (0.78, 0.56 + jaw * 0.12, 0.62), 0.30, m, 0.25)
    b.ellipsoid((0, -0.98 - jaw * 0.62, 0.42), (0.34, 0.18, 0.24), m, 0.16)
    for s in (-1, 1):
        b.ellipsoid((s * 0.90, -0.06, -0.12), (0.13, 0.25, 0.16), m, 0.06, R=rot(z=-8 * s))
    dark = hair_material(b, ("#22202a", "#2c2024", "#3a2418", "#f0ecf2")[c.variant % 4])
    b.group()
    b.box((0, 1.06, -0.12), (0.94, 0.16, 0.86), 0.12, dark)
    b.box((0, 0.52, -0.62), (0.94, 0.62, 0.36), 0.2, dark, 0.1)
    for i in range(7):
        x = (i - 3) * 0.27
        b.tube(
            [
                [x, 1.02, 0.60, 0.17],
                [x, 0.88 - 0.05 * (i % 2), 0.74, 0.11],
                [x * 1.02, 0.68 + 0.08 * (i % 2), 0.80, 0.015],
            ],
            dark,
            0.04,
        )
    for s in (-1, 1):
        b.tube(
            [[s * 0.88, 0.80, 0.1, 0.16], [s * 0.93, 0.42, 0.12, 0.12], [s * 0.90, 0.10, 0.16, 0.02]],
            dark,
            0.05,
        )
    steel = b.mat(material("#b4bcc8", "extra", spec=0.9, gloss=40, metal=0.5, rim=0.4))
    b.group()
    for s in (-1, 1):
        b.cylinder((s * 0.86, -0.92, -0.15), 0.10, 0.20, 0.02, steel, R=rot(z=90))
        b.cylinder((s * 1.10, -0.92, -0.15), 0.20, 0.08, 0.04, steel, R=rot(z=90))
    _stitches(b, (0.38, 0.44), (0.72, 0.54), 3)
    host = host_of(m, col, mix(col, "#6c2444", 0.6), "#241c20", "#d0706c", 0.35)
    host.side = 0.9
    return host


KINDS: Final = (
    Kind(
        "mummy", mummy, "cartoon", names={"pharaoh": 1},
        meaning="a bandaged body from an Egyptian tomb: mummy, pharaoh, pyramid, sarcophagus",
        colors={"green": 0, "brown": 1, "blue": 2, "purple": 3}, irises=("amber", "green", "cyan"),
        own_top=True,
    ),
    Kind(
        "zombie", zombie, "cartoon", names={"undead": 0, "ghoul": 2, "walking dead": 1},
        meaning="a living corpse that eats brains: zombie, ghoul, undead, rotten",
        colors={"green": 0, "teal": 1, "purple": 2, "grey": 2, "yellow": 3},
        irises=("amber", "cyan", "hazel"), shoulders=True, own_top=True,
    ),
    Kind(
        "frankenstein", stitched, "cartoon",
        names={"frankenstein's monster": 0, "frankensteins monster": 0, "stitched monster": 1},
        meaning="a monster sewn together in a laboratory: frankenstein, bolts, lightning, mad science",
        colors={"green": 0, "blue": 1, "yellow": 2, "purple": 3}, irises=("amber", "brown", "green"),
        shoulders=True, own_top=True,
    ),
)  # fmt: skip
