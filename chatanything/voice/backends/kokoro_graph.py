"""Two changes to Kokoro's exported graph: durations can be read, and be limited.

They are made in the bytes of the model, without parsing its 92 MB. Concatenated protobuf messages merge
(protobuf encoding specification, "Last One Wins"), so an appended `ModelProto` adds a node, an input and an
output to the graph; the one place that reads the durations is given another tensor's name of the same length.
"""

from __future__ import annotations

from typing import Final

from chatanything.errors import BackendError

LIMITS: Final = "most_frames"
"""New input: the most frames of every token, float32 (1, tokens)."""
DURATIONS: Final = "/encoder/Kept_output_0"
"""New output: frames a token within these limits, float32 (1, tokens)."""
_PREDICTED: Final = "/encoder/Clip_output_0"
_READER: Final = "/encoder/Cast_output_0"
_FLOAT: Final = 1


def with_limits(model: bytes) -> bytes:
    """The model with the input `LIMITS` and the output `DURATIONS`.

    Args:
        model: The ONNX file.

    Raises:
        BackendError: It is another export, whose durations are not where they are expected.
    """
    read = _text(1, _PREDICTED) + _text(2, _READER)
    if model.count(read) != 1:
        raise BackendError(
            "this Kokoro model is not the expected export",
            expected=f"one node from {_PREDICTED} to {_READER}",
            got=str(model.count(read)),
            hint="Fetch it again: chatanything weights fetch kokoro-82m-int8",
        )
    limit = _text(1, _PREDICTED) + _text(1, LIMITS) + _text(2, DURATIONS) + _text(3, LIMITS) + _text(4, "Min")
    graph = _field(1, limit) + _field(11, _value(LIMITS)) + _field(12, _value(DURATIONS))
    at, whole = model.index(read), memoryview(model)
    # One copy, not three: a model is most of what speaking takes in memory.
    limited = _text(1, DURATIONS) + _text(2, _READER)
    return b"".join((whole[:at], limited, whole[at + len(read) :], _field(7, graph)))


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited protobuf field; the numbers are those of onnx.proto."""
    size, length = len(payload), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + payload


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _value(name: str) -> bytes:
    """ValueInfoProto of a float tensor of any shape."""
    return _text(1, name) + _field(2, _field(1, bytes([1 << 3, _FLOAT])))
