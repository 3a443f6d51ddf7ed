"""Frames and sound into a finished, signed file with its sidecar."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatanything.bundle import Persona
from chatanything.lipsync import RENDERERS
from chatanything.media.atomic import replacing
from chatanything.media.video import VideoInfo, write_video
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import sign_file
from chatanything.provenance.consent import ConsentRecord
from chatanything.provenance.manifest import RunManifest, describe_run, write_sidecar
from chatanything.settings import Settings
from chatanything.types import Frame, RunRecord, Speech, TalkingVideo
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
        config: Says whether and with which certificate to sign.
        progress: Told in frames, stage "write".

    Raises:
        OutputError: The file cannot be written or signed.
    """
    meter = _Meter(performance.frames)
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
            media_sha256 = sha256_of(unsigned)
            if config.sign:
                sign_file(unsigned, finished, run, title=path.name, config=config)
            else:
                unsigned.replace(finished)
        finally:
            unsigned.unlink(missing_ok=True)
        sha256 = sha256_of(finished)
        # The sidecar first: a video without its description must never be seen.
        write_sidecar(path, run, media_sha256=media_sha256, sha256=sha256)
    return _result(path, info, sha256, records)


def _records(performance: Performance, rendering: float, both: float) -> tuple[RunRecord, ...]:
    seed = performance.seed
    render = RunRecord(
        "render", performance.renderer, RENDERERS.spec(performance.renderer).weights, seed, rendering
    )
    write = RunRecord("write", "h264", (), seed, max(both - rendering, 0.0))
    return (*performance.records, render, write)


def _describe(performance: Performance, records: tuple[RunRecord, ...]) -> RunManifest:
    source = performance.source
    seen = [one for one in (performance.persona, *performance.others) if one is not None]
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
