"""Words and landmarks in, portraits out: the face model as a diffusers pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from torch import Tensor
from torch.nn import functional

from chatanything.embeddings import DIMENSIONS, embed_tokens
from chatanything.face.diffusion import maps
from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.face.diffusion.net import FaceFlow
from chatanything.face.diffusion.request import BASE, Request
from chatanything.types import UInt8

MAX_WORDS: Final = 32
"""Word pieces that are read of a description."""
_SILENCE: Final = np.zeros((0, DIMENSIONS), np.float32)


class FacePipeline(DiffusionPipeline):
    """Draws portraits.

    Args:
        flow: The denoiser.
        codec: Pixels to patches and back.
        upsampler: 128 px to 256 px.
        scheduler: A multistep solver of the flow's differential equation (Lu et al. 2022, DPM-Solver++).
    """

    def __init__(
        self,
        flow: FaceFlow,
        codec: PatchCodec,
        upsampler: Upsampler,
        scheduler: DPMSolverMultistepScheduler,
    ) -> None:
        super().__init__()
        self.register_modules(flow=flow, codec=codec, upsampler=upsampler, scheduler=scheduler)

    @torch.no_grad()
    def __call__(
        self, requests: Sequence[Request], *, steps: int = 8, guidance_scale: float = 2.0, size: int = BASE
    ) -> list[UInt8]:
        """Draw a batch, as `FaceModel` says."""
        conditions = self._conditions(requests)
        latents = self._sample(requests, conditions, steps, guidance_scale)
        images = self.codec.decode(latents)
        edge = BASE
        while edge <= size:
            images = self.upsampler(images, self._shapes(requests, edge))
            edge *= 2
        pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
        return list(pixels.permute(0, 2, 3, 1).cpu().numpy())

    def _sample(
        self, requests: Sequence[Request], conditions: dict[str, Tensor], steps: int, guidance_scale: float
    ) -> Tensor:
        flow_type = self.flow.dtype
        start = self._patches([request.template for request in requests])
        noise = torch.cat([self._noise(request.seed) for request in requests])
        strength = requests[0].strength
        count = max(steps, round(steps / max(strength, 1e-3)))
        self.scheduler.set_timesteps(count, device=self.device)
        first = count - steps
        self.scheduler.set_begin_index(first)
        level = float(self.scheduler.sigmas[first])
        x = noise if start is None or strength >= 1 else (1 - level) * start + level * noise
        for index, timestep in enumerate(self.scheduler.timesteps[first:]):
            level = float(self.scheduler.sigmas[first + index])
            clean = self._clean(x.to(flow_type), level, conditions, guidance_scale).to(x.dtype)
            velocity = (x - clean) / level
            x = self.scheduler.step(velocity, timestep, x).prev_sample
        return x

    def _clean(self, x: Tensor, level: float, conditions: dict[str, Tensor], scale: float) -> Tensor:
        time = torch.full((len(x),), level, device=x.device, dtype=x.dtype)
        told: Tensor = self.flow(x, time, **conditions)
        if scale == 1.0:
            return told
        none = torch.full_like(conditions["expert"], self.flow.config.experts)
        blank = {**conditions, "word_mask": torch.zeros_like(conditions["word_mask"]), "expert": none}
        untold: Tensor = self.flow(x, time, **blank)
        return untold + scale * (told - untold)

    def _conditions(self, requests: Sequence[Request]) -> dict[str, Tensor]:
        """The network's inputs beside the noisy patches."""
        told = [embed_tokens(request.text)[:MAX_WORDS] if request.text else _SILENCE for request in requests]
        longest = max(1, *(len(vectors) for vectors in told))
        width = self.flow.config.text_channels
        words = np.zeros((len(requests), longest, width), np.float32)
        mask = np.zeros((len(requests), longest), np.bool_)
        for row, vectors in enumerate(told):
            words[row, : len(vectors)] = vectors
            mask[row, : len(vectors)] = True
        cells = BASE // maps.CELL
        none = np.zeros((maps.CHANNELS, cells, cells), np.float32)
        drawn = [none if r.points is None else maps.landmark_map(r.points, BASE) for r in requests]
        experts = [self.flow.config.experts if r.expert is None else r.expert for r in requests]
        known = [np.zeros((cells, cells), np.float32) if r.hidden is None else 1 - r.hidden for r in requests]
        known_mask = self._put(np.stack(known)[:, None])
        pictures = self._patches([request.kept for request in requests])
        shape = (len(requests), self.flow.config.latent_channels, cells, cells)
        kept = torch.zeros(shape, device=self.device) if pictures is None else pictures * known_mask
        return {
            "words": self._put(words),
            "word_mask": torch.from_numpy(mask).to(self.device),
            "landmark_map": self._put(np.stack(drawn)),
            "expert": torch.tensor(experts, device=self.device),
            "known": kept.to(self.flow.dtype),
            "known_mask": known_mask,
            "has_map": self._put(np.array([r.points is not None for r in requests], np.float32)),
        }

    def _patches(self, pictures: Sequence[UInt8 | None]) -> Tensor | None:
        """Pictures as patches; None unless there is one for every request."""
        given = [picture for picture in pictures if picture is not None]
        if len(given) < len(pictures):
            return None
        pixels = torch.from_numpy(np.stack(given)).to(self.device)
        images = functional.avg_pool2d(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1, 2)
        encoded: Tensor = self.codec.encode(images)
        return encoded

    def _noise(self, seed: int) -> Tensor:
        """From the CPU, so that every device draws the same face."""
        cells = BASE // maps.CELL
        generator = torch.Generator("cpu").manual_seed(seed)
        shape = (1, self.flow.config.latent_channels, cells, cells)
        return torch.randn(shape, generator=generator).to(self.device)

    def _shapes(self, requests: Sequence[Request], edge: int) -> Tensor:
        """The landmark maps as pictures of half that edge."""
        blank = np.zeros((maps.SHAPES, edge // 2, edge // 2), np.float32)
        factor = edge / BASE
        drawn = [
            blank if r.points is None else maps.unfold(maps.landmark_map(r.points * factor, edge))
            for r in requests
        ]
        return torch.from_numpy(np.stack(drawn)).to(self.device, self.upsampler.dtype)

    def _put(self, values: Any) -> Tensor:
        return torch.from_numpy(values).to(self.device, self.flow.dtype)


def new_scheduler() -> DPMSolverMultistepScheduler:
    """The solver that the pipeline is made for."""
    return DPMSolverMultistepScheduler(use_flow_sigmas=True, prediction_type="flow_prediction")
