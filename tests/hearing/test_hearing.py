"""Our own voices are understood; noise and silence are not."""

from __future__ import annotations

import json
import re
import tracemalloc
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import numpy as np
import pytest

from chatanything.errors import BackendError, UsageError
from chatanything.hearing.activity import MAX_UTTERANCE_S, RATE, Ended, Started, VoiceActivity
from chatanything.hearing.endpoint import EndpointRecognizer
from chatanything.hearing.recognizer import open_recognizer
from chatanything.media.audio import resample
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.speech import Speaker

pytestmark = pytest.mark.weights
SENTENCES = (
    "Good evening, how was your day?",
    "Please tell me about the ships that came by this morning.",
    "What kind of music do you play at night?",
    "I would like a cup of tea and a piece of cake.",
)


@pytest.fixture(scope="module")
def spoken():
    speaker = Speaker()
    voices = ("af_heart", "bm_george", "am_michael", "bf_emma")
    made = [
        speaker.speak(text, VoiceChoice("kokoro", ((voice, 1.0),)), Delivery(), 1)
        for text, voice in zip(SENTENCES, voices, strict=True)
    ]
    return [resample(speech.samples, speech.sample_rate, RATE) for speech in made]


@pytest.fixture(scope="module")
def recognizer():
    return open_recognizer("local")


def sounds(seconds=4.0):
    random = np.random.default_rng(1)
    times = np.arange(round(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * f * times) for f in (220, 277, 330)) / 6
    yield "silence", np.zeros_like(times)
    yield "offset", np.full_like(times, 0.3)
    yield "noise", random.normal(0, 0.1, len(times))
    yield "hum", 0.2 * np.sin(2 * np.pi * 50 * times)
    yield "chord", chord * (1 + np.sin(2 * np.pi * 2 * times)) / 2
    yield "clicks", (random.random(len(times)) < 0.0005).astype(float)
    yield "full scale", np.sign(random.normal(0, 1, len(times)))


def feed(samples, rate=RATE, piece_s=0.02):
    activity, events = VoiceActivity(rate), []
    step = max(1, round(piece_s * rate))
    for at in range(0, len(samples), step):
        events += activity.feed(np.asarray(samples[at : at + step], np.float32))
    return events


def words(text):
    return re.sub(r"[^a-z ]", "", text.lower()).split()


def errors(said, heard):
    """Word edit distance."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def test_our_voices_are_understood(recognizer, spoken):
    wrong = sum(
        errors(words(text), words(recognizer.transcribe(samples, RATE)))
        for text, samples in zip(SENTENCES, spoken, strict=True)
    )
    assert wrong / sum(len(words(text)) for text in SENTENCES) < 0.1
    other = resample(spoken[0], RATE, 48_000)
    assert errors(words(SENTENCES[0]), words(recognizer.transcribe(other, 48_000))) <= 1


@pytest.mark.parametrize(("name", "samples"), list(sounds()), ids=[name for name, _ in sounds(0.1)])
def test_what_is_no_speech_is_neither_noticed_nor_understood(recognizer, name, samples):
    assert feed(samples) == []
    assert recognizer.transcribe(samples.astype(np.float32), RATE) == ""


def test_nothing_at_all_is_nothing(recognizer):
    assert recognizer.transcribe(np.zeros(0, np.float32), RATE) == ""
    assert VoiceActivity(RATE).feed(np.zeros(0, np.float32)) == []
    assert VoiceActivity(RATE).feed(np.full(RATE, np.nan, np.float32)) == []


def edges(samples):
    """First and last moment that is loud, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 0.03)
    return loud[0] / RATE, loud[-1] / RATE


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_who_stops_sending_after_the_last_word_has_said_it(recognizer, spoken, rate):
    activity = VoiceActivity(rate)
    last = np.flatnonzero(np.abs(spoken[0]) > 0.03)[-1]
    events = activity.feed(resample(spoken[0][: last + RATE // 20], RATE, rate))
    assert [type(event) for event in events] == [Started]
    (ended,) = activity.end()
    assert isinstance(ended, Ended)
    assert errors(words(SENTENCES[0]), words(recognizer.transcribe(ended.samples, RATE))) <= 1
    assert activity.end() == []


def test_where_nobody_speaks_nobody_stops():
    activity = VoiceActivity(RATE)
    assert activity.end() == []
    activity.feed(np.zeros(RATE, np.float32))
    assert activity.end() == []


def test_two_sentences_are_two_utterances(recognizer, spoken):
    pause = np.zeros(round(1.0 * RATE), np.float32)
    track = np.concatenate([pause, spoken[0], pause, spoken[1], pause])
    events = feed(track)
    assert [type(event) for event in events] == [Started, Ended, Started, Ended]
    begins = (1.0, 1.0 + len(spoken[0]) / RATE + 1.0)
    for begin, samples, start, end in zip(begins, spoken[:2], events[::2], events[1::2], strict=True):
        first, last = edges(samples)
        assert start.at_s == pytest.approx(begin + first, abs=0.25)
        assert end.at_s == pytest.approx(begin + last, abs=0.25)
    for text, event in zip(SENTENCES, events[1::2], strict=False):
        assert errors(words(text), words(recognizer.transcribe(event.samples, RATE))) <= 1


def test_pieces_of_any_size_give_the_same(spoken):
    track = np.concatenate([spoken[0], np.zeros(RATE, np.float32)])
    small, large = feed(track, piece_s=0.02), feed(track, piece_s=1.0)
    assert [event.at_s for event in small] == [event.at_s for event in large]
    assert np.array_equal(small[1].samples, large[1].samples)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_every_usual_rate(spoken, rate):
    track = resample(np.concatenate([spoken[0], np.zeros(RATE, np.float32)]), RATE, rate)
    assert [type(event) for event in feed(track, rate)] == [Started, Ended]


def test_speech_over_noise_and_clipped(recognizer, spoken):
    noise = np.random.default_rng(2).normal(0, 0.01, len(spoken[1]) + RATE)
    track = np.concatenate([spoken[1], np.zeros(RATE, np.float32)]) + noise
    for samples in (track, np.clip(6 * track, -1, 1), track + 0.2):
        events = feed(samples)
        heard = " ".join(recognizer.transcribe(e.samples, RATE) for e in events if isinstance(e, Ended))
        assert errors(words(SENTENCES[1]), words(heard)) <= 2


def test_who_never_stops_is_cut(spoken):
    track = np.concatenate([np.concatenate(spoken)[: 8 * RATE]] * 5)
    lengths = [len(event.samples) / RATE for event in feed(track, piece_s=0.1) if isinstance(event, Ended)]
    assert lengths
    assert max(lengths) <= MAX_UTTERANCE_S + 0.1


def test_endless_noise_does_not_pile_up():
    activity, random = VoiceActivity(48_000), np.random.default_rng(4)
    noise = random.normal(0, 0.1, 48_000).astype(np.float32)
    sizes = []
    tracemalloc.start()
    for second in range(43):
        assert activity.feed(noise) == []
        if second in {2, 42}:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert sizes[1] - sizes[0] < 20_000


def test_rates_that_no_microphone_has():
    for rate in (0, 7_999, 96_000):
        with pytest.raises(UsageError, match="8000 to 48000"):
            VoiceActivity(rate)


class _Served(BaseHTTPRequestHandler):
    answers: ClassVar[list[tuple[int, dict[str, str] | str]]] = []
    got: ClassVar[list[bytes]] = []

    def do_POST(self):
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@pytest.fixture
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), _Served)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_asked(endpoint):
    _Served.answers, _Served.got = [(200, {"text": " Hello there. "})], []
    recognizer = open_recognizer(endpoint)
    assert isinstance(recognizer, EndpointRecognizer)
    assert recognizer.transcribe(np.zeros(1600, np.float32), RATE) == "Hello there."
    assert b"RIFF" in _Served.got[0]
    assert b"whisper-1" in _Served.got[0]
    for status in (400, 401, 500):
        _Served.answers = [(status, {"error": "no"})]
        with pytest.raises(BackendError, match=f"refused the request with status {status}"):
            recognizer.transcribe(np.zeros(1600, np.float32), RATE)
    _Served.answers = [(200, "{ this is cut off")]
    with pytest.raises(BackendError, match="gave a broken answer"):
        recognizer.transcribe(np.zeros(1600, np.float32), RATE)
    with pytest.raises(BackendError, match="cannot be reached"):
        EndpointRecognizer("http://127.0.0.1:9/v1").transcribe(np.zeros(1600, np.float32), RATE)


def test_settings_that_are_none():
    assert open_recognizer("none") is None
    with pytest.raises(UsageError, match="unknown speech recognition"):
        open_recognizer("ears")
