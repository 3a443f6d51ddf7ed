"""What the motion network learns from: spoken clips moved by the rules, recorded ones by a real face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from chatanything.lipsync.coarticulation import close_lips, mouth_shapes
from chatanything.lipsync.idle import brow_accents, envelope, head_motion
from chatanything.lipsync.motion_net import UNKNOWN, phone_numbers
from chatanything.lipsync.motion_style import MotionStyle, style_of
from chatanything.lipsync.recorded_faces import FaceRecording, Rewriting
from chatanything.lipsync.sync_features import FPS, MEL_PER_FRAME, log_mel
from chatanything.seeds import derive, generator
from chatanything.training.motion_speech import load_speech
from chatanything.training.sync_data import other_voice
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament
from chatanything.visemes import BILABIALS, BLENDSHAPES, INDEX, blendshape_vector

FRAMES: Final = 90
"""Frames of a sample, 3.6 s; shorter clips end in silence."""
_WARM: Final = 12
"""Frames at the beginning of a sample cut out of a clip: they lack what came before, and do not count."""
_TAKES: Final = 3
"""Styles in which each spoken clip is moved."""
_UNKNOWN: Final = 0.55
"""Share of samples whose phones are hidden, so that the sound alone has to do."""
_STRETCH: Final = 1.2
"""Largest factor on the speed of a sample, either way."""
_STYLE_NOISE: Final = 0.05
"""Error of the stated style, so that it is a wish and not a hint about the clip."""
_CLOSED, _SILENT = 4.0, 2.0
"""Weights of frames on P, B and M, and of silence."""
_PARTS: Final = {
    "jawOpen": 8.0, "mouthClose": 3.0, "mouthPucker": 3.0, "mouthFunnel": 3.0, "mouthPress": 3.0,
    "mouthRoll": 2.0, "mouthLowerDown": 4.0, "mouthUpperUp": 4.0, "mouthStretch": 2.0, "mouthSmile": 2.0,
}  # fmt: skip
"""Weights of shapes, by the beginning of their names; all others count 1."""
SHAPE_WEIGHTS: Final = tuple(
    next((weight for part, weight in _PARTS.items() if name.startswith(part)), 1.0) for name in BLENDSHAPES
)


@dataclass(frozen=True, slots=True)
class Take:
    """One clip with one motion."""

    name: str
    mel: Float32
    """(4 T, BANDS) of `log_mel`."""
    phones: npt.NDArray[np.int64]
    """(4 T,) numbers of `phone_numbers`."""
    motion: Float32
    """(T, 60): shapes, head, gaze."""
    weights: Float32
    """(T,) how much a frame counts."""
    style: MotionStyle


def spoken_takes(paths: Sequence[Path], *, takes: int = _TAKES) -> list[Take]:
    """Spoken clips, each moved by the rules in several styles.

    Args:
        paths: Of `speech_paths`.
        takes: How many styles.
    """
    found = []
    for path in paths:
        speech = load_speech(path)
        seeds = [derive(0, "take", path.stem, take) for take in range(takes)]
        found += [take_of(path.stem, speech, ruled(speech, seed=seed), recorded=0.0) for seed in seeds]
    return found


def recorded_takes(clips: Sequence[FaceRecording], rewriting: Rewriting) -> list[Take]:
    """Recorded clips as they were moved.

    Args:
        clips: Of `read_faces`.
        rewriting: Fitted to clips for training.
    """
    return [take_of(clip.name, clip.speech, rewriting.motion(clip), recorded=1.0) for clip in clips]


def ruled(speech: Speech, *, seed: int) -> Motion:
    """The rules' motion in a random style, without anything that the sound does not tell.

    Args:
        speech: With phones.
        seed: Chooses the style.
    """
    rng = generator(seed, "ruled")
    frames = max(1, int(np.ceil(speech.duration_s * FPS)))
    times = ((np.arange(frames) + 0.5) / FPS).astype(np.float32)
    shapes = mouth_shapes(speech, frames=frames, fps=FPS, gain=float(rng.uniform(0.55, 1.45)))
    softer = np.concatenate([shapes[:1], shapes, shapes[-1:]])
    softer = (softer[:-2] + 2 * softer[1:-1] + softer[2:]) / 4
    shapes = shapes + float(rng.uniform(0, 1)) * (softer - shapes)
    for part, low, high in (("mouthPucker", 0.6, 1.3), ("mouthFunnel", 0.6, 1.3), ("mouthStretch", 0.5, 1.4)):
        chosen = [i for name, i in INDEX.items() if name.startswith(part)]
        shapes[:, chosen] *= rng.uniform(low, high)
    shapes = close_lips(np.clip(shapes, 0, 1).astype(np.float32), speech.phones(), times, FPS)
    shapes += blendshape_vector({"mouthSmile": float(max(0.0, rng.uniform(-0.2, 0.2)))})
    temperament = Temperament(extraversion=float(rng.random()), neuroticism=float(rng.random()))
    loudness = envelope(speech.samples, speech.sample_rate, frames, FPS)
    shapes[:, INDEX["browInnerUp"]] += brow_accents(loudness, FPS, temperament)
    delivery = Delivery(head_motion=float(rng.uniform(0.3, 2)))
    # The difference is the nods alone: sway has random phases, which no sound tells.
    nods = head_motion(loudness, FPS, delivery, temperament, 0) - head_motion(
        0 * loudness, FPS, delivery, temperament, 0
    )
    return Motion(FPS, np.clip(shapes, 0, 1).astype(np.float32), nods, np.zeros((frames, 2), np.float32))


def take_of(name: str, speech: Speech, motion: Motion, *, recorded: float) -> Take:
    """A clip made ready.

    Args:
        name: Of the clip.
        speech: Its sound and phones.
        motion: At 25 frames a second.
        recorded: 1 for a real face, 0 for the rules.
    """
    mel = log_mel(speech.samples, speech.sample_rate)
    frames = min(len(motion), len(mel) // MEL_PER_FRAME)
    steps = MEL_PER_FRAME * frames
    values = np.concatenate([motion.blendshapes, motion.head, motion.gaze], axis=1)[:frames]
    style = replace(style_of(motion), recorded=recorded)
    return Take(
        name, mel[:steps], phone_numbers(speech.phones(), steps), values.astype(np.float32),
        _frame_weights(speech, frames), style,
    )  # fmt: skip


def mean_style(takes: Sequence[Take]) -> MotionStyle:
    """The ordinary style among some takes."""
    rows = [take.style.as_dict() for take in takes]
    return MotionStyle(**{name: float(np.mean([row[name] for row in rows])) for name in rows[0]})


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples of equal length; n, T frames."""

    mel: Tensor
    """(n, 4 T, BANDS)."""
    phones: Tensor
    """(n, 4 T)."""
    style: Tensor
    """(n, DIMENSIONS)."""
    motion: Tensor
    """(n, T, 60)."""
    weights: Tensor
    """(n, T); 0 where there is nothing to learn."""


def draw(takes: Sequence[Take], rng: np.random.Generator, count: int) -> Batch:
    """Random samples, disturbed.

    Args:
        takes: Drawn from.
        rng: Chooses.
        count: How many, at least one.
    """
    rows = [_sample(takes[int(rng.integers(len(takes)))], rng) for _ in range(count)]
    return Batch(*(torch.from_numpy(np.stack(part)) for part in zip(*rows, strict=True)))


def _sample(take: Take, rng: np.random.Generator) -> tuple[npt.NDArray[Any], ...]:
    speed = float(_STRETCH ** rng.uniform(-1, 1))
    frames = int(len(take.motion) / speed)
    times = np.minimum(np.arange(frames) * speed, len(take.motion) - 1)
    first = int(rng.integers(max(1, frames - FRAMES + 1)))
    chosen = times[first : first + FRAMES]
    motion, weights = _at(take.motion, chosen), _at(take.weights[:, None], chosen)[:, 0]
    if first:
        weights[:_WARM] = 0
    steps = (chosen[:, None] + speed * np.arange(MEL_PER_FRAME) / MEL_PER_FRAME).ravel() * MEL_PER_FRAME
    mel = other_voice(_at(take.mel, steps), rng)
    phones = take.phones[np.minimum(np.rint(steps).astype(int), len(take.phones) - 1)].copy()
    if rng.random() < _UNKNOWN:
        phones[:] = UNKNOWN
    missing = FRAMES - len(chosen)
    style = take.style.vector()
    style[:-1] += rng.normal(0, _STYLE_NOISE, len(style) - 1)
    return (
        np.pad(mel, ((0, MEL_PER_FRAME * missing), (0, 0))),
        np.pad(phones, (0, MEL_PER_FRAME * missing), constant_values=UNKNOWN),
        style.astype(np.float32),
        np.pad(motion, ((0, missing), (0, 0))),
        np.pad(weights, (0, missing)),
    )


def _at(values: Float32, times: npt.NDArray[Any]) -> Float32:
    """Rows between rows, the last one held."""
    before = np.minimum(times.astype(int), len(values) - 1)
    after = np.minimum(before + 1, len(values) - 1)
    share = np.clip(times - before, 0, 1)[:, None].astype(np.float32)
    return np.asarray(values[before] * (1 - share) + values[after] * share, np.float32)


def _frame_weights(speech: Speech, frames: int) -> Float32:
    times = (np.arange(frames) + 0.5) / FPS
    weights = np.ones(frames, np.float32)
    for unit in speech.phones():
        inside = (times >= unit.start_s) & (times < unit.end_s)
        if unit.text in BILABIALS:
            weights[inside] = _CLOSED
        elif unit.text == "SIL":
            weights[inside] = _SILENT
    return weights
