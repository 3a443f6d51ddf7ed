"""Coqui's voices: VITS with many speakers, or XTTS v2, in a worker of its own environment.

The weights are the user's own: `coqui_model` and `coqui_config` name them. XTTS can speak like a recording
(`voice.clones`); its licence has to be accepted first.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Lock
from typing import Any, Final

from chatanything.errors import ConsentError, SpeechError, VoiceUnavailableError
from chatanything.settings import Settings, settings
from chatanything.types import Float32, VoiceChoice
from chatanything.voice.backends import coqui_env, coqui_worker
from chatanything.voice.backends.worker import Worker
from chatanything.voice.clones import CLONE, clip_of
from chatanything.voice.licences import XTTS, accepted

INSTALL: Final = "chatanything voices install coqui"
_MENDS: Final = f"Try again, or make its environment again: {INSTALL}"
_THREADS: Final = min(4, os.cpu_count() or 1)


def checkpoint(config: Settings) -> tuple[Path, Path, str]:
    """What the settings name: model, configuration, and its kind ("vits", "xtts", ...).

    Raises:
        VoiceUnavailableError: Nothing is named, or what is named is not there or is no coqui model.
    """
    if config.coqui_model is None:
        raise VoiceUnavailableError(
            "no coqui model is named",
            expected="a VITS model.pth or the folder of XTTS v2 on this machine",
            hint="Name it: CHATANYTHING_COQUI_MODEL=/path/to/model.pth",
        )
    model = config.coqui_model.expanduser().absolute()
    folder = model if model.is_dir() else model.parent
    described = (config.coqui_config or folder / "config.json").expanduser().absolute()
    for path, name in ((model, "COQUI_MODEL"), (described, "COQUI_CONFIG")):
        if not path.exists():
            raise VoiceUnavailableError(
                f"the coqui voice has no {path}", hint=f"Correct the setting CHATANYTHING_{name}."
            )
    try:
        kind = str(json.loads(described.read_text(encoding="utf-8"))["model"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise VoiceUnavailableError(
            f"{described} describes no coqui model", expected='a config.json with "model"', got=repr(exc)
        ) from exc
    return model, described, kind


class Coqui:
    """The engine; its worker starts at the first word, and again after it broke down."""

    max_characters = 220
    """XTTS takes 250 characters of English; long sentences sound worse in any case."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker: Worker | None = None
        self._loaded: dict[str, Any] = {}
        self._key: tuple[Path, ...] = ()

    def recite(self, text: str, voice: VoiceChoice, speed: float, seed: int) -> tuple[Float32, int]:
        """Speak a sentence; see `TextEngine.recite`."""
        name = voice.weights[0][0]
        clip = ""
        with self._lock:
            worker = self._ready(settings())
            if name.startswith(CLONE):
                clip = str(clip_of(name.removeprefix(CLONE), voice.consent))
            request = {
                "do": "speak", "text": text, "speaker": name, "clip": clip, "speed": speed, "seed": seed,
                "language": self._language(settings().coqui_language),
            }  # fmt: skip
            return worker.samples(request)

    def speakers(self) -> tuple[str, ...]:
        """Names of the speakers inside the model; starts the worker.

        Raises:
            VoiceUnavailableError: The worker cannot be had.
            ConsentError: The model's licence has not been accepted.
        """
        with self._lock:
            self._ready(settings())
            return tuple(str(name) for name in self._loaded.get("speakers", ()))

    def close(self) -> None:
        """Stop the worker."""
        with self._lock:
            self._dismiss()

    def _dismiss(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._worker, self._key = None, ()

    def _ready(self, config: Settings) -> Worker:
        """The running worker with the model that the settings name."""
        model, described, kind = checkpoint(config)
        if kind == "xtts" and not accepted(XTTS):
            raise ConsentError(
                f"the licence of XTTS has not been accepted: {XTTS.name}, {XTTS.where}",
                hint=f"Read it, then: {INSTALL} --accept-licence",
            )
        python = coqui_env.python()
        if python is None:
            raise VoiceUnavailableError("the coqui voices are not installed", hint=f"Install them: {INSTALL}")
        key = (python, model, described)
        if self._worker is not None and self._worker.alive and self._key == key:
            return self._worker
        self._dismiss()
        self._worker = worker = Worker(
            [str(python), "-I", coqui_worker.__file__], wait_s=config.voice_timeout, hint=_MENDS
        )
        request = {"do": "load", "model": str(model), "config": str(described), "threads": _THREADS}
        try:
            self._loaded, _ = worker.ask(request)
        except VoiceUnavailableError:
            self._dismiss()
            raise
        self._key = key
        return worker

    def _language(self, wanted: str) -> str:
        known = self._loaded.get("languages") or [wanted]
        if wanted not in known:
            raise SpeechError(
                "the model does not speak the language", expected="one of " + ", ".join(known), got=wanted
            )
        return wanted
