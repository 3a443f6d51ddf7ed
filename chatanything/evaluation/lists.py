"""The lists that the evaluation of personality is done with: data/*.toml, written by hand."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """One of the lists.

    Args:
        name: Its file without ".toml".
    """
    text = files("chatanything.evaluation").joinpath(f"data/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
