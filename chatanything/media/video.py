"""Video: H.264 and AAC in MP4, written frame by frame with the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.errors import InputFileError, OutputError
from chatanything.media.atomic import replacing
from chatanything.media.audio import resample
from chatanything.progress import Progress, silent
from chatanything.types import Float32, Frame, UInt8

_X264: Final = {"crf": "18", "preset": "veryfast"}
_AAC_RATES: Final = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})
_AAC_BITS_PER_SAMPLE: Final = 4
_AAC_MAX_BIT_RATE: Final = 96_000
_RESAMPLED: Final = 48_000
"""Rate for sound whose own rate AAC does not know."""
_BT709: Final = 1
"""Primaries, transfer and matrix of ITU-T H.273, tagged so that players do not guess."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What was written."""

    width: int
    height: int
    frames: int
    fps: float
    duration_s: float
    """Length of the longer track in seconds."""


def write_video(
    path: Path,
    frames: Iterable[Frame],
    *,
    fps: float,
    samples: Float32,
    sample_rate: int,
    progress: Progress = silent,
    total: int = 0,
) -> VideoInfo:
    """Encode a video while its frames are made; the file appears only when it is whole.

    H.264 (yuv420p, BT.709, crf 18, one thread so that the bytes do not depend on the machine's cores) and
    AAC, index first. Both tracks start at 0: the encoder's priming is cut by the edit list.

    Args:
        path: The mp4; replaced when it exists.
        frames: Pictures of one size with even edges; `pts` counts up.
        fps: Frames a second.
        samples: (n,) float32 mono in [-1, 1].
        sample_rate: Hertz.
        progress: Told in frames, stage "write".
        total: How many frames there will be, 0 when not known.

    Raises:
        OutputError: No frame, a frame of another size, or the file cannot be written.
    """
    stream = iter(frames)
    first = next(stream, None)
    if first is None:
        raise OutputError(f"there is no frame to write into {path}", expected="at least one")
    height, width = first.image.shape[:2]
    if height % 2 or width % 2:
        raise OutputError("the picture's edges are odd", expected="even", got=f"{width} x {height}")
    count = 0
    with replacing(path) as temporary, _Muxer(temporary, width, height, fps, samples, sample_rate) as muxer:
        for frame in chain((first,), stream):
            muxer.add(frame)
            count += 1
            progress("write", count, total)
        muxer.finish()
    return VideoInfo(width, height, count, fps, max(count / fps, len(samples) / sample_rate))


class _Muxer:
    """The open file and its two encoders."""

    def __init__(
        self, path: Path, width: int, height: int, fps: float, samples: Float32, sample_rate: int
    ) -> None:
        import av

        rate = sample_rate if sample_rate in _AAC_RATES else _RESAMPLED
        self._path, self._size = path, (height, width)
        self._samples, self._rate = resample(samples, sample_rate, rate), rate
        self._sent = 0
        self._fps = Fraction(fps).limit_denominator(1001)
        with self._writing():
            options = {"movflags": "+faststart", "fflags": "+bitexact"}
            self._container: Any = av.open(str(path), "w", format="mp4", options=options)
            self._video = self._video_stream(width, height)
            self._audio = self._audio_stream()

    def __enter__(self) -> _Muxer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        import av

        # Closing writes the index, which fails again on a full disk; the first error is the one to tell.
        with suppress(av.FFmpegError, OSError) if kind else nullcontext():
            self._container.close()

    def add(self, frame: Frame) -> None:
        """Encode a picture and the sound up to it."""
        import av
        from av.video.reformatter import ColorRange, Colorspace

        if frame.image.shape != (*self._size, 3):
            raise OutputError(
                "a frame has another shape", expected=str((*self._size, 3)), got=str(frame.image.shape)
            )
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame.image), format="rgb24")
        picture = picture.reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        picture.pts, picture.time_base = frame.pts, 1 / self._fps
        with self._writing():
            self._container.mux(self._video.encode(picture))
            self._send_sound(int((frame.pts + 1) / self._fps * self._rate))

    def finish(self) -> None:
        """Encode what is left and write the index."""
        with self._writing():
            self._send_sound(self._samples.size)
            self._container.mux(self._video.encode(None))
            self._container.mux(self._audio.encode(None))
            self._container.close()

    def _video_stream(self, width: int, height: int) -> Any:
        stream = self._container.add_stream("libx264", rate=self._fps, options=_X264)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.time_base, context.thread_count = 1 / self._fps, 1
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = 1  # limited, as yuv420p video is everywhere
        _bitexact(context)
        return stream

    def _audio_stream(self) -> Any:
        stream = self._container.add_stream("aac", rate=self._rate, layout="mono")
        stream.codec_context.bit_rate = min(_AAC_MAX_BIT_RATE, _AAC_BITS_PER_SAMPLE * self._rate)
        _bitexact(stream.codec_context)
        return stream

    def _send_sound(self, until: int) -> None:
        """Encode samples up to a position."""
        import av

        until = min(until, self._samples.size)
        if until <= self._sent:
            return
        block = np.ascontiguousarray(self._samples[None, self._sent : until], np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self._sent, Fraction(1, self._rate)
        self._sent = until
        self._container.mux(self._audio.encode(frame))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        import av

        try:
            yield
        except (av.FFmpegError, OSError) as exc:
            raise OutputError(
                f"the video cannot be written into {self._path.parent}", got=exc.strerror or str(exc)
            ) from exc


def _bitexact(context: Any) -> None:
    from av.codec.context import Flags

    context.flags |= Flags.bitexact


def read_video(path: Path) -> tuple[Iterator[UInt8], float]:
    """The pictures of a video, decoded one by one as they are asked for.

    Returns:
        Iterator of (H, W, 3) uint8 RGB, and frames a second.

    Raises:
        InputFileError: Missing, damaged or without pictures; damage further on is found while iterating.
    """
    import av

    try:
        # Tags of old programs are not UTF-8; nobody asks for them.
        container = av.open(str(path), metadata_errors="replace")
    except (av.FFmpegError, OSError) as exc:
        raise InputFileError(f"{path} cannot be read as video", got=exc.strerror or str(exc)) from exc
    if not container.streams.video:
        container.close()
        raise InputFileError(f"{path} has no pictures", expected="a video file")
    rate = container.streams.video[0].average_rate
    return _pictures(container, path), float(rate or 0)


def _pictures(container: Any, path: Path) -> Iterator[UInt8]:
    import av

    with container:
        try:
            for frame in container.decode(video=0):
                yield frame.to_ndarray(format="rgb24")
        except av.FFmpegError as exc:
            raise InputFileError(f"{path} is damaged", got=exc.strerror or str(exc)) from exc
