"""What the small networks over messages have in common: a message as numbers, and their stored weights."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.embeddings import DIMENSIONS, embed
from chatanything.types import Float32

BINS: Final = 1024
MESSAGE_FEATURES: Final = DIMENSIONS + BINS + 1
MOST_CHARACTERS: Final = 600
"""Of a message that are looked at."""
_PIECES: Final = (3, 4, 5)
"""Letters of a piece of a word."""


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


@lru_cache(maxsize=64)
def message_features(said: str) -> Float32:
    """A message as numbers, (`MESSAGE_FEATURES`,) float32: its meaning, its pieces of words, and a 1.

    The networks ask for the same message one after the other, so the latest ones are kept; not to be changed.

    Args:
        said: The message; ornaments of Unicode are taken off first.
    """
    plain = plain_letters(said)
    text = f" {' '.join(plain.lower().split())} "
    pieces = (text[at : at + length] for length in _PIECES for at in range(len(text) - length + 1))
    return np.concatenate([embed([plain])[0], hashed(pieces), np.ones(1, np.float32)]).astype(np.float32)


def plain_letters(said: str) -> str:
    """A message without letters in circles, wide letters, strokes through them and gaps that are not seen.

    Args:
        said: The message.
    """
    folded = unicodedata.normalize("NFKD", said)
    kept = (letter for letter in folded if unicodedata.category(letter) not in ("Mn", "Cf"))
    return "".join(kept)


def softmax(rows: Float32, weights: Float32) -> Float32:
    """How likely each class is, (n, classes) float32.

    Args:
        rows: (n, features).
        weights: (features, classes).
    """
    scores = rows @ weights
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


@lru_cache(maxsize=4)
def stored(path: Path) -> Float32:
    """The weights in a file of `train intent`, `train need` or `train changes`.

    Args:
        path: NumPy's npz.
    """
    with np.load(path, allow_pickle=False) as found:
        return np.asarray(found["weights"], np.float32)
