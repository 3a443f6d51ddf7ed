"""Other mouths and shut eyes for a portrait, by landmark-guided inpainting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np

from chatanything.face.diffusion import maps
from chatanything.face.diffusion.request import BASE, FaceModel, Request
from chatanything.measures import opening
from chatanything.types import Float32, Portrait, Reference, ReferenceSet, UInt8

BLINK: Final = "blink"
_FEATHER: Final = 5
"""Pixels at 256 over which a drawn region fades into the portrait."""


def draw_references(
    model: FaceModel,
    portrait: Portrait,
    posed: Mapping[str, Float32],
    starts: Mapping[str, UInt8],
    *,
    text: str,
    expert: int | None,
    seed: int,
    strength: float = 0.5,
    steps: int = 8,
) -> ReferenceSet:
    """The same face with other mouths, and with shut eyes; nothing else changes.

    Args:
        model: What draws them.
        portrait: The face; square, 256 or 512 px.
        posed: Viseme, or "blink" -> (478, 3) px landmarks that are asked for.
        starts: The same names -> (256, 256, 3) RGB whose hidden cells, once noised, begin the sampling: a
            template with that mouth.
        text: The description; empty for none.
        expert: Number of the expert; None for none.
        seed: Decides the noise.
        strength: How much noise the starts get, 0..1.
        steps: Evaluations of the network a picture.
    """
    size = portrait.image.shape[0]
    scale = BASE / size
    small = np.asarray(cv2.resize(portrait.image, (BASE, BASE), interpolation=cv2.INTER_AREA), np.uint8)
    neutral = maps.from_landmarks(portrait.landmarks) * np.float32(scale)
    requests = []
    for name, landmarks in posed.items():
        points = maps.from_landmarks(landmarks) * np.float32(scale)
        region = "eyes" if name == BLINK else "mouth"
        hidden = np.maximum(*(maps.region_cells(one, BASE, region) for one in (neutral, points)))
        begun = _blend(small, starts[name], hidden)
        requests.append(Request(text, points, expert, seed, begun, strength, small, hidden))
    drawn = model(requests, steps=steps, guidance_scale=1.0, size=size)
    made = []
    for (name, landmarks), image, request in zip(posed.items(), drawn, requests, strict=True):
        assert request.hidden is not None
        blended = _blend(portrait.image, image, request.hidden)
        made.append(Reference(name, blended, landmarks, opening(landmarks)))
    still = Reference("neutral", portrait.image, portrait.landmarks, opening(portrait.landmarks))
    lips = tuple(reference for reference in made if reference.name != BLINK)
    faces = (still, *(reference for reference in made if reference.name == BLINK))
    return ReferenceSet(lips, faces)


def _blend(portrait: UInt8, drawn: UInt8, hidden: Float32) -> UInt8:
    """The drawn cells in the portrait, fading out towards their border."""
    size = portrait.shape[0]
    inside = cv2.resize(hidden, (size, size), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    reach = _FEATHER * size / BASE
    alpha = np.clip(cv2.distanceTransform(inside, cv2.DIST_L2, 5) / reach, 0, 1)[..., None]
    return np.asarray(portrait * (1 - alpha) + drawn * alpha + 0.5, np.uint8)
