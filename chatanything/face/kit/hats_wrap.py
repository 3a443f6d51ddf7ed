"""Cloth round the head, and small things worn in the hair."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit.builder import rot
from chatanything.face.kit.crown import Crown
from chatanything.face.kit.materials import material, mix


def _cloth(p: Crown, color: str) -> int:
    return p.b.mat(
        material(
            color, "hat", mix(color, "#000000", 0.25), "strands", 1.4, 0.35, bump=0.2, spec=0.08, rim=0.4
        )
    )


def _beret(p: Crown) -> None:
    """A flat round cap worn askew."""
    b, y, R, z = p.b, p.y + (0.10 if p.human else 0.16), p.radius, p.z
    tilt = rot(z=-9, x=-12)
    b.torus((0, y + 0.06, z), R * 0.93, 0.085, p.m, R=tilt, stretch=1.3)
    b.ellipsoid((0.04, y + 0.26, z - 0.02), (R * 1.06, R * 0.46, R * 1.04), p.m, 0.08, R=tilt)
    b.ellipsoid((R * 0.52, y + 0.16, z), (R * 0.74, R * 0.32, R * 0.92), p.m, 0.16, R=rot(z=-26, x=-10))
    b.tube([[0.06, y + 0.62, z, 0.045], [0.10, y + 0.80, z, 0.035]], p.m, 0.05)


def _chef(p: Crown) -> None:
    """A white band and a billowing top."""
    b, y, R, z = p.b, p.y + 0.12, p.radius, p.z
    m = b.mat(material("#f6f4ee", "hat", spec=0.05, wrap=0.5, rim=0.4, sss=(0.6, 0.6, 0.6)))
    b.cylinder((0, y + 0.20, z), R * 0.96, 0.25, 0.04, m)
    b.group()
    for i in range(9):
        a = math.tau * i / 9 + 0.2
        b.ellipsoid(
            (math.sin(a) * R * 0.72, y + 0.66, z + math.cos(a) * R * 0.72), (0.38, 0.34, 0.38), m, 0.07
        )
    b.ellipsoid((0, y + 0.80, z), (R * 0.8, 0.30, R * 0.8), m, 0.1)


def _headphones(p: Crown) -> None:
    """A band over the hair and two cups on the ears."""
    b, z = p.b, p.z + 0.06
    dark = b.mat(material("#2e2e36", "hat", spec=0.4, gloss=30))
    color = b.mat(material(p.color, "hat", spec=0.45, gloss=30))
    w = p.radius * 1.06 if p.human else p.radius * 1.12
    low, top = (-0.08, 1.30) if p.human else (p.h.cy - 0.05, p.h.top + 0.10)
    rows = [
        [math.sin(a) * w * 1.04, low + (top - low) * math.cos(a), z, 0.065]
        for a in [math.radians(d) for d in range(-90, 91, 15)]
    ]
    b.tube(rows, dark)
    for sd in (-1, 1):
        b.group()
        b.cylinder((sd * (w + 0.04), low, z), 0.27, 0.10, 0.08, dark, R=rot(z=90))
        b.cylinder((sd * (w + 0.15), low, z), 0.24, 0.09, 0.07, color, 0.02, R=rot(z=90))


def _flower(p: Crown) -> None:
    """One blossom at the temple."""
    b = p.b
    petal = b.mat(
        material(
            ("#f07a9a", "#f4f0f0", "#f0a030", "#b06ad8")[p.variant], "hat", spec=0.1, sss=(0.6, 0.5, 0.5)
        )
    )
    heart = b.mat(material("#f0c83c", "hat", spec=0.1))
    x, y, z = (0.70, 0.74, 0.36) if p.human else (p.radius * 0.70, p.y + 0.22, p.z + p.radius * 0.62)
    for i in range(6):
        a = math.tau * i / 6
        b.ellipsoid(
            (x + math.cos(a) * 0.15, y + math.sin(a) * 0.15, z + 0.02 - 0.06 * math.cos(a)),
            (0.13, 0.085, 0.05),
            petal,
            0.015,
            R=rot(y=25) @ rot(z=math.degrees(a)),
        )
    b.group()
    b.sphere((x + 0.03, y, z + 0.07), 0.085, heart)


def _bow(p: Crown) -> None:
    """A ribbon bow on top."""
    b, m = p.b, p.b.mat(material(("#d83a50", "#f090b4", "#3a6ac8", "#e8b832")[p.variant], "hat", spec=0.15))
    x, y, z = (0.36, 1.12, 0.30) if p.human else (0.25, p.h.top + 0.08, p.z + 0.25)
    turn = rot(z=-14)
    for sd in (-1, 1):
        wide, high = turn @ [sd * 0.34, 0.04, 0], turn @ [sd * 0.30, -0.10, 0]
        b.ellipsoid((x + wide[0], y + wide[1], z), (0.27, 0.19, 0.11), m, 0.05, R=turn @ rot(z=sd * 18))
        b.ellipsoid(
            (x + high[0] * 0.6, y + high[1] * 3.2, z + 0.02), (0.09, 0.20, 0.05), m, 0.04, R=rot(z=sd * 22)
        )
    b.ellipsoid((x, y, z + 0.04), (0.10, 0.12, 0.11), m, 0.02)


def _headscarf(p: Crown) -> None:
    """A hijab: round the face, under the chin, over the shoulders."""
    b, R = p.b, p.radius / 0.93
    m = _cloth(p, ("#7d9cc8", "#c88a94", "#5f8f7c", "#8c78b4")[p.variant])
    under = _cloth(p, ("#5d7cac", "#a86a76", "#437060", "#6c5896")[p.variant])
    b.ellipsoid((0, 0.30, -0.14), (0.97 * R, 0.99, 1.0), m)
    b.ellipsoid((0, -0.42, -0.10), (0.90 * R, 0.90, 0.76), m, 0.22)
    b.tube([[0, -0.9, -0.12, 0.66], [0, -1.5, -0.10, 0.72], [0, -1.9, -0.08, 0.95]], m, 0.25)
    b.ellipsoid((0, -0.28, 0.95), (0.70 * R, 1.00, 1.10), m, 0.06, op=1)
    b.group()
    for i in range(3):
        y = -1.28 - 0.22 * i
        b.tube(
            [
                [-0.72, y + 0.42 - 0.1 * i, 0.10, 0.06],
                [-0.36, y + 0.05, 0.46 + 0.05 * i, 0.09],
                [0.05, y - 0.12, 0.52 + 0.07 * i, 0.10],
                [0.45, y + 0.06, 0.42 + 0.06 * i, 0.09],
                [0.74, y + 0.46 - 0.1 * i, 0.08, 0.06],
            ],
            m,
            0.16,
            curve=3,
        )
    b.group()
    b.ellipsoid((0, 0.34, -0.13), (0.93 * R, 0.93, 0.965), under)
    b.ellipsoid((0, -0.26, 0.95), (0.70 * R, 0.96, 1.08), under, 0.04, op=1)
    b.box((0, -1.3, 0), (2, 1.5, 2), 0.0, under, 0.02, op=1)


def _turban(p: Crown) -> None:
    """Cloth wound round the head in crossing folds."""
    b, y, R, z = p.b, p.y + 0.16, p.radius, p.z
    m = _cloth(p, ("#d8782c", "#2c6c9c", "#a8324a", "#e8e0cc")[p.variant])
    b.ellipsoid((0, y + 0.10, z), (R * 0.98, R * 0.78, R * 1.0), m)
    b.box((0, y - 1.52, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
    for i in range(4):
        for sd in (-1, 1):
            lean = sd * (24 - 3 * i)
            b.torus(
                (0, y + 0.10 + 0.14 * i, z),
                R * (0.94 - 0.075 * i),
                0.115,
                m,
                0.035,
                R=rot(z=lean, x=-6),
                stretch=1.2,
            )
    b.group()
    jewel = b.mat(material("#d83858", "hat", spec=0.9, gloss=50, glow=0.1))
    if p.variant % 2:
        b.ellipsoid((0, y + 0.30, z + R * 1.06), (0.07, 0.09, 0.05), jewel)


HATS: Final[Mapping[str, Callable[[Crown], None]]] = {
    "beret": _beret,
    "chef": _chef,
    "headphones": _headphones,
    "flower": _flower,
    "bow": _bow,
    "headscarf": _headscarf,
    "turban": _turban,
}
