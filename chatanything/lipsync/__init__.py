"""Speech to motion to frames, and the tables of what makes motion and of renderers."""

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
MOTIONS: Final = Table(
    "motion",
    (
        BackendSpec(
            "rules",
            "chatanything.lipsync.motion:RuleMotion",
            "visemes with coarticulation; loudness and bands without phones",
            frozenset({"words"}),
        ),
        BackendSpec(
            "net",
            "chatanything.lipsync.net_motion:NetMotion",
            "a network learnt from speech and recorded faces; closures and silence stay rules",
            frozenset({"words", "sound"}),
            ("motion",),
        ),
    ),
)
