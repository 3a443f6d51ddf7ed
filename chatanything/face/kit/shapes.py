"""Character -> scene: host body, common face, hair, accessories, landmark anchors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chatanything.face.kit import hosts
from chatanything.face.kit.arrays import Array
from chatanything.face.kit.builder import Scene, SceneBuilder, rot
from chatanything.face.kit.materials import lin, material, mix
from chatanything.face.kit.params import BACKGROUNDS, CLOTH_COLORS, HAIR_COLORS, IRIS_COLORS, Character
from chatanything.face.kit.rig import FaceCurves, curves

ANIMALS = ("cat", "dog", "bear", "fox")


def _face(b: SceneBuilder, c: Character, h: hosts.Host, f: FaceCurves) -> dict[str, Array]:
    """Add eyes, nose, mouth, cheeks, brows to the current (host) group; return anchor points."""
    s, cy, m = h.scale, h.cy, h.skin

    def XY(p: Any) -> Any:
        return np.asarray(p, float) * s + np.array([0, cy])

    def Z(p: Any) -> Any:
        return b.front(XY(np.atleast_2d(p)))

    anc: dict[str, Array] = {}
    eye_c = np.array(f.eye_center)
    mouth_u = np.stack([np.linspace(-0.36, 0.36, 13), np.full(13, f.mouth_y)], 1)
    zm13, ze, z_nose = Z(mouth_u), Z(eye_c), Z([[0, 0.05], [0, -0.15], [0, -0.36], [0, -0.43]])

    def zm_at(x: Any) -> Any:
        return np.interp(np.asarray(x), mouth_u[:, 0], zm13)

    zbrow = [Z(q) for q in f.brow]
    oval_t = np.radians(np.linspace(200, 340, 15))
    # cheeks follow the smile
    for sd in (-1, 1):
        r = (0.20 + 0.07 * f.puff) * c.cheeks
        p = np.array([[sd * (0.42 + 0.03 * f.puff), -0.40 + 0.05 * f.smile - 0.14 * f.puff]])
        z = Z(p)[0]
        b.sphere((*XY(p[0]), z - (r * 0.90 - 0.06 * f.smile - 0.08 * f.puff) * s), r * s, m, 0.36 * s)
        b.decal(m, (*XY((sd * 0.47, -0.38)), z), (0.19 * s, 0.14 * s, 0.5), h.blush, h.blush_a * 0.85, 0.9)
    # eyelid bulges
    half = f.eye_half * s
    re = half * 1.12
    ec = np.array([[*XY(eye_c[i]), ze[i] - re * 0.66] for i in range(2)])
    zc = ec[:, 2].mean()
    ec[:, 2] = zc
    for i in range(2):
        b.sphere(ec[i], re * 1.10, m, 0.10 * s)
        b.decal(
            m,
            (*(ec[i, :2] + (0, 0.02 * s)), ec[i, 2] + re),
            (half * 1.5, half * 1.25, 0.5),
            mix(h.color, h.blush, 0.35) if c.kind == "human" else mix(h.color, "#000000", 0.25),
            0.38,
            0.5,
        )
    # nose
    n = c.nose
    z0, z1, z2, z3 = z_nose
    if h.nose == "human":
        L = n.length * 0.94
        ns = n.size * 0.88
        ty = -0.36 * L
        tz = z2 + 0.125 * ns * s
        b.tube(
            [
                [*XY((0, 0.04)), z0 - 0.05 * s, 0.05 * s],
                [*XY((0, -0.16 * L)), z1 + 0.005 * s * ns, 0.058 * s],
                [*XY((0, ty)), z2 + 0.06 * s * ns, 0.08 * s * ns],
            ],
            m,
            0.10 * s,
        )
        b.sphere((*XY((0, ty + 0.02 * n.upturn)), tz - 0.055 * s), 0.098 * s * ns, m, 0.06 * s)
        for sd in (-1, 1):
            b.sphere((*XY((sd * 0.098 * n.width, ty - 0.025)), tz - 0.125 * s), 0.066 * s * ns, m, 0.05 * s)
            b.ellipsoid(
                (*XY((sd * 0.050 * n.width, ty - 0.085 * ns + 0.015 * n.upturn)), tz - 0.085 * s),
                (0.027 * s, 0.020 * s, 0.04 * s),
                m,
                0.03 * s,
                op=1,
            )
        b.decal(m, (*XY((0, ty)), tz), (0.15 * s, 0.12 * s, 0.3), h.blush, h.blush_a * 0.8, 0.8)
        tip, base = (0, ty - 0.045 + 0.02 * n.upturn, tz + 0.035 * s), (0, ty - 0.08, tz - 0.04 * s)
    else:
        nm = b.mat(
            material(
                h.nose_color or h.color, "nose", spec=0.6, gloss=35, wrap=0.4, rim=0.35, sss=(0.6, 0.45, 0.4)
            )
        )
        ns = n.size
        ty = -0.36
        if h.nose == "ball":
            b.tube(
                [[*XY((0, 0.02)), z0 - 0.035 * s, 0.045 * s], [*XY((0, -0.25)), z1 + 0.0 * s, 0.065 * s]],
                m,
                0.10 * s,
            )
            b.ellipsoid(
                (*XY((0, ty)), z2 + 0.045 * s),
                (0.115 * ns * s * n.width, 0.10 * ns * s, 0.115 * s),
                m,
                0.05 * s,
            )
            for sd in (-1, 1):
                b.ellipsoid(
                    (*XY((sd * 0.095 * n.width, ty - 0.03)), z2 + 0.02 * s),
                    (0.055 * s, 0.05 * s, 0.06 * s),
                    m,
                    0.05 * s,
                )
                b.ellipsoid(
                    (*XY((sd * 0.045 * n.width, ty - 0.085 * ns)), z2 + 0.075 * s),
                    (0.022 * s, 0.016 * s, 0.04 * s),
                    m,
                    0.025 * s,
                    op=1,
                )
            b.decal(m, (*XY((0, ty)), z2 + 0.1), (0.13 * s, 0.11 * s, 0.3), h.blush, 0.35, 0.8)
            tip, base = (0, ty, z2 + 0.16 * s), (0, ty - 0.09, z2 + 0.07 * s)
        elif h.nose == "animal":
            b.tube(
                [[*XY((0, 0.06)), z0 - 0.03 * s, 0.07 * s], [*XY((0, -0.28)), z2 - 0.03 * s, 0.10 * s]],
                m,
                0.14 * s,
            )
            b.ellipsoid(
                (*XY((0, ty + 0.0)), z2 + 0.03 * s), (0.135 * ns * s, 0.085 * ns * s, 0.10 * s), nm, 0.03 * s
            )
            b.ellipsoid(
                (*XY((0, ty - 0.06)), z2 + 0.02 * s), (0.06 * ns * s, 0.06 * s, 0.07 * s), nm, 0.04 * s
            )
            for sd in (-1, 1):
                b.ellipsoid(
                    (*XY((sd * 0.065, ty - 0.03)), z2 + 0.12 * s),
                    (0.024 * s, 0.017 * s, 0.03 * s),
                    nm,
                    0.02 * s,
                    op=1,
                )
            b.tube(
                [
                    [*XY((0, ty - 0.12)), z3 + 0.02 * s, 0.012 * s],
                    [*XY((0, f.mouth_y + 0.09)), zm_at(0) + 0.03 * s, 0.010 * s],
                ],
                m,
                0.03 * s,
                op=1,
            )
            tip, base = (0, ty, z2 + 0.13 * s), (0, ty - 0.10, z2 + 0.06 * s)
        elif h.nose == "beak":
            b.tube(
                [
                    [*XY((0, -0.14)), z1 - 0.05 * s, 0.085 * s],
                    [*XY((0, -0.30)), z2 + 0.06 * s, 0.10 * s],
                    [*XY((0, -0.44)), z2 + 0.08 * s, 0.035 * s],
                ],
                nm,
                0.03 * s,
            )
            tip, base = (0, -0.36, z2 + 0.17 * s), (0, -0.46, z2 + 0.05 * s)
        else:
            b.tube(
                [[*XY((0, -0.02)), z0 - 0.01 * s, 0.05 * s], [*XY((0, -0.34)), z2 + 0.05 * s, 0.085 * s]],
                nm,
                0.03 * s,
            )
            for sd in (-1, 1):
                b.sphere((*XY((sd * 0.085, -0.37)), z2 + 0.02 * s), 0.055 * s, nm, 0.03 * s)
            tip, base = (0, -0.35, z2 + 0.13 * s), (0, -0.44, z2 + 0.05 * s)
    anc["nose_tip"] = np.array([[tip[0], tip[1] * s + cy, tip[2]]])
    anc["nose_base"] = np.array([[base[0], base[1] * s + cy, base[2]]])
    # engraved lines: lid crease, laugh lines, wrinkles of age
    for i, sd in enumerate((-1, 1)):
        up = f.eye[i][:9]
        cr = up[1:8] + np.array([0, 0.22 * f.eye_half])
        cr[:, 1] = np.maximum(cr[:, 1], f.eye_half * (0.55 - 0.2 * f.blink[i]))
        p = XY(cr)
        d = p - ec[i, :2]
        z = ec[i, 2] + np.sqrt(np.maximum((re * 1.10) ** 2 - (d**2).sum(1), (0.25 * re) ** 2))
        b.tube(np.column_stack([p, z + 0.004, np.full(7, 0.008 * s)]), m, 0.028 * s, op=1)
    fold = max(0.0, 0.28 * f.smile + (c.age - 0.5) * 1.2)
    if fold > 0.1 and c.kind in ("human", "alien", "tree", "rock"):
        for sd in (-1, 1):
            p = np.array([(sd * 0.17, -0.36), (sd * 0.255, -0.47), (sd * 0.335, -0.62), (sd * 0.34, -0.70)])
            b.tube(
                np.column_stack([XY(p), Z(p) + 0.004, np.array([0.004, 0.012, 0.012, 0.003]) * s]),
                m,
                (0.02 + 0.03 * fold) * s,
                op=1,
            )
    if c.kind == "human" and c.age > 0.55:
        a = (c.age - 0.55) / 0.45
        for y in (0.46, 0.54, 0.62):
            p = np.array([(x, y + 0.02 * math.cos(x * 6)) for x in np.linspace(-0.34, 0.34, 6)])
            b.tube(
                np.column_stack(
                    [XY(p), Z(p) + 0.002, np.array([0.001, 0.006, 0.006, 0.006, 0.006, 0.001]) * (0.6 + a)]
                ),
                m,
                0.03,
                op=1,
            )
        for sd in (-1, 1):
            for dy in (-0.04, 0.03):
                p = np.array([(sd * 0.53, 0.0 + dy), (sd * 0.66, dy * 2.4)])
                b.tube(np.column_stack([XY(p), Z(p) + 0.003, [0.008, 0.002]]), m, 0.025, op=1)
            p = np.array([(sd * 0.24, -0.19), (sd * 0.34, -0.225), (sd * 0.45, -0.19)])
            b.tube(np.column_stack([XY(p), Z(p) + 0.004, [0.003, 0.008, 0.002]]), m, 0.03, op=1)
    # eye openings (lid surface measured before it is cut)
    zlid = [b.front(XY(f.eye[i])) for i in range(2)]
    for i in range(2):
        if f.blink[i] < 0.93:
            b.prism(XY(f.eye[i]), ec[i, 2] + 0.1 * re, ec[i, 2] + 2.2 * re, 0.0, m, 0.012 * s, op=1)
        p = XY(f.eye[i])
        d = p - ec[i, :2]
        anc["eye_" + "rl"[i]] = np.column_stack(
            [
                p,
                np.minimum(
                    zlid[i], ec[i, 2] + np.sqrt(np.maximum((re * 1.12) ** 2 - (d**2).sum(1), (0.2 * re) ** 2))
                ),
            ]
        )
    # mouth: opening, lips
    closed = f.mouth_open < 0.018
    lipm = b.mat(
        material(
            h.lip, "lips", spec=0.45 if c.lipstick else 0.28, gloss=22, wrap=0.5, rim=0.2, sss=(0.7, 0.4, 0.4)
        )
    )
    cav = b.mat(material("#4a0f14", "mouth", spec=0.05, wrap=0.3, rim=0, sss=(0.3, 0.1, 0.1)))
    loop = np.concatenate([f.lip_in_up, f.lip_in_lo[-2:0:-1]])
    zmin = float(zm_at([-0.2, 0, 0.2]).min())
    if not closed:
        b.prism(XY(loop), zmin - 0.58 * s, zmin + 1.0, 0.006 * s, cav, 0.02 * s, op=1)

    def lz(x: Any, t: float) -> Any:
        return zm_at(x) + f.protrude * s * (1 - t * t)

    t = np.linspace(-1, 1, len(f.lip_in_up))
    for name, out, inn, jz in (
        ("up", f.lip_out_up, f.lip_in_up, 0.0),
        ("lo", f.lip_out_lo, f.lip_in_lo, -0.16 * f.jaw),
    ):
        mid = (out + inn) / 2
        r = np.maximum(np.abs(out[:, 1] - inn[:, 1]) / 2, 0.010)
        z = lz(mid[:, 0], t) + jz * s * (1 - t * t) - r * s * 0.25 + 0.008
        b.tube(np.column_stack([XY(mid), z, r * s]), lipm, 0.018 * s)
        anc["lip_out_" + name] = np.column_stack([XY(out), z + r * s * 0.5])
        anc["lip_in_" + name] = np.column_stack([XY(inn), z + r * s * 0.6])
    if closed:
        seam = (f.lip_in_up + f.lip_in_lo) / 2
        z = lz(seam[:, 0], t) + 0.035 * s * (1 - t * t) * (c.mouth.lower) + 0.012
        b.tube(np.column_stack([XY(seam), z, np.full(len(t), 0.006 * s)]), cav, 0.022 * s, op=1)
    for sd in (-1, 1):  # dents at the mouth corners
        x = abs(f.lip_in_up[0, 0]) * 1.10
        y = f.lip_in_up[0, 1]
        b.tube(
            [
                [*XY((sd * x, y + 0.02 + 0.02 * f.smile)), zm_at(x) + 0.012 * s, 0.008 * s],
                [*XY((sd * x, y - 0.02)), zm_at(x) + 0.012 * s, 0.008 * s],
            ],
            m,
            (0.03 + 0.03 * f.smile) * s,
            op=1,
        )
    # --- separate groups inside the mouth
    if not closed:
        tm = b.mat(
            material("#f6f1e6", "teeth", spec=0.3, gloss=40, wrap=0.6, rim=0, sss=(0.7, 0.7, 0.7), glow=0.22)
        )
        z_in = zmin - 0.085 * s
        my = f.mouth_y
        hw = min(0.235, 0.86 * float(np.abs(f.lip_in_up[:, 0]).max()) + 0.03)
        top = float(f.lip_in_up[:, 1].max())
        b.group()
        b.arch(
            (0, *(XY((0, min(top, my + 0.05) + 0.012))[1:]), z_in),
            (hw * s, 0.070 * s, 0.045 * s),
            0.035 * s,
            1.1 / s,
            tm,
        )
        low = float(f.lip_in_lo[:, 1].min())
        b.group()
        b.arch(
            (0, *(XY((0, low - 0.015))[1:]), z_in - (0.03 + 0.10 * f.jaw) * s),
            (hw * 0.86 * s, 0.058 * s, 0.04 * s),
            0.03 * s,
            1.1 / s,
            tm,
        )
        tg = b.mat(
            material("#d0535c", "tongue", spec=0.35, gloss=18, wrap=0.5, rim=0.05, sss=(0.8, 0.4, 0.4))
        )
        b.group()
        ly = low + 0.02 + 0.14 * f.tongue_up * min(1, f.mouth_open / 0.2) + 0.03 * f.tongue_out
        b.ellipsoid(
            (0, *(XY((0, ly))[1:]), z_in - 0.20 * s + 0.20 * s * f.tongue_out),
            (min(0.17, hw * 0.85) * s, (0.07 + 0.02 * f.jaw) * s, 0.22 * s),
            tg,
            0,
            R=rot(x=18 * f.tongue_up - 8),
        )
        b.ellipsoid(
            (0, *(XY((0, ly - 0.03))[1:]), z_in - 0.34 * s), (min(0.19, hw) * s, 0.13 * s, 0.2 * s), tg, 0.08
        )
    # eyeballs
    iris = lin(IRIS_COLORS[c.eyes.iris])
    for i in range(2):
        g = np.array([f.gaze[0] * 0.42, f.gaze[1] * 0.35, 1.0])
        g /= np.linalg.norm(g)
        ai = 0.56 * c.eyes.iris_size
        b.eyes.append(np.array([*ec[i], *g, re, ai, ai * 0.48, *iris, 0.86, 0.86, 0.87]))
        em = b.mat(
            material(
                "#f2f2f2",
                "sclera_iris",
                spec=0.6,
                gloss=60,
                wrap=0.4,
                rim=0,
                sss=(0.5, 0.45, 0.45),
                eye=i + 1,
            )
        )
        b.group()
        b.sphere(ec[i], re, em)
        anc["iris_" + "rl"[i]] = (
            ec[i]
            + g * re
            + np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]]) * re * math.sin(ai)
        )
    # lashes (upper lid line)
    lm = b.mat(material("#1a1210" if c.kind != "robot" else "#2c343c", "brows", spec=0.1, rim=0))
    b.group()
    for i, sd in enumerate((-1, 1)):
        p = XY(f.eye[i][:9])
        d = p - ec[i, :2]
        z = zlid[i][:9] + 0.004 * s
        w = (0.008 + 0.010 * c.lashes) * s
        b.tube(np.column_stack([p, z, np.linspace(0.6, 1.25, 9) * w]), lm)
        if c.lashes > 0.5:
            for j, _k in ((8, 1.0), (7, 0.9), (6, 0.8)):
                q = (
                    p[j]
                    + np.array([sd * (0.055 + 0.008 * (j - 6)), 0.045 + 0.018 * (8 - j)]) * s * c.lashes * 0.8
                )
                b.tube([[*p[j], z[j], w], [*q, z[j] + 0.02, 0.003]], lm)

    # brows
    def lum(q: Any) -> Any:
        return float(lin(q) @ np.array([0.25, 0.6, 0.15]))

    if lum(h.color) < 0.06 and lum(h.brow) < 0.06 and c.kind != "human":
        h.brow = mix(h.color, "#ffffff", 0.40)
    bm = b.mat(
        material(
            h.brow,
            "brows",
            mix(h.brow, "#000000", 0.4),
            "fur",
            40,
            0.5,
            bump=0.15,
            spec=0.08,
            rim=0.15,
            sss=(0.3, 0.3, 0.3),
        )
    )
    b.group()
    for i in range(2):
        prof = np.array([0.75, 1.0, 1.0, 0.92, 0.78, 0.55, 0.22]) * 0.036 * c.brows.thickness * s
        b.tube(np.column_stack([XY(f.brow[i]), zbrow[i] + 0.012 * s, prof]), bm)
        anc["brow_" + "rl"[i]] = np.column_stack([XY(f.brow[i]), zbrow[i] + 0.03 * s])
    anc["jaw"] = np.array(
        [[math.cos(a) * 0.78 * s, (math.sin(a) * (1.12 + 0.62 * f.jaw) + 0.0) * s + cy, 0.0] for a in oval_t]
    )
    anc["jaw"][:, 2] = np.maximum(b.front(anc["jaw"][:, :2] * np.array([0.93, 0.95])), -0.3)
    return {"_ec": ec, "_re": np.array([[re, 0, 0]]), **anc}


def _hair(b: SceneBuilder, c: Character, h: hosts.Host) -> None:
    """Hair of human heads."""
    st = c.hair
    if st == "bald":
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
            bump=0.45 if st not in ("curly", "afro") else 0.0,
            spec=0.22,
            gloss=12,
            wrap=0.45,
            rim=0.55,
            sss=(0.45, 0.4, 0.38),
        )
    )
    hw = c.head_width
    b.group()
    hat = c.hat not in ("none",)

    def face_cut(y: float = -0.22, ry: float = 0.8, k: float = 0.06) -> Any:
        return b.ellipsoid((0, y, 0.86), (0.71 * hw, ry, 0.80), m, k, op=1)

    def low_cut(y: float) -> Any:
        return b.box((0, y - 1.5, 0.15), (2, 1.5, 1.6), 0.02, m, 0.05, op=1)

    def cap(g: float = 1.0) -> Any:
        return b.ellipsoid((0, 0.33, -0.16), (0.875 * hw * g, 0.89 * g, 0.93 * g), m)

    if st in ("short", "quiff", "buzz", "mohawk"):
        cap(0.975 if st in ("buzz", "mohawk") else 1.02)
        face_cut(-0.24, 0.80 if st != "buzz" else 0.84, 0.04)
        low_cut(-0.06 if st == "short" else 0.02)
        if st == "short" and not hat:
            for x0, x1, y1, r in (
                (0.30, -0.18, 0.74, 0.16),
                (0.30, -0.46, 0.66, 0.15),
                (0.35, -0.66, 0.48, 0.13),
                (0.34, 0.60, 0.56, 0.15),
                (0.1, -0.3, 0.95, 0.2),
                (0.2, 0.5, 0.9, 0.2),
            ):
                b.tube(
                    [
                        [x0, 1.04, 0.36, r * 0.9],
                        [(x0 + x1) / 2, 0.98, 0.60, r],
                        [x1, y1, 0.62 - abs(x1) * 0.30, r * 0.35],
                    ],
                    m,
                    0.06,
                    curve=4,
                )
        if st == "quiff" and not hat:
            for i, x in enumerate((-0.42, -0.2, 0.02, 0.24, 0.44)):
                b.tube(
                    [
                        [x * 0.9, 0.76, 0.58 - abs(x) * 0.3, 0.12],
                        [x * 1.05 + 0.06, 0.98, 0.68 - abs(x) * 0.3, 0.17],
                        [x * 1.1 + 0.14, 1.10, 0.34, 0.17],
                        [x + 0.12, 1.06, -0.1, 0.2],
                    ],
                    m,
                    0.07,
                )
        if st == "mohawk" and not hat:
            for i in range(9):
                a = math.radians(40 + i * 14)
                z, y = math.cos(a) * 0.82 - 0.12, math.sin(a) * 0.80 + 0.28
                b.tube(
                    [
                        [0, y, z, 0.22],
                        [0.02, y + math.sin(a) * 0.34, z + math.cos(a) * 0.22 - 0.04, 0.19],
                        [0.03, y + math.sin(a) * 0.52, z + math.cos(a) * 0.3 - 0.08, 0.08],
                    ],
                    m,
                    0.07,
                )
    elif st in ("bob", "long", "ponytail", "bun"):
        cap(1.04)
        face_cut(-0.26, 0.83, 0.05)
        if st in ("ponytail", "bun"):
            low_cut(-0.12)
            if not hat:
                for sd in (-1, 1):
                    b.tube(
                        [
                            [sd * 0.08, 1.02, 0.58, 0.10],
                            [sd * 0.42, 0.80, 0.58, 0.13],
                            [sd * 0.76, 0.42, 0.30, 0.12],
                            [sd * 0.88, 0.1, -0.05, 0.10],
                        ],
                        m,
                        0.07,
                    )
            if st == "bun":
                b.lumpy(
                    (0, 1.32 if not hat else 0.4, -0.25 if not hat else -1.2),
                    (0.40, 0.36, 0.40),
                    5,
                    0.06,
                    m,
                    0.06,
                )
            else:
                b.tube(
                    [
                        [0.35, 0.85, -0.75, 0.24],
                        [0.95, 0.75, -0.65, 0.27],
                        [1.25, 0.15, -0.45, 0.27],
                        [1.18, -0.55, -0.3, 0.22],
                        [1.02, -1.1, -0.2, 0.05],
                    ],
                    m,
                    0.1,
                    curve=4,
                )
        else:
            end = -0.72 if st == "bob" else -1.62
            for sd in (-1, 1):
                b.tube(
                    [
                        [sd * 0.50, 0.84, 0.10, 0.28],
                        [sd * 0.76, 0.30, 0.02, 0.29],
                        [sd * 0.82, -0.25, 0.0, 0.29],
                        [sd * (0.78 if st == "bob" else 0.86), end * 0.8, 0.04, 0.29],
                        [sd * (0.66 if st == "bob" else 0.78), end, 0.14, 0.16],
                    ],
                    m,
                    0.14,
                    curve=3,
                )
            b.ellipsoid((0, -0.2, -0.62), (0.85, 0.9, 0.45), m, 0.15)
            if not hat:
                for x1, y1, r in (
                    (-0.62, 0.40, 0.075),
                    (-0.42, 0.58, 0.07),
                    (0.68, 0.38, 0.075),
                    (-0.84, 0.0, 0.08),
                    (0.86, 0.0, 0.08),
                ):
                    b.tube(
                        [
                            [0.24, 1.13, 0.28, r * 0.5],
                            [
                                (0.26 + x1) * 0.55,
                                0.98 - 0.25 * abs(x1 - 0.26),
                                0.66 - abs(x1) * 0.15,
                                r * 1.2,
                            ],
                            [x1, y1, 0.62 - abs(x1) * 0.42, r * 0.4],
                        ],
                        m,
                        0.05,
                        curve=4,
                    )
    elif st == "curly":
        cap(0.98)
        face_cut(-0.26, 0.82, 0.05)
        if hat and c.gender != "woman":
            low_cut(-0.15)
            return
        r = np.random.default_rng(c.variant)
        for i in range(70):
            a, e = r.uniform(0, math.tau), math.acos(1 - 1.25 * (i + 0.5) / 70)
            x, y, z = (
                math.sin(e) * math.sin(a) * 0.90 * hw,
                math.cos(e) * 0.92 + 0.34,
                math.sin(e) * math.cos(a) * 0.95 - 0.18,
            )
            if (z > 0.35 and y < 0.62) or (hat and y > 0.5):
                continue
            b.sphere((x, y, z), r.uniform(0.15, 0.22), m, 0.05)
        if c.gender == "woman":
            for sd in (-1, 1):
                for k in range(7):
                    b.sphere(
                        (sd * (0.88 + 0.10 * (k % 2)), 0.3 - 0.2 * k, -0.02 + 0.08 * (k % 3)), 0.21, m, 0.05
                    )
    elif st == "afro":
        b.lumpy((0, 0.50, -0.22), (1.16, 1.06, 1.12), 9, 0.10, m)
        b.ellipsoid((0, -0.22, 1.05), (0.74, 0.82, 1.15), m, 0.03, op=1)
        b.ellipsoid((0, -0.55, 0.35), (0.82, 0.75, 0.8), m, 0.06, op=1)


def _beard(b: SceneBuilder, c: Character, h: hosts.Host, f: FaceCurves) -> None:
    """Beard and moustache."""
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
    j, jw = f.jaw, c.jaw_width
    mz = float(b.front(np.array([[0.0, -0.62]]))[0])
    if c.beard in ("full", "long", "goatee"):
        b.group()
        if c.beard == "goatee":
            b.ellipsoid((0, -1.02 - j * 0.6, 0.46), (0.26, 0.24, 0.25), m)
        else:
            b.ellipsoid((0, -0.72 - j * 0.35, 0.10), (0.72 * jw, 0.54 + j * 0.3, 0.68), m)
            b.ellipsoid((0, -1.04 - j * 0.6, 0.42), (0.34, 0.26, 0.28), m, 0.2)
            if c.beard == "long":
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
        lo = np.concatenate([f.lip_out_up, f.lip_out_lo[-2:0:-1]])
        b.prism(lo, -0.1, 2, 0.035, m, 0.04, op=1)
    if c.beard in ("moustache", "full", "long", "goatee"):
        b.group()
        top = f.lip_out_up[:, 1].max() + 0.045
        for sd in (-1, 1):
            ex = abs(f.lip_out_up[0, 0])
            b.tube(
                [
                    [sd * 0.02, top + 0.03, mz + 0.055, 0.050],
                    [sd * 0.14, top + 0.015, mz + 0.055, 0.062],
                    [sd * (ex + 0.03), f.lip_out_up[0, 1] + 0.03, mz - 0.02, 0.045],
                    [
                        sd * (ex + 0.09),
                        f.lip_out_up[0, 1] - 0.04 + 0.05 * (c.beard == "moustache"),
                        mz - 0.09,
                        0.018,
                    ],
                ],
                m,
                0.03,
            )


def _hat(b: SceneBuilder, c: Character, h: hosts.Host) -> None:
    """Hats, scaled to the host's crown."""
    if c.hat == "none":
        return
    human = c.kind == "human"
    y, R, z = (0.50, 0.93 * c.head_width, -0.14) if human else (h.top - 0.30, h.top_r, h.top_z)
    if human and c.hair == "afro":
        R, y = 1.05, 0.72
    col = CLOTH_COLORS[("red", "navy", "green", "yellow")[c.variant % 4]]
    m = b.mat(material(col, "hat", tex="weave", scale=90, amp=0.06, spec=0.06, wrap=0.45, rim=0.35))
    b.group()
    if c.hat == "cap":
        b.ellipsoid((0, y, z), (R * 1.02, R * 0.80, R * 1.06), m)
        b.box((0, y - 1.5, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
        b.ellipsoid((0, y - 0.02, z + R * 1.0), (R * 0.74, 0.06, R * 0.66), m, 0.05, R=rot(x=26))
        b.sphere((0, y + R * 0.80, z), 0.06, m, 0.02)
    elif c.hat == "sailor":
        wh = b.mat(material("#f3f3f0", "hat", tex="weave", scale=80, amp=0.04, spec=0.06, wrap=0.5, rim=0.35))
        nv = b.mat(material("#23366e", "hat", spec=0.1, rim=0.3))
        rd = b.mat(material("#c8323a", "hat", spec=0.1))
        T = rot(z=-10, x=-8)
        b.cylinder((0, y + 0.12, z + 0.05), R * 0.90, 0.15, 0.05, nv, R=T)
        b.group()
        b.ellipsoid((0.03, y + 0.36, z + 0.03), (R * 1.12, R * 0.27, R * 1.08), wh, R=T)
        b.group()
        b.tube(
            [
                [R * 0.70, y + 0.02, z + 0.55 * R, 0.05],
                [R * 0.98, y - 0.22, z + 0.42 * R, 0.055],
                [R * 0.90, y - 0.45, z + 0.45 * R, 0.03],
            ],
            rd,
            flat=2,
        )
    elif c.hat == "beanie":
        b.ellipsoid((0, y, z), (R * 1.02, R * 0.86, R * 1.05), m)
        b.box((0, y - 1.5, z), (2, 1.5, 2), 0.02, m, 0.03, op=1)
        w = b.mat(
            material(
                mix(col, "#ffffff", 0.75),
                "hat",
                tex="weave",
                scale=40,
                amp=0.15,
                rim=0.4,
                sss=(0.6, 0.6, 0.6),
            )
        )
        b.group()
        b.torus((0, y + 0.04, z), R * 0.97, 0.10, w, stretch=1.25)
        b.group()
        b.lumpy((0, y + R * 0.95, z), (0.19, 0.19, 0.19), 14, 0.05, w)
    elif c.hat == "crown":
        g = b.mat(material("#e9b638", "hat", spec=0.9, gloss=40, metal=0.6, rim=0.5))
        gem = [
            b.mat(material(q, "hat", spec=0.9, gloss=60, glow=0.15))
            for q in ("#d0284a", "#2a6ad0", "#2aa060")
        ]
        y += 0.12 if human else 0.05
        R *= 1.06
        b.cylinder((0, y + 0.26, z), R * 0.86, 0.16, 0.04, g)
        b.cylinder((0, y + 0.40, z), R * 0.78, 0.30, 0.02, g, 0.0, op=1)
        for i in range(8):
            a = i / 8 * math.tau
            x, zz = math.sin(a) * R * 0.83, z + math.cos(a) * R * 0.83
            b.tube([[x, y + 0.32, zz, 0.12], [x * 1.08, y + 0.62, z + (zz - z) * 1.08, 0.02]], g, 0.04)
            b.sphere((x * 1.09, y + 0.64, z + (zz - z) * 1.09), 0.06, g, 0.02)
        for i in (-1, 0, 1):
            b.group()
            a = i * 0.55
            b.ellipsoid(
                (math.sin(a) * R * 0.86, y + 0.26, z + math.cos(a) * R * 0.86), (0.06, 0.07, 0.05), gem[i % 3]
            )
    elif c.hat == "leaf":
        hosts.leaf(
            b,
            b.mat(material("#5aa52f", "hat", "#3c7d22", "mottle", 4, 0.6)),
            (0, h.top - 0.05, 0),
            (0.6, h.top + 0.35, 0.1),
            0.2,
        )
    elif c.hat == "antenna":
        b.tube([[0, h.top - 0.1, -0.1, 0.04], [0.1, h.top + 0.35, -0.1, 0.03]], m)
        b.sphere((0.1, h.top + 0.4, -0.1), 0.1, m)


def _glasses(b: SceneBuilder, c: Character, h: hosts.Host, ec: Array, re: float) -> None:
    """Spectacle frame (no lenses)."""
    if c.glasses == "none":
        return
    m = b.mat(
        material(
            ("#2a2226", "#8c2a30", "#c8a040", "#2a4a8c")[c.variant % 4],
            "glasses",
            spec=0.7,
            gloss=40,
            rim=0.3,
        )
    )
    R, z, r = min(re / 1.12 * 1.38, abs(ec[0, 0]) - 0.045), ec[:, 2].max() + re * 1.20, 0.020 * h.scale
    ring = np.array(
        [
            [e[0] + R * 1.05 * math.cos(a), e[1] - 0.01 + R * 0.9 * math.sin(a)]
            for e in ec
            for a in np.radians((0, 45, 135, 180, 225, 315))
        ]
    )
    z = min(max(z, float(b.front(ring).max()) + 1.5 * r), z + re * 0.5)
    b.group()
    for i, sd in enumerate((-1, 1)):
        x, y = ec[i, 0], ec[i, 1] - 0.01
        if c.glasses == "round":
            b.torus((x, y, z), R, r, m, R=rot(x=90))
        else:
            w, hh, q = R * 1.08, R * 0.82, R * 0.3
            p = [
                (-w + q, hh),
                (w - q, hh),
                (w, hh - q),
                (w * 0.97, -hh + q),
                (w - q * 1.3, -hh),
                (-w + q * 1.3, -hh),
                (-w * 0.97, -hh + q),
                (-w, hh - q),
                (-w + q, hh),
            ]
            b.tube([[x + u, y + v, z, r * 1.1] for u, v in p], m)
        b.tube(
            [
                [x + sd * R, y + 0.03, z, r],
                [sd * max(h.side * 1.03 if c.kind == "human" else 0, abs(x) + R), y + 0.06, z - 0.35, r],
                [sd * max(h.side * 1.03 if c.kind == "human" else 0, abs(x) + R), y + 0.08, -0.1, r],
            ],
            m,
        )
    x = abs(ec[0, 0]) - R
    b.tube([[-x, ec[0, 1], z, r], [0, ec[0, 1] + 0.035, z + 0.015, r], [x, ec[0, 1], z, r]], m)


def _shoulders(b: SceneBuilder, c: Character, h: hosts.Host) -> None:
    """Neck, torso, collar; they do not turn with the head."""
    b.joint = "body"
    b.group()
    col = CLOTH_COLORS[c.cloth]
    cm = b.mat(
        material(
            col,
            "clothes",
            mix(col, "#000000", 0.15),
            "weave",
            60,
            0.05,
            spec=0.05,
            gloss=8,
            wrap=0.45,
            rim=0.3,
            sss=(0.4, 0.4, 0.4),
        )
    )
    human = c.kind in ("human", "alien")
    dy = 0.0 if human else 0.24
    b.tube(
        [
            [0, -1.12, -0.24, 0.50 if not human else 0.33 if c.gender != "woman" else 0.28],
            [0, -1.75, -0.24, 0.60 if not human else 0.40],
        ],
        h.skin,
    )
    if human:
        b.decal(h.skin, (0, -1.25, 0.3), (0.7, 0.16, 0.8), mix(h.color, "#000000", 0.3), 0.25, 0.6)
    b.ellipsoid((0, -2.32 + dy, -0.2), (1.32 if c.gender != "woman" else 1.15, 0.84, 0.62), cm, 0.06)
    b.group()
    b.torus((0, -1.56 + dy, -0.18), 0.44 if human else 0.62, 0.11, cm, R=rot(x=14), stretch=1.1)
    if c.variant % 3 == 0:
        b.group()
        wm = b.mat(material(mix(col, "#ffffff", 0.8), "clothes", spec=0.05))
        for s in (-1, 1):
            b.tube(
                [
                    [s * 0.10, -1.62 + dy, 0.30 + dy * 0.6, 0.03],
                    [s * 0.36, -1.58 + dy, 0.20 + dy * 0.6, 0.09],
                    [s * 0.48, -1.50 + dy, -0.1, 0.06],
                ],
                wm,
                flat=1.0,
            )
    b.joint = "head"


def build(c: Character) -> Scene:
    """Build and bake a character."""
    b = SceneBuilder()
    f = curves(c)
    b.groups = [[]]
    n_host = b.groups[0]
    h = hosts.BUILD[c.kind](b, c, f.jaw)
    extra = b.groups[1:]
    b.groups = [n_host]
    anc = _face(b, c, h, f)  # continues group 0, then appends eyes, teeth...
    b.groups += extra
    ec, re = anc.pop("_ec"), float(anc.pop("_re")[0, 0])
    if c.kind == "human":
        if c.freckles > 0:
            r = np.random.default_rng(7)
            for _ in range(int(26 * c.freckles)):
                x, y = r.uniform(-0.5, 0.5), r.uniform(-0.42, -0.16)
                b.decal(h.skin, (x, y, 0.7), (0.016, 0.016, 0.5), mix(h.color, "#7c3a18", 0.6), 0.6, 0.4)
        _hair(b, c, h)
        _beard(b, c, h, f)
    if c.kind not in ("alien", "robot", "apple", "pear", "pumpkin", "tree") or c.hat in ("leaf", "antenna"):
        _hat(b, c, h)
    _glasses(b, c, h, ec, re)
    if c.shoulders:
        _shoulders(b, c, h)
    return b.bake(
        c,
        anc,
        BACKGROUNDS[c.background],
        -0.06 if c.shoulders else 0.06,
        (1.70 if c.shoulders else 1.62) / c.zoom,
    )
