"""Sentence embeddings: all-MiniLM-L6-v2, int8 ONNX, on the CPU.

Mean pooling over the tokens and L2 normalisation, as the model card of
sentence-transformers/all-MiniLM-L6-v2 prescribes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.devices import give_back_memory
from chatanything.types import Float32
from chatanything.weights import ensure

WEIGHTS: Final = "minilm-l6-int8"
DIMENSIONS: Final = 384
_MAX_TOKENS: Final = 256
"""The length the model was trained with; longer texts are cut."""
_CACHED_TEXTS: Final = 4096


class Embedder:
    """The loaded model.

    Args:
        replaced: Weights to use in place of the model's own, by their names in its graph, float32; a linear
            layer's are (in, out).

    Raises:
        WeightsError: The weights cannot be had.
    """

    def __init__(self, replaced: Mapping[str, Float32] | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        files = ensure(WEIGHTS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The runtime does not copy them: they live as long as the session.
        self._replaced = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(weights)
            for name, weights in (replaced or {}).items()
        }
        for name, value in self._replaced.items():
            options.add_initializer(name, value)
        self._session: Any = onnxruntime.InferenceSession(
            str(files["model.onnx"]), options, providers=["CPUExecutionProvider"]
        )
        give_back_memory()
        self._tokenizer = Tokenizer.from_file(str(files["tokenizer.json"]))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()

    def __call__(self, text: str) -> Float32:
        """One text to a unit vector, (384,) float32."""
        mean = self.tokens(text).astype(np.float64).mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def tokens(self, text: str, later: str | None = None) -> Float32:
        """One text, or two as a pair, to the vectors of word pieces, (n, 384) float32, markers included.

        Texts run one by one: the int8 model quantises activations per batch, so a batch would make a
        text's vectors depend on its neighbours.
        """
        encoded = self._tokenizer.encode(text, later)
        ids = np.array([encoded.ids], np.int64)
        types = np.array([encoded.type_ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        (hidden,) = self._session.run(["last_hidden_state"], feed)
        return np.asarray(hidden[0], np.float32)


@lru_cache(maxsize=1)
def _embedder() -> Embedder:
    return Embedder()


@lru_cache(maxsize=_CACHED_TEXTS)
def _embed_one(text: str) -> Float32:
    vector = _embedder()(text)
    vector.setflags(write=False)
    return vector


def embed(texts: Sequence[str]) -> Float32:
    """Texts to unit vectors, so that a dot product is the cosine similarity.

    The model loads at the first call and stays; texts already seen are not computed again.

    Args:
        texts: English texts, cut after 256 word pieces each.

    Returns:
        (n, 384) float32, rows of length 1.

    Raises:
        WeightsError: The weights cannot be had.
    """
    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    return np.stack([_embed_one(text) for text in texts])


def embed_tokens(text: str) -> Float32:
    """The vectors of a text's word pieces, (n, 384) float32, n at most 256.

    Raises:
        WeightsError: The weights cannot be had.
    """
    return _embedder().tokens(text)
