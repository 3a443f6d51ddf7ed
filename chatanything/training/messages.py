"""Trains the small networks that tell messages apart (`train intent`, `train need`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.persona import intent, need
from chatanything.persona.regression import message_features, softmax
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.regression import FOLDS, train_held_out
from chatanything.types import Float32

_RATE: Final = 4.0
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Sorting:
    """What messages are sorted into, and from which lists it is learnt."""

    name: str
    classes: tuple[str, ...]
    """The first one is what is harmless."""
    lists: Mapping[str, Mapping[str, str]]
    """Lists of messages, with the class of each of their keys."""
    sure: float
    """Probability of all classes but the first from which a message counts as one of them."""
    weights: Path
    decay: float = 2e-4


INTENT: Final = Sorting(
    "intent",
    intent.INTENTS,
    {
        "messages_plain": {"plain": "talk"},
        "messages_hostile": {kind: kind for kind in intent.INTENTS if kind != "talk"},
    },
    intent.SURE,
    intent.WEIGHTS,
)
NEED: Final = Sorting(
    "need",
    ("none", *need.NEEDS),
    {
        "messages_need": {"harmless": "none", **{kind: kind for kind in need.NEEDS}},
        "messages_plain": {"plain": "none"},
        "messages_hostile": dict.fromkeys(("task", "outside", "identity"), "none"),
    },
    need.SURE,
    need.WEIGHTS,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How well messages are told apart that the training did not see, shares 0..1."""

    messages: int
    caught: float
    """Of those that are not harmless."""
    named_right: float
    """Of the caught ones, how many got their own class."""
    false_alarms: float
    """Of the harmless ones."""


def train_messages(sorting: Sorting, out: Path | None = None, *, progress: Progress = silent) -> Reading:
    """Train on all messages, after reading each fifth of them by what was trained on the others.

    Args:
        sorting: `INTENT` or `NEED`.
        out: The file to write, NumPy's npz; None is the installed one.
        progress: Told about every fold.

    Raises:
        WeightsError: The embedding model cannot be had.
        OutputError: The file cannot be written.
    """
    texts, wanted = messages(sorting)
    rows = np.stack([message_features(text) for text in texts])
    truth = np.eye(len(sorting.classes), dtype=np.float32)[wanted]
    folds = np.empty(len(texts), np.int64)
    folds[generator(_SEED, sorting.name, "folds").permutation(len(texts))] = np.arange(len(texts)) % FOLDS
    shares = train_held_out(
        out or sorting.weights, rows, truth, folds, softmax,
        rate=_RATE, decay=sorting.decay, stage=sorting.name, progress=progress,
    )  # fmt: skip
    return reading(shares, wanted, sorting.sure)


def messages(sorting: Sorting) -> tuple[list[str], np.ndarray]:
    """The texts, and the number of each one's class.

    Args:
        sorting: What they are sorted into.
    """
    texts, wanted = list[str](), list[int]()
    for name, classes in sorting.lists.items():
        found = tomllib.loads((files("chatanything.training") / f"data/{name}.toml").read_text("utf-8"))
        for key, several in found.items():
            texts += several
            wanted += [sorting.classes.index(classes[key])] * len(several)
    return texts, np.array(wanted)


def reading(shares: Float32, wanted: Sequence[int] | np.ndarray, sure: float) -> Reading:
    """What probabilities come to.

    Args:
        shares: (n, classes), the first class harmless.
        wanted: (n,) number of the class.
        sure: Probability of the other classes from which a message is caught.
    """
    truth = np.asarray(wanted)
    flagged = shares[:, 0] <= 1 - sure
    named = 1 + shares[:, 1:].argmax(axis=1)
    harmful = truth > 0
    caught = flagged & harmful
    return Reading(
        len(truth),
        float(caught.sum() / max(harmful.sum(), 1)),
        float((named == truth)[caught].mean()) if caught.any() else 0.0,
        float(flagged[~harmful].mean()),
    )
