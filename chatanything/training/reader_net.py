"""The network that reads messages, as torch trains it: from the embedding model and back into its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn

from chatanything import embeddings
from chatanything.errors import UsageError
from chatanything.persona.reader import HEAD, HEADS, SCALE
from chatanything.weights import ensure

_LAYERS: Final = 6
_LINEAR: Final = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
"""The linear parts of a layer, in the order of the graph."""
_INNER: Final = "inner."
_QUANTISED: Final = "_q"
_SCALED: Final = "_scale"
_STEPS_OF_BYTE: Final = 127
_HEADS_LEARN: Final = 10.0
"""How much faster than the encoder; they begin at nothing."""


class ReaderNet(nn.Module):
    """BERT's encoder with a linear layer for each question.

    The table of words and places stays as it is: what is shipped is then half as large.

    Raises:
        UsageError: The packages of the extra "train" are missing.
        WeightsError: The embedding model cannot be had.
    """

    def __init__(self) -> None:
        super().__init__()
        transformers = _needed("transformers")
        config = transformers.BertConfig(
            vocab_size=30522, hidden_size=embeddings.DIMENSIONS, num_hidden_layers=_LAYERS,
            num_attention_heads=12, intermediate_size=4 * embeddings.DIMENSIONS,
        )  # fmt: skip
        self.encoder = transformers.BertModel(config, add_pooling_layer=False)
        self.names, weights = _model()
        self.encoder.load_state_dict(
            {name: torch.from_numpy(one.copy()) for name, one in weights.items()}, strict=False
        )
        for table in (self.encoder.embeddings.word_embeddings, self.encoder.embeddings.position_embeddings):
            table.weight.requires_grad_(requires_grad=False)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(embeddings.DIMENSIONS, len(answers)) for name, answers in HEADS.items()}
        )
        for head in self.heads.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        self.drop = nn.Dropout(0.1)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """Scores of every head, (n, answers) each.

        Args:
            ids: (n, length) of word pieces.
            types: (n, length) 1 in the second text of a pair.
            mask: (n, length) 0 behind the end.
        """
        found = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        mean = self.drop((found * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True))
        return {name: _HEADS_LEARN * head(mean) for name, head in self.heads.items()}

    def save(self, path: Path) -> None:
        """Write what the training changed, by the names that the embedding model's graph has for it.

        Args:
            path: The file, safetensors: linear layers as bytes with a scale per output, the rest as fp16.
        """
        kept: dict[str, np.ndarray] = {}
        for name, weights in self.encoder.state_dict().items():
            own = weights.detach().cpu().float().numpy()
            if name in self.names:
                kept |= _bytes_of(self.names[name], own.T)
            elif "embeddings.word" not in name and "embeddings.position" not in name:
                kept[_INNER + name] = own.astype(np.float16)
        for name, head in self.heads.items():
            kept[f"{HEAD}{name}.weight"] = (
                (_HEADS_LEARN * head.weight.detach().T).cpu().numpy().astype(np.float16)
            )
            kept[f"{HEAD}{name}.bias"] = (_HEADS_LEARN * head.bias.detach()).cpu().numpy().astype(np.float16)
        save_file({name: np.ascontiguousarray(one) for name, one in kept.items()}, path)


def _bytes_of(name: str, weights: np.ndarray) -> dict[str, np.ndarray]:
    """(in, out) as whole numbers and a scale for each output."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-8) / _STEPS_OF_BYTE
    scale = scale.astype(np.float16)
    whole = np.rint(weights / scale.astype(np.float32)).clip(-_STEPS_OF_BYTE, _STEPS_OF_BYTE)
    return {name: whole.astype(np.int8), name + SCALE: scale}


def _model() -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """The graph's names of the linear layers by torch's, and all weights by torch's names, float32."""
    onnx = _needed("onnx")
    graph = onnx.load(str(ensure(embeddings.WEIGHTS)["model.onnx"])).graph
    stored: dict[str, np.ndarray] = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    whole = {name.removesuffix(_QUANTISED) for name in stored if name.endswith(_QUANTISED)}
    weights = {
        name: stored[name + _QUANTISED].astype(np.float32) * stored[name + _SCALED] for name in whole
    } | {
        name: one
        for name, one in stored.items()
        if name.startswith(_INNER) and not name.endswith((_QUANTISED, _SCALED))
    }
    names = dict(zip(_linear_names(), _in_order(graph.node, whole), strict=True))
    own = {name.removeprefix(_INNER): one for name, one in weights.items() if name.startswith(_INNER)}
    return names, own | {name: weights[there].T.copy() for name, there in names.items()}


def _linear_names() -> list[str]:
    return [f"encoder.layer.{layer}.{part}.weight" for layer in range(_LAYERS) for part in _LINEAR]


def _in_order(nodes: Sequence[Any], whole: set[str]) -> list[str]:
    """The linear layers' weights in the order in which the graph has them."""
    return [name for node in nodes for name in node.output if name in whole and not name.startswith(_INNER)]


def _needed(package: str) -> Any:
    import importlib

    try:
        module = importlib.import_module(package)
        return module if package != "onnx" else _with_helper(module)
    except ImportError as exc:
        raise UsageError(
            "the reader of messages cannot be trained",
            expected="the packages transformers and onnx",
            got=f"no {package}",
            hint="Install them: pip install 'chatanything[train]'.",
        ) from exc


def _with_helper(module: Any) -> Any:
    import onnx.numpy_helper  # noqa: F401 - an attribute of the package only once it was imported

    return module


def padded(rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """Word pieces of several texts as (n, length) ids, types and mask.

    Args:
        rows: Ids and types of each text.
    """
    length = max(len(ids) for ids, _ in rows)
    table = np.zeros((3, len(rows), length), np.int64)
    for number, (ids, types) in enumerate(rows):
        table[0, number, : len(ids)], table[1, number, : len(ids)] = ids, types
        table[2, number, : len(ids)] = 1
    whole = torch.from_numpy(table)
    return whole[0], whole[1], whole[2]


def shares_of(
    net: ReaderNet, rows: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Mapping[str, np.ndarray]:
    """How likely every head's answers are, (n, answers) each.

    Args:
        net: In `eval` mode.
        rows: Ids and types of each text.
    """
    found: dict[str, list[np.ndarray]] = {name: [] for name in HEADS}
    order = sorted(range(len(rows)), key=lambda row: len(rows[row][0]))
    with torch.no_grad():
        for at in range(0, len(order), 64):
            scores = net(*padded([rows[row] for row in order[at : at + 64]]))
            for name, one in scores.items():
                found[name].append(one.softmax(dim=1).numpy())
    back = np.argsort(order)
    return {
        name: np.concatenate(parts)[back] if parts else np.zeros((0, len(HEADS[name])))
        for name, parts in found.items()
    }
