"""Colour of a surface point: procedural patterns, bump, soft studio light."""

from __future__ import annotations

import math

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.grid import Field, field_dist, field_material
from chatanything.face.kit.jit import inlined, kernel
from chatanything.face.kit.sdf import fbm, noise3


@inlined
def sat(x: float) -> float:
    """Clamp to 0..1."""
    return min(1.0, max(0.0, x))


@inlined
def _sstep(a: float, b: float, x: float) -> float:
    t = min(1.0, max(0.0, (x - a) / (b - a)))
    return t * t * (3 - 2 * t)


@kernel
def _strand(x: float, y: float, z: float, s: float) -> float:
    """Hair strand pattern: radial on the crown, falling along y below it."""
    w = _sstep(0.45, 0.95, y)
    q = 0.25 * noise3(x * 2, y * 1.5, z * 2)
    v = (
        noise3((x + q) * s * 4.5, y * 0.8, (z + q) * s * 4.5) * 0.6
        + noise3((x + q) * s * 1.8, y * 0.5, (z + q) * s * 1.8) * 0.4
    )
    if w <= 0.0:
        return v
    a = math.atan2(x, z + 0.05) * 5
    return v * (1 - w) + w * (
        noise3(a * s * 0.35 + y * 0.7, y * 0.5, 3.0) * 0.5 + 0.5 * noise3(a * s + y * 1.2, y * 0.8, 9.0)
    )


@kernel
def _texture(  # noqa: PLR0911 - one return a pattern
    M: Array, m: int, x: float, y: float, z: float
) -> tuple[float, float]:
    """Procedural pattern: (mix to second colour 0..1, brightness factor)."""
    t = int(M[m, 6])
    s = M[m, 7]
    amp = M[m, 8]
    if t == 1:  # mottled skin / ceramic
        return sat((fbm(x * s, y * s, z * s) - 0.42) * 2.0) * amp, 1.0
    if t == 2:  # wood / bark: vertical grain
        w = noise3(x * 1.5, y * 0.6, z * 1.5) * 3
        g = noise3(x * s + w, y * s * 0.12, z * s + w)
        return sat((g - 0.35) * 2) * amp, 0.85 + 0.3 * noise3(x * s * 3, y * s * 0.3, z * s * 3)
    if t == 3:  # brushed metal
        return 0.0, 1.0 + amp * (noise3(x * 3, y * s * 6, z * 3) - 0.5)
    if t == 4:  # fur
        w = noise3(x * 3, y * 3, z * 3) * 2
        g = noise3(x * s + w, y * s * 0.3 + w, z * s)
        return sat((fbm(x * 2, y * 2, z * 2) - 0.4) * 2) * amp, 0.86 + 0.28 * g
    if t == 5:  # stone
        g = fbm(x * s, y * s, z * s)
        return sat((g - 0.4) * 2.5) * amp, 0.9 + 0.2 * noise3(x * s * 7, y * s * 7, z * s * 7)
    if t == 6:  # vertical stripes by longitude (scale = count)
        a = math.atan2(x, z)
        g = abs(math.sin(a * s * 0.5 + 1.5708))
        return (1 - _sstep(0.0, 0.55, g)) * amp, 1.0
    if t == 7:  # cloth weave
        return 0.0, 1.0 + amp * math.sin(x * s) * math.sin(y * s)
    if t == 8:  # hair strands running down from the crown
        g = _strand(x, y, z, s)
        return sat((g - 0.35) * 1.9) * amp, 0.92 + 0.16 * g
    if t == 11:  # apple: vertical flame streaks plus speckles
        a = math.atan2(x, z)
        g = noise3(a * s, y * 0.9, 2.0) * 0.6 + noise3(a * s * 3, y * 1.5, 5.0) * 0.4
        top = _sstep(0.45, 1.3, y) * 0.7
        sp = _sstep(0.80, 0.86, noise3(x * 16, y * 16, z * 16)) * 0.5
        return sat(sat((g - 0.52) * 2.0) * amp + top + sp * amp), 1.0
    if t == 13:  # tabby stripes on the upper head
        a = abs(x) * 0.9 + noise3(x * 2, y * 2, z * 2) * 0.25
        g = math.sin((a + 0.15 * y) * s)
        return _sstep(0.1, 0.6, g) * _sstep(0.25, 0.6, y) * amp, 0.9 + 0.2 * noise3(x * 20, y * 6, z * 20)
    return 0.0, 1.0


@kernel
def _object_space(M: Array, H: Array, m: int, px: float, py: float, pz: float) -> tuple[float, float, float]:
    """World point -> head space, or unchanged for materials that belong to the body."""
    if M[m, 21] > 0:
        return px, py, pz
    qx = px - H[9]
    qy = py - H[10]
    qz = pz - H[11]
    return (
        H[0] * qx + H[3] * qy + H[6] * qz,
        H[1] * qx + H[4] * qy + H[7] * qz,
        H[2] * qx + H[5] * qy + H[8] * qz,
    )


@kernel
def _albedo(
    M: Array, D: Array, H: Array, E: Array, m: int, px: float, py: float, pz: float, col: Array
) -> None:
    """Base colour of material m at world point p into col."""
    e = int(M[m, 20])
    if e > 0:
        e -= 1
        dx = (px - E[e, 0]) / E[e, 6]
        dy = (py - E[e, 1]) / E[e, 6]
        dz = (pz - E[e, 2]) / E[e, 6]
        c = dx * E[e, 3] + dy * E[e, 4] + dz * E[e, 5]
        ang = math.acos(min(1.0, max(-1.0, c)))
        ai = E[e, 7]
        ap = E[e, 8]
        iris = 1 - _sstep(ai - 0.03, ai + 0.03, ang)
        pup = 1 - _sstep(ap - 0.03, ap + 0.03, ang)
        limb = _sstep(ai * 0.70, ai, ang)
        up = dy - c * E[e, 4]
        phi = math.atan2(dx - c * E[e, 3], up)
        fib = 0.8 + 0.4 * noise3(phi * 5, ang * 4, e * 3.0 + 1)
        lo = 0.62 + 0.75 * sat(0.5 - up / (ai + 1e-6) * 0.55)
        for k in range(3):
            ic = E[e, 9 + k] * fib * lo * (1 - 0.75 * limb)
            ic = ic * (1 - pup) + 0.004 * pup
            col[k] = E[e, 12 + k] * (1 - 0.25 * _sstep(ai, 1.25, ang)) * (1 - iris) + ic * iris
        return
    x, y, z = _object_space(M, H, m, px, py, pz)
    w, br = _texture(M, m, x, y, z)
    for k in range(3):
        col[k] = (M[m, k] * (1 - w) + M[m, 3 + k] * w) * br
    for i in range(D.shape[0]):
        if int(D[i, 0]) == m:
            r = math.sqrt(
                ((x - D[i, 1]) / D[i, 4]) ** 2
                + ((y - D[i, 2]) / D[i, 5]) ** 2
                + ((z - D[i, 3]) / D[i, 6]) ** 2
            )
            a = (1 - _sstep(1 - D[i, 7], 1 + D[i, 7], r)) * D[i, 11]
            for k in range(3):
                col[k] = col[k] * (1 - a) + D[i, 8 + k] * a


@kernel
def _light_reach(
    field: Field,
    L: Array,
    px: float,
    py: float,
    pz: float,
    nx: float,
    ny: float,
    nz: float,
    lit: Array,
) -> None:
    """Ambient occlusion and soft shadow of a surface point, each 0..1."""
    ao = 0.0
    sc = 1.0
    for i in range(4):
        h = 0.03 + 0.085 * i
        ao += max(0.0, h - field_dist(field, px + nx * h, py + ny * h, pz + nz * h)) * sc
        sc *= 0.62
    lit[0] = sat(1.0 - 2.1 * ao)
    sh = 1.0
    if nx * L[0] + ny * L[1] + nz * L[2] > -0.3:
        t = 0.05
        for _ in range(16):
            d = field_dist(
                field, px + nx * 0.01 + L[0] * t, py + ny * 0.01 + L[1] * t, pz + nz * 0.01 + L[2] * t
            )
            sh = min(sh, 0.5 + 0.5 * d * 7.0 / t)
            if sh < 0.02 or t > 2.4:
                break
            t += min(0.3, max(0.04, abs(d)))
        sh = sat(sh)
        sh = sh * sh * (3 - 2 * sh)
    lit[1] = sh


@kernel
def shade(
    field: Field,
    M: Array,
    D: Array,
    E: Array,
    H: Array,
    L: Array,
    px: float,
    py: float,
    pz: float,
    dx: float,
    dy: float,
    dz: float,
    col: Array,
    col2: Array,
    lit: Array,
) -> int:
    """Colour (linear) of a hit point; returns the material index.

    `lit` is ambient occlusion and key light that reach the point; found out and written there if below zero.
    """
    e = 0.0025
    n1 = field_dist(field, px + e, py - e, pz - e)
    n2 = field_dist(field, px - e, py - e, pz + e)
    n3 = field_dist(field, px - e, py + e, pz - e)
    n4 = field_dist(field, px + e, py + e, pz + e)
    nx = n1 - n2 - n3 + n4
    ny = -n1 - n2 + n3 + n4
    nz = -n1 + n2 - n3 + n4
    il = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20)
    nx *= il
    ny *= il
    nz *= il
    m, m2, mt = field_material(field, px, py, pz)
    _albedo(M, D, H, E, m, px, py, pz, col)
    if mt > 0.02:
        _albedo(M, D, H, E, m2, px, py, pz, col2)
        for k in range(3):
            col[k] = col[k] * (1 - mt) + col2[k] * mt
    tex = int(M[m, 6])
    bump = M[m, 9]
    if bump > 0.0:  # bump from the noise gradient, taken in object space and turned back to the world
        s = M[m, 7]
        ux, uy, uz = _object_space(M, H, m, px, py, pz)
        gx = 0.0
        gy = 0.0
        gz = 0.0
        if tex == 8:
            b0 = _strand(ux, uy, uz, s)
            gx = (b0 - _strand(ux + 0.03, uy, uz, s)) * bump * 3
            gz = (b0 - _strand(ux, uy, uz + 0.03, s)) * bump * 3
        else:
            sy = s
            if tex == 2:
                sy = s * 0.15
            elif tex == 4:
                sy = s * 0.35
            b0 = noise3(ux * s, uy * sy, uz * s)
            gx = (b0 - noise3(ux * s + 0.3, uy * sy, uz * s)) * bump * 3
            gy = (b0 - noise3(ux * s, uy * sy + 0.3, uz * s)) * bump * 3
            gz = (b0 - noise3(ux * s, uy * sy, uz * s + 0.3)) * bump * 3
        if M[m, 21] > 0:
            nx += gx
            ny += gy
            nz += gz
        else:
            nx += H[0] * gx + H[1] * gy + H[2] * gz
            ny += H[3] * gx + H[4] * gy + H[5] * gz
            nz += H[6] * gx + H[7] * gy + H[8] * gz
        il = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20)
        nx *= il
        ny *= il
        nz *= il
    if lit[0] < 0.0:
        _light_reach(field, L, px, py, pz, nx, ny, nz, lit)
    ao = lit[0]
    sh = lit[1]
    ndl = nx * L[0] + ny * L[1] + nz * L[2]
    wrap = M[m, 12]
    ndv = -(nx * dx + ny * dy + nz * dz)
    fres = (1 - sat(ndv)) ** 3
    # reflection vector
    rx = dx + 2 * ndv * nx
    ry = dy + 2 * ndv * ny
    rz = dz + 2 * ndv * nz
    rl = max(0.0, rx * L[0] + ry * L[1] + rz * L[2])
    spec = M[m, 10] * rl ** M[m, 11] * sh
    sky = 0.5 + 0.5 * ny
    rimd = max(0.0, nx * L[6] + ny * L[7] + nz * L[8])
    rim = M[m, 13] * fres * (0.25 + 1.6 * rimd) * (0.3 + 0.7 * ao)
    fill = max(0.0, nx * L[3] + ny * L[4] + nz * L[5])
    metal = M[m, 17]
    # fake studio environment: bright strip boxes
    env = (
        0.25
        + 0.55 * _sstep(-0.1, 0.9, ry)
        + 0.9 * _sstep(0.55, 0.75, ry) * _sstep(-0.9, -0.1, rz + 0.6)
        + 0.35 * _sstep(0.6, 0.8, -rx)
    )
    eye = M[m, 20] > 0
    for k in range(3):
        sss = M[m, 14 + k]
        hard = max(0.0, ndl) * sh
        soft = max(0.0, (ndl + wrap) / (1 + wrap)) * (0.35 + 0.65 * sh)
        dif = hard * (1 - sss) + soft * sss
        amb = (L[12 + k] * sky + L[15 + k] * (1 - sky)) * (ao * (1 - sss * 0.35) + sss * 0.35)
        c = col[k] * (dif * L[9 + k] + amb + fill * L[18 + k] * ao + M[m, 18])
        c = c * (1 - 0.75 * metal) + metal * env * (0.35 + 0.65 * ao) * (0.25 + 0.9 * col[k])
        c += spec * L[9 + k] * 0.5 + rim * L[21 + k]
        c += M[m, 10] * fres * 0.25 * env * ao
        if M[m, 10] > 0.35 and not eye:  # crisp soft-box highlight of glossy things
            c += _sstep(0.90, 0.96, rl) * M[m, 10] * 0.42 * sh
        if eye:
            g1 = _sstep(0.915, 0.94, rl)
            g2 = _sstep(0.93, 0.97, rx * 0.45 - ry * 0.42 + rz * 0.787) * 0.22
            c = c * (0.4 + 0.6 * ao) + g1 * 1.8 + g2
        col[k] = c
    return m
