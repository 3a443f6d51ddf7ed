"""A real ONNX classifier of one weight a word and class, written as protobuf (onnx.proto3) by hand."""

from __future__ import annotations

import numpy as np

_FLOAT, _INT64 = 1, 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    data = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, array: np.ndarray, kind: int) -> bytes:
    dims = b"".join(_field(1, size) for size in array.shape)
    return dims + _field(2, kind) + _field(8, name) + _field(9, array.tobytes())


def _value(name: str, kind: int, *dims: int | str) -> bytes:
    shape = b"".join(_field(1, _field(1 if isinstance(one, int) else 2, one)) for one in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _node(kind: str, inputs: tuple[str, ...], output: str, **numbers: int) -> bytes:
    named = b"".join(_field(1, one) for one in inputs) + _field(2, output) + _field(4, kind)
    return named + b"".join(
        _field(5, _field(1, name) + _field(3, number) + _field(20, 2)) for name, number in numbers.items()
    )


def word_classifier(weights: np.ndarray) -> bytes:
    """A model from "input_ids", (1, n) int64, to "logits", (1, classes): the sum of the words' rows.

    Args:
        weights: (words, classes) float32.
    """
    graph = b"".join(
        (
            _field(1, _node("Gather", ("table", "input_ids"), "rows", axis=0)),
            _field(1, _node("ReduceSum", ("rows", "axes"), "logits", keepdims=0)),
            _field(2, "classifier"),
            _field(5, _tensor("table", weights.astype(np.float32), _FLOAT)),
            _field(5, _tensor("axes", np.array([1], np.int64), _INT64)),
            _field(11, _value("input_ids", _INT64, 1, "n")),
            _field(12, _value("logits", _FLOAT, 1, weights.shape[1])),
        )
    )
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))
