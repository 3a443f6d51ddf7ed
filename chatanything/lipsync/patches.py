"""The two parts of a face that move, and the pictures that may fill them.

Every picture is aligned to the target by the landmark mesh first, so that a renderer only has to choose among
them, pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from chatanything.lipsync.geometry import Geometry, Pose, mouth_box
from chatanything.lipsync.mesh import backward_maps
from chatanything.lipsync.topology import BROWS, EYES, INNER_LIPS, OUTER_LIPS, build_mesh
from chatanything.measures import inter_ocular, opening
from chatanything.types import Float32, Portrait, Reference, ReferenceSet, UInt8

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels."""
PARTS: Final = 4
"""Skin and all else, lips, mouth, eyes: what `parts` tells apart."""
_WIDTH: Final = 0.45
"""How far, in log opening, a picture may be from the target and still count."""
_ROUNDNESS: Final = 0.35
"""The same in log width: round lips that are pulled wide would fill a spread mouth with lip."""
_FEATHER: Final = 0.10
"""Width of the soft border of a patch over its box's smaller side."""
_GAZE: Final = (0.083, 0.069)
"""Inter-ocular distances that a full glance moves the iris, across and up, as the kit does it."""
_IRISES: Final = (468, 473)
"""Iris centres, the subject's right eye first."""
KIT: Final = "template"
"""Expert of portraits that the kit drew, and their references with them."""
_BESIDE, _AROUND, _SOFT = 0.10, 0.05, 0.03
"""Inter-ocular distances of skin that a drawn reference keeps beside and around its lips, and over which it
gives way to the portrait's."""
_OPEN, _LID, _CALM, _BALL = range(4)
EYE_PICTURES: Final = 4
"""Open eyes, closed lids, the unmoved brow, the eyeball."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pictures of one box, aligned to the target."""

    values: Float32
    """(k, h, w, 3) RGB in 0..255."""
    shares: Float32
    """(k, h, w) or (k, 1, 1): how much of each a renderer without learning takes; they sum to 1."""
    shift: Float32
    """(k, h, w, 2) px: how far each pixel was moved for the alignment."""


class FacePatches:
    """Mouth and eyes of one persona.

    Args:
        portrait: The persona's face.
        references: Its mouth shapes and closed eyes.
    """

    def __init__(self, portrait: Portrait, references: ReferenceSet) -> None:
        self.portrait = portrait
        self.size = portrait.image.shape[0]
        self.geometry = Geometry(portrait, references)
        points = portrait.landmarks
        self.widest = max(references.lips, key=lambda ref: ref.opening)
        self.mesh = build_mesh(points, self.widest.landmarks, self.size)
        self._neutral = self.mesh.vertices(points)
        self.lip_landmarks = np.stack([points, *(ref.landmarks for ref in references.lips)])
        self._lip_vertices = np.stack([self.mesh.vertices(one) for one in self.lip_landmarks])
        self.mouth_box = mouth_box(points, self.size)
        self._lip_images = [portrait.image, *map(self._agreeing, references.lips)]
        self._openings = np.log(np.append(opening(points), self.geometry.openings) + 0.02)
        self._widths = np.log([_corners_apart(one) for one in self.lip_landmarks])
        blink = next((ref for ref in references.face if ref.name == "blink"), None)
        self._blink_image = blink.image if blink is not None else portrait.image
        self.blink_landmarks = blink.landmarks if blink is not None else points
        self._blink_vertices = self.mesh.vertices(self.blink_landmarks)
        self.eye_box = _eye_box(points, self.size)
        self.mouth_alpha = _soft_box(self.mouth_box, self.size)
        self.eye_alpha = _soft_box(self.eye_box, self.size)
        self._lid_zone = _lid_zone(points, self.eye_box, self.size)

    def mouth(self, pose: Pose, most: int = 0) -> tuple[Candidates, list[int]]:
        """The portrait's mouth and those of the references.

        Args:
            pose: The target.
            most: Take only so many, the likeliest, in the order of the references; 0 takes all.

        Returns:
            The pictures, and which of the portrait and the references they are.
        """
        score = self._scores(pose)
        chosen = sorted(np.argsort(score)[::-1][: most or len(score)].tolist())
        shares = (score[chosen] / score[chosen].sum()).astype(np.float32)
        target = self.mesh.vertices(pose.landmarks)
        maps = backward_maps(self.mesh.triangles, target, self._lip_vertices[chosen], self.mouth_box)
        pictures = [
            _sample(self._lip_images[number], where) for number, where in zip(chosen, maps, strict=True)
        ]
        shift = _moved(maps, self.mouth_box)
        return Candidates(np.stack(pictures), shares[:, None, None], shift), chosen

    def eyes(self, pose: Pose) -> Candidates:
        """Open eyes, lids from the closed-eye picture, the brow without the lids' pull, the eyeball."""
        target = self.mesh.vertices(pose.landmarks)
        sources = np.stack([self._neutral, self._blink_vertices])
        maps = np.empty((EYE_PICTURES, *_shape(self.eye_box), 2), np.float32)
        maps[[_OPEN, _LID]] = backward_maps(self.mesh.triangles, target, sources, self.eye_box)
        maps[_CALM], maps[_BALL] = maps[_OPEN], self._glance(pose)
        # Shut lids leave no slit of the eyeball.
        inside = self._eye_mask(pose.landmarks) * min(1.0, (1.0 - pose.blink) / 0.2)
        closing, zone = np.float32(0.0), np.zeros(_shape(self.eye_box), np.float32)
        values = np.empty((EYE_PICTURES, *_shape(self.eye_box), 3), np.float32)
        values[_OPEN] = values[_LID] = values[_CALM] = _sample(self.portrait.image, maps[_OPEN])
        if pose.blink > 0.02:
            closing, zone = np.float32(min(1.0, pose.blink * 2.5)), self._lid_zone
            values[_LID] = _sample(self._blink_image, maps[_LID])
            # The brows do not follow the lids.
            lids = [i for eye in EYES for i in eye]
            target[lids] = self._neutral[lids]
            (maps[_CALM],) = backward_maps(self.mesh.triangles, target, sources[:1], self.eye_box)
            values[_CALM] = _sample(self.portrait.image, maps[_CALM])
        values[_BALL] = _sample(self.portrait.image, maps[_BALL])
        skin = 1 - inside
        shares = np.stack([skin * zone * (1 - closing), skin * zone * closing, skin * (1 - zone), inside])
        return Candidates(values, shares.astype(np.float32), _moved(maps, self.eye_box))

    def parts(self, landmarks: Float32, box: Box) -> UInt8:
        """What the target shows where, (h, w): 0 skin and all else, 1 lips, 2 mouth, 3 eyes."""
        import cv2

        found = np.zeros(_shape(box), np.uint8)
        for value, ids in ((1, OUTER_LIPS), (2, INNER_LIPS), (3, EYES[0]), (3, EYES[1])):
            outline = np.round((landmarks[list(ids), :2] - box[:2]) * 16).astype(np.int32)
            cv2.fillPoly(found, [outline], value, cv2.LINE_8, shift=4)
        return found

    def _agreeing(self, reference: Reference) -> UInt8:
        """A reference that shows the portrait's own skin away from the lips.

        What a network draws one by one does not agree on moles, stubble and collars, which would come and go
        with every sound. What the kit draws does agree, and its cheeks are right.
        """
        portrait = self.portrait
        if portrait.expert == KIT:
            return reference.image
        box, unit = self.mouth_box, inter_ocular(portrait.landmarks)
        vertices = self.mesh.vertices(reference.landmarks)
        (still,) = backward_maps(self.mesh.triangles, vertices, self._neutral[None], box)
        skin = _sample(portrait.image, still)
        mask = lip_mask([reference.landmarks], (_BESIDE * unit, _AROUND * unit), _SOFT * unit, box)[..., None]
        x0, y0, x1, y1 = box
        image = reference.image.copy()
        mixed_in = skin + (image[y0:y1, x0:x1] - skin) * mask
        image[y0:y1, x0:x1] = np.clip(mixed_in + 0.5, 0, 255).astype(np.uint8)
        return image

    def _scores(self, pose: Pose) -> Float32:
        """Which mouths to take: those about as open and as wide, and those in the mix before others.

        The portrait itself is the first of them and has what the mix leaves to 1.
        """
        log_opening = np.log(opening(pose.landmarks) + 0.02)
        log_width = np.log(_corners_apart(pose.landmarks))
        away = ((self._openings - log_opening) / _WIDTH) ** 2
        near = np.exp(-away - ((self._widths - log_width) / _ROUNDNESS) ** 2)
        share = np.append(max(0.0, 1.0 - float(pose.mix.sum())), pose.mix)
        return np.asarray(((share + 0.03) * near + 1e-9) ** 2, np.float32)

    def _glance(self, pose: Pose) -> Float32:
        """Where the eyeballs' pixels come from: irises move whole, the rim of the opening stays."""
        x0, y0, x1, y1 = self.eye_box
        points = self.portrait.landmarks
        ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        unit = inter_ocular(points)
        shift = (pose.gaze[0] * _GAZE[0] * unit, -pose.gaze[1] * _GAZE[1] * unit)
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

        mask = np.zeros(_shape(self.eye_box), np.uint8)
        for eye in EYES:
            polygon = (landmarks[list(eye), :2] - self.eye_box[:2]) * 16
            cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        inner = cv2.GaussianBlur(mask, (0, 0), 0.6 * self.size / 256)
        return np.asarray(inner / 255.0, np.float32)


def paste(image: Float32, patch: Float32, box: Box, alpha: Float32) -> None:
    """Put a patch into a picture, in place, with a soft border.

    Args:
        image: (H, W, 3) float32.
        patch: (h, w, 3) float32.
        box: Where it goes.
        alpha: (h, w, 1) in 0..1.
    """
    x0, y0, x1, y1 = box
    region = image[y0:y1, x0:x1]
    region += (patch - region) * alpha


def lip_mask(faces: Sequence[Float32], reach: tuple[float, float], soft: float, box: Box) -> Float32:
    """1 over the lips of all faces, between and right around them, falling to 0 on the skin, (h, w).

    Args:
        faces: (478, 2 or 3) px each.
        reach: Pixels of skin beside, and above or below the lips, that go with them.
        soft: Pixels over which they fade out.
        box: Pixels that are wanted.
    """
    import cv2

    x0, y0, x1, y1 = box
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for points in faces:
        hull = cv2.convexHull(np.round((points[list(OUTER_LIPS), :2] - (x0, y0)) * 16).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 255, cv2.LINE_AA, shift=4)
    edge = tuple(2 * max(1, round(pixels)) + 1 for pixels in reach)
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, edge))
    fading = cv2.GaussianBlur(grown, (0, 0), max(0.7, soft))
    return np.asarray(fading / 255.0, np.float32)


def mixed(candidates: Candidates) -> Float32:
    """The pictures added up by their shares, (h, w, 3) in 0..255."""
    total = np.zeros(candidates.values.shape[1:], np.float32)
    for picture, share in zip(candidates.values, candidates.shares, strict=True):
        if share.any():
            total += picture * share[..., None]
    return total


def _corners_apart(landmarks: Float32) -> float:
    """Width of the mouth in pixels."""
    return max(1.0, float(np.linalg.norm(landmarks[61, :2] - landmarks[291, :2])))


def _shape(box: Box) -> tuple[int, int]:
    """Height and width."""
    return box[3] - box[1], box[2] - box[0]


def _moved(maps: Float32, box: Box) -> Float32:
    ys, xs = np.mgrid[box[1] : box[3], box[0] : box[2]]
    return np.asarray(maps - np.stack([xs, ys], axis=-1), np.float32)


def _sample(image: UInt8, where: Float32) -> Any:
    """Bicubic look-up, float32."""
    import cv2

    return cv2.remap(
        image, where[..., 0], where[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)


def _soft_box(box: Box, size: int) -> Float32:
    """1 inside, falling to 0 at the borders that are not the picture's own, (h, w, 1)."""
    x0, y0, x1, y1 = box
    reach = max(2.0, _FEATHER * min(x1 - x0, y1 - y0))
    xs, ys = np.arange(x0, x1), np.arange(y0, y1)
    across = np.minimum(xs - x0 if x0 > 0 else np.full(len(xs), size), x1 - 1 - xs if x1 < size else size)
    down = np.minimum(ys - y0 if y0 > 0 else np.full(len(ys), size), y1 - 1 - ys if y1 < size else size)
    edge = np.clip(np.minimum(across[None, :], down[:, None]) / reach, 0, 1)
    return np.asarray((edge * edge * (3 - 2 * edge))[..., None], np.float32)


def _lid_zone(landmarks: Float32, box: Box, size: int) -> Float32:
    """1 around the eyes, 0 from the brows on: brows and hair must not cross-fade in a blink, (h, w)."""
    import cv2

    unit = inter_ocular(landmarks)
    mask = np.zeros(_shape(box), np.uint8)
    for eye, brow in zip(EYES, BROWS, strict=True):
        rim = landmarks[list(eye), :2]
        middle = rim.mean(axis=0)
        outline = middle + (rim - middle) * (1.4, 2.0) + (0, -0.03 * unit)
        outline[:, 1] = np.maximum(outline[:, 1], min(landmarks[list(brow), 1].max(), rim[:, 1].min()))
        cv2.fillConvexPoly(mask, cv2.convexHull(np.round(outline - box[:2]).astype(np.int32)), 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 2.0 * size / 256)
    return np.asarray(soft / 255.0, np.float32)


def _eye_box(landmarks: Float32, size: int) -> Box:
    unit = inter_ocular(landmarks)
    points = landmarks[[i for eye in EYES for i in eye], :2]
    low, high = points.min(axis=0), points.max(axis=0)
    return (
        max(0, int(low[0] - 0.3 * unit)),
        max(0, int(low[1] - 0.42 * unit)),
        min(size, int(high[0] + 0.3 * unit) + 1),
        min(size, int(high[1] + 0.25 * unit) + 1),
    )
