"""What is fuzzed: for every part, valid files to start from, how they are changed, and who reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from chatanything import bundle
from chatanything.batch.manifest import read_jobs
from chatanything.bundle import Persona
from chatanything.evaluation import fuzz_mutations as mutate
from chatanything.media.audio import decode_audio, read_audio, wav_bytes
from chatanything.media.audio_formats import encode_audio
from chatanything.media.clip import Clip
from chatanything.media.image import encode_png, read_image
from chatanything.media.video import write_video
from chatanything.persona.writer import write_card
from chatanything.provenance.blocklist import Blocklist
from chatanything.provenance.c2pa import sign_bytes, verify_file
from chatanything.provenance.manifest import describe_run
from chatanything.provenance.sidecars import read_sidecar
from chatanything.provenance.streams import stream_digests
from chatanything.server.wire import parse, samples_of
from chatanything.settings import Settings
from chatanything.types import Frame, Portrait, Reference, ReferenceSet, VoiceChoice
from chatanything.weights.lock import lock_path, parse_lock

_CLIP_S: Final = 2.0
"""Seconds of a clip that are decoded; broken times make a clip as long as they please."""
Mutator = Callable[[bytes, mutate.Rng], bytes]


@dataclass(frozen=True, slots=True)
class Sample:
    """A valid file."""

    suffix: str
    data: bytes
    change: Mutator


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of input."""

    samples: Callable[[Path], tuple[Sample, ...]]
    """Makes valid files; the folder is for what making them needs."""
    read: Callable[[Path], object]
    """Reads a file as the product does."""


def _persona() -> Persona:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (64, 64, 3)).astype(np.uint8)
    points = (rng.random((478, 3)) * 64).astype(np.float32)
    mask = np.zeros((64, 64), bool)
    portrait = Portrait(image, points, (8.0, 8.0, 56.0, 56.0), {"mouth": mask}, "template", "human", 1, 7)
    one = Reference("sil", image, points, 0.1)
    card = write_card("a shy teapot who loves rain", llm=None, seed=3)
    voice = VoiceChoice("kokoro", (("af_heart", 1.0),))
    return Persona(card, voice, portrait, ReferenceSet((one,), (one,)), {"engine": "template"})


def _cards(folder: Path) -> tuple[Sample, ...]:
    persona, unsigned = _persona(), Settings(home=folder, sign=False)
    change: Mapping[str, Mutator] = {
        ".charx": mutate.zip_file, ".png": mutate.png_file, ".json": mutate.json_text
    }  # fmt: skip
    made = {suffix: persona.save(folder / f"card{suffix}", config=unsigned) for suffix in change}
    return tuple(Sample(suffix, made[suffix].read_bytes(), change[suffix]) for suffix in change)


def _jobs(_folder: Path) -> tuple[Sample, ...]:
    lines = [
        {"description": "a cheerful apple", "text": "Hello!", "out": "apple.mp4", "seed": 3, "size": 256},
        {"persona": "keeper.charx", "audio": "hello.wav", "fps": 25.0, "style": "happy"},
        {"description": "a wise owl", "voice": "af_heart", "llm": "rules"},
    ]
    data = "\n".join(json.dumps(line) for line in lines).encode()
    return (Sample(".jsonl", data, mutate.json_lines),)


def _images(_folder: Path) -> tuple[Sample, ...]:
    image = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    found = [Sample(".png", encode_png(image, {"Title": "x"}), mutate.png_file)]
    for name in ("JPEG", "WEBP", "BMP", "GIF", "TIFF"):
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, name)
        found.append(Sample(f".{name.lower()}", buffer.getvalue(), mutate.any_bytes))
    return tuple(found)


def _sounds(_folder: Path) -> tuple[Sample, ...]:
    samples = (np.random.default_rng(0).standard_normal(4_000) * 0.1).astype(np.float32)
    found = [Sample(".wav", wav_bytes(samples, 16_000), mutate.any_bytes)]
    found += [
        Sample(f".{name}", encode_audio(samples, 16_000, name), mutate.any_bytes)
        for name in ("mp3", "flac", "opus")
    ]
    return tuple(found)


def _clips(folder: Path) -> tuple[Sample, ...]:
    """Half a second of picture and sound, plain, so that much of the file is header; in usual containers."""
    path = folder / "clip.mp4"
    frames = (Frame(np.full((64, 64, 3), 40 * pts, np.uint8), pts) for pts in range(6))
    write_video(path, frames, fps=12.0, samples=np.zeros(4_000, np.float32), sample_rate=8_000)
    run = describe_run(persona="Ann", description="a shy teapot", seed=1, stages=())
    signed = sign_bytes(path.read_bytes(), ".mp4", run, title="a.mp4", config=_settings_of(folder))
    packed = (path.with_suffix(suffix) for suffix in (".mkv", ".mov", ".ts"))
    return (
        Sample(".mp4", path.read_bytes(), mutate.any_bytes),
        Sample(".mp4", signed, mutate.any_bytes),
        *(Sample(other.suffix, _packed(path, other), mutate.any_bytes) for other in packed),
    )


def _packed(clip: Path, other: Path) -> bytes:
    """The same streams in another container."""
    import av

    with av.open(str(clip)) as source, av.open(str(other), "w") as target:
        streams = {one.index: target.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return other.read_bytes()


def _lock(_folder: Path) -> tuple[Sample, ...]:
    return (Sample(".toml", lock_path().read_bytes(), mutate.toml_text),)


def _messages(_folder: Path) -> tuple[Sample, ...]:
    asked: tuple[dict[str, Any], ...] = (
        {"type": "say", "text": "Hello there"},
        {"type": "perform", "text": "Good evening"},
        {"type": "interrupt"},
        {"type": "microphone", "on": True, "sample_rate": 16_000},
        {"type": "ping", "id": 4},
    )
    texts = tuple(Sample(".json", json.dumps(one).encode(), mutate.json_text) for one in asked)
    return (*texts, Sample(".pcm", bytes(320), mutate.any_bytes))


def _credentials(folder: Path) -> tuple[Sample, ...]:
    config = _settings_of(folder)
    run = describe_run(persona="Añi", description="a shy teapot", seed=1, stages=())
    image = np.zeros((64, 64, 3), np.uint8)
    png = sign_bytes(encode_png(image), ".png", run, title="a.png", config=config)
    wav = sign_bytes(wav_bytes(np.zeros(800, np.float32), 16_000), ".wav", run, title="a.wav", config=config)
    sidecar = json.dumps(run.assertion() | {"file": "a.mp4", "sha256": "0" * 64, "streams": {}}).encode()
    blocked = b"# nobody may be them\nname: Jane Doe\npicture: 0123456789abcdef\n"
    return (
        Sample(".png", png, mutate.png_file),
        Sample(".wav", wav, mutate.any_bytes),
        Sample(".mp4.json", sidecar, mutate.json_text),
        Sample(".blocklist", blocked, mutate.any_bytes),
    )


def _settings_of(folder: Path) -> Settings:
    return Settings(home=folder / "home")


def _read_message(path: Path) -> object:
    data = path.read_bytes()
    if path.suffix == ".pcm":
        return samples_of(data, 16_000)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None  # the WebSocket layer refuses such a text frame
    return parse(text)


def _read_credentials(path: Path) -> object:
    if path.name.endswith(".mp4.json"):
        found = read_sidecar(path)
        return found and (found.cast, found.persona, found.file)
    if path.suffix == ".blocklist":
        return Blocklist.read(path)
    return verify_file(path, config=_settings_of(path.parent))


def _read_sound(path: Path) -> object:
    return decode_audio(path.read_bytes(), path.name)


def _read_clip(path: Path) -> object:
    """All that dubbing and verifying do with a clip before they look for a face."""
    clip = Clip(path)
    count = sum(1 for _ in clip.scan(_CLIP_S))
    shown = sum(1 for _ in clip.pictures((count - 1, 0)))
    found = verify_file(path, config=_settings_of(path.parent)) if path.suffix == ".mp4" else None
    return shown, read_audio(path), stream_digests(path), found


def _read_lock(path: Path) -> object:
    try:
        return parse_lock(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return None  # `entries` reads the file of the installation, which is text


PARTS: Final[Mapping[str, Part]] = {
    "cards": Part(_cards, bundle.load),
    "jobs": Part(_jobs, read_jobs),
    "images": Part(_images, read_image),
    "sounds": Part(_sounds, _read_sound),
    "clips": Part(_clips, _read_clip),
    "lock": Part(_lock, _read_lock),
    "messages": Part(_messages, _read_message),
    "credentials": Part(_credentials, _read_credentials),
}
