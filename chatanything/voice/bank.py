"""The voice bank: what each of the 54 voices is like, as data.

`bank.json` holds one object a voice. Pitch, melody, brightness, voicing and pace were measured with WORLD on
one fixed sentence; the quality grade is the model authors' own (empty where they gave none); gender and
accent follow from the voice's origin; age and description are impressions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from chatanything.types import AgeBand, Gender, VoiceChoice

BACKEND: Final = "kokoro"
_DATA: Final = Path(__file__).parent / "bank.json"
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

    @property
    def quality(self) -> float:
        """The grade as 0..1; an average 0.5 when not graded."""
        if not self.grade:
            return 0.5
        step = {"+": 0.07, "-": -0.07}.get(self.grade[-1], 0.0)
        return 1.0 - 0.22 * _GRADES.index(self.grade[0]) + step


BANK: Final[tuple[BankVoice, ...]] = tuple(
    BankVoice(**entry) for entry in json.loads(_DATA.read_text(encoding="utf-8"))
)
"""All voices, in the order of their names."""

VOICES: Final[Mapping[str, BankVoice]] = MappingProxyType({voice.name: voice for voice in BANK})


def accent_of(choice: VoiceChoice) -> str:
    """Which pronunciation a blend speaks with: "gb" when most of its weight is British, else "us"."""
    british = sum(weight for name, weight in choice.weights if name in VOICES and VOICES[name].accent == "gb")
    return "gb" if british > 0.5 * sum(weight for _, weight in choice.weights) else "us"
