"""The diffusion engine over a Stable Diffusion checkpoint that the settings name."""

from __future__ import annotations

from chatanything.errors import UsageError
from chatanything.face.backends.diffusion import DiffusionEngine
from chatanything.face.diffusion.checkpoint import CheckpointModel, CheckpointOptions
from chatanything.face.experts import Ask
from chatanything.settings import settings


def open_checkpoint_engine(ask: Ask | None = None) -> DiffusionEngine:
    """The engine with the parts that the settings name.

    Args:
        ask: A language model that chooses the expert of what has no body in the kit.

    Raises:
        UsageError: The settings name no checkpoint or no ControlNet.
        WeightsError: A part is missing or is not what it should be.
    """
    config = settings()
    if config.face_checkpoint is None or config.face_controlnet is None:
        raise UsageError(
            "the checkpoint engine needs a checkpoint and a ControlNet",
            hint="Set CHATANYTHING_FACE_CHECKPOINT and CHATANYTHING_FACE_CONTROLNET to their folders.",
        )
    options = CheckpointOptions(
        config.face_checkpoint,
        config.face_controlnet,
        config.face_adapter,
        config.face_tiny_decoder,
        config.face_scheduler,
        config.attention,
        config.offload,
    )
    return DiffusionEngine(CheckpointModel(options), ask)
