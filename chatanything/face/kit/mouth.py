"""Lips, the opening between them, teeth and tongue."""

from __future__ import annotations

import numpy as np

from chatanything.face.kit.builder import rot
from chatanything.face.kit.materials import material
from chatanything.face.kit.site import Site

_CLOSED = 0.018
"""Largest gap in face units that is drawn as a seam."""


def add_mouth(site: Site) -> None:
    """The mouth in the shape of the rig's contours."""
    b, h, f, s = site.b, site.h, site.f, site.h.scale
    lips = b.mat(
        material(
            h.lip,
            "lips",
            spec=0.45 if site.c.lipstick else 0.28,
            gloss=22,
            wrap=0.5,
            rim=0.2,
            sss=(0.7, 0.4, 0.4),
        )
    )
    cavity = b.mat(material("#4a0f14", "mouth", spec=0.05, wrap=0.3, rim=0, sss=(0.3, 0.1, 0.1)))
    back = float(site.mouth_z([-0.2, 0, 0.2]).min())
    closed = f.mouth_open < _CLOSED
    if not closed:
        loop = np.concatenate([f.lip_in_up, f.lip_in_lo[-2:0:-1]])
        b.prism(site.at(loop), back - 0.58 * s, back + 1.0, 0.006 * s, cavity, 0.02 * s, op=1)
    _lips(site, lips)
    if closed:
        _seam(site, cavity)
    _corners(site)
    if not closed:
        _teeth_and_tongue(site, back)


def _lips(site: Site, m: int) -> None:
    """A tube along each lip; the lower one goes back with the jaw."""
    f, s = site.f, site.h.scale
    t = np.linspace(-1, 1, len(f.lip_in_up))
    for name, out, inn, jz in (
        ("up", f.lip_out_up, f.lip_in_up, 0.0),
        ("lo", f.lip_out_lo, f.lip_in_lo, -0.16 * f.jaw),
    ):
        mid = (out + inn) / 2
        r = np.maximum(np.abs(out[:, 1] - inn[:, 1]) / 2, 0.010)
        z = site.mouth_z(mid[:, 0]) + f.protrude * s * (1 - t * t)
        z = z + jz * s * (1 - t * t) - r * s * 0.25 + 0.008
        site.b.tube(np.column_stack([site.at(mid), z, r * s]), m, 0.018 * s)
        site.anchors["lip_out_" + name] = np.column_stack([site.at(out), z + r * s * 0.5])
        site.anchors["lip_in_" + name] = np.column_stack([site.at(inn), z + r * s * 0.6])


def _seam(site: Site, m: int) -> None:
    """The line of a closed mouth."""
    f, s = site.f, site.h.scale
    t = np.linspace(-1, 1, len(f.lip_in_up))
    seam = (f.lip_in_up + f.lip_in_lo) / 2
    z = site.mouth_z(seam[:, 0]) + f.protrude * s * (1 - t * t)
    z = z + 0.035 * s * (1 - t * t) * (site.c.mouth.lower) + 0.012
    site.b.tube(np.column_stack([site.at(seam), z, np.full(len(t), 0.006 * s)]), m, 0.022 * s, op=1)


def _corners(site: Site) -> None:
    """Dents at the mouth's corners."""
    f, s = site.f, site.h.scale
    for sd in (-1, 1):
        x = abs(f.lip_in_up[0, 0]) * 1.10
        y = f.lip_in_up[0, 1]
        z = float(site.mouth_z(x)) + 0.012 * s
        site.b.tube(
            [
                [*site.at((sd * x, y + 0.02 + 0.02 * f.smile)), z, 0.008 * s],
                [*site.at((sd * x, y - 0.02)), z, 0.008 * s],
            ],
            site.h.skin,
            (0.03 + 0.03 * f.smile) * s,
            op=1,
        )


def _teeth_and_tongue(site: Site, back: float) -> None:
    """Two rows of teeth and a tongue, each a group of its own behind the lips."""
    b, f, s = site.b, site.f, site.h.scale
    teeth = b.mat(
        material("#f6f1e6", "teeth", spec=0.3, gloss=40, wrap=0.6, rim=0, sss=(0.7, 0.7, 0.7), glow=0.22)
    )
    z = back - 0.085 * s
    half = min(0.235, 0.86 * float(np.abs(f.lip_in_up[:, 0]).max()) + 0.03)
    top, low = float(f.lip_in_up[:, 1].max()), float(f.lip_in_lo[:, 1].min())
    hidden = 0.5 * max(0.0, f.protrude)  # round lips stand before the teeth
    b.group()
    b.arch(
        (0, site.at((0, min(top, f.mouth_y + 0.05) + 0.012 + hidden))[1], z),
        (half * s, 0.070 * s, 0.045 * s),
        0.035 * s,
        1.1 / s,
        teeth,
    )
    b.group()
    b.arch(
        (0, site.at((0, low - 0.015 - hidden))[1], z - (0.03 + 0.10 * f.jaw) * s),
        (
            half * (0.86 - f.jaw) * s,
            0.058 * s,
            0.04 * s,
        ),  # a dropped chin is narrow: teeth must not pierce it
        0.03 * s,
        1.1 / s,
        teeth,
    )
    tongue = b.mat(
        material("#d0535c", "tongue", spec=0.35, gloss=18, wrap=0.5, rim=0.05, sss=(0.8, 0.4, 0.4))
    )
    b.group()
    y = low + 0.02 + 0.14 * f.tongue_up * min(1, f.mouth_open / 0.2) + 0.03 * f.tongue_out
    b.ellipsoid(
        (0, site.at((0, y))[1], z - 0.20 * s + 0.20 * s * f.tongue_out),
        (min(0.17, half * 0.85) * s, (0.07 + 0.02 * f.jaw) * s, 0.22 * s),
        tongue,
        0,
        R=rot(x=18 * f.tongue_up - 8),
    )
    b.ellipsoid(
        (0, site.at((0, y - 0.03))[1], z - 0.34 * s),
        (min(0.19, half) * s, 0.13 * s, 0.2 * s),
        tongue,
        0.08,
    )
