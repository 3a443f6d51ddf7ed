"""Does a face stay itself while it speaks? Judged on the pictures of finished videos.

A face embedding compares the speaking face with the same clip's first frame, in which the mouth is shut, and
with other characters of the same kind. It learnt from photographs: where other characters come out hardly
further away than the face itself, it says little, and its control shows that. Pixels away from mouth and
eyes are compared as well, once the turn of the head is taken back; they need no network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.evaluation.mouth import Film
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import PEOPLE
from chatanything.image_quality import masked_psnr, masked_ssim
from chatanything.lipsync.topology import EYES, OUTER_LIPS, OVAL
from chatanything.measures import inter_ocular
from chatanything.media.video import read_video
from chatanything.types import Bool, Float32, UInt8
from chatanything.weights import ensure

WEIGHTS: Final = "dlib-face-embedding"
EVERY: Final = 12
"""Frames from one that is judged to the next."""
RECORDED: Final = {"recorded_speakers": 0.33, "recorded_others": 0.88}
"""What recordings give: two speakers filmed for 8 s each, ten frames of each, by the same embedding."""
_CORNERS: Final = (263, 362, 33, 133, 2)
"""The corners of both eyes and the base of the nose, in the order of dlib's five landmarks."""
_STEADY: Final = [33, 133, 263, 362, 6, 168, 197, 5, 4, 1, 2, 98, 327]
"""Corners of the eyes and the nose: what speech does not move."""
_AROUND_LIPS, _AROUND_EYES = 0.16, 0.12
"""Inter-ocular distances around lips and eyes that are left out."""
_INSIDE: Final = 0.08
"""Inter-ocular distances of the rim of the face that are left out."""

Embed = Callable[[UInt8, Float32], Float32]
"""(H, W, 3) uint8 RGB and its (478, 3) landmarks to 128 numbers; equal faces are about 0.6 apart at most."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One clip."""

    speaker: str
    """Whose clip; "" where nobody knows."""
    vectors: Float32
    """(k, 128) embeddings, the first frame's first; (k, 0) without the network."""
    psnr: Float32
    """(k - 1,) dB of the pixels away from mouth and eyes, against the first frame."""
    ssim: Float32
    """(k - 1,) the same as structural similarity."""


def open_embedding() -> Embed | None:
    """The embedding, or None where dlib is not installed.

    Raises:
        WeightsError: Its weights cannot be had.
    """
    if find_spec("dlib") is None:
        return None
    import dlib

    net = dlib.face_recognition_model_v1(str(ensure(WEIGHTS)["face-embedding.dat"]))

    def embed(image: UInt8, landmarks: Float32) -> Float32:
        corners = [dlib.point(round(float(x)), round(float(y))) for x, y in landmarks[list(_CORNERS), :2]]
        (x0, y0), (x1, y1) = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
        face = dlib.full_object_detection(
            dlib.rectangle(int(x0), int(y0), int(x1), int(y1)), dlib.points(corners)
        )
        return np.array(net.compute_face_descriptor(np.ascontiguousarray(image), face), np.float32)

    return embed


def likeness(video: Path, film: Film, speaker: str, embed: Embed | None) -> Likeness | None:
    """One clip measured; None if its first frame has no face.

    Args:
        video: The file.
        film: What `watch` saw in it.
        speaker: Whose clip it is.
        embed: From `open_embedding`.
    """
    first = film.landmarks[0]
    if first is None:
        return None
    pictures, _ = read_video(video)
    base: UInt8 | None = None
    zone = np.zeros(0, np.bool_)
    vectors: list[Float32] = []
    pairs: list[tuple[float, float]] = []
    for number, (picture, points) in enumerate(zip(pictures, film.landmarks, strict=True)):
        if number % EVERY or points is None:
            continue
        if embed is not None:
            vectors.append(embed(picture, points))
        if base is None:
            base, zone = picture, still_zone(first, picture.shape[0])
            continue
        back = _turned_back(picture, points, first)
        seen = zone & still_zone(points_back(points, first), picture.shape[0])
        pairs.append((masked_psnr(back, base, seen), masked_ssim(back, base, seen)))
    near = np.array(pairs, np.float32).reshape(-1, 2)
    stacked = np.stack(vectors) if vectors else np.zeros((len(near) + 1, 0), np.float32)
    return Likeness(speaker, stacked, near[:, 0], near[:, 1])


def still_zone(landmarks: Float32, size: int) -> Bool:
    """The face without its rim, mouth and eyes, (size, size)."""
    import cv2

    unit = inter_ocular(landmarks)

    def drawn(ids: Sequence[int], grow: float) -> UInt8:
        mask = np.zeros((size, size), np.uint8)
        hull = cv2.convexHull(np.round(landmarks[list(ids), :2]).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 1)
        edge = 2 * max(1, round(abs(grow) * unit)) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (edge, edge))
        return np.asarray((cv2.dilate if grow > 0 else cv2.erode)(mask, kernel), np.uint8)

    taken = drawn(OUTER_LIPS, _AROUND_LIPS) | drawn(EYES[0], _AROUND_EYES) | drawn(EYES[1], _AROUND_EYES)
    # A jaw that opens takes the skin below the mouth along.
    middle = int(landmarks[list(OUTER_LIPS), 1].mean())
    face = drawn(OVAL, -_INSIDE)
    face[max(0, middle) :] = 0
    return np.asarray((face > 0) & (taken == 0), np.bool_)


def points_back(points: Float32, first: Float32) -> Float32:
    """Landmarks where they would be without the turn of the head since the first frame, (478, 3) px."""
    matrix = _similarity(points, first)
    moved = points.copy()
    moved[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return moved


def _turned_back(picture: UInt8, points: Float32, first: Float32) -> UInt8:
    import cv2

    size = (picture.shape[1], picture.shape[0])
    matrix = _similarity(points, first)
    return np.asarray(cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC), np.uint8)


def _similarity(points: Float32, first: Float32) -> Float32:
    """The (2, 3) matrix that puts the steady points of one frame on those of the first (Umeyama 1991)."""
    a, b = points[_STEADY, :2].astype(np.float64), first[_STEADY, :2].astype(np.float64)
    za, zb = ((one - one.mean(axis=0)) @ (1, 1j) for one in (a, b))
    turn = np.vdot(za, zb) / np.vdot(za, za).real
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, b.mean(axis=0) - linear @ a.mean(axis=0)]).astype(np.float32)


def identity_rows(clips: Sequence[Likeness]) -> list[Row]:
    """Distances of the embedding for people and for other characters, and of the still pixels.

    Args:
        clips: From `likeness`.
    """
    known = [clip for clip in clips if clip.vectors.size and len(clip.vectors) > 1]
    kinds = {
        "people": [clip for clip in known if clip.speaker in PEOPLE],
        "others": [clip for clip in known if clip.speaker and clip.speaker not in PEOPLE],
        "all": [clip for clip in known if not clip.speaker],
    }
    rows = [
        _distance_row(f"lipsync.identity.{kind}", chosen, people=kind == "people")
        for kind, chosen in kinds.items()
        if chosen
    ]
    for name, unit in (("psnr", "dB"), ("ssim", "ssim")):
        values = np.concatenate([getattr(clip, name) for clip in clips]) if clips else np.zeros(0)
        if values.size:
            control = {"p5": float(np.percentile(values, 5))}
            rows.append(
                Row(f"lipsync.identity.still_{name}", float(values.mean()), unit, len(values), control)
            )
    return rows


def _distance_row(metric: str, clips: Sequence[Likeness], *, people: bool) -> Row:
    own = np.concatenate([np.linalg.norm(clip.vectors[1:] - clip.vectors[0], axis=1) for clip in clips])
    control = {"p95": float(np.percentile(own, 95)), "worst": float(own.max())}
    foreign = [
        float(np.linalg.norm(one.vectors[0] - other.vectors[0]))
        for at, one in enumerate(clips)
        for other in clips[:at]
        if other.speaker != one.speaker
    ]
    if foreign:
        control["other_characters"] = float(np.mean(foreign))
        control["nearest_other"] = float(min(foreign))
    return Row(metric, float(own.mean()), "distance", len(own), control | (RECORDED if people else {}))
