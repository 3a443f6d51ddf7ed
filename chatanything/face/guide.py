"""Guidance: how much of a template a try keeps, how a try is judged, and what the next one changes.

ChatAnything (2023, section 3.2) starts diffusion from a noised portrait, so that human landmarks survive the
early steps. Here every try also has the template's landmark map, is judged by the detector that the
animator uses, and is followed by another for a stated reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from chatanything.face.check import check_faces
from chatanything.face.landmarks import FoundFace
from chatanything.measures import inter_ocular, opening
from chatanything.types import Float32, UInt8

MAX_ERROR: Final = 0.12
"""Largest mean landmark error over the inter-ocular distance."""
SHUT: Final = 0.06
"""Largest detected mouth opening of a portrait that counts as shut."""
_LEAST: Final = 0.1
"""Smallest strength of a try."""
_OFF = "the face is not where it was asked to be"
_AJAR = "the mouth looks open"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a try is made with."""

    strength: float = 0.3
    """Noise on the template, 0..1: less keeps more of it."""
    guidance_scale: float = 1.5
    template: int = 0
    """Number of the template; another one is another character for the same brief."""
    reason: str = "first try"
    """Why it is made."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate under the detector."""

    image: UInt8
    face: FoundFace | None
    error: float
    """Mean landmark error over the inter-ocular distance; infinite without a face."""
    reasons: tuple[str, ...]
    """What is wrong with it; empty when it can be driven."""


def judge(image: UInt8, faces: Sequence[FoundFace], requested: Mapping[int, Float32]) -> Judged:
    """Check a candidate: one face, whole and frontal, a shut mouth, landmarks where they were asked.

    Args:
        image: (H, W, 3) uint8 RGB.
        faces: What the animator's detector found in it.
        requested: Landmark number -> (2,) px.
    """
    verdict = check_faces(faces, image.shape[1], image.shape[0])
    if len(faces) != 1:
        return Judged(image, None, float("inf"), verdict.reasons)
    error = landmark_error(faces[0].landmarks, requested)
    reasons = list(verdict.reasons)
    if error > MAX_ERROR:
        reasons.append(_OFF)
    if opening(faces[0].landmarks) > SHUT and "the mouth is open" not in reasons:
        reasons.append(_AJAR)
    return Judged(image, faces[0], error, tuple(reasons))


def landmark_error(found: Float32, requested: Mapping[int, Float32]) -> float:
    """Mean distance of found and requested landmarks over the inter-ocular distance.

    Args:
        found: (478, 3) px.
        requested: Landmark number -> (2,) px.
    """
    numbers = list(requested)
    wanted = np.stack([requested[number] for number in numbers])
    return float(np.linalg.norm(found[numbers, :2] - wanted, axis=1).mean()) / inter_ocular(found)


def best(candidates: Sequence[Judged]) -> int:
    """Number of the candidate with the fewest faults, then the smallest landmark error."""
    ranks = [(len(one.reasons), one.error) for one in candidates]
    return ranks.index(min(ranks))


def retry(attempt: Attempt, seen: Judged) -> Attempt:
    """The next try, changed by what was wrong with the best candidate."""
    reason = "; ".join(seen.reasons)
    if any(fault in reason for fault in ("cut off", "turned", "tilted", "too small")):
        return replace(attempt, template=attempt.template + 1, reason=reason)
    if "mouth" in reason:
        return replace(attempt, strength=_less(attempt, 0.15), template=attempt.template + 1, reason=reason)
    # No face, or a misplaced one: more of the template, and words that pull less.
    weaker = max(1.0, attempt.guidance_scale - 0.5)
    return replace(attempt, strength=_less(attempt, 0.2), guidance_scale=weaker, reason=reason)


def _less(attempt: Attempt, step: float) -> float:
    """A smaller strength that still leaves the network something to do."""
    return max(_LEAST, attempt.strength - step)
