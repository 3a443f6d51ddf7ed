"""Speech to motion by rules: mouth from phones, the rest from temperament and delivery."""

from __future__ import annotations

import math
from typing import Final, Protocol

import numpy as np

from chatanything.lipsync.coarticulation import close_lips, frame_times, mouth_shapes
from chatanything.lipsync.features import sound_shapes
from chatanything.lipsync.idle import (
    BLINK_INDICES,
    blinks,
    brow_accents,
    emotion_shapes,
    envelope,
    glances,
    head_motion,
)
from chatanything.lipsync.manner import ORDINARY, Manner, performed, shaped, smile_shapes, widened
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament
from chatanything.visemes import INDEX

_ENDS: Final = 2
"""Frames at both ends over which the mouth leaves and returns to rest."""
_BROW: Final = INDEX["browInnerUp"]
_WIDER: Final = 2.4
"""Power of the gain on a ratio of openings above 1, so that it is seen (see `manner.widened`)."""


class MotionMaker(Protocol):
    """What a backend of `MOTIONS` does."""

    def motion(
        self,
        speech: Speech,
        *,
        delivery: Delivery,
        temperament: Temperament,
        fps: float,
        seed: int,
        manner: Manner | None = None,
    ) -> Motion:
        """The motion for a speech: T = ceil(duration * fps) frames, at rest in the first and in the last."""
        ...


class RuleMotion:
    """Phones to visemes to blendshapes, with coarticulation; no learning."""

    def motion(
        self,
        speech: Speech,
        *,
        delivery: Delivery,
        temperament: Temperament,
        fps: float,
        seed: int,
        manner: Manner | None = None,
    ) -> Motion:
        """The motion for a speech.

        Args:
            speech: With phones when they are known, otherwise the sound alone is used.
            delivery: How it is performed.
            temperament: Who performs it.
            fps: Frames a second.
            seed: Gives blinks, glances and sway.
            manner: Whose movements are wanted instead of the character's own.

        Returns:
            T = ceil(duration * fps) frames; the mouth is at rest in the first and in the last.
        """
        frames = max(1, math.ceil(speech.duration_s * fps))
        delivery, temperament = performed(manner, delivery, temperament)
        manner = manner or ORDINARY
        mouth = self.mouth(speech, frames, fps, delivery.mouth_gain * widened(manner, _WIDER))
        if manner != ORDINARY:
            mouth = sized(mouth, speech, fps, manner)
        loudness = envelope(speech.samples, speech.sample_rate, frames, fps)
        shapes = add_emotion(mouth, emotion_shapes(delivery) + smile_shapes(manner))
        shapes[:, _BROW] += manner.brows * brow_accents(loudness, fps, temperament)
        for index in BLINK_INDICES:
            shapes[:, index] = blinks(frames, fps, delivery, temperament, seed)
        return Motion(
            fps,
            np.clip(shapes, 0, 1).astype(np.float32),
            head_motion(loudness, fps, delivery, temperament, seed),
            np.float32(manner.gaze) * glances(frames, fps, temperament, seed),
        )

    @staticmethod
    def mouth(speech: Speech, frames: int, fps: float, gain: float) -> Float32:
        """The speaking mouth alone, (frames, 52) float32."""
        if speech.phones():
            shapes = mouth_shapes(speech, frames=frames, fps=fps, gain=gain)
        else:
            shapes = sound_shapes(speech.samples, speech.sample_rate, frames=frames, fps=fps, gain=gain)
        return rest_at_ends(shapes)


def sized(mouth: Float32, speech: Speech, fps: float, manner: Manner) -> Float32:
    """A mouth in the size of a manner whose lips still meet where they must, (frames, 52).

    Args:
        mouth: (frames, 52) at rest at both ends.
        speech: Its phones, if known, say where lips meet.
        fps: Frames a second.
        manner: Whose mouth is wanted.
    """
    shut = close_lips(shaped(mouth, manner), speech.phones(), frame_times(len(mouth), fps), fps)
    return rest_at_ends(shut)


def rest_at_ends(mouth: Float32) -> Float32:
    """The mouth comes from rest and returns to it, (frames, 52)."""
    frames = len(mouth)
    ramp = np.clip(np.minimum(np.arange(frames), np.arange(frames)[::-1]) / _ENDS, 0, 1)
    return (mouth * ramp[:, None]).astype(np.float32)


def add_emotion(mouth: Float32, emotion: Float32) -> Float32:
    """Emotion on top of speech; a closed or rounded mouth smiles less."""
    rounding = mouth[:, INDEX["mouthPucker"]] + mouth[:, INDEX["mouthPressLeft"]]
    free = np.clip(1 - rounding, 0.2, 1)[:, None]
    is_mouth = np.array([name.startswith("mouth") for name in INDEX])
    return mouth + emotion * np.where(is_mouth, free, 1.0).astype(np.float32)
