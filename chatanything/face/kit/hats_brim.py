"""Hats with brims and peaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit.builder import rot
from chatanything.face.kit.crown import Crown
from chatanything.face.kit.materials import material, mix


def _felt(p: Crown, colors: tuple[str, str, str, str]) -> int:
    """Soft matt cloth in one of four colours."""
    color = colors[p.variant]
    return p.b.mat(
        material(color, "hat", mix(color, "#000000", 0.2), "fur", 30, 0.2, bump=0.08, spec=0.06, rim=0.4)
    )


def _plain(p: Crown, color: str, spec: float = 0.1) -> int:
    return p.b.mat(material(color, "hat", spec=spec, gloss=25, rim=0.3))


def _fedora(p: Crown) -> None:
    """A pinched crown, a band, a brim that dips in front."""
    b, y, R, z = p.b, p.y + 0.16, p.radius, p.z
    m = _felt(p, ("#6b4a34", "#4a4a52", "#7a2e34", "#3c4a3a"))
    tilt = rot(x=7)
    b.ellipsoid((0, y, z + 0.02), (R * 1.42, 0.055, R * 1.42), m, R=tilt)
    b.cone((0, y + 0.34, z - 0.02), R * 1.0, R * 0.80, 0.38, 0.16, m, 0.06)
    b.ellipsoid((0, y + 0.80, z + 0.05), (0.20, 0.14, R * 0.75), m, 0.14, op=1)
    b.group()
    b.cylinder((0, y + 0.11, z), R * 1.0, 0.085, 0.03, _plain(p, "#241c1c"))


def _top_hat(p: Crown) -> None:
    """A silk cylinder."""
    b, y, R, z = p.b, p.y + 0.18, p.radius, p.z
    m = _plain(p, ("#26262c", "#2c2440", "#3c2028", "#203430")[p.variant], 0.35)
    b.ellipsoid((0, y, z), (R * 1.32, 0.05, R * 1.32), m)
    b.cone((0, y + 0.38, z), R * 0.90, R * 0.95, 0.39, 0.05, m, 0.05)
    b.group()
    b.cylinder((0, y + 0.13, z), R * 0.95, 0.10, 0.03, _plain(p, "#a8283c"))


def _straw(p: Crown) -> None:
    """A wide summer hat with a ribbon."""
    b, y, R, z = p.b, p.y + 0.16, p.radius, p.z
    m = b.mat(material("#e2bc6c", "hat", tex="weave", scale=70, amp=0.16, spec=0.08, rim=0.35))
    b.ellipsoid((0, y - 0.02, z), (R * 1.62, 0.06, R * 1.55), m, R=rot(x=6))
    b.ellipsoid((0, y + 0.02, z), (R * 1.0, R * 0.66, R * 1.0), m, 0.06)
    b.group()
    b.cylinder((0, y + 0.13, z), R * 1.01, 0.08, 0.03, _plain(p, p.color))


def _wizard(p: Crown) -> None:
    """A tall cone with a bent tip and stars."""
    b, y, R, z = p.b, p.y + 0.14, p.radius, p.z
    m = _felt(p, ("#3b3f9c", "#5b3390", "#2f2a3c", "#20606c"))
    gold = p.b.mat(material("#f0c84a", "hat", spec=0.5, glow=0.12))
    b.ellipsoid((0, y, z), (R * 1.50, 0.06, R * 1.45), m, R=rot(x=7))
    b.tube(
        [
            [0, y - 0.05, z, R * 0.98],
            [0.0, y + 0.30, z - 0.02, R * 0.66],
            [0.06, y + 0.68, z - 0.06, R * 0.36],
            [0.30, y + 0.94, z - 0.02, R * 0.15],
            [0.56, y + 0.86, z + 0.04, 0.04],
        ],
        m,
        0.06,
        curve=3,
    )
    b.box((0, y - 1.0, z), (2, 0.97, 2), 0.0, m, 0.02, op=1)
    b.group()
    b.torus((0, y + 0.12, z), R * 0.88, 0.07, gold)
    for x, dy, dz, r in ((-0.26, 0.42, 0.60, 0.07), (0.22, 0.52, 0.50, 0.06), (0.0, 0.78, 0.27, 0.05)):
        b.sphere((x * R, y + dy, z + dz * R + 0.06), r, gold)


def _hard(p: Crown) -> None:
    """A glossy helmet with ridges."""
    b, y, R, z = p.b, p.y + 0.06, p.radius, p.z
    m = _plain(p, ("#f2b824", "#f07828", "#e8e8e8", "#3a78c8")[p.variant], 0.5)
    b.ellipsoid((0, y, z), (R * 1.06, R * 0.86, R * 1.10), m)
    b.box((0, y - 1.42, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
    b.ellipsoid((0, y + 0.09, z + 0.12), (R * 1.22, 0.06, R * 1.28), m, 0.05, R=rot(x=5))
    for x in (-0.22, 0.0, 0.22):
        rows = [
            [x, y + R * 0.86 * math.cos(a) * (1 - x * x * 0.6), z + R * 1.09 * math.sin(a), 0.05]
            for a in (-1.1, -0.6, -0.2, 0.2, 0.6, 1.0)
        ]
        b.tube(rows, m, 0.04, curve=2)


def _police(p: Crown) -> None:
    """A flat peaked cap with a badge."""
    b, y, R, z = p.b, p.y + 0.12, p.radius, p.z
    m = _plain(p, ("#22305c", "#2c2c34", "#24483a", "#22305c")[p.variant])
    black = _plain(p, "#16161a", 0.6)
    b.cylinder((0, y + 0.10, z), R * 1.0, 0.14, 0.03, m)
    b.ellipsoid((0, y + 0.36, z + 0.05), (R * 1.26, 0.20, R * 1.22), m, 0.14, R=rot(x=-7))
    b.group()
    b.ellipsoid((0, y - 0.02, z + R * 0.92), (R * 0.76, 0.045, R * 0.48), black, R=rot(x=24))
    b.torus((0, y + 0.01, z), R * 0.99, 0.035, black)
    b.group()
    gold = b.mat(material("#f0c040", "hat", spec=0.8, gloss=40, metal=0.4))
    for a in range(5):
        w = math.tau * a / 5
        b.ellipsoid(
            (math.sin(w) * 0.06, y + 0.17 + math.cos(w) * 0.06, z + R * 1.05), (0.06, 0.06, 0.04), gold
        )


def _cowboy(p: Crown) -> None:
    """A brim rolled up at both sides."""
    b, y, R, z = p.b, p.y + 0.16, p.radius, p.z
    m = _felt(p, ("#8a5a34", "#c09a68", "#4a3228", "#3a3a40"))
    for sd in (-1, 1):
        b.ellipsoid((sd * R * 0.55, y + 0.06, z), (R * 1.0, 0.06, R * 1.28), m, 0.22, R=rot(x=5, z=sd * 13))
    b.cone((0, y + 0.34, z - 0.02), R * 0.98, R * 0.76, 0.40, 0.18, m, 0.08)
    b.ellipsoid((0, y + 0.84, z), (0.18, 0.20, R * 0.85), m, 0.16, op=1)
    b.group()
    b.cylinder((0, y + 0.15, z), R * 0.97, 0.06, 0.03, _plain(p, "#3a2418"))


HATS: Final[Mapping[str, Callable[[Crown], None]]] = {
    "fedora": _fedora,
    "top hat": _top_hat,
    "straw hat": _straw,
    "wizard": _wizard,
    "hard hat": _hard,
    "police": _police,
    "cowboy": _cowboy,
}
