"""What the backends share: how to sample, and how to read an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from chatanything.persona.backends import Message

TEMPERATURE: Final = 0.6
TOP_P: Final = 0.9
_KEY: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_END: Final = re.compile(r"\s*[,}]")
_STARTS: Final = 8
"""Braces at which an object may begin; words before it may hold some too."""


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
    """The JSON object of an answer; code fences and words around it are looked through.

    Of an object that was cut off or is broken the fields before the break are taken; {} when there are none.

    Args:
        text: What a model wrote.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0:
        return {}
    try:
        found = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return _whole_fields(text)
    return found if isinstance(found, dict) else {}


def _whole_fields(text: str) -> dict[str, Any]:
    """The first fields of a broken object that are whole."""
    starts = [found.start() for found in re.finditer(r"\{", text)][:_STARTS]
    return next((fields for start in starts if (fields := _fields_from(text, start + 1))), {})


def _fields_from(text: str, at: int) -> dict[str, Any]:
    decoder, fields = json.JSONDecoder(), dict[str, Any]()
    while key := _KEY.match(text, at):
        try:
            name = json.loads(key[1])
            value, at = decoder.raw_decode(text, key.end())
        except (ValueError, RecursionError):
            break
        end = _END.match(text, at)
        if end is None:  # a number without its last digits, or no JSON after all
            break
        fields[name], at = value, end.end()
    return fields
