"""The shipped face model from its pinned files."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.torch import load_file

from chatanything.devices import best_device
from chatanything.errors import WeightsError
from chatanything.face.attributes import AttributeJudge
from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.face.diffusion.net import FaceFlow
from chatanything.face.diffusion.pipeline import FacePipeline, new_scheduler
from chatanything.weights import ensure

WEIGHTS: Final = "face-flow"
JUDGE: Final = "face-judge"


@lru_cache(maxsize=1)
def load_pipeline() -> FacePipeline:
    """The face model on the best device; loaded once.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    files = ensure(WEIGHTS)
    flow, codec, upsampler = (_part(files, name, cls) for name, cls in _PARTS.items())
    pipeline: FacePipeline = FacePipeline(flow, codec, upsampler, new_scheduler()).to(best_device())
    return pipeline


@lru_cache(maxsize=1)
def load_judge() -> AttributeJudge:
    """The shipped judge of faces.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    judge: AttributeJudge = _part(ensure(JUDGE), "judge", AttributeJudge)
    return judge


_PARTS: Final[dict[str, Callable[..., Any]]] = {"flow": FaceFlow, "codec": PatchCodec, "upsampler": Upsampler}


def _part(files: dict[str, Path], name: str, cls: Callable[..., Any]) -> Any:
    try:
        config = json.loads(files[f"{name}.json"].read_text(encoding="utf-8"))
        settings = {key: value for key, value in config.items() if not key.startswith("_")}
        network = cls(**settings)
        network.load_state_dict(load_file(files[f"{name}.safetensors"]))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as exc:
        raise WeightsError(
            f"the face model's {name} cannot be loaded",
            got=str(exc).splitlines()[0],
            hint="Fetch it again: chatanything weights fetch",
        ) from exc
    return network.float().eval()
