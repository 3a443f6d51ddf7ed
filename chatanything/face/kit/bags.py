"""Leather bags with a frame or a lock: handbag, purse, wallet, briefcase, satchel."""

from __future__ import annotations

from typing import Final

from chatanything.face.kit.body import Host, Kind
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.fabric import (
    buckle,
    dressed,
    handle,
    leather,
    metal,
    plain,
    stitches,
)
from chatanything.face.kit.materials import mix
from chatanything.face.kit.params import Character


def handbag(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A lady's handbag: plump, with a trim, a clasp, an arched handle and a heart on a chain."""
    col, trim = (
        ("#d8404c", "#8c1c34"),
        ("#c98548", "#7a4220"),
        ("#9a78cc", "#5c3a8c"),
        ("#3fa39c", "#1c5c62"),
    )[c.variant % 4]
    m, tr, gold = leather(b, col, "skin"), leather(b, trim), metal(b)
    b.box((0, -0.50, -0.1), (1.36, 0.78, 0.60), 0.32, m)
    b.box((0, 0.16, -0.1), (0.98, 0.70, 0.52), 0.28, m, 0.4)
    b.ellipsoid((0, -0.26, 0.16), (0.98, 0.96, 0.58), m, 0.25)
    stitches(b, m, [(-0.82, 0.68), (-1.08, -0.1), (-1.22, -0.94)], mix(col, "#ffffff", 0.65))
    stitches(b, m, [(0.82, 0.68), (1.08, -0.1), (1.22, -0.94)], mix(col, "#ffffff", 0.65))
    b.group()
    b.box((0, -1.20, -0.1), (1.37, 0.15, 0.62), 0.13, tr)
    b.group()
    b.box((0, 0.82, -0.1), (1.02, 0.09, 0.50), 0.08, tr)
    b.group()
    handle(b, tr, 0.66, 0.82, 1.50, 0.095)
    b.group()
    for s in (-1, 1):
        b.torus((s * 0.66, 0.94, -0.06), 0.135, 0.045, gold, R=rot(x=90))
        b.sphere((s * 0.09, 0.99, 0.10), 0.10, gold)
        b.sphere((s * 1.08, -1.36, 0.25), 0.09, gold)
    b.box((0, 0.89, 0.10), (0.30, 0.045, 0.30), 0.04, gold)
    b.tube([[0.70, 0.84, 0.1, 0.022], [1.06, 0.62, 0.30, 0.022], [1.16, 0.36, 0.48, 0.022]], gold, curve=3)
    b.group()
    heart = plain(b, mix(trim, "#ff5a7a", 0.7), 0.9, 50)
    for s in (-1, 1):
        b.tube(
            [[1.17 + s * 0.075, 0.30, 0.50, 0.09], [1.17, 0.12, 0.52, 0.03]],
            heart,
            0.03,
        )
    return dressed(m, col, 0.97, -0.02)


def purse(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A round coin purse with a metal frame and two crossed balls."""
    col = ("#e2567e", "#3f8fb8", "#e0963c", "#5f9c58")[c.variant % 4]
    m, gold = leather(b, col, "skin"), metal(b)
    b.ellipsoid((0, -0.34, -0.05), (1.36, 1.16, 0.86), m)
    b.ellipsoid((0, 0.45, -0.05), (1.02, 0.66, 0.62), m, 0.4)
    b.ellipsoid((0, -0.28, 0.14), (0.94, 1.0, 0.78), m, 0.2)
    for s in (-1, 1):
        for x, y in ((0.74, 0.62), (0.92, 0.40), (1.02, 0.14)):
            b.tube([[s * x, y, 0.50, 0.008], [s * (x + 0.14), y - 0.42, 0.52, 0.03]], m, 0.05, op=1)
    b.group()
    b.tube(
        [
            [-1.20, 0.12, 0.16, 0.085],
            [-1.10, 0.60, 0.14, 0.085],
            [-0.68, 1.02, 0.10, 0.085],
            [0, 1.14, 0.08, 0.085],
            [0.68, 1.02, 0.10, 0.085],
            [1.10, 0.60, 0.14, 0.085],
            [1.20, 0.12, 0.16, 0.085],
        ],
        gold,
        curve=3,
    )
    b.group()
    for s in (-1, 1):
        b.tube([[s * 0.16, 1.16, 0.08, 0.06], [-s * 0.12, 1.36, 0.10 + s * 0.05, 0.06]], gold)
        b.sphere((-s * 0.16, 1.44, 0.10 + s * 0.05), 0.15, gold)
        b.sphere((s * 1.22, 0.08, 0.16), 0.12, gold)
    return dressed(m, col, 1.06, 0.0)


def wallet(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A folded wallet with a snap, banknotes and cards that look out."""
    col = ("#9a5a34", "#2f5f86", "#b8404a", "#4c7a58")[c.variant % 4]
    m, dark, gold = leather(b, col, "skin"), leather(b, mix(col, "#000000", 0.35)), metal(b)
    b.box((0, -0.32, 0.04), (1.28, 1.04, 0.38), 0.20, m)
    b.ellipsoid((0, -0.28, 0.14), (0.92, 0.98, 0.50), m, 0.25)
    edge = [(-1.15, 0.60), (1.15, 0.60), (1.15, -1.22), (-1.15, -1.22), (-1.15, 0.60)]
    stitches(b, m, edge, mix(col, "#ffe8b8", 0.75))
    b.group()
    b.box((0.02, -0.26, -0.36), (1.28, 1.06, 0.20), 0.16, dark)
    b.group()
    for i, (x, y, tilt, paper) in enumerate(
        ((-0.22, 0.74, 5, "#8cc487"), (0.30, 0.66, -4, "#a9d69a"), (0.62, 0.48, -9, "#f0b23c"))
    ):
        b.group()
        w = 0.80 if i < 2 else 0.46
        b.box((x, y, -0.22 + 0.05 * i), (w, 0.55, 0.03), 0.03, plain(b, paper, 0.1), R=rot(z=tilt))
    b.group()
    b.box((1.28, -0.30, 0.20), (0.26, 0.20, 0.34), 0.10, dark)
    b.group()
    b.cylinder((1.20, -0.30, 0.55), 0.10, 0.04, 0.03, gold, R=rot(x=90))
    return dressed(m, col, 1.03, 0.0)


def briefcase(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A stiff case with brass locks, leather corners and a short handle."""
    col = ("#96562c", "#4a5468", "#7c3440", "#a8783c")[c.variant % 4]
    m, gold = leather(b, col, "skin"), metal(b)
    dark = leather(b, mix(col, "#140806", 0.45))
    b.box((0, -0.32, -0.14), (1.40, 1.04, 0.50), 0.16, m)
    b.ellipsoid((0, -0.36, 0.14), (0.94, 0.94, 0.46), m, 0.25)
    b.group()
    b.box((0, 0.46, -0.14), (1.415, 0.028, 0.515), 0.02, dark)
    for s in (-1, 1):
        b.box((s * 1.24, -1.20, -0.14), (0.22, 0.20, 0.55), 0.12, dark)
        b.box((s * 1.24, 0.60, -0.14), (0.22, 0.18, 0.55), 0.12, dark)
    b.group()
    handle(b, dark, 0.50, 0.76, 1.18, 0.11)
    b.group()
    for s in (-1, 1):
        b.box((s * 0.80, 0.52, 0.36), (0.17, 0.13, 0.06), 0.04, gold)
        b.box((s * 0.80, 0.42, 0.41), (0.08, 0.11, 0.05), 0.03, gold)
        b.box((s * 0.50, 0.78, -0.1), (0.14, 0.10, 0.16), 0.05, gold)
    stitches(b, m, [(-0.98, -1.20), (0.98, -1.20)], mix(col, "#ffe8b8", 0.7))
    return dressed(m, col, 0.90, -0.12)


def satchel(b: SceneBuilder, c: Character, _jaw: float) -> Host:
    """A school bag: a wide flap with two buckled straps, and a loop to carry it by."""
    col, strap = (
        ("#c4743a", "#6c3618"),
        ("#7a9a4a", "#6a4424"),
        ("#c8484a", "#5c2a20"),
        ("#4a82b0", "#74481f"),
    )[c.variant % 4]
    m, st, gold = leather(b, col, "skin"), leather(b, strap), metal(b)
    under = leather(b, mix(col, "#1c0a06", 0.28))
    b.box((0, -0.08, -0.04), (1.26, 0.98, 0.58), 0.30, m)
    b.ellipsoid((0, -0.16, 0.14), (0.96, 0.94, 0.58), m, 0.25)
    pale = mix(col, "#fff0c8", 0.75)
    stitches(b, m, [(-1.13, 0.62), (-1.13, -0.93), (1.13, -0.93), (1.13, 0.62)], pale)
    b.group()
    b.box((0, -0.60, -0.14), (1.22, 0.80, 0.50), 0.22, under)
    b.group()
    handle(b, st, 0.42, 0.78, 1.26, 0.10)
    b.group()
    for s in (-1, 1):
        b.box((s * 0.90, -0.86, 0.48), (0.13, 0.46, 0.09), 0.06, st)
        b.box((s * 1.34, -0.50, -0.14), (0.14, 0.50, 0.32), 0.08, under)
        b.tube(
            [[s * 0.95, 0.76, -0.3, 0.13], [s * 1.32, 0.96, -0.4, 0.13], [s * 1.42, 0.10, -0.5, 0.13]],
            st,
            flat=2.2,
            curve=4,
        )
    b.group()
    for s in (-1, 1):
        buckle(b, gold, (s * 0.90, -1.04, 0.60), 0.17, 0.12, 0.035)
        b.box((s * 0.90, -1.04, 0.60), (0.02, 0.12, 0.03), 0.02, gold)
        b.sphere((s * 0.42, 0.86, -0.02), 0.10, gold)
    return dressed(m, col, 0.95, 0.02)


KINDS: Final = (
    Kind(
        "handbag",
        handbag,
        "bag",
        names={"bag": None, "lady's bag": 0, "shoulder bag": 1, "clutch": 2},
        meaning="an elegant leather bag with a handle: handbag, clutch, fashion accessory",
        colors={"red": 0, "brown": 1, "purple": 2, "teal": 3},
        own_top=True,
    ),
    Kind(
        "purse",
        purse,
        "bag",
        names={"coin purse": 0, "change purse": 1},
        meaning="a small round bag for coins: purse, small change, savings",
        colors={"pink": 0, "blue": 1, "orange": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "wallet",
        wallet,
        "bag",
        names={"billfold": 0, "pocketbook": 2, "card holder": 1},
        meaning="something for banknotes and cards: wallet, money, payment, finance",
        colors={"brown": 0, "blue": 1, "red": 2, "green": 3},
        own_top=True,
    ),
    Kind(
        "briefcase",
        briefcase,
        "bag",
        names={"attache case": 1, "portfolio": 3, "document case": 2},
        meaning="a case for papers of a lawyer, banker or manager: briefcase, business, contract",
        colors={"brown": 0, "black": 1, "grey": 1, "burgundy": 2, "tan": 3},
        own_top=True,
    ),
    Kind(
        "satchel",
        satchel,
        "bag",
        names={"school bag": 0, "schoolbag": 0, "messenger bag": 1, "book bag": 3},
        meaning="a bag of a pupil or postman with a flap and buckles: satchel, school, homework",
        colors={"brown": 0, "green": 1, "red": 2, "blue": 3},
        own_top=True,
    ),
)
