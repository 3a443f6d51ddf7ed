"""Frames and sound into a finished, signed file with its sidecar."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatanything.bundle import Persona
from chatanything.lipsync import RENDERERS
from chatanything.media.atomic import replacing, write_bytes
from chatanything.media.audio import wav_bytes
from chatanything.media.image import encode_png
from chatanything.media.video import VideoInfo, write_video
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import sealed, sign_file
from chatanything.provenance.consent import ConsentRecord
from chatanything.provenance.manifest import RunManifest, describe_run, write_sidecar
from chatanything.provenance.streams import stream_digests
from chatanything.provenance.watermark import marked
from chatanything.settings import Settings
from chatanything.types import Float32, Frame, RunRecord, Speech, TalkingVideo, UInt8, VoiceChoice
from chatanything.voice.backends import VOICE_BACKENDS
from chatanything.weights.verify import sha256_of


@dataclass(frozen=True, slots=True)
class Source:
    """A clip that was dubbed."""

    sha256: str
    """Of its file; the name may be private."""
    frames: int
    """How many frames the result has."""
    without_face: int
    """Those among them that are the clip's own."""
    consent: ConsentRecord | None
    """The right to change it; None when it was made here, of a drawn character."""

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return {"sha256": self.sha256, "frames": self.frames, "without_face": self.without_face}


@dataclass(frozen=True, slots=True)
class Performance:
    """Everything that goes into one video."""

    persona: Persona | None
    """Who speaks; None when the voice in a dubbed clip is nobody's that is known here."""
    speech: Speech
    frames: Iterable[Frame]
    """Rendered while they are encoded."""
    total: int
    """How many frames there are."""
    fps: float
    seed: int
    renderer: str
    """Name of the renderer's backend."""
    records: tuple[RunRecord, ...]
    """What ran before the frames."""
    source: Source | None = None
    """The clip that was dubbed."""
    others: tuple[Persona, ...] = ()
    """Who else is seen and heard."""

    @property
    def cast(self) -> tuple[Persona, ...]:
        """Everybody who is known."""
        return tuple(one for one in (self.persona, *self.others) if one is not None)


class _Meter:
    """Iterates frames and adds up the time that making them took."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = iter(frames)
        self.seconds = 0.0

    def __iter__(self) -> _Meter:
        return self

    def __next__(self) -> Frame:
        start = time.perf_counter()
        try:
            return next(self._frames)
        finally:
            self.seconds += time.perf_counter() - start


def publish_video(
    path: Path, performance: Performance, *, config: Settings, progress: Progress = silent
) -> TalkingVideo:
    """Write, sign and describe a video; it appears under its name only when all of that is done.

    Args:
        path: The mp4; its sidecar is `<path>.json`.
        performance: What to write.
        config: Says whether and with which certificate to sign, and whether to hide a mark in the frames.
        progress: Told in frames, stage "write".

    Raises:
        OutputError: The file cannot be written or signed.
    """
    mark = _mark_for(performance) if config.watermark else None
    meter = _Meter(performance.frames if mark is None else marked(performance.frames, mark))
    with replacing(path) as finished:
        unsigned = finished.with_name(finished.stem + ".raw" + finished.suffix)
        try:
            start = time.perf_counter()
            info = write_video(
                unsigned,
                meter,
                fps=performance.fps,
                samples=performance.speech.samples,
                sample_rate=performance.speech.sample_rate,
                progress=progress,
                total=performance.total,
            )
            records = _records(performance, meter.seconds, time.perf_counter() - start)
            run = _describe(performance, records)
            run = run if mark is None else replace(run, watermark=f"{mark:08x}")
            media_sha256, streams = sha256_of(unsigned), stream_digests(unsigned)
            if config.sign:
                sign_file(unsigned, finished, run, title=path.name, config=config)
            else:
                unsigned.replace(finished)
        finally:
            unsigned.unlink(missing_ok=True)
        sha256 = sha256_of(finished)
        # The sidecar first: a video without its description must never be seen.
        cast = [(one.card.name, one.card.description) for one in performance.cast]
        write_sidecar(path, run, media_sha256=media_sha256, sha256=sha256, streams=streams, cast=cast)
    return _result(path, info, sha256, records)


def publish_picture(path: Path, image: UInt8, run: RunManifest, *, config: Settings) -> None:
    """Write a signed PNG, whole or not at all.

    Args:
        path: The file; replaced when it exists.
        image: (H, W, 3) uint8 RGB.
        run: What made it.
        config: Says whether and how to sign.

    Raises:
        OutputError: It cannot be written or signed.
    """
    write_bytes(path, sealed(encode_png(image), ".png", run, title=path.name, config=config))


def spoken_run(
    speech: Speech, voice: VoiceChoice, *, seed: int, persona: str = "", description: str = ""
) -> RunManifest:
    """What made a piece of speech.

    Args:
        speech: As it was spoken.
        voice: The voice that was asked for; its consent counts unless another one stood in.
        seed: Seed of the performance.
        persona: Name of who speaks, if anybody.
        description: What the voice was chosen for.
    """
    used = VOICE_BACKENDS.spec(speech.backend).weights
    consents = (voice.consent,) if voice.consent and voice.backend in speech.backend.split(", ") else ()
    record = RunRecord("speech", speech.backend, used, seed, 0.0)
    return describe_run(
        persona=persona, description=description, seed=seed, stages=(record,), voice_consents=consents
    )


def publish_sound(path: Path, samples: Float32, rate: int, run: RunManifest, *, config: Settings) -> None:
    """Write a signed 16-bit mono WAV, whole or not at all.

    Args:
        path: The file; replaced when it exists.
        samples: (n,) float32; what is outside [-1, 1] is clipped.
        rate: Hertz.
        run: What made it.
        config: Says whether and how to sign.

    Raises:
        OutputError: It cannot be written or signed.
    """
    write_bytes(path, sealed(wav_bytes(samples, rate), ".wav", run, title=path.name, config=config))


def _mark_for(performance: Performance) -> int:
    """32 bits of everything that decides the video; the same run has the same mark."""
    said = _describe(performance, _records(performance, 0.0, 0.0)).assertion()
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    digest.update(performance.speech.samples.tobytes())
    return int.from_bytes(digest.digest()[:4], "big")


def _records(performance: Performance, rendering: float, both: float) -> tuple[RunRecord, ...]:
    seed = performance.seed
    render = RunRecord(
        "render", performance.renderer, RENDERERS.spec(performance.renderer).weights, seed, rendering
    )
    write = RunRecord("write", "h264", (), seed, max(both - rendering, 0.0))
    return (*performance.records, render, write)


def _describe(performance: Performance, records: tuple[RunRecord, ...]) -> RunManifest:
    source = performance.source
    seen = performance.cast
    given = next((one.consent for one in seen if one.consent), None)
    consent = source.consent if source else given
    # Only of those who were heard: a recording, or a bank voice that stood in, needs none.
    spoke = {
        backend for record in records if record.stage == "speech" for backend in record.backend.split(", ")
    }
    voices = [one.voice.consent for one in seen if one.voice.backend in spoke and one.voice.consent]
    return describe_run(
        persona=" and ".join(one.card.name for one in seen),
        description=" / ".join(one.card.description for one in seen),
        seed=performance.seed,
        stages=records,
        consent=consent,
        voice_consents=tuple(dict.fromkeys(voices)),
        source=source.as_dict() if source else None,
    )


def _result(path: Path, info: VideoInfo, sha256: str, records: tuple[RunRecord, ...]) -> TalkingVideo:
    return TalkingVideo(path, info.duration_s, info.fps, info.width, sha256, records)
