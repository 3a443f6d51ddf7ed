"""Noses: human, ball, animal, beak, plate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from chatanything.face.kit.materials import material
from chatanything.face.kit.site import Site

_Point = tuple[float, float, float]
"""x, y in face units, z in head units."""


def add_nose(site: Site) -> None:
    """The nose that the body asks for, with anchors at its tip and below it."""
    if site.h.nose == "human":
        tip, base = _human(site)
    else:
        m = site.b.mat(
            material(
                site.h.nose_color or site.h.color,
                "nose",
                spec=0.6,
                gloss=35,
                wrap=0.4,
                rim=0.35,
                sss=(0.6, 0.45, 0.4),
            )
        )
        tip, base = _NOSES[site.h.nose](site, m)
    for name, (x, y, z) in (("nose_tip", tip), ("nose_base", base)):
        site.anchors[name] = np.array([[x, y * site.h.scale + site.h.cy, z]])


def _human(site: Site) -> tuple[_Point, _Point]:
    b, h, n, s, m = site.b, site.h, site.c.nose, site.h.scale, site.h.skin
    z0, z1, z2, _ = site.nose_z
    length, ns = n.length * 0.94, n.size * 0.88
    ty = -0.36 * length
    tz = z2 + 0.125 * ns * s
    b.tube(
        [
            [*site.at((0, 0.04)), z0 - 0.05 * s, 0.05 * s],
            [*site.at((0, -0.16 * length)), z1 + 0.005 * s * ns, 0.058 * s],
            [*site.at((0, ty)), z2 + 0.06 * s * ns, 0.08 * s * ns],
        ],
        m,
        0.10 * s,
    )
    b.sphere((*site.at((0, ty + 0.02 * n.upturn)), tz - 0.055 * s), 0.098 * s * ns, m, 0.06 * s)
    for sd in (-1, 1):
        b.sphere((*site.at((sd * 0.098 * n.width, ty - 0.025)), tz - 0.125 * s), 0.066 * s * ns, m, 0.05 * s)
        b.ellipsoid(
            (*site.at((sd * 0.050 * n.width, ty - 0.085 * ns + 0.015 * n.upturn)), tz - 0.085 * s),
            (0.027 * s, 0.020 * s, 0.04 * s),
            m,
            0.03 * s,
            op=1,
        )
    b.decal(m, (*site.at((0, ty)), tz), (0.15 * s, 0.12 * s, 0.3), h.blush, h.blush_a * 0.8, 0.8)
    return (0, ty - 0.045 + 0.02 * n.upturn, tz + 0.035 * s), (0, ty - 0.08, tz - 0.04 * s)


def _ball(site: Site, _material: int) -> tuple[_Point, _Point]:
    b, h, n, s, m = site.b, site.h, site.c.nose, site.h.scale, site.h.skin
    z0, z1, z2, _ = site.nose_z
    ns, ty = n.size, -0.36
    b.tube(
        [[*site.at((0, 0.02)), z0 - 0.035 * s, 0.045 * s], [*site.at((0, -0.25)), z1 + 0.0 * s, 0.065 * s]],
        m,
        0.10 * s,
    )
    b.ellipsoid(
        (*site.at((0, ty)), z2 + 0.045 * s), (0.115 * ns * s * n.width, 0.10 * ns * s, 0.115 * s), m, 0.05 * s
    )
    for sd in (-1, 1):
        b.ellipsoid(
            (*site.at((sd * 0.095 * n.width, ty - 0.03)), z2 + 0.02 * s),
            (0.055 * s, 0.05 * s, 0.06 * s),
            m,
            0.05 * s,
        )
        b.ellipsoid(
            (*site.at((sd * 0.045 * n.width, ty - 0.085 * ns)), z2 + 0.075 * s),
            (0.022 * s, 0.016 * s, 0.04 * s),
            m,
            0.025 * s,
            op=1,
        )
    b.decal(m, (*site.at((0, ty)), z2 + 0.1), (0.13 * s, 0.11 * s, 0.3), h.blush, 0.35, 0.8)
    return (0, ty, z2 + 0.16 * s), (0, ty - 0.09, z2 + 0.07 * s)


def _animal(site: Site, nm: int) -> tuple[_Point, _Point]:
    b, s, m = site.b, site.h.scale, site.h.skin
    z0, _, z2, z3 = site.nose_z
    ns, ty = site.c.nose.size, -0.36
    b.tube(
        [[*site.at((0, 0.06)), z0 - 0.03 * s, 0.07 * s], [*site.at((0, -0.28)), z2 - 0.03 * s, 0.10 * s]],
        m,
        0.14 * s,
    )
    b.ellipsoid(
        (*site.at((0, ty + 0.0)), z2 + 0.03 * s), (0.135 * ns * s, 0.085 * ns * s, 0.10 * s), nm, 0.03 * s
    )
    b.ellipsoid((*site.at((0, ty - 0.06)), z2 + 0.02 * s), (0.06 * ns * s, 0.06 * s, 0.07 * s), nm, 0.04 * s)
    for sd in (-1, 1):
        b.ellipsoid(
            (*site.at((sd * 0.065, ty - 0.03)), z2 + 0.12 * s),
            (0.024 * s, 0.017 * s, 0.03 * s),
            nm,
            0.02 * s,
            op=1,
        )
    b.tube(
        [
            [*site.at((0, ty - 0.12)), z3 + 0.02 * s, 0.012 * s],
            [*site.at((0, site.f.mouth_y + 0.09)), float(site.mouth_z(0)) + 0.03 * s, 0.010 * s],
        ],
        m,
        0.03 * s,
        op=1,
    )
    return (0, ty, z2 + 0.13 * s), (0, ty - 0.10, z2 + 0.06 * s)


def _beak(site: Site, nm: int) -> tuple[_Point, _Point]:
    s = site.h.scale
    _, z1, z2, _ = site.nose_z
    site.b.tube(
        [
            [*site.at((0, -0.14)), z1 - 0.05 * s, 0.085 * s],
            [*site.at((0, -0.30)), z2 + 0.06 * s, 0.10 * s],
            [*site.at((0, -0.44)), z2 + 0.08 * s, 0.035 * s],
        ],
        nm,
        0.03 * s,
    )
    return (0, -0.36, z2 + 0.17 * s), (0, -0.46, z2 + 0.05 * s)


def _plate(site: Site, nm: int) -> tuple[_Point, _Point]:
    s = site.h.scale
    z0, _, z2, _ = site.nose_z
    site.b.tube(
        [[*site.at((0, -0.02)), z0 - 0.01 * s, 0.05 * s], [*site.at((0, -0.34)), z2 + 0.05 * s, 0.085 * s]],
        nm,
        0.03 * s,
    )
    for sd in (-1, 1):
        site.b.sphere((*site.at((sd * 0.085, -0.37)), z2 + 0.02 * s), 0.055 * s, nm, 0.03 * s)
    return (0, -0.35, z2 + 0.13 * s), (0, -0.44, z2 + 0.05 * s)


_NOSES: Final[Mapping[str, Callable[[Site, int], tuple[_Point, _Point]]]] = {
    "ball": _ball,
    "animal": _animal,
    "beak": _beak,
    "plate": _plate,
}
