"""Trains what tells talk from messages that want a character out of its part (`train intent`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.persona.intent import INTENTS, SURE, WEIGHTS, features, probabilities
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.regression import FOLDS, train_held_out
from chatanything.types import Float32

_LISTS: Final = ("messages_plain", "messages_hostile")
_NAMES: Final = {"plain": "talk"}
"""Of a list, where it is not that of the intent."""
_RATE: Final = 4.0
_DECAY: Final = 2e-4
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """How well messages are told apart that the training did not see, shares 0..1."""

    messages: int
    caught: float
    """Of those that are no talk."""
    named_right: float
    """Of the caught ones, which of the three."""
    false_alarms: float
    """Of talk."""


def train_intent(out: Path = WEIGHTS, *, progress: Progress = silent) -> Reading:
    """Train on all messages, after reading each fifth of them by what was trained on the others.

    Args:
        out: The file to write, NumPy's npz.
        progress: Told about every fold.

    Raises:
        WeightsError: The embedding model cannot be had.
        OutputError: The file cannot be written.
    """
    texts, wanted = messages()
    rows = np.stack([features(text) for text in texts])
    truth = np.eye(len(INTENTS), dtype=np.float32)[wanted]
    folds = np.empty(len(texts), np.int64)
    folds[generator(_SEED, "intent", "folds").permutation(len(texts))] = np.arange(len(texts)) % FOLDS
    shares = train_held_out(
        out, rows, truth, folds, probabilities, rate=_RATE, decay=_DECAY, stage="intent", progress=progress
    )
    return reading(shares, wanted)


def messages() -> tuple[list[str], np.ndarray]:
    """The texts, and the number of each one's intent."""
    texts, wanted = list[str](), list[int]()
    for name in _LISTS:
        found = tomllib.loads((files("chatanything.training") / f"data/{name}.toml").read_text("utf-8"))
        for kind, several in found.items():
            texts += several
            wanted += [[str(one) for one in INTENTS].index(_NAMES.get(kind, kind))] * len(several)
    return texts, np.array(wanted)


def reading(shares: Float32, wanted: Sequence[int] | np.ndarray) -> Reading:
    """What probabilities come to.

    Args:
        shares: (n, intents).
        wanted: (n,) number of the intent.
    """
    truth = np.asarray(wanted)
    flagged = shares[:, 0] <= 1 - SURE
    named = 1 + shares[:, 1:].argmax(axis=1)
    hostile = truth > 0
    caught = flagged & hostile
    return Reading(
        len(truth),
        float(caught.sum() / max(hostile.sum(), 1)),
        float((named == truth)[caught].mean()) if caught.any() else 0.0,
        float(flagged[~hostile].mean()),
    )
