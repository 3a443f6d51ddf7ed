"""Recorded faces in the shapes that draw a persona: what was measured, rewritten in the visemes' words.

MediaPipe's scores of a real mouth are not the shapes that the visemes are written in: its `jawOpen` is a
third of ours, and its `mouthFunnel` hardly ever moves. So the opening of the inner lips becomes `jawOpen`,
and the other shapes are read off lips and scores by a regression towards the rules' shapes. Timing and extent
stay measured.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from chatanything.errors import InputFileError, SpeechError, UsageError
from chatanything.lipsync.coarticulation import mouth_shapes
from chatanything.lipsync.sync_features import LENGTHS
from chatanything.lipsync.topology import INNER_LIPS, OUTER_LIPS
from chatanything.media.audio import read_audio
from chatanything.types import Float32, Motion, Speech, TimedUnit
from chatanything.visemes import BLENDSHAPES, INDEX

_Clip = TypeVar("_Clip")
MOUTH: Final = tuple(i for i, name in enumerate(BLENDSHAPES) if name.startswith(("mouth", "jaw")))
_BROWS: Final = tuple(i for i, name in enumerate(BLENDSHAPES) if name.startswith("brow"))
_RIDGE: Final = 30.0
_MOST_SHARPENED: Final = 1.6
"""A regression shrinks what it is unsure of; it is stretched back by at most so much."""
_EYES_CM: Final = 8.9
"""Distance of the outer eye corners on MediaPipe's canonical face."""


@dataclass(frozen=True, slots=True)
class FaceRecording:
    """One clip of a real face."""

    name: str
    speech: Speech
    """Sound with the phones that were aligned."""
    scores: Float32
    """(T, 52) MediaPipe's, smoothed by (1, 2, 1) / 4."""
    lips: Float32
    """(T, 40, 2) inner then outer lips without pose, in inter-ocular distances, y up, smoothed."""
    lengths: Float32
    """(T, 8) the sync judge's lengths."""
    head: Float32
    """(T, 6) as in `Motion`, around the clip's median."""

    @property
    def opening(self) -> Float32:
        """(T,) gap of the inner lips in the middle."""
        return self.lengths[:, 0]

    @property
    def closed(self) -> Float32:
        """(40, 2) the lips when they are most shut: mean of the narrowest tenth of the frames."""
        low = self.opening <= np.percentile(self.opening, 10)
        return np.asarray(self.lips[low].mean(axis=0), np.float32)


def read_faces(data: Path, split: str) -> list[FaceRecording]:
    """The clips of a split.

    Args:
        data: Folder laid out as the derived GRID corpus.
        split: "train", "validation" or "test".

    Raises:
        UsageError: There are none.
        InputFileError: A file is damaged, or a clip's sound is missing.
    """
    return read_clips(data, split, _clip)


def read_clips(
    data: Path, split: str, made: Callable[[Mapping[str, Any], int, Float32, int], _Clip]
) -> list[_Clip]:
    """Something of every clip of a split, in the layout of the derived GRID corpus.

    Args:
        data: Holds `motion/SPLIT-NN.npz`, landmarks of many clips each, and `audio/NAME.flac`, their sound.
        split: "train", "validation" or "test".
        made: Makes it of a file's arrays, the clip's number in the file, its samples and their rate.

    Raises:
        UsageError: There are none.
        InputFileError: A file is damaged, or a clip's sound is missing.
    """
    paths = sorted((data / "motion").glob(f"{split}-*.npz"))
    if not paths:
        raise UsageError(
            f"there are no recordings in {data}",
            expected=f"motion/{split}-NN.npz and audio/NAME.flac",
            hint="Name the folder of the GRID recordings.",
        )
    return [clip for path in paths for clip in _read_file(path, data / "audio", made)]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """From measured lips to the visemes' shapes."""

    middle: Float32
    """(k,) mean of the features."""
    weights: Float32
    """(k, 52)."""
    offset: Float32
    """(52,)."""
    shut: float
    """Opening that counts as shut."""
    wide: float
    """Opening above it that is `jawOpen` 1."""

    @classmethod
    def fitted(cls, clips: Sequence[FaceRecording]) -> Rewriting:
        """Fit to some clips and the rules' shapes of their phones.

        Args:
            clips: Of one speaker, for training.
        """
        rules = [mouth_shapes(c.speech, frames=len(c.scores), fps=25.0, gain=1.0) for c in clips]
        wanted = np.concatenate(rules).astype(np.float64)
        known = np.concatenate([_features(clip) for clip in clips]).astype(np.float64)
        middle = known.mean(axis=0)
        centred = known - middle
        spread = np.diag(np.maximum(centred.var(axis=0), 1e-8))
        gram = centred.T @ centred + _RIDGE * spread
        weights = np.linalg.solve(gram, centred.T @ (wanted - wanted.mean(axis=0)))
        shrunk = (centred @ weights).std(axis=0)
        weights *= np.clip(wanted.std(axis=0) / np.maximum(shrunk, 1e-6), 1.0, _MOST_SHARPENED)
        opening = np.concatenate([clip.opening for clip in clips])
        shut = float(np.percentile(opening, 25))
        wide = float(np.percentile(opening, 95) - shut) / max(
            float(np.percentile(wanted[:, INDEX["jawOpen"]], 95)), 1e-3
        )
        return cls(
            middle.astype(np.float32), weights.astype(np.float32),
            wanted.mean(axis=0).astype(np.float32), shut, wide,
        )  # fmt: skip

    def motion(self, clip: FaceRecording) -> Motion:
        """What was recorded, as a motion for any face; lids are left open."""
        shapes = np.zeros((len(clip.scores), len(BLENDSHAPES)), np.float32)
        read = (_features(clip) - self.middle) @ self.weights + self.offset
        shapes[:, MOUTH] = read[:, MOUTH]
        jaw = (clip.opening - self.shut) / self.wide
        shapes[:, INDEX["jawOpen"]] = jaw
        shapes[:, _BROWS] = clip.scores[:, _BROWS] - np.median(clip.scores[:, _BROWS], axis=0)
        return Motion(25.0, np.clip(shapes, 0, 1), clip.head, gaze_of(clip.scores))


def gaze_of(scores: Float32) -> Float32:
    """Right and up as the viewer sees it, around the clip's median, (T, 2) in -1..1.

    Args:
        scores: (T, 52) with the eight `eyeLook` shapes.
    """

    def of(name: str) -> Float32:
        return scores[:, INDEX[f"eyeLook{name}"]]

    right = (of("OutLeft") - of("InLeft") + of("InRight") - of("OutRight")) / 2
    up = (of("UpLeft") + of("UpRight") - of("DownLeft") - of("DownRight")) / 2
    gaze = np.stack([right, up], axis=1)
    return np.asarray(np.clip(gaze - np.median(gaze, axis=0), -1, 1), np.float32)


def _features(clip: FaceRecording) -> Float32:
    """(T, k) of mouth scores and lengths of the lips, the lengths around their own rest."""
    rest = np.percentile(clip.lengths, 25, axis=0)
    return np.concatenate([clip.scores[:, MOUTH], 5 * (clip.lengths - rest)], axis=1).astype(np.float32)


def _read_file(
    path: Path, sounds: Path, made: Callable[[Mapping[str, Any], int, Float32, int], _Clip]
) -> Iterator[_Clip]:
    try:
        with np.load(path) as stored:
            content: dict[str, Any] = {field: stored[field] for field in stored.files}
        for number, name in enumerate(content["clips"].tolist()):
            yield made(content, number, *read_audio(sounds / f"{name}.flac"))
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as exc:
        raise InputFileError(f"{path} cannot be read as face motion", got=str(exc)) from exc
    except SpeechError as exc:
        raise InputFileError(f"{path} names a clip without sound", got=str(exc)) from exc


def _clip(content: Mapping[str, Any], number: int, samples: Float32, rate: int) -> FaceRecording:
    rows = slice(*content["frame_start"][number : number + 2])
    spans = slice(*content["phone_start"][number : number + 2])
    phones = tuple(
        TimedUnit(str(phone), "phone", float(start), float(end))
        for phone, (start, end) in zip(
            content["phones"][spans].tolist(), content["phone_times"][spans].tolist(), strict=True
        )
    )
    seen = content["face"][rows]
    steps = np.cumsum(content["landmarks_delta"][rows], axis=0, dtype=np.int16)
    points = _bridged(steps * content["landmark_step"], seen)
    place = {int(landmark): i for i, landmark in enumerate(content["landmark_ids"])}
    lengths = [np.linalg.norm(points[:, place[a], :2] - points[:, place[b], :2], axis=1) for a, b in LENGTHS]
    return FaceRecording(
        str(content["clips"][number]),
        Speech(samples, rate, phones, str(content["transcripts"][number])),
        _smooth(_bridged(content["blendshapes"][rows].astype(np.float32), seen)),
        _smooth(points[:, [place[i] for i in (*INNER_LIPS, *OUTER_LIPS)], :2]),
        _smooth(np.stack(lengths, axis=1)),
        _smooth(_head(_bridged(content["head_pose"][rows], seen))),
    )


def _head(pose: Float32) -> Float32:
    """(T, 6) angles and shift around their medians, from MediaPipe's matrices."""
    turn = pose[:, :3, :3]
    # MediaPipe's axes: x to the picture's right, y up, z to the camera. Ours: positive pitch looks down,
    # positive yaw to the picture's right.
    pitch = np.arctan2(turn[:, 2, 1], turn[:, 2, 2])
    yaw = np.arcsin(np.clip(-turn[:, 2, 0], -1, 1))
    roll = -np.arctan2(turn[:, 1, 0], turn[:, 0, 0])
    shift = pose[:, :3, 3] / _EYES_CM * np.array([1, -1, 1])
    head = np.concatenate([np.stack([pitch, yaw, roll], axis=1), shift], axis=1)
    return np.asarray(head - np.median(head, axis=0), np.float32)


def _bridged(values: Any, seen: Any) -> Float32:
    """Frames without a face in between those that have one."""
    flat = np.asarray(values, np.float32).reshape(len(values), -1)
    frames = np.arange(len(flat))
    filled = [np.interp(frames, frames[seen], column[seen]) for column in flat.T]
    return np.stack(filled, axis=1).reshape(np.shape(values)).astype(np.float32)


def _smooth(values: Float32) -> Float32:
    """A (1, 2, 1) / 4 mean over time, which takes jitter of the detector off without delay."""
    held = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((held[:-2] + 2 * held[1:-1] + held[2:]) / 4, np.float32)
