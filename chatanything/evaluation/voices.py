"""`evaluate voices`: does the right voice come, does it do what it is told, do voices differ, are they clear?

Descriptions are labelled by hand in data/voices.toml. Half of them may be looked at; the misses of the other
half are counted and never shown. Everything else is measured on the sound.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import numpy as np

from chatanything.evaluation.rows import Row
from chatanything.evaluation.voice_sound import GROUPS, sound_rows
from chatanything.evaluation.voice_speed import speed_rows
from chatanything.persona.rules import read_description
from chatanything.progress import Progress, silent
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.acoustics import measure_sound
from chatanything.voice.bank import BACKEND
from chatanything.voice.speech import Speaker

HALVES: Final = ("open", "held_out")
DIMENSIONS: Final = ("gender", "age", "class", "accent")
PARTS: Final = ("match", "delivery", *GROUPS, "speed")
DELIVERY_VOICES: Final = ("af_heart", "am_michael")
_SENTENCE: Final = "Please put the purple paper back upon the bookshelf, will you?"
_ASKED: Final[Mapping[str, tuple[float, ...]]] = {
    "rate": tuple(np.linspace(0.7, 1.4, 8).round(2).tolist()),
    "pitch": tuple(np.linspace(-4.0, 4.0, 8)[[5, 6, 3, 0, 2, 1, 4, 7]].round(2).tolist()),
    "energy": tuple(np.linspace(0.6, 1.4, 8)[[7, 1, 3, 0, 4, 6, 5, 2]].round(2).tolist()),
}
"""Eight ways to say a sentence; the orders of no two dimensions agree (|r| < 0.03)."""
_WISHES: Final = ("rate", "pitch", "energy")
_SYLLABLES: Final = "syllables"
"""Counted syllables a second, the control of rate: a count that needs no text but is rough."""
_Z: Final = 1.96


def match_rows() -> list[Row]:
    """Accuracy of what is wanted, for both halves and every dimension, with Wilson's interval of 95 %."""
    data = tomllib.loads((files("chatanything.evaluation") / "data" / "voices.toml").read_text("utf-8"))
    return [_accuracy(data[half], half, dimension) for half in HALVES for dimension in DIMENSIONS]


def _accuracy(cases: Sequence[Mapping[str, Any]], half: str, dimension: str) -> Row:
    told = [case for case in cases if case[dimension]]
    right = sum(_wanted(case["text"])[dimension] in case[dimension] for case in told)
    low, high = _wilson(right, len(told))
    return Row(
        f"voices.match.{half}.{dimension}", round(right / len(told), 3), "share", len(told),
        {"low": low, "high": high},
    )  # fmt: skip


def _wanted(text: str) -> Mapping[str, str]:
    """What was read; a gender that only the seed decided counts as missed."""
    read = read_description(text, seed=0)
    gender = read.gender if read.gender_said else "by seed"
    return {"gender": gender, "age": read.age, "class": read.voice_class, "accent": read.accent}


def _wilson(right: int, n: int) -> tuple[float, float]:
    share, spread = right / n, _Z**2 / n
    middle, half = share + spread / 2, _Z * float(np.sqrt(share * (1 - share) / n + spread / (4 * n)))
    return round((middle - half) / (1 + spread), 3), round((middle + half) / (1 + spread), 3)


def spearman(a: Sequence[float], b: Sequence[float]) -> float:
    """Rank correlation, -1..1; equal values share their mean rank."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Sequence[float]) -> list[float]:
    x = np.asarray(values)
    return [float((x < v).sum() + ((x == v).sum() - 1) / 2) for v in x]


def delivery_rows(*, voices: Sequence[str] = DELIVERY_VOICES, progress: Progress = silent) -> list[Row]:
    """Rank correlation of wishes with the sound, the mean over voices.

    The control is the strongest correlation of the same figure with a wish that it should not follow.

    Args:
        voices: Names of the bank.
        progress: Told about every sentence.

    Raises:
        ChatAnythingError: The voice cannot speak.
    """
    speaker = Speaker()
    count = len(_ASKED["rate"])
    found: list[list[dict[str, float]]] = []
    for number, name in enumerate(voices):
        found.append([])
        for i in range(count):
            progress("delivery", number * count + i, count * len(voices), name)
            rate, pitch, energy = (_ASKED[wish][i] for wish in _WISHES)
            delivery = Delivery(rate=rate, pitch=pitch, energy=energy)
            speech = speaker.speak(_SENTENCE, VoiceChoice(BACKEND, ((name, 1.0),)), delivery, seed=0)
            sound = measure_sound(speech.samples, speech.sample_rate)
            words_s = len(_SENTENCE.split()) / sound.seconds
            heard = dict(zip(_WISHES, (words_s, sound.f0_hz, sound.level_db), strict=True))
            found[-1].append({**heard, _SYLLABLES: sound.syllables_s})
    return [_delivery_row(wish, found) for wish in _WISHES]


def _delivery_row(wish: str, found: Sequence[Sequence[Mapping[str, float]]]) -> Row:
    heard = [[one[wish] for one in voice] for voice in found]
    own = [spearman(_ASKED[wish], values) for values in heard]
    other = [
        abs(float(np.mean([spearman(_ASKED[key], values) for values in heard])))
        for key in _ASKED
        if key != wish
    ]
    control = {"other_wishes": round(max(other), 3), "worst_voice": round(min(own), 3)}
    if wish == "rate":
        counted = [spearman(_ASKED[wish], [one[_SYLLABLES] for one in voice]) for voice in found]
        control["by_syllables"] = round(float(np.mean(counted)), 3)
    count = sum(map(len, found))
    return Row(f"voices.delivery.{wish}", round(float(np.mean(own)), 3), "rank r", count, control)


def run_voices(*, parts: Sequence[str] = PARTS, sentences: int = 2, progress: Progress = silent) -> list[Row]:
    """The rows of the parts that are asked for.

    Args:
        parts: Of `PARTS`.
        sentences: Said by every voice in the parts that are heard (`GROUPS`), 1..50.
        progress: Told about every sentence.

    Raises:
        ChatAnythingError: A voice, the recogniser or the speaker embedding cannot be had.
    """
    rows = match_rows() if "match" in parts else []
    rows += delivery_rows(progress=progress) if "delivery" in parts else []
    for group in GROUPS:
        rows += sound_rows(group, sentences=sentences, progress=progress) if group in parts else []
    rows += speed_rows(progress=progress) if "speed" in parts else []
    return rows
