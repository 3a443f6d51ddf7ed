"""Spectacles and a monocle; frames only, so that the eyes stay readable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from chatanything.face.kit.builder import rot
from chatanything.face.kit.materials import material
from chatanything.face.kit.site import Site

_LENSES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "square": (
        (-0.78, 0.82), (0.78, 0.82), (1.08, 0.52), (1.05, -0.52), (0.69, -0.82), (-0.69, -0.82),
        (-1.05, -0.52),
        (-1.08, 0.52), (-0.78, 0.82),
    ),
    "cat-eye": (
        (-0.95, 0.40), (-0.4, 0.70), (0.5, 0.86), (1.30, 1.18), (1.22, 0.5), (0.95, -0.3), (0.45, -0.82),
        (-0.35, -0.84), (-0.92, -0.35), (-0.95, 0.40),
    ),
    "aviator": (
        (-0.92, 0.62), (0.0, 0.84), (0.95, 0.72), (1.14, 0.3), (1.05, -0.4), (0.6, -1.0), (0.0, -1.08),
        (-0.6, -0.72), (-0.98, 0.1), (-0.92, 0.62),
    ),
}  # fmt: skip
"""Outline of the left lens in lens radii, x away from the nose."""


def add_glasses(site: Site) -> None:
    """Spectacle frame (no lenses), in front of whatever is around the eyes."""
    b, c, h, ec, re = site.b, site.c, site.h, site.eyes, site.radius
    if c.glasses == "none":
        return
    if c.glasses == "monocle":
        _monocle(site)
        return
    m = b.mat(
        material(
            ("#2a2226", "#8c2a30", "#c8a040", "#2a4a8c")[c.variant % 4],
            "glasses",
            spec=0.7,
            gloss=40,
            rim=0.3,
        )
    )
    R, z, r = min(re / 1.12 * 1.38, abs(ec[0, 0]) - 0.045), ec[:, 2].max() + re * 1.20, 0.020 * h.scale
    ring = np.array(
        [
            [e[0] + R * 1.05 * math.cos(a), e[1] - 0.01 + R * 0.9 * math.sin(a)]
            for e in ec
            for a in np.radians((0, 45, 135, 180, 225, 315))
        ]
    )
    z = min(max(z, float(b.front(ring).max()) + 1.5 * r), z + re * 0.5)
    b.group()
    for i, sd in enumerate((-1, 1)):
        x, y = ec[i, 0], ec[i, 1] - 0.01
        if c.glasses == "round":
            b.torus((x, y, z), R, r, m, R=rot(x=90))
        else:
            outline = np.array(_LENSES[c.glasses]) * R
            b.tube([[x + sd * u, y + v, z, r * 1.1] for u, v in outline], m)
        b.tube(
            [
                [x + sd * R, y + 0.03, z, r],
                [sd * max(h.side * 1.03 if c.kind == "human" else 0, abs(x) + R), y + 0.06, z - 0.35, r],
                [sd * max(h.side * 1.03 if c.kind == "human" else 0, abs(x) + R), y + 0.08, -0.1, r],
            ],
            m,
        )
    x = abs(ec[0, 0]) - R
    b.tube([[-x, ec[0, 1], z, r], [0, ec[0, 1] + 0.035, z + 0.015, r], [x, ec[0, 1], z, r]], m)


def _monocle(site: Site) -> None:
    """One golden ring with a chain."""
    b, e, re = site.b, site.eyes[1], site.radius
    m = b.mat(material("#e0b040", "glasses", spec=0.8, gloss=40, metal=0.4))
    R, s = re / 1.12 * 1.45, site.h.scale
    z = e[2] + re * 1.2
    b.group()
    b.torus((e[0], e[1] - 0.01, z), R, 0.026 * s, m, R=rot(x=90))
    x, y = e[0] + R * 0.8, e[1] - R * 0.6
    b.tube(
        [
            [x, y, z, 0.014],
            [x + 0.12 * s, y - 0.30 * s, z - 0.12, 0.012],
            [x + 0.16 * s, y - 0.70 * s, z - 0.35, 0.012],
        ],
        m,
        curve=3,
    )
