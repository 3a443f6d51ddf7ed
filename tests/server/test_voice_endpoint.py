"""Voices of a server: our own is one, and servers that fail in every way cost one clear line."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatanything.errors import VoiceUnavailableError
from chatanything.media.audio import wav_bytes
from chatanything.provenance.c2pa import verify_file
from chatanything.server.running import serving
from chatanything.server.services import Services
from chatanything.settings import settings
from chatanything.studio import Studio
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.backends.endpoint import Endpoint
from chatanything.voice.names import named
from chatanything.voice.speech import Speaker

VOICE = VoiceChoice("endpoint", (("af_heart", 1.0),))
TEXT = "Give me five apples. Why not?"


def point_at(monkeypatch: pytest.MonkeyPatch, url: str, **more: str) -> None:
    monkeypatch.setenv("CHATANYTHING_VOICE_ENDPOINT", url)
    for name, value in more.items():
        monkeypatch.setenv(f"CHATANYTHING_{name.upper()}", value)
    settings.cache_clear()


@pytest.fixture(scope="module")
def address(services: Services) -> Iterator[str]:
    with serving(services) as url:
        yield f"{url}/v1"


@pytest.mark.weights
@pytest.mark.parametrize("kind", ["wav", "pcm"])
def test_speech_with_times(address: str, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    point_at(monkeypatch, address, voice_endpoint_format=kind)
    speech = Speaker().speak(TEXT, VOICE, Delivery(), seed=1)
    words = [unit.text for unit in speech.units if unit.kind == "word"]
    assert words == ["Give", "me", "five", "apples", "Why", "not"] or [w.lower() for w in words] == [
        "give", "me", "five", "apples", "why", "not",
    ]  # fmt: skip
    assert speech.backend == "endpoint"
    assert speech.sample_rate == 24_000
    assert 1.5 < speech.duration_s < 5


@pytest.mark.weights
def test_video_says_which_backend_spoke(
    address: str, monkeypatch: pytest.MonkeyPatch, apple: Any, tmp_path: Path
) -> None:
    point_at(monkeypatch, address)
    voice = named("endpoint:bm_george", instead_of=apple.voice)
    studio = Studio(llm="rules", size=256, renderer="warp")
    studio.say(replace(apple, voice=voice), "Good morning.", out=tmp_path / "x.mp4")
    said = verify_file(tmp_path / "x.mp4")
    assert said.run is not None
    assert [one["backend"] for one in said.run["stages"] if one["stage"] == "speech"] == ["endpoint"]


class _Bad(BaseHTTPRequestHandler):
    """The path says how it fails."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        way = self.path.split("/")[1]
        sound = wav_bytes(np.zeros(24_000, np.float32), 24_000)
        if way == "key":
            self._send(401, "application/json", b'{"error": {"message": "bad key"}}')
        elif way == "page":
            self._send(200, "text/html", b"<html>welcome</html>")
        elif way == "half":
            self._send(200, "audio/wav", sound[: len(sound) // 2])
        elif way == "broken":
            self._send(200, "audio/wav", sound[: len(sound) // 2], said=len(sound))
        elif way == "empty":
            self._send(200, "audio/pcm", b"")
        elif way == "huge":
            self._send(200, "audio/pcm", bytes(40 << 20))
        elif way == "slow":
            self._drip()

    def _send(self, status: int, kind: str, body: bytes, said: int | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) if said is None else said))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return
        self.close_connection = True

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "audio/pcm")
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(bytes(2))
                time.sleep(0.1)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def bad() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bad)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("way", "words", "hint"),
    [
        ("key", "status 401", "CHATANYTHING_VOICE_ENDPOINT_KEY"),
        ("page", "text/html of 20 bytes", "Check the server"),
        ("half", "broke off in the middle", "Check the server"),
        ("broken", "broke off in the middle", "Check the server"),
        ("empty", "of 0 bytes", "Check the server"),
        ("huge", "answered with too much", "Check the server"),
        ("slow", "does not answer in time", "Check the server"),
    ],
)
def test_bad_answers(bad: str, monkeypatch: pytest.MonkeyPatch, way: str, words: str, hint: str) -> None:
    point_at(monkeypatch, f"{bad}/{way}", voice_timeout="3")
    with pytest.raises(VoiceUnavailableError, match=words) as caught:
        Endpoint().recite("Hello.", VOICE, 1.0, 0)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "ftp://somewhere/v1", "http://127.0.0.1:9/v1"])
def test_no_server(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    point_at(monkeypatch, url)
    with pytest.raises(VoiceUnavailableError) as caught:
        Endpoint().recite("Hello.", VOICE, 1.0, 0)
    assert "CHATANYTHING_VOICE_ENDPOINT" in str(caught.value) or "http://" in str(caught.value)


@pytest.mark.weights
def test_bank_voice_stands_in_only_if_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(monkeypatch, "http://127.0.0.1:9/v1")
    voice = named("endpoint:alloy", instead_of=VoiceChoice("kokoro", (("bm_george", 1.0),)))
    assert voice is not None
    with pytest.raises(VoiceUnavailableError, match="cannot be reached"):
        Speaker().speak("Hello.", voice, Delivery(), seed=1)
    point_at(monkeypatch, "http://127.0.0.1:9/v1", allow_fallback_voice="1")
    told: list[str] = []
    speech = Speaker().speak(
        "Hello.", voice, Delivery(), seed=1, progress=lambda *said: told.append(str(said[-1]))
    )
    assert speech.backend == "kokoro"
    assert any("bm_george speaks instead" in line for line in told)


@pytest.mark.weights
def test_web_visitors_may_not_name_a_recording(client: Any) -> None:
    answer = client.post("/v1/audio/speech", json={"input": "Hi.", "voice": "clone:ann", "model": "x"})
    assert answer.status_code == 404
    assert "no such voice" in answer.text
