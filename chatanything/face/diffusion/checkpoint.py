"""A Stable Diffusion 1.5 checkpoint with a MediaPipe-face ControlNet in the place of the shipped network.

For machines with a GPU: noised-template start as in ChatAnything (2023), the landmarks through the
ControlNet, few steps through a scheduler and, if given, a LoRA and a tiny decoder made for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import cv2
import numpy as np
import torch
from PIL import Image

from chatanything.face.diffusion.checkpoint_parts import CheckpointOptions, open_pipelines
from chatanything.face.diffusion.mesh_drawing import face_drawing
from chatanything.face.diffusion.request import BASE, Request
from chatanything.face.experts import EXPERTS, load_experts
from chatanything.types import UInt8

_UNWANTED: Final = "two faces, extra mouth, cropped head, profile, blurry, text, watermark"
_GREY: Final = 128


class CheckpointModel:
    """Draws requests with diffusers.

    Args:
        options: The parts.
        of_expert: The parts of an expert, by its number; None: every expert draws with `options`. Only the
            parts used last are kept in memory.

    Raises:
        WeightsError: A part is missing or is not what it should be.
        BackendError: The packages of the extra "gpu" are not installed.
    """

    def __init__(
        self, options: CheckpointOptions, of_expert: Callable[[int], CheckpointOptions] | None = None
    ) -> None:
        self.options, self._of_expert = options, of_expert
        self._use(options)

    def _use(self, parts: CheckpointOptions) -> None:
        self._loaded = parts
        self._draw, self._repaint = open_pipelines(parts)

    def __call__(
        self, requests: Sequence[Request], *, steps: int, guidance_scale: float, size: int
    ) -> list[UInt8]:
        """Draw, as `FaceModel` says; one by one, so that no portrait depends on its neighbours."""
        return [self._one(request, steps, guidance_scale, size) for request in requests]

    @torch.no_grad()
    def _one(self, request: Request, steps: int, guidance_scale: float, size: int) -> UInt8:
        parts = self.options
        if self._of_expert is not None and request.expert is not None:
            parts = self._of_expert(request.expert)
        if parts != self._loaded:
            self._use(parts)
        edge = parts.edge
        template = np.full((BASE, BASE, 3), _GREY, np.uint8) if request.template is None else request.template
        strength = 1.0 if request.template is None else request.strength
        control = np.zeros((edge, edge, 3), np.uint8)
        if request.points is not None:
            control = face_drawing(request.points, edge, of=BASE)
        asked: dict[str, Any] = {
            "prompt": _prompt(request),
            "negative_prompt": _UNWANTED if guidance_scale > 1 else None,
            "image": _resized(template, edge),
            "control_image": Image.fromarray(control),
            "strength": strength,
            "num_inference_steps": _schedule(steps, strength),
            "guidance_scale": guidance_scale,
            "generator": torch.Generator("cpu").manual_seed(request.seed),
            "output_type": "np",
        }
        if request.hidden is not None and request.kept is not None:
            mask = cv2.resize(request.hidden, (edge, edge), interpolation=cv2.INTER_NEAREST)
            start = np.where(_grown(request.hidden)[..., None], template, request.kept)
            asked |= {
                "image": _resized(start.astype(np.uint8), edge),
                "mask_image": Image.fromarray((mask * 255).astype(np.uint8)),
                "height": edge,
                "width": edge,
            }
            drawn = self._repaint(**asked).images[0]
        else:
            drawn = self._draw(**asked).images[0]
        pixels = np.asarray(drawn * 255 + 0.5, np.uint8)
        return np.asarray(_resized(pixels, size), np.uint8)


def _schedule(steps: int, strength: float) -> int:
    """Steps of a schedule of which these pipelines run so many: they run a share that is the strength."""
    count = math.ceil(steps / max(strength, 1e-3))
    while int(count * strength) < steps:  # 0.6 - 0.2 is a little less than 0.4
        count += 1
    return count


def _prompt(request: Request) -> str:
    """The description with what its expert adds."""
    words = "" if request.expert is None else load_experts()[EXPERTS[request.expert]].prompt
    return ", ".join(part for part in (request.text, words) if part)


def _resized(picture: UInt8, edge: int) -> Image.Image:
    return Image.fromarray(picture).resize((edge, edge), Image.Resampling.LANCZOS)


def _grown(cells: np.ndarray) -> np.ndarray:
    """Cells as pixels of a BASE picture."""
    return np.asarray(cv2.resize(cells, (BASE, BASE), interpolation=cv2.INTER_NEAREST) > 0)
