"""Where networks run."""

from __future__ import annotations


def best_device() -> str:
    """The name of torch's fastest device here: "cuda" where there is a usable GPU, else "cpu"."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
