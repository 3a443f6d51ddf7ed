"""The voice bank: what each of the 54 voices is like, as data.

`bank.json` holds one object a voice. Whatever can be heard was measured on one fixed sentence by
`chatanything train voices`: pitch, melody, brightness, voicing, pace, word error, who it sounds like. The
quality grade is the model authors' own (empty where they gave none); gender and accent follow from the
voice's origin; age and description are impressions.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from chatanything.types import AgeBand, Float32, Gender, VoiceChoice

BACKEND: Final = "kokoro"
BANK_JSON: Final = Path(__file__).parent / "bank.json"
_GRADES: Final = ("A", "B", "C", "D", "F")


@dataclass(frozen=True, slots=True)
class BankVoice:
    """One voice."""

    name: str
    gender: Gender
    age: AgeBand
    accent: str
    """us, gb, es, fr, hi, it, ja, pt, zh; all of them speak English."""
    grade: str
    """The authors' grade, "A" to "F+"; empty when not graded."""
    recommended: bool
    """Of a set in which no two voices sound alike."""
    f0_hz: float
    """Median pitch, Hertz."""
    melody_st: float
    """Semitones between the 10th and 90th percentile of the pitch."""
    tilt_db: float
    """Level of 2..8 kHz against 80 Hz..2 kHz, decibels; higher is brighter or breathier."""
    voiced: float
    """Share of the time with vocal-cord tone, 0..1; low is whispery."""
    seconds: float
    """Time taken for the sentence; longer is slower."""
    description: str
    syllables_s: float = 0.0
    """Syllables a second of sound, pauses left out."""
    word_error: float = 0.0
    """Share of the words that a small recogniser got wrong: of 440 in fifty sentences for English voices,
    of 15 in one sentence for others."""
    female: float = 0.5
    """How female it sounds, 0..1: by speaker embedding, nearer to the other women or the other men."""
    speaker: str = ""
    """Speaker embedding, 256 bytes in base 64."""

    @property
    def vector(self) -> Float32:
        """Speaker embedding, (256,) of length 1; zeros if never measured."""
        return _vector(self.speaker)

    @property
    def quality(self) -> float:
        """The grade as 0..1; an average 0.5 when not graded."""
        if not self.grade:
            return 0.5
        step = {"+": 0.07, "-": -0.07}.get(self.grade[-1], 0.0)
        return 1.0 - 0.22 * _GRADES.index(self.grade[0]) + step


@lru_cache(maxsize=128)
def _vector(packed: str) -> Float32:
    numbers = np.frombuffer(base64.b64decode(packed), np.uint8).astype(np.float32)
    vector = numbers if len(numbers) else np.zeros(256, np.float32)
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def bank_from(entries: Iterable[Mapping[str, Any]]) -> tuple[BankVoice, ...]:
    """Voices from what `bank.json` holds."""
    return tuple(BankVoice(**entry) for entry in entries)


ENGLISH: Final = frozenset({"us", "gb"})
"""Accents of those whose own language is English."""

BANK: Final[tuple[BankVoice, ...]] = bank_from(json.loads(BANK_JSON.read_text(encoding="utf-8")))
"""All voices, in the order of their names."""

VOICES: Final[Mapping[str, BankVoice]] = MappingProxyType({voice.name: voice for voice in BANK})


def accent_of(choice: VoiceChoice) -> str:
    """Which pronunciation a blend speaks with: "gb" when most of its weight is British, else "us"."""
    british = sum(weight for name, weight in choice.weights if name in VOICES and VOICES[name].accent == "gb")
    return "gb" if british > 0.5 * sum(weight for _, weight in choice.weights) else "us"
