"""Hair and beards of human heads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import material, mix
from chatanything.face.kit.params import HAIR_COLORS, Character
from chatanything.face.kit.rig import FaceCurves
from chatanything.face.kit.site import Site


@dataclass(frozen=True, slots=True)
class _Wig:
    """What every style needs."""

    b: SceneBuilder
    c: Character
    m: int
    hat: bool
    """Locks that would pierce a hat are left out."""

    def cap(self, grow: float = 1.0) -> None:
        """Hair close to the skull."""
        g = grow
        self.b.ellipsoid((0, 0.33, -0.16), (0.875 * self.c.head_width * g, 0.89 * g, 0.93 * g), self.m)

    def face_cut(self, y: float, height: float, k: float) -> None:
        """Free the face."""
        self.b.ellipsoid((0, y, 0.86), (0.71 * self.c.head_width, height, 0.80), self.m, k, op=1)

    def low_cut(self, y: float) -> None:
        """Cut everything off below y."""
        self.b.box((0, y - 1.5, 0.15), (2, 1.5, 1.6), 0.02, self.m, 0.05, op=1)


def add_hair(b: SceneBuilder, c: Character) -> None:
    """The character's hair in a group of its own."""
    style = c.hair
    if style == "bald":
        return
    col = HAIR_COLORS[c.hair_color]
    grey = c.hair_color in ("grey", "white")
    m = b.mat(
        material(
            col,
            "hair",
            mix(col, "#000000", 0.45) if not grey else mix(col, "#606068", 0.4),
            "strands",
            2.6,
            0.75,
            bump=0.45 if style not in ("curly", "afro") else 0.0,
            spec=0.22,
            gloss=12,
            wrap=0.45,
            rim=0.55,
            sss=(0.45, 0.4, 0.38),
        )
    )
    b.group()
    _STYLES[style](_Wig(b, c, m, c.hat != "none"))


def _cropped(w: _Wig) -> None:
    """Short, buzz, quiff, mohawk: a cap and what grows out of it."""
    style = w.c.hair
    w.cap(0.975 if style in ("buzz", "mohawk") else 1.02)
    w.face_cut(-0.24, 0.80 if style != "buzz" else 0.84, 0.04)
    w.low_cut(-0.06 if style == "short" else 0.02)
    if w.hat:
        return
    if style == "short":
        _fringe(w)
    elif style == "quiff":
        _quiff(w)
    elif style == "mohawk":
        _comb(w)


def _fringe(w: _Wig) -> None:
    for x0, x1, y1, r in (
        (0.30, -0.18, 0.74, 0.16),
        (0.30, -0.46, 0.66, 0.15),
        (0.35, -0.66, 0.48, 0.13),
        (0.34, 0.60, 0.56, 0.15),
        (0.1, -0.3, 0.95, 0.2),
        (0.2, 0.5, 0.9, 0.2),
    ):
        w.b.tube(
            [
                [x0, 1.04, 0.36, r * 0.9],
                [(x0 + x1) / 2, 0.98, 0.60, r],
                [x1, y1, 0.62 - abs(x1) * 0.30, r * 0.35],
            ],
            w.m,
            0.06,
            curve=4,
        )


def _quiff(w: _Wig) -> None:
    for x in (-0.42, -0.2, 0.02, 0.24, 0.44):
        w.b.tube(
            [
                [x * 0.9, 0.76, 0.58 - abs(x) * 0.3, 0.12],
                [x * 1.05 + 0.06, 0.98, 0.68 - abs(x) * 0.3, 0.17],
                [x * 1.1 + 0.14, 1.10, 0.34, 0.17],
                [x + 0.12, 1.06, -0.1, 0.2],
            ],
            w.m,
            0.07,
        )


def _comb(w: _Wig) -> None:
    """A mohawk's crest, from the forehead to the neck."""
    for i in range(9):
        a = math.radians(40 + i * 14)
        z, y = math.cos(a) * 0.82 - 0.12, math.sin(a) * 0.80 + 0.28
        w.b.tube(
            [
                [0, y, z, 0.22],
                [0.02, y + math.sin(a) * 0.34, z + math.cos(a) * 0.22 - 0.04, 0.19],
                [0.03, y + math.sin(a) * 0.52, z + math.cos(a) * 0.3 - 0.08, 0.08],
            ],
            w.m,
            0.07,
        )


def _tied(w: _Wig) -> None:
    """Ponytail and bun: combed back, then a knot or a tail."""
    w.cap(1.04)
    w.face_cut(-0.26, 0.83, 0.05)
    w.low_cut(-0.12)
    if not w.hat:
        for sd in (-1, 1):
            w.b.tube(
                [
                    [sd * 0.08, 1.02, 0.58, 0.10],
                    [sd * 0.42, 0.80, 0.58, 0.13],
                    [sd * 0.76, 0.42, 0.30, 0.12],
                    [sd * 0.88, 0.1, -0.05, 0.10],
                ],
                w.m,
                0.07,
            )
    if w.c.hair == "bun":
        knot = (0, 0.4, -1.2) if w.hat else (0, 1.32, -0.25)
        w.b.lumpy(knot, (0.40, 0.36, 0.40), 5, 0.06, w.m, 0.06)
    else:
        w.b.tube(
            [
                [0.35, 0.85, -0.75, 0.24],
                [0.95, 0.75, -0.65, 0.27],
                [1.25, 0.15, -0.45, 0.27],
                [1.18, -0.55, -0.3, 0.22],
                [1.02, -1.1, -0.2, 0.05],
            ],
            w.m,
            0.1,
            curve=4,
        )


def _hanging(w: _Wig) -> None:
    """Bob and long hair: curtains at both sides, a parted fringe."""
    bob = w.c.hair == "bob"
    w.cap(1.04)
    w.face_cut(-0.26, 0.83, 0.05)
    end = -0.72 if bob else -1.62
    for sd in (-1, 1):
        w.b.tube(
            [
                [sd * 0.50, 0.84, 0.10, 0.28],
                [sd * 0.76, 0.30, 0.02, 0.29],
                [sd * 0.82, -0.25, 0.0, 0.29],
                [sd * (0.78 if bob else 0.86), end * 0.8, 0.04, 0.29],
                [sd * (0.66 if bob else 0.78), end, 0.14, 0.16],
            ],
            w.m,
            0.14,
            curve=3,
        )
    w.b.ellipsoid((0, -0.2, -0.62), (0.85, 0.9, 0.45), w.m, 0.15)
    if w.hat:
        return
    for x1, y1, r in (
        (-0.62, 0.40, 0.075),
        (-0.42, 0.58, 0.07),
        (0.68, 0.38, 0.075),
        (-0.84, 0.0, 0.08),
        (0.86, 0.0, 0.08),
    ):
        w.b.tube(
            [
                [0.24, 1.13, 0.28, r * 0.5],
                [(0.26 + x1) * 0.55, 0.98 - 0.25 * abs(x1 - 0.26), 0.66 - abs(x1) * 0.15, r * 1.2],
                [x1, y1, 0.62 - abs(x1) * 0.42, r * 0.4],
            ],
            w.m,
            0.05,
            curve=4,
        )


def _curly(w: _Wig) -> None:
    """Small balls over the skull, at the sides too for women."""
    w.cap(0.98)
    w.face_cut(-0.26, 0.82, 0.05)
    woman = w.c.gender == "woman"
    if w.hat and not woman:
        w.low_cut(-0.15)
        return
    rng = np.random.default_rng(w.c.variant)
    for i in range(70):
        a, e = rng.uniform(0, math.tau), math.acos(1 - 1.25 * (i + 0.5) / 70)
        x, y, z = (
            math.sin(e) * math.sin(a) * 0.90 * w.c.head_width,
            math.cos(e) * 0.92 + 0.34,
            math.sin(e) * math.cos(a) * 0.95 - 0.18,
        )
        if (z > 0.35 and y < 0.62) or (w.hat and y > 0.5):
            continue
        w.b.sphere((x, y, z), rng.uniform(0.15, 0.22), w.m, 0.05)
    if woman:
        for sd in (-1, 1):
            for k in range(7):
                w.b.sphere(
                    (sd * (0.88 + 0.10 * (k % 2)), 0.3 - 0.2 * k, -0.02 + 0.08 * (k % 3)), 0.21, w.m, 0.05
                )


def _afro(w: _Wig) -> None:
    w.b.lumpy((0, 0.50, -0.22), (1.16, 1.06, 1.12), 9, 0.10, w.m)
    w.b.ellipsoid((0, -0.22, 1.05), (0.74, 0.82, 1.15), w.m, 0.03, op=1)
    w.b.ellipsoid((0, -0.55, 0.35), (0.82, 0.75, 0.8), w.m, 0.06, op=1)


_STYLES: Final[Mapping[str, Callable[[_Wig], None]]] = {
    "short": _cropped,
    "buzz": _cropped,
    "quiff": _cropped,
    "mohawk": _cropped,
    "ponytail": _tied,
    "bun": _tied,
    "bob": _hanging,
    "long": _hanging,
    "curly": _curly,
    "afro": _afro,
}


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
    if c.beard != "moustache":
        _chin_beard(site, m)
    if not c.shaven:
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
                [sd * 0.02, top + 0.03, z + 0.055, 0.050],
                [sd * 0.14, top + 0.015, z + 0.055, 0.062],
                [sd * (ex + 0.03), ey + 0.03, z - 0.02, 0.045],
                [sd * (ex + 0.09), ey - 0.04 + 0.05 * (site.c.beard == "moustache"), z - 0.09, 0.018],
            ],
            m,
            0.03,
        )
