"""Speech to motion to frames, and the table of renderers."""

from __future__ import annotations

from typing import Final

from chatanything.registry import BackendSpec, Table

RENDERERS: Final = Table(
    "renderer",
    (
        BackendSpec(
            "warp",
            "chatanything.lipsync.warp:WarpRenderer",
            "mesh warp of the nearest mouth shapes",
            frozenset({"still"}),
        ),
    ),
)
