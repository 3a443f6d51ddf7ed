"""The backend without a model."""

from __future__ import annotations


def no_llm() -> None:
    """None: the writer then works by rules alone."""
