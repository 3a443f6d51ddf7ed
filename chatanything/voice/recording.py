"""What is to be heard: words to speak, or a recording with the times of its phones."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from chatanything.errors import SpeechError, UsageError
from chatanything.media.audio import read_audio
from chatanything.progress import Progress, silent
from chatanything.types import Speech
from chatanything.voice.align import align, align_unknown

MAX_SPOKEN_CHARACTERS: Final = 5000


def check_words(text: str, audio: Path | str | None) -> None:
    """Make sure that there is something to say, and not too much.

    Args:
        text: The words.
        audio: A recording, with which there need be no words.

    Raises:
        UsageError: No words and no recording, or too many words.
    """
    if len(text) > MAX_SPOKEN_CHARACTERS:
        raise UsageError(
            "the text is too long",
            expected=f"at most {MAX_SPOKEN_CHARACTERS} characters",
            got=str(len(text)),
            hint="Say it in several videos.",
        )
    if audio is None and not text.strip():
        raise UsageError("there is nothing to say", expected="some text or an audio file")


def listen(path: Path, text: str = "", *, progress: Progress = silent) -> Speech:
    """Read a recording and time its phones.

    Args:
        path: Any sound or video file.
        text: What is said in it, if known; words that do not fit are left out, and `progress` is told.
        progress: Told at the start, stage "speech".

    Raises:
        SpeechError: The recording cannot be read.
    """
    progress("speech", 0, 1, f"listening to {path.name}")
    samples, sample_rate = read_audio(path)
    if text.strip():
        try:
            units = align(samples, sample_rate, text)
        except SpeechError as exc:
            progress("speech", 0, 1, f"the words do not fit the sound, using the sound alone: {exc}")
            units = align_unknown(samples, sample_rate)
    else:
        units = align_unknown(samples, sample_rate)
    return Speech(samples, sample_rate, units, text)
