"""The parts of a Stable Diffusion checkpoint: checked before diffusers sees them, then joined."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import torch
from safetensors import SafetensorError

from chatanything.devices import best_device
from chatanything.errors import BackendError, WeightsError
from chatanything.weights.verify import sha256_of

_log = logging.getLogger(__name__)
Scheduler = Literal["lcm", "tcd", "dpm"]
_INDEX: Final = "model_index.json"
_READ: Final = (".json", ".txt", ".safetensors")
"""Endings of the files that diffusers reads."""
_NETWORKS: Final = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")
"""Folders of a pipeline that draw; its safety checker is left out."""
_SCHEDULERS: Final = {"lcm": "LCMScheduler", "tcd": "TCDScheduler", "dpm": "DPMSolverMultistepScheduler"}


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


def open_pipelines(options: CheckpointOptions) -> tuple[Any, Any]:
    """One pipeline that draws from a template and one that draws cells anew, sharing their networks.

    Args:
        options: The parts.

    Raises:
        WeightsError: A part is missing or is not what it should be.
        BackendError: The packages of the extra "gpu" are not installed.
    """
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


def digests(options: CheckpointOptions) -> dict[str, str]:
    """What decides the pictures: part -> sha256 of its files, and the scheduler's name.

    Files are hashed once; two gigabytes take a few seconds.

    Args:
        options: The parts; they are there.
    """
    files = {
        "checkpoint": options.checkpoint,
        "controlnet": options.controlnet,
        "adapter": options.adapter,
        "tiny_decoder": options.tiny_decoder,
    }
    return {part: _digest(path) for part, path in files.items() if path} | {"scheduler": options.scheduler}


def _digest(part: Path) -> str:
    """Of a file, or of all files that are read from a folder, whatever else lies there."""
    if part.is_file():
        return _sha256(part, part.stat().st_mtime_ns)
    below = (
        [path for path in part.iterdir() if path.name in _NETWORKS] if (part / _INDEX).is_file() else [part]
    )
    read = [path for folder in below for path in folder.iterdir() if _is_read(path)]
    lines = [f"{path.relative_to(part).as_posix()} {_sha256(path, path.stat().st_mtime_ns)}" for path in read]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _is_read(path: Path) -> bool:
    """Not of a variant ("model.fp16.safetensors"): only plain ones are asked for."""
    return path.is_file() and path.suffix in _READ and not (path.suffix == _READ[-1] and "." in path.stem)


@lru_cache(maxsize=64)
def _sha256(path: Path, changed: int) -> str:  # noqa: ARG001 - the time makes a changed file another one
    return sha256_of(path)


def _check_parts(options: CheckpointOptions) -> None:
    """What diffusers would look for on the Hub, open as a pickle, or fill with random weights.

    Raises:
        WeightsError: Names the setting of the part that is wrong.
    """
    _check_folder("CHECKPOINT", options.checkpoint, _INDEX, "")
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
