"""Fantasy people: a human head with ears, hair, wings or helmets of their own."""

from __future__ import annotations

import math
from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.materials import material, mix, skin
from chatanything.face.kit.params import Character

_TONES: Final = ("#f1c3a4", "#9c6440", "#e8b08a", "#d4976c")


def head(
    b: SceneBuilder, m: int, jaw: float, width: float = 1.0, jaw_width: float = 1.0, chin: float = 1.0
) -> None:
    """A bald head without ears; chin and cheeks follow the jaw."""
    b.ellipsoid((0, 0.28, -0.12), (0.82 * width, 0.88, 0.90), m)
    b.ellipsoid((0, -0.40 - jaw * 0.15, 0.08), (0.67 * jaw_width, 0.76 + jaw * 0.12, 0.68), m, 0.22)
    for s in (-1, 1):
        b.sphere((s * 0.37 * jaw_width, -0.62 - jaw * 0.4, 0.08), 0.25, m, 0.28)
    b.ellipsoid((0, -1.0 - jaw * 0.62, 0.44), (0.22 * chin, 0.17 * chin, 0.20), m, 0.16)


def pointed_ears(b: SceneBuilder, m: int, length: float, lift: float, width: float = 0.15) -> None:
    """Ears that run out into a tip."""
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.76, -0.16, -0.08, width * 0.8],
                [s * (0.86 + length * 0.35), -0.08 + lift * 0.35, -0.12, width],
                [s * (0.86 + length), -0.08 + lift, -0.2, 0.015],
            ],
            m,
            0.08,
            flat=1.5,
        )


def hair_of(b: SceneBuilder, color: str, peak: bool = False) -> int:
    """A combed cap of hair in a group of its own; ``peak``: it runs to a point on the forehead."""
    m = hair_material(b, color)
    b.group()
    b.ellipsoid((0, 0.36, -0.2), (0.92, 0.90, 0.94), m)
    if peak:
        for s in (-1, 1):
            b.ellipsoid((s * 0.42, 0.15, 0.75), (0.40, 0.66, 0.9), m, 0.03, op=1)
        b.ellipsoid((0, -0.2, 0.75), (0.66, 0.72, 0.85), m, 0.03, op=1)
    else:
        b.ellipsoid((0, -0.05, 0.75), (0.72, 0.80, 0.85), m, 0.05, op=1)
    b.box((0, -1.4, 0.4), (2, 1.3, 0.45), 0.05, m, 0.05, op=1)
    return m


def hair_material(b: SceneBuilder, color: str) -> int:
    """Glossy strands."""
    return b.mat(
        material(
            color,
            "hair",
            mix(color, "#000000", 0.4),
            "strands",
            2.6,
            0.7,
            bump=0.4,
            spec=0.22,
            gloss=12,
            wrap=0.45,
            rim=0.55,
        )
    )


def host_of(m: int, color: str, lip: str, brow: str, blush: str = "#e0604c", blush_a: float = 0.35) -> Host:
    """A head of human build."""
    return Host(m, color, lip, brow, blush=blush, blush_a=blush_a, side=0.84)


def locks(b: SceneBuilder, m: int) -> None:
    """Long hair down both sides."""
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.62, 0.75, -0.1, 0.28],
                [s * 0.88, 0.1, -0.12, 0.22],
                [s * 0.90, -0.7, -0.1, 0.24],
                [s * 0.80, -1.4, 0.1, 0.10],
            ],
            m,
            0.08,
            curve=4,
        )


def vampire(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A vampire: pale, widow's peak, fangs, high collar lined with silk."""
    col = ("#e9dfe6", "#d6dcea", "#eadfd2", "#d9e2d8")[c.variant % 4]
    lining = ("#c01c38", "#7a2ca8", "#b8242c", "#1f7a4c")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#8a7aa8", 0.3)))
    head(b, m, jaw, 1.0, 0.92, 1.05)
    pointed_ears(b, m, 0.26, 0.34, 0.14)
    hair_of(b, ("#1d1a22", "#23202c", "#3a1c18", "#c9c6cc")[c.variant % 4], True)
    tooth = b.mat(material("#fffdf6", "teeth", spec=0.6, gloss=40))
    b.group()
    for s in (-1, 1):
        b.tube([[s * 0.15, -0.70, 0.76, 0.04], [s * 0.145, -0.83, 0.78, 0.008]], tooth)
    outer = b.mat(material("#26222c", "clothes", spec=0.15, rim=0.5))
    inner = b.mat(material(lining, "clothes", spec=0.35, gloss=18, rim=0.4))
    for mat, z, r in ((outer, -0.52, 0.40), (inner, -0.40, 0.33)):
        b.group()
        for s in (-1, 1):
            b.tube(
                [[s * 0.55, -1.5, z + 0.2, r], [s * 0.98, -0.95, z, r], [s * 1.40, -0.02, z - 0.1, 0.02]],
                mat,
                0.05,
                flat=2.2,
            )
    return host_of(m, col, mix(lining, "#701020", 0.4), "#1d1a22", "#b06a8c", 0.3)


def elf(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An elf: long ears, long hair, a circlet with leaves and a gem."""
    col = ("#f6d9c2", "#e3b48e", "#b98ad0", "#8a5a3c")[c.variant % 4]
    hair = ("#f0d890", "#9c3c1c", "#ece8f6", "#2a8f5c")[c.variant % 4]
    m = b.mat(skin(col))
    head(b, m, jaw, 0.98, 0.88, 0.85)
    pointed_ears(b, m, 0.60, 0.44, 0.16)
    locks(b, hair_of(b, hair))
    leafy = b.mat(material("#4f9f3c", "extra", "#2f7a30", "mottle", 4, 0.5, spec=0.3, rim=0.4))
    gem = b.mat(
        material(("#38b0e8", "#40c070", "#f0609c", "#f0b030")[c.variant % 4], "extra", spec=1, glow=0.3)
    )
    b.group()
    for i in (-3, -2, -1, 1, 2, 3):
        a = i * 0.34
        x, z = math.sin(a) * 0.92, -0.2 + math.cos(a) * 0.96
        b.ellipsoid(
            (x, 0.76, z),
            (0.17, 0.085, 0.05),
            leafy,
            0.01,
            R=rot(y=math.degrees(a), z=30 * (1 if i > 0 else -1)),
        )
    b.group()
    b.ellipsoid((0, 0.76, 0.78), (0.09, 0.12, 0.07), gem)
    return host_of(m, col, mix(col, "#b8324c", 0.45), mix(hair, "#3a2010", 0.5))


def witch(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A witch: bent pointed hat with a buckle, wild hair."""
    col = ("#9ccb62", "#efc9ac", "#c8a4dc", "#86c4b0")[c.variant % 4]
    hair = ("#4a2c6c", "#c8501e", "#2c2838", "#e2e0e8")[c.variant % 4]
    hat = ("#3a2a58", "#2c2a38", "#5a2468", "#22424c")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#3c6c3c", 0.25)))
    head(b, m, jaw, 1.0, 0.92, 1.15)
    pointed_ears(b, m, 0.16, 0.14, 0.14)
    locks(b, hair_of(b, hair))
    felt = b.mat(material(hat, "hat", tex="weave", scale=70, amp=0.08, spec=0.08, wrap=0.5, rim=0.6))
    band = b.mat(
        material(("#f08a24", "#8a3cc0", "#48b868", "#e0487c")[c.variant % 4], "hat", spec=0.2, rim=0.3)
    )
    gold = b.mat(material("#f0c040", "hat", spec=0.9, gloss=40, metal=0.5))
    tilt = rot(x=-10)
    b.group()
    b.cylinder((0, 0.74, -0.12), 1.32, 0.05, 0.045, felt, R=tilt)
    b.tube(
        [
            [0, 0.76, -0.16, 0.74],
            [0.04, 1.14, -0.2, 0.44],
            [0.16, 1.42, -0.2, 0.22],
            [0.44, 1.50, -0.1, 0.05],
        ],
        felt,
        0.10,
    )
    b.group()
    b.torus((0, 0.92, -0.17), 0.68, 0.10, band, R=tilt, stretch=1.1)
    b.group()
    b.box((0, 0.90, 0.56), (0.13, 0.11, 0.05), 0.03, gold, R=tilt)
    b.box((0, 0.90, 0.60), (0.07, 0.055, 0.08), 0.02, gold, 0.01, op=1, R=tilt)
    return host_of(m, col, mix(col, "#7c1c5c", 0.6), mix(hair, "#100818", 0.4), mix(col, "#e0506c", 0.5))


def clown(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A clown: white make-up, red nose, tufts of hair, a small tilted hat, a ruff."""
    col = ("#f8efe6", "#f6e2d2", "#f4f0f4", "#f8ead8")[c.variant % 4]
    hair, hat = (
        ("#e8482c", "#2f7ad0"),
        ("#2fa8d8", "#e8b020"),
        ("#f07a18", "#7c3cb0"),
        ("#58b848", "#d8305c"),
    )[c.variant % 4]
    m = b.mat(skin(col, amp=0.1))
    head(b, m, jaw, 1.04, 1.1, 0.95)
    for s in (-1, 1):
        b.decal(m, (s * 0.34, 0.06, 0.8), (0.24, 0.36, 0.5), hat, 0.42, 0.25)
    b.group()
    wool = b.mat(
        material(hair, "hair", mix(hair, "#400808", 0.4), "fur", 20, 0.5, bump=0.6, wrap=0.5, rim=0.6)
    )
    for s in (-1, 1):
        for x, y, r in ((0.95, 0.45, 0.38), (1.12, 0.02, 0.36), (0.92, -0.34, 0.28), (0.72, 0.80, 0.26)):
            b.lumpy((s * x, y, -0.18), (r, r, r), 9, 0.07, wool, 0.06)
    felt = b.mat(material(hat, "hat", spec=0.25, rim=0.5))
    dots = b.mat(material("#fff2c0", "hat", spec=0.2, rim=0.3))
    R = rot(z=-14)
    b.group()
    b.cone((0.18, 1.30, -0.05), 0.34, 0.04, 0.30, 0.03, felt, R=R)
    b.cylinder((0.10, 1.05, -0.05), 0.40, 0.04, 0.035, felt, R=R)
    b.group()
    b.sphere((0.27, 1.60, -0.05), 0.11, dots)
    b.sphere((0.10, 1.22, 0.24), 0.06, dots)
    b.sphere((0.32, 1.30, 0.20), 0.06, dots)
    frill = b.mat(material("#fbf6ee", "clothes", mix(hat, "#ffffff", 0.3), spec=0.1, rim=0.4))
    b.group()
    for i in range(9):
        a = (i - 4) * 0.36
        b.ellipsoid((math.sin(a) * 0.92, -1.34, -0.2 + math.cos(a) * 0.85), (0.25, 0.17, 0.25), frill, 0.04)
    return Host(
        m, col, "#d8242c", mix(hair, "#401008", 0.3), 1.0, 0.0, "ball", "#e8202c", 1.1,
        blush="#f04c4c", blush_a=0.6,
    )  # fmt: skip


def devil(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A little devil: horns, pointed ears, goatee, a tail with a spade."""
    col = ("#d8382c", "#b43cb8", "#e87a24", "#4864c8")[c.variant % 4]
    m = b.mat(skin(col, color2=mix(col, "#5c0c1c", 0.4), spec=0.3, gloss=18))
    head(b, m, jaw, 1.06, 0.92, 0.9)
    pointed_ears(b, m, 0.40, 0.26, 0.16)
    hair_of(b, "#2a1a20", True)
    horn = b.mat(material("#f4e2b8", "extra", "#8a6440", "stripes", 12, 0.4, spec=0.5, gloss=26, rim=0.4))
    b.group()
    for s in (-1, 1):
        b.tube(
            [
                [s * 0.46, 0.92, 0.12, 0.23],
                [s * 0.74, 1.16, 0.14, 0.18],
                [s * 0.82, 1.40, 0.18, 0.11],
                [s * 0.68, 1.58, 0.24, 0.02],
            ],
            horn,
            curve=4,
        )
    beard = b.mat(material("#2a1a20", "hair", rim=0.4))
    b.group()
    y = -1.06 - jaw * 0.62
    b.tube([[0, y, 0.56, 0.13], [0, y - 0.18, 0.62, 0.08], [0.03, y - 0.32, 0.68, 0.01]], beard)
    tail = b.mat(material(mix(col, "#40060c", 0.2), "extra", spec=0.3, rim=0.5))
    b.group()
    b.tube(
        [
            [0.95, -1.7, -0.6, 0.08],
            [1.34, -1.2, -0.6, 0.075],
            [1.22, -0.75, -0.5, 0.07],
            [1.40, -0.38, -0.4, 0.06],
        ],
        tail,
        curve=4,
    )
    b.tube([[1.37, -0.46, -0.4, 0.20], [1.45, -0.12, -0.4, 0.01]], tail, 0.03, flat=1.8)
    return host_of(m, col, mix(col, "#3c0418", 0.55), "#2a1218", mix(col, "#ffb060", 0.4))


def angel(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An angel: curls, a halo and wings."""
    col = ("#f8dcc8", "#9c6440", "#f1c3a4", "#e0ac84")[c.variant % 4]
    hair = ("#f0cc6c", "#3a2418", "#b8622c", "#f6ecd8")[c.variant % 4]
    m = b.mat(skin(col))
    head(b, m, jaw, 1.03, 1.02, 0.85)
    for s in (-1, 1):
        b.ellipsoid((s * 0.84, -0.10, -0.12), (0.10, 0.22, 0.15), m, 0.06)
    h = hair_of(b, hair)
    for i in range(11):
        a = (i - 5) * 0.36
        r = 0.25 if i % 2 else 0.28
        x, y = math.sin(a) * 0.86, 0.30 + math.cos(a) * 0.76
        b.sphere((x, y, 0.18 if abs(i - 5) < 4 else -0.05), r, h, 0.05)
    gold = b.mat(material("#ffd858", "extra", spec=0.9, gloss=40, glow=0.55))
    b.group()
    b.torus((0, 1.48, -0.1), 0.52, 0.06, gold, R=rot(x=14))
    white = b.mat(material("#fbfaf6", "extra", "#c8d4f0", "mottle", 3, 0.4, wrap=0.6, rim=0.6))
    b.group()
    for s in (-1, 1):
        for i, (x, y) in enumerate(((1.46, 0.34), (1.60, -0.02), (1.58, -0.40), (1.44, -0.76))):
            b.tube(
                [
                    [s * 0.6, -1.15, -0.62, 0.16],
                    [s * (x * 0.72), y * 0.6 - 0.38, -0.6, 0.22],
                    [s * x, y, -0.55, 0.10 - 0.01 * i],
                ],
                white,
                0.03,
                flat=1.4,
                curve=3,
            )
    return host_of(m, col, mix(col, "#c8384c", 0.42), mix(hair, "#50300c", 0.4), "#f0705c", 0.45)


KINDS: Final = (
    Kind(
        "vampire", vampire, "cartoon", names={"dracula": 0, "count": 2},
        meaning="a creature of the night that drinks blood: vampire, dracula, bat, nosferatu",
        colors={"red": 0, "purple": 1, "green": 3}, irises=("amber", "violet", "hazel"),
        shoulders=True, own_top=True,
    ),
    Kind(
        "elf", elf, "cartoon", names={"fairy": 2, "pixie": 3, "dark elf": 2, "wood elf": 3, "nymph": 3},
        meaning="a graceful being of the forest with pointed ears: elf, fairy, pixie, nymph, dryad",
        colors={"blonde": 0, "red": 1, "purple": 2, "green": 3}, irises=("green", "violet", "cyan", "blue"),
        shoulders=True, own_top=True,
    ),
    Kind(
        "witch", witch, "cartoon", names={"sorceress": 2, "hag": 0, "enchantress": 2},
        meaning="a woman who brews potions and casts spells: witch, sorceress, halloween, hex, broomstick",
        colors={"green": 0, "orange": 1, "purple": 2, "teal": 3}, irises=("green", "amber", "violet"),
        shoulders=True, own_top=True,
    ),
    Kind(
        "clown", clown, "cartoon", names={"jester": 2, "joker": 3, "harlequin": 1},
        meaning="a funny person of the circus: clown, jester, joker, comedian, harlequin",
        colors={"red": 0, "blue": 1, "orange": 2, "green": 3}, shoulders=True, own_top=True,
    ),
    Kind(
        "devil", devil, "cartoon", names={"demon": 1, "imp": 2, "satan": 0, "fiend": 1},
        meaning="a wicked creature with horns: devil, demon, imp, lucifer, hell",
        colors={"red": 0, "purple": 1, "orange": 2, "blue": 3}, irises=("amber", "green", "hazel"),
        shoulders=True, own_top=True,
    ),
    Kind(
        "angel", angel, "cartoon", names={"cherub": 2, "cupid": 0, "guardian angel": 3},
        meaning="a heavenly being with wings and a halo: angel, cherub, cupid, seraph, heaven",
        colors={"blonde": 0, "golden": 0, "red": 2, "white": 3}, shoulders=True, own_top=True,
    ),
)  # fmt: skip
