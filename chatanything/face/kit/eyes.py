"""Eyelids, eye openings, eyeballs, lashes and brows."""

from __future__ import annotations

import math

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.materials import lin, luminance, material, mix
from chatanything.face.kit.params import IRIS_COLORS
from chatanything.face.kit.site import LID, Site

_SIDES = "rl"  # viewer's left first: the character's right


def add_lids(site: Site) -> None:
    """Bulges of the eyelids with shaded sockets."""
    b, h, s, half = site.b, site.h, site.h.scale, site.half
    socket = mix(h.color, h.blush, 0.35) if site.c.kind == "human" else mix(h.color, "#000000", 0.25)
    for center in site.eyes:
        b.sphere(center, site.radius * LID, h.skin, 0.10 * s)
        b.decal(
            h.skin,
            (center[0], center[1] + 0.02 * s, center[2] + site.radius),
            (half * 1.5, half * 1.25, 0.5),
            socket,
            0.38,
            0.5,
        )


def add_creases(site: Site) -> None:
    """Lines engraved above the upper lids."""
    f, s = site.f, site.h.scale
    for i in range(2):
        upper = f.eye[i][:9]
        crease = upper[1:8] + np.array([0, 0.22 * f.eye_half])
        crease[:, 1] = np.maximum(crease[:, 1], f.eye_half * (0.55 - 0.2 * f.blink[i]))
        p = site.at(crease)
        z = site.lid_z(p, i, LID, 0.25)
        site.b.tube(np.column_stack([p, z + 0.004, np.full(7, 0.008 * s)]), site.h.skin, 0.028 * s, op=1)


def cut_openings(site: Site) -> list[Array]:
    """Cut the eyes open; returns the depth of each contour on the uncut lids, (16,) each."""
    f, s, re = site.f, site.h.scale, site.radius
    lids = [site.b.front(site.at(contour)) for contour in f.eye]
    for i in range(2):
        p = site.at(f.eye[i])
        z = site.eyes[i, 2]
        if f.blink[i] < 0.93:
            site.b.prism(p, z + 0.1 * re, z + 2.2 * re, 0.0, site.h.skin, 0.012 * s, op=1)
        depth = np.minimum(lids[i], site.lid_z(p, i, 1.12, 0.2))
        site.anchors["eye_" + _SIDES[i]] = np.column_stack([p, depth])
    return lids


def add_balls(site: Site) -> None:
    """Eyeballs that look where the gaze goes."""
    b, c, f, re = site.b, site.c, site.f, site.radius
    iris = lin(IRIS_COLORS[c.eyes.iris])
    for i in range(2):
        g = np.array([f.gaze[0] * 0.42, f.gaze[1] * 0.35, 1.0])
        g /= np.linalg.norm(g)
        ai = 0.56 * c.eyes.iris_size
        b.eyes.append(np.array([*site.eyes[i], *g, re, ai, ai * 0.48, *iris, 0.86, 0.86, 0.87]))
        ball = b.mat(
            material(
                "#f2f2f2",
                "sclera_iris",
                spec=0.6,
                gloss=60,
                wrap=0.4,
                rim=0,
                sss=(0.5, 0.45, 0.45),
                eye=i + 1,
            )
        )
        b.group()
        b.sphere(site.eyes[i], re, ball)
        cross = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
        site.anchors["iris_" + _SIDES[i]] = site.eyes[i] + g * re + cross * re * math.sin(ai)


def add_lashes(site: Site, lids: list[Array]) -> None:
    """The line of the upper lid, with single lashes where they are long."""
    b, c, s = site.b, site.c, site.h.scale
    m = b.mat(material("#1a1210" if c.kind != "robot" else "#2c343c", "brows", spec=0.1, rim=0))
    b.group()
    for i, sd in enumerate((-1, 1)):
        p = site.at(site.f.eye[i][:9])
        z = lids[i][:9] + 0.004 * s
        w = (0.008 + 0.010 * c.lashes) * s
        b.tube(np.column_stack([p, z, np.linspace(0.6, 1.25, 9) * w]), m)
        if c.lashes > 0.5:
            for j in (8, 7, 6):
                away = np.array([sd * (0.055 + 0.008 * (j - 6)), 0.045 + 0.018 * (8 - j)])
                q = p[j] + away * s * c.lashes * 0.8
                b.tube([[*p[j], z[j], w], [*q, z[j] + 0.02, 0.003]], m)


def add_brows(site: Site) -> None:
    """Brows; on dark fur they are lighter than the fur."""
    b, h, f, s = site.b, site.h, site.f, site.h.scale
    if luminance(h.color) < 0.06 and luminance(h.brow) < 0.06 and site.c.kind != "human":
        h.brow = mix(h.color, "#ffffff", 0.40)
    m = b.mat(
        material(
            h.brow,
            "brows",
            mix(h.brow, "#000000", 0.4),
            "fur",
            40,
            0.5,
            bump=0.15,
            spec=0.08,
            rim=0.15,
            sss=(0.3, 0.3, 0.3),
        )
    )
    b.group()
    radii = np.array([0.75, 1.0, 1.0, 0.92, 0.78, 0.55, 0.22]) * 0.036 * site.c.brows.thickness * s
    for i in range(2):
        p, z = site.at(f.brow[i]), site.brow_z[i]
        b.tube(np.column_stack([p, z + 0.012 * s, radii]), m)
        site.anchors["brow_" + _SIDES[i]] = np.column_stack([p, z + 0.03 * s])
