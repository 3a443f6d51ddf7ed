"""Long hair: hanging, tied up, braided."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final

from chatanything.face.kit.materials import material
from chatanything.face.kit.wig import Wig

_SIDES: Final = (-1, 1)


def _back(w: Wig, low: float) -> None:
    """Skull and the mass behind the neck, face free."""
    w.cap(1.03)
    w.face_cut(-0.26, 0.83, 0.05)
    depth = (0.45 - low) / 2
    w.b.ellipsoid((0, 0.45 - depth, -0.62), (0.84, depth, 0.42), w.m, 0.15)


def _parted(w: Wig, part: float = 8) -> None:
    """The fringe that falls to both sides of a parting."""
    if w.hat:
        return
    for i in range(5):
        w.flow((part, 16 + i * 9.5), (-52 - i * 7, 86 - i * 4), 0.085, 0.06, 0.01)
        w.flow((part + 3, 16 + i * 9.5), (56 + i * 7, 86 - i * 4), 0.085, 0.06, 0.01)


def _curtain(w: Wig, end: float, inward: float, wave: float = 0.0) -> None:
    """Overlapping locks at both sides, front ones nearer to the face."""
    for sd in _SIDES:
        for i, (x, z, r) in enumerate(((0.84, -0.28, 0.22), (0.90, -0.06, 0.19), (0.83, 0.12, 0.15))):
            rows = [[*w.skull((sd * (105 - 18 * i), 48)), r * 0.7]]
            count = 7
            for j in range(count):
                t = j / (count - 1)
                y = 0.36 + (end + 0.08 * i - 0.36) * t
                s = wave * math.sin(5.5 * t + i * 1.4) + 0.07 * math.sin(math.pi * t)
                width = r * (1 if t < 0.75 else 1 - 0.8 * (t - 0.75) / 0.25)
                rows.append(
                    [sd * (x + s - inward * t**3), y, z + 0.12 * t + wave * 0.5 * math.cos(5 * t), width]
                )
            w.hang(rows, 0.05)


def _bob(w: Wig) -> None:
    _back(w, -0.75)
    _curtain(w, -0.82, 0.22)
    _parted(w)


def _long(w: Wig) -> None:
    _back(w, -1.6)
    _curtain(w, -1.75, 0.02)
    _parted(w)


def _wavy(w: Wig) -> None:
    _back(w, -1.5)
    _curtain(w, -1.72, -0.06, 0.085)
    _parted(w, 28)


def _bangs(w: Wig) -> None:
    """Long hair with a straight fringe."""
    _back(w, -1.4)
    _curtain(w, -1.5, 0.02)
    if not w.hat:
        for i, a in enumerate(range(-56, 57, 14)):
            w.flow((a * 0.5, 20), (a, 75 + 1.5 * (i % 2) + abs(a) * 0.05), 0.105, 0.06, 0.02)


def _combed(w: Wig) -> None:
    """Hair drawn tightly back from the face."""
    w.cap(1.02)
    w.face_cut(-0.26, 0.83, 0.05)
    w.low_cut(-0.14)
    if w.hat:
        return
    for a in range(-84, 85, 14):
        w.flow((a, 60 + abs(a) * 0.22), (180 - a * 0.5, 42), 0.105, 0.035, root=0.15)


def _bun(w: Wig) -> None:
    _combed(w)
    w.knot((0, 0.35, -1.2) if w.hat else (0, 1.33, -0.28), 0.34)


def _topknot(w: Wig) -> None:
    """A small knot over shaven sides."""
    w.cap(0.985)
    w.face_cut(-0.24, 0.84, 0.06)
    w.low_cut(0.0)
    if w.hat:
        return
    for a in range(-50, 51, 14):
        w.flow((a, 61), (180 - a * 0.3, 22), 0.11, 0.05, root=0.15)
    w.knot((0, 1.36, -0.24), 0.25)


def _space_buns(w: Wig) -> None:
    _combed(w)
    for sd in _SIDES:
        w.knot((sd * 0.92, 0.1, -0.62) if w.hat else (sd * 0.68, 1.12, -0.16), 0.32)


def _ponytail(w: Wig) -> None:
    _combed(w)
    for i, dx in enumerate((-0.10, 0.02, 0.13)):
        w.hang(
            [
                [0.30, 0.85, -0.80, 0.15],
                [0.92 + dx, 0.82 - 0.06 * i, -0.66, 0.19],
                [1.20 + dx, 0.25, -0.48, 0.18],
                [1.14 + dx, -0.5, -0.34, 0.16],
                [0.98 + dx * 1.5, -1.1 - 0.1 * i, -0.2, 0.02],
            ]
        )


def _pigtails(w: Wig) -> None:
    """Two tails high at the sides."""
    _combed(w)
    for sd in _SIDES:
        for i, dx in enumerate((-0.09, 0.04, 0.14)):
            w.hang(
                [
                    [sd * 0.82, 0.42, -0.30, 0.12],
                    [sd * (1.10 + dx), 0.50 + dx, -0.22, 0.17],
                    [sd * (1.26 + dx), 0.0, -0.12, 0.17],
                    [sd * (1.20 + dx), -0.5, -0.04, 0.13],
                    [sd * (1.06 + dx * 2), -0.86 - 0.08 * i, 0.05, 0.015],
                ]
            )
    _bands(w, (0.90, 0.44, -0.27), 0.12)


def _braids(w: Wig) -> None:
    """Two plaits over the shoulders."""
    _back(w, -0.5)
    _parted(w)
    for sd in _SIDES:
        w.hang(
            [[*w.skull((sd * 85, 72)), 0.16], [sd * 0.88, 0.0, 0.02, 0.17], [sd * 0.86, -0.45, 0.08, 0.14]]
        )
        for i in range(9):
            y = -0.50 - 0.125 * i
            for turn in _SIDES:
                w.b.tube(
                    [
                        [sd * 0.85 - turn * 0.09, y + 0.09, 0.12 + 0.02 * i, 0.075],
                        [sd * 0.85 + turn * 0.04, y - 0.05, 0.18 + 0.02 * i, 0.085 - 0.003 * i],
                    ],
                    w.m,
                    0.02,
                )
        w.hang([[sd * 0.85, -1.6, 0.28, 0.06], [sd * 0.84, -1.75, 0.3, 0.10], [sd * 0.82, -1.95, 0.3, 0.02]])
    _bands(w, (0.85, -1.62, 0.29), 0.08, flat=True)


def _bands(w: Wig, c: tuple[float, float, float], r: float, *, flat: bool = False) -> None:
    """Coloured hair ties on both sides."""
    color = ("#d8424a", "#e8b832", "#3aa0a8", "#e07ab0")[w.c.variant % 4]
    m = w.b.mat(material(color, "extra", spec=0.2))
    x, y, z = c
    for sd in _SIDES:
        w.b.group()
        w.b.ellipsoid((sd * x, y, z), (r * 1.1, r * 0.6 if flat else r * 1.25, r * 1.25), m)


STYLES: Final[Mapping[str, Callable[[Wig], None]]] = {
    "bob": _bob,
    "long": _long,
    "wavy": _wavy,
    "bangs": _bangs,
    "bun": _bun,
    "topknot": _topknot,
    "space buns": _space_buns,
    "ponytail": _ponytail,
    "pigtails": _pigtails,
    "braids": _braids,
}
