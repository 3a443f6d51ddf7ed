"""A network of the size of Wav2Lip's generator, with random weights, only to be timed beside ours.

Layer shapes after Prajwal et al. (2020, "A lip sync expert is all you need", generator for 96 pixel faces):
36.3 million weights, 16 mel frames and a masked face with a reference in, a face out. Nothing of its code or
weights.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

_FACE: Final = ((16, 1, 0), (32, 2, 2), (64, 2, 3), (128, 2, 2), (256, 2, 2), (512, 2, 1))
"""Channels, stride and residual layers of the face encoder's stages."""
_SOUND: Final = ((32, (1, 1), 2), (64, (3, 1), 2), (128, (3, 3), 2), (256, (3, 2), 1))
_DRAW: Final = ((512, 2), (384, 2), (256, 2), (128, 2), (64, 2))
"""Channels and residual layers of the decoder's stages after the first."""


class _Block(nn.Module):
    def __init__(
        self, given: int, channels: int, stride: tuple[int, int] | int = 1, *, kernel: int = 3, pad: int = 1
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(given, channels, kernel, stride, pad)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv(x)))


class _Same(_Block):
    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv(x)) + x)


class _Up(nn.Module):
    def __init__(self, given: int, channels: int, *, first: bool = False) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(
            given, channels, 3, 1 if first else 2, 0 if first else 1, 0 if first else 1
        )
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.norm(self.conv(x)))


class PeerNetwork(nn.Module):
    """Wav2Lip's generator by its shapes."""

    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        given = 6
        for number, (channels, stride, same) in enumerate(_FACE):
            opening = _Block(given, channels, stride, kernel=3 if number else 7, pad=1 if number else 3)
            stages.append(nn.Sequential(opening, *(_Same(channels) for _ in range(same))))
            given = channels
        stages.append(nn.Sequential(_Block(512, 512, pad=0), _Block(512, 512, kernel=1, pad=0)))
        self.face = nn.ModuleList(stages)
        heard: list[nn.Module] = []
        given = 1
        for channels, strides, same in _SOUND:
            heard += [_Block(given, channels, strides), *(_Same(channels) for _ in range(same))]
            given = channels
        self.sound = nn.Sequential(*heard, _Block(256, 512, pad=0), _Block(512, 512, kernel=1, pad=0))
        draws: list[nn.Module] = [
            nn.Sequential(_Block(512, 512, kernel=1, pad=0)),
            nn.Sequential(_Up(1024, 512, first=True), _Same(512)),
        ]
        given = 1024
        for (channels, same), (joined, _, _) in zip(_DRAW, _FACE[-2::-1], strict=True):
            draws.append(nn.Sequential(_Up(given, channels), *(_Same(channels) for _ in range(same))))
            given = channels + joined
        self.draw = nn.ModuleList(draws)
        self.out = nn.Sequential(_Block(given, 32), nn.Conv2d(32, 3, 1), nn.Sigmoid())

    def forward(self, sound: Tensor, faces: Tensor) -> Tensor:
        """(n, 1, 80, 16) log-mel and (n, 6, 96, 96) pictures -> (n, 3, 96, 96)."""
        seen = []
        for stage in self.face:
            faces = stage(faces)
            seen.append(faces)
        x = self.sound(sound)
        for stage in self.draw:
            x = torch.cat([stage(x), seen.pop()], 1)
        drawn: Tensor = self.out(x)
        return drawn
