"""Short hair: cropped, parted, spiky, thinning."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from chatanything.face.kit.wig import Wig


def _base(w: Wig, grow: float = 1.02, low: float = -0.06, cut: float = 0.80) -> None:
    """Hair close to the skull, ears and face free."""
    w.cap(grow)
    w.face_cut(-0.24, cut, 0.05)
    w.low_cut(low)


def _short(w: Wig) -> None:
    """Combed forward from the crown, with a ragged fringe."""
    _base(w)
    if w.hat:
        return
    for i, a in enumerate(range(-80, 81, 16)):
        w.flow((a * 0.5 + 20, 20), (a - 12, 66 - 7 * (i % 2) + abs(a) * 0.08), 0.115, 0.07, 0.01)
    for a in (-100, -70, 70, 100):
        w.flow((a, 30), (a * 1.05, 84), 0.12, 0.03)


def _buzz(w: Wig) -> None:
    """Nothing but stubble on the skull."""
    w.cap(0.975)
    w.face_cut(-0.24, 0.86, 0.09)
    w.low_cut(0.02)


def _quiff(w: Wig) -> None:
    """Short sides and a wave over the forehead."""
    _base(w, 1.0, 0.02)
    if w.hat:
        return
    for i, x in enumerate((-0.48, -0.32, -0.16, 0.0, 0.16, 0.32, 0.46)):
        up = 0.06 * (i % 2)
        w.hang(
            [
                [x * 0.95, 0.74, 0.60 - abs(x) * 0.35, 0.07],
                [x * 1.05 + 0.05, 0.98, 0.74 - abs(x) * 0.3, 0.12],
                [x * 1.05 + 0.12, 1.20 + up, 0.50, 0.13],
                [x + 0.14, 1.22, 0.1, 0.12],
                [x * 0.8 + 0.1, 1.08, -0.4, 0.10],
            ],
            0.04,
        )


def _mohawk(w: Wig) -> None:
    """A crest from the forehead to the neck on a shaven skull."""
    _buzz(w)
    if w.hat:
        return
    for i in range(12):
        a = math.radians(38 + i * 11)
        z, y = math.cos(a) * 0.82 - 0.12, math.sin(a) * 0.80 + 0.28
        lean = 0.07 * (-1) ** i
        w.hang(
            [
                [lean * 0.4, y, z, 0.15],
                [lean, y + math.sin(a) * 0.32, z + math.cos(a) * 0.22 - 0.04, 0.12],
                [lean * 1.6, y + math.sin(a) * 0.54, z + math.cos(a) * 0.36 - 0.12, 0.02],
            ],
            0.04,
        )


def _side_part(w: Wig) -> None:
    """Parted on one side and combed over."""
    _base(w, 1.01)
    if w.hat:
        return
    for i in range(8):
        w.flow((38, 12 + i * 6.5), (-84 + i * 13, 76 - i * 2.6), 0.105, 0.13, 0.01)
    for i in range(4):
        w.flow((42, 14 + i * 14), (84 - i * 3, 60 + i * 9 - 10), 0.10, 0.05)
    w.flow((150, 30), (-110, 80), 0.12)


def _slicked(w: Wig) -> None:
    """Combed straight back."""
    _base(w, 0.99, -0.05)
    if w.hat:
        return
    for a in range(-78, 79, 13):
        w.flow((a, 61 + abs(a) * 0.2), (180 - a * 0.9, 62), 0.105, 0.07, root=0.15)


def _undercut(w: Wig) -> None:
    """Shaven sides, a thick top swept to one side."""
    _buzz(w)
    if w.hat:
        return
    for i in range(8):
        w.flow((58, 20 + i * 5), (-54 + i * 11, 62 - i * 1.5), 0.125, 0.22, 0.05)
    for i in range(3):
        w.flow((120 + i * 15, 35), (-100 - i * 20, 40), 0.13, 0.12)


def _spiky(w: Wig) -> None:
    """Thick tufts swept up and to one side, higher in the middle, over a ragged hairline."""
    _base(w, 1.01)
    if w.hat:
        return
    rng = np.random.default_rng(w.c.variant)
    side = -1 if w.c.variant % 2 else 1
    for a in range(-84, 85, 24):
        w.flow((a * 0.5, 24), (a + side * 10, 64 + abs(a) * 0.12), 0.12, 0.07, 0.02)
    for a in (-112, -84, 84, 112):
        w.flow((a, 40), (a * 1.04, 88), 0.12, 0.03, 0.02)
    for down, n, size in ((46, 7, 0.38), (28, 6, 0.44), (8, 3, 0.42), (50, 6, 0.26)):
        back = size < 0.3
        for i in range(n):
            t = (2 * i + 1) / n - 1
            spot = (t * 74 + (180 if back else 0), down)
            root = w.skull(spot, -0.06)
            out = w.skull(spot, 1.0) - w.skull(spot)
            way = 0.55 * out + np.array([0.30 * side, 0.80, 0.16 * (not back)])
            way *= size * (1 - 0.28 * abs(t)) * rng.uniform(0.88, 1.15) / np.linalg.norm(way)
            curl = np.array([0.10 * side, -0.02, 0.05])
            w.hang(
                [[*root, 0.17], [*(root + 0.55 * way), 0.13], [*(root + way + curl * (1 + abs(t))), 0.012]],
                0.06,
            )


def _pixie(w: Wig) -> None:
    """Short and feathered, a long fringe across the forehead."""
    _base(w, 1.03, -0.22)
    for sd in (-1, 1):
        w.hang([[sd * 0.84, 0.3, 0.12, 0.10], [sd * 0.86, 0.0, 0.18, 0.08], [sd * 0.82, -0.28, 0.24, 0.01]])
    if w.hat:
        return
    for i in range(8):
        w.flow((52, 14 + i * 5), (-78 + i * 14, 84 - i * 4.4), 0.10, 0.09, 0.02)
    for i in range(4):
        w.flow((56, 20 + i * 10), (88, 66 + i * 7), 0.09, 0.04, 0.02)
    for a in (-140, -110, 110, 140):
        w.flow((a, 25), (a * 0.95, 88), 0.13, 0.03, 0.04)


def _bowl(w: Wig) -> None:
    """One length all round, down to the brows."""
    w.cap(1.05)
    w.face_cut(-0.52, 0.94, 0.03)
    w.low_cut(-0.02)
    if w.hat:
        return
    for a in range(-108, 109, 18):
        w.flow((a * 0.6, 14), (a, 76 + abs(a) * 0.10), 0.125, 0.05, 0.03)


def _receding(w: Wig) -> None:
    """A high forehead with bare temples."""
    w.cap(0.995)
    w.face_cut(-0.20, 0.86, 0.06)
    for sd in (-1, 1):
        w.b.ellipsoid((sd * 0.48, 0.82, 0.52), (0.24, 0.30, 0.42), w.m, 0.08, op=1)
    w.low_cut(-0.06)
    if not w.hat:
        for a in (-15, -5, 5, 15):
            w.flow((a, 55), (180 - a * 5, 40), 0.12, 0.0, root=0.3)


def _balding(w: Wig) -> None:
    """A wreath round a bare crown."""
    w.cap(1.03)
    w.face_cut(-0.2, 0.95, 0.05)
    w.b.ellipsoid((0, 1.05, 0.12), (0.74, 0.82, 1.0), w.m, 0.08, op=1)
    w.low_cut(-0.16)
    for sd in (-1, 1):
        for a in (78, 100, 122):
            w.flow((sd * a, 68), (sd * a, 96), 0.10, 0.0, 0.02, root=0.3)


STYLES: Final[Mapping[str, Callable[[Wig], None]]] = {
    "short": _short,
    "buzz": _buzz,
    "quiff": _quiff,
    "mohawk": _mohawk,
    "side part": _side_part,
    "slicked back": _slicked,
    "undercut": _undercut,
    "spiky": _spiky,
    "pixie": _pixie,
    "bowl": _bowl,
    "receding": _receding,
    "balding": _balding,
}
