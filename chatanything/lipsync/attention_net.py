"""The dual-attention network: which aligned picture fills a pixel, and what all of them lack.

After PersonaTalk (2024, section 3.3): the target's geometry asks, the geometry of the references are keys,
their texture the values; lips and face have an attention each, in parallel, and one decoder. Unlike there,
the references are aligned to the target by the landmark mesh before attention chooses among them at every
pixel, so that the picture is as sharp as its references from the first step of training on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn
from torch.nn import functional

from chatanything.lipsync.patches import EYE_PICTURES, PARTS

Region = Literal["lips", "eyes"]
COARSE: Final = 4
"""Pixels, along an edge, that share their attention's logits."""
MULTIPLE: Final = 8
"""Patches have edges that are multiples of it."""
LIP_SHAPE: Final = 80
"""Numbers that describe a mouth: 40 lip points."""
EYE_SHAPE: Final = 67
"""Numbers that describe eyes: 32 lid points, gaze, closing."""
_LEAST: Final = 1e-3
"""Share of a picture that a renderer without learning would not take at all."""


@dataclass(frozen=True, slots=True)
class Patches:
    """A batch of patches of one region; k pictures to choose from, values in 0..1."""

    values: Tensor
    """(n, k, 3, h, w) the pictures, aligned."""
    shares: Tensor
    """(n, k, h, w) or (n, k, 1, 1): what a renderer without learning takes of each."""
    shift: Tensor
    """(n, k, 2, h / COARSE, w / COARSE): how far they were moved, in inter-ocular distances."""
    parts: Tensor
    """(n, PARTS, h, w) one-hot."""
    place: Tensor
    """(n, 2, h, w): where each pixel is, in inter-ocular distances from the middle of mouth or eyes."""
    target: Tensor
    """(n, s): shape of the target's mouth or eyes."""
    references: Tensor
    """(n, k, s): those of the pictures."""


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        step: Tensor = self.second(functional.silu(self.first(functional.silu(x))))
        return x + step


class _Attention(nn.Module):
    """Geometry asks, geometry answers; what a renderer without learning would do is where it begins."""

    def __init__(self, shape: int, kinds: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.query_shape = nn.Sequential(nn.Linear(shape, 64), nn.SiLU(), nn.Linear(64, width))
        self.key_shape = nn.Sequential(nn.Linear(shape, 64), nn.SiLU(), nn.Linear(64, width))
        self.kind = nn.Parameter(torch.zeros(max(kinds, 1), width))
        self.query_in = nn.Conv2d(PARTS + 2, width, 3, padding=1)
        self.query_out = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.query_out.weight)
        self.prior = nn.Parameter(torch.tensor(1.0))
        self.stretch = nn.Parameter(torch.tensor(0.0))

    def forward(self, x: Patches) -> Tensor:
        """(n, k, h, w) shares that sum to 1."""
        coarse = functional.avg_pool2d(torch.cat([x.parts, x.place], 1), COARSE)
        asked = self.query_in(coarse) + self.query_shape(x.target)[..., None, None]
        query = self.query_out(functional.silu(asked))
        keys = self.key_shape(x.references) + self.kind
        logits = torch.einsum("ndhw,nkd->nkhw", query, keys) / math.sqrt(self.width)
        logits = logits - functional.softplus(self.stretch) * x.shift.square().sum(2)
        size = (x.values.shape[-2], x.values.shape[-1])
        fine = functional.interpolate(logits, size=size, mode="bilinear", align_corners=False)
        return (fine + self.prior * torch.log(x.shares + _LEAST)).softmax(1)


class LipNet(ModelMixin, ConfigMixin):
    """Fills patches of a face from aligned pictures of it.

    Args:
        width: Channels of queries and keys.
        channels: Channels of the decoder at half, quarter and eighth resolution.
    """

    @register_to_config
    def __init__(self, width: int = 32, channels: tuple[int, int, int] = (16, 32, 64)) -> None:
        super().__init__()
        fine, middle, deep = channels
        self.attention = nn.ModuleDict(
            {"lips": _Attention(LIP_SHAPE, 1, width), "eyes": _Attention(EYE_SHAPE, EYE_PICTURES, width)}
        )
        self.enter = nn.Conv2d(4 * (3 + PARTS + 2 + 1), fine, 3, padding=1)
        self.fine_in, self.fine_out = _Residual(fine), _Residual(fine)
        self.down_middle = nn.Conv2d(fine, middle, 3, stride=2, padding=1)
        self.middle_in, self.middle_out = _Residual(middle), _Residual(middle)
        self.down_deep = nn.Conv2d(middle, deep, 3, stride=2, padding=1)
        self.deep = nn.Sequential(_Residual(deep), _Residual(deep))
        self.up_middle, self.up_fine = nn.Conv2d(deep, 4 * middle, 1), nn.Conv2d(middle, 4 * fine, 1)
        self.leave = nn.Conv2d(fine, 12, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x: Patches, region: Region) -> tuple[Tensor, Tensor]:
        """The patch and what of it was copied, (n, 3, h, w) each.

        Args:
            x: Edges are multiples of MULTIPLE.
            region: Which attention looks at it.
        """
        shares: Tensor = self.attention[region](x)
        copied = (shares[:, :, None] * x.values).sum(1)
        return copied + self.mend(copied, x, region), copied

    def mend(self, copied: Tensor, x: Patches, region: Region) -> Tensor:
        """What to add to a copied patch, (n, 3, h, w)."""
        mark = torch.full_like(x.place[:, :1], 1.0 if region == "lips" else 0.0)
        seen = torch.cat([copied - 0.5, x.parts, x.place, mark], 1)
        fine = self.fine_in(self.enter(functional.pixel_unshuffle(seen, 2)))
        middle = self.middle_in(self.down_middle(fine))
        deep = self.deep(self.down_deep(middle))
        middle = self.middle_out(middle + functional.pixel_shuffle(self.up_middle(deep), 2))
        fine = self.fine_out(fine + functional.pixel_shuffle(self.up_fine(middle), 2))
        return functional.pixel_shuffle(self.leave(functional.silu(fine)), 2)
