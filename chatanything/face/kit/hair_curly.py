"""Curly hair: curls, locks, afros, dreadlocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.wig import Wig


def _curl(w: Wig, c: Array, out: Array, size: float, turn: float) -> None:
    """One open ring of hair that lies on the surface and lifts its end."""
    side = np.cross(out, [0.2, 1.0, 0.1])
    side /= np.linalg.norm(side)
    up = np.cross(side, out)
    rows = []
    for t in np.linspace(0, 1, 9):
        a, r = turn + t * 7.5, size * (1.0 - 0.72 * t)
        p = c + r * (math.cos(a) * side + math.sin(a) * up) + out * size * 0.7 * t
        rows.append([*p, size * (0.46 - 0.16 * t)])
    w.b.tube(rows, w.m, 0.02)


def _curls(w: Wig, count: int, size: float, grow: float, *, low: float) -> None:
    """Curls spread evenly over the skull, free of the face."""
    rng = np.random.default_rng(w.c.variant)
    for i in range(count):
        a, e = math.degrees(i * 2.39996), math.degrees(math.acos(1 - low * (i + 0.5) / count))
        p = w.skull((a, e), grow)
        if (p[2] > 0.30 and p[1] < 0.68) or (w.hat and p[1] > 0.45):
            continue
        out = p - np.array([0, 0.33, -0.16])
        out /= np.linalg.norm(out)
        _curl(w, p, out, size * rng.uniform(0.85, 1.2), rng.uniform(0, math.tau))


def _curly(w: Wig) -> None:
    """A mop of curls, down to the neck for women."""
    woman = w.c.gender == "woman"
    w.b.lumpy((0, 0.36, -0.18), (0.93 * w.c.head_width, 0.93, 0.96), 6, 0.07, w.m)
    w.face_cut(-0.26, 0.82, 0.05)
    if woman:
        for sd in (-1, 1):
            w.b.lumpy((sd * 0.86, -0.25, -0.18), (0.27, 0.72, 0.36), 7, 0.07, w.m, 0.1)
    else:
        w.low_cut(-0.12)
    _curls(w, 84, 0.16, 0.04, low=1.15)
    if not woman:
        return
    rng = np.random.default_rng(w.c.variant + 9)
    for sd in (-1, 1):
        for i in range(12):
            p = np.array([sd * (0.92 + 0.14 * (i % 2)), 0.30 - 0.105 * i, 0.10 - 0.2 * ((i + 1) % 2)])
            out = np.array([sd * 0.75, 0.0, 0.66])
            _curl(w, p, out, rng.uniform(0.12, 0.17), rng.uniform(0, math.tau))


def _ringlets(w: Wig) -> None:
    """Long corkscrews."""
    w.cap(1.04)
    w.face_cut(-0.26, 0.83, 0.05)
    w.b.ellipsoid((0, -0.4, -0.6), (0.86, 0.95, 0.42), w.m, 0.15)
    if not w.hat:
        for i in range(5):
            w.flow((10, 18 + i * 9), (-56 - i * 8, 84 - i * 4), 0.09, 0.08, 0.02)
            w.flow((14, 18 + i * 9), (58 + i * 8, 84 - i * 4), 0.09, 0.08, 0.02)
    for sd in (-1, 1):
        for i, (x, z, low) in enumerate(((0.80, 0.20, -1.1), (0.95, 0.0, -1.3), (1.04, -0.26, -1.15))):
            t = np.linspace(0, 1, 22)
            a = t * 17 + i
            rows = np.column_stack(
                [
                    sd * (x + 0.06 * np.sin(math.pi * t) + 0.085 * np.cos(a)),
                    0.35 + (low - 0.35) * t,
                    z + 0.085 * np.sin(a),
                    0.105 * (1 - 0.55 * t**3),
                ]
            )
            w.b.tube(rows, w.m, 0.03)


def _afro(w: Wig) -> None:
    """A round cloud of hair."""
    w.b.lumpy((0, 0.50, -0.22), (1.13, 1.03, 1.08), 11, 0.13, w.m)
    w.b.lumpy((0, 0.52, -0.20), (1.14, 1.04, 1.09), 23, 0.06, w.m, 0.03)
    w.b.ellipsoid((0, -0.22, 1.05), (0.74, 0.82, 1.15), w.m, 0.05, op=1)
    w.b.ellipsoid((0, -0.55, 0.35), (0.82, 0.75, 0.8), w.m, 0.06, op=1)


def _puffs(w: Wig) -> None:
    """Two afro puffs over combed hair."""
    w.cap(1.0)
    w.face_cut(-0.26, 0.83, 0.05)
    w.low_cut(-0.1)
    for sd in (-1, 1):
        c = (sd * 0.98, 0.15, -0.6) if w.hat else (sd * 0.76, 1.02, -0.24)
        w.b.lumpy(c, (0.40, 0.38, 0.40), 12, 0.11, w.m, 0.06)


def _dreads(w: Wig) -> None:
    """Dreadlocks that hang from a parting."""
    w.cap(1.0)
    w.face_cut(-0.26, 0.83, 0.05)
    w.b.ellipsoid((0, -0.2, -0.66), (0.80, 0.85, 0.36), w.m, 0.12)
    for sd in (-1, 1):
        for i in range(9):
            a = 40 + i * 13
            start = [w.skull((sd * 12, 14 + i * 3), 0.03), w.skull((sd * (a * 0.75), 48), 0.08)]
            x, z = math.sin(math.radians(a)), math.cos(math.radians(a))
            out, end = 0.98 + 0.06 * (i % 2), -0.95 - 0.16 * ((i * 7) % 3)
            rows = [[*w.skull((sd * a, 84), 0.08), 0.085]]
            if not w.hat:
                rows = [*([*p, 0.085] for p in start), *rows]
            low = [
                [sd * out * max(x, 0.66), -0.45, 0.95 * z - 0.18, 0.085],
                [sd * out * max(x, 0.70), end, 0.8 * z - 0.1, 0.07],
            ]
            w.hang([*rows, *low], 0.015)


STYLES: Final[Mapping[str, Callable[[Wig], None]]] = {
    "curly": _curly,
    "ringlets": _ringlets,
    "afro": _afro,
    "afro puffs": _puffs,
    "dreadlocks": _dreads,
}
