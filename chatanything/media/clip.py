"""A video as raw material: its pictures by number, forth and back, without keeping them in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from chatanything.errors import InputFileError
from chatanything.types import UInt8

MAX_PIXELS: Final = 9_500_000
"""Of one picture: 4K and a little more."""
MIN_EDGE: Final = 64
"""Pixels; below this a face has no usable mouth."""
_RATES: Final = (1.0, 120.0)
"""Frames a second that are kept; others are resampled to the nearer end."""
_BLOCK_BYTES: Final = 96_000_000
"""Decoded pictures kept at a time: what playing backwards needs."""
_HD_LINES: Final = 720
"""Untagged pictures with so many lines are BT.709, smaller ones BT.601 (ITU-R BT.1848, annex 1)."""
_UNTAGGED, _BT709, _BT601 = 2, 1, 5
"""Matrix codes: untagged by ITU-T H.273, the others as swscale names them."""

Int64 = npt.NDArray[np.int64]
Decoded = Any
"""PyAV's picture."""


@dataclass(frozen=True, slots=True)
class ClipTimes:
    """When the pictures of a clip are shown."""

    starts: npt.NDArray[np.float64]
    """(n,) seconds from the first picture on, in order."""
    stamps: Int64
    """(n,) the same in the file's own ticks; empty when the file has none that can be trusted."""

    def grid(self, fps: float) -> Int64:
        """Which picture is on the screen at each tick of a constant rate, (m,)."""
        step = 1.0 / fps
        last = float(self.starts[-1]) + step
        ticks = np.arange(max(1, round(last * fps))) * step
        return np.maximum(np.searchsorted(self.starts, ticks + 0.5 * step) - 1, 0).astype(np.int64)


class Clip:
    """An opened video file; every reading opens it anew, so that nothing has to be closed.

    Phone videos come the right way up, non-square pixels are made square, and pictures of changing size are
    brought to the size of the header.

    Args:
        path: Any video file that FFmpeg decodes.

    Raises:
        InputFileError: Missing, damaged, a still picture, no pictures, or pictures too large or too small.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as container:
            stream = self._stream(container)
            context = stream.codec_context
            aspect = float(stream.sample_aspect_ratio or 1) or 1.0
            self._stored = (max(1, round(context.width * aspect)), int(context.height))
            self._check(context.width, context.height)
            rate = float(stream.average_rate or stream.guessed_rate or 0) or 25.0
            self.fps = min(max(rate, _RATES[0]), _RATES[1])
            """Constant rate that the clip is played with, frames a second."""
            length = (
                stream.duration * stream.time_base if stream.duration else (container.duration or 0) / 1e6
            )
            self.expected = stream.frames or round(float(length) * rate)
            """Pictures by the header, 0 when it does not say; for progress only."""
            self._turns = self._quarter_turns(container)
        width, height = self._stored
        self.size: tuple[int, int] = (height, width) if self._turns % 2 else (width, height)
        """Width and height as shown, in pixels."""
        self._times: ClipTimes | None = None

    @property
    def times(self) -> ClipTimes:
        """Times of the pictures that the last complete or stopped `scan` saw."""
        assert self._times is not None, "scan first"
        return self._times

    def scan(self, most_s: float) -> Iterator[UInt8]:
        """The pictures from the start on, (H, W, 3) uint8 RGB each; `times` is known when it ends.

        Args:
            most_s: Stop after so many seconds.

        Raises:
            InputFileError: The file is damaged, or there is no picture in it.
        """
        starts: list[float] = []
        stamps: list[int | None] = []
        for frame in self._decode(None):
            start = frame.time if frame.time is not None else len(starts) / self.fps
            first = starts[0] if starts else start
            if start - first >= most_s:
                break
            starts.append(start)
            stamps.append(frame.pts)
            yield self._picture(frame)
        if not starts:
            raise InputFileError(f"{self.path} has no pictures", expected="a video file")
        known = [stamp for stamp in stamps if stamp is not None]
        if len(known) < len(stamps) or any(after <= before for before, after in pairwise(known)):
            starts, known = [k / self.fps for k in range(len(starts))], []
        self._times = ClipTimes(np.array(starts) - starts[0], np.array(known, np.int64))

    def pictures(self, order: Sequence[int] | Int64) -> Iterator[UInt8]:
        """Pictures by number, as scanned, in any order; neighbours in either direction are cheap.

        Args:
            order: Numbers from 0 to the scanned count.

        Raises:
            InputFileError: The file is damaged or has changed since the scan.
        """
        count = len(self.times.starts)
        length = max(4, _BLOCK_BYTES // (self._stored[0] * self._stored[1] * 3 // 2))
        reader: Iterator[Decoded] = iter(())
        block: list[Decoded] = []
        at, first = -1, 0
        for number in order:
            if not first <= number < first + len(block):
                first = int(number) // length * length
                if at != first:
                    reader, at = self._from(first), first
                block = [frame for _, frame in zip(range(min(length, count - first)), reader, strict=False)]
                at += len(block)
                if not first <= number < first + len(block):
                    raise InputFileError(f"{self.path} is damaged", got=f"no picture {int(number)}")
            yield self._picture(block[int(number) - first])

    def _from(self, number: int) -> Iterator[Decoded]:
        """Decoded pictures from a number on; from the start where the file cannot be trusted to jump."""
        stamps = self.times.stamps
        if number and stamps.size:
            wanted = int(stamps[number])
            frames = self._decode(wanted)
            for frame in frames:
                if frame.pts is None or frame.pts > wanted:
                    break
                if frame.pts == wanted:
                    yield frame
                    yield from frames
                    return
        frames = self._decode(None)
        for _ in range(number):
            next(frames, None)
        yield from frames

    def _decode(self, stamp: int | None) -> Iterator[Decoded]:
        """Decoded pictures from the start, or from the key picture before a time stamp."""
        import av

        with self._opened() as container:
            stream = self._stream(container)
            stream.thread_type = "AUTO"
            try:
                if stamp is not None:
                    container.seek(stamp, stream=stream, backward=True)
                yield from container.decode(stream)
            except (av.FFmpegError, OSError) as exc:
                raise InputFileError(f"{self.path} is damaged", got=exc.strerror or str(exc)) from exc

    def _opened(self) -> Any:
        import av

        try:
            # Tags of old programs are not UTF-8; nobody asks for them.
            return av.open(str(self.path), metadata_errors="replace")
        except (av.FFmpegError, OSError, ValueError) as exc:
            reason = getattr(exc, "strerror", None) or str(exc)
            raise InputFileError(f"{self.path} cannot be read as video", got=reason) from exc

    def _stream(self, container: Any) -> Any:
        name = str(container.format.name)
        if name.endswith("_pipe") or name == "image2":
            raise InputFileError(
                f"{self.path} is a picture",
                expected="a video",
                hint=f'A picture speaks with: chatanything create "who it is" --face {self.path}',
            )
        for stream in container.streams.video:
            if "attached_pic" not in str(stream.disposition).lower():
                if stream.codec_context is None:
                    raise InputFileError(f"{self.path} cannot be read as video", got="an unknown encoding")
                return stream
        raise InputFileError(f"{self.path} has no pictures", expected="a video file")

    def _check(self, width: int, height: int) -> None:
        got = f"{width} x {height}"
        if min(width, height) < MIN_EDGE:
            raise InputFileError(
                f"the pictures of {self.path} are too small",
                expected=f"at least {MIN_EDGE} px a side",
                got=got,
            )
        if width * height > MAX_PIXELS:
            raise InputFileError(
                f"the pictures of {self.path} are too large",
                expected="4K at most",
                got=got,
                hint=f"Make them smaller first: ffmpeg -i {self.path} -vf scale=1920:-2 smaller.mp4",
            )

    def _quarter_turns(self, container: Any) -> int:
        """How often the stored pictures have to be turned left, by the display matrix of the first one."""
        import av

        try:
            frame = next(container.decode(self._stream(container)), None)
        except (av.FFmpegError, OSError) as exc:
            raise InputFileError(f"{self.path} is damaged", got=exc.strerror or str(exc)) from exc
        if frame is None:
            raise InputFileError(f"{self.path} has no pictures", expected="a video file")
        return int(round(frame.rotation / 90) % 4)

    def _picture(self, frame: Decoded) -> UInt8:
        import av

        width, height = self._stored
        matrix = frame.colorspace
        if matrix == _UNTAGGED:
            matrix = _BT709 if height >= _HD_LINES else _BT601
        try:
            converted = frame.reformat(width=width, height=height, format="rgb24", src_colorspace=matrix)
            picture = converted.to_ndarray()
        except (av.FFmpegError, OSError) as exc:  # colours that a damaged header makes up
            raise InputFileError(f"{self.path} is damaged", got=exc.strerror or str(exc)) from exc
        return np.ascontiguousarray(np.rot90(picture, self._turns)) if self._turns else picture
