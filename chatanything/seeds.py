"""One seed in, a derived generator for every stage out."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

SEED_LIMIT: Final = 2**31
MAX_SEED: Final = SEED_LIMIT - 1
"""Of what a user may ask for: larger numbers do not fit into signed credentials."""


def derive(seed: int, *names: str | int) -> int:
    """A stage's own seed in [0, 2**31), the same on every machine."""
    text = "/".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") % SEED_LIMIT


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A numpy generator seeded by `derive`."""
    return np.random.default_rng(derive(seed, *names))


def seed_of(text: str) -> int:
    """The default seed of a description, so that the same words give the same character."""
    return derive(0, "text", text)
