"""16-bit sound, as files, sockets and avatar frameworks carry it."""

from __future__ import annotations

from typing import Final

import numpy as np

from chatanything.types import Float32, Int16

_FULL: Final = 32767


def to_int16(samples: Float32) -> Int16:
    """Samples in -1..1 as 16-bit integers; what is outside is clipped.

    Args:
        samples: (...,) float32.

    Returns:
        (...,) little-endian int16.
    """
    return np.rint(np.clip(samples, -1, 1) * _FULL).astype("<i2")


def to_pcm(samples: Float32) -> bytes:
    """(n,) float32 mono in -1..1 as 16-bit little-endian samples."""
    return to_int16(samples).tobytes()


def from_pcm(data: bytes | memoryview, channels: int = 1) -> Float32:
    """16-bit little-endian samples as (n,) float32 mono in -1..1; channels are mixed.

    Args:
        data: Whole frames, the channels of one moment side by side.
        channels: How many there are.
    """
    samples = np.frombuffer(data, "<i2").astype(np.float32) / (_FULL + 1)
    return np.asarray(samples.reshape(-1, channels).mean(axis=1), np.float32)
