"""Video: exact timing, the same bytes, and nothing half-written."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from chatanything.errors import InputFileError, OutputError
from chatanything.media.audio import read_audio, write_wav
from chatanything.media.clip import Clip
from chatanything.media.video import read_video, write_video
from chatanything.types import Float32, Frame

RATE = 24_000
COLOURS = [(220, 60, 40), (40, 200, 60), (30, 60, 220), (200, 200, 200)]


def frames(count: int, flash: int = -1, size: int = 64) -> Iterator[Frame]:
    """Four colours in the corners; one frame is white."""
    image = np.empty((size, size, 3), np.uint8)
    half = size // 2
    image[:half, :half], image[:half, half:], image[half:, :half], image[half:, half:] = COLOURS
    for number in range(count):
        yield Frame(np.full_like(image, 255) if number == flash else image, number)


def beep(seconds: float, at: float, rate: int = RATE) -> Float32:
    samples = np.zeros(round(seconds * rate), np.float32)
    start = round(at * rate)
    count = rate // 50
    samples[start : start + count] = 0.8 * np.sin(2 * np.pi * 1000 * np.arange(count) / rate)
    return samples


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000, 96_000])
def test_sound_and_picture_start_together(tmp_path: Path, rate: int) -> None:
    samples = beep(2.0, 1.0, rate)
    path = tmp_path / "a.mp4"
    info = write_video(path, frames(50, flash=25), fps=25, samples=samples, sample_rate=rate)
    assert (info.width, info.height, info.frames, info.fps, info.duration_s) == (64, 64, 50, 25, 2.0)
    pictures, fps = read_video(path)
    bright = [number for number, image in enumerate(pictures) if image.mean() > 240]
    assert (bright, fps) == ([25], 25)
    heard, heard_rate = read_audio(path)
    onset = int(np.argmax(np.abs(heard) > 0.2)) / heard_rate
    assert onset == pytest.approx(1.0, abs=0.003)


def test_tracks_are_what_players_expect(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_video(path, frames(50), fps=25, samples=beep(2.0, 1.0), sample_rate=RATE)
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (audio.codec_context.name, audio.rate) == ("aac", RATE)
        assert video.start_time == 0
        assert audio.start_time == 0
        assert float(video.duration * video.time_base) == 2.0
        assert float(audio.duration * audio.time_base) == pytest.approx(2.0, abs=0.001)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_video(path, frames(5), fps=25, samples=beep(0.2, 0.1), sample_rate=RATE)
    image = next(read_video(path)[0])
    for (row, column), colour in zip([(16, 16), (16, 48), (48, 16), (48, 48)], COLOURS, strict=True):
        assert np.abs(image[row, column].astype(int) - colour).max() <= 3


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", frames(30), fps=25, samples=beep(1.2, 0.5), sample_rate=RATE)
    time.sleep(1.1)  # a creation time would show
    write_video(tmp_path / "b.mp4", frames(30), fps=25, samples=beep(1.2, 0.5), sample_rate=RATE)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


@pytest.mark.parametrize("fps", [5.0, 12.5, 24.0, 29.97, 30000 / 1001, 60.0])
def test_frame_rates(tmp_path: Path, fps: float) -> None:
    write_video(tmp_path / "a.mp4", frames(12), fps=fps, samples=beep(0.2, 0.1), sample_rate=RATE)
    pictures, read = read_video(tmp_path / "a.mp4")
    assert read == pytest.approx(fps, rel=1e-4)
    assert sum(1 for _ in pictures) == 12


def test_progress_counts_frames(tmp_path: Path) -> None:
    seen: list[tuple[str, float, float]] = []
    write_video(
        tmp_path / "a.mp4",
        frames(5),
        fps=25,
        samples=beep(0.2, 0.1),
        sample_rate=RATE,
        progress=lambda stage, done, total, note="": seen.append((stage, done, total)),
        total=5,
    )
    assert seen == [("write", number, 5) for number in range(1, 6)]


class Breakdown(BaseException):
    """As Ctrl-C: not an Exception."""


def broken(count: int) -> Iterator[Frame]:
    yield from frames(count)
    raise Breakdown


def test_a_failed_run_leaves_nothing_and_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"old")
    with pytest.raises(Breakdown):
        write_video(path, broken(10), fps=25, samples=beep(1, 0.5), sample_rate=RATE)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_clear_error(tmp_path: Path) -> None:
    # A limit of the process ends the file as a full disk does, in the middle and before the index.
    code = f"""
import resource, sys
from pathlib import Path
import numpy as np
from chatanything.errors import OutputError
from chatanything.media.video import write_video
from chatanything.types import Frame

noise = np.random.default_rng(0).integers(0, 255, (60, 128, 128, 3), np.uint8)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
try:
    frames = (Frame(image, i) for i, image in enumerate(noise))
    write_video(Path({str(tmp_path)!r}) / "a.mp4", frames, fps=25, samples=np.zeros(48_000, np.float32),
                sample_rate=24_000)
except OutputError as exc:
    print(exc)
"""
    for limit in (100, 60_000, 600_000):
        command = [sys.executable, "-c", code, str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"the video cannot be written into {tmp_path}, got File too large.\n"
        assert not list(tmp_path.iterdir())


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"

    def watched() -> Iterator[Frame]:
        for frame in frames(10):
            assert not path.exists()
            yield frame

    write_video(path, watched(), fps=25, samples=beep(0.4, 0.1), sample_rate=RATE)
    assert list(tmp_path.iterdir()) == [path]


def test_wrong_frames_and_folders_are_named(tmp_path: Path) -> None:
    sound = {"fps": 25.0, "samples": beep(0.4, 0.1), "sample_rate": RATE}
    with pytest.raises(OutputError, match="no frame"):
        write_video(tmp_path / "a.mp4", iter(()), **sound)
    with pytest.raises(OutputError, match="odd"):
        write_video(tmp_path / "a.mp4", frames(2, size=65), **sound)
    with pytest.raises(OutputError, match="another shape"):
        write_video(tmp_path / "a.mp4", [*frames(2), Frame(np.zeros((32, 32, 3), np.uint8), 2)], **sound)
    with pytest.raises(OutputError, match="missing"):
        write_video(tmp_path / "missing" / "a.mp4", frames(2), **sound)
    assert not list(tmp_path.iterdir())


def test_tags_in_another_encoding_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "old.avi"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "CafX"
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for frame in frames(5):
            picture = av.VideoFrame.from_ndarray(frame.image, format="rgb24").reformat(format="yuv420p")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    assert b"CafX" in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(b"CafX", b"Caf\xe9"))
    assert len(list(read_video(path)[0])) == 5
    assert len(list(Clip(path).scan(10.0))) == 5


def test_unreadable_videos_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video")
    write_wav(tmp_path / "sound.wav", beep(0.4, 0.1), RATE)
    for name, message in {
        "text.mp4": "cannot be read",
        "none.mp4": "No such",
        "sound.wav": "no pictures",
    }.items():
        with pytest.raises(InputFileError, match=message):
            read_video(tmp_path / name)
