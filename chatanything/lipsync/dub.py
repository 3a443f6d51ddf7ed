"""A new mouth for a face that was filmed, after PersonaTalk (2024): references come from the film itself.

Where the film shows the mouth about as open and as wide as a shape needs it, that picture is the reference,
with its own landmarks, so that the speaker keeps the habits of the film; the other shapes are made from the
picture with the mouth most closed. A renderer draws the speaking mouth on that picture, and each frame's own
pose takes it from there: the frame's skin is bent so that lips and chin are where the new sound wants them,
then the lips are pasted. Nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from chatanything.errors import FaceError
from chatanything.lipsync.dub_tracks import FaceTracks, camera, rigid_points, see, unsee
from chatanything.lipsync.geometry import Pose, mouth_box
from chatanything.lipsync.mesh import backward_maps
from chatanything.lipsync.patches import Box, FacePatches, lip_mask
from chatanything.lipsync.references import made_shapes, make_references
from chatanything.lipsync.topology import CHIN, INNER_LIPS, OUTER_LIPS, OVAL, Mesh, build_mesh
from chatanything.measures import inter_ocular, opening
from chatanything.types import Float32, Portrait, Reference, ReferenceSet, UInt8

_FACE_SHARE: Final = 0.52
"""Height of the face over the edge of the base picture, as in portraits."""
_STEP: Final = 256
"""Base pictures have edges that are multiples of it, up to four."""
_SPEAKS: Final = 0.04
"""Spread of the opening from which the clip shows its speaker's habit."""
_HABIT: Final = (0.35, 1.15)
"""Range of the factor on opening that follows from the habit."""
_NEAR: Final = 0.4
"""How far, in log opening, a picture of the clip may be from a shape that it stands for."""
_LEAST_OPENING: Final = 0.02
_OPENING_COST: Final = 0.4
"""Inter-ocular distances of mouth width that one of log opening is worth in the choice of pictures."""
_TURN_COST: Final = 0.15
"""The same for one of head turn."""
_MOTION_COST: Final = 0.5
"""The same for one of opening between the pictures before and after: moving mouths are blurred."""
_LIPS: Final = [*OUTER_LIPS, *INNER_LIPS]
_ASIDE, _BELOW, _FULL = 0.62, 1.6, 0.6
"""Reach of the mouth's pull: inter-ocular distances to a side, distances of the chin below; the share of it
within which points move all the way."""
_NARROWER, _CHIN_PULL = 0.22, 0.75
"""Inter-ocular distances by which the pull is narrower at the chin, so that hair and jaw rest; its strength
there."""
_BESIDE, _AROUND, _SOFT = 0.16, 0.10, 0.035
"""Inter-ocular distances of skin that go with the lips, beside and above or below, and over which they fade
out: drawn mouths reach beyond the corners that the detector sees."""
_LIGHT_REACH: Final = 0.3
"""Inter-ocular distances over which light is compared."""
_LIGHT: Final = (0.6, 1.7)
"""Range of the factor on brightness."""
_TINT: Final = (0.9, 1.12)
"""Range of a channel's factor over that of brightness: red skin around must not make teeth violet."""


class FaceRenderer(Protocol):
    """What a renderer has to offer: a face at rest, drawn with another mouth."""

    patches: FacePatches

    def face(self, pose: Pose) -> UInt8:
        """The animated face before the head moves, (H, W, 3) uint8 RGB."""


@dataclass(frozen=True, slots=True)
class BasePlan:
    """Which pictures of a clip give its face, and where that face goes."""

    base: int
    """Number of the picture with the mouth most closed."""
    edge: int
    """Of the base picture in pixels."""
    crop: Float32
    """(2, 3): clip pixels of the base to base picture."""
    neutral: Float32
    """(478, 3) px landmarks in the base picture."""
    gain: float
    """Factor on opening by the speaker's habit."""
    picks: Mapping[str, int]
    """Viseme -> number of the picture that shows it; the others have to be made."""

    @property
    def numbers(self) -> list[int]:
        """Pictures of the clip that are needed, in order."""
        return sorted({self.base, *self.picks.values()})


def plan_base(tracks: FaceTracks) -> BasePlan:
    """Choose base and references, from the tracks alone.

    Args:
        tracks: Of the whole clip.

    Raises:
        FaceError: No picture has a usable face.
    """
    usable = np.flatnonzero(tracks.usable)
    if not usable.size:
        raise FaceError(
            "no face was found in the clip",
            expected="a face that looks about forward, its eyes 20 px apart or more",
            hint="Use a clip with a clear, large face.",
        )
    turns = np.array([tracks.turn(int(i)) for i in usable], np.float32)
    openings = tracks.openings[usable]
    cost = _TURN_COST * turns + _MOTION_COST * tracks.restless[usable] + (1 - tracks.weights[usable])
    base = int(usable[np.argmin(openings + cost)])
    crop, edge = _crop_of(tracks.points[base])
    neutral = np.column_stack(
        [_moved(tracks.points[base][:, :2], crop), tracks.points[base][:, 2] * np.hypot(*crop[0, :2])]
    ).astype(np.float32)
    low, high = np.percentile(openings, (5, 98))
    widest = max(opening(one) for one in made_shapes(neutral).values())
    gain = float(np.clip(high / widest, *_HABIT)) if high - low > _SPEAKS else 1.0
    picks = _choose(tracks, usable, cost, neutral, gain)
    return BasePlan(base, edge, crop, neutral, gain, picks)


def clip_face(
    plan: BasePlan, tracks: FaceTracks, pictures: Mapping[int, UInt8]
) -> tuple[Portrait, ReferenceSet]:
    """The clip's face as a portrait with references, ready for any renderer.

    Args:
        plan: From `plan_base`.
        tracks: The same as there.
        pictures: The clip's pictures by number, those of `plan.numbers` at least.
    """
    import cv2

    image = cv2.warpAffine(
        pictures[plan.base], plan.crop, (plan.edge, plan.edge),
        flags=cv2.INTER_AREA if np.hypot(*plan.crop[0, :2]) < 1 else cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    oval = plan.neutral[list(OVAL), :2]
    (x0, y0), (x1, y1) = oval.min(axis=0).tolist(), oval.max(axis=0).tolist()
    portrait = Portrait(image, plan.neutral, (x0, y0, x1, y1), expert="clip")
    made = make_references(portrait, gain=plan.gain)
    widest = max(made.lips, key=lambda ref: ref.opening)
    mesh = build_mesh(plan.neutral, widest.landmarks, plan.edge)
    lips = [
        _filmed(one.name, portrait, mesh, pictures[plan.picks[one.name]], tracks.points[plan.picks[one.name]])
        if one.name in plan.picks
        else one
        for one in made.lips
    ]
    return portrait, ReferenceSet(tuple(lips), made.face)


class MouthDubber:
    """Gives frames of a clip the mouths of another speech.

    Args:
        portrait: From `clip_face`.
        renderer: Made of it and its references.
    """

    def __init__(self, portrait: Portrait, renderer: FaceRenderer) -> None:
        self._renderer = renderer
        self._neutral = portrait.landmarks
        self._rigid = rigid_points(portrait.landmarks)
        self._unit = inter_ocular(portrait.landmarks)
        self._mesh = renderer.patches.mesh
        self._pull = _pull(portrait.landmarks)
        pulled = np.append(self._pull, np.zeros(len(self._mesh.frame), np.float32))
        touched = np.asarray(pulled[self._mesh.triangles].max(axis=1) > 0, np.bool_)
        self._triangles = self._mesh.triangles[touched]
        corners = np.unique(self._triangles)
        self._near = corners[corners < len(self._neutral)]

    def draw(self, picture: UInt8, points: Float32, weight: float, pose: Pose) -> UInt8:
        """One frame with another mouth.

        Args:
            picture: (H, W, 3) uint8 RGB.
            points: (478, 3) px, the face in it.
            weight: 0 leaves it as it is, 1 gives it the new mouth.
            pose: The mouth on the base picture.

        Returns:
            (H, W, 3) uint8 RGB; pixels away from mouth and chin are the picture's own.
        """
        view = camera(self._neutral, points, self._rigid)
        wanted = see(np.column_stack([pose.landmarks[:, :2], self._neutral[:, 2]]).astype(np.float32), view)
        own = points[:, :2]
        bent = own + (weight * self._pull)[:, None] * (wanted - own)
        box = self._box(np.concatenate([own[self._near], bent[self._near]]), picture.shape)
        if box is None:
            return picture
        ring = _ring(self._mesh, self._neutral, view)
        sources = np.stack([np.concatenate([own, ring]), self._mesh.vertices(pose.landmarks)])
        target = np.concatenate([bent, ring]).astype(np.float32)
        maps = backward_maps(self._triangles, target, sources.astype(np.float32), box)
        skin = _sampled(picture, maps[0])
        lips = _sampled(self._sharp_enough(self._renderer.face(pose), view), maps[1])
        mask = _lip_mask([bent, own], inter_ocular(points), box)
        lips = _relit(lips, skin, mask, inter_ocular(points))
        out = picture.copy()
        x0, y0, x1, y1 = box
        mixed = skin + (lips - skin) * (weight * mask)[..., None]
        out[y0:y1, x0:x1] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
        return out

    def _box(self, points: Float32, shape: tuple[int, ...]) -> Box | None:
        """Pixels around points inside the picture."""
        reach = 0.5 * float(np.ptp(points[:, 1]))
        low, high = points.min(axis=0) - 2, points.max(axis=0) + 2
        # The frame of the mesh below the chin bends too.
        x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
        x1, y1 = min(shape[1], int(high[0]) + 1), min(shape[0], int(high[1] + reach) + 1)
        return (x0, y0, x1, y1) if x1 - x0 > 2 and y1 - y0 > 2 else None

    def _sharp_enough(self, face: UInt8, view: Float32) -> UInt8:
        """The drawn face without details finer than the frame's pixels, which would flicker."""
        import cv2

        shrinking = 1 / max(float(np.sqrt(abs(np.linalg.det(view[:2])))), 1e-3)
        if shrinking < 1.5:
            return face
        return np.asarray(cv2.GaussianBlur(face, (0, 0), 0.4 * shrinking), np.uint8)


def _crop_of(points: Float32) -> tuple[Float32, int]:
    """The similarity that puts a face upright into a square, and the square's edge in pixels."""
    across = points[263, :2] - points[33, :2]
    angle = float(np.arctan2(across[1], across[0]))
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    oval = points[list(OVAL), :2] @ turned.T
    low, high = oval.min(axis=0), oval.max(axis=0)
    wide = float(max(high - low)) / _FACE_SHARE
    edge = _STEP * int(np.clip(np.ceil(wide / _STEP - 0.25), 1, 4))
    scale = edge / wide
    middle = (low + high) / 2 - (0, 0.03 * wide)
    return np.column_stack([turned * scale, edge / 2 - scale * middle]).astype(np.float32), edge


def _moved(points: Float32, matrix: Float32) -> Float32:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)


def _choose(
    tracks: FaceTracks, usable: npt.NDArray[np.int64], cost: Float32, neutral: Float32, gain: float
) -> dict[str, int]:
    """For each viseme the picture whose mouth is about as open, and as wide as this speaker makes it."""
    rigid = rigid_points(neutral)
    widths = np.array([_width(_unposed(tracks.points[i], neutral, rigid)) for i in usable], np.float32)
    logs = np.log(tracks.openings[usable] + _LEAST_OPENING)
    spoken = widths[tracks.openings[usable] > _SPEAKS]
    shapes = made_shapes(neutral, gain)
    made = {name: _width(shape) for name, shape in shapes.items()}
    narrow, wide = min(made.values()), max(made.values())
    own = np.percentile(spoken, (5, 95)) if spoken.size else np.array([narrow, wide])
    picks: dict[str, int] = {}
    for name, shape in shapes.items():
        apart = np.abs(logs - np.log(opening(shape) + _LEAST_OPENING))
        wanted = float(np.interp(made[name], (narrow, wide), own))
        if opening(shape) <= _SPEAKS:
            wanted = made[name]
        total = np.where(apart > _NEAR, np.inf, cost + _OPENING_COST * apart + np.abs(widths - wanted))
        best = int(np.argmin(total))
        if np.isfinite(total[best]):
            picks[name] = int(usable[best])
    return picks


def _width(points: Float32) -> float:
    """Distance of the corners of the mouth over that of the eyes."""
    return float(np.linalg.norm(points[61, :2] - points[291, :2])) / inter_ocular(points)


def _unposed(points: Float32, neutral: Float32, rigid: npt.NDArray[np.int64]) -> Float32:
    """Landmarks of a picture on the base picture, with its depth, (478, 3) px."""
    flat = unsee(points[:, :2], neutral[:, 2], camera(neutral, points, rigid))
    return np.column_stack([flat, neutral[:, 2]]).astype(np.float32)


def _filmed(name: str, portrait: Portrait, mesh: Mesh, picture: UInt8, points: Float32) -> Reference:
    """The base picture with the mouth of another one, where that picture has it."""
    size, neutral = portrait.image.shape[0], portrait.landmarks
    rigid = rigid_points(neutral)
    shape = neutral + _pull(neutral)[:, None] * (_unposed(points, neutral, rigid) - neutral)
    box = mouth_box(neutral, size)
    ring = _ring(mesh, neutral, camera(neutral, points, rigid))
    sources = np.stack([np.concatenate([points[:, :2], ring]), mesh.vertices(neutral)]).astype(np.float32)
    filmed, still = backward_maps(mesh.triangles, mesh.vertices(shape), sources, box)
    skin = _sampled(portrait.image, still)
    unit = inter_ocular(neutral)
    mask = _lip_mask([shape], 1.6 * unit, box)
    mouth = _relit(_sampled(picture, filmed), skin, mask, unit)
    x0, y0, x1, y1 = box
    image = portrait.image.copy()
    image[y0:y1, x0:x1] = np.clip(skin + (mouth - skin) * mask[..., None] + 0.5, 0, 255).astype(np.uint8)
    return Reference(name, image, shape.astype(np.float32), opening(shape))


def _ring(mesh: Mesh, neutral: Float32, view: Float32) -> Float32:
    """The mesh's frame around the face through a camera, (k, 2) px."""
    depth = np.full(len(mesh.frame), np.median(neutral[list(OVAL), 2]))
    return see(np.column_stack([mesh.frame, depth]).astype(np.float32), view)


def _pull(neutral: Float32) -> Float32:
    """How much each landmark goes with the new mouth, (478,) in 0..1: lips and chin all the way."""
    unit = inter_ocular(neutral)
    middle = neutral[[13, 14], :2].mean(axis=0)
    x, y = (neutral[:, :2] - middle).T
    above = max(float(middle[1] - neutral[2, 1]), 0.1 * unit)
    below = _BELOW * max(float(neutral[CHIN, 1] - middle[1]), 0.2 * unit)
    low = np.clip(_BELOW * y / below, 0, 1)
    away = np.hypot(x / ((_ASIDE - _NARROWER * low) * unit), y / np.where(y < 0, above, below))
    fade = np.clip((1 - away) / (1 - _FULL), 0, 1)
    pull = fade * fade * (3 - 2 * fade) * (1 - (1 - _CHIN_PULL) * low)
    pull[_LIPS] = 1.0
    return np.asarray(pull, np.float32)


def _lip_mask(faces: Sequence[Float32], unit: float, box: Box) -> Float32:
    return lip_mask(faces, (_BESIDE * unit, _AROUND * unit), _SOFT * unit, box)


def _relit(inner: Float32, outer: Float32, mask: Float32, unit: float) -> Float32:
    """A patch in the light of what surrounds it, compared where the mask fades out.

    Args:
        inner: (h, w, 3) the patch.
        outer: (h, w, 3) its surroundings, over the same pixels.
        mask: (h, w) of the patch.
        unit: Inter-ocular distance in pixels.
    """
    import cv2

    rim = (mask * (1 - mask))[..., None]
    sigma = _LIGHT_REACH * unit

    def spread(values: Float32) -> Any:
        return cv2.GaussianBlur(values, (0, 0), sigma)

    mass = spread(rim)[..., None] + 1e-5
    ratio = (spread(outer * rim) + 4 * mass) / (spread(inner * rim) + 4 * mass)
    light = np.asarray(ratio, np.float32).mean(axis=2, keepdims=True)
    tint = np.clip(ratio / light, *_TINT)
    return np.asarray(inner * np.clip(light, *_LIGHT) * tint, np.float32)


def _sampled(image: UInt8, where: Float32) -> Float32:
    import cv2

    found = cv2.remap(image, where[..., 0], where[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)
