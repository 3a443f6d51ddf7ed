"""The learnt judge: what it sees, what it says of tiny recordings, and of a drawn face on film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chatanything.evaluation.mouth import watch
from chatanything.evaluation.sync_judge import SyncClip, judged, late, sync_clip, sync_rows
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.sync_features import BANDS, LENGTHS, log_mel, mouth_series
from chatanything.lipsync.sync_net import SyncNet, agreement, load_sync_net
from chatanything.media.video import write_video
from chatanything.seeds import generator
from chatanything.types import Delivery, Frame, VoiceChoice
from chatanything.voice.speech import Speaker

FPS = 25.0
TEXT = "My brother Bob built a big blue boat, and mum baked plum pies. Please put the paper back."


def faces(opening, scale=1.0):
    """Landmarks of a mouth that opens so far, in eye distances of 80 px."""
    points = np.zeros((len(opening), 478, 3), np.float32)
    points[:, 263, 0] = 80
    points[:, 308, 0] = 30
    points[:, 14, 1] = 80 * opening
    return points * scale


def test_size_and_place_of_a_face_do_not_matter():
    opening = generator(0, "mouth").uniform(0, 0.2, 75).astype(np.float32)
    series = mouth_series(faces(opening), FPS)
    assert series.shape == (75, len(LENGTHS))
    assert series[:, 0].std() == pytest.approx(1, abs=1e-3)
    assert not series[:, 3].any()  # a width that never changes
    np.testing.assert_allclose(mouth_series(faces(opening, 2.5) + 40, FPS), series, atol=1e-3)


def test_faces_that_are_missing_are_bridged_and_rates_are_brought_together():
    opening = np.linspace(0, 0.3, 60, dtype=np.float32)
    landmarks = faces(opening)
    landmarks[20:24] = np.nan
    series = mouth_series(landmarks, 30.0)
    assert len(series) == 50
    assert np.all(np.diff(series[:48, 0]) > 0)
    assert not mouth_series(np.full_like(landmarks, np.nan), 30.0).any()


def test_loudness_does_not_matter_and_silence_is_nothing():
    rng = generator(1, "sound")
    sound = (rng.normal(0, 0.1, 16_000) * np.repeat([0, 1], 8000)).astype(np.float32)
    mel = log_mel(sound, 16_000)
    assert mel.shape == (100, BANDS)
    assert mel[:45].max() < 0.01 < 0.8 < mel[55:].mean() < 1.2
    np.testing.assert_allclose(log_mel(sound * 0.2, 16_000), mel, atol=1e-4)
    assert not log_mel(np.zeros(1600, np.float32), 16_000).any()


def test_the_offset_is_where_similarity_is_highest():
    similarity = np.eye(60, k=-3, dtype=np.float32) + 0.5 * np.eye(60, k=-4, dtype=np.float32)
    found = agreement(similarity)
    assert found.offset_s == pytest.approx(3.17 / FPS, abs=0.005)
    assert found.confidence == pytest.approx(1, abs=0.01)
    assert agreement(np.zeros((0, 0), np.float32)).confidence == 0


def test_rows_have_their_controls():
    rng = generator(2, "rows")
    clips = [
        SyncClip(str(i), rng.normal(size=(75, 8)).astype(np.float32), rng.random((300, 32), np.float32))
        for i in range(3)
    ]
    net = SyncNet(width=16, accuracy={"confidence": 0.4, "swapped": 0.2, "offset_ms": 5.0}).eval()
    confidence, offset = sync_rows(clips, net)
    assert (confidence.metric, offset.metric) == ("lipsync.sync_confidence", "lipsync.sync_offset")
    assert set(confidence.control) == {
        "frozen_mouth",
        "swapped_audio",
        "recorded_speaker",
        "recorded_swapped",
    }
    assert {"planted_160_ms_found_as", "planted_160_ms_found_in", "recorded_speaker"} <= set(offset.control)
    assert "swapped_audio" not in sync_rows(clips[:1], net)[0].control


@pytest.mark.weights
def test_the_shipped_judge_says_what_it_reached():
    net = load_sync_net()
    assert net.config.accuracy["offset_within_1"] > 0.9
    assert net.config.accuracy["confidence"] > net.config.accuracy["swapped"]
    assert sum(weight.numel() for weight in net.parameters()) < 500_000


@pytest.mark.weights
def test_it_finds_a_planted_delay_of_a_drawn_face(tmp_path: Path, face):
    """A smooth formula for the lips, a voice that it never heard, pictures decoded from a file."""
    voice = VoiceChoice("kokoro", (("af_heart", 1.0),))
    speech = Speaker().speak(TEXT, voice, Delivery(), seed=1)
    wide = {"A": 0.22, "E": 0.16, "O": 0.14, "I": 0.1}
    fine = np.zeros(int(speech.duration_s * 200))
    for phone in speech.phones():
        shut = phone.text in {"P", "B", "M", "SIL"}
        here = slice(int(phone.start_s * 200), int(phone.end_s * 200))
        fine[here] = 0.0 if shut else wide.get(phone.text[0], 0.06)
    smooth = np.convolve(fine, np.hanning(19) / 9, mode="same")[:: round(200 / FPS)]
    path = tmp_path / "face.mp4"
    frames = [Frame(face(float(value)), i) for i, value in enumerate(smooth)]
    write_video(path, frames, fps=FPS, samples=speech.samples, sample_rate=speech.sample_rate)
    with FaceDetector() as detector:
        clip = sync_clip(watch(path, detector), TEXT)
    net = load_sync_net()
    own, delayed = judged(net, clip), judged(net, late(clip))
    assert own.offset_s == pytest.approx(0, abs=2 / FPS)
    assert delayed.offset_s - own.offset_s == pytest.approx(0.16, abs=1 / FPS)
