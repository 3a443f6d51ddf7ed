"""Clips as raw material: any order, any rate, the right way up."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext

from chatanything.errors import InputFileError
from chatanything.media import clip as clips
from chatanything.media.clip import Clip, ClipTimes
from chatanything.media.image import write_png
from chatanything.types import UInt8

SIZE = (96, 64)


def picture(number: int) -> UInt8:
    """A grey that tells the number, with a red corner at the upper left."""
    image = np.full((SIZE[1], SIZE[0], 3), 16 + 6 * number, np.uint8)
    image[:16, :16] = (220, 30, 30)
    return image


def write(path: Path, ticks: list[int], *, turn: int = 0, rate: int = 25) -> Path:
    """A video whose pictures are shown at these ticks of 1/100 s."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "12", "g": "8", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 100)
        if turn:
            stream.set_display_rotation(turn)
        for number, tick in enumerate(ticks):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = tick, Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def number_of(image: UInt8) -> int:
    return round((float(image[30:50, 30:60].mean()) - 16) / 6)


def test_pictures_come_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = Clip(write(tmp_path / "a.mp4", list(range(0, 120, 4))))
    assert [number_of(one) for one in clip.scan(10.0)] == list(range(30))
    assert (clip.fps, clip.size, clip.expected) == (25.0, SIZE, 30)
    # Blocks of four pictures, so that playing backwards has to jump.
    monkeypatch.setattr(clips, "_BLOCK_BYTES", 1)
    order = [*range(30), *range(28, -1, -1), 7, 29, 0]
    assert [number_of(one) for one in clip.pictures(order)] == order


def test_a_file_without_time_stamps_is_read_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Clip(write(tmp_path / "a.mp4", list(range(0, 120, 4))))
    list(clip.scan(10.0))
    monkeypatch.setattr(clips, "_BLOCK_BYTES", 1)
    clip._times = ClipTimes(clip.times.starts, np.zeros(0, np.int64))
    assert [number_of(one) for one in clip.pictures([29, 3, 12])] == [29, 3, 12]


def test_scan_stops_and_counts_what_it_saw(tmp_path: Path) -> None:
    clip = Clip(write(tmp_path / "a.mp4", list(range(0, 120, 4))))
    assert len(list(clip.scan(0.4))) == 10
    assert len(clip.times.starts) == 10
    assert clip.times.grid(clip.fps).tolist() == list(range(10))


def test_variable_rate_becomes_constant(tmp_path: Path) -> None:
    ticks = [0, 4, 8, 12, 16, 36, 40, 44, 48, 80, 84, 88]
    clip = Clip(write(tmp_path / "a.mkv", ticks))
    assert [number_of(one) for one in clip.scan(10.0)] == list(range(12))
    grid = clip.times.grid(25.0)
    assert grid.tolist()[:11] == [0, 1, 2, 3, 4, 4, 4, 4, 4, 5, 6]
    assert grid[-1] == 11
    assert len(grid) == pytest.approx(23, abs=1)


@pytest.mark.parametrize("turn", [90, 180, -90])
def test_phone_videos_are_turned(tmp_path: Path, turn: int) -> None:
    clip = Clip(write(tmp_path / "a.mp4", [0, 4, 8], turn=turn))
    first = next(iter(clip.scan(10.0)))
    expected = np.rot90(picture(0), turn // 90 % 4)
    assert first.shape == expected.shape
    assert clip.size == (first.shape[1], first.shape[0])
    assert np.abs(first.astype(int) - expected).mean() < 6


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    still, text, cut = tmp_path / "a.png", tmp_path / "a.txt", tmp_path / "cut.mp4"
    write_png(still, picture(0))
    text.write_text("not a video")
    whole = write(tmp_path / "a.mp4", list(range(0, 120, 4)))
    cut.write_bytes(whole.read_bytes()[:400])
    odd = tmp_path / "odd.mp4"
    odd.write_bytes(whole.read_bytes().replace(b"avc1", b"zzzz"))
    for path, words in (
        (still, "is a picture"), (text, "cannot be read"), (cut, "cannot be read"),
        (odd, "unknown encoding"),
        (tmp_path / "none.mp4", "cannot be read"), (tmp_path, "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(InputFileError, match=words):
            Clip(path)


def test_huge_and_tiny_pictures_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.mp4", [0, 4, 8])
    monkeypatch.setattr(clips, "MAX_PIXELS", 1000)
    with pytest.raises(InputFileError, match="too large"):
        Clip(path)
    monkeypatch.undo()
    monkeypatch.setattr(clips, "MIN_EDGE", 100)
    with pytest.raises(InputFileError, match="too small"):
        Clip(path)


def test_colours_that_nobody_can_read_are_refused(tmp_path: Path) -> None:
    plain, path = write(tmp_path / "plain.mp4", [0, 4, 8]), tmp_path / "odd.mkv"
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        first = source.streams.video[0]
        stream = target.add_stream_from_template(first)
        # YCgCo-Ro is lossless and wants more bits than these pictures have.
        odd = BitStreamFilterContext("h264_metadata=matrix_coefficients=17", first, stream)
        for packet in source.demux(video=0):
            for changed in odd.filter(packet if packet.dts is not None else None):
                changed.stream = stream
                target.mux(changed)
    with pytest.raises(InputFileError, match=r"odd\.mkv is damaged"):
        list(Clip(path).scan(1.0))
