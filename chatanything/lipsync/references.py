"""References for a face of which there is only one picture: mouths and lids are warped and painted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from chatanything.lipsync.compose import fill_hole
from chatanything.lipsync.geometry import mouth_box
from chatanything.lipsync.mesh import backward_maps
from chatanything.lipsync.topology import BROWS, CHIN, EYES, INNER_LIPS, OUTER_LIPS, OVAL, build_mesh
from chatanything.measures import inter_ocular, opening
from chatanything.types import Bool, Float32, Portrait, Reference, ReferenceSet, UInt8
from chatanything.visemes import REFERENCE_VISEMES, VISEMES

_CAVITY: Final = (46.0, 12.0, 16.0)
_TEETH: Final = (236.0, 228.0, 214.0)
_TONGUE: Final = (186.0, 78.0, 82.0)
_OPENING: Final = frozenset({"jawOpen", "mouthLowerDown", "mouthUpperUp"})
"""Shapes that a wider or narrower habit of speaking scales; rounding stays."""
_SOFT: Final = 0.6
"""Pixels at 256 by which painted edges are softened."""

_AROUND_EYE: Final = 0.55
"""Inter-ocular distances from an eye within which its skin is known."""
_UNLIKE: Final = 44.0
"""Largest difference of a channel, of 255, from the usual skin there."""


def make_references(portrait: Portrait, *, gain: float = 1.0) -> ReferenceSet:
    """The eight mouth shapes and closed eyes of a single picture with a closed mouth.

    Args:
        portrait: Its landmarks must show a closed or nearly closed mouth.
        gain: Factor on how wide the shapes open, for somebody whose habit is known.
    """
    neutral = portrait.landmarks
    size = portrait.image.shape[0]
    shapes = made_shapes(neutral, gain)
    widest = max(shapes.values(), key=opening)
    mesh = build_mesh(neutral, widest, size)
    source = mesh.vertices(neutral)[None]
    box = mouth_box(neutral, size)
    light = _light(portrait)
    lips = []
    for name, points in shapes.items():
        maps = backward_maps(mesh.triangles, mesh.vertices(points), source, box)[0]
        image = _paste_warp(portrait.image, maps, box)
        if opening(points) > 0.015:
            image = _paint_mouth(image, points, light)
        lips.append(Reference(name, image, points, opening(points)))
    closed = _closed_lids(neutral)
    blink = Reference("blink", _paint_lids(portrait.image, neutral, closed), closed, opening(closed))
    face = Reference("neutral", portrait.image, neutral, opening(neutral))
    return ReferenceSet(tuple(lips), (face, blink))


def made_shapes(neutral: Float32, gain: float = 1.0) -> dict[str, Float32]:
    """Landmarks of the reference visemes on this face, (478, 3) px by name.

    Args:
        neutral: (478, 3) px with a closed mouth.
        gain: Factor on how wide they open.
    """
    return {
        name: shaped_lips(
            neutral, {key: value * gain if key in _OPENING else value for key, value in VISEMES[name].items()}
        )
        for name in REFERENCE_VISEMES
    }


def shaped_lips(neutral: Float32, weights: Mapping[str, float]) -> Float32:
    """Landmarks of a mouth shape on this face, (478, 3) px.

    Widths and gaps are in inter-ocular distances and follow the character kit's rig, so that photographs and
    drawn characters move alike.
    """
    get = weights.get
    jaw, pucker, funnel = get("jawOpen", 0.0), get("mouthPucker", 0.0), get("mouthFunnel", 0.0)
    stretch, smile, press = get("mouthStretch", 0.0), get("mouthSmile", 0.0), get("mouthPress", 0.0)
    unit = inter_ocular(neutral)
    points = neutral.copy()
    middle = (neutral[13, :2] + neutral[14, :2]) / 2
    wider = 1 + 0.2 * stretch + 0.25 * smile - 0.4 * pucker - 0.26 * funnel - 0.08 * jaw
    shut = 1 - press
    down = (0.30 * jaw + 0.05 * get("mouthLowerDown", 0.0) + 0.06 * funnel) * shut * unit
    up = (0.03 * jaw + 0.045 * get("mouthUpperUp", 0.0) + 0.045 * funnel) * shut * unit
    thin = 1 - 0.25 * press - 0.15 * stretch
    for ids, inner in ((OUTER_LIPS, False), (INNER_LIPS, True)):
        half = max(1.0, float(np.ptp(neutral[list(ids), 0])) / 2)
        for number, index in enumerate(ids):
            x, y = neutral[index, :2] - middle
            across = min(1.0, abs(float(x)) / half)
            profile = max(0.0, 1 - across**2) ** 0.6
            upper = number <= 10
            own, facing = neutral[INNER_LIPS[number], 1], neutral[INNER_LIPS[-number], 1]
            # Lips that are a little apart in the picture meet half-way.
            seam = (own + facing) / 2 - middle[1]
            thick = 0.0 if inner else (y + middle[1] - own) * thin
            points[index, 0] = middle[0] + x * wider
            points[index, 1] = middle[1] + seam + thick + (-up if upper else down) * profile
            points[index, 1] += 0.08 * jaw * unit * across**1.7
    _move_chin(points, neutral, middle.astype(np.float32), down, unit)
    return points.astype(np.float32)


def _move_chin(points: Float32, neutral: Float32, middle: Float32, down: float, unit: float) -> None:
    """Chin and cheeks below the mouth follow the jaw."""
    lips = set(OUTER_LIPS) | set(INNER_LIPS)
    chin = float(neutral[CHIN, 1] - middle[1])
    for index in range(468):
        if index in lips:
            continue
        x, y = neutral[index, :2] - middle
        if y > 0:
            side = np.exp(-((x / (0.7 * unit)) ** 2))
            points[index, 1] += 0.75 * down * side * min(1.0, float(y) / max(0.5 * chin, 1.0))


def _paste_warp(image: UInt8, maps: Float32, box: tuple[int, int, int, int]) -> UInt8:
    import cv2

    x0, y0, x1, y1 = box
    out = image.copy()
    out[y0:y1, x0:x1] = cv2.remap(
        image, maps[..., 0], maps[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return out


def _light(portrait: Portrait) -> float:
    """Brightness of the light, 0.4..1.1: a mouth must not glow in a dark picture.

    The whites of the eyes tell it better than the skin, which may itself be dark.
    """
    import cv2

    x0, y0, x1, y1 = (int(value) for value in portrait.face_box)
    skin = portrait.image[max(0, y0) : y1, max(0, x0) : x1]
    eyes = np.zeros(portrait.image.shape[:2], np.uint8)
    for eye in EYES:
        cv2.fillPoly(eyes, [np.round(portrait.landmarks[list(eye), :2]).astype(np.int32)], 1)
    white = portrait.image[eyes > 0]
    lit = [float(skin.mean()) / 150] if skin.size else []
    lit += [float(np.percentile(white.min(axis=1), 85)) / 225] if white.size else []
    return float(np.clip(max(lit, default=1.0), 0.4, 1.1))


def _polygon(points: Float32, size: int) -> Float32:
    """Soft mask of a polygon, (size, size) in 0..1."""
    import cv2

    mask = np.zeros((size, size), np.uint8)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    soft = cv2.GaussianBlur(mask, (0, 0), _SOFT * size / 256)
    return np.asarray(soft / 255.0, np.float32)


def _paint_mouth(image: UInt8, points: Float32, light: float) -> UInt8:
    """Cavity, tongue and teeth inside the inner lips."""
    size = image.shape[0]
    inner = points[list(INNER_LIPS), :2]
    hole = _polygon(inner, size)[..., None]
    unit = inter_ocular(points)
    top, bottom = points[13, :2], points[14, :2]
    gap = float(bottom[1] - top[1])
    half = float(np.ptp(inner[:, 0])) / 2
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    across = (xs - top[0]) / max(half, 1.0)
    mouth = np.ones((size, size, 3), np.float32) * _CAVITY
    tongue = 1 - ((across / 0.62) ** 2 + ((ys - bottom[1]) / max(0.55 * gap, 1.0)) ** 2)
    mouth += (np.array(_TONGUE) - mouth) * _step(tongue, 0.25)[..., None]
    reach = 0.055 * unit
    upper_edge = top[1] + min(1.3 * reach, 0.62 * gap) - 0.35 * reach * across**2
    upper = _step((upper_edge - ys) / reach, 0.2) * _step((0.9 - np.abs(across)) * 6, 0.8)
    # Rounded lips come forward and leave the teeth in their shadow.
    spread = float(np.clip((2 * half / unit - 0.15) / 0.2, 0.55, 1.0))
    teeth = np.array(_TEETH) * spread
    mouth += (teeth * (1 - 0.4 * across[..., None] ** 2) - mouth) * upper[..., None]
    if gap < 0.17 * unit:
        lower_edge = bottom[1] - 0.45 * reach - 0.3 * gap * across**2
        lower = _step((ys - lower_edge) / reach + 0.2, 0.2) * _step((0.7 - np.abs(across)) * 6, 0.6)
        mouth += (teeth * 0.9 - mouth) * (spread * lower * (1 - upper))[..., None]
    shade = np.clip(0.78 + 0.22 * (ys - top[1]) / max(0.3 * gap, 1.0), 0.78, 1.0)[..., None]
    painted = image + (mouth * light * shade - image) * hole
    return np.asarray(np.clip(painted + 0.5, 0, 255), np.uint8)


def _no_skin(neutral: Float32, size: int) -> Bool:
    """Everything outside the face, and brows and lips with a margin."""
    import cv2

    face, dark = np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)
    cv2.fillPoly(face, [np.round(neutral[list(OVAL), :2]).astype(np.int32)], 1)
    for ids in (*BROWS, OUTER_LIPS):
        cv2.fillConvexPoly(dark, cv2.convexHull(np.round(neutral[list(ids), :2]).astype(np.int32)), 1)
    edge = 2 * round(0.06 * inter_ocular(neutral)) + 1
    return np.asarray(
        (cv2.erode(face, np.ones((edge, edge), np.uint8)) == 0)
        | (cv2.dilate(dark, np.ones((edge, edge), np.uint8)) > 0),
        np.bool_,
    )


def _unlike_skin(image: UInt8, hidden: Bool, center: Float32, unit: float) -> Bool:
    """Pixels far from the usual colour around an eye: hair, glasses, thick brows must not bleed into lids."""
    ys, xs = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    near = (np.hypot(xs - center[0], ys - center[1]) < _AROUND_EYE * unit) & ~hidden
    if not near.any():
        return np.zeros_like(hidden)
    usual = np.median(image[near].astype(np.float32), axis=0)
    return np.asarray(np.abs(image - usual).max(axis=2) > _UNLIKE, np.bool_)


def _step(value: Float32, width: float) -> Float32:
    t = np.clip(value / width, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _closed_lids(neutral: Float32) -> Float32:
    """Landmarks with the upper lids on the lower ones."""
    points = neutral.copy()
    for eye in EYES:
        upper, lower = list(eye[:9]), [eye[0], *eye[:8:-1], eye[8]]
        points[upper, :2] = neutral[lower, :2] * 0.94 + neutral[upper, :2] * 0.06
    return points


def _paint_lids(image: UInt8, neutral: Float32, closed: Float32) -> UInt8:
    """Skin from all around each eye drawn over it, a fold, and a lash line where the lids meet."""
    import cv2

    size = image.shape[0]
    unit = inter_ocular(neutral)
    out = image.astype(np.float32)
    other = _no_skin(neutral, size)
    for eye, brow in zip(EYES, BROWS, strict=True):
        rim = neutral[list(eye), :2]
        center = rim.mean(axis=0)
        # Lashes stand out above the lid and must not be taken for skin.
        grown = center + (rim - center) * (1.3, 1.7)
        grown[:9, 1] -= 0.05 * unit
        grown[:, 1] = np.maximum(grown[:, 1], float(neutral[list(brow), 1].max()) + 0.02 * unit)
        cover = _polygon(grown.astype(np.float32), size)[..., None]
        hidden = (cover[..., 0] > 0.02) | other
        skin = fill_hole(image, hidden | _unlike_skin(image, hidden, center, unit))
        ys = np.mgrid[0:size, 0:size][0].astype(np.float32)
        fold = np.exp(-(((ys - float(rim[:, 1].min())) / (0.035 * unit)) ** 2))
        out += (skin * (1 - 0.07 * fold[..., None]) - out) * cover
        line = np.zeros((size, size), np.uint8)
        lid = np.round(closed[list(eye[:9]), :2] * 16).astype(np.int32)
        cv2.polylines(line, [lid], False, 255, max(1, round(0.016 * unit)), cv2.LINE_AA, shift=4)
        dark = cv2.GaussianBlur(line, (0, 0), 0.5 * size / 256).astype(np.float32)[..., None] / 255
        out *= 1 - 0.75 * dark
    return np.asarray(np.clip(out + 0.5, 0, 255), np.uint8)
