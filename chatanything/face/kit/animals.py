"""Bodies with fur or feathers."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import fur, material, mix
from chatanything.face.kit.params import Character


def _ears_pointed(
    b: SceneBuilder, m: int, inner: int, h: float = 0.62, x: float = 0.68, w: float = 0.33
) -> None:
    for s in (-1, 1):
        b.tube(
            [
                [s * x, 0.55, -0.1, w],
                [s * (x + 0.12), 0.55 + h * 0.75, -0.12, w * 0.5],
                [s * (x + 0.17), 0.55 + h * 1.15, -0.12, 0.04],
            ],
            m,
            0.1,
            flat=1.7,
        )
        b.tube(
            [
                [s * x, 0.62, 0.14, w * 0.6],
                [s * (x + 0.11), 0.58 + h * 0.72, 0.06, w * 0.3],
                [s * (x + 0.14), 0.58 + h * 0.98, 0.0, 0.02],
            ],
            inner,
            0.05,
            flat=2.0,
        )


def _whiskers(b: SceneBuilder, z: float, y: float = -0.45) -> None:
    b.group()
    w = b.mat(material("#f4efe6", "extra", spec=0.1))
    for s in (-1, 1):
        for i in (-1, 0, 1):
            b.tube(
                [
                    [s * 0.50, y + 0.06 * i, z, 0.010],
                    [s * 0.95, y + 0.04 + 0.13 * i, z + 0.02, 0.010],
                    [s * 1.32, y + 0.02 + 0.20 * i, z - 0.12, 0.004],
                ],
                w,
            )


def cat(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A cat: pointed ears, cheeks, muzzle, whiskers."""
    col, belly = (
        ("#e8963c", "#fbe6c8"),
        ("#8d8f98", "#e9e9ee"),
        ("#3a3438", "#f0ece8"),
        ("#e6d2b0", "#fff6e8"),
    )[c.variant % 4]
    m = b.mat(
        fur(
            col,
            mix(col, "#5c2c0c", 0.45),
            tex="tabby" if c.variant % 4 < 2 else "fur",
            scale=14 if c.variant % 4 < 2 else 26,
        )
    )
    mz = b.mat(fur(belly))
    pk = b.mat(material("#ef9a96", "ears", sss=(0.8, 0.5, 0.5)))
    b.ellipsoid((0, 0.02, -0.05), (1.10, 0.98, 0.92), m)
    for s in (-1, 1):
        b.ellipsoid((s * 0.55, -0.48, 0.12), (0.52, 0.42, 0.52), m, 0.2)
    _ears_pointed(b, m, pk)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.50), (0.30, 0.22, 0.26), mz, 0.12)
    for s in (-1, 1):
        b.ellipsoid((s * 0.17, -0.56, 0.66), (0.27, 0.21, 0.22), mz, 0.12)
    b.decal(m, (0, -0.70, 0.8), (0.55, 0.42, 0.6), belly, 0.9, 0.3)
    _whiskers(b, 0.78, -0.52)
    return Host(
        m,
        col,
        mix(belly, "#c0485c", 0.62),
        mix(col, "#2a1408", 0.7),
        1.0,
        0.04,
        "animal",
        "#e87f88",
        1.0,
        0.8,
        -0.05,
        "#f08a78",
        0.35,
        1.05,
    )


def dog(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A dog with hanging ears; odd variants have a patch over one eye."""
    col, belly, ear = (
        ("#d49a5a", "#f6e2c0", "#8a5228"),
        ("#f0e6d8", "#ffffff", "#7a4a2c"),
        ("#6e4a32", "#e0bc90", "#3e281c"),
        ("#9a9aa2", "#ececf0", "#54545e"),
    )[c.variant % 4]
    m = b.mat(fur(col))
    mz = b.mat(fur(belly))
    er = b.mat(fur(ear))
    b.ellipsoid((0, 0.08, -0.05), (1.02, 1.02, 0.92), m)
    b.ellipsoid((0, -0.50, 0.10), (0.82, 0.60, 0.72), m, 0.25)
    b.ellipsoid((0, -0.46, 0.62), (0.40, 0.26, 0.30), mz, 0.16)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.48), (0.34, 0.24, 0.28), mz, 0.14)
    if c.variant % 2:
        b.decal(m, (0.42, 0.05, 0.8), (0.34, 0.38, 0.5), ear, 0.85, 0.25)
    b.group()
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.72, 0.82, -0.08, 0.20],
                [s * 1.10, 0.62, 0.02, 0.27],
                [s * 1.24, 0.05, 0.08, 0.30],
                [s * 1.16, -0.45, 0.12, 0.22],
            ],
            er,
            flat=1.6,
        )
    return Host(
        m,
        col,
        mix(belly, "#7c3434", 0.6),
        mix(col, "#1e100a", 0.75),
        1.0,
        0.04,
        "animal",
        "#2a2424",
        1.04,
        0.75,
        -0.05,
        "#f08a68",
        0.25,
        1.0,
    )


def bear(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A bear with round ears; variant 1 is a panda, 4 a polar bear."""
    col, belly = (
        ("#8a5a38", "#e3bd8c"),
        ("#f2f0ee", "#ffffff"),
        ("#5c3c2a", "#c99c6c"),
        ("#b9794a", "#f2d8b0"),
        ("#efeae0", "#fbf8f2"),
    )[c.variant % 5]
    m = b.mat(fur(col))
    mz = b.mat(fur(belly))
    b.ellipsoid((0, 0.05, -0.05), (1.12, 1.02, 0.95), m)
    b.ellipsoid((0, -0.45, 0.10), (0.90, 0.62, 0.74), m, 0.25)
    for s in (-1, 1):
        b.ellipsoid((s * 0.82, 0.86, -0.15), (0.34, 0.34, 0.2), m, 0.08)
        b.ellipsoid((s * 0.82, 0.86, 0.05), (0.20, 0.20, 0.08), mz, 0.05)
    b.ellipsoid((0, -0.50, 0.62), (0.44, 0.30, 0.30), mz, 0.14)
    b.ellipsoid((0, -0.85 - jaw * 0.55, 0.46), (0.36, 0.24, 0.28), mz, 0.14)
    if c.variant % 5 == 1:  # panda
        for s in (-1, 1):
            b.decal(m, (s * 0.36, -0.02, 0.8), (0.29, 0.34, 0.5), "#2a262a", 0.92, 0.2)
            b.decal(m, (s * 0.82, 0.9, -0.1), (0.42, 0.42, 0.5), "#2a262a", 1, 0.2)
    return Host(
        m,
        col,
        mix(belly, "#8c3c34", 0.6),
        mix(col, "#1c0e08", 0.7),
        1.0,
        0.04,
        "animal",
        "#2c2220",
        1.0,
        0.75,
        -0.05,
        "#f08a68",
        0.25,
        1.08,
    )


def fox(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A fox: pointed ears, white cheek tufts, slim muzzle."""
    col = ("#e5722a", "#d8592a", "#c9c9d2", "#b85a30")[c.variant % 4]
    m = b.mat(fur(col))
    mz = b.mat(fur("#fbf0e2"))
    pk = b.mat(material("#3a2620", "ears"))
    b.ellipsoid((0, 0.05, -0.05), (1.08, 0.95, 0.90), m)
    for s in (-1, 1):
        b.tube(
            [[s * 0.45, -0.40, 0.2, 0.44], [s * 0.92, -0.62, 0.0, 0.16], [s * 1.10, -0.70, -0.02, 0.04]],
            m,
            0.2,
        )
        b.decal(m, (s * 0.66, -0.66, 0.4), (0.52, 0.36, 0.7), "#fbf0e2", 0.95, 0.2)
    _ears_pointed(b, m, pk, 0.72, 0.66, 0.34)
    b.ellipsoid((0, -0.50, 0.62), (0.32, 0.22, 0.32), mz, 0.16)
    b.ellipsoid((0, -0.84 - jaw * 0.55, 0.46), (0.30, 0.23, 0.28), mz, 0.14)
    return Host(
        m,
        col,
        mix("#fbf0e2", "#8c3c34", 0.6),
        mix(col, "#2a1008", 0.75),
        1.0,
        0.04,
        "animal",
        "#2a2020",
        1.0,
        0.78,
        -0.05,
        "#f08a68",
        0.25,
        1.05,
    )


KINDS: Final = (
    Kind(
        "cat",
        cat,
        "animal",
        names={"kitten": None, "cat": None, "tiger": 0},
        meaning="a feline or small pet: cat, tiger, leopard, panther, lynx",
        colors={"orange": 0, "ginger": 0, "grey": 1, "gray": 1, "black": 2, "cream": 3, "white": 3},
        shoulders=True,
    ),
    Kind(
        "dog",
        dog,
        "animal",
        names={"puppy": None, "dog": None, "wolf": 3},
        meaning="a canine: dog, wolf, puppy, coyote, hyena, seal",
        colors={"tan": 0, "golden": 0, "white": 1, "brown": 2, "black": 2, "grey": 3},
        shoulders=True,
    ),
    Kind(
        "bear",
        bear,
        "animal",
        names={"panda": 1, "polar bear": 4, "teddy": 3, "bear": None},
        meaning="a big furry animal: bear, beaver, hippopotamus, koala, rhinoceros, camel",
        colors={"brown": 0, "white": 4, "black": 2},
        variants=5,
        shoulders=True,
    ),
    Kind(
        "fox",
        fox,
        "animal",
        names={"fox": None},
        meaning="a sly slim animal: fox, weasel, squirrel, otter, hedgehog",
        colors={"orange": 0, "red": 1, "silver": 2, "white": 2},
        shoulders=True,
    ),
)
