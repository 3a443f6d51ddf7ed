"""The network from sound to motion.

After stage 1 of PersonaTalk (Zhang et al. 2024, section 3.2): a style asks and the sound answers by
cross-attention, a template of the neutral face is attended to next, self-attention joins the frames. Here
everything looks into the past only, beside `AHEAD_S` of sound, so that it can run while somebody speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import Tensor, nn
from torch.nn import functional

from chatanything.lipsync.coarticulation import OPENING
from chatanything.lipsync.motion_style import DIMENSIONS, MotionStyle
from chatanything.lipsync.sync_features import BANDS, FPS, MEL_PER_FRAME
from chatanything.types import TimedUnit
from chatanything.visemes import BLENDSHAPES, PHONE_TO_VISEME
from chatanything.weights import ensure
from chatanything.weights.networks import load_network

WEIGHTS: Final = "motion"
PHONES: Final = {phone: number for number, phone in enumerate(PHONE_TO_VISEME)}
UNKNOWN: Final = len(PHONES)
"""The phone of a moment whose words are not known."""
SHAPES, HEAD, GAZE = len(BLENDSHAPES), 6, 2
OUTPUTS: Final = SHAPES + HEAD + GAZE
WINDOW: Final = 32
"""Frames that a layer attends to, its own last: 1.28 s."""
_CONV: Final = 5
_PATCH_BEFORE, _PATCH_AFTER = 16, 14
"""Spectrogram steps before and after a frame's first that become its token."""
_BEFORE: Final = 2 * (_CONV // 2) + _PATCH_BEFORE
_AHEAD: Final = 2 * (_CONV // 2) + _PATCH_AFTER
_HALF_WINDOW_S: Final = 0.0125
"""Half of the 25 ms of sound that a spectrogram step is made from."""
AHEAD_S: Final = _AHEAD / (FPS * MEL_PER_FRAME) + _HALF_WINDOW_S
"""Seconds after its beginning that a frame hears: 0.1925."""
LOOKS_AHEAD: Final = -(-_AHEAD // MEL_PER_FRAME)
"""Frames after a frame in whose sound it hears something."""
_OPENED: Final = tuple(float(name in OPENING) for name in BLENDSHAPES) + (0.0,) * (HEAD + GAZE)
_ORDINARY: Final = float(MotionStyle().vector()[0])
"""The stated opening at which a mouth opens as far as the network says; it scales with the statement."""
_LEAST, _MOST = 0.3, 2.2
_UNITS: Final = (1.0,) * SHAPES + (0.05,) * HEAD + (0.2,) * GAZE
"""Size of the outputs: shapes, radians and eye distances, gaze."""


class MotionNet(ModelMixin, ConfigMixin):
    """Sound, and phones where they are known, to blendshapes, head and gaze.

    Args:
        width: Length of a frame's vector.
        heads: Heads of each attention.
        layers: Layers that listen before the style asks.
        styles: Mean measured style of the "recorded" and of the "ruled" training clips.
        figures: What it reached on held-out clips, kept with the weights.
    """

    @register_to_config
    def __init__(
        self,
        width: int = 160,
        heads: int = 4,
        layers: int = 2,
        styles: Mapping[str, Mapping[str, float]] | None = None,  # noqa: ARG002 - read from the config
        figures: Mapping[str, float] | None = None,  # noqa: ARG002 - read from the config
    ) -> None:
        super().__init__()
        inner = 3 * width // 5
        self.phones = nn.Embedding(UNKNOWN + 1, BANDS)
        self.listen = nn.Sequential(
            nn.Conv1d(2 * BANDS, inner, _CONV), nn.SiLU(),
            nn.Conv1d(inner, inner, _CONV), nn.SiLU(),
            nn.Conv1d(inner, width, _PATCH_BEFORE + 1 + _PATCH_AFTER, stride=MEL_PER_FRAME),
        )  # fmt: skip
        self.style = nn.Sequential(nn.Linear(DIMENSIONS, width), nn.SiLU(), nn.Linear(width, width))
        self.encoder = nn.ModuleList(PastAttention(width, heads) for _ in range(layers))
        self.ask = PastAttention(width, heads)
        self.template = nn.Parameter(0.02 * torch.randn(4, width))
        self.recall = nn.MultiheadAttention(width, heads, batch_first=True)
        self.join = PastAttention(width, heads)
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, OUTPUTS))
        self.register_buffer("units", torch.tensor(_UNITS), persistent=False)
        self.register_buffer("opened", torch.tensor(_OPENED), persistent=False)

    @property
    def looks_back(self) -> int:
        """Frames before a frame that it hears something of, through all layers."""
        attentions = int(self.config.layers) + 2
        return attentions * (WINDOW - 1) + -(-_BEFORE // MEL_PER_FRAME)

    def forward(self, mel: Tensor, phones: Tensor, style: Tensor) -> Tensor:
        """The motion of some clips of equal length.

        Args:
            mel: (n, 4 T, BANDS), from `log_mel`.
            phones: (n, 4 T) numbers of `PHONES`, or `UNKNOWN`.
            style: (n, DIMENSIONS), from `MotionStyle.vector`.

        Returns:
            (n, T, OUTPUTS) at 25 frames a second: shapes, head, gaze.
        """
        heard = torch.cat([mel, self.phones(phones)], dim=2).transpose(1, 2)
        tokens = self.listen(functional.pad(heard, (_BEFORE, _AHEAD))).transpose(1, 2)
        manner = self.style(style)[:, None]
        for layer in self.encoder:
            tokens = layer(tokens, tokens)
        tokens = self.ask(tokens + manner, tokens)
        template = self.template[None] + manner
        tokens = tokens + self.recall(tokens, template, template, need_weights=False)[0]
        wider = (style[:, None, :1] / _ORDINARY).clamp(_LEAST, _MOST)
        size = self.units * (1 + self.opened * (wider - 1))
        return cast("Tensor", self.out(self.join(tokens, tokens)) * size)


class PastAttention(nn.Module):
    """Attention to the last `WINDOW` frames, and a layer behind it; its cost grows with the length only.

    Args:
        width: Length of a frame's vector.
        heads: Heads.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.source_before = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.answer = nn.Linear(width, width), nn.Linear(width, 2 * width)
        self.merge = nn.Linear(width, width)
        self.near = nn.Parameter(-0.1 * torch.arange(WINDOW).float().repeat(heads, 1))
        """(heads, WINDOW): liking for a frame by how long ago it was."""
        self.feed = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, asking: Tensor, source: Tensor) -> Tensor:
        """Every asking frame hears the source frames up to its own.

        Args:
            asking: (n, T, width).
            source: (n, T, width).
        """
        count, frames, width = asking.shape
        blocks = -(-frames // WINDOW)
        fill = blocks * WINDOW - frames
        query = functional.pad(self.query(self.before(asking)), (0, 0, 0, fill))
        # Each block of frames sees itself and the block before it.
        answer = functional.pad(self.answer(self.source_before(source)), (0, 0, WINDOW, fill))
        answer = answer.view(count, blocks + 1, WINDOW, 2, self.heads, -1)
        key, value = torch.cat([answer[:, :-1], answer[:, 1:]], dim=2).unbind(3)
        query = query.view(count, blocks, WINDOW, self.heads, -1)
        likeness = torch.einsum("nbqhc,nbkhc->nbhqk", query, key) / query.shape[-1] ** 0.5
        heard = torch.softmax(likeness + self._bias(blocks), dim=-1)
        mixed = torch.einsum("nbhqk,nbkhc->nbqhc", heard, value).reshape(count, -1, width)[:, :frames]
        tokens = asking + self.merge(mixed)
        return cast("Tensor", tokens + self.feed(tokens))

    def _bias(self, blocks: int) -> Tensor:
        """(blocks, heads, WINDOW, 2 WINDOW): liking by distance, -inf for what must not be heard."""
        device = self.near.device
        place = torch.arange(2 * WINDOW, device=device)
        ago = (WINDOW + torch.arange(WINDOW, device=device))[:, None] - place
        allowed = (ago >= 0) & (ago < WINDOW)
        bias = self.near[:, ago.clamp(0, WINDOW - 1)].masked_fill(~allowed, float("-inf"))
        first = bias.masked_fill(place < WINDOW, float("-inf"))
        return torch.cat([first[None], bias[None].expand(blocks - 1, -1, -1, -1)])


def phone_numbers(units: Sequence[TimedUnit], steps: int) -> npt.NDArray[np.int64]:
    """The phone of every spectrogram step, (steps,).

    Args:
        units: Timed phones; steps that none covers, and phones without a viseme, are `UNKNOWN`.
        steps: How many, 10 ms each.
    """
    numbers = np.full(steps, UNKNOWN, np.int64)
    rate = FPS * MEL_PER_FRAME
    for unit in units:
        numbers[round(unit.start_s * rate) : round(unit.end_s * rate)] = PHONES.get(unit.text, UNKNOWN)
    return numbers


@lru_cache(maxsize=1)
def load_motion_net() -> MotionNet:
    """The shipped network.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    net: MotionNet = load_network(ensure(WEIGHTS), "motion", MotionNet, "the motion network")
    return net
