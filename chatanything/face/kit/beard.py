"""Beards and moustaches, which follow the jaw and leave the lips free."""

from __future__ import annotations

import math

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import HAIR_COLORS
from chatanything.face.kit.rig import FaceCurves
from chatanything.face.kit.site import Site


def add_beard(site: Site) -> None:
    """Beard and moustache; the beard follows the jaw, both leave the lips free."""
    b, c = site.b, site.c
    if c.beard == "none":
        return
    col = HAIR_COLORS[c.hair_color]
    m = b.mat(
        material(
            mix(col, "#000000", 0.15) if c.hair_color not in ("grey", "white") else col,
            "hair",
            mix(col, "#000000", 0.5),
            "fur",
            16,
            0.5,
            bump=0.35,
            spec=0.08,
            rim=0.35,
            sss=(0.4, 0.4, 0.4),
        )
    )
    lip_z = float(b.front(np.array([[0.0, -0.62]]))[0])
    if c.beard not in ("moustache", "handlebar"):
        _chin_beard(site, m)
    if c.beard == "handlebar":
        _handlebar(site, m)
    elif not c.shaven:
        _moustache(site, m, lip_z)


def _chin_beard(site: Site, m: int) -> None:
    b, f, kind = site.b, site.f, site.c.beard
    j, jw = f.jaw, site.c.jaw_width
    b.group()
    if kind == "goatee":
        b.ellipsoid((0, -1.02 - j * 0.6, 0.46), (0.26, 0.24, 0.25), m)
    else:
        b.ellipsoid((0, -0.72 - j * 0.35, 0.10), (0.72 * jw, 0.54 + j * 0.3, 0.68), m)
        b.ellipsoid((0, -1.04 - j * 0.6, 0.42), (0.34, 0.26, 0.28), m, 0.2)
        if kind == "long":
            b.tube(
                [
                    [0, -1.0 - j * 0.5, 0.42, 0.42],
                    [0, -1.4 - j * 0.5, 0.46, 0.36],
                    [0, -1.8 - j * 0.4, 0.42, 0.12],
                ],
                m,
                0.25,
            )
        b.ellipsoid((0, -0.22, 0.75), (0.60, 0.42, 0.9), m, 0.08, op=1)
        b.box((0, 0.95, 0), (2, 1, 2), 0.02, m, 0.05, op=1)
    lips = np.concatenate([f.lip_out_up, f.lip_out_lo[-2:0:-1]])
    b.prism(lips, -0.1, 2, 0.01, m, 0.04, op=1)
    if site.c.shaven:
        b.prism(_bare_skin(f), -0.1, 2, 0.02, m, 0.05, op=1)


def _bare_skin(f: FaceCurves) -> Array:
    """Outline of the skin that a shaven upper lip shows: a wide U from under the lips to the cheeks."""
    half, low = abs(f.lip_out_up[0, 0]) + 0.14, f.lip_out_lo[:, 1].min() - 0.03
    corner = f.lip_out_up[0, 1]
    angle = np.linspace(math.pi, math.tau, 17)
    bow = np.stack([half * np.cos(angle), corner + (corner - low) * np.sin(angle)], 1)
    return np.concatenate([bow, [[half + 0.1, corner + 0.6], [-half - 0.1, corner + 0.6]]])


def _moustache(site: Site, m: int, z: float) -> None:
    b, f = site.b, site.f
    b.group()
    top = f.lip_out_up[:, 1].max() + 0.015
    ex, ey = abs(f.lip_out_up[0, 0]), f.lip_out_up[0, 1]
    for sd in (-1, 1):
        b.tube(
            [
                [sd * 0.02, top + 0.055, z + 0.055, 0.046],
                [sd * 0.14, top + 0.045, z + 0.055, 0.055],
                [sd * (ex + 0.03), ey + 0.05, z - 0.02, 0.042],
                [sd * (ex + 0.09), ey - 0.04 + 0.05 * (site.c.beard == "moustache"), z - 0.09, 0.018],
            ],
            m,
            0.03,
        )


def _handlebar(site: Site, m: int) -> None:
    """Waxed and turned up at the ends, clear of the lips."""
    b, f = site.b, site.f
    b.group()
    top = f.lip_out_up[:, 1].max()
    x = np.array([0.03, 0.13, 0.25, 0.36, 0.43, 0.41])
    y = top + np.array([0.075, 0.075, 0.055, 0.045, 0.11, 0.17])
    z = b.front(np.column_stack([x, y])) + np.array([0.02, 0.025, 0.02, 0.02, 0.03, 0.03])
    radii = np.array([0.030, 0.046, 0.042, 0.030, 0.018, 0.010])
    for sd in (-1, 1):
        b.tube(np.column_stack([sd * x, y, z, radii]), m, 0.02, curve=3)
