"""What a face does besides speaking: blinks, glances, head motion, emotion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from chatanything.seeds import generator
from chatanything.types import Delivery, Emotion, Float32, Temperament
from chatanything.visemes import INDEX, blendshape_vector

_LID: Final = (0.35, 0.9, 1.0, 0.75, 0.35)
"""A blink at 25 frames a second: quick down, slower up."""
_LID_FPS: Final = 25.0
_EMOTIONS: Final[Mapping[Emotion, Mapping[str, float]]] = {
    "neutral": {},
    "happy": {"mouthSmile": 0.2, "cheekSquint": 0.2, "browInnerUp": 0.1},
    "sad": {"mouthFrown": 0.3, "browInnerUp": 0.5},
    "angry": {"browDown": 0.6, "mouthFrown": 0.15},
    "afraid": {"browInnerUp": 0.6, "browOuterUp": 0.3},
    "surprised": {"browInnerUp": 0.6, "browOuterUp": 0.6},
    "disgusted": {"browDown": 0.3, "mouthFrown": 0.2},
    "tender": {"mouthSmile": 0.12, "browInnerUp": 0.25},
}


def blinks(frames: int, fps: float, delivery: Delivery, temperament: Temperament, seed: int) -> Float32:
    """Lid closure of every frame, (frames,) float32 in 0..1; intervals are log-normal as people's are."""
    closed = np.zeros(frames, np.float32)
    rate = delivery.blink_rate * (0.8 + 0.4 * temperament.neuroticism)
    if rate <= 0:
        return closed
    random = generator(seed, "blinks")
    shape_times = np.arange(len(_LID)) / _LID_FPS
    at = float(random.uniform(0.4, 1.6))
    while at < frames / fps:
        local = np.arange(frames) / fps - at
        closed = np.maximum(closed, np.interp(local, shape_times, _LID, left=0.0, right=0.0))
        at += max(0.7, float(random.lognormal(np.log(60.0 / rate) - 0.18, 0.6)))
    return closed.astype(np.float32)


def glances(frames: int, fps: float, temperament: Temperament, seed: int) -> Float32:
    """Small saccades around the viewer, (frames, 2) float32: right, up in -1..1."""
    random = generator(seed, "glances")
    gaze = np.zeros((frames, 2), np.float32)
    shy = 0.12 + 0.25 * (1 - temperament.extraversion)
    start = 0
    while start < frames:
        length = int(fps * random.uniform(0.6, 2.2))
        target = random.normal(0, (shy * 0.6, shy * 0.35))
        if random.random() < 0.45:
            target *= 0.15  # back to the viewer
        gaze[start : start + length] = np.clip(target, -0.5, 0.5)
        start += length
    return gaze


def head_motion(
    loudness: Float32, fps: float, delivery: Delivery, temperament: Temperament, seed: int
) -> Float32:
    """Slow sway plus nods with the voice.

    Args:
        loudness: (frames,) float32 in 0..1, of the speech.
        fps: Frames a second.
        delivery: Its `head_motion` scales everything.
        temperament: Extraverts move more, anxious ones quicker.
        seed: Gives the phases.

    Returns:
        (frames, 6) float32: pitch, yaw, roll in radians; x, y, z in inter-ocular distances.
    """
    random = generator(seed, "head")
    times = np.arange(len(loudness)) / fps
    size = delivery.head_motion * (0.6 + 0.8 * temperament.extraversion)
    speed = 0.8 + 0.5 * temperament.neuroticism
    degrees = np.radians(np.array([1.6, 2.6, 1.6]))
    head = np.zeros((len(loudness), 6))
    for axis in range(3):
        for frequency, share in ((0.17, 0.6), (0.31, 0.3), (0.53, 0.15)):
            phase, wobble = random.uniform(0, 2 * np.pi), random.uniform(0.85, 1.15)
            head[:, axis] += share * np.sin(2 * np.pi * frequency * wobble * speed * times + phase)
    head[:, :3] *= degrees * size
    head[:, 0] += np.radians(2.2) * size * (_smooth(loudness, fps, 0.12) - _smooth(loudness, fps, 0.6))
    head[:, 4] = 0.012 * np.sin(2 * np.pi * 0.22 * times)  # breath
    ease = np.clip(times / 0.4, 0, 1)[:, None]
    return (head * ease).astype(np.float32)


def emotion_shapes(delivery: Delivery) -> Float32:
    """The face that goes with the emotion, (52,) float32."""
    return blendshape_vector(_EMOTIONS[delivery.emotion]) * np.float32(delivery.intensity)


def brow_accents(loudness: Float32, fps: float, temperament: Temperament) -> Float32:
    """Brows rise a little where the voice does, (frames,) float32."""
    rise = _smooth(loudness, fps, 0.15) - _smooth(loudness, fps, 0.8)
    return np.asarray(np.clip(rise * (0.5 + 0.7 * temperament.extraversion), 0, 0.5), np.float32)


def envelope(samples: Float32, sample_rate: int, frames: int, fps: float) -> Float32:
    """Loudness of every frame against the clip's loud parts, (frames,) float32 in 0..1."""
    power = np.zeros(frames)
    for frame in range(frames):
        part = samples[int(frame / fps * sample_rate) : int((frame + 1) / fps * sample_rate)]
        power[frame] = np.sqrt(np.mean(part**2)) if part.size else 0.0
    top = float(np.percentile(power, 95)) if frames else 0.0
    return np.clip(power / max(top, 1e-4), 0, 1).astype(np.float32)


def _smooth(signal: Float32, fps: float, sigma_s: float) -> Float32:
    reach = max(1, int(3 * sigma_s * fps))
    x = np.arange(-reach, reach + 1) / fps
    kernel = np.exp(-0.5 * (x / sigma_s) ** 2)
    padded = np.pad(signal, reach, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), "valid").astype(np.float32)


BLINK_INDICES: Final = (INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"])
