"""`evaluate lipsync`: make the suite's videos, or take finished ones, and score them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from chatanything.errors import InputFileError, SpeechError
from chatanything.evaluation.identity import Likeness, identity_rows, likeness, open_embedding
from chatanything.evaluation.mouth import MouthClip, measure_clip, watch
from chatanything.evaluation.rows import Row
from chatanything.evaluation.suite import PERSONAS, SENTENCES, pair
from chatanything.evaluation.sync import score
from chatanything.evaluation.sync_judge import SyncClip, sync_clip, sync_rows
from chatanything.face.landmarks import FaceDetector
from chatanything.progress import Progress, silent
from chatanything.studio import Studio

SEED: Final = 7
STAGE: Final = "lipsync"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A finished video and what is known of it."""

    video: Path
    text: str
    """What is said in it."""
    speaker: str = ""
    """Description of who speaks; "" where nobody knows."""


def run_lipsync(
    *,
    count: int = len(SENTENCES),
    folder: Path | None = None,
    videos: Path | None = None,
    identity: bool = False,
    studio: Studio | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Lip-sync figures of finished videos, with controls.

    Args:
        count: How many clips of the suite are made, 1..200.
        folder: Keeps the suite's videos and their texts; a temporary folder if None.
        videos: Scores what is in this folder instead of making videos: NAME.mp4 with its words in NAME.txt.
        identity: Looks as well whether the face stays itself; fetches the weights of an embedding.
        studio: Makes the videos; the default one without an LLM if None.
        progress: Told about every video.

    Raises:
        InputFileError: `videos` holds no pairs, or a file of it cannot be read.
        UsageError: No video shows a speaking face.
        SpeechError: The words of no video fit its sound; single ones are left out and counted.
        WeightsError: The sync judge is missing or damaged.
    """
    if videos is not None:
        return _score(list_videos(videos), progress, identity=identity)
    with TemporaryDirectory() as spare:
        target = folder or Path(spare)
        target.mkdir(parents=True, exist_ok=True)
        made = make_suite(studio or Studio(llm="rules"), target, count=count, progress=progress)
        return _score(list(made), progress, identity=identity)


def _score(spoken: Sequence[Spoken], progress: Progress, *, identity: bool) -> list[Row]:
    clips: list[MouthClip] = []
    judged: list[SyncClip] = []
    alike: list[Likeness] = []
    embed = open_embedding() if identity else None
    with FaceDetector() as detector:
        for i, one in enumerate(spoken):
            progress(STAGE, i, len(spoken), f"measuring {one.video.name}")
            film = watch(one.video, detector)
            try:
                clips.append(measure_clip(film, one.text))
            except SpeechError as exc:
                progress(STAGE, i, len(spoken), f"{one.video.name} is left out: {exc}")
                continue
            judged.append(sync_clip(film, one.text))
            if identity and (found := likeness(one.video, film, one.speaker, embed)) is not None:
                alike.append(found)
    progress(STAGE, len(spoken), len(spoken), f"{len(clips)} videos measured")
    if not clips:
        raise SpeechError("no video's words fit its sound", expected="NAME.txt with what NAME.mp4 says")
    share = Row("lipsync.words_found", len(clips) / len(spoken), "share", len(spoken))
    return [share, *score(clips), *sync_rows(judged), *identity_rows(alike)]


def list_videos(folder: Path) -> list[Spoken]:
    """The NAME.mp4 of a folder with the words of NAME.txt, by name.

    Raises:
        InputFileError: The folder has none, or a text is missing.
    """
    found: list[Spoken] = []
    for video in sorted(folder.glob("*.mp4")):
        words = video.with_suffix(".txt")
        if not words.is_file():
            raise InputFileError(f"{video} has no words", expected=f"them in {words.name} beside it")
        found.append(Spoken(video, words.read_text(encoding="utf-8").strip()))
    if not found:
        raise InputFileError(f"no videos in {folder}", expected="NAME.mp4 files with their words in NAME.txt")
    return found


def make_suite(studio: Studio, folder: Path, *, count: int, progress: Progress = silent) -> Iterator[Spoken]:
    """Create the suite's personas and let them say its sentences, each video as soon as it is done.

    Args:
        studio: Makes them.
        folder: Takes NNN.mp4 and NNN.txt.
        count: The first so many clips, 1..200.
        progress: Told about every video.
    """
    personas = [studio.create(text, seed=SEED) for text in PERSONAS[:count]]
    for i in range(count):
        who, sentence = pair(i)
        persona, text = personas[who], SENTENCES[sentence]
        progress(STAGE, i, count, f"{persona.card.name} says sentence {sentence + 1}")
        video = folder / f"{i + 1:03d}.mp4"
        studio.say(persona, text, out=video)
        video.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
        yield Spoken(video, text, PERSONAS[who])
