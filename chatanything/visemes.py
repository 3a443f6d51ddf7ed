"""The shared vocabulary of faces: 52 blendshapes, 15 visemes, ARPAbet phones.

Blendshape names and order are those of MediaPipe's FaceLandmarker (ARKit's, with `_neutral` first and
without `tongueOut`). Visemes are the 15 of the Oculus lip-sync set; the grouping of phones follows the
usual American English tables, weights are our own, tuned on the character kit.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from chatanything.types import Float32

_SIDED: Final = ("Left", "Right")

BLENDSHAPES: Final[tuple[str, ...]] = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft",
    "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight",
    "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight",
    "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft",
    "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
    "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight",
)  # fmt: skip
INDEX: Final[Mapping[str, int]] = MappingProxyType({name: i for i, name in enumerate(BLENDSHAPES)})

VISEMES: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "sil": {},
        "PP": {"mouthPress": 0.5, "mouthRollLower": 0.15, "mouthRollUpper": 0.15},
        "FF": {"jawOpen": 0.10, "mouthRollLower": 0.55, "mouthUpperUp": 0.55, "mouthStretch": 0.15},
        "TH": {"jawOpen": 0.22, "mouthLowerDown": 0.25, "mouthUpperUp": 0.2},
        "DD": {"jawOpen": 0.20, "mouthLowerDown": 0.3, "mouthUpperUp": 0.2},
        "kk": {"jawOpen": 0.30, "mouthStretch": 0.2, "mouthLowerDown": 0.2},
        "CH": {
            "jawOpen": 0.14, "mouthFunnel": 0.65, "mouthPucker": 0.15, "mouthUpperUp": 0.5,
            "mouthLowerDown": 0.5,
        },
        "SS": {"jawOpen": 0.08, "mouthStretch": 0.45, "mouthUpperUp": 0.5, "mouthLowerDown": 0.6},
        "nn": {"jawOpen": 0.18, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1},
        "RR": {"jawOpen": 0.18, "mouthFunnel": 0.4, "mouthPucker": 0.35, "mouthLowerDown": 0.2},
        "aa": {"jawOpen": 0.75, "mouthLowerDown": 0.25, "mouthUpperUp": 0.25},
        "E": {
            "jawOpen": 0.42, "mouthStretch": 0.5, "mouthSmile": 0.25, "mouthLowerDown": 0.3,
            "mouthUpperUp": 0.25,
        },
        "ih": {
            "jawOpen": 0.24, "mouthStretch": 0.5, "mouthSmile": 0.3, "mouthLowerDown": 0.35,
            "mouthUpperUp": 0.25,
        },
        "oh": {"jawOpen": 0.40, "mouthFunnel": 0.6, "mouthPucker": 0.45},
        "ou": {"jawOpen": 0.10, "mouthPucker": 0.9, "mouthFunnel": 0.3},
    }
)  # fmt: skip
"""Viseme -> shape -> weight; a name without Left/Right stands for both sides."""

REFERENCE_VISEMES: Final = ("PP", "SS", "ih", "FF", "E", "aa", "oh", "ou")
"""The eight mouth shapes of which every persona keeps a picture, closed first."""

PHONE_TO_VISEME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SIL": "sil", "P": "PP", "B": "PP", "M": "PP", "F": "FF", "V": "FF", "TH": "TH", "DH": "TH",
        "T": "DD", "D": "DD", "L": "nn", "N": "nn", "NG": "kk", "K": "kk", "G": "kk", "HH": "kk",
        "CH": "CH", "JH": "CH", "SH": "CH", "ZH": "CH", "S": "SS", "Z": "SS", "R": "RR", "ER": "RR",
        "AA": "aa", "AE": "aa", "AH": "aa", "AY": "aa", "AW": "aa", "EH": "E", "EY": "E", "IH": "ih",
        "IY": "ih", "Y": "ih", "AO": "oh", "OW": "oh", "OY": "oh", "UW": "ou", "UH": "ou", "W": "ou",
    }
)  # fmt: skip
"""ARPAbet without stress -> viseme; 39 phones and SIL."""

BILABIALS: Final = frozenset({"P", "B", "M"})


def blendshape_vector(weights: Mapping[str, float]) -> Float32:
    """Named weights to a (52,) float32 vector in 0..1; unsided names go to both sides.

    Raises:
        KeyError: A name that is no blendshape.
    """
    vector = np.zeros(len(BLENDSHAPES), np.float32)
    for name, weight in weights.items():
        names = (name,) if name in INDEX else tuple(name + side for side in _SIDED)
        for full in names:
            vector[INDEX[full]] += weight
    return np.clip(vector, 0.0, 1.0)


def unsided(vector: Float32) -> dict[str, float]:
    """A (52,) vector to named weights, the mean of left and right under the bare name."""
    out: dict[str, float] = {}
    for name, value in zip(BLENDSHAPES, vector, strict=True):
        bare = name.removesuffix("Left").removesuffix("Right")
        pair = bare != name and {bare + side for side in _SIDED} <= set(INDEX)
        if pair:
            out[bare] = out.get(bare, 0.0) + 0.5 * float(value)
        else:
            out[name] = float(value)
    return out
