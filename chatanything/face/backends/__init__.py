"""Face engines in order of preference."""

from __future__ import annotations

from typing import Final

from chatanything.registry import BackendSpec, Table

FACE_ENGINES: Final = Table(
    "face",
    (
        BackendSpec(
            "template",
            "chatanything.face.backends.template:TemplateEngine",
            "parametric characters, drawn here",
            frozenset({"text", "references"}),
            ("face-landmarker", "minilm-l6-int8"),
        ),
        BackendSpec(
            "diffusion",
            "chatanything.face.backends.diffusion:DiffusionEngine",
            "the shipped landmark-guided flow model",
            frozenset({"text", "references", "plain", "ask"}),
            ("face-flow", "face-landmarker", "minilm-l6-int8"),
        ),
        BackendSpec(
            "checkpoint",
            "chatanything.face.backends.checkpoint:open_checkpoint_engine",
            "Stable Diffusion 1.5 with a MediaPipe-face ControlNet of your own",
            frozenset({"text", "references", "plain", "ask"}),
            ("face-landmarker", "minilm-l6-int8"),
            "gpu",
        ),
    ),
)
