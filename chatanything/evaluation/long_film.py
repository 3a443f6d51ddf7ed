"""`evaluate long`: a long recording into one video: does memory stay where it was, do the lips stay in time?

The recording is one spoken minute again and again, so that the last minute can be compared with the first. It
is made, spoken to and measured through files, as a user would.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from chatanything.evaluation.mouth import MouthClip, largest, opening_of
from chatanything.evaluation.process import Figures, in_fresh_process, peak_memory_mb
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import SENTENCES
from chatanything.evaluation.sync import lag_ms
from chatanything.face.landmarks import FaceDetector
from chatanything.media.audio import write_wav
from chatanything.media.video import read_video
from chatanything.progress import Progress, silent
from chatanything.studio import Studio
from chatanything.types import Delivery, Float32, TimedUnit, VoiceChoice
from chatanything.voice.bank import BACKEND
from chatanything.voice.speech import Speaker

STAGE: Final = "long"
_DESCRIPTION: Final = "a cheerful red apple who sings opera"
_VOICE: Final = VoiceChoice(BACKEND, (("am_michael", 1.0),))
_SEED: Final = 7
_MINUTE_S: Final = 60
_BREATH_S: Final = 0.4
"""Between two sentences."""
_PLANTED_S: Final = 0.04


@dataclass(frozen=True, slots=True)
class Minute:
    """A spoken minute."""

    samples: Float32
    """(n,) float32 mono."""
    sample_rate: int
    phones: tuple[TimedUnit, ...]

    @property
    def seconds(self) -> float:
        """Exactly how long it is."""
        return len(self.samples) / self.sample_rate


def run_long(*, minutes: int = 10, progress: Progress = silent) -> list[Row]:
    """Make a video of one minute and one of many, each in a process of its own, and compare.

    Args:
        minutes: Length of the long one, at least 2.
        progress: Told about every step.

    Raises:
        ChatAnythingError: A stage failed.
    """
    with TemporaryDirectory() as spare:
        folder = Path(spare)
        progress(STAGE, 0, 4, "speaking a minute")
        minute = speak_minute()
        persona = folder / "persona.charx"
        Studio(llm="rules", face_engine="template").create(_DESCRIPTION, seed=_SEED).save(persona)
        found = []
        for count in (1, minutes):
            progress(STAGE, 1 + (count > 1), 4, f"{count} min of recording into a video")
            recording = folder / f"{count}.wav"
            write_wav(recording, np.tile(minute.samples, count), minute.sample_rate)
            found.append(in_fresh_process(lip_sync, persona, recording, recording.with_suffix(".mp4")))
        progress(STAGE, 3, 4, "measuring the first and the last minute")
        video = folder / f"{minutes}.mp4"
        clips = minutes_of(video, minute, (0, minutes - 1))
        rows = [*cost_rows(found, minutes, minute.seconds), drift_row(clips), _tracks_row(video)]
        progress(STAGE, 4, 4)
        return rows


def speak_minute() -> Minute:
    """Sentences of the suite with pauses between them, cut at the end to a whole number of frames."""
    speaker, parts, phones = Speaker(), list[Float32](), list[TimedUnit]()
    rate, length = 0, 0
    for number in range(10 * len(SENTENCES)):
        speech = speaker.speak(SENTENCES[number % len(SENTENCES)], _VOICE, Delivery(), seed=_SEED)
        rate = speech.sample_rate
        if length + len(speech.samples) > _MINUTE_S * rate:
            break
        at = length / rate
        phones += [
            replace(unit, start_s=unit.start_s + at, end_s=unit.end_s + at)
            for unit in speech.units
            if unit.kind == "phone"
        ]
        parts += [speech.samples, np.zeros(round(_BREATH_S * rate), np.float32)]
        length += len(parts[-2]) + len(parts[-1])
    samples = np.zeros(_MINUTE_S * rate, np.float32)
    spoken = np.concatenate(parts)[: len(samples)]
    samples[: len(spoken)] = spoken
    return Minute(samples, rate, tuple(phones))


def lip_sync(persona: Path, recording: Path, video: Path) -> Figures:
    """Let a persona move its lips to a recording; for a process of its own."""
    studio = Studio(llm="rules")
    start = time.perf_counter()
    studio.say(studio.load(persona), out=video, audio=recording)
    return {"seconds": time.perf_counter() - start, "memory": peak_memory_mb()}


def minutes_of(video: Path, minute: Minute, numbers: Sequence[int]) -> list[MouthClip]:
    """The mouth in some minutes of a video in which a minute is said again and again.

    Args:
        video: The file.
        minute: What is said.
        numbers: Which minutes, from 0.

    Raises:
        InputFileError: The file cannot be read as a video.
    """
    pictures, fps = read_video(video)
    frames = round(minute.seconds * fps)
    landmarks: dict[int, list[Float32 | None]] = {number: [] for number in numbers}
    with FaceDetector() as detector:
        for i, picture in enumerate(pictures):
            if (number := i // frames) in landmarks:
                landmarks[number].append(largest(detector.detect(picture)))
    return [
        MouthClip(f"minute {number + 1}", "", fps, opening_of(landmarks[number]), minute.phones)
        for number in numbers
    ]


def cost_rows(found: Sequence[Figures], minutes: int, minute_s: float) -> list[Row]:
    """Memory and time of the short and the long video.

    Args:
        found: From `lip_sync`, short and long.
        minutes: How many minutes the long one has.
        minute_s: Seconds of a minute.
    """
    short, long = found
    memory = {"one_minute": round(short["memory"]), "all_minutes": round(long["memory"])}
    times = {"one_minute": round(short["seconds"] / minute_s, 3)}
    return [
        Row("long.memory_growth", long["memory"] - short["memory"], "MB", minutes, memory),
        Row("long.real_time_factor", long["seconds"] / (minutes * minute_s), "x", minutes, times),
    ]


def drift_row(clips: Sequence[MouthClip]) -> Row:
    """By how much later the mouth is in the last minute than in the first, in ms."""
    first, last = (lag_ms([clip]) for clip in clips)
    planted = replace(clips[1], phones=tuple(_moved(clips[1].phones, -_PLANTED_S)))
    control = {
        "first_minute": round(first, 1), "last_minute": round(last, 1),
        f"planted_{1000 * _PLANTED_S:.0f}_ms_found_as": round(lag_ms([planted]) - first, 1),
    }  # fmt: skip
    frames = sum(len(clip.opening) for clip in clips)
    return Row("long.drift", last - first, "ms", frames, control)


def _moved(phones: Sequence[TimedUnit], by_s: float) -> Iterator[TimedUnit]:
    for phone in phones:
        yield replace(phone, start_s=phone.start_s + by_s, end_s=phone.end_s + by_s)


def _tracks_row(video: Path) -> Row:
    """By how much longer the sound is than the pictures, in ms."""
    import av

    with av.open(str(video)) as container:
        streams: tuple[Any, ...] = (container.streams.video[0], container.streams.audio[0])
        pictures, sound = (float(stream.duration * stream.time_base) for stream in streams)
    seconds = {"pictures_s": round(pictures, 3), "sound_s": round(sound, 3)}
    return Row("long.tracks", 1000 * (sound - pictures), "ms", 1, seconds)
