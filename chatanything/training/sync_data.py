"""Recorded speakers for the sync judge: face motion with its sound, and how both are disturbed.

The folder is laid out as the derived GRID corpus: `motion/SPLIT-NN.npz` with the landmarks of many clips
each, `audio/NAME.flac` with their sound. SPLIT is "train", "validation" or "test".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from chatanything.lipsync.recorded_faces import read_clips
from chatanything.lipsync.sync_features import MEL_PER_FRAME, MIRRORED, log_mel, mouth_series
from chatanything.lipsync.sync_net import windows
from chatanything.types import Float32

_LANDMARKS: Final = 478
_STRETCH: Final = 1.25
"""Largest factor on the speed of speech, either way."""
_TRACT: Final = 0.3
"""Largest relative length of another speaker's vocal tract: bands move by up to so much."""
_TILT: Final = 0.35
"""Largest change of a band's level by another microphone or voice."""
_NOISE: Final = (0.0, 0.45)
"""Background, as a share of the loud parts' level."""
_WOBBLE: Final = 0.15
"""Noise of the detector in standard deviations of the mouth."""
_HIDDEN: Final = 0.15
"""Share of channels that are flat, since some drawn mouths do not widen or have no lips."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One clip as the judge sees it."""

    name: str
    series: Float32
    """(n, channels) of `mouth_series`."""
    mel: Float32
    """(m, BANDS) of `log_mel`."""


def read_recordings(data: Path, split: str) -> list[Recording]:
    """The clips of a split.

    Args:
        data: Folder of motion and sound.
        split: "train", "validation" or "test".

    Raises:
        UsageError: There are none.
        InputFileError: A file is damaged, or a clip's sound is missing.
    """
    return read_clips(data, split, _recording)


def _recording(content: Mapping[str, Any], number: int, samples: Float32, rate: int) -> Recording:
    rows = slice(*content["frame_start"][number : number + 2])
    series = mouth_series(_points(content, rows), float(content["fps"]))
    return Recording(str(content["clips"][number]), series, log_mel(samples, rate))


def _points(content: Mapping[str, Any], rows: slice) -> Float32:
    """(T, 478, 3) pixels, NaN where there is no face or where the file has no such point."""
    steps = np.cumsum(content["landmarks_delta"][rows], axis=0, dtype=np.int16)
    turn = content["image_from_face"][rows]
    points = (steps * content["landmark_step"]) @ turn[:, :, :3].transpose(0, 2, 1) + turn[:, None, :, 3]
    points[~content["face"][rows]] = np.nan
    full = np.full((len(points), _LANDMARKS, 3), np.nan, np.float32)
    full[:, content["landmark_ids"]] = points
    return full


def draw(
    recordings: Sequence[Recording], rng: np.random.Generator, *, clips: int, each: int
) -> tuple[Tensor, Tensor]:
    """A batch: several moments of several clips.

    So both other clips and other moments of the same clip are among the wrong answers.

    Args:
        recordings: Drawn from.
        rng: Chooses and disturbs.
        clips: How many clips.
        each: Windows of each, at least two frames apart.

    Returns:
        Mouths (n, channels, time) and sounds (n, BANDS, time) in the same order.
    """
    chosen = rng.choice(len(recordings), clips, replace=clips > len(recordings))
    parts = []
    for number in chosen:
        series, mel = disturbed(recordings[number], rng)
        frames = np.arange(int(rng.integers(2)), min(len(series), len(mel) // MEL_PER_FRAME), 2)
        parts.append(windows(series, mel, rng.permutation(frames)[:each]))
    return torch.cat([mouth for mouth, _ in parts]), torch.cat([sound for _, sound in parts])


def disturbed(recording: Recording, rng: np.random.Generator) -> tuple[Float32, Float32]:
    """The same clip as of another speaker: faster or slower, another voice in another room, another mouth.

    Args:
        recording: The clip.
        rng: Chooses.

    Returns:
        `series` and `mel`, still in step.
    """
    speed = float(_STRETCH ** rng.uniform(-1, 1))
    series, mel = _at_speed(recording.series, speed), _at_speed(recording.mel, speed)
    return _other_mouth(series, rng), other_voice(mel, rng)


def _at_speed(values: Float32, speed: float) -> Float32:
    places = np.minimum(np.arange(int(len(values) / speed)) * speed, len(values) - 1)
    before = places.astype(int)
    after = np.minimum(before + 1, len(values) - 1)
    share = (places - before)[:, None].astype(np.float32)
    return np.asarray(values[before] * (1 - share) + values[after] * share, np.float32)


def _other_mouth(series: Float32, rng: np.random.Generator) -> Float32:
    if rng.random() < 0.5:
        series = series[:, MIRRORED]
    if rng.random() < 0.5:  # drawn mouths move more smoothly
        held = np.concatenate([series[:1], series, series[-1:]])
        series = (held[:-2] + 2 * held[1:-1] + held[2:]) / 4
    channels = series.shape[1]
    gain = rng.uniform(0.7, 1.4) * rng.uniform(0.8, 1.25, channels) * (rng.random(channels) > _HIDDEN)
    noise = rng.normal(0, _WOBBLE * rng.random(), series.shape)
    return np.asarray(series * gain + noise, np.float32)


def other_voice(mel: Float32, rng: np.random.Generator) -> Float32:
    """A spectrogram as of another speaker in another room, (m, BANDS)."""
    bands = np.arange(mel.shape[1])
    places = np.clip(bands * (1 + rng.uniform(-_TRACT, _TRACT)), 0, bands[-1])
    before = places.astype(int)
    share = (places - before).astype(np.float32)
    moved = mel[:, before] * (1 - share) + mel[:, np.minimum(before + 1, bands[-1])] * share
    # A few levels over the bands, joined by lines: a tilt, a dip, a bright voice.
    levels = np.interp(bands, np.linspace(0, bands[-1], 5), rng.uniform(-_TILT, _TILT, 5))
    floor = rng.uniform(*_NOISE) + rng.normal(0, 0.02, moved.shape)
    return np.asarray(np.maximum(moved + levels * (moved > 0.05), floor), np.float32)
