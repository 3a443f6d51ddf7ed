"""Bodies of vegetables: carrot, aubergine, bell pepper, onion, broccoli."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.fruits import calyx, chin, green, peel
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import Character


def carrot(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A carrot: a tapered root with rings at its edges and a feathery top."""
    col, deep = (
        ("#f57c1c", "#d8560c"),
        ("#f4b62c", "#dc8c14"),
        ("#8c3c84", "#5c2058"),
        ("#f2e4c0", "#d8bc84"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=2.4, amp=0.4, spec=0.2, gloss=12))
    shape = [
        (0, 0.24, -0.02, 0.98), (0, -0.22, 0.0, 0.93), (0, -0.70, 0.0, 0.72), (0.02, -1.14, 0.0, 0.42),
        (0.06, -1.42, 0.0, 0.17), (0.10, -1.54, 0.0, 0.03),
    ]  # fmt: skip
    b.tube(shape, m, curve=8)
    b.ellipsoid((0, -0.16, 0.10), (0.80, 0.84, 0.86), m, 0.25)
    for x, y, half in (
        (-0.86, 0.46, 0.2), (0.92, 0.12, 0.16), (-0.78, -0.40, 0.14), (0.56, -0.78, 0.2), (-0.30, -1.02, 0.2),
        (0.22, -1.22, 0.14),
    ):  # fmt: skip
        b.decal(m, (x, y, 0.4), (half, 0.028, 0.7), mix(deep, "#5a2008", 0.4), 0.75, 0.6)
    b.group()
    g = b.mat(green("#58a834"))
    for x, y, z in (
        (0.0, 0.42, 0.0), (-0.34, 0.34, 0.05), (0.34, 0.36, 0.05), (-0.64, 0.14, 0), (0.64, 0.16, 0),
    ):  # fmt: skip
        top = 1.07 + y
        b.tube([[x * 0.2, 1.05, -0.05, 0.09], [x * 0.7, 1.16 + y * 0.5, z, 0.07], [x, top, z, 0.05]], g, 0.02)
        for dx, dy, r in ((-0.13, -0.08, 0.13), (0.13, -0.08, 0.13), (0.0, 0.03, 0.13)):
            b.lumpy((x + dx, top + dy, z), (r, r * 0.85, r), 9, 0.07, g, 0.05)
    return Host(
        m, col, mix(col, "#a01c1c", 0.6), mix(col, "#421c04", 0.78), 0.94, 0.12,
        "ball", mix(col, "#ffc080", 0.2), 1.4, 0.5, -0.05, blush="#f0502c", blush_a=0.5, side=0.95,
    )  # fmt: skip


def aubergine(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An aubergine: a glossy pear with a green cap."""
    col, deep = (
        ("#60318a", "#38185c"),
        ("#9c4a8c", "#c080b4"),
        ("#f2ecdc", "#dcd4a8"),
        ("#4c3c84", "#2c2054"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=2.0, amp=0.4, spec=0.34, gloss=26))
    b.ellipsoid((0, -0.40, 0), (1.12, 1.08, 1.05), m)
    b.ellipsoid((0, 0.50, -0.02), (0.80, 0.80, 0.80), m, 0.55)
    chin(b, m, jaw, 0.06, 0.96)
    g = b.mat(green("#5a9a3c"))
    calyx(b, g, 1.24, 0.72, 0.50, 7, 0.15)
    b.group()
    b.tube([[0, 1.1, -0.02, 0.17], [0.02, 1.36, -0.05, 0.13], [0.22, 1.56, -0.05, 0.15]], g, curve=3)
    pale = c.variant % 4 == 2
    return Host(
        m, col, "#b84a68" if pale else mix(col, "#c83c74", 0.55), mix(col, "#140818", 0.75), 0.96, 0.06,
        "ball", mix(col, "#ffffff", 0.12), 1.2, 0.6, -0.05,
        blush=mix(col, "#e0508c", 0.5), blush_a=0.4, side=0.9,
    )  # fmt: skip


def pepper(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """A bell pepper with lobes at its shoulders and feet."""
    col, deep = (
        ("#dc2a20", "#b01414"),
        ("#f6c41e", "#ec9c14"),
        ("#4c9c38", "#2c7428"),
        ("#f0801c", "#d85c10"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, scale=1.8, amp=0.35, spec=0.34, gloss=28))
    b.ellipsoid((0, -0.05, 0), (0.98, 1.08, 0.98), m)
    for s in (-1, 1):
        b.ellipsoid((s * 0.62, 0.30, 0.05), (0.64, 0.80, 0.74), m, 0.16)
        b.ellipsoid((s * 0.44, -0.66, 0.05), (0.56, 0.76, 0.66), m, 0.16)
    b.ellipsoid((0, 0.42, 0.36), (0.52, 0.66, 0.62), m, 0.16)
    b.ellipsoid((0, -0.20, 0.22), (0.84, 0.90, 0.86), m, 0.2)
    chin(b, m, jaw, 0.06, 1.0)
    g = b.mat(green("#4a9434"))
    b.group()
    b.ellipsoid((0, 0.98, 0.0), (0.36, 0.14, 0.36), g)
    b.tube([[0, 0.98, 0, 0.16], [0.02, 1.26, -0.02, 0.12], [0.20, 1.52, 0, 0.15]], g, 0.12, curve=3)
    return Host(
        m, col, mix(col, "#4c0420", 0.64), mix(col, "#200c04", 0.75), 1.0, 0.06,
        "ball", mix(col, "#ffffff", 0.10), 1.0, 0.7, 0,
        blush=mix(col, "#ff6a40", 0.6), blush_a=0.4, side=1.12,
    )  # fmt: skip


def onion(b: SceneBuilder, c: Character, jaw: float) -> Host:
    """An onion: a veined bulb drawn out to a tuft, roots below."""
    col, deep = (
        ("#e0a04a", "#a85c1c"),
        ("#a03c68", "#6c1c48"),
        ("#f2eee0", "#c4cc98"),
        ("#ecd8c4", "#b884a0"),
    )[c.variant % 4]
    m = b.mat(peel(col, deep, tex="stripes", scale=26, amp=0.3, spec=0.3, gloss=20))
    b.ellipsoid((0, -0.20, -0.02), (1.32, 1.12, 1.15), m)
    b.tube([[0, 0.55, -0.05, 0.50], [0, 1.0, -0.05, 0.20], [0.03, 1.30, -0.05, 0.12]], m, 0.35)
    b.decal(m, (0, -0.25, 1.0), (0.95, 1.0, 0.9), mix(col, deep, 0.08), 1.0, 0.7)
    for x, top, r in ((-0.16, 1.52, 0.07), (0.05, 1.60, 0.08), (0.24, 1.48, 0.06)):
        b.tube([[0.03, 1.22, -0.05, 0.10], [x * 0.5, 1.36, -0.05, r], [x, top, -0.05, 0.02]], m, 0.04)
    chin(b, m, jaw, 0.06, 1.04)
    b.group()
    root = b.mat(material("#d8c49c", "hair", "#a88c5c", "mottle", 6, 0.6))
    for i in range(6):
        x = 0.07 * (i - 2.5)
        b.tube([[x, -1.24, 0.1, 0.035], [x * 1.7, -1.38, 0.16, 0.025], [x * 2.2, -1.48, 0.1, 0.012]], root)
    return Host(
        m, col, mix(col, "#a02838", 0.6), mix(col, "#381408", 0.78), 1.04, 0.06,
        "ball", mix(col, "#ffffff", 0.15), 1.1, 0.6, -0.05, blush="#e8604c", blush_a=0.4, side=1.2,
    )  # fmt: skip


def broccoli(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """Broccoli: a thick stalk with the face under a crown of florets; variant 2 is cauliflower."""
    col, head, deep = (
        ("#a8cc66", "#3f8f3a", "#256428"),
        ("#b8d478", "#5ca63c", "#357a2a"),
        ("#cfe09c", "#f4eed8", "#d8caa0"),
        ("#b4c48c", "#6c5890", "#46386c"),
    )[c.variant % 4]
    m = b.mat(peel(col, mix(col, "#6c9a3c", 0.5), scale=2.4, amp=0.35, spec=0.12, gloss=8))
    b.cone((0, -0.70, -0.05), 0.74, 0.98, 0.82, 0.3, m)
    b.ellipsoid((0, -0.26, 0.05), (0.94, 0.98, 0.90), m, 0.25)
    for s in (-1, 1):
        b.tube([[s * 0.62, -0.40, -0.1, 0.30], [s * 1.0, 0.15, -0.15, 0.26]], m, 0.25)
    b.group()
    g = b.mat(
        material(head, "hair", deep, "stone", 8, 0.75, bump=0.4, spec=0.05, rim=0.4, sss=(0.5, 0.5, 0.35))
    )
    for x, y, z, r in (
        (-1.08, 0.52, -0.1, 0.46), (1.08, 0.52, -0.1, 0.46), (-0.78, 0.88, 0.12, 0.48),
        (0.78, 0.88, 0.12, 0.48), (-0.36, 1.02, 0.34, 0.42), (0.36, 1.02, 0.34, 0.42), (0.0, 1.16, 0.2, 0.46),
        (-0.42, 1.22, -0.1, 0.42), (0.42, 1.22, -0.1, 0.42), (-1.22, 0.20, -0.2, 0.32),
        (1.22, 0.20, -0.2, 0.32), (0.0, 0.9, -0.3, 0.8),
    ):  # fmt: skip
        b.lumpy((x * 0.95, y - 0.18, z), (r, r * 0.92, r), 8, 0.14, g, 0.05)
    return Host(
        m, col, mix(col, "#b03c40", 0.6), mix(mix(head, deep, 0.7), "#101c08", 0.5), 0.96, -0.18,
        "ball", mix(col, "#ffffff", 0.12), 1.4, 0.8, -0.1, blush="#f08058", blush_a=0.4, side=0.95,
    )  # fmt: skip


KINDS: Final = (
    Kind(
        "carrot", carrot, "fruit",
        names={"parsnip": 3},
        meaning="a root vegetable: carrot, parsnip, radish, turnip, beet",
        colors={"orange": 0, "yellow": 1, "purple": 2, "white": 3}, own_top=True,
    ),
    Kind(
        "aubergine", aubergine, "fruit",
        names={"eggplant": 0},
        meaning="a glossy purple vegetable: aubergine, eggplant, courgette, zucchini, cucumber",
        colors={"purple": 0, "pink": 1, "white": 2, "blue": 3, "dark": 3}, own_top=True,
    ),
    Kind(
        "bell pepper", pepper, "fruit",
        names={"pepper": None, "paprika": 0, "capsicum": None, "chili": 0},
        meaning="a crisp vegetable: bell pepper, capsicum, chili, jalapeno",
        colors={"red": 0, "yellow": 1, "green": 2, "orange": 3}, own_top=True,
    ),
    Kind(
        "onion", onion, "fruit",
        names={"shallot": 3, "garlic": 2},
        meaning="a layered bulb: onion, garlic, shallot, leek",
        colors={"brown": 0, "golden": 0, "red": 1, "purple": 1, "white": 2, "pink": 3}, own_top=True,
    ),
    Kind(
        "broccoli", broccoli, "fruit",
        names={"cauliflower": 2, "floret": 0},
        meaning="a green vegetable with florets: broccoli, cauliflower, kale, sprouts",
        colors={"green": 0, "white": 2, "purple": 3}, own_top=True,
    ),
)  # fmt: skip
