"""Voices of any server with OpenAI's `/audio/speech`."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any, Final

import numpy as np

from chatanything.errors import BackendError, SpeechError, VoiceUnavailableError
from chatanything.media.audio import decode_audio
from chatanything.media.pcm import from_pcm
from chatanything.openai_client import OpenAIClient
from chatanything.settings import Settings, settings
from chatanything.types import Float32, VoiceChoice

MOST_BYTES: Final = 32 * 1024 * 1024
"""Of one answer; ten minutes of 24 kHz, 16 bit."""
_PCM_RATE: Final = 24_000
_PCM_TYPES: Final = ("audio/pcm", "audio/l16")
_SPEEDS: Final = (0.5, 2.0)
_HINTS: Final = {
    401: "Set its key: CHATANYTHING_VOICE_ENDPOINT_KEY",
    403: "Set its key: CHATANYTHING_VOICE_ENDPOINT_KEY",
    404: "Check CHATANYTHING_VOICE_ENDPOINT (it often ends in /v1), the model's name and the voice's.",
}


class Endpoint:
    """The engine behind `voice_endpoint`."""

    max_characters = 600

    def __init__(self) -> None:
        self._lock = Lock()
        self._client: OpenAIClient | None = None
        self._key: tuple[str, str, float] = ("", "", 0.0)

    def recite(self, text: str, voice: VoiceChoice, speed: float, seed: int) -> tuple[Float32, int]:  # noqa: ARG002 - the protocol knows no seed
        """Speak a sentence; see `TextEngine.recite`."""
        config = settings()
        client = self._connected(config)
        end_s = time.monotonic() + config.voice_timeout
        asked = {
            "model": config.voice_endpoint_model,
            "voice": voice.weights[0][0],
            "input": text,
            "response_format": config.voice_endpoint_format,
            "speed": float(np.clip(speed, *_SPEEDS)),
        }
        try:
            kind, data = client.guarded(lambda: _fetched(client, asked, end_s))
        except VoiceUnavailableError:
            raise
        except BackendError as exc:
            status = getattr(exc.__cause__, "status_code", 0)
            raise VoiceUnavailableError(
                exc.what,
                got=exc.got,
                hint=_HINTS.get(status, "Check the server at CHATANYTHING_VOICE_ENDPOINT."),
            ) from exc
        return _sound(kind, data, config)

    def _connected(self, config: Settings) -> OpenAIClient:
        if not config.voice_endpoint:
            raise VoiceUnavailableError(
                "no voice endpoint is set", hint="Set CHATANYTHING_VOICE_ENDPOINT to its base URL."
            )
        if not config.voice_endpoint.startswith(("http://", "https://")):
            raise VoiceUnavailableError(
                "the voice endpoint has no usable address",
                expected="one that begins with http:// or https://", got=config.voice_endpoint,
            )  # fmt: skip
        key = (config.voice_endpoint, config.voice_endpoint_key, config.voice_timeout)
        with self._lock:
            if self._client is None or self._key != key:
                if self._client is not None:
                    self._client.close()
                self._client = OpenAIClient(
                    key[0], api_key=key[1], answer_s=key[2], what="the voice endpoint", hint=""
                )
                self._key = key
            return self._client


def _fetched(client: OpenAIClient, asked: dict[str, Any], end_s: float) -> tuple[str, bytes]:
    """Content type and body, read in pieces within time and size."""
    body = bytearray()
    with client.raw.audio.speech.with_streaming_response.create(**asked) as answer:
        kind = str(answer.headers.get("content-type", "")).partition(";")[0].strip().lower()
        pieces = answer.iter_bytes(64 * 1024)
        while True:
            try:
                piece = next(pieces, b"")
            except Exception as exc:
                raise _lost("broke off in the middle of its answer", f"{len(body)} bytes") from exc
            body += piece
            if len(body) > MOST_BYTES:
                raise _lost("answered with too much", f"more than {MOST_BYTES >> 20} MB")
            if time.monotonic() > end_s:
                raise _lost("does not answer in time", f"{len(body)} bytes so far")
            if not piece:
                break
    return kind, bytes(body)


def _sound(kind: str, data: bytes, config: Settings) -> tuple[Float32, int]:
    """Samples of a body, whatever it says it is."""
    if data[:4] == b"RIFF":
        _check_whole(data)
        try:
            return decode_audio(data, "the answer of the voice endpoint")
        except SpeechError as exc:
            raise _lost("gave a broken answer", exc.what) from exc
    raw = kind in _PCM_TYPES or (config.voice_endpoint_format == "pcm" and kind == "application/octet-stream")
    if raw and len(data) >= 2 and len(data) % 2 == 0:
        return from_pcm(data), _PCM_RATE
    raise _lost("gave a broken answer", f"{kind or 'nothing'} of {len(data)} bytes, neither WAV nor PCM")


def _check_whole(data: bytes) -> None:
    """A WAV that says how long it is must be so long; streamed ones say 0 or the most possible."""
    said = int.from_bytes(data[4:8], "little")
    if 0 < said < 0x7FFF_FFFF and len(data) < said:
        raise _lost("broke off in the middle of its answer", f"{len(data)} of {said + 8} bytes")


def _lost(trouble: str, got: str) -> VoiceUnavailableError:
    return VoiceUnavailableError(
        f"the voice endpoint {settings().voice_endpoint} {trouble}",
        got=got,
        hint="Check the server at CHATANYTHING_VOICE_ENDPOINT.",
    )
