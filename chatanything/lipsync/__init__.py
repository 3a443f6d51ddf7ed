"""Speech to motion to frames, and the table of renderers."""

from __future__ import annotations

from typing import Final

from chatanything.registry import BackendSpec, Table

RENDERERS: Final = Table(
    "renderer",
    (
        BackendSpec(
            "attention",
            "chatanything.lipsync.attention:AttentionRenderer",
            "attention chooses among aligned mouths and eyes, pixel by pixel",
            frozenset({"still"}),
            ("lip-renderer",),
        ),
        BackendSpec(
            "warp",
            "chatanything.lipsync.warp:WarpRenderer",
            "mesh warp of the nearest mouth shapes",
            frozenset({"still"}),
        ),
    ),
)
