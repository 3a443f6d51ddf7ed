"""A Stable Diffusion 1.5 checkpoint with a MediaPipe-face ControlNet in the place of the shipped network.

For machines with a GPU: noised-template start as in ChatAnything (2023), the landmarks through the
ControlNet, few steps through a scheduler and, if given, a LoRA and a tiny decoder made for them.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError

from chatanything.devices import best_device
from chatanything.errors import BackendError, WeightsError
from chatanything.face.diffusion.mesh_drawing import face_drawing
from chatanything.face.diffusion.request import BASE, Request
from chatanything.face.experts import EXPERTS, load_experts
from chatanything.types import UInt8

_log = logging.getLogger(__name__)
Scheduler = Literal["lcm", "tcd", "dpm"]
_SCHEDULERS: Final = {"lcm": "LCMScheduler", "tcd": "TCDScheduler", "dpm": "DPMSolverMultistepScheduler"}
_UNWANTED: Final = "two faces, extra mouth, cropped head, profile, blurry, text, watermark"
_GREY: Final = 128


@dataclass(frozen=True, slots=True)
class CheckpointOptions:
    """Where the parts are, and how they run."""

    checkpoint: Path
    """Folder of a Stable Diffusion 1.5 pipeline as diffusers saves it."""
    controlnet: Path
    """Folder of its MediaPipe-face ControlNet."""
    adapter: Path | None = None
    """A LoRA, one safetensors file."""
    tiny_decoder: Path | None = None
    """Folder of an AutoencoderTiny."""
    scheduler: Scheduler = "lcm"
    attention: Literal["native", "xformers"] = "native"
    offload: bool = False
    """Keep networks in main memory while they are idle (CUDA only)."""
    edge: int = 512
    """Pixels at which the checkpoint draws."""


class CheckpointModel:
    """Draws requests with diffusers.

    Args:
        options: The parts.

    Raises:
        WeightsError: A part is missing or is not what it should be.
        BackendError: The packages of the extra "gpu" are not installed.
    """

    def __init__(self, options: CheckpointOptions) -> None:
        self.options = options
        self._draw, self._repaint = _pipelines(options)

    def __call__(
        self, requests: Sequence[Request], *, steps: int, guidance_scale: float, size: int
    ) -> list[UInt8]:
        """Draw, as `FaceModel` says; one by one, so that no portrait depends on its neighbours."""
        return [self._one(request, steps, guidance_scale, size) for request in requests]

    @torch.no_grad()
    def _one(self, request: Request, steps: int, guidance_scale: float, size: int) -> UInt8:
        edge = self.options.edge
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


def _pipelines(options: CheckpointOptions) -> tuple[Any, Any]:
    """One pipeline that draws from a template and one that draws cells anew, sharing their networks."""
    import diffusers

    _check_parts(options)
    cuda = best_device() == "cuda"
    dtype = torch.float16 if cuda else torch.float32
    quiet = {"local_files_only": True, "torch_dtype": dtype, "use_safetensors": True}
    try:
        control = diffusers.ControlNetModel.from_pretrained(options.controlnet, **quiet)
        drawing = diffusers.StableDiffusionControlNetImg2ImgPipeline.from_pretrained(
            options.checkpoint,
            controlnet=control,
            safety_checker=None,
            requires_safety_checker=False,
            **quiet,
        )
        scheduler = getattr(diffusers, _SCHEDULERS[options.scheduler])
        drawing.scheduler = scheduler.from_config(drawing.scheduler.config)
        if options.tiny_decoder is not None:
            drawing.vae = diffusers.AutoencoderTiny.from_pretrained(options.tiny_decoder, **quiet)
        if options.adapter is not None:
            _add_adapter(drawing, options.adapter)
    except ImportError as exc:
        raise BackendError(
            "face backend 'checkpoint' cannot be loaded",
            got=" ".join(str(exc).split()),
            hint='Install with: pip install "chatanything[gpu]"',
        ) from exc
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, SafetensorError) as exc:
        raise WeightsError(
            "the face checkpoint cannot be loaded",
            expected="folders of a Stable Diffusion 1.5 pipeline and its ControlNet, as diffusers saves them",
            got=(str(exc).splitlines() or [repr(exc)])[0],
            hint="Check CHATANYTHING_FACE_CHECKPOINT and CHATANYTHING_FACE_CONTROLNET.",
        ) from exc
    drawing.set_progress_bar_config(disable=True)
    if options.attention == "xformers":
        _use_xformers(drawing)
    if cuda and options.offload:
        drawing.enable_model_cpu_offload()
    elif cuda:
        drawing.to("cuda")
    repainting = diffusers.StableDiffusionControlNetInpaintPipeline(
        **drawing.components, requires_safety_checker=False
    )
    repainting.set_progress_bar_config(disable=True)
    return drawing, repainting


def _check_parts(options: CheckpointOptions) -> None:
    """What diffusers would look for on the Hub, open as a pickle, or fill with random weights.

    Raises:
        WeightsError: Names the setting of the part that is wrong.
    """
    _check_folder("CHECKPOINT", options.checkpoint, "model_index.json", "")
    _check_folder("CONTROLNET", options.controlnet, "config.json", "ControlNetModel")
    if options.tiny_decoder is not None:
        _check_folder("TINY_DECODER", options.tiny_decoder, "config.json", "AutoencoderTiny")
    adapter = options.adapter
    if adapter is not None and not (adapter.is_file() and adapter.suffix == ".safetensors"):
        raise WeightsError(
            "the face adapter cannot be loaded",
            expected="a safetensors file",
            got=str(adapter),
            hint="Check CHATANYTHING_FACE_ADAPTER.",
        )


def _check_folder(setting: str, folder: Path, name: str, kind: str) -> None:
    """A folder as diffusers saves it; `kind` is the class that wrote it, empty for any."""
    try:
        found = str(json.loads((folder / name).read_text(encoding="utf-8"))["_class_name"])
    except (OSError, ValueError, KeyError, TypeError):
        found = ""
    if not found or kind not in {"", found}:
        raise WeightsError(
            f"{folder} is not a part of the face checkpoint",
            expected=f"a folder that diffusers saved with {kind or 'a pipeline'}",
            got=found or f"no {name} of diffusers",
            hint=f"Check CHATANYTHING_FACE_{setting}.",
        )


def _add_adapter(pipeline: Any, adapter: Path) -> None:
    """Put a LoRA's weights into the network.

    Raises:
        ValueError: None of them belongs there.
        Exception: Others as diffusers, peft and safetensors raise them.
    """
    # Without use_safetensors a file of another format is opened as a pickle.
    pipeline.load_lora_weights(
        adapter.parent, weight_name=adapter.name, use_safetensors=True, local_files_only=True
    )
    if not pipeline.get_list_adapters():  # diffusers only logs that no key matched
        raise ValueError(f"{adapter.name} has no weights for this checkpoint")
    pipeline.fuse_lora()


def _use_xformers(pipeline: Any) -> None:
    """Switch attention, or say in one line why not."""
    try:
        pipeline.enable_xformers_memory_efficient_attention()
    except (ModuleNotFoundError, ValueError, RuntimeError, OSError) as exc:
        _log.warning("xformers cannot be used, attention stays native: %s", str(exc).splitlines()[0])
