"""Portraits as patches for the denoiser, and back at twice the size.

`PatchCodec` is linear: the principal components of 8x8 patches, each divided by the square root of its
standard deviation, so that contrast counts and fine detail is not drowned by the noise. Patches do not
overlap, hence a masked patch tells nothing about its neighbours. `Upsampler` turns the 128-px picture and the
landmark map into the finished portrait at 256 px; applied twice it gives 512 px.
"""

from __future__ import annotations

from typing import Final, cast

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn
from torch.nn import functional

PATCH: Final = 8
SHAPES: Final = 6


class PatchCodec(ModelMixin, ConfigMixin):
    """Pixels to principal components of patches and back.

    Args:
        channels: Components that are kept.
    """

    @register_to_config
    def __init__(self, channels: int = 64) -> None:
        super().__init__()
        pixels = 3 * PATCH**2
        self.basis = nn.Parameter(torch.zeros(pixels, channels), requires_grad=False)
        self.mean = nn.Parameter(torch.zeros(pixels), requires_grad=False)
        self.scale = nn.Parameter(torch.ones(channels), requires_grad=False)
        self.deviation = nn.Parameter(torch.ones(channels), requires_grad=False)
        """Standard deviation of every channel of what `encode` gives."""

    def encode(self, images: Tensor) -> Tensor:
        """(n, 3, h, w) in -1..1, h and w multiples of 8 -> (n, c, h / 8, w / 8)."""
        patches = functional.pixel_unshuffle(images, PATCH).movedim(1, -1)
        return (((patches - self.mean) @ self.basis) * self.scale).movedim(-1, 1)

    def decode(self, latents: Tensor) -> Tensor:
        """(n, c, h, w) -> (n, 3, 8 h, 8 w), about -1..1."""
        patches = (latents.movedim(1, -1) / self.scale) @ self.basis.T + self.mean
        return functional.pixel_shuffle(patches.movedim(-1, 1), PATCH)

    @torch.no_grad()
    def fit(self, images: Tensor) -> float:
        """Set the components from pictures.

        Args:
            images: (n, 3, h, w) in -1..1.

        Returns:
            The signal-to-noise ratio of what is kept, in dB of the value range.
        """
        patches = functional.pixel_unshuffle(images, PATCH).movedim(1, -1).flatten(0, -2).double()
        mean = patches.mean(0)
        centred = patches - mean
        values, vectors = torch.linalg.eigh(centred.T @ centred / len(centred))
        values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
        kept = self.config.channels
        deviation = values[:kept].sqrt()
        scale = deviation.rsqrt()
        scale = scale / (deviation * scale).pow(2).mean().sqrt()
        self.mean.copy_(mean)
        self.basis.copy_(vectors[:, :kept])
        self.scale.copy_(scale)
        self.deviation.copy_(deviation * scale)
        return float(-10 * torch.log10(values[kept:].sum() / len(values) / 4))


class Upsampler(ModelMixin, ConfigMixin):
    """Twice the size, with edges drawn where the landmarks say.

    Args:
        width: Channels inside.
        depth: Residual blocks.
    """

    @register_to_config
    def __init__(self, width: int = 64, depth: int = 6) -> None:
        super().__init__()
        self.stem = nn.Conv2d(4 * (3 + SHAPES), width, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(width, width, 3, padding=1), nn.SiLU(), nn.Conv2d(width, width, 3, padding=1)
            )
            for _ in range(depth)
        )
        self.last = nn.Conv2d(width, 3 * 16, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(cast("Tensor", self.last.bias))

    def forward(self, images: Tensor, shapes: Tensor) -> Tensor:
        """Bigger pictures.

        Args:
            images: (n, 3, h, w) in -1..1; h and w are even.
            shapes: (n, 6, h, w) the landmark map, unfolded (`maps.unfold`), in 0..1.

        Returns:
            (n, 3, 2 h, 2 w), about -1..1.
        """
        x = self.stem(functional.pixel_unshuffle(torch.cat([images, shapes], 1), 2))
        for block in self.blocks:
            x = x + block(x)
        plain = functional.interpolate(images, scale_factor=2, mode="bicubic", align_corners=False)
        return plain + functional.pixel_shuffle(self.last(x), 4)
