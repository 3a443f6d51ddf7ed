"""Sound: any file in as mono float32, loudness, resampling, and WAV out."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.errors import SpeechError
from chatanything.media.atomic import write_bytes
from chatanything.media.pcm import to_pcm
from chatanything.types import Float32

MAX_SECONDS: Final = 600.0
TARGET_LUFS: Final = -16.0
"""Mono and stereo speech for the web (AES TD1008)."""
PEAK_DBFS: Final = -1.0
"""True-peak ceiling (EBU R 128)."""
LOWEST_RATE: Final = 16_000
HIGHEST_RATE: Final = 48_000
_RESAMPLED_BLOCK: Final = 1 << 18
"""Samples that are resampled at once."""
_BLOCK_S: Final = 0.4
"""Gating block of ITU-R BS.1770."""
_OVERSAMPLING: Final = 4
"""True-peak oversampling of ITU-R BS.1770, annex 2."""
_LIMITER_HZ: Final = 1000
"""Blocks a second of the limiter's gain."""
_LOOKAHEAD_BLOCKS: Final = 5


def read_audio(path: Path) -> tuple[Float32, int]:
    """Read the first sound track of any audio or video file.

    Args:
        path: WAV, FLAC, MP3, M4A, OGG, WebM, MP4, and whatever else FFmpeg decodes.

    Returns:
        (n,) float32 mono in [-1, 1], and its rate: the file's own, brought into 16..48 kHz.

    Raises:
        SpeechError: Missing, no sound in it, damaged, or longer than ten minutes.
    """
    return _read(str(path), str(path))


def decode_audio(data: bytes, name: str) -> tuple[Float32, int]:
    """As `read_audio`, of a file in memory.

    Args:
        data: The file's content.
        name: How errors name it.

    Raises:
        SpeechError: No sound in it, damaged, or longer than ten minutes.
    """
    return _read(io.BytesIO(data), name)


def _read(source: str | io.BytesIO, name: str) -> tuple[Float32, int]:
    import av

    try:
        # Tags of old programs are not UTF-8; nobody asks for them.
        with av.open(source, metadata_errors="replace") as container:
            if not container.streams.audio:
                raise SpeechError(f"{name} has no sound track", expected="an audio file")
            samples, rate = _decode(container, name)
    except (av.FFmpegError, OSError) as exc:
        raise SpeechError(f"{name} cannot be read as sound", got=exc.strerror or str(exc)) from exc
    if not samples.size:
        raise SpeechError(f"{name} has no sound in it", expected="at least one sample")
    kept = min(max(rate, LOWEST_RATE), HIGHEST_RATE)
    samples = resample(samples, rate, kept)
    return np.clip(samples, -1, 1, out=samples), kept


def _decode(container: Any, name: str) -> tuple[Float32, int]:
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise SpeechError(f"{name} cannot be read as sound", got="an unknown encoding")
    rate = int(stream.rate)
    # One buffer that grows: blocks joined at the end would for a moment be there twice.
    sound = bytearray()
    for block in _floats(container.decode(stream), rate):
        # The plain mean: FFmpeg's own downmix can exceed full scale.
        channels = block.to_ndarray().reshape(-1, block.layout.nb_channels)
        mono = channels.mean(axis=1, dtype=np.float32)
        if not np.isfinite(mono).all():
            raise SpeechError(f"{name} is damaged", expected="finite samples", got="NaN or infinity")
        sound += mono.tobytes()
        if len(sound) > MAX_SECONDS * rate * np.float32().itemsize:
            raise SpeechError(f"{name} is too long", expected=f"at most {MAX_SECONDS / 60:g} minutes")
    return np.frombuffer(sound, np.float32), rate


def _floats(frames: Iterable[Any], rate: int) -> Iterator[Any]:
    """Frames as interleaved float at one rate; joined and damaged recordings change their kind midway."""
    import av

    to_float, kind = None, None
    for frame in frames:
        own = (frame.format.name, frame.layout, frame.sample_rate)
        if to_float is None or own != kind:
            yield from to_float.resample(None) if to_float is not None else ()
            # Interleaved: of eight channels with a plane each, PyAV counts one too many and reads beyond.
            to_float, kind = av.AudioResampler(format="flt", rate=rate), own
        yield from to_float.resample(frame)
    yield from to_float.resample(None) if to_float is not None else ()


def resample(samples: Float32, rate: int, target: int) -> Float32:
    """Band-limited resampling.

    Args:
        samples: (n,) float32.
        rate: Its rate in hertz.
        target: The wanted rate in hertz.

    Returns:
        (round(n * target / rate),) float32.
    """
    if rate == target:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, rate, target, quality="HQ"), np.float32)


def resampled_blocks(samples: Float32, rate: int, target: int) -> Iterator[Float32]:
    """What `resample` gives, sample by sample the same, in blocks: a long recording is not copied whole.

    Args:
        samples: (n,) float32.
        rate: Its rate in hertz.
        target: The wanted rate in hertz.
    """
    import soxr

    stream = soxr.ResampleStream(rate, target, 1, dtype="float32", quality="HQ") if rate != target else None
    for at in range(0, len(samples), _RESAMPLED_BLOCK):
        block = samples[at : at + _RESAMPLED_BLOCK]
        if stream is None:
            yield block
        else:
            yield stream.resample_chunk(np.asarray(block, np.float32), last=at + len(block) == len(samples))


def normalise_loudness(samples: Float32, rate: int, target: float = TARGET_LUFS) -> Float32:
    """Bring speech to one loudness (ITU-R BS.1770) with its true peak below -1 dBFS.

    Clips shorter than one gating block are measured as if repeated. Silence stays silence.

    Args:
        samples: (n,) float32 mono.
        rate: Hertz.
        target: LUFS.

    Returns:
        (n,) float32 of the same length.
    """
    import pyloudnorm

    block = round(_BLOCK_S * rate) + 1
    measured = samples if samples.size >= block else np.resize(samples, block)
    loudness = float(pyloudnorm.Meter(rate, block_size=_BLOCK_S).integrated_loudness(measured))
    if not np.isfinite(loudness):
        return samples
    return _limit(samples * np.float32(10 ** ((target - loudness) / 20)), rate)


def true_peak(samples: Float32, rate: int) -> Float32:
    """The largest magnitude around each sample between samples too, (n,) float32."""
    fine = np.abs(resample(samples, rate, rate * _OVERSAMPLING))
    return np.asarray(np.maximum(fine.reshape(-1, _OVERSAMPLING).max(axis=1), np.abs(samples)), np.float32)


def _limit(samples: Float32, rate: int) -> Float32:
    """A look-ahead limiter: gain falls before a peak and rises after it, 5 ms each way."""
    ceiling = 10 ** (PEAK_DBFS / 20)
    peaks = true_peak(samples, rate)
    if float(peaks.max()) <= ceiling:
        return samples
    step = rate // _LIMITER_HZ
    blocks = np.resize(np.pad(peaks, (0, -peaks.size % step)), (-(-peaks.size // step), step)).max(axis=1)
    wanted = ceiling / np.maximum(blocks, ceiling)
    reach = _LOOKAHEAD_BLOCKS
    # A mean over `reach` of minima over one block more stays below the need of a block and its neighbours,
    # and so does the line between two of them.
    lowest = np.pad(wanted, reach + 1, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(lowest, 2 * reach + 3).min(axis=1)
    box = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    smooth = np.convolve(np.pad(lowest, reach, mode="edge"), box, mode="valid")
    centres = (np.arange(smooth.size) + 0.5) * step
    limited = (samples * np.interp(np.arange(samples.size), centres, smooth)).astype(np.float32)
    # Changing the gain moves peaks between samples by a hair.
    rest = float(true_peak(limited, rate).max())
    return np.asarray(limited * min(1.0, ceiling / rest), np.float32)


def write_wav(path: Path, samples: Float32, sample_rate: int) -> None:
    """Write 16-bit mono WAV, whole or not at all; the same samples give the same bytes.

    Args:
        path: The file; replaced when it exists.
        samples: (n,) float32; what is outside [-1, 1] is clipped.
        sample_rate: Hertz.

    Raises:
        OutputError: It cannot be written.
    """
    write_bytes(path, wav_bytes(samples, sample_rate))


def wav_bytes(samples: Float32, sample_rate: int) -> bytes:
    """16-bit mono WAV in memory; arguments as for `write_wav`."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sample_rate)
        out.writeframes(to_pcm(samples))
    return buffer.getvalue()
