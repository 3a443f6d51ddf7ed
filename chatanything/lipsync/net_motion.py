"""Speech to motion by the network; what must never go wrong stays with rules."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import torch

from chatanything.lipsync.coarticulation import OPENING, close_lips
from chatanything.lipsync.idle import (
    BLINK_INDICES,
    blinks,
    brow_accents,
    emotion_shapes,
    envelope,
    glances,
    head_motion,
)
from chatanything.lipsync.manner import ORDINARY, Manner, performed, smile_shapes, widened
from chatanything.lipsync.motion import add_emotion, rest_at_ends, sized
from chatanything.lipsync.motion_net import (
    HEAD,
    LOOKS_AHEAD,
    OUTPUTS,
    SHAPES,
    MotionNet,
    load_motion_net,
    phone_numbers,
)
from chatanything.lipsync.motion_style import MotionStyle, style_for
from chatanything.lipsync.sync_features import FPS, MEL_PER_FRAME, log_mel
from chatanything.types import Bool, Delivery, Float32, Motion, Speech, Temperament
from chatanything.visemes import BLENDSHAPES, INDEX

RECORDED: Final = 0.5
"""How far a persona moves as the recorded speaker does instead of as the rules say."""
_UNSURE: Final = 1.4
"""Where only the sound is known, the network opens the mouth less than it should, by so much on voices it
never heard: what it is not sure of it averages."""
_CHUNK: Final = 1500
"""Frames that go through the network at once: a minute."""
_QUIETEST: Final = 0.1
"""Least power that counts as speech; a hiss is not blown up to words. Speech at -16 LUFS has about 90."""
_SILENT_DB: Final = -38.0
"""Below the loud parts by so much, a sound whose phones are not known is silence."""
_SILENCE_S: Final = 0.09
"""Shorter gaps between words do not close the mouth."""
_EASE_S: Final = 0.06
"""Time in which the mouth goes to rest at the edge of a silence."""
_WIDER: Final = 1.55
"""Power of the stated opening on a ratio of openings above 1, so that it is seen (see `manner.widened`)."""
_BROW: Final = INDEX["browInnerUp"]
_MOUTH: Final = np.array([name.startswith(("mouth", "jaw")) for name in BLENDSHAPES])
_OPENING: Final = [INDEX[name] for name in OPENING]
_EYES: Final = np.array([name.startswith("eye") for name in BLENDSHAPES])


class NetMotion:
    """Mouth, brows and nods by the network, from sound alone or with phones.

    Closures of known phones, silence, both ends, blinks, glances and emotion are the rules'.

    Args:
        net: The network; the shipped one if None.

    Raises:
        WeightsError: The shipped one is missing or damaged.
    """

    def __init__(self, net: MotionNet | None = None) -> None:
        self.net = net if net is not None else load_motion_net()

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
        style = style_for(self.style(RECORDED), delivery, temperament)
        if manner is not None:
            style = replace(style, opening=style.opening * widened(manner, _WIDER))
        told = self.spoken(speech, style, frames=frames, fps=fps)
        mouth = told.blendshapes
        if manner is not None:
            mouth = sized(mouth, speech, fps, manner)
            loudness = envelope(speech.samples, speech.sample_rate, frames, fps)
            # Its own brows hardly move: which words they rise for is no matter of the sound alone.
            mouth[:, _BROW] += manner.brows * brow_accents(loudness, fps, temperament)
        manner = manner or ORDINARY
        shapes = add_emotion(mouth, emotion_shapes(delivery) + smile_shapes(manner))
        for index in BLINK_INDICES:
            shapes[:, index] = blinks(frames, fps, delivery, temperament, seed)
        # Sway follows no sound, so a network cannot know it: it would learn to hold still.
        still = np.zeros(frames, np.float32)
        sway = head_motion(still, fps, delivery, temperament, seed)
        ease = np.clip(np.arange(frames) / fps / 0.4, 0, 1)[:, None]
        return Motion(
            fps,
            np.clip(shapes, 0, 1).astype(np.float32),
            (sway + manner.head * ease * told.head).astype(np.float32),
            np.float32(manner.gaze) * glances(frames, fps, temperament, seed),
        )

    def style(self, recorded: float) -> MotionStyle:
        """An ordinary speaker: what was measured on the training clips.

        Args:
            recorded: 0 for the clips moved by rules, 1 for the recorded ones, or between them.
        """
        known = self.net.config.styles
        if not known:
            return MotionStyle(recorded=recorded)
        ruled, real = known["ruled"], known["recorded"]
        mixed = {name: (1 - recorded) * ruled[name] + recorded * real[name] for name in ruled}
        return replace(MotionStyle(**mixed), recorded=recorded)

    def spoken(self, speech: Speech, style: MotionStyle, *, frames: int, fps: float) -> Motion:
        """What the sound alone gives: mouth with closures and silences, brows, nods, a following gaze.

        Args:
            speech: With or without phones.
            style: The manner.
            frames: How many.
            fps: Frames a second.
        """
        values = self._heard(speech, style)
        times = ((np.arange(frames) + 0.5) / fps).astype(np.float32)
        known = (np.arange(len(values)) + 0.5) / FPS
        values = np.stack([np.interp(times, known, column) for column in values.T], axis=1)
        if not speech.phones():
            values[:, _OPENING] *= _UNSURE
        shapes = np.clip(values[:, :SHAPES], 0, 1).astype(np.float32)
        shapes[:, _EYES] = 0
        shapes[:, _MOUTH] *= _voiced(speech, times, fps)[:, None]
        if speech.phones():
            shapes = close_lips(shapes, speech.phones(), times, fps)
        shapes[:, _MOUTH] = rest_at_ends(shapes[:, _MOUTH])
        head = values[:, SHAPES : SHAPES + HEAD].astype(np.float32)
        return Motion(fps, shapes, head, values[:, SHAPES + HEAD :].astype(np.float32))

    def _heard(self, speech: Speech, style: MotionStyle) -> Float32:
        """(T, 60) at 25 frames a second."""
        mel = log_mel(speech.samples, speech.sample_rate, least=_QUIETEST)
        frames = max(1, -(-len(mel) // MEL_PER_FRAME))
        steps = MEL_PER_FRAME * frames
        mel = np.pad(mel, ((0, steps - len(mel)), (0, 0)))
        phones = phone_numbers(speech.phones(), steps)
        asked = torch.from_numpy(style.vector())[None]
        out = np.empty((frames, OUTPUTS), np.float32)
        for start in range(0, frames, _CHUNK):
            # Every chunk hears all that the network looks back and ahead to, so that it joins the last one.
            end, first = min(start + _CHUNK, frames), max(0, start - self.net.looks_back)
            heard = slice(MEL_PER_FRAME * first, MEL_PER_FRAME * (end + LOOKS_AHEAD))
            given = (torch.from_numpy(array[heard])[None] for array in (mel, phones))
            with torch.inference_mode():
                out[start:end] = self.net(*given, asked)[0, start - first : end - first].numpy()
        return out


def _voiced(speech: Speech, times: Float32, fps: float) -> Float32:
    """0 in silence, 1 in speech, with short edges, (frames,)."""
    if speech.phones():
        silent = np.zeros(len(times), bool)
        for unit in speech.phones():
            if unit.text == "SIL" and unit.end_s - unit.start_s >= _SILENCE_S:
                silent |= (times >= unit.start_s + _EASE_S) & (times < unit.end_s - _EASE_S)
    else:
        level = envelope(speech.samples, speech.sample_rate, len(times), fps)
        top = max(float(speech.samples.max(initial=0.0)), -float(speech.samples.min(initial=0.0)))
        silent = (level < 10 ** (_SILENT_DB / 20)) | (top < 1e-3)
        # A stop's closure is silent too; only a longer pause brings the mouth to rest.
        longest = round(2 * _SILENCE_S * fps)
        silent = _longer_runs(silent, longest)
    ramp = np.ones(max(1, round(_EASE_S * fps)) * 2 + 1)
    held = np.pad((~silent).astype(np.float32), len(ramp) // 2, mode="edge")
    return np.asarray(np.convolve(held, ramp / ramp.sum(), "valid"), np.float32)


def _longer_runs(flags: Bool, least: int) -> Bool:
    """Only those runs of true that are at least so long, or touch an end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    out = np.zeros(len(flags), bool)
    for start, end in edges.reshape(-1, 2):
        if end - start >= least or start == 0 or end == len(flags):
            out[start:end] = True
    return out
