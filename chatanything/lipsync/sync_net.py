"""A small network that says how well a mouth fits a sound: the learnt judge of `evaluate lipsync`.

The idea is SyncNet's (Chung and Zisserman 2016): a short stretch of mouth and one of sound are each
turned into a vector, and vectors of the same moment lie close together. Unlike SyncNet it looks at lengths of
the mouth and not at pictures, so that it can be asked about drawn faces too. It needs no words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn

from chatanything.lipsync.sync_features import BANDS, FPS, LENGTHS, MEL_PER_FRAME
from chatanything.types import Float32
from chatanything.weights import ensure
from chatanything.weights.networks import load_network

WEIGHTS: Final = "sync-net"
WINDOW: Final = 9
"""Mouth frames that are looked at together, 0.36 s."""
REACH: Final = 15
"""Offsets are looked for within +- this many frames."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a mouth and a sound fit over a clip."""

    offset_s: float
    """Seconds that the mouth is late, between frames by a parabola."""
    confidence: float
    """Similarity at the best offset less the median over all offsets, 0 (no relation) .. about 1."""


class SyncNet(ModelMixin, ConfigMixin):
    """Embeds windows of mouth and of sound into one space.

    Args:
        width: Channels of the inner layers.
        size: Length of the vectors.
        accuracy: What it reached on held-out recordings, kept with the weights.
    """

    @register_to_config
    def __init__(
        self,
        width: int = 96,
        size: int = 64,
        accuracy: Mapping[str, float] | None = None,  # noqa: ARG002 - read from the config
    ) -> None:
        super().__init__()
        self.mouth = nn.Sequential(
            *_layer(len(LENGTHS), width, 3, 1), *_layer(width, width, 3, 1),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(WINDOW * width, size),
        )  # fmt: skip
        self.sound = nn.Sequential(
            *_layer(BANDS, width, 5, 2), *_layer(width, width, 5, 2),
            nn.Flatten(), nn.Dropout(0.5), nn.Linear(WINDOW * width, size),
        )  # fmt: skip
        self.sharpness = nn.Parameter(torch.tensor(2.3))

    def forward(self, mouths: Tensor, sounds: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors of windows.

        Args:
            mouths: (n, channels, WINDOW), from `mouth_series`.
            sounds: (n, BANDS, WINDOW * MEL_PER_FRAME), from `log_mel`.

        Returns:
            Two (n, size).
        """
        unit = nn.functional.normalize
        return unit(self.mouth(mouths), dim=1), unit(self.sound(sounds), dim=1)

    @torch.no_grad()
    def similarity(self, series: Float32, mel: Float32) -> Float32:
        """Cosine of every mouth window with every sound window of a clip.

        Args:
            series: (n, channels) of `mouth_series`.
            mel: (m, BANDS) of `log_mel`.

        Returns:
            (k, k) float32, mouth by sound; k = the frames that both have.
        """
        frames = min(len(series), len(mel) // MEL_PER_FRAME)
        if frames < 1:
            return np.zeros((0, 0), np.float32)
        mouth, sound = self(*windows(series, mel, np.arange(frames)))
        return np.asarray((mouth @ sound.T).numpy(), np.float32)


def _layer(inside: int, outside: int, kernel: int, stride: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv1d(inside, outside, kernel, stride, padding=kernel // 2)
    return convolution, nn.GroupNorm(8, outside), nn.SiLU()


def windows(series: Float32, mel: Float32, frames: np.ndarray) -> tuple[Tensor, Tensor]:
    """What the network sees around some frames, its ends held, as two tensors (n, channels, time).

    Args:
        series: (n, channels) of `mouth_series`.
        mel: (m, BANDS) of `log_mel`.
        frames: Numbers of the middle frames.
    """
    half = WINDOW // 2
    near = np.clip(frames[:, None] + np.arange(-half, half + 1), 0, len(series) - 1)
    first = MEL_PER_FRAME * (frames[:, None] - half)
    heard = np.clip(first + np.arange(MEL_PER_FRAME * WINDOW), 0, len(mel) - 1)
    return (
        torch.from_numpy(series[near].transpose(0, 2, 1).copy()),
        torch.from_numpy(mel[heard].transpose(0, 2, 1).copy()),
    )


def agreement(similarity: Float32, reach: int = REACH) -> Agreement:
    """Offset and confidence of a clip.

    Args:
        similarity: (k, k) of `SyncNet.similarity`.
        reach: Largest offset in frames; shorter clips are searched as far as half their length.
    """
    reach = min(reach, len(similarity) // 2)
    if not reach:
        return Agreement(0.0, 0.0)
    curve = np.array([np.diagonal(similarity, -late).mean() for late in range(-reach, reach + 1)])
    peak = int(np.argmax(curve))
    between = 0.0
    if 0 < peak < len(curve) - 1:
        left, top, right = curve[peak - 1 : peak + 2]
        bend = left - 2 * top + right
        between = float(0.5 * (left - right) / bend) if bend < 0 else 0.0
    return Agreement((peak - reach + between) / FPS, float(curve[peak] - np.median(curve)))


@lru_cache(maxsize=1)
def load_sync_net() -> SyncNet:
    """The shipped judge.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    judge: SyncNet = load_network(ensure(WEIGHTS), "sync", SyncNet, "the sync judge")
    return judge
