"""How alike two voices sound: speaker embeddings.

A d-vector network (Wan et al. 2018, "Generalized End-to-End Loss for Speaker Verification"): three LSTM
layers over 40 mel bands, windows of 1.6 s, the mean of their unit vectors. Its weights are Resemblyzer's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.media.audio import resample
from chatanything.types import Float32
from chatanything.weights import ensure

WEIGHTS: Final = "voice-encoder"
SIZE: Final = 256
_RATE: Final = 16_000
_FFT: Final = 400
_HOP: Final = 160
_BANDS: Final = 40
_LAYERS: Final = 3
_WINDOW: Final = 160
"""Frames of 10 ms in a window."""
_STEP: Final = 77
_LEAST: Final = 120
"""Frames that a further window must have."""
_LEVEL: Final = 10 ** (-30 / 20)
"""Root mean square that the network was trained at; its bands are not logarithmic, so level matters."""


def _mel_of(hertz: Float32) -> Float32:
    """Slaney's scale: linear up to 1 kHz, logarithmic above."""
    above = 15.0 + 27.0 * np.log(np.maximum(hertz, 1000.0) / 1000.0) / np.log(6.4)
    return np.asarray(np.where(hertz < 1000.0, hertz * 3.0 / 200.0, above), np.float32)


def _hertz_of(mel: Float32) -> Float32:
    above = 1000.0 * np.exp((np.maximum(mel, 15.0) - 15.0) * np.log(6.4) / 27.0)
    return np.asarray(np.where(mel < 15.0, mel * 200.0 / 3.0, above), np.float32)


@lru_cache(maxsize=1)
def _filters() -> Float32:
    """(bins, 40) triangles of equal area on the mel scale."""
    top = float(_mel_of(np.array([_RATE / 2], np.float32))[0])
    edges = _hertz_of(np.linspace(0.0, top, _BANDS + 2, dtype=np.float32))
    bins = np.fft.rfftfreq(_FFT, 1 / _RATE)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)) * 2.0 / (high - low), np.float32)


def _bands(samples: Float32) -> Float32:
    """(frames, 40) power in mel bands, every 10 ms."""
    padded = np.pad(samples, _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    return np.asarray(power @ _filters(), np.float32)


@lru_cache(maxsize=1)
def _network() -> tuple[Any, Any]:
    """The LSTM and the layer behind it."""
    import torch
    from safetensors.torch import load_file

    state = {k: v.float() for k, v in load_file(ensure(WEIGHTS)["encoder.safetensors"]).items()}
    lstm = torch.nn.LSTM(_BANDS, SIZE, _LAYERS, batch_first=True)
    linear = torch.nn.Linear(SIZE, SIZE)
    for module, name in ((lstm, "lstm."), (linear, "linear.")):
        module.load_state_dict({k.removeprefix(name): v for k, v in state.items() if k.startswith(name)})
    return lstm.eval(), linear.eval()


def embed_voice(samples: Float32, sample_rate: int) -> Float32:
    """Who speaks, as a direction.

    Args:
        samples: (n,) float32 mono; a sentence or more, silence at its ends is cut.
        sample_rate: Hertz.

    Returns:
        (256,) float32 of length 1, all >= 0. Over the bank, two sentences of one voice have a cosine of
        about 0.9, two voices about 0.6.

    Raises:
        WeightsError: The weights cannot be had.
    """
    import torch

    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max(initial=1e-9))
    sound = samples[loud[0] : loud[-1] + 1] if len(loud) else samples
    sound = resample(sound, sample_rate, _RATE) if sample_rate != _RATE else sound
    level = float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0
    bands = _bands(np.asarray(sound * (_LEVEL / max(level, 1e-9)), np.float32))
    starts = [0, *range(_STEP, max(len(bands) - _LEAST, 0) + 1, _STEP)]
    bands = np.pad(bands, ((0, max(0, starts[-1] + _WINDOW - len(bands))), (0, 0)))
    windows = np.stack([bands[at : at + _WINDOW] for at in starts])
    lstm, linear = _network()
    with torch.inference_mode():
        _, (hidden, _) = lstm(torch.from_numpy(windows))
        found = torch.nn.functional.normalize(torch.relu(linear(hidden[-1])), dim=1).mean(dim=0).numpy()
    return np.asarray(found / max(float(np.linalg.norm(found)), 1e-9), np.float32)
