"""The diffusion engine over a Stable Diffusion checkpoint of the settings or of weights.lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from chatanything.face.backends.diffusion import DiffusionEngine
from chatanything.face.diffusion.checkpoint import CheckpointModel
from chatanything.face.diffusion.checkpoint_parts import CheckpointOptions, digests
from chatanything.face.experts import EXPERTS, Ask, load_experts
from chatanything.settings import settings
from chatanything.weights import ensure

NAME: Final = "checkpoint"
"""In the table of face engines."""
_CHECKPOINT: Final = "stable-diffusion-1.5"
_CONTROLNET: Final = "controlnet-mediapipe-face"
_LCM: Final = "lcm-lora-sd15"


def open_checkpoint_engine(ask: Ask | None = None) -> DiffusionEngine:
    """The engine with the parts that the settings and the table of experts name.

    Args:
        ask: A language model that chooses the expert of what has no body in the kit.

    Raises:
        WeightsError: A part is missing, is not what it should be, or is unpinned and was never fetched.
        BackendError: The packages of the extra "gpu" are not installed.
        FaceError: The table of experts cannot be read.
    """
    config = settings()
    adapter = config.face_adapter
    if adapter is None and config.face_checkpoint is None and config.face_scheduler == "lcm":
        adapter = _part(_LCM)
    options = CheckpointOptions(
        config.face_checkpoint or _part(_CHECKPOINT),
        config.face_controlnet or _part(_CONTROLNET),
        adapter,
        config.face_tiny_decoder,
        config.face_scheduler,
        config.attention,
        config.offload,
    )
    return DiffusionEngine(
        CheckpointModel(options, lambda number: _of_expert(options, number)),
        ask,
        name=NAME,
        parts=lambda expert: digests(_of_expert(options, EXPERTS.index(expert))),
    )


def _of_expert(options: CheckpointOptions, number: int) -> CheckpointOptions:
    """The parts of an expert: its own where its row names some."""
    expert = load_experts()[EXPERTS[number]]
    return replace(
        options,
        checkpoint=_part(expert.checkpoint) if expert.checkpoint else options.checkpoint,
        adapter=_part(expert.adapter) if expert.adapter else options.adapter,
    )


def _part(name: str) -> Path:
    """A path as it is; of an id in weights.lock the folder, or the file if it has only one.

    Raises:
        WeightsError: There is no such id, or it cannot be had.
    """
    path = Path(name).expanduser()
    if path.exists():
        return path
    files = ensure(name)
    first, path = next(iter(files.items()))
    return path if len(files) == 1 else path.parents[len(Path(first).parts) - 1]
