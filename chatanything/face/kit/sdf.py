"""Signed distance primitives and the scene evaluator (numba, data driven).

A scene is four float64 arrays (see ``shapes.SceneBuilder.bake``):
  P  (n, 28) primitives   PT (m, 4) polyline/polygon points x y z radius
  G  (g, 6)  groups       = first prim, end prim, bounding centre xyz, bounding radius
Primitives of one group are combined in order with smooth union / subtraction;
groups are joined with a hard minimum.
"""

from __future__ import annotations

import math

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.jit import inlined, kernel

ELLIPSOID, BOX, TUBE, PRISM, TORUS, CYLINDER, RIBBED, ARCH, LUMPY, CONE = range(10)
UNION, SUBTRACT = 0, 1
# columns of P
TYPE, OP, K, MAT, CX, ROT, PAR, PT0, PT1, BX, BR = 0, 1, 2, 3, 4, 7, 16, 22, 23, 24, 27
NCOL = 28


@inlined
def hash3(ix: int, iy: int, iz: int) -> float:
    """A lattice point's random number in 0..1."""
    h = (ix * 374761393 + iy * 668265263 + iz * 1274126177) & 0x7FFFFFFF
    h = ((h ^ (h >> 13)) * 1103515245) & 0x7FFFFFFF
    return ((h ^ (h >> 16)) & 0xFFFF) / 65535.0


@kernel
def noise3(x: float, y: float, z: float) -> float:
    """Value noise in 0..1."""
    fx, fy, fz = math.floor(x), math.floor(y), math.floor(z)
    ix, iy, iz = int(fx), int(fy), int(fz)
    x -= fx
    y -= fy
    z -= fz
    u = x * x * (3 - 2 * x)
    v = y * y * (3 - 2 * y)
    w = z * z * (3 - 2 * z)
    a = hash3(ix, iy, iz) * (1 - u) + hash3(ix + 1, iy, iz) * u
    b = hash3(ix, iy + 1, iz) * (1 - u) + hash3(ix + 1, iy + 1, iz) * u
    c = hash3(ix, iy, iz + 1) * (1 - u) + hash3(ix + 1, iy, iz + 1) * u
    d = hash3(ix, iy + 1, iz + 1) * (1 - u) + hash3(ix + 1, iy + 1, iz + 1) * u
    return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w


@kernel
def fbm(x: float, y: float, z: float) -> float:
    """Three octaves of `noise3`, 0..1."""
    return (
        0.55 * noise3(x, y, z)
        + 0.3 * noise3(2.1 * x + 7, 2.1 * y, 2.1 * z)
        + 0.15 * noise3(4.3 * x, 4.3 * y + 3, 4.3 * z)
    )


@kernel
def _ellipsoid(x: float, y: float, z: float, a: float, b: float, c: float) -> float:
    # Three divisions instead of six: most primitives are ellipsoids.
    ra, rb, rc = 1.0 / a, 1.0 / b, 1.0 / c
    u, v, w = x * ra, y * rb, z * rc
    k0 = math.sqrt(u * u + v * v + w * w)
    k1 = math.sqrt((u * ra) ** 2 + (v * rb) ** 2 + (w * rc) ** 2)
    if k1 < 1e-6:
        return -min(a, b, c)
    return k0 * (k0 - 1.0) / k1


@kernel
def _tube(x: float, y: float, z: float, PT: Array, s: int, e: int, flat: float) -> float:
    """Polyline with linearly varying radius; ``flat`` > 1 squeezes it along z."""
    best = 1e9
    for i in range(s, e - 1):
        ax, ay, az, ar = PT[i, 0], PT[i, 1], PT[i, 2], PT[i, 3]
        bx = PT[i + 1, 0] - ax
        by = PT[i + 1, 1] - ay
        bz = (PT[i + 1, 2] - az) * flat
        qx = x - ax
        qy = y - ay
        qz = (z - az) * flat
        t = (qx * bx + qy * by + qz * bz) / (bx * bx + by * by + bz * bz + 1e-12)
        t = min(1.0, max(0.0, t))
        dx = qx - t * bx
        dy = qy - t * by
        dz = qz - t * bz
        d = math.sqrt(dx * dx + dy * dy + dz * dz) - (ar + t * (PT[i + 1, 3] - ar))
        best = min(best, d)
    return best / max(1.0, flat)


@kernel
def _polygon(x: float, y: float, PT: Array, s: int, e: int) -> float:
    """Exact 2D signed distance to a simple polygon."""
    dx = x - PT[s, 0]
    dy = y - PT[s, 1]
    d = dx * dx + dy * dy
    sign = 1.0
    j = e - 1
    for i in range(s, e):
        ex = PT[j, 0] - PT[i, 0]
        ey = PT[j, 1] - PT[i, 1]
        wx = x - PT[i, 0]
        wy = y - PT[i, 1]
        t = min(1.0, max(0.0, (wx * ex + wy * ey) / (ex * ex + ey * ey + 1e-12)))
        bx = wx - ex * t
        by = wy - ey * t
        d = min(d, bx * bx + by * by)
        c1 = y >= PT[i, 1]
        c2 = y < PT[j, 1]
        c3 = ex * wy > ey * wx
        if (c1 and c2 and c3) or ((not c1) and (not c2) and (not c3)):
            sign = -sign
        j = i
    return sign * math.sqrt(d)


@kernel
def prim_dist(  # noqa: PLR0911 - one return a primitive
    P: Array, PT: Array, i: int, px: float, py: float, pz: float
) -> float:
    """Distance from the world point to primitive i."""
    qx = px - P[i, 4]
    qy = py - P[i, 5]
    qz = pz - P[i, 6]
    x: float = P[i, 7] * qx + P[i, 8] * qy + P[i, 9] * qz
    y: float = P[i, 10] * qx + P[i, 11] * qy + P[i, 12] * qz
    z: float = P[i, 13] * qx + P[i, 14] * qy + P[i, 15] * qz
    a: float = P[i, 16]
    b: float = P[i, 17]
    c: float = P[i, 18]
    d: float = P[i, 19]
    e: float = P[i, 20]
    t = int(P[i, 0])
    if t == 0:
        return _ellipsoid(x, y, z, a, b, c)
    if t == 1:  # rounded box: half sizes a b c, rounding d
        x = abs(x) - a + d
        y = abs(y) - b + d
        z = abs(z) - c + d
        o = math.sqrt(max(x, 0.0) ** 2 + max(y, 0.0) ** 2 + max(z, 0.0) ** 2)
        return o + min(max(x, y, z), 0.0) - d
    if t == 2:
        return _tube(x, y, z, PT, int(P[i, 22]), int(P[i, 23]), a)
    if t == 3:  # polygon prism: z range a..b, grown by c
        u = _polygon(x, y, PT, int(P[i, 22]), int(P[i, 23])) - c
        v = max(z - b, a - z)
        return min(max(u, v), 0.0) + math.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2)
    if t == 4:  # torus around y: R a, r b, vertical stretch c
        u = math.sqrt(x * x + z * z) - a
        return math.sqrt(u * u + (y / c) ** 2) - b
    if t == 5:  # rounded cylinder along y: radius a, half height b, rounding c
        u = math.sqrt(x * x + z * z) - a + c
        v = abs(y) - b + c
        return min(max(u, v), 0.0) + math.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2) - c
    if t == 6:  # ribbed ellipsoid: radii a b c, ribs d, depth e
        f = 1.0 - e * (1.0 - abs(math.sin(math.atan2(x, z) * d * 0.5 + 1.5708)) ** 0.7) * max(
            0.0, 1 - (y / b) ** 6
        )
        return _ellipsoid(x, y, z, a * f, b, c * f) * 0.8
    if t == 7:  # arch (teeth): half sizes a b c, rounding d, bend e
        z = z + e * x * x
        x = abs(x) - a + d
        y = abs(y) - b + d
        z = abs(z) - c + d
        o = math.sqrt(max(x, 0.0) ** 2 + max(y, 0.0) ** 2 + max(z, 0.0) ** 2)
        return (o + min(max(x, y, z), 0.0) - d) * 0.8
    if t == 8:  # lumpy ellipsoid: radii a b c, noise frequency d, amplitude e
        return _ellipsoid(x, y, z, a, b, c) * 0.85 - e * (noise3(x * d + 11, y * d + 5, z * d + 3) - 0.5)
    # t == 9: tapered cylinder along y: bottom radius a, top radius b, half height c, rounding d
    u = math.sqrt(x * x + z * z) - (a + (b - a) * min(1.0, max(0.0, 0.5 + 0.5 * y / c))) + d
    v = abs(y) - c + d
    return (min(max(u, v), 0.0) + math.sqrt(max(u, 0.0) ** 2 + max(v, 0.0) ** 2) - d) * 0.9


@kernel
def scene_dist(P: Array, PT: Array, G: Array, px: float, py: float, pz: float) -> float:
    """Distance of the whole scene (no material)."""
    best = 1e9
    for g in range(G.shape[0]):
        dx = px - G[g, 2]
        dy = py - G[g, 3]
        dz = pz - G[g, 4]
        lb = math.sqrt(dx * dx + dy * dy + dz * dz) - G[g, 5]
        if lb >= best:
            continue
        if lb > 0.35:
            best = lb
            continue
        d = 1e9
        for i in range(int(G[g, 0]), int(G[g, 1])):
            k = P[i, 2]
            dx = px - P[i, 24]
            dy = py - P[i, 25]
            dz = pz - P[i, 26]
            r = P[i, 27]
            q = dx * dx + dy * dy + dz * dz
            if P[i, 1] == 0.0:
                m = d + k + r
                if m <= 0.0 or q >= m * m:
                    continue
                s = prim_dist(P, PT, i, px, py, pz)
                if k > 0.0:
                    h = max(k - abs(d - s), 0.0)
                    d = min(d, s) - h * h * 0.25 / k
                elif s < d:
                    d = s
            else:
                m = k - d + r
                if m <= 0.0 or q >= m * m:
                    continue
                s = -prim_dist(P, PT, i, px, py, pz)
                if k > 0.0:
                    h = max(k - abs(d - s), 0.0)
                    d = max(d, s) + h * h * 0.25 / k
                elif s > d:
                    d = s
        best = min(best, d)
    return best


@kernel
def front_z(P: Array, PT: Array, G: Array, xs: Array, ys: Array, z0: float, out: Array) -> None:
    """Z of the front surface over points (x, y), marching from z0 towards -z; -1 where missed."""
    for i in range(xs.shape[0]):
        z = z0
        hit = False
        for _ in range(120):
            d = scene_dist(P, PT, G, xs[i], ys[i], z)
            if d < 5e-4:
                hit = True
                break
            z -= d * 0.9
            if z < -2.5:
                break
        out[i] = z if hit else -1.0
