"""Material table, part labels and colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from chatanything.face.kit.arrays import Array

PARTS = (
    "background",
    "skin",
    "lips",
    "teeth",
    "tongue",
    "mouth",
    "sclera_iris",
    "brows",
    "hair",
    "nose",
    "ears",
    "clothes",
    "hat",
    "glasses",
    "extra",
)
NMAT = 24


def lin(hex_: str) -> Array:
    """'#rrggbb' sRGB -> linear RGB."""
    v = np.array([int(hex_[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    """How bright a colour looks, 0..1."""
    return float(lin(color) @ np.array([0.25, 0.6, 0.15]))


def mix(a: str, b: str, t: float) -> str:
    """Mix two sRGB colours."""
    x = [int(a[i : i + 2], 16) * (1 - t) + int(b[i : i + 2], 16) * t for i in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*tuple(round(v) for v in x))


TEX = {
    "plain": 0,
    "mottle": 1,
    "wood": 2,
    "brushed": 3,
    "fur": 4,
    "stone": 5,
    "stripes": 6,
    "weave": 7,
    "strands": 8,
    "apple": 11,
    "tabby": 13,
}


def material(
    color: str,
    part: str,
    color2: str | None = None,
    tex: str = "plain",
    scale: float = 4,
    amp: float = 0.0,
    bump: float = 0.0,
    spec: float = 0.15,
    gloss: float = 20,
    wrap: float = 0.35,
    rim: float = 0.25,
    sss: tuple[float, float, float] = (0.4, 0.3, 0.3),
    metal: float = 0.0,
    glow: float = 0.0,
    eye: int = 0,
) -> Array:
    """One row of the material table; ``sss`` is the share of soft wrapped light per channel."""
    r = np.zeros(NMAT)
    r[0:3] = lin(color)
    r[3:6] = lin(color2 or color)
    r[6:14] = TEX[tex], scale, amp, bump, spec, gloss, wrap, rim
    r[14:17] = sss
    r[17:21] = metal, glow, PARTS.index(part), eye
    return r


def skin(color: str, **kw: Any) -> Array:
    """Human-like skin: reddish soft terminator."""
    d: dict[str, Any] = {
        "color2": mix(color, "#c8503c", 0.25),
        "tex": "mottle",
        "scale": 2.2,
        "amp": 0.35,
        "spec": 0.16,
        "gloss": 14,
        "wrap": 0.55,
        "rim": 0.32,
        "sss": (0.85, 0.5, 0.42),
    }
    d.update(kw)
    return material(color, "skin", **d)


def fur(color: str, color2: str | None = None, **kw: Any) -> Array:
    """Short fur with soft rim."""
    d: dict[str, Any] = {
        "color2": color2 or mix(color, "#000000", 0.15),
        "tex": "fur",
        "scale": 26,
        "amp": 0.5,
        "bump": 0.22,
        "spec": 0.04,
        "gloss": 6,
        "wrap": 0.5,
        "rim": 0.5,
        "sss": (0.55, 0.5, 0.45),
    }
    d.update(kw)
    return material(color, "skin", **d)
