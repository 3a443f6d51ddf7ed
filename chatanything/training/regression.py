"""Trains the small networks over messages: linear, and read by what was trained on other messages."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.media.atomic import write_bytes
from chatanything.progress import Progress, silent
from chatanything.types import Float32

FOLDS: Final = 5
_STEPS: Final = 800
_MOMENTUM: Final = 0.9
Predict = Callable[[Float32, Float32], Float32]
"""Rows and weights to shares."""


def descend(rows: Float32, truth: Float32, predict: Predict, *, rate: float, decay: float) -> Float32:
    """Weights of a logistic or softmax regression, by gradient descent with momentum.

    Args:
        rows: (n, features).
        truth: (n,) or (n, classes), what `predict` should give.
        predict: The regression.
        rate: Step size.
        decay: Pull towards zero.
    """
    weights: Float32 = np.zeros((rows.shape[1], *truth.shape[1:]), np.float32)
    moved: Float32 = np.zeros_like(weights)
    for _ in range(_STEPS):
        slope: Float32 = rows.T @ (predict(rows, weights) - truth) / len(rows) + decay * weights
        moved = _MOMENTUM * moved - rate * slope
        weights += moved
    return weights


def train_held_out(
    out: Path, rows: Float32, truth: Float32, folds: np.ndarray, predict: Predict, *,
    rate: float, decay: float, stage: str, progress: Progress = silent,
) -> Float32:  # fmt: skip
    """Train on everything, after reading each fold by what was trained on the others.

    Args:
        out: The file to write, NumPy's npz.
        rows: (n, features).
        truth: (n,) or (n, classes).
        folds: (n,) the fold of each row, 0..`FOLDS` - 1.
        predict: As for `descend`, like `rate` and `decay`.
        rate: Step size.
        decay: Pull towards zero.
        stage: Told to `progress`.
        progress: Told about every fold.

    Returns:
        What each row was read as by what had not seen it, in the shape of `truth`.

    Raises:
        OutputError: The file cannot be written.
    """
    found = np.zeros_like(truth)
    for fold in range(FOLDS):
        progress(stage, fold, FOLDS + 1, f"fold {fold + 1}")
        held = folds == fold
        weights = descend(rows[~held], truth[~held], predict, rate=rate, decay=decay)
        found[held] = predict(rows[held], weights)
    progress(stage, FOLDS, FOLDS + 1, "all")
    content = io.BytesIO()
    weights = descend(rows, truth, predict, rate=rate, decay=decay)
    np.savez_compressed(content, weights=weights.astype(np.float16))
    write_bytes(out, content.getvalue())
    progress(stage, FOLDS + 1, FOLDS + 1)
    return found
