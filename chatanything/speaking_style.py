"""The speaking style of a clip, measured for another face.

Of whoever is in the clip only the few numbers of a `Manner` go on: no picture, no landmark and no sound of it
is kept or passed on, and the result neither shows that face nor speaks with that voice. So a clip of a real
person needs no consent statement here; their picture (`create --face`) and a clip to be changed (`dub`) do.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.errors import InputFileError, SpeechError
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.dub_tracks import track_faces
from chatanything.lipsync.following import FaceFollower
from chatanything.lipsync.manner import Manner
from chatanything.lipsync.style_from import Kind, SeenSpeaker, manner_of
from chatanything.media.audio import read_audio
from chatanything.media.clip import Clip
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import verify_file
from chatanything.settings import Settings
from chatanything.stopwatch import Stopwatch
from chatanything.types import Float32
from chatanything.visemes import BLENDSHAPES

WEIGHTS: Final = ("face-landmarker",)
LOOK_S: Final = 30.0
"""Seconds of a clip that are looked at; more say nothing new."""
_RATE: Final = 25.0
"""Pictures a second that are looked at, about."""
_NO_SCORES: Final = np.full(len(BLENDSHAPES), np.nan, np.float32)


def read_manner(path: Path, *, config: Settings, progress: Progress = silent) -> Manner:
    """How the person or character in a clip moves while speaking.

    A clip that carries this user's own valid signature shows a character that was drawn here, unless it says
    that it was made from somebody's picture or clip; all others count as recordings.

    Args:
        path: A video of somebody who speaks to the camera; the largest face counts.
        config: Whose signatures count as one's own.
        progress: Told in pictures, stage "style", and the factors and notes at the end.

    Raises:
        InputFileError: The clip cannot be read as a video.
        FaceError: Less than three seconds of it show a face to the front, or the face does not speak.
    """
    manner = manner_of(_watch(path, progress), kind_of(path, config))
    progress("style", 1, 1, "; ".join((str(manner), *manner.notes)))
    return manner


def taken_over(
    style_from: Path | str | Manner | None, watch: Stopwatch, *, config: Settings, progress: Progress = silent
) -> Manner | None:
    """The manner that was asked for, with a record that it was; None if none was.

    Args:
        style_from: A clip, or what `read_manner` found in one.
        watch: Keeps the record; nothing of the clip, not even its name, is in it.
        config: Whose signatures count as one's own.
        progress: As of `read_manner`.

    Raises:
        InputFileError: As of `read_manner`.
        FaceError: As of `read_manner`.
    """
    if style_from is None:
        return None
    with watch.stage("style", "clip", WEIGHTS):
        if isinstance(style_from, Manner):
            return style_from
        return read_manner(Path(style_from), config=config, progress=progress)


def kind_of(path: Path, config: Settings) -> Kind:
    """What a clip shows, by what is signed into it.

    Args:
        path: The clip.
        config: Whose signatures count as one's own.
    """
    try:
        found = verify_file(path, config=config)
    except InputFileError:
        return "recorded"
    run = found.run
    if found.state != "valid" or not found.trusted or run is None or run.get("source") or run.get("consent"):
        return "recorded"
    makers = [stage["backend"] for stage in run["stages"] if stage["stage"] == "motion"]
    return "net" if makers[-1:] == ["net"] else "rules"


def _watch(path: Path, progress: Progress) -> SeenSpeaker:
    """The largest face of a clip, followed, and the sound."""
    clip = Clip(path)
    step = max(1, round(clip.fps / _RATE))
    found: list[Float32 | None] = []
    scores: list[Float32] = []
    follower = FaceFollower()
    expected = min(clip.expected, round(LOOK_S * clip.fps)) // step
    with FaceDetector() as detector:
        for number, picture in enumerate(islice(clip.scan(LOOK_S), 0, None, step)):
            progress("style", number, max(expected, number + 1), "" if number else f"watching {path.name}")
            faces = {id(one.landmarks): one for one in detector.detect(picture)}
            face = follower.follow(picture, [one.landmarks for one in faces.values()])
            found.append(face)
            scores.append(_NO_SCORES if face is None else faces[id(face)].blendshapes)
    samples, rate = _sound(path, len(found) * step / clip.fps)
    return SeenSpeaker(path.name, track_faces(found), np.stack(scores), clip.fps / step, samples, rate)


def _sound(path: Path, most_s: float) -> tuple[Float32, int]:
    """The sound of the pictures that were seen; none where the clip has none that can be read."""
    try:
        samples, rate = read_audio(path)
    except SpeechError:
        return np.zeros(0, np.float32), 1
    return samples[: round(most_s * rate)], rate
