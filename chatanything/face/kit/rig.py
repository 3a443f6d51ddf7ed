"""Facial rig: ARKit-like shapes -> eye, lip and brow contours.

In face units: the eyes are 0.66 apart, the eye line is y = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chatanything.face.kit.arrays import Array
from chatanything.face.kit.params import Character

SHAPES = (
    "jawOpen",
    "mouthClose",
    "mouthPucker",
    "mouthFunnel",
    "mouthSmile",
    "mouthFrown",
    "mouthStretch",
    "mouthPress",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthUpperUp",
    "mouthLowerDown",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeSquint",
    "eyeWide",
    "gazeX",
    "gazeY",
    "browInnerUp",
    "browOuterUp",
    "browDown",
    "cheekPuff",
    "tongueUp",
    "tongueOut",
)
VISEMES: dict[str, dict[str, float]] = {  # the 15 Oculus visemes
    "sil": {},
    "PP": {"mouthPress": 0.5, "mouthRollLower": 0.15, "mouthRollUpper": 0.15},
    "FF": {"jawOpen": 0.10, "mouthRollLower": 0.55, "mouthUpperUp": 0.55, "mouthStretch": 0.15},
    "TH": {"jawOpen": 0.22, "tongueOut": 0.9, "mouthLowerDown": 0.25, "mouthUpperUp": 0.2},
    "DD": {"jawOpen": 0.20, "tongueUp": 0.8, "mouthLowerDown": 0.3, "mouthUpperUp": 0.2},
    "kk": {"jawOpen": 0.30, "mouthStretch": 0.2, "mouthLowerDown": 0.2},
    "CH": {
        "jawOpen": 0.14,
        "mouthFunnel": 0.65,
        "mouthPucker": 0.15,
        "mouthUpperUp": 0.5,
        "mouthLowerDown": 0.5,
    },
    "SS": {"jawOpen": 0.08, "mouthStretch": 0.45, "mouthUpperUp": 0.5, "mouthLowerDown": 0.6},
    "nn": {"jawOpen": 0.18, "tongueUp": 1.0, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1},
    "RR": {"jawOpen": 0.18, "mouthFunnel": 0.4, "mouthPucker": 0.35, "mouthLowerDown": 0.2},
    "aa": {"jawOpen": 0.85, "mouthLowerDown": 0.25, "mouthUpperUp": 0.25},
    "E": {
        "jawOpen": 0.42,
        "mouthStretch": 0.5,
        "mouthSmile": 0.25,
        "mouthLowerDown": 0.3,
        "mouthUpperUp": 0.25,
    },
    "ih": {
        "jawOpen": 0.24,
        "mouthStretch": 0.5,
        "mouthSmile": 0.3,
        "mouthLowerDown": 0.35,
        "mouthUpperUp": 0.25,
    },
    "oh": {"jawOpen": 0.40, "mouthFunnel": 0.6, "mouthPucker": 0.45},
    "ou": {"jawOpen": 0.10, "mouthPucker": 0.9, "mouthFunnel": 0.3},
}
_REST = 0.045  # how far the corners of a mouth at rest turn up: level ones look stern
_SPEAKING_SMILE = 0.5  # the widest smile at which one still speaks
NU = 11  # lip contour samples from corner to corner


def blend_visemes(weights: dict[str, float], base: dict[str, float] | None = None) -> dict[str, float]:
    """Weighted sum of visemes added to a base expression, clipped to 0..1 (gaze -1..1).

    Smiles are not added up: speech takes the edge off a broad one, and lips that are round hardly smile.
    """
    out = dict(base or {})
    smile = out.get("mouthSmile", 0.0)
    for v, w in weights.items():
        for k, x in VISEMES[v].items():
            out[k] = out.get(k, 0.0) + w * x
    if smile > 0.0:
        speaking = min(1.0, sum(w for v, w in weights.items() if v != "sil"))
        rest = smile - speaking * max(0.0, smile - _SPEAKING_SMILE)
        rest *= 1 - 0.8 * min(1.0, out.get("mouthPucker", 0.0) + out.get("mouthFunnel", 0.0))
        spoken = out["mouthSmile"] - smile
        out["mouthSmile"] = max(rest, spoken) + 0.25 * min(rest, spoken)
    return {k: max(-1.0 if k.startswith("gaze") else 0.0, min(1.0, x)) for k, x in out.items()}


@dataclass
class FaceCurves:
    """2D contours in face units; z is added when they are placed on the host."""

    eye: list[
        Array
    ]  # per side (left = viewer's left first): (16, 2) closed contour, upper lid first from inner corner
    eye_center: list[Array]
    eye_half: float  # half width of the opening
    blink: tuple[float, float]
    gaze: tuple[float, float]  # x right, y up, -1..1
    brow: list[Array]  # per side (7, 2) inner to outer
    lip_out_up: Array  # (NU, 2) viewer's left to right
    lip_in_up: Array
    lip_in_lo: Array
    lip_out_lo: Array
    mouth_open: float  # largest gap
    jaw: float  # jaw drop
    protrude: float
    smile: float
    puff: float
    tongue_up: float
    tongue_out: float
    mouth_y: float = -0.70


def _eye(c: Character, side: int, e: dict[str, float]) -> tuple[Array, Array, float, float]:
    """Contour of one eye; side -1 is the viewer's left (the character's right)."""
    half = (0.182 if c.kind == "human" else 0.205) * c.eyes.size
    cx, cy = 0.33 * c.eyes.spacing, 0.0
    blink = e.get("eyeBlinkRight" if side < 0 else "eyeBlinkLeft", 0.0)
    up = (
        half
        * 0.78
        * c.eyes.openness
        * (1 + 0.22 * e.get("eyeWide", 0))
        * (1 - 0.12 * e.get("mouthSmile", 0))
        * (1 - 0.13 * max(0, c.age - 0.5))
    )
    lo = half * 0.53 * (1 - 0.3 * e.get("eyeSquint", 0) - 0.22 * e.get("mouthSmile", 0))
    top = up * (1 - blink) - blink * lo * 0.75
    u = np.linspace(-1, 1, 9)
    yu = top * np.clip(1 - np.abs(u + 0.08) ** 2.3, 0, 1)
    yu *= 1 - 0.30 * e.get("browDown", 0) * np.clip(0.55 - 0.6 * u, 0, 1)  # brows weigh on the inner lids
    yl = -lo * np.clip(1 - np.abs(u - 0.10) ** 2.2, 0, 1)
    tilt = 0.10 * half * c.eyes.tilt
    xu = u * half
    upper = np.stack([xu, yu + tilt * u], 1)
    lower = np.stack([xu, np.minimum(yl, yu - 0.002) + tilt * u], 1)[-2:0:-1]
    con = np.concatenate([upper, lower])  # u = -1 inner, +1 outer
    con[:, 0] = side * (con[:, 0] + cx)
    con[:, 1] += cy
    return con, np.array([side * cx, cy]), half, blink


def curves(c: Character) -> FaceCurves:
    """Evaluate the rig for a character with its expression."""
    e = c.expression

    def g(k: str) -> float:
        return float(e.get(k, 0.0))

    eyes = [_eye(c, s, e) for s in (-1, 1)]
    brows = []
    for s in (-1, 1):
        u = np.linspace(0, 1, 7)
        x = 0.33 * c.eyes.spacing + (u - 0.5) * 0.40 * (0.94 + 0.06 * c.eyes.size) + 0.012
        y = 0.268 + 0.05 * (c.eyes.size - 1) + 0.06 * c.brows.raise_
        yy = (
            y + 0.055 * c.brows.arch * (1 - ((u - 0.54) / 0.64) ** 2) + 0.04 * c.brows.slant * (u - 0.5) * 1.6
        )
        yy = (
            yy
            + 0.085 * g("browInnerUp") * (1 - u) ** 1.3
            + 0.08 * g("browOuterUp") * u
            + g("browDown") * (0.012 - 0.125 * (1 - u) ** 1.1)  # the inner ends: level brows look tired
        )
        brows.append(np.stack([s * x, yy], 1))
    # --- mouth
    jaw = 0.36 * g("jawOpen")
    close = 1 - g("mouthClose")
    pk, fn, sm, st = g("mouthPucker"), g("mouthFunnel"), g("mouthSmile"), g("mouthStretch")
    press = g("mouthPress")
    w = (
        0.255
        * c.mouth.width
        * (1 + 0.30 * sm + 0.22 * st - 0.46 * pk - 0.30 * fn - 0.10 * g("jawOpen") + 0.05 * press)
    )
    gap_lo = (
        (jaw * 0.86 + 0.055 * g("mouthLowerDown") + 0.075 * fn + 0.03 * pk * (g("jawOpen") > 0))
        * close
        * (1 - press)
    )
    gap_up = (
        (jaw * 0.08 + 0.048 * g("mouthUpperUp") + 0.055 * fn + 0.015 * sm * (g("jawOpen") > 0.02))
        * close
        * (1 - press)
    )
    tu = (
        0.034
        * c.mouth.upper
        * (1 - 0.62 * g("mouthRollUpper") - 0.25 * press - 0.22 * st - 0.18 * sm + 0.35 * pk + 0.2 * fn)
    )
    tl = (
        0.045
        * c.mouth.lower
        * (1 - 0.62 * g("mouthRollLower") - 0.22 * press - 0.22 * st - 0.15 * sm + 0.30 * pk + 0.2 * fn)
    )
    corner = _REST + 0.14 * sm - (0.085 + _REST) * g("mouthFrown") - 0.30 * jaw * (1 - 0.5 * sm) - 0.01 * st
    t = np.linspace(-1, 1, NU)
    u = np.sin(t * math.pi / 2)
    x = u * w
    ex = 0.5 if (pk + fn) > 0.5 else 0.62
    shape = np.clip(1 - u * u, 0, 1) ** ex
    base = -0.70 + corner * np.abs(u) ** 1.7 + 0.01 * np.exp(-((u / 0.2) ** 2)) * (1 - fn)
    iu = base + gap_up * shape
    il = base - gap_lo * np.clip(1 - u * u, 0, 1) ** (ex * 0.9)
    if g("mouthRollLower") > 0.5 and press < 0.5:  # FF: lower lip meets the upper teeth
        il = il + 0.012
    prof = np.clip(1 - u * u, 0, 1) ** 0.55
    bow = 1 - 0.30 * np.exp(-((u / 0.16) ** 2)) + 0.12 * np.exp(-(((np.abs(u) - 0.33) / 0.2) ** 2))
    ou = iu + 2 * tu * prof * bow
    ol = il - 2 * tl * prof
    xo = x * 1.045

    def f(xx: Array, yy: Array) -> Array:
        return np.stack([xx, yy], 1)

    return FaceCurves(
        [q[0] for q in eyes],
        [q[1] for q in eyes],
        eyes[0][2],
        (eyes[0][3], eyes[1][3]),
        (g("gazeX"), g("gazeY")),
        brows,
        f(xo, ou),
        f(x, iu),
        f(x, il),
        f(xo, ol),
        float(np.max(iu - il)),
        jaw,
        0.075 * pk + 0.055 * fn - 0.03 * max(g("mouthRollLower"), g("mouthRollUpper")),
        sm,
        g("cheekPuff"),
        g("tongueUp"),
        g("tongueOut"),
    )
