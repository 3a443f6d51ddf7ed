"""The shipped face model from its pinned files."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from chatanything.devices import best_device
from chatanything.face.attributes import AttributeJudge
from chatanything.face.diffusion.codec import PatchCodec, Upsampler
from chatanything.face.diffusion.net import FaceFlow
from chatanything.face.diffusion.pipeline import FacePipeline, new_scheduler
from chatanything.weights import ensure
from chatanything.weights.networks import load_network

WEIGHTS: Final = "face-flow"
JUDGE: Final = "face-judge"


@lru_cache(maxsize=1)
def load_pipeline() -> FacePipeline:
    """The face model on the best device; loaded once.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    files = ensure(WEIGHTS)
    flow, codec, upsampler = (
        load_network(files, name, cls, f"the face model's {name}") for name, cls in _PARTS.items()
    )
    pipeline: FacePipeline = FacePipeline(flow, codec, upsampler, new_scheduler()).to(best_device())
    return pipeline


@lru_cache(maxsize=1)
def load_judge() -> AttributeJudge:
    """The shipped judge of faces.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    judge: AttributeJudge = load_network(ensure(JUDGE), "judge", AttributeJudge, "the face judge")
    return judge


_PARTS: Final[dict[str, Callable[..., Any]]] = {"flow": FaceFlow, "codec": PatchCodec, "upsampler": Upsampler}
