"""One sentence in, a character who talks back in video.

    from chatanything import Studio

    studio = Studio()
    persona = studio.create("a cheerful apple who sings opera", seed=7)
    studio.say(persona, "Hello!", out="hello.mp4")

Importing the package loads nothing heavy: the public names below are looked up on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatanything.bundle import Persona
    from chatanything.errors import ChatAnythingError
    from chatanything.live.engine import LiveEngine
    from chatanything.persona.card import PersonaCard
    from chatanything.studio import Studio

__all__ = ["ChatAnythingError", "LiveEngine", "Persona", "PersonaCard", "Studio", "__version__"]
__version__ = "0.1.0"

_HOMES = {
    "ChatAnythingError": "chatanything.errors",
    "LiveEngine": "chatanything.live.engine",
    "Persona": "chatanything.bundle",
    "PersonaCard": "chatanything.persona.card",
    "Studio": "chatanything.studio",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
