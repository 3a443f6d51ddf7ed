"""The warp renderer: the nearest drawn mouth shapes, warped onto the target mesh."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from chatanything.lipsync.compose import HeadLayer
from chatanything.lipsync.geometry import Geometry, Pose, mouth_box
from chatanything.lipsync.mesh import backward_maps
from chatanything.lipsync.topology import BROWS, EYES, OVAL, build_mesh
from chatanything.measures import inter_ocular, opening
from chatanything.progress import Progress, silent
from chatanything.types import Float32, Frame, Motion, Portrait, ReferenceSet, UInt8

_SOURCES: Final = 2
"""How many mouth pictures are blended; more would show several rows of teeth."""
_WIDTH: Final = 0.45
"""How far, in log opening, a picture may be from the target and still count."""
_FEATHER: Final = 0.10
"""Width of the soft border of the mouth and eye patches over their box's smaller side."""
_GAZE: Final = 0.09
"""Inter-ocular distances that a full glance moves the iris."""
_IRISES: Final = (468, 473)
"""Iris centres, the subject's right eye first."""


class WarpRenderer:
    """Draws a motion from a portrait and its references; it cannot fail on any motion.

    Args:
        portrait: The persona's face.
        references: Its mouth shapes and closed eyes.
    """

    def __init__(self, portrait: Portrait, references: ReferenceSet) -> None:
        self._portrait = portrait
        self._size = portrait.image.shape[0]
        self._geometry = Geometry(portrait, references)
        widest = max(references.lips, key=lambda ref: ref.opening)
        self._mesh = build_mesh(portrait.landmarks, widest.landmarks, self._size)
        self._neutral = self._mesh.vertices(portrait.landmarks)
        self._lip_vertices = np.stack(
            [self._neutral, *(self._mesh.vertices(ref.landmarks) for ref in references.lips)]
        )
        self._lip_images = [portrait.image, *(ref.image for ref in references.lips)]
        resting = opening(portrait.landmarks)
        self._openings = np.log(np.append(resting, self._geometry.openings) + 0.02)
        blink = next((ref for ref in references.face if ref.name == "blink"), None)
        self._blink_image = blink.image if blink is not None else portrait.image
        self._blink_vertices = self._mesh.vertices(blink.landmarks) if blink is not None else self._neutral
        self._mouth_box = mouth_box(portrait.landmarks, self._size)
        self._mouth_alpha = _soft_box(self._mouth_box, self._size)
        self._eye_box = _eye_box(portrait.landmarks, self._size)
        self._eye_alpha = _soft_box(self._eye_box, self._size)
        self._lid_zone = _lid_zone(portrait.landmarks, self._eye_box, self._size)
        self._head = HeadLayer(portrait, widest.landmarks[list(OVAL), :2])

    def frames(self, motion: Motion, progress: Progress = silent) -> Iterator[Frame]:
        """The finished pictures, one a frame of the motion."""
        for index, pose in enumerate(self._geometry.poses(motion)):
            face = self.face(pose)
            progress("render", index + 1, len(motion))
            yield Frame(self._head.move(face, motion.head[index]), index)

    def face(self, pose: Pose) -> UInt8:
        """The animated face before the head moves, (H, W, 3) uint8 RGB."""
        image = self._portrait.image.astype(np.float32)
        target = self._mesh.vertices(pose.landmarks)
        self._paste(image, self._mouth(pose, target), self._mouth_box, self._mouth_alpha)
        self._paste(image, self._eyes(pose, target), self._eye_box, self._eye_alpha)
        return np.asarray(np.clip(image + 0.5, 0, 255), np.uint8)

    @staticmethod
    def _paste(image: Float32, patch: Float32, box: tuple[int, int, int, int], alpha: Float32) -> None:
        x0, y0, x1, y1 = box
        region = image[y0:y1, x0:x1]
        region += (patch - region) * alpha

    def _weights(self, pose: Pose) -> tuple[list[int], Float32]:
        """Which pictures to take: those whose mouth is about as open, those in the mix before others.

        The portrait itself is the first of them and has what the mix leaves to 1.
        """
        log_opening = np.log(opening(pose.landmarks) + 0.02)
        near = np.exp(-(((self._openings - log_opening) / _WIDTH) ** 2))
        share = np.append(max(0.0, 1.0 - float(pose.mix.sum())), pose.mix)
        score = (share + 0.03) * near + 1e-9
        best = sorted(np.argsort(score)[::-1][:_SOURCES].tolist())
        weights = score[best] ** 2
        return best, (weights / weights.sum()).astype(np.float32)

    def _mouth(self, pose: Pose, target: Float32) -> Float32:
        best, weights = self._weights(pose)
        maps = backward_maps(self._mesh.triangles, target, self._lip_vertices[best], self._mouth_box)
        patch = np.zeros((*maps.shape[1:3], 3), np.float32)
        for number, weight, where in zip(best, weights, maps, strict=True):
            patch += weight * _sample(self._lip_images[number], where)
        return patch

    def _eyes(self, pose: Pose, target: Float32) -> Float32:
        """Lids from the closed-eye picture outside the opening, the eyeball from the portrait inside."""
        sources = np.stack([self._neutral, self._blink_vertices])
        open_map, lid_map = backward_maps(self._mesh.triangles, target, sources, self._eye_box)
        skin = _sample(self._portrait.image, open_map)
        if pose.blink > 0.02:
            lid = _sample(self._blink_image, lid_map)
            skin += (lid - skin) * min(1.0, pose.blink * 2.5)
            # The brows do not follow the lids.
            lids = [i for eye in EYES for i in eye]
            still = target.copy()
            still[lids] = self._neutral[lids]
            (still_map,) = backward_maps(self._mesh.triangles, still, sources[:1], self._eye_box)
            calm = _sample(self._portrait.image, still_map)
            skin = calm + (skin - calm) * self._lid_zone
        # Shut lids leave no slit of the eyeball.
        inside = self._eye_mask(pose.landmarks) * min(1.0, (1.0 - pose.blink) / 0.2)
        ball = _sample(self._portrait.image, self._glance(pose))
        return np.asarray(skin + (ball - skin) * inside[..., None], np.float32)

    def _glance(self, pose: Pose) -> Float32:
        """Where the eyeballs' pixels come from: irises move whole, the rim of the opening stays."""
        x0, y0, x1, y1 = self._eye_box
        points = self._portrait.landmarks
        ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        reach = _GAZE * inter_ocular(points)
        shift = (pose.gaze[0] * reach, -0.5 * pose.gaze[1] * reach)
        near = np.zeros_like(xs)
        for eye, iris in zip(EYES, _IRISES, strict=True):
            center = points[iris, :2] + shift
            half = 0.5 * float(np.ptp(points[list(eye), 0]))
            away = np.hypot(xs - center[0], ys - center[1]) / half
            fade = np.clip((1.15 - away) / 0.55, 0, 1)
            near = np.maximum(near, fade * fade * (3 - 2 * fade))
        return np.stack([xs - shift[0] * near, ys - shift[1] * near], axis=-1).astype(np.float32)

    def _eye_mask(self, landmarks: Float32) -> Float32:
        """Soft mask of both eye openings inside the eye box."""
        import cv2

        x0, y0, x1, y1 = self._eye_box
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for eye in EYES:
            polygon = (landmarks[list(eye), :2] - (x0, y0)) * 16
            cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        inner = cv2.GaussianBlur(mask, (0, 0), 0.6 * self._size / 256)
        return np.asarray(inner / 255.0, np.float32)


def _sample(image: UInt8, where: Float32) -> Any:
    """Bicubic look-up, float32."""
    import cv2

    return cv2.remap(
        image, where[..., 0], where[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)


def _soft_box(box: tuple[int, int, int, int], size: int) -> Float32:
    """1 inside, falling to 0 at the borders that are not the picture's own, (h, w, 1)."""
    x0, y0, x1, y1 = box
    reach = max(2.0, _FEATHER * min(x1 - x0, y1 - y0))
    xs, ys = np.arange(x0, x1), np.arange(y0, y1)
    across = np.minimum(xs - x0 if x0 > 0 else np.full(len(xs), size), x1 - 1 - xs if x1 < size else size)
    down = np.minimum(ys - y0 if y0 > 0 else np.full(len(ys), size), y1 - 1 - ys if y1 < size else size)
    edge = np.clip(np.minimum(across[None, :], down[:, None]) / reach, 0, 1)
    return np.asarray((edge * edge * (3 - 2 * edge))[..., None], np.float32)


def _lid_zone(landmarks: Float32, box: tuple[int, int, int, int], size: int) -> Float32:
    """1 around the eyes, 0 from the brows on: brows and hair must not cross-fade in a blink, (h, w, 1)."""
    import cv2

    x0, y0, x1, y1 = box
    unit = inter_ocular(landmarks)
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for eye, brow in zip(EYES, BROWS, strict=True):
        rim = landmarks[list(eye), :2]
        middle = rim.mean(axis=0)
        outline = middle + (rim - middle) * (1.4, 2.0) + (0, -0.03 * unit)
        outline[:, 1] = np.maximum(outline[:, 1], min(landmarks[list(brow), 1].max(), rim[:, 1].min()))
        cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline - (x0, y0)).astype(np.int32)), 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 2.0 * size / 256)
    return np.asarray(soft / 255.0, np.float32)[..., None]


def _eye_box(landmarks: Float32, size: int) -> tuple[int, int, int, int]:
    unit = inter_ocular(landmarks)
    points = landmarks[[i for eye in EYES for i in eye], :2]
    low, high = points.min(axis=0), points.max(axis=0)
    return (
        max(0, int(low[0] - 0.3 * unit)),
        max(0, int(low[1] - 0.42 * unit)),
        min(size, int(high[0] + 0.3 * unit) + 1),
        min(size, int(high[1] + 0.25 * unit) + 1),
    )
