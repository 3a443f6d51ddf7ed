"""Speech with timed phones from every voice of the bank, to learn motion from (`train motion-data`)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.errors import InputFileError
from chatanything.media.audio import resample
from chatanything.progress import Progress, silent
from chatanything.seeds import derive, generator
from chatanything.training.sentences import sentence
from chatanything.types import Delivery, Speech, TimedUnit, VoiceChoice
from chatanything.voice.bank import BACKEND, BANK
from chatanything.voice.effects import EFFECTS
from chatanything.voice.speech import Speaker

RATE: Final = 16_000
HELD_OUT: Final = 10
"""One clip in so many is spoken by a voice that the others never use."""
_HELD_VOICES: Final = tuple(voice.name for voice in BANK[4::9])
_VOICES: Final = tuple(voice.name for voice in BANK if voice.name not in _HELD_VOICES)
_EFFECTED: Final = 0.2
"""Share of clips with a creature effect."""


def is_held_out(number: int) -> bool:
    """Whether clip `number` is kept from training."""
    return number % HELD_OUT == HELD_OUT - 1


def speech_paths(folder: Path, *, held_out: bool = False) -> list[Path]:
    """The clips of a folder in order, those for training or those kept from it.

    Args:
        folder: Of `make_speech`.
        held_out: Which of the two.
    """
    paths = sorted((folder / "speech").glob("[0-9][0-9][0-9][0-9][0-9].npz"))
    return [path for path in paths if is_held_out(int(path.stem)) == held_out]


def make_speech(
    folder: Path, minutes: float, *, speaker: Speaker | None = None, progress: Progress = silent
) -> int:
    """Speak until the folder holds so many minutes; clips that are there stay.

    Clip n is the same on every machine, whatever was made before it.

    Args:
        folder: Takes speech/NNNNN.npz.
        minutes: In all.
        speaker: The voice stage; a new one if None.
        progress: Told about every clip.

    Returns:
        How many clips were made.

    Raises:
        InputFileError: A clip that is there is damaged.
        WeightsError: The voices cannot be had.
    """
    target = folder / "speech"
    target.mkdir(parents=True, exist_ok=True)
    speaker = speaker or Speaker()
    number, made, seconds = 0, 0, 0.0
    while seconds < 60 * minutes:
        path = target / f"{number:05d}.npz"
        if not path.exists():
            _save(path, _spoken(speaker, number))
            made += 1
        seconds += load_speech(path).duration_s
        progress("speech", round(seconds), round(60 * minutes), f"{number + 1} clips")
        number += 1
    return made


def load_speech(path: Path) -> Speech:
    """One clip.

    Raises:
        InputFileError: It cannot be read.
    """
    try:
        with np.load(path) as stored:
            samples = stored["samples"].astype(np.float32) / 32767
            times = stored["times"].tolist()
            units = tuple(
                TimedUnit(str(text), "phone", *span)
                for text, span in zip(stored["phones"].tolist(), times, strict=True)
            )
            return Speech(samples, RATE, units, str(stored["text"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as exc:
        raise InputFileError(f"{path} cannot be read as timed speech", got=str(exc)) from exc


def _spoken(speaker: Speaker, number: int) -> Speech:
    rng = generator(0, "motion-speech", number)
    voices = _HELD_VOICES if is_held_out(number) else _VOICES
    effect = str(rng.choice(sorted(EFFECTS))) if rng.random() < _EFFECTED else "none"
    pitch = float(rng.normal(0, 2)) if rng.random() < 0.3 else 0.0
    choice = VoiceChoice(
        BACKEND, ((str(rng.choice(voices)), 1.0),), float(rng.uniform(0.85, 1.25)), pitch, effect
    )
    delivery = Delivery(pauses=float(rng.uniform(0.7, 1.5)))
    return speaker.speak(sentence(rng), choice, delivery, seed=derive(0, "motion-effect", number))


def _save(path: Path, speech: Speech) -> None:
    phones = speech.phones()
    sound = np.clip(resample(speech.samples, speech.sample_rate, RATE), -1, 1)
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(
        partial,
        samples=np.rint(32767 * sound).astype(np.int16),
        phones=np.array([unit.text for unit in phones]),
        times=np.array([(unit.start_s, unit.end_s) for unit in phones]),
        text=speech.text,
    )
    partial.replace(path)
