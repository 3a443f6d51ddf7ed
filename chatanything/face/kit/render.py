"""Sphere tracing renderer with soft studio light (numba, one core, adaptive 2x2 supersampling)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.builder import Scene
from chatanything.face.kit.jit import inlined, kernel
from chatanything.face.kit.sdf import scene_dist
from chatanything.face.kit.shading import sat, shade
from chatanything.types import Float32, UInt8


@dataclass
class Frame:
    """Everything known about one image."""

    image: UInt8  # (H, W, 3) uint8 sRGB
    parts: UInt8  # (H, W) uint8, index into materials.PARTS
    depth: Float32  # (H, W) float32, 0 = background
    landmarks: dict[str, Array]  # name -> (n, 2) pixels


@kernel
def _trace(
    P: Array,
    PT: Array,
    G: Array,
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
    col: Array,
    col2: Array,
) -> tuple[int, float]:
    """One ray; linear colour into col. Returns (part, t)."""
    t = 0.0
    # enter the bounding sphere of everything
    b = (ox - H[12]) * dx + (oy - H[13]) * dy + (oz - H[14]) * dz
    c = (ox - H[12]) ** 2 + (oy - H[13]) ** 2 + (oz - H[14]) ** 2 - H[15] ** 2
    disc = b * b - c
    if disc > 0:
        s = math.sqrt(disc)
        t = max(0.0, -b - s)
        tmax = -b + s
        for _ in range(90):
            d = scene_dist(P, PT, G, ox + dx * t, oy + dy * t, oz + dz * t)
            if d < 0.0012:
                m = shade(
                    P, PT, G, M, D, E, H, L, ox + dx * t, oy + dy * t, oz + dz * t, dx, dy, dz, col, col2
                )
                return int(M[m, 19]), t
            t += d * 0.92
            if t > tmax:
                break
    g = sat(0.5 + 0.5 * sy)
    v = sat(1.0 - 0.55 * ((sx - bg[9]) ** 2 + (sy - bg[10]) ** 2))
    for k in range(3):
        col[k] = bg[k] * g + bg[3 + k] * (1 - g) + bg[6 + k] * v * v
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
def _image(
    P: Array,
    PT: Array,
    G: Array,
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
    img: Array,
    parts: UInt8,
    depth: Float32,
) -> None:
    """Trace the box x0..x1, y0..y1; edges get four rays a pixel when cam[4] is set."""
    col = np.zeros(3)
    col2 = np.zeros(3)
    acc = np.zeros(3)
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
                P,
                PT,
                G,
                M,
                D,
                E,
                H,
                L,
                bg,
                cam[0],
                cam[1],
                cam[2],
                dx * il,
                dy * il,
                dz * il,
                sx,
                sy,
                col,
                col2,
            )
            parts[y, x] = p
            depth[y, x] = t
            for k in range(3):
                img[y, x, k] = _tone(_sat_boost(col, k))
    if cam[4] < 1:
        return
    need = np.zeros((size, size), np.uint8)
    for y in range(y0, y1):
        for x in range(x0, x1):
            for j in range(2):
                x2 = x + (1 - j)
                y2 = y + j
                if x2 < x1 and y2 < y1:
                    if parts[y, x] == 0 and parts[y2, x2] == 0:
                        continue
                    df = (
                        abs(img[y, x, 0] - img[y2, x2, 0])
                        + abs(img[y, x, 1] - img[y2, x2, 1])
                        + abs(img[y, x, 2] - img[y2, x2, 2])
                    )
                    if df > 0.10 or parts[y, x] != parts[y2, x2]:
                        need[y, x] = 1
                        need[y2, x2] = 1
    for y in range(y0, y1):
        for x in range(x0, x1):
            if need[y, x]:
                acc[:] = 0.0
                for s in range(4):
                    sx = (x + 0.25 + 0.5 * (s % 2)) / size * 2 - 1
                    sy = 1 - (y + 0.25 + 0.5 * (s // 2)) / size * 2
                    dx = sx * f
                    dy = sy * f
                    dz = -1.0
                    il = 1 / math.sqrt(dx * dx + dy * dy + 1)
                    _trace(
                        P, PT, G, M, D, E, H, L, bg,
                        cam[0], cam[1], cam[2], dx * il, dy * il, dz * il, sx, sy, col, col2,
                    )  # fmt: skip
                    for k in range(3):
                        acc[k] += _tone(_sat_boost(col, k)) * 0.25
                for k in range(3):
                    img[y, x, k] = acc[k]


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
    box: tuple[int, int, int, int] | None = None,
    base: Frame | None = None,
) -> Frame:
    """Render a baked scene to a square picture with labels.

    Args:
        scene: From `shapes.build`.
        size: Edge in pixels.
        supersample: Four rays a pixel where it shows.
        box: x0, y0, x1, y1; only these pixels are traced, the others are copied from `base`.
        base: A frame of the same size, needed with `box`.
    """
    img = np.zeros((size, size, 3))
    parts = np.zeros((size, size), np.uint8)
    depth = np.zeros((size, size), np.float32)
    cam = np.append(scene.camera, float(supersample))
    x0, y0, x1, y1 = box or (0, 0, size, size)
    _image(
        scene.P, scene.PT, scene.G, scene.M, scene.D, scene.E, scene.H, scene.L, scene.bg,
        cam, size, x0, y0, x1, y1, img, parts, depth,
    )  # fmt: skip
    image = (np.clip(img, 0, 1) * 255 + 0.5).astype(np.uint8)
    if box is not None and base is not None:
        inside = (slice(y0, y1), slice(x0, x1))
        for drawn, kept in ((image, base.image), (parts, base.parts), (depth, base.depth)):
            patch = drawn[inside].copy()
            drawn[...] = kept
            drawn[inside] = patch
    landmarks = {name: project(points, scene.camera, size) for name, points in scene.anchors.items()}
    return Frame(image, parts, depth, landmarks)
