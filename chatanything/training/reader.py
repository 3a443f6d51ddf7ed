"""Trains the network that reads messages (`train reader`)."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from chatanything import embeddings
from chatanything.persona.reader import HEADS, MOST_CHARACTERS, plain_letters
from chatanything.progress import Progress, silent
from chatanything.seeds import generator
from chatanything.training.loop import Plan, Trainer
from chatanything.training.reader_data import Example, examples, varied
from chatanything.training.reader_net import ReaderNet, padded, shares_of
from chatanything.weights import ensure

_LENGTH: Final = 128
"""Word pieces of a text in training."""
_POOL: Final = 8
"""Batches that are sorted by length together, so that little is padded."""
_SMOOTHING: Final = 0.05
_SAMPLES: Final = 12
_SURE: Final = 0.5
Encoded = tuple[Sequence[int], Sequence[int]]
"""Ids of word pieces, and 1 for those of the second text."""


def train_reader(
    run: Path, plan: Plan, *, listed: Sequence[Example] | None = None, progress: Progress = silent
) -> Path:  # fmt: skip
    """Train, going on from the checkpoint in `run`; a tenth of the messages is kept for the figures.

    Args:
        run: Folder for the checkpoint, samples and the model.
        plan: How long and where; a batch counts messages.
        listed: What to learn from; None is everything that comes with the project.
        progress: Told about every checkpoint.

    Returns:
        The folder of the model: reader.safetensors, and config.json with the figures.

    Raises:
        UsageError: The packages of the extra "train" are missing, or the checkpoint is of another network.
        WeightsError: The embedding model cannot be had.
    """
    everything = examples() if listed is None else listed
    held = [one for one in everything if one.is_held_out]
    known = [one for one in everything if not one.is_held_out]
    pieces = Pieces()
    torch.manual_seed(plan.seed)
    trainer = Trainer(ReaderNet(), plan, run)
    batches = _Batches(known, pieces, plan)

    def loss_at(step: int) -> Tensor:
        torch.manual_seed(plan.seed + step)
        chosen = batches.at(step)
        rows = padded([pieces(one) for one in chosen])
        return _loss(trainer.net.train()(*(part.to(plan.device) for part in rows)), chosen)

    (run / "model").mkdir(parents=True, exist_ok=True)
    for step, loss in trainer.run(loss_at):
        net = copy.deepcopy(cast("ReaderNet", trainer.averaged)).to("cpu").eval()
        net.save(run / "model" / "reader.safetensors")
        shares = shares_of(net, [pieces(one) for one in held])
        figures = {"step": step, "loss": round(loss, 4), **read_figures(held, shares)}
        _write_samples(run / "samples.txt", held, shares)
        (run / "model" / "config.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        with (run / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
        progress("reader", step, plan.steps, json.dumps(figures))
    return run / "model"


class Pieces:
    """Messages as word pieces; of long ones the beginning.

    Raises:
        WeightsError: The embedding model cannot be had.
    """

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(ensure(embeddings.WEIGHTS)["tokenizer.json"]))
        self._tokenizer.enable_truncation(_LENGTH)
        self._tokenizer.no_padding()

    def __call__(self, example: Example) -> Encoded:
        """What the network sees of an example."""
        first = plain_letters(example.text[:MOST_CHARACTERS])
        clause = None if example.clause is None else plain_letters(example.clause[:MOST_CHARACTERS])
        encoded = self._tokenizer.encode(first, clause)
        return encoded.ids, encoded.type_ids


class _Batches:
    """Which examples a step learns from; the same step always has the same ones."""

    def __init__(self, known: Sequence[Example], pieces: Pieces, plan: Plan) -> None:
        self._known, self._pieces, self._plan = known, pieces, plan
        self._harmless = [one for one in known if one.answers == {"intent": 0, "need": 0}]
        self._pool: tuple[int, list[list[Example]]] = (-1, [])

    def at(self, step: int) -> list[Example]:
        number, place = divmod(step, _POOL)
        if self._pool[0] != number:
            self._pool = (number, self._drawn(number))
        return self._pool[1][place]

    def _drawn(self, number: int) -> list[list[Example]]:
        size = _POOL * self._plan.batch
        rounds, first = divmod(number * size, len(self._known))
        order = np.concatenate(
            [
                generator(self._plan.seed, "round", rounds + extra).permutation(len(self._known))
                for extra in range(2 + size // len(self._known))
            ]
        )[first : first + size]
        rng = generator(self._plan.seed, "pool", number)
        chosen = [varied(self._known[one], self._harmless, rng) for one in order]
        chosen.sort(key=lambda one: len(self._pieces(one)[0]))
        batches = [chosen[at : at + self._plan.batch] for at in range(0, size, self._plan.batch)]
        return [batches[place] for place in rng.permutation(_POOL)]


def _loss(scores: Mapping[str, Tensor], chosen: Sequence[Example]) -> Tensor:
    """Mean cross entropy over all answers that are known."""
    total, known = torch.zeros(()), 0
    for head, one in scores.items():
        rows = [row for row, example in enumerate(chosen) if head in example.answers]
        if rows:
            truth = torch.tensor([chosen[row].answers[head] for row in rows], device=one.device)
            total = total.to(one.device) + nn.functional.cross_entropy(
                one[rows], truth, label_smoothing=_SMOOTHING, reduction="sum"
            )
            known += len(rows)
    return total / max(known, 1)


def read_figures(held: Sequence[Example], shares: Mapping[str, np.ndarray]) -> dict[str, float]:
    """How well a network reads examples that it was not trained on.

    Args:
        held: Those.
        shares: For each head how likely its answers are, (n, answers).

    Returns:
        For each head: `caught` of what is not harmless and `false` alarms among what is, both where the
        harmless answer is no likelier than a half; `named` right of the caught ones; `caught_at_3` where
        three in a hundred harmless ones would be taken for something else.
    """
    figures: dict[str, float] = {}
    for head in HEADS:
        rows = [row for row, one in enumerate(held) if head in one.answers]
        truth = np.array([held[row].answers[head] for row in rows])
        harm = 1 - shares[head][rows, 0]
        harmful = truth > 0
        caught = (harm >= _SURE) & harmful
        bar = np.quantile(harm[~harmful], 0.97) if (~harmful).any() else 1.0
        named = 1 + shares[head][rows, 1:].argmax(axis=1)
        figures |= {
            f"{head}.caught": float(caught.sum() / max(harmful.sum(), 1)),
            f"{head}.named": float((named == truth)[caught].mean()) if caught.any() else 0.0,
            f"{head}.false": float((harm >= _SURE)[~harmful].mean()) if (~harmful).any() else 0.0,
            f"{head}.caught_at_3": float((harm > bar)[harmful].mean()) if harmful.any() else 0.0,
            f"{head}.n": float(len(rows)),
        }
    return {name: round(value, 3) for name, value in figures.items()}


def _write_samples(path: Path, held: Sequence[Example], shares: Mapping[str, np.ndarray]) -> None:
    """The worst mistakes of every head, to be read."""
    lines = []
    for head, answers in HEADS.items():
        rows = [row for row, one in enumerate(held) if head in one.answers]
        right = {row: float(shares[head][row, held[row].answers[head]]) for row in rows}
        for row in sorted(rows, key=right.__getitem__)[:_SAMPLES]:
            one = held[row]
            read_as = answers[int(shares[head][row].argmax())]
            both = one.text if one.clause is None else f"{one.text} / {one.clause}"
            lines.append(f"{head}: {answers[one.answers[head]]}, read as {read_as}: {both}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
