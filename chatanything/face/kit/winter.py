"""Characters of snow and mountains: yeti, snowman."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind, leaf
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character
from chatanything.face.kit.wild import furry


def yeti(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A yeti: a mountain of shaggy fur round a bare face, small horns; variant 1 is a bigfoot."""
    col, face = (
        ("#eef4fa", "#8fb8de"),
        ("#7a4a2a", "#d9a878"),
        ("#8d929c", "#eac6b0"),
        ("#a17edc", "#f6cfe0"),
    )[c.variant % 4]
    m = b.mat(fur(face, mix(face, "#34465c", 0.18), tex="mottle", scale=2.4, bump=0.0, amp=0.5))
    b.ellipsoid((0, 0.06, -0.02), (0.92, 0.94, 0.90), m)
    b.ellipsoid((0, -0.50, 0.12), (0.84, 0.56, 0.74), m, 0.25)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.42), (0.40, 0.24, 0.30), m, 0.14)
    row = fur(
        col, mix(col, "#3c4c78" if c.variant % 4 != 1 else "#28120a", 0.32), scale=11, amp=0.6, bump=0.35
    )
    row[19] = 8  # hair
    shag = b.mat(row)
    b.group()
    b.ellipsoid((0, 0.05, -0.45), (1.14, 1.16, 0.56), shag)
    b.ellipsoid((0, -1.75, -0.25), (1.50, 0.95, 0.75), shag, 0.25)
    for i in range(15):
        a = math.radians(-150 + 300 * i / 14)
        x, y = math.sin(a), math.cos(a)
        far = 0.34 if i % 2 else 0.26
        b.tube(
            [
                [x * 0.92, y * 0.92 + 0.04, -0.02, 0.25],
                [x * 1.16, y * 1.10 + 0.02, -0.02, 0.19],
                [x * (1.12 + far), y * (1.08 + far) - 0.30, -0.06, 0.02],
            ],
            shag,
            0.08,
        )
    for i in range(7):
        x = (i - 3) * 0.30
        b.tube(
            [
                [x, -1.20, 0.20, 0.25],
                [x * 1.08, -1.42, 0.38, 0.2],
                [x * 1.15, -1.78 - 0.06 * (i % 2), 0.46, 0.02],
            ],
            shag,
            0.06,
        )
    b.group()
    for x, y in ((-0.2, 0.72), (0.02, 0.66), (0.24, 0.74)):
        b.tube(
            [[x * 0.6, 1.12, 0.2, 0.22], [x, 0.98, 0.66, 0.16], [x * 1.5, y, 0.84, 0.02]], shag, 0.06, curve=3
        )
    horn = b.mat(material("#e8d8b8", "extra", "#8a6844", "stripes", 12, 0.4, spec=0.4, gloss=24))
    if c.variant % 4 != 1:
        b.group()
        for s in (-1, 1):
            b.tube(
                [[s * 0.72, 0.86, 0, 0.17], [s * 1.0, 1.10, 0.02, 0.13], [s * 1.06, 1.40, 0.08, 0.02]],
                horn,
                curve=4,
            )
    host = furry(m, face, face, mix(face, "#2c3c5c", 0.5), "ball")
    host.lip, host.brow = mix(face, "#8c2448", 0.6), mix(col, "#1c2438", 0.6)
    host.blush_a = 0.4
    return host


def snowman(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A snowman: balls of snow, carrot, scarf, twigs; a hat or ear warmers by variant."""
    v = c.variant % 4
    wool, stripe = (
        ("#d8303c", "#fbeee0"),
        ("#2f7cc8", "#f6e8c8"),
        ("#3aa05c", "#f8d860"),
        ("#8a4cb8", "#f6b0d0"),
    )[v]
    col = "#eff4fb"
    m = b.mat(
        material(
            col, "skin", "#c4d6f0", "mottle", 2.2, 0.5, bump=0.05, spec=0.12, gloss=10, wrap=0.7, rim=0.5,
            sss=(0.75, 0.8, 0.9),
        )
    )  # fmt: skip
    b.ellipsoid((0, -0.04, -0.05), (1.02, 1.0, 0.94), m)
    b.ellipsoid((0, -0.44, 0.05), (0.94, 0.66, 0.84), m, 0.3)
    b.ellipsoid((0, -0.80 - jaw * 0.5, 0.3), (0.44, 0.26, 0.44), m, 0.2)
    b.group()
    b.ellipsoid((0, -2.0, -0.15), (1.42, 1.0, 1.0), m)
    carrot = b.mat(
        material("#f2801e", "nose", "#c8540c", "stripes", 16, 0.3, spec=0.2, rim=0.3, sss=(0.7, 0.5, 0.4))
    )
    b.group()
    b.tube(
        [
            [0, -0.33, 0.80, 0.18],
            [0.05, -0.34, 1.0, 0.155],
            [0.17, -0.37, 1.18, 0.095],
            [0.34, -0.40, 1.34, 0.02],
        ],
        carrot,
    )
    knit = b.mat(material(wool, "clothes", stripe, "stripes", 5, 1.0, spec=0.05, wrap=0.5, rim=0.45))
    b.group()
    b.torus((0, -1.16 - jaw * 0.2, -0.12), 0.80, 0.17, knit, R=rot(x=6), stretch=1.15)
    b.tube(
        [[0.52, -1.18, 0.62, 0.17], [0.62, -1.45, 0.80, 0.18], [0.68, -1.85, 0.86, 0.20]],
        knit,
        0.05,
        flat=1.6,
    )
    twig = b.mat(material("#6e4a2c", "extra", "#3c2412", "wood", 6, 0.5, spec=0.1))
    b.group()
    for s in (-1, 1):
        b.tube(
            [[s * 1.02, -1.52, -0.1, 0.06], [s * 1.34, -1.06, -0.05, 0.05], [s * 1.48, -0.62, 0, 0.035]], twig
        )
        b.tube([[s * 1.34, -1.06, -0.05, 0.045], [s * 1.22, -0.72, 0, 0.025]], twig)
        b.tube([[s * 1.40, -0.92, -0.03, 0.045], [s * 1.54, -0.90, 0.02, 0.025]], twig)
    _snowman_wear(b, v, wool, knit)
    return Host(
        m, col, "#c8506c", "#3c4458", 1.0, 0.02, "ball", col, 1.1, 0.75, blush="#f58aa0",
        blush_a=0.5, side=1.0,
    )  # fmt: skip


def _snowman_wear(b: SceneBuilder, v: int, wool: str, knit: int) -> None:
    """What keeps a snowman's head warm: top hat, bobble hat, ear warmers, bucket."""
    cloth = b.mat(
        material(wool, "hat", mix(wool, "#000000", 0.2), "weave", 50, 0.15, spec=0.05, wrap=0.5, rim=0.5)
    )
    white = b.mat(fur("#fbf4ea", scale=12, bump=0.3))
    b.group()
    if v == 0:
        felt = b.mat(material("#33303c", "hat", spec=0.2, gloss=14, rim=0.6))
        tilt = rot(z=-6, x=-6)
        b.cylinder((0, 0.84, -0.1), 0.86, 0.06, 0.05, felt, R=tilt)
        b.cone((0.04, 1.20, -0.12), 0.56, 0.62, 0.38, 0.06, felt, 0.04, R=tilt)
        b.group()
        b.torus((0.02, 0.96, -0.11), 0.57, 0.07, cloth, R=tilt, stretch=1.3)
        leafy = b.mat(material("#3f9a48", "extra", spec=0.3))
        b.group()
        for s in (-1, 1):
            leaf(b, leafy, (0.30, 0.98, 0.48), (0.30 + s * 0.26, 1.10, 0.44), 0.09)
        b.sphere((0.30, 0.98, 0.54), 0.065, cloth)
    elif v == 1:
        b.ellipsoid((0, 0.62, -0.08), (0.98, 0.72, 0.92), cloth)
        b.box((0, -0.1, 0), (2, 0.68, 2), 0.02, cloth, 0.02, op=1)
        b.group()
        b.torus((0, 0.60, -0.08), 0.84, 0.13, knit, R=rot(x=-4), stretch=1.2)
        b.group()
        b.lumpy((0, 1.38, -0.1), (0.22, 0.22, 0.22), 12, 0.06, white)
    elif v == 2:
        b.torus((0, 0.02, -0.1), 1.06, 0.06, cloth, R=rot(x=90))
        b.box((0, -1.0, 0), (2, 1.0, 2), 0.02, cloth, op=1)
        b.group()
        for s in (-1, 1):
            b.lumpy((s * 1.06, 0.0, -0.08), (0.20, 0.33, 0.33), 10, 0.08, cloth)
    else:
        tin = b.mat(material("#e84a5c", "hat", spec=0.7, gloss=36, rim=0.5))
        steel = b.mat(material("#c0c8d4", "hat", spec=0.9, gloss=40, metal=0.5))
        tilt = rot(z=8, x=-6)
        b.cone((-0.05, 1.12, -0.1), 0.74, 0.56, 0.38, 0.05, tin, R=tilt)
        b.group()
        b.torus((0.0, 0.76, -0.1), 0.74, 0.05, steel, R=tilt)
        b.torus((-0.07, 1.24, -0.1), 0.655, 0.025, steel, R=tilt)


KINDS: Final = (
    Kind(
        "yeti", yeti, "cartoon",
        names={"bigfoot": 1, "sasquatch": 1, "abominable snowman": 0, "furry monster": 3},
        meaning="a huge shaggy creature of mountains and forests: yeti, bigfoot, sasquatch, furry monster",
        colors={"white": 0, "brown": 1, "grey": 2, "gray": 2, "purple": 3}, irises=("blue", "amber", "brown"),
        own_top=True,
    ),
    Kind(
        "snowman", snowman, "cartoon", names={"snow woman": 2, "snowwoman": 2},
        meaning="a figure built of snow in winter: snowman, frost, carrot nose, Christmas, ice man",
        colors={"red": 0, "blue": 1, "green": 2, "purple": 3}, irises=("brown", "blue", "dark brown"),
        own_top=True,
    ),
)  # fmt: skip
