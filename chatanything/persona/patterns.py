"""The patterns of guard.toml, compiled once."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from chatanything.persona.lexicon import load_toml


@lru_cache(maxsize=64)
def pattern(name: str) -> re.Pattern[str]:
    """A list of guard.toml as one expression."""
    table: dict[str, Any] = load_toml("guard.toml")
    joined = "|".join(table[name])
    for shared in ("somebody", "machine", "drug"):
        joined = joined.replace(f"{{{shared}}}", table[shared])
    folded = joined.replace("\\\n", "")  # a long pattern goes on in the next line of the file
    return re.compile(folded, re.IGNORECASE | re.MULTILINE)
