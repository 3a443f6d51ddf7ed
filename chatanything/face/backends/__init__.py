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
    ),
)
