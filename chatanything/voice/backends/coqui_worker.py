"""The coqui voices' worker: a process in an environment of its own that turns text into samples.

It runs by its path (`python -I coqui_worker.py`) and imports nothing of chatanything; chatanything imports
the framing from here, so that both ends have one definition. A frame is four bytes (big-endian) with the
length of a JSON header, the header, and as many bytes of raw little-endian float32 samples as its "bytes"
says.

The worker greets with a "hello", then answers every request ("load", "speak") with one frame. A request that
fails is answered with {"error": words, "blame": "request" or "engine"}, and the worker goes on.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import wave
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO, Final

PROTOCOL: Final = 1
MOST_HEADER: Final = 1 << 20
MOST_SOUND: Final = 1 << 28
"""Bytes of samples in one frame."""
_LENGTH: Final = struct.Struct(">I")


def write_frame(stream: BinaryIO, header: dict[str, Any], sound: bytes = b"") -> None:
    """Send a header and samples."""
    head = json.dumps({**header, "bytes": len(sound)}).encode()
    stream.write(_LENGTH.pack(len(head)) + head + sound)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Receive a header and samples.

    Raises:
        EOFError: The other end has closed, or went away in the middle of a frame.
        ValueError: What came is no frame.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_HEADER:
        raise ValueError("a header of impossible length")
    header = json.loads(_exactly(stream, length))
    count = header.get("bytes") if isinstance(header, dict) else None
    if not isinstance(count, int) or not 0 <= count <= MOST_SOUND or count % 4:
        raise ValueError("a header that says no length")
    return header, _exactly(stream, count)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


class RequestError(ValueError):
    """The request itself cannot be right."""


def read_clip(path: str) -> tuple[Any, int]:
    """A 16-bit mono WAV, as chatanything makes it, as (1, n) float32 tensor, and its rate."""
    import numpy as np
    import torch

    with wave.open(path, "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        return torch.from_numpy(samples)[None], file.getframerate()


def _load_audio(path: str, sampling_rate: int) -> Any:
    """In the place of coqui's own, which needs FFmpeg's libraries through torchcodec."""
    import torchaudio

    audio, rate = read_clip(path)
    return torchaudio.functional.resample(audio, rate, sampling_rate)


class Engine:
    """The loaded model."""

    def __init__(self) -> None:
        self._tts: Any = None
        self._kind, self._length_scale = "", 1.0

    def load(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Load a checkpoint from this machine; says its kind, rate, speakers and languages."""
        import torch
        from TTS.api import TTS
        from TTS.tts.models import xtts

        torch.set_num_threads(int(asked["threads"]))
        xtts.load_audio = _load_audio
        tts = TTS(model_path=asked["model"], config_path=asked["config"], progress_bar=False)
        model = tts.synthesizer.tts_model
        self._tts, self._kind = tts, str(tts.config.model)
        self._length_scale = float(getattr(model, "length_scale", 1.0))
        described = {
            "kind": self._kind,
            "sample_rate": int(tts.synthesizer.output_sample_rate),
            "speakers": self._speakers(),
            "languages": [str(name) for name in tts.languages or ()] if self._kind == "xtts" else [],
        }
        return described, b""

    def _speakers(self) -> list[str]:
        """Names inside the checkpoint; "default" when it has a single voice, none when it only clones."""
        manager = getattr(self._tts.synthesizer.tts_model, "speaker_manager", None)
        names = [str(name) for name in manager.speaker_names] if manager is not None else []
        return names or ([] if self._kind == "xtts" else ["default"])

    def speak(self, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """A text as samples."""
        import numpy as np
        import torch

        if self._tts is None:
            raise RequestError("nothing is loaded")
        speaker, clip, speed = str(asked["speaker"]), str(asked["clip"]), float(asked["speed"])
        speakers = self._speakers()
        more: dict[str, Any] = {}
        if clip:
            if self._kind != "xtts":
                raise RequestError(f"a {self._kind} model cannot speak like a clip; it takes XTTS")
            more["speaker_wav"] = clip
        elif speaker not in speakers:
            known = ", ".join(speakers[:12]) or "none"
            raise RequestError(f"the model has no speaker {speaker!r}; it has: {known}")
        elif speakers != ["default"]:
            more["speaker"] = speaker
        if self._kind == "xtts":
            more |= {"language": str(asked["language"]), "speed": speed}
        elif hasattr(self._tts.synthesizer.tts_model, "length_scale"):
            self._tts.synthesizer.tts_model.length_scale = self._length_scale / speed
        torch.manual_seed(int(asked["seed"]))
        made = self._tts.tts(text=str(asked["text"]), split_sentences=False, **more)
        samples = np.asarray(made, "<f4").reshape(-1)
        return {"sample_rate": int(self._tts.synthesizer.output_sample_rate)}, samples.tobytes()


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> int:
    """Greet, then answer until the other end closes."""
    try:
        engine_version = version("coqui-tts")
    except PackageNotFoundError:
        write_frame(outgoing, {"error": "coqui-tts is not in this environment", "blame": "engine"})
        return 1
    write_frame(outgoing, {"hello": "coqui-tts", "version": engine_version, "protocol": PROTOCOL})
    engine = Engine()
    while True:
        try:
            asked, _ = read_frame(incoming)
        except EOFError:
            return 0
        try:
            header, sound = engine.load(asked) if asked.get("do") == "load" else engine.speak(asked)
        except Exception as exc:  # noqa: BLE001 - whatever a model raises is told, not died of
            blame = "request" if isinstance(exc, RequestError) else "engine"
            lines = str(exc).strip().splitlines()
            words = lines[0] if lines else "no reason given"
            name = "" if isinstance(exc, RequestError) else f"{type(exc).__name__}: "
            header, sound = {"error": f"{name}{words}"[:500], "blame": blame}, b""
        write_frame(outgoing, header, sound)


def main() -> int:
    """Speak frames on what was stdout; whatever libraries print goes to stderr instead."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    # Nothing is fetched and nothing is reported, whatever a library would like to do.
    os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TRAINER_TELEMETRY": "0"}
    os.environ.setdefault("TTS_HOME", str(Path(sys.prefix) / "tts"))
    return serve(sys.stdin.buffer, outgoing)


if __name__ == "__main__":
    sys.exit(main())
