"""Speech that is kept: what decides it, and its bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from chatanything.settings import settings
from chatanything.stage_cache import StageCache, key_of
from chatanything.types import Delivery, Speech, TimedUnit, VoiceChoice
from chatanything.voice.bank import BACKEND
from chatanything.voice.stored import voice_fields
from chatanything.weights.verify import sha256_of

_SERVER_SETTINGS = (
    "coqui_model", "coqui_config", "coqui_language",
    "voice_endpoint", "voice_endpoint_model", "voice_endpoint_format",
)  # fmt: skip
"""What decides the voices of other backends than the bank."""


def speech_key(text: str, choice: VoiceChoice, delivery: Delivery, seed: int) -> str:
    """The key of a synthesised speech; arguments as of `Speaker.speak`."""
    config = settings()
    others = (
        {} if choice.backend == BACKEND else {name: str(getattr(config, name)) for name in _SERVER_SETTINGS}
    )
    voice = {
        name: value for name, value in voice_fields(choice).items() if name not in ("reason", "stand_in")
    }
    said = {"text": text, "voice": voice, "delivery": asdict(delivery), "seed": seed, "others": others}
    return key_of("speech", said)


def kept_speech(
    cache: StageCache,
    text: str,
    choice: VoiceChoice,
    delivery: Delivery,
    seed: int,
    speak: Callable[[], Speech],
) -> tuple[Speech, bool]:
    """A speech from the cache, or spoken now and kept.

    Not kept are a voice that somebody consented to, so that forgetting it needs no look in here, and a voice
    that only stood in for another.

    Args:
        cache: Where to look.
        text: As for `Speaker.speak`, like the next three.
        choice: The voice.
        delivery: How it is performed.
        seed: Of the speech.
        speak: Speaks it.

    Returns:
        The speech, and whether it was there.
    """
    if choice.consent is not None:
        return speak(), False

    def dump(speech: Speech) -> bytes | None:
        return dump_speech(speech) if speech.backend == choice.backend else None

    return cache.kept(speech_key(text, choice, delivery, seed), speak, dump=dump, load=load_speech)


def recording_key(path: Path, text: str) -> str:
    """The key of a recording with the times of its phones.

    Raises:
        OSError: The file cannot be read.
    """
    return key_of("recording", {"sha256": sha256_of(path), "text": text})


def kept_recording(
    cache: StageCache, path: Path, text: str, listen: Callable[[], Speech]
) -> tuple[Speech, bool]:
    """A recording's speech from the cache, or heard now and kept; see `kept_speech`."""
    try:
        key = recording_key(path, text)
    except OSError:
        return listen(), False  # which says what is wrong with the file
    return cache.kept(key, listen, dump=dump_speech, load=load_speech)


def dump_speech(speech: Speech) -> bytes:
    """The bytes of a speech; every sample and every time exactly."""
    about: dict[str, Any] = {
        "sample_rate": speech.sample_rate,
        "text": speech.text,
        "backend": speech.backend,
        "units": [[unit.text, unit.kind, float(unit.start_s), float(unit.end_s)] for unit in speech.units],
    }
    words = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, samples=speech.samples, about=words)
    return buffer.getvalue()


def load_speech(data: bytes) -> Speech:
    """The inverse of `dump_speech`."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        about = json.loads(stored["about"].tobytes())
        samples = stored["samples"]
    units = tuple(TimedUnit(text, kind, start, end) for text, kind, start, end in about["units"])
    return Speech(samples, about["sample_rate"], units, about["text"], about["backend"])
