"""The whole way on finished files: pictures are looked at, sound is aligned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chatanything.errors import InputFileError, SpeechError
from chatanything.evaluation.lipsync import list_videos, run_lipsync
from chatanything.evaluation.long_film import Minute, cost_rows, drift_row, minutes_of
from chatanything.evaluation.mouth import measure_clip, watch
from chatanything.evaluation.suite import SENTENCES
from chatanything.evaluation.sync import correlation, lag_ms
from chatanything.face.landmarks import FaceDetector
from chatanything.media.video import write_video
from chatanything.types import Delivery, Frame, VoiceChoice
from chatanything.voice.speech import Speaker

pytestmark = pytest.mark.weights
FPS = 25.0


@pytest.fixture(scope="module")
def speech():
    voice = VoiceChoice("kokoro", (("af_heart", 1.0),))
    return Speaker().speak(SENTENCES[2], voice, Delivery(), seed=1)


def openings(speech, frames, late_s):
    times = np.arange(frames) / FPS - late_s
    opening = np.zeros(frames)
    for phone in speech.phones():
        wide = {"A": 0.22, "E": 0.16, "O": 0.14, "I": 0.1}.get(phone.text[0], 0.06)
        shut = phone.text in {"P", "B", "M", "SIL"}
        opening[(times >= phone.start_s) & (times < phone.end_s)] = 0.0 if shut else wide
    return opening


def film(path, speech, face, late_s=0.0, frozen=False):
    """The drawn face saying it; lips shut on bilabials and in silence, open elsewhere."""
    opening = openings(speech, int(np.ceil(speech.duration_s * FPS)), late_s)
    if frozen:
        opening[:] = 0.0
    frames = [Frame(face(value), i) for i, value in enumerate(opening)]
    write_video(path, frames, fps=FPS, samples=speech.samples, sample_rate=speech.sample_rate)
    path.with_suffix(".txt").write_text(SENTENCES[2])


def test_a_planted_delay_of_the_pictures_is_found(tmp_path, speech, face):
    film(tmp_path / "good.mp4", speech, face)
    film(tmp_path / "late.mp4", speech, face, late_s=0.16)
    with FaceDetector() as detector:
        good = measure_clip(watch(tmp_path / "good.mp4", detector), SENTENCES[2])
        late = measure_clip(watch(tmp_path / "late.mp4", detector), SENTENCES[2])
    assert good.face_found == 1.0
    assert abs(lag_ms([good])) < 60
    assert lag_ms([late]) - lag_ms([good]) == pytest.approx(160, abs=25)
    assert correlation(good) > 0.5


def test_films_whose_words_are_not_heard_are_left_out_and_counted(tmp_path, speech, face):
    film(tmp_path / "good.mp4", speech, face)
    film(tmp_path / "mute.mp4", replace(speech, samples=np.zeros_like(speech.samples)), face)
    rows = {row.metric: row for row in run_lipsync(videos=tmp_path)}
    assert (rows["lipsync.words_found"].value, rows["lipsync.words_found"].n) == (0.5, 2)
    assert rows["lipsync.lag"].n == 1
    (tmp_path / "good.mp4").unlink()
    with pytest.raises(SpeechError, match="no video's words fit"):
        run_lipsync(videos=tmp_path)


def test_a_frozen_film_fails(tmp_path, speech, face):
    film(tmp_path / "still.mp4", speech, face, frozen=True)
    rows = {row.metric: row.value for row in run_lipsync(videos=tmp_path)}
    assert rows["lipsync.face_found"] == 1.0
    assert rows["lipsync.closure_recall"] == 0.0
    assert rows["lipsync.closed_in_silence"] == 0.0
    assert abs(rows["lipsync.correlation"]) < 0.35


def test_videos_need_their_words(tmp_path):
    with pytest.raises(InputFileError, match="no videos"):
        list_videos(tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(InputFileError, match=r"a\.txt"):
        list_videos(tmp_path)


def test_lips_that_fall_behind_in_a_long_film_are_found(tmp_path, speech, face):
    frames = int(np.ceil(speech.duration_s * FPS))
    samples = np.zeros(int(frames / FPS * speech.sample_rate), np.float32)
    samples[: len(speech.samples)] = speech.samples[: len(samples)]
    minute = Minute(samples, speech.sample_rate, speech.phones())
    twice = replace(speech, samples=np.tile(samples, 2))
    pictures = [face(value) for late_s in (0.0, 0.08) for value in openings(speech, frames, late_s)]
    path = tmp_path / "long.mp4"
    write_video(
        path, [Frame(one, i) for i, one in enumerate(pictures)],
        fps=FPS, samples=twice.samples, sample_rate=twice.sample_rate,
    )  # fmt: skip
    row = drift_row(minutes_of(path, minute, (0, 1)))
    assert row.value == pytest.approx(80, abs=25)
    assert row.control["planted_40_ms_found_as"] == pytest.approx(row.value + 40, abs=12)
    costs = cost_rows([{"memory": 700.0, "seconds": 40.0}, {"memory": 760.0, "seconds": 120.0}], 2, 60.0)
    assert [cost.value for cost in costs] == [60.0, 1.0]
