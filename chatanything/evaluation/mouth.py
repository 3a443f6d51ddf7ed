"""A finished video measured: how far the lips of the face in it are apart, frame by frame.

The landmark detector looks at every frame on its own (no tracking, no smoothing), so that it adds neither
delay nor calm of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.face.landmarks import FaceDetector, FoundFace
from chatanything.measures import inter_ocular, lip_gap
from chatanything.media.audio import read_audio
from chatanything.media.video import read_video
from chatanything.types import Float32, TimedUnit
from chatanything.voice.align import align

OPEN_SHARE: Final = 0.25
"""A mouth counts as closed at or under this share of the clip's 95th percentile of opening."""
MOVES_FROM: Final = 0.02
"""Spread of the opening (5th to 95th percentile) from which a mouth counts as moving at all; recorded
speakers reach 0.1, the detector's noise on a still picture stays under 0.01."""


@dataclass(frozen=True, slots=True)
class MouthClip:
    """The mouth of one clip and the phones that were spoken over it."""

    name: str
    text: str
    fps: float
    opening: Float32
    """(T,) distance of the inner lips over the distance of the outer eye corners; NaN without a face."""
    phones: tuple[TimedUnit, ...]

    @property
    def duration_s(self) -> float:
        """Length of the picture track in seconds."""
        return len(self.opening) / self.fps

    @property
    def times(self) -> Float32:
        """(T,) start of every frame in seconds."""
        return (np.arange(len(self.opening)) / self.fps).astype(np.float32)

    @property
    def face_found(self) -> float:
        """Share of frames in which there is a face."""
        return float(np.mean(np.isfinite(self.opening)))

    @property
    def closed_at(self) -> float:
        """The opening at or under which this mouth counts as closed; below zero if it never moves."""
        known = self.opening[np.isfinite(self.opening)]
        if not len(known):
            return -1.0
        low, high = np.percentile(known, (5, 95))
        return OPEN_SHARE * float(high) if high - low >= MOVES_FROM else -1.0


def opening_of(landmarks: Sequence[Float32 | None]) -> Float32:
    """Mouth opening of every frame, (T,) float32, NaN where there was no face.

    The eye distance is the clip's median, so that a turn of the head does not open the mouth.

    Args:
        landmarks: (478, 3) float32 px of each frame, or None.
    """
    gaps = np.full(len(landmarks), np.nan)
    eyes = np.full(len(landmarks), np.nan)
    for i, points in enumerate(landmarks):
        if points is not None:
            gaps[i], eyes[i] = lip_gap(points), inter_ocular(points)
    if np.isfinite(eyes).any():
        gaps /= np.nanmedian(eyes)
    return gaps.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Film:
    """What was seen and heard of a finished video."""

    name: str
    fps: float
    landmarks: tuple[Float32 | None, ...]
    """(478, 3) float32 px of every frame; None without a face."""
    samples: Float32
    """(n,) float32 mono."""
    sample_rate: int


def watch(video: Path, detector: FaceDetector) -> Film:
    """Look at every frame of a finished video and listen to its sound.

    Args:
        video: The file.
        detector: Finds the face; the largest one where there are several.

    Raises:
        InputFileError: The file cannot be read as a video.
        SpeechError: It has no sound.
    """
    pictures, fps = read_video(video)
    landmarks = tuple(largest(detector.detect(picture)) for picture in pictures)
    samples, sample_rate = read_audio(video)
    return Film(video.name, fps, landmarks, samples, sample_rate)


def measure_clip(film: Film, text: str) -> MouthClip:
    """The mouth of a film, with the phones of its sound aligned with its words.

    Args:
        film: From `watch`.
        text: What is said in it.

    Raises:
        SpeechError: The words do not fit the sound.
    """
    units = align(film.samples, film.sample_rate, text)
    phones = tuple(unit for unit in units if unit.kind == "phone")
    return MouthClip(film.name, text, film.fps, opening_of(film.landmarks), phones)


def largest(faces: Sequence[FoundFace]) -> Float32 | None:
    """(478, 3) float32 px of the largest face; None where there is none."""
    if not faces:
        return None
    return max(faces, key=lambda face: float(np.prod(np.ptp(face.landmarks[:, :2], axis=0)))).landmarks
