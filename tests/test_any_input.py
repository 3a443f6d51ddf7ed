"""Whatever sound or picture comes in: a video, or one clear error, and nothing left behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatanything.bundle import Persona
from chatanything.errors import FaceError, SpeechError
from chatanything.evaluation.mouth import opening_of
from chatanything.face.landmarks import FaceDetector
from chatanything.media.audio import write_wav
from chatanything.media.image import write_png
from chatanything.media.video import read_video
from chatanything.seeds import generator
from chatanything.studio import Studio
from chatanything.types import Float32, TalkingVideo

pytestmark = pytest.mark.weights

SECONDS = 2.0


@pytest.fixture(scope="module")
def studio() -> Studio:
    return Studio(llm="rules", size=256)


@pytest.fixture(scope="module")
def apple(studio: Studio) -> Persona:
    return studio.create("a cheerful apple who sings opera", seed=7)


@pytest.fixture(scope="module")
def spoken(studio: Studio, apple: Persona, tmp_path_factory: pytest.TempPathFactory) -> Float32:
    """A spoken line at 24 kHz."""
    from chatanything.media.audio import read_audio, resample

    path = tmp_path_factory.mktemp("spoken") / "line.mp4"
    studio.say(apple, "My momma made apple pie for Bob.", out=path)
    samples, rate = read_audio(path)
    return resample(samples, rate, 24_000)


def _openings(path: Path) -> Float32:
    with FaceDetector() as detector:
        found = [detector.detect(picture) for picture in read_video(path)[0]]
    assert all(found)
    return opening_of([faces[0].landmarks for faces in found])


def _say(studio: Studio, apple: Persona, samples: Float32, rate: int, folder: Path) -> TalkingVideo:
    write_wav(folder / "in.wav", samples, rate)
    return studio.say(apple, audio=folder / "in.wav", out=folder / "out.mp4")


def test_silence_keeps_the_mouth_shut(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    video = _say(studio, apple, np.zeros(int(SECONDS * 16_000), np.float32), 16_000, tmp_path)
    assert video.duration_s == pytest.approx(SECONDS, abs=0.05)
    assert float(np.nanmax(_openings(video.path))) < 0.05


def test_noise_and_music_give_a_video(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    times = np.arange(int(SECONDS * 16_000)) / 16_000
    chord = sum(np.sin(2 * np.pi * hertz * times) for hertz in (220, 277, 330)) * (1 + np.sin(12 * times)) / 8
    noise = generator(0, "noise").normal(0, 0.2, len(times))
    for name, samples in (("chord", chord), ("noise", noise)):
        folder = tmp_path / name
        folder.mkdir()
        video = _say(studio, apple, np.asarray(samples, np.float32), 16_000, folder)
        assert video.duration_s == pytest.approx(SECONDS, abs=0.05)
        assert float(np.nanmax(_openings(video.path))) < 0.6


@pytest.mark.parametrize("kind", ["clipped", "quiet", "telephone"])
def test_bad_recordings_still_move_the_mouth_alike(
    studio: Studio, apple: Persona, spoken: Float32, tmp_path: Path, kind: str
) -> None:
    from chatanything.media.audio import resample

    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    first = _openings(_say(studio, apple, spoken, 24_000, good).path)
    changed, rate = {
        "clipped": (np.clip(spoken * 30, -1, 1), 24_000),
        "quiet": (spoken * 0.01, 24_000),
        "telephone": (resample(spoken, 24_000, 8_000), 8_000),
    }[kind]
    second = _openings(_say(studio, apple, np.asarray(changed, np.float32), rate, bad).path)
    assert len(second) == pytest.approx(len(first), abs=1)
    both = min(len(first), len(second))
    assert np.corrcoef(first[:both], second[:both])[0, 1] > 0.5


def test_a_blink_of_sound(studio: Studio, apple: Persona, spoken: Float32, tmp_path: Path) -> None:
    video = _say(studio, apple, spoken[12_000:14_400], 24_000, tmp_path)
    assert sum(1 for _ in read_video(video.path)[0]) in (2, 3)


def test_hours_and_rubbish_are_refused_at_once(studio: Studio, apple: Persona, tmp_path: Path) -> None:
    write_wav(tmp_path / "hours.wav", np.zeros(2 * 3600 * 1000, np.float32), 1000)
    (tmp_path / "rubbish.wav").write_bytes(b"RIFF" + bytes(range(256)) * 4)
    (tmp_path / "empty.mp3").write_bytes(b"")
    for name, said in (("hours.wav", "too long"), ("rubbish.wav", "sound"), ("empty.mp3", "sound")):
        with pytest.raises(SpeechError, match=said) as caught:
            studio.say(apple, audio=tmp_path / name, out=tmp_path / "out.mp4")
        assert "\n" not in str(caught.value)
    assert not list(tmp_path.glob("*.mp4*"))


@pytest.mark.parametrize(("right", "down"), [(60, 0), (-70, 0), (0, -90), (45, 20)])
def test_faces_at_the_edge_of_a_photo(
    studio: Studio, apple: Persona, tmp_path: Path, right: int, down: int
) -> None:
    canvas = np.pad(apple.portrait.image, ((128, 128), (128, 128), (0, 0)), mode="edge")
    top, left = 128 - down, 128 - right
    write_png(tmp_path / "photo.png", canvas[top : top + 256, left : left + 256])
    someone = studio.create("a singer", face_image=tmp_path / "photo.png", consent="I drew this")
    video = studio.say(someone, "Hello, Bob!", out=tmp_path / "out.mp4")
    frames = list(read_video(video.path)[0])
    assert len(frames) == pytest.approx(video.duration_s * 25, abs=1)
    assert min(float(frame.std()) for frame in frames) > 15


@pytest.mark.parametrize(("right", "down"), [(0, 40), (55, 45), (0, -150)])
def test_a_photo_that_ends_above_the_chin_or_below_the_eyes_is_refused(
    studio: Studio, apple: Persona, tmp_path: Path, right: int, down: int
) -> None:
    canvas = np.pad(apple.portrait.image, ((160, 160), (128, 128), (0, 0)), mode="edge")
    top, left = 160 - down, 128 - right
    write_png(tmp_path / "photo.png", canvas[top : top + 256, left : left + 256])
    with pytest.raises(FaceError):
        studio.create("a singer", face_image=tmp_path / "photo.png", consent="I drew this")
