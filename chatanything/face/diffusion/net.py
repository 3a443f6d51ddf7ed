"""The denoiser: noisy patches, a landmark map and words in, clean patches out.

A rectified flow (Liu et al. 2022) whose network predicts the clean signal, as Li and He (2025, "Back to
basics: let denoising generative models denoise") advise for patches of pixels: a small network need not
spend itself on carrying noise through. (Tried here: correcting a linear filter's estimate, as the
preconditioning of Karras et al. 2022 would have it, makes it do just that, and blocks of noise stay.) A
U-Net holds the fine grid; a transformer at its bottom reads the words (cross-attention over MiniLM's
tokens).
"""

from __future__ import annotations

import math
from typing import Any, Final, cast

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn
from torch.nn import functional

_GROUPS: Final = 8
_FREQUENCIES: Final = 64


class FaceFlow(ModelMixin, ConfigMixin):
    """Predicts the clean patches of a portrait from noisy ones.

    Args:
        latent_channels: Numbers a cell of the portrait (`PatchCodec`).
        map_channels: Channels of the landmark map.
        text_channels: Width of the word vectors.
        experts: How many styles the expert token can name; one more stands for none.
        fine: Channels at the grid's full resolution.
        coarse: Channels at half the resolution, where the transformer is.
        depth: Transformer blocks there.
        heads: Their attention heads.
    """

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 64,
        map_channels: int = 384,
        text_channels: int = 384,
        experts: int = 6,
        fine: int = 96,
        coarse: int = 256,
        depth: int = 4,
        heads: int = 4,
    ) -> None:
        super().__init__()
        self.deviation = nn.Parameter(torch.ones(latent_channels), requires_grad=False)
        """Standard deviation of every channel of the clean patches."""
        self.time = nn.Sequential(nn.Linear(2 * _FREQUENCIES, coarse), nn.SiLU(), nn.Linear(coarse, coarse))
        self.expert = nn.Embedding(experts + 1, coarse)
        self.words = nn.Linear(text_channels, coarse)
        self.summary = nn.Linear(text_channels, coarse)
        self.map = nn.Conv2d(map_channels, latent_channels, 1)
        # Noisy patches, known patches, whether they are known, the map, whether there is a map.
        self.stem = nn.Conv2d(3 * latent_channels + 2, fine, 3, padding=1)
        self.down = nn.ModuleList(_Block(fine, fine, coarse) for _ in range(2))
        self.to_coarse = nn.Conv2d(fine, coarse, 2, stride=2)
        self.place = _Places(coarse)
        self.bottom = nn.ModuleList(_Layer(coarse, heads) for _ in range(depth))
        self.from_coarse = nn.ConvTranspose2d(coarse, fine, 2, stride=2)
        self.up = nn.ModuleList(_Block(2 * fine if first else fine, fine, coarse) for first in (True, False))
        self.last = nn.Sequential(
            nn.GroupNorm(_GROUPS, fine), nn.SiLU(), nn.Conv2d(fine, latent_channels, 3, padding=1)
        )

    def forward(
        self,
        noisy: Tensor,
        time: Tensor,
        words: Tensor,
        word_mask: Tensor,
        landmark_map: Tensor,
        expert: Tensor,
        known: Tensor,
        known_mask: Tensor,
        has_map: Tensor,
    ) -> Tensor:
        """Clean patches.

        Args:
            noisy: (n, c, h, w); (1 - t) times clean plus t times noise; h and w are even.
            time: (n,) t in 0..1.
            words: (n, l, d) word vectors.
            word_mask: (n, l) bool, False where a row is padding; all False means no words.
            landmark_map: (n, m, h, w).
            expert: (n,) int64; the number of experts stands for none.
            known: (n, c, h, w) clean patches that are to be kept, 0 elsewhere.
            known_mask: (n, 1, h, w) 1 where patches are known.
            has_map: (n,) 1 where the landmark map counts.

        Returns:
            (n, c, h, w).
        """
        shown = has_map[:, None, None, None].expand_as(known_mask)
        level, spread = time[:, None, None, None], self.deviation[:, None, None]
        power = (spread * (1 - level)).square() + level.square()
        x = self.stem(
            torch.cat([noisy * power.rsqrt(), known, known_mask, self.map(landmark_map) * shown, shown], 1)
        )
        count = word_mask.sum(1, keepdim=True).clamp(min=1)
        mean = (words * word_mask[..., None]).sum(1) / count
        state = self.time(_waves(time)) + self.expert(expert) + self.summary(mean)
        tokens = torch.cat([state[:, None], self.words(words)], 1)  # the state keeps attention defined
        seen = torch.cat([torch.ones_like(word_mask[:, :1]), word_mask], 1)
        for block in self.down:
            x = block(x, state)
        fine = x
        x = torch.cat([self.from_coarse(self._bottom(self.to_coarse(x), state, tokens, seen)), fine], 1)
        for block in self.up:
            x = block(x, state)
        return cast("Tensor", torch.where(known_mask > 0, known, self.last(x) * spread))

    def _bottom(self, x: Tensor, state: Tensor, tokens: Tensor, seen: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        y = self.place(x).flatten(2).transpose(1, 2)
        for layer in self.bottom:
            y = layer(y, state, tokens, seen)
        return cast("Tensor", y.transpose(1, 2).unflatten(2, (height, width)) + x)


class _Block(nn.Module):
    """Two convolutions, the second told about time, words and expert by scale and shift."""

    def __init__(self, inputs: int, outputs: int, state: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(_GROUPS, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.film = nn.Linear(state, 2 * outputs)
        self.norm2 = nn.GroupNorm(_GROUPS, outputs, affine=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor, state: Tensor) -> Tensor:
        y = self.conv1(functional.silu(self.norm1(x)))
        scale, shift = self.film(functional.silu(state))[..., None, None].chunk(2, 1)
        y = self.conv2(functional.silu(self.norm2(y) * (1 + scale) + shift))
        return cast("Tensor", self.skip(x) + y)


class _Layer(nn.Module):
    """Self-attention, attention to the words, feed-forward, with modulated norms (Peebles, Xie 2023)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.film = nn.Linear(width, 6 * width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.ask = nn.Linear(width, width)
        self.answer = nn.Linear(width, 2 * width)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_out = nn.Linear(width, width)
        self.feed = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.cross_out.weight)

    def forward(self, x: Tensor, state: Tensor, tokens: Tensor, seen: Tensor) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = self.film(functional.silu(state))[:, None].chunk(6, -1)
        y = self.norm(x) * (1 + scale1) + shift1
        x = x + (1 + gate1) * self.out(self._attend(*self.qkv(y).chunk(3, -1)))
        keys, values = self.answer(tokens).chunk(2, -1)
        asked = self.ask(self.cross_norm(x))
        x = x + self.cross_out(self._attend(asked, keys, values, seen[:, None, None]))
        y = self.norm(x) * (1 + scale2) + shift2
        return cast("Tensor", x + (1 + gate2) * self.feed(y))

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        parts = [part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (query, key, value)]
        mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=mask)
        return mixed.transpose(1, 2).flatten(2)


class _Places(nn.Module):
    """Adds where a cell is, as waves of its position in -1..1, so that any grid size works."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(16, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        axes = [torch.linspace(-1, 1, n, device=x.device, dtype=x.dtype) for n in (height, width)]
        grid = torch.stack(torch.meshgrid(*axes, indexing="ij"))
        angles = torch.cat([grid * (math.pi / 2) * 2**k for k in range(4)])
        waves = torch.cat([angles.sin(), angles.cos()])
        return cast("Tensor", x + self.project(waves[None]))


def _waves(time: Tensor) -> Tensor:
    """(n,) -> (n, 2 * _FREQUENCIES) sines and cosines."""
    steps = torch.arange(_FREQUENCIES, device=time.device, dtype=torch.float32)
    angles = time.float()[:, None] * 1000 * torch.exp(-math.log(10000) * steps / _FREQUENCIES)
    return torch.cat([angles.sin(), angles.cos()], 1).to(time.dtype)


def count(model: nn.Module) -> int:
    """Parameters of a model."""
    return sum(p.numel() for p in cast("Any", model).parameters())
