"""The common face: cheeks, lines and jaw here; eyes, nose and mouth in modules of their own."""

from __future__ import annotations

import math

import numpy as np

from chatanything.face.kit import eyes, mouth, nose
from chatanything.face.kit.materials import lin, luminance, mix
from chatanything.face.kit.site import Site


def add_face(site: Site) -> None:
    """Add a face to the current group (the body) and, in further groups, what is not blended with it.

    The order matters: every part is placed on the surface that the earlier ones left.
    """
    _lighten(site)
    _cheeks(site)
    eyes.add_lids(site)
    nose.add_nose(site)
    eyes.add_creases(site)
    _laugh_lines(site)
    if site.c.kind == "human" and site.c.age > 0.55:
        _wrinkles(site)
    lids = eyes.cut_openings(site)
    mouth.add_mouth(site)
    eyes.add_balls(site)
    eyes.add_lashes(site, lids)
    eyes.add_brows(site)
    _jaw(site)


def _lighten(site: Site) -> None:
    """A paler face on dark saturated bodies, under all other paint: lips and brows stand out on it."""
    h, s = site.h, site.h.scale
    rgb = lin(h.color)
    strength = min(1.0, max(0.0, (1 - rgb.min() / rgb.max() - 0.6) / 0.3))
    strength *= min(1.0, max(0.0, (0.50 - luminance(h.color)) / 0.25))
    if strength <= 0.05 or site.c.kind == "human":
        return
    x, y = site.at((0, -0.33))
    site.b.decal(
        h.skin, (x, y, 0.7), (0.80 * s, 0.84 * s, 1.4), mix(h.color, "#fff0e4", 0.34), 0.55 * strength, 0.9
    )
    site.b.decals.insert(0, site.b.decals.pop())


def _cheeks(site: Site) -> None:
    """Cheeks that follow the smile, with blush."""
    c, h, f, s = site.c, site.h, site.f, site.h.scale
    for sd in (-1, 1):
        r = (0.20 + 0.07 * f.puff) * c.cheeks
        p = np.array([[sd * (0.42 + 0.03 * f.puff), -0.40 + 0.05 * f.smile - 0.14 * f.puff]])
        z = site.front(p)[0]
        site.b.sphere(
            (*site.at(p[0]), z - (r * 0.90 - 0.06 * f.smile - 0.08 * f.puff) * s), r * s, h.skin, 0.36 * s
        )
        site.b.decal(
            h.skin,
            (*site.at((sd * 0.47, -0.38)), z),
            (0.19 * s, 0.14 * s, 0.5),
            h.blush,
            h.blush_a * 0.85,
            0.9,
        )


def _laugh_lines(site: Site) -> None:
    """From the nose to the mouth's corners, deeper with a smile and with age."""
    s = site.h.scale
    fold = max(0.0, 0.28 * site.f.smile + (site.c.age - 0.5) * 1.2)
    if fold <= 0.1 or site.c.kind not in ("human", "alien", "tree", "rock"):
        return
    for sd in (-1, 1):
        p = np.array([(sd * 0.17, -0.36), (sd * 0.255, -0.47), (sd * 0.335, -0.62), (sd * 0.34, -0.70)])
        radii = np.array([0.004, 0.012, 0.012, 0.003]) * s
        site.b.tube(
            np.column_stack([site.at(p), site.front(p) + 0.004, radii]),
            site.h.skin,
            (0.02 + 0.03 * fold) * s,
            op=1,
        )


def _wrinkles(site: Site) -> None:
    """Lines of age: forehead, crow's feet, under the eyes."""
    m = site.h.skin
    a = (site.c.age - 0.55) / 0.45
    for y in (0.46, 0.54, 0.62):
        p = np.array([(x, y + 0.02 * math.cos(x * 6)) for x in np.linspace(-0.34, 0.34, 6)])
        radii = np.array([0.001, 0.006, 0.006, 0.006, 0.006, 0.001]) * (0.6 + a)
        site.b.tube(np.column_stack([site.at(p), site.front(p) + 0.002, radii]), m, 0.03, op=1)
    for sd in (-1, 1):
        for dy in (-0.04, 0.03):
            p = np.array([(sd * 0.53, 0.0 + dy), (sd * 0.66, dy * 2.4)])
            site.b.tube(np.column_stack([site.at(p), site.front(p) + 0.003, [0.008, 0.002]]), m, 0.025, op=1)
        p = np.array([(sd * 0.24, -0.19), (sd * 0.34, -0.225), (sd * 0.45, -0.19)])
        site.b.tube(
            np.column_stack([site.at(p), site.front(p) + 0.004, [0.003, 0.008, 0.002]]), m, 0.03, op=1
        )


def _jaw(site: Site) -> None:
    """Anchors of the lower face oval; nothing is drawn."""
    s, cy, drop = site.h.scale, site.h.cy, site.f.jaw
    oval = np.radians(np.linspace(200, 340, 15))
    line = np.array(
        [[math.cos(a) * 0.78 * s, (math.sin(a) * (1.12 + 0.62 * drop) + 0.0) * s + cy, 0.0] for a in oval]
    )
    line[:, 2] = np.maximum(site.b.front(line[:, :2] * np.array([0.93, 0.95])), -0.3)
    site.anchors["jaw"] = line
