"""What bags and clothes are made of: leather, canvas, knit, denim, seams, straps, and the host on top."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from chatanything.face.kit.arrays import Array, Vector
from chatanything.face.kit.body import Host
from chatanything.face.kit.builder import SceneBuilder
from chatanything.face.kit.materials import material, mix

GOLD = "#e0ae42"
INK = "#140a12"


def leather(b: SceneBuilder, color: str, part: str = "extra") -> int:
    """Grained leather with a soft sheen."""
    return b.mat(
        material(
            color,
            part,
            mix(color, "#2a0c08", 0.22),
            "mottle",
            7,
            0.4,
            bump=0.10,
            spec=0.36,
            gloss=20,
            wrap=0.42,
            rim=0.38,
            sss=(0.55, 0.42, 0.4),
        )
    )


def cloth(b: SceneBuilder, color: str, part: str = "extra", amp: float = 0.05, scale: float = 80) -> int:
    """Woven cloth; a greater amplitude and a smaller scale make canvas, burlap or denim."""
    return b.mat(
        material(
            color,
            part,
            tex="weave",
            scale=scale,
            amp=amp,
            bump=0.05,
            spec=0.04,
            gloss=8,
            wrap=0.5,
            rim=0.42,
            sss=(0.55, 0.5, 0.48),
        )
    )


def knit(b: SceneBuilder, color: str, part: str = "extra", ribs: int = 46, amp: float = 0.4) -> int:
    """Wool with vertical ribs, counted all the way round."""
    return b.mat(
        material(
            color,
            part,
            mix(color, "#100818", 0.4),
            "stripes",
            ribs,
            amp,
            spec=0.02,
            gloss=6,
            wrap=0.6,
            rim=0.5,
            sss=(0.6, 0.55, 0.5),
        )
    )


def metal(b: SceneBuilder, color: str = GOLD) -> int:
    """Polished fittings."""
    return b.mat(material(color, "extra", spec=0.95, gloss=40, metal=0.6, rim=0.45))


def plain(b: SceneBuilder, color: str, spec: float = 0.3, gloss: float = 24) -> int:
    """Rubber, paper, plastic, thread."""
    return b.mat(material(color, "extra", spec=spec, gloss=gloss, rim=0.35, wrap=0.45, sss=(0.5, 0.5, 0.5)))


def oval(w: float, h: float, y: float, z: float, r: float, n: int = 20, bulge: float = 0.0) -> Array:
    """Rows of a closed tube round (0, y) that faces the viewer; the middle of each side is `bulge` nearer."""
    a = np.linspace(0, math.tau, n + 1)
    return np.column_stack([w * np.cos(a), y + h * np.sin(a), z + bulge * np.sin(a) ** 2, np.full(n + 1, r)])


def ring(w: float, d: float, y: float, z: float, r: float, n: int = 20) -> Array:
    """Rows of a closed horizontal tube round the body."""
    a = np.linspace(0, math.tau, n + 1)
    return np.column_stack([w * np.cos(a), np.full(n + 1, y), z + d * np.sin(a), np.full(n + 1, r)])


def stitches(
    b: SceneBuilder,
    m: int,
    line: npt.ArrayLike,
    color: str,
    step: float = 0.13,
    thick: float = 0.016,
) -> None:
    """Dashes of thread painted on material m along a polyline in x, y."""
    p = np.asarray(line, float)
    for start, end in pairwise(p):
        way = end - start
        n = max(1, round(float(np.hypot(*way)) / step))
        across, up = np.abs(way) / n * 0.32
        for i in range(n):
            x, y = start + way * (i + 0.5) / n
            b.decal(m, (x, y, 0.6), (max(across, thick), max(up, thick), 1.0), color, 0.95, 0.25)


def handle(
    b: SceneBuilder, m: int, half: float, low: float, high: float, r: float, z: float = -0.1, flat: float = 1
) -> None:
    """An arch that one carries the thing by."""
    mid = low + (high - low) * 0.68
    b.tube(
        [
            [-half, low, z, r],
            [-half * 0.97, mid, z, r],
            [-half * 0.58, high, z, r],
            [half * 0.58, high, z, r],
            [half * 0.97, mid, z, r],
            [half, low, z, r],
        ],
        m,
        curve=4,
        flat=flat,
    )


def buckle(b: SceneBuilder, m: int, c: Vector, w: float, h: float, r: float = 0.03) -> None:
    """A rectangular frame of wire."""
    x, y, z = c
    corners = [(-w, h), (w, h), (w, -h), (-w, -h), (-w, h)]
    b.tube([[x + u, y + v, z, r] for u, v in corners], m)


def dressed(
    m: int,
    color: str,
    scale: float = 0.95,
    cy: float = 0.0,
    *,
    lip: str = "",
    brow: str = "",
    blush: str = "#f2606c",
    top: float = 1.1,
    nose: str = "ball",
) -> Host:
    """The face of something made of a cloth or leather of a colour."""
    return Host(
        m,
        color,
        lip or mix(color, "#a01838", 0.6),
        brow or mix(color, INK, 0.74),
        scale,
        cy,
        nose,
        mix(color, "#ffffff", 0.14),
        top,
        0.7,
        -0.1,
        mix(blush, color, 0.35),
        0.3,
        1.0,
    )
