"""Sphere tracing renderer with soft studio light (numba, one core, adaptive 2x2 supersampling)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.builder import Scene
from chatanything.face.kit.grid import Field, build_field, field_dist
from chatanything.face.kit.jit import inlined, kernel
from chatanything.face.kit.shading import shade
from chatanything.types import Bool, Float32, UInt8

Box: TypeAlias = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""
_EDGE: Final = 0.10
"""Difference of neighbouring pixels, summed over the channels, from which four rays are worth it."""
TILE: Final = 4
"""Edge in pixels of the tiles whose rays set out together."""
_HAIR: Final = 0.03
"""Points of neighbouring rays this near to each other, in head units, share their light."""
_SAME: Final = 0.003
"""Difference in a channel up to which a pixel counts as unchanged: less than one of 255 levels."""


@dataclass
class Frame:
    """Everything known about one image."""

    image: UInt8  # (H, W, 3) uint8 sRGB
    parts: UInt8  # (H, W) uint8, index into materials.PARTS
    depth: Float32  # (H, W) float32, 0 = background
    landmarks: dict[str, Array]  # name -> (n, 2) pixels
    raw: Array  # (H, W, 3) float64 sRGB 0..1 from one ray a pixel


@kernel
def _enter(H: Array, ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> tuple[float, float]:
    """Where a ray enters and leaves the ball around everything; (1, 0) where it misses."""
    b = (ox - H[12]) * dx + (oy - H[13]) * dy + (oz - H[14]) * dz
    c = (ox - H[12]) ** 2 + (oy - H[13]) ** 2 + (oz - H[14]) ** 2 - H[15] ** 2
    disc = b * b - c
    if disc <= 0:
        return 1.0, 0.0
    s = math.sqrt(disc)
    return max(0.0, -b - s), -b + s


@kernel
def beams(
    field: Field, H: Array, cam: Array, size: int, x0: int, y0: int, x1: int, y1: int, out: Array
) -> None:
    """How far all rays of a tile of pixels can go before the first of them may hit something."""
    f = cam[3]
    spread = f * TILE * 1.42 / size
    for ty in range(y0 // TILE, (y1 - 1) // TILE + 1):
        for tx in range(x0 // TILE, (x1 - 1) // TILE + 1):
            dx = ((tx + 0.5) * TILE / size * 2 - 1) * f
            dy = (1 - (ty + 0.5) * TILE / size * 2) * f
            il = 1 / math.sqrt(dx * dx + dy * dy + 1)
            dx *= il
            dy *= il
            t = max(0.0, cam[2] - H[14] - H[15] - spread)
            end = cam[2] - H[14] + H[15]
            for _ in range(60):
                gap = field_dist(field, cam[0] + dx * t, cam[1] + dy * t, cam[2] - il * t) - spread * t
                if gap < 0.004 or t > end:
                    break
                t += gap * 0.92
            out[ty, tx] = t


@kernel
def _backdrop(bg: Array, sx: float, sy: float, col: Array) -> None:
    """The scenery at a point of the screen (-1..1), read bilinearly into col."""
    n = bg.shape[0]
    u = min(n - 1.001, max(0.0, (sx + 1) * 0.5 * n - 0.5))
    v = min(n - 1.001, max(0.0, (1 - sy) * 0.5 * n - 0.5))
    i = int(u)
    j = int(v)
    u -= i
    v -= j
    for k in range(3):
        above = bg[j, i, k] * (1 - u) + bg[j, i + 1, k] * u
        below = bg[j + 1, i, k] * (1 - u) + bg[j + 1, i + 1, k] * u
        col[k] = above * (1 - v) + below * v


@kernel
def _trace(
    field: Field,
    M: Array,
    D: Array,
    E: Array,
    H: Array,
    L: Array,
    bg: Array,
    ox: float,
    oy: float,
    oz: float,
    dx: float,
    dy: float,
    dz: float,
    sx: float,
    sy: float,
    start: float,
    near: float,
    col: Array,
    col2: Array,
    lit: Array,
) -> tuple[int, float]:
    """One ray from `start` on; linear colour into col. Returns (part, t).

    `lit` holds only for a hit within a hair of distance `near`.
    """
    t, tmax = _enter(H, ox, oy, oz, dx, dy, dz)
    t = max(t, start)
    for _ in range(90):
        if t > tmax:
            break
        d = field_dist(field, ox + dx * t, oy + dy * t, oz + dz * t)
        if d < 0.0012:
            if abs(t - near) > _HAIR:
                lit[0] = -1.0
            m = shade(field, M, D, E, H, L, ox + dx * t, oy + dy * t, oz + dz * t, dx, dy, dz, col, col2, lit)
            return int(M[m, 19]), t
        t += d * 0.92
    _backdrop(bg, sx, sy, col)
    return 0, 0.0


@inlined
def _sat_boost(c: Array, k: int) -> float:
    """Channel k with the saturation raised by an eighth."""
    g: float = 0.25 * c[0] + 0.6 * c[1] + 0.15 * c[2]
    value: float = c[k]
    return g + 1.12 * (value - g)


@inlined
def _tone(c: float) -> float:
    """Soft shoulder, then sRGB gamma."""
    c = max(0.0, c)
    c *= 1.32
    c = min(1.0, c * (1.0 + c * 0.17) / (1.0 + c))  # extended Reinhard, white at about 1.9
    return 12.92 * c if c < 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055


@kernel
def trace_box(
    field: Field,
    M: Array,
    D: Array,
    E: Array,
    H: Array,
    L: Array,
    bg: Array,
    cam: Array,
    size: int,
    x0: int,
    y0: int,
    x1: int,
    y1: int,
    ahead: Array,
    img: Array,
    parts: UInt8,
    depth: Float32,
    light: Float32,
    col: Array,
    col2: Array,
    lit: Array,
) -> None:
    """One ray through the middle of every pixel of the box x0..x1, y0..y1.

    `col` (3), `col2` (3) and `lit` (2) are scratch.
    """
    f = cam[3]
    for y in range(y0, y1):
        for x in range(x0, x1):
            sx = (x + 0.5) / size * 2 - 1
            sy = 1 - (y + 0.5) / size * 2
            dx = sx * f
            dy = sy * f
            dz = -1.0
            il = 1 / math.sqrt(dx * dx + dy * dy + 1)
            p, t = _trace(
                field, M, D, E, H, L, bg,
                cam[0], cam[1], cam[2], dx * il, dy * il, dz * il, sx, sy,
                ahead[y // TILE, x // TILE], -1.0, col, col2, lit,
            )  # fmt: skip
            light[y, x, 0] = lit[0]
            light[y, x, 1] = lit[1]
            parts[y, x] = p
            depth[y, x] = t
            for k in range(3):
                img[y, x, k] = _tone(_sat_boost(col, k))


@kernel
def _nearest(depth: Float32, y: int, x: int) -> float:
    """The least depth of a pixel and its neighbours; 0 where one of them shows the background."""
    least = 1e9
    for j in range(max(0, y - 1), min(depth.shape[0], y + 2)):
        for i in range(max(0, x - 1), min(depth.shape[1], x + 2)):
            least = min(least, depth[j, i])
    return least


@kernel
def trace_edges(
    field: Field,
    M: Array,
    D: Array,
    E: Array,
    H: Array,
    L: Array,
    bg: Array,
    cam: Array,
    size: int,
    x0: int,
    y0: int,
    x1: int,
    y1: int,
    need: Bool,
    ahead: Array,
    depth: Float32,
    light: Float32,
    img: Array,
    col: Array,
    col2: Array,
    lit: Array,
    acc: Array,
) -> None:
    """Four rays through every pixel of the box that needs them; their mean replaces the pixel.

    `col` (3), `col2` (3), `lit` (2) and `acc` (3) are scratch.
    """
    f = cam[3]
    for y in range(y0, y1):
        for x in range(x0, x1):
            if need[y, x]:
                for k in range(3):
                    acc[k] = 0.0
                start = max(ahead[y // TILE, x // TILE], _nearest(depth, y, x) - 2 * _HAIR)
                for s in range(4):
                    sx = (x + 0.25 + 0.5 * (s % 2)) / size * 2 - 1
                    sy = 1 - (y + 0.25 + 0.5 * (s // 2)) / size * 2
                    dx = sx * f
                    dy = sy * f
                    dz = -1.0
                    il = 1 / math.sqrt(dx * dx + dy * dy + 1)
                    lit[0] = light[y, x, 0]
                    lit[1] = light[y, x, 1]
                    _trace(
                        field, M, D, E, H, L, bg,
                        cam[0], cam[1], cam[2], dx * il, dy * il, dz * il, sx, sy,
                        start, depth[y, x], col, col2, lit,
                    )  # fmt: skip
                    for k in range(3):
                        acc[k] += _tone(_sat_boost(col, k)) * 0.25
                for k in range(3):
                    img[y, x, k] = acc[k]


def edges(raw: Array, parts: UInt8, box: Box) -> Bool:
    """Pixels of the box that differ much from a neighbour of it in colour or in part."""
    x0, y0, x1, y1 = box
    need = np.zeros(parts.shape, np.bool_)
    for axis in (0, 1):
        here = (slice(y0, y1 - 1), slice(x0, x1)) if axis == 0 else (slice(y0, y1), slice(x0, x1 - 1))
        there = (slice(y0 + 1, y1), slice(x0, x1)) if axis == 0 else (slice(y0, y1), slice(x0 + 1, x1))
        step = np.abs(raw[here] - raw[there]).sum(axis=2) > _EDGE
        border = parts[here] != parts[there]
        drawn = (parts[here] > 0) | (parts[there] > 0)
        hit = (step | border) & drawn
        need[here] |= hit
        need[there] |= hit
    return need


def changed(raw: Array, base: Frame, box: Box) -> Bool:
    """Pixels of the box that are not as in `base`, with their eight neighbours."""
    x0, y0, x1, y1 = box
    differs = np.zeros(base.parts.shape, np.bool_)
    inside = (slice(y0, y1), slice(x0, x1))
    differs[inside] = (np.abs(raw[inside] - base.raw[inside]) > _SAME).any(axis=2)
    padded = np.pad(differs, 1)
    height, width = base.parts.shape
    grown = np.zeros_like(differs)
    for dy in range(3):
        for dx in range(3):
            grown |= padded[dy : dy + height, dx : dx + width]
    grown[:y0], grown[y1:], grown[:, :x0], grown[:, x1:] = False, False, False, False
    return grown


def project(points: Array, cam: Array, size: int) -> Array:
    """World points (n, 3) to pixels (n, 2)."""
    q = points - cam[:3]
    s = q[:, :2] / (-q[:, 2:3] * cam[3])
    return np.stack([(s[:, 0] + 1) * size / 2, (1 - s[:, 1]) * size / 2], 1)


def render(
    scene: Scene,
    size: int = 256,
    supersample: bool = True,
    *,
    box: Box | None = None,
    base: Frame | None = None,
) -> Frame:
    """Render a baked scene to a square picture with labels.

    Args:
        scene: From `shapes.build`.
        size: Edge in pixels.
        supersample: Four rays a pixel where it shows.
        box: x0, y0, x1, y1; only these pixels are traced.
        base: A frame of the same size and supersampling; whatever is not traced, or looks as it did, is
            copied from it, so that pictures of one character differ only where something moved.
    """
    raw = np.zeros((size, size, 3))
    parts = np.zeros((size, size), np.uint8)
    depth = np.zeros((size, size), np.float32)
    area = box or (0, 0, size, size)
    field = build_field(scene.P, scene.PT, scene.G, scene.H[12:15], float(scene.H[15]))
    tables = (field, scene.M, scene.D, scene.E, scene.H, scene.L, scene.bg, scene.camera)
    tiles = size // TILE + 1
    ahead, light = np.zeros((tiles, tiles)), np.zeros((size, size, 2), np.float32)
    beams(field, scene.H, scene.camera, size, *area, ahead)
    scratch = np.zeros(3), np.zeros(3), np.zeros(2)
    trace_box(*tables, size, *area, ahead, raw, parts, depth, light, *scratch)
    moved = None if base is None else changed(raw, base, area)
    finished = raw.copy()
    if supersample:
        need = edges(raw, parts, area)
        need &= True if moved is None else moved
        trace_edges(*tables, size, *area, need, ahead, depth, light, finished, *scratch, np.zeros(3))
    return compose(scene, finished, raw, parts, depth, base, moved)


def compose(
    scene: Scene,
    finished: Array,
    raw: Array,
    parts: UInt8,
    depth: Float32,
    base: Frame | None,
    moved: Bool | None,
) -> Frame:
    """The frame of a traced scene.

    Args:
        scene: What was traced.
        finished: (H, W, 3) sRGB 0..1 after supersampling.
        raw: (H, W, 3) as it was before; where nothing moved, what `base` has is written into it.
        parts: (H, W), likewise.
        depth: (H, W), likewise.
        base: The frame to copy from, if any.
        moved: (H, W) the pixels that are not copied from it.
    """
    image = (np.clip(finished, 0, 1) * 255 + 0.5).astype(np.uint8)
    if base is not None and moved is not None:
        kept = ~moved
        image[kept], raw[kept] = base.image[kept], base.raw[kept]
        parts[kept], depth[kept] = base.parts[kept], base.depth[kept]
    landmarks = {name: project(points, scene.camera, len(raw)) for name, points in scene.anchors.items()}
    return Frame(image, parts, depth, landmarks, raw)
