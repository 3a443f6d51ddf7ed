"""What the backends share: how to sample, and how to read an answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from chatanything.persona.backends import Message

TEMPERATURE: Final = 0.6
TOP_P: Final = 0.9


def sampling(messages: Sequence[Message], seed: int, max_tokens: int) -> dict[str, Any]:
    """The part of a chat request that every call has."""
    return {
        "messages": [dict(message) for message in messages],
        "seed": seed,
        "max_tokens": max_tokens,
        "temperature": TEMPERATURE,
        "top_p": TOP_P,
    }


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object of an answer, or {} when it is none; code fences are looked through."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return {}
    try:
        found = json.loads(text[start : end + 1])
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
