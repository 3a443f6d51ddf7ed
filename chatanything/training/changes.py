"""Trains what tells statements that take the place of earlier ones (`train changes`)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.persona.memory.replacing import LIKELY, SURE, WEIGHTS, features, probabilities
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.regression import FOLDS, train_held_out
from chatanything.types import Float32

_RATE: Final = 0.3
_DECAY: Final = 3e-4
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """How well pairs are told apart that the training did not see, shares 0..1."""

    pairs: int
    right: float
    """At `LIKELY`."""
    caught: float
    """Of the pairs whose later message makes the earlier one outdated, at `SURE`."""
    false_alarms: float
    """Of the pairs that both hold, at `SURE`."""


def train_changes(out: Path = WEIGHTS, *, progress: Progress = silent) -> Reading:
    """Train on all pairs, after reading each fifth of them by what was trained on the others.

    Pairs with the same earlier message are in the same fifth.

    Args:
        out: The file to write, NumPy's npz.
        progress: Told about every fold.

    Raises:
        WeightsError: The embedding model cannot be had.
        OutputError: The file cannot be written.
    """
    listed = pairs()
    mixed = [*listed, *strangers(listed)]
    rows = np.stack([features(first, later) for first, later, _ in mixed])
    truth = np.array([replaced for _, _, replaced in mixed], np.float32)
    folds = np.array([zlib.crc32(first.encode()) % FOLDS for first, _, _ in mixed])
    found = train_held_out(
        out, rows, truth, folds, probabilities, rate=_RATE, decay=_DECAY, stage="changes", progress=progress
    )
    found, own = found[: len(listed)], truth[: len(listed)] > 0
    return _reading(found, own)


def pairs() -> list[tuple[str, str, bool]]:
    """Earlier message, later message, and whether that makes the earlier one outdated."""
    text = (files("chatanything.training") / "data/statement_pairs.json").read_text("utf-8")
    return [(one["first"], one["later"], one["replaces"]) for one in json.loads(text)]


def strangers(listed: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Every change with another one's earlier message, so that not the words of a change alone decide.

    Args:
        listed: From `pairs`.
    """
    changes = [(first, later) for first, later, replaced in listed if replaced]
    order = generator(_SEED, "changes", "strangers").permutation(len(listed))
    others = [first for first, _, _ in (listed[place] for place in order)]
    return [
        (other, later, False)
        for (first, later), other in zip(changes, others, strict=False)
        if other != first
    ]


def _reading(found: Float32, truth: np.ndarray) -> Reading:
    return Reading(
        len(truth),
        float(np.mean((found >= LIKELY) == truth)),
        float(np.mean(found[truth] >= SURE)),
        float(np.mean(found[~truth] >= SURE)),
    )
