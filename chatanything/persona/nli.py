"""A network that tells whether a sentence contradicts another, brought by the user: none is shipped.

The rules of the gate compare words; a cross-encoder trained on inference pairs (MNLI, SNLI) also hears "the
city never sleeps" deny "a quiet village". A folder with `model.onnx`, `tokenizer.json` and `config.json`, as
optimum-cli exports any such classifier, is enough.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.embeddings import embed
from chatanything.errors import BackendError
from chatanything.settings import settings

_FILES: Final = ("model.onnx", "tokenizer.json", "config.json")
_MOST_TOKENS: Final = 160
_ASKED: Final = 3
"""Facts that a clause is compared with, the nearest in meaning: a pair costs up to a tenth of a second."""
_NEAR: Final = 0.2
"""Cosine below which a fact and a clause speak of different things."""


class Entailment:
    """A sentence-pair classifier with a class for contradiction.

    Args:
        folder: With `model.onnx`, `tokenizer.json` and `config.json`.

    Raises:
        BackendError: A file is missing or broken, or no class is called contradiction.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise _error(folder, f"no {', '.join(missing)}")
        self._class = _contradiction(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # both libraries raise bare Exceptions of their own
            raise _error(folder, str(exc).splitlines()[0][:200]) from exc
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        self._folder = folder

    def contradiction(self, premise: str, hypothesis: str) -> float:
        """How likely the second sentence contradicts the first, 0..1."""
        encoded = self._tokenizer.encode(premise, hypothesis)
        fields = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        wanted = {node.name for node in self._session.get_inputs()}
        feed = {name: np.array([values], np.int64) for name, values in fields.items() if name in wanted}
        try:
            logits = np.asarray(self._session.run(None, feed)[0][0], np.float64)
            odds = np.exp(logits - logits.max())
            return float(odds[self._class] / odds.sum())
        except Exception as exc:
            raise _error(self._folder, str(exc).splitlines()[0][:200]) from exc


def contradicted(clause: str, facts: Sequence[str], name: str) -> int | None:
    """The fact that a clause contradicts by the user's network; None without one, or if there is none.

    Args:
        clause: In the first person.
        facts: About `name`, in the third person.
        name: The speaker's.

    Raises:
        BackendError: The network cannot be used.
    """
    folder = settings().nli
    if folder is None or not facts:
        return None
    near = embed(facts) @ embed([clause])[0]
    asked = [int(at) for at in np.argsort(-near)[:_ASKED] if near[at] >= _NEAR]
    network = _network(folder.expanduser())
    found = {at: network.contradiction(f"I am {name}. {facts[at]}", clause) for at in asked}
    worst = max(found, key=lambda at: found[at], default=None)
    return worst if worst is not None and found[worst] >= settings().nli_threshold else None


@lru_cache(maxsize=1)
def _network(folder: Path) -> Entailment:
    return Entailment(folder)


def _contradiction(folder: Path) -> int:
    """The number of the class that `config.json` calls contradiction."""
    try:
        labels = json.loads((folder / "config.json").read_text("utf-8")).get("id2label", {})
        named = {str(label).lower(): int(number) for number, label in labels.items()}
    except (OSError, ValueError, AttributeError) as exc:
        raise _error(folder, str(exc)[:200]) from exc
    if "contradiction" not in named:
        raise _error(folder, f"its classes are {', '.join(named) or 'not named'}")
    return named["contradiction"]


def _error(folder: Path, got: str) -> BackendError:
    return BackendError(
        f"the network of CHATANYTHING_NLI in {folder} cannot be used",
        expected="model.onnx, tokenizer.json and a config.json whose id2label names contradiction",
        got=got,
        hint="Correct the path, or unset CHATANYTHING_NLI.",
    )
