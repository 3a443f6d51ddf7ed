"""Sound as bytes in the formats that the web knows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chatanything.errors import UsageError
from chatanything.media.audio import resample
from chatanything.media.pcm import to_int16
from chatanything.types import Float32

_OPUS_RATE: Final = 48_000


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """How a format is written."""

    mime: str
    container: str
    codec: str
    bit_rate: int | None = None


FORMATS: Final = {
    "wav": AudioFormat("audio/wav", "wav", "pcm_s16le"),
    "flac": AudioFormat("audio/flac", "flac", "flac"),
    "mp3": AudioFormat("audio/mpeg", "mp3", "libmp3lame", 96_000),
    "opus": AudioFormat("audio/ogg", "ogg", "libopus", 48_000),
    "aac": AudioFormat("audio/aac", "adts", "aac", 96_000),
    "pcm": AudioFormat("audio/pcm", "s16le", "pcm_s16le"),
}

STREAMED: Final = tuple(name for name in FORMATS if name not in ("wav", "flac"))
"""Those whose beginning does not say how long they are."""
_AS_IT_COMES: Final = {"mp3": {"write_xing": "0"}, "ogg": {"page_duration": "100000"}}
"""No header to be filled in at the end; pages of 0.1 s instead of 1 s."""


def encode_audio(samples: Float32, sample_rate: int, name: str) -> bytes:
    """Sound as a file in memory; the same samples give the same bytes.

    Args:
        samples: (n,) float32 mono; what is outside [-1, 1] is clipped.
        sample_rate: Hertz; Opus is resampled to 48,000.
        name: One of `FORMATS`.

    Raises:
        UsageError: The format is not known.
    """
    import av

    if name not in FORMATS:
        raise UsageError("the sound format is not known", expected=", ".join(FORMATS), got=name)
    form = FORMATS[name]
    if form.codec == "libopus":
        samples, sample_rate = resample(samples, sample_rate, _OPUS_RATE), _OPUS_RATE
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form.container, options={"fflags": "+bitexact"}) as out:
        stream = out.add_stream(form.codec, rate=sample_rate, layout="mono")
        if form.bit_rate:
            stream.bit_rate = form.bit_rate
        frame = av.AudioFrame.from_ndarray(to_int16(samples)[None], format="s16", layout="mono")
        frame.sample_rate = sample_rate
        for packet in (*_encoded(stream, frame), *stream.encode(None)):
            out.mux(packet)
    return buffer.getvalue()


class _Pipe:
    """A file that can only be written to; what was written is taken away."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self._bytes += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        data, self._bytes = bytes(self._bytes), bytearray()
        return data


def encode_stream(pieces: Iterable[tuple[Float32, int]], name: str) -> Iterator[bytes]:
    """Sound that is still being made, as the bytes of one file.

    Args:
        pieces: (samples, Hertz) as `encode_audio` takes them, all at one rate, in order of time.
        name: One of `STREAMED`.

    Yields:
        The next bytes, at least once a piece where the codec gives any.

    Raises:
        UsageError: The format cannot be streamed.
    """
    import av

    if name not in STREAMED:
        raise UsageError("the sound format cannot be streamed", expected=", ".join(STREAMED), got=name)
    form, pipe, resampler, clock = FORMATS[name], _Pipe(), None, 0
    options = {"fflags": "+bitexact", **_AS_IT_COMES.get(form.container, {})}
    out = av.open(pipe, "w", format=form.container, options=options)
    with out:
        for samples, rate in pieces:
            if resampler is None:
                opus = form.codec == "libopus"
                stream = out.add_stream(form.codec, rate=_OPUS_RATE if opus else rate, layout="mono")
                if form.bit_rate:
                    stream.bit_rate = form.bit_rate
                codec = stream.codec_context
                resampler = av.AudioResampler(
                    codec.format, "mono", codec.rate, frame_size=codec.frame_size or None
                )
            frame = av.AudioFrame.from_ndarray(to_int16(samples)[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, clock, Fraction(1, rate)
            clock += len(samples)
            for ready in resampler.resample(frame):
                out.mux(stream.encode(ready))
            yield pipe.taken()
        if resampler is not None:
            for ready in resampler.resample(None):
                out.mux(stream.encode(ready))
            out.mux(stream.encode(None))
    yield pipe.taken()


def _encoded(stream: object, frame: object) -> tuple[object, ...]:
    """Packets of one frame in the sample format that the codec wants."""
    import av

    codec = stream.codec_context  # type: ignore[attr-defined]
    resampler = av.AudioResampler(codec.format, "mono", codec.rate, frame_size=codec.frame_size or None)
    frames = (*resampler.resample(frame), *resampler.resample(None))
    return tuple(packet for one in frames for packet in codec.encode(one))
