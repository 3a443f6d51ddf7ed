"""Reads messages: what one wants, who is in need, and which answer leaves its character's part.

all-MiniLM-L6-v2 (Wang et al. 2020, "MiniLM"), fine-tuned on messages written for it (`train reader`), with a
linear layer for each question over the mean of its word pieces. Patterns (guard.toml) know what they were
written for; this also knows what is like it. Only the layers that the training changed are shipped.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.embeddings import Embedder
from chatanything.types import Float32
from chatanything.weights import ensure

WEIGHTS: Final = "message-reader"
HEADS: Final[dict[str, tuple[str, ...]]] = {
    "intent": ("talk", "task", "outside", "identity"),
    "need": ("none", "self_harm", "abuse"),
    "answer": ("keeps", "breaks"),
}
"""What is asked of a message, "answer" of one with a clause of its answer; the first one is harmless."""
SCALE: Final = ".scale"
"""Ends the name of what whole numbers are multiplied with, per output."""
HEAD: Final = "head."
MOST_CHARACTERS: Final = 600
"""Of a message that are looked at."""
_CACHED: Final = 1024


class Reader:
    """The loaded network.

    Args:
        path: The file of another one than the shipped (`train reader`).

    Raises:
        WeightsError: The weights cannot be had.
    """

    def __init__(self, path: Path | None = None) -> None:
        from safetensors.numpy import load_file

        stored = load_file(path or ensure(WEIGHTS)["reader.safetensors"])
        self._heads = {
            name: (
                stored.pop(f"{HEAD}{name}.weight").astype(np.float32),
                stored.pop(f"{HEAD}{name}.bias").astype(np.float32),
            )
            for name in HEADS
        }
        self._encoder = Embedder(restored(stored))

    def shares(self, head: str, text: str, clause: str | None = None) -> Float32:
        """How likely each of a head's answers is, in the order of `HEADS`, float32, 1 in all.

        Args:
            head: One of `HEADS`.
            text: A message.
            clause: Of its answer, for "answer".
        """
        weights, bias = self._heads[head]
        scores = self._encoder.tokens(text, clause).mean(axis=0) @ weights + bias
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), np.float32)


def restored(stored: dict[str, np.ndarray]) -> dict[str, Float32]:
    """The encoder's weights from how they are stored, by their names in the model's graph, float32.

    Args:
        stored: Floats of two bytes; or whole numbers of one byte, (in, out), with a scale for each output.
    """
    return {
        name: np.ascontiguousarray(
            weights.astype(np.float32) * stored.get(name + SCALE, np.float16(1)).astype(np.float32)
        )
        for name, weights in stored.items()
        if not name.endswith(SCALE)
    }


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader()


@lru_cache(maxsize=_CACHED)
def read(head: str, text: str, clause: str | None = None) -> tuple[float, ...]:
    """How likely each of a head's answers is, in the order of `HEADS`, 0..1 each.

    The network loads at the first call and stays; what was read lately is not read again.

    Args:
        head: One of `HEADS`.
        text: A message; only its first `MOST_CHARACTERS` count, without the ornaments of Unicode.
        clause: Of its answer, for "answer"; likewise.

    Returns:
        A text without a letter is harmless for sure.

    Raises:
        WeightsError: The weights cannot be had.
    """
    text = plain_letters(text[:MOST_CHARACTERS])
    if not any(letter.isalpha() for letter in text + (clause or "")):
        return (1.0, *[0.0] * (len(HEADS[head]) - 1))
    clause = None if clause is None else plain_letters(clause[:MOST_CHARACTERS])
    return tuple(_reader().shares(head, text, clause).tolist())


def plain_letters(said: str) -> str:
    """A message without letters in circles, wide letters, strokes through them and gaps that are not seen.

    Args:
        said: The message.
    """
    folded = unicodedata.normalize("NFKD", said)
    kept = (letter for letter in folded if unicodedata.category(letter) not in ("Mn", "Cf"))
    return "".join(kept)
