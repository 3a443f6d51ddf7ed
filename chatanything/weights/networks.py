"""The shipped networks from their pinned files: settings in NAME.json, weights in NAME.safetensors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from chatanything.errors import WeightsError

_Network = TypeVar("_Network")


def load_network(
    files: Mapping[str, Path], name: str, made: Callable[..., _Network], called: str
) -> _Network:
    """Build a network and fill it, ready to be used on the CPU.

    Args:
        files: From `ensure`.
        name: Of its two files, without their suffixes.
        made: Makes the network of its settings; keys that begin with "_" are not settings.
        called: What it is, for errors.

    Raises:
        WeightsError: A file is missing or is not of this version.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = json.loads(files[f"{name}.json"].read_text(encoding="utf-8"))
        network: Any = made(**{key: value for key, value in config.items() if not key.startswith("_")})
        network.load_state_dict(load_file(files[f"{name}.safetensors"]))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as exc:
        raise WeightsError(
            f"{called} cannot be loaded",
            got=str(exc).splitlines()[0],
            hint="Fetch it again: chatanything weights fetch",
        ) from exc
    ready: _Network = network.float().eval()
    return ready
