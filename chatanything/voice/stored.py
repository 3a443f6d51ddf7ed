"""A chosen voice as a persona's file keeps it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from chatanything.provenance.consent import checked_voice
from chatanything.types import VoiceChoice

_MOST_VOICES: Final = 8
_MOST_NAME: Final = 200


def voice_fields(choice: VoiceChoice) -> dict[str, Any]:
    """What is written; nothing for what is not set."""
    return {key: value for key, value in asdict(choice).items() if value is not None}


def voice_from(raw: Mapping[str, Any]) -> VoiceChoice:
    """The voice of a file, which may come from anywhere.

    Raises:
        ValueError: A number or a name is impossible.
        KeyError: The backend or the voices are missing.
        TypeError: Something is of another type.
        ConsentError: The consent is none.
    """
    weights = tuple((_name(name), _number(weight)) for name, weight in raw["weights"])
    if not 1 <= len(weights) <= _MOST_VOICES or min(weight for _, weight in weights) <= 0:
        raise ValueError("its voices have impossible weights")
    stand_in = raw.get("stand_in")
    return VoiceChoice(
        backend=_name(raw["backend"]),
        weights=weights,
        rate=_number(raw.get("rate", 1.0)),
        pitch=_number(raw.get("pitch", 0.0)),
        effect=_name(raw.get("effect", "none")),
        reason=tuple(str(line) for line in raw.get("reason", ())),
        consent=checked_voice(raw["consent"]) if raw.get("consent") else None,
        stand_in=voice_from({**stand_in, "stand_in": None}) if stand_in else None,
    )


def _name(value: object) -> str:
    name = str(value)
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise ValueError(f"a voice has the impossible name {name[:40]!r}")
    return name


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number of the voice is not finite")
    return number
