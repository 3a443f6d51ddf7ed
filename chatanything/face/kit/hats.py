"""Caps, crowns and woollen hats, and the table of everything on the head."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit import hats_brim, hats_wrap
from chatanything.face.kit.body import Host, leaf
from chatanything.face.kit.builder import SceneBuilder, rot
from chatanything.face.kit.crown import Crown
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import CLOTH_COLORS, Character


def add_hat(b: SceneBuilder, c: Character, h: Host) -> None:
    """The character's hat, scaled to the crown of its body."""
    if c.hat == "none":
        return
    human = c.kind == "human"
    y, radius, z = (0.50, 0.93 * c.head_width, -0.14) if human else (h.top - 0.30, h.top_r, h.top_z)
    if human and c.hair == "afro" and c.hat not in hats_wrap.HATS:
        radius, y = 1.05, 0.72
    color = CLOTH_COLORS[("red", "navy", "green", "yellow")[c.variant % 4]]
    m = b.mat(material(color, "hat", tex="weave", scale=90, amp=0.06, spec=0.06, wrap=0.45, rim=0.35))
    b.group()
    _HATS[c.hat](Crown(b, h, m, color, y, radius, z, human, c.variant % 4))


def _cap(p: Crown) -> None:
    """A cap with a peak."""
    b, m, y, R, z = p.b, p.m, p.y, p.radius, p.z
    b.ellipsoid((0, y, z), (R * 1.02, R * 0.80, R * 1.06), m)
    b.box((0, y - 1.5, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
    b.ellipsoid((0, y - 0.02, z + R * 1.0), (R * 0.74, 0.06, R * 0.66), m, 0.05, R=rot(x=26))
    b.sphere((0, y + R * 0.80, z), 0.06, m, 0.02)


def _sailor(p: Crown) -> None:
    """A sailor's hat with a ribbon, worn askew."""
    b, y, R, z = p.b, p.y, p.radius, p.z
    wh = b.mat(material("#f3f3f0", "hat", tex="weave", scale=80, amp=0.04, spec=0.06, wrap=0.5, rim=0.35))
    nv = b.mat(material("#23366e", "hat", spec=0.1, rim=0.3))
    rd = b.mat(material("#c8323a", "hat", spec=0.1))
    T = rot(z=-10, x=-8)
    b.cylinder((0, y + 0.12, z + 0.05), R * 0.90, 0.15, 0.05, nv, R=T)
    b.group()
    b.ellipsoid((0.03, y + 0.36, z + 0.03), (R * 1.12, R * 0.27, R * 1.08), wh, R=T)
    b.group()
    b.tube(
        [
            [R * 0.70, y + 0.02, z + 0.55 * R, 0.05],
            [R * 0.98, y - 0.22, z + 0.42 * R, 0.055],
            [R * 0.90, y - 0.45, z + 0.45 * R, 0.03],
        ],
        rd,
        flat=2,
    )


def _beanie(p: Crown) -> None:
    """A woolly hat with a turned-up brim and a bobble."""
    b, m, y, R, z = p.b, p.m, p.y, p.radius, p.z
    b.ellipsoid((0, y, z), (R * 1.02, R * 0.86, R * 1.05), m)
    b.box((0, y - 1.5, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
    w = b.mat(
        material(
            mix(p.color, "#ffffff", 0.75),
            "hat",
            tex="weave",
            scale=40,
            amp=0.15,
            rim=0.4,
            sss=(0.6, 0.6, 0.6),
        )
    )
    b.group()
    b.torus((0, y + 0.04, z), R * 0.97, 0.10, w, stretch=1.25)
    b.group()
    b.lumpy((0, y + R * 0.95, z), (0.19, 0.19, 0.19), 14, 0.05, w)


def _crown(p: Crown) -> None:
    """A golden crown with three gems."""
    b, z = p.b, p.z
    y, R = p.y + (0.12 if p.human else 0.05), p.radius * 1.06
    g = b.mat(material("#e9b638", "hat", spec=0.9, gloss=40, metal=0.6, rim=0.5))
    gem = [
        b.mat(material(q, "hat", spec=0.9, gloss=60, glow=0.15)) for q in ("#d0284a", "#2a6ad0", "#2aa060")
    ]
    b.cylinder((0, y + 0.26, z), R * 0.86, 0.16, 0.04, g)
    b.cylinder((0, y + 0.40, z), R * 0.78, 0.30, 0.02, g, 0.0, op=1)
    for i in range(8):
        a = i / 8 * math.tau
        x, zz = math.sin(a) * R * 0.83, z + math.cos(a) * R * 0.83
        b.tube([[x, y + 0.32, zz, 0.12], [x * 1.08, y + 0.62, z + (zz - z) * 1.08, 0.02]], g, 0.04)
        b.sphere((x * 1.09, y + 0.64, z + (zz - z) * 1.09), 0.06, g, 0.02)
    for i in (-1, 0, 1):
        b.group()
        a = i * 0.55
        b.ellipsoid(
            (math.sin(a) * R * 0.86, y + 0.26, z + math.cos(a) * R * 0.86), (0.06, 0.07, 0.05), gem[i % 3]
        )


def _leaf(p: Crown) -> None:
    """One leaf."""
    b, h = p.b, p.h
    leaf(
        b,
        b.mat(material("#5aa52f", "hat", "#3c7d22", "mottle", 4, 0.6)),
        (0, h.top - 0.05, 0),
        (0.6, h.top + 0.35, 0.1),
        0.2,
    )


def _antenna(p: Crown) -> None:
    """One antenna."""
    b, h, m = p.b, p.h, p.m
    b.tube([[0, h.top - 0.1, -0.1, 0.04], [0.1, h.top + 0.35, -0.1, 0.03]], m)
    b.sphere((0.1, h.top + 0.4, -0.1), 0.1, m)


_HATS: Final[Mapping[str, Callable[[Crown], None]]] = {
    "cap": _cap,
    "sailor": _sailor,
    "beanie": _beanie,
    "crown": _crown,
    "leaf": _leaf,
    "antenna": _antenna,
    **hats_brim.HATS,
    **hats_wrap.HATS,
}
