"""What is painted on human skin: freckles, stubble, moles, scars, make-up."""

from __future__ import annotations

import numpy as np

from chatanything.face.kit.materials import mix
from chatanything.face.kit.params import HAIR_COLORS
from chatanything.face.kit.site import Site

_SHADOWS = ("#8a5ab0", "#4a86b4", "#b0684a", "#5a9a7c")  # by variant


def add_marks(site: Site) -> None:
    """Everything that the character has of them."""
    if site.c.freckles > 0:
        _freckles(site)
    if site.c.makeup > 0:
        _makeup(site)
    if site.c.stubble > 0:
        _stubble(site)
    if site.c.mole:
        _mole(site)
    if site.c.scar:
        _scar(site)


def _freckles(site: Site) -> None:
    """Spots over nose and cheeks; every face has them in the same places, more or fewer."""
    rng = np.random.default_rng(7)
    h = site.h
    color = mix(h.color, "#7c3a18", 0.6)
    for _ in range(int(26 * site.c.freckles)):
        x, y = site.at((rng.uniform(-0.5, 0.5), rng.uniform(-0.42, -0.16)))
        site.b.decal(h.skin, (x, y, 0.7), (0.016, 0.016, 0.5), color, 0.6, 0.4)


def _makeup(site: Site) -> None:
    """Eye shadow and rouge."""
    h, s, amount = site.h, site.h.scale, site.c.makeup
    shadow = mix(h.color, _SHADOWS[site.c.variant % 4], 0.75)
    for center in site.eyes:
        x, y = center[0] * 1.04, center[1] + site.half * 0.75
        site.b.decal(
            h.skin,
            (x, y, center[2] + site.radius),
            (site.half * 1.1, site.half * 0.5, 0.4),
            shadow,
            0.6 * amount,
            0.7,
        )
    for sd in (-1, 1):
        x, y = site.at((sd * 0.50, -0.34))
        site.b.decal(h.skin, (x, y, 0.6), (0.17 * s, 0.11 * s, 0.5), h.blush, 0.35 * amount, 0.9)


def _mole(site: Site) -> None:
    """A beauty spot beside the mouth or under an eye."""
    x, y = site.at(((0.36, -0.58), (-0.38, -0.30), (-0.34, -0.60), (0.40, -0.26))[site.c.variant % 4])
    site.b.decal(site.h.skin, (x, y, 0.7), (0.024, 0.024, 0.5), mix(site.h.color, "#2a140c", 0.8), 0.9, 0.25)


def _scar(site: Site) -> None:
    """A pale line over one cheek."""
    color = mix(site.h.color, "#f4c8b8" if site.c.skin < 5 else "#b08070", 0.7)
    sd = 1 if site.c.variant % 2 else -1
    for i in range(7):
        x, y = site.at((sd * (0.42 + 0.022 * i), -0.28 - 0.036 * i))
        site.b.decal(site.h.skin, (x, y, 0.6), (0.020, 0.026, 0.5), color, 0.75, 0.35)


def _stubble(site: Site) -> None:
    """A shadow on jaw, chin and upper lip, which moves with the jaw."""
    h, jaw, amount = site.h, site.f.jaw, site.c.stubble
    color = mix(h.color, mix(HAIR_COLORS[site.c.hair_color], "#40485c", 0.35), 0.75)
    for x, y, rx, ry in ((0, -1.0, 0.34, 0.20), (-0.48, -0.80, 0.20, 0.34), (0.48, -0.80, 0.20, 0.34)):
        site.b.decal(h.skin, (x, y - jaw * 0.5, 0.3), (rx, ry, 0.9), color, 0.45 * amount, 0.6)
    site.b.decal(h.skin, (0, -0.55, 0.8), (0.26, 0.07, 0.5), color, 0.40 * amount, 0.8)
