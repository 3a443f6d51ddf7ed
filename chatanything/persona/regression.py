"""What a regression over texts needs: words as numbers, and its stored weights."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.types import Float32

BINS: Final = 1024


def hashed(pieces: Iterable[str]) -> Float32:
    """How often pieces of a text occur, (`BINS`,) float32 of length 1; which share a bin the hash decides.

    Args:
        pieces: Words, pairs of words, or parts of words.
    """
    bins = np.zeros(BINS, np.float32)
    for piece in pieces:
        bins[zlib.crc32(piece.encode()) % BINS] += 1
    bins = np.sqrt(bins)
    bins /= max(float(np.linalg.norm(bins)), 1e-6)
    return bins


@lru_cache(maxsize=1)
def stored(path: Path) -> Float32:
    """The weights in a file of `train changes`.

    Args:
        path: NumPy's npz.
    """
    with np.load(path, allow_pickle=False) as found:
        return np.asarray(found["weights"], np.float32)
