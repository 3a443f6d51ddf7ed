"""Measure every voice of the bank on fixed sentences and write the figures beside its origin.

Name, gender, accent, grade, age and description of a voice stay as they are; everything that can be heard is
measured anew. Two runs write the same bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.media.atomic import write_bytes
from chatanything.progress import Progress, silent
from chatanything.types import Delivery, Float32, VoiceChoice
from chatanything.voice.acoustics import Acoustics, measure_sound
from chatanything.voice.bank import BACKEND, BANK_JSON, ENGLISH, BankVoice, bank_from
from chatanything.voice.encoder import embed_voice
from chatanything.voice.speech import Speaker
from chatanything.voice.word_error import word_errors

SENTENCE: Final = "The old lighthouse keeper walked along the shore, and nobody knew where he was going."
_FLOOR_HZ: Final = 55.0
_HIGH_FLOOR_HZ: Final = 110.0
_SHARPNESS: Final = 30.0
"""How fast an impression of gender becomes certain with the difference of two cosines."""
Recogniser = Callable[[Float32, int], str]
"""(samples, Hertz) -> what was understood."""


def measure_bank(
    out: Path = BANK_JSON,
    *,
    recognise: Recogniser | None = None,
    sentences: Sequence[str] = (SENTENCE,),
    progress: Progress = silent,
) -> list[BankVoice]:
    """Let every voice say one sentence, measure it, and write the bank.

    Args:
        out: The file to write.
        recognise: For the word error; None leaves it as it was.
        sentences: What English voices say for the word error; others say one sentence.
        progress: Told about every voice.

    Returns:
        The bank as written.

    Raises:
        WeightsError: The voices or the speaker embedding cannot be had.
        OutputError: The file cannot be written.
    """
    entries = json.loads(BANK_JSON.read_text(encoding="utf-8"))
    speaker, heard = Speaker(), []
    for i, entry in enumerate(entries):
        progress("voices", i, len(entries), entry["name"])
        speech = speaker.speak(SENTENCE, VoiceChoice(BACKEND, ((entry["name"], 1.0),)), Delivery(), seed=0)
        high = entry["gender"] == "female" or entry["age"] == "child"
        found = measure_sound(
            speech.samples, speech.sample_rate, floor_hz=_HIGH_FLOOR_HZ if high else _FLOOR_HZ
        )
        entry.update(_figures(found))
        if recognise is not None:
            said = sentences if entry["accent"] in ENGLISH else (SENTENCE,)
            entry["word_error"] = _misheard(speaker, entry["name"], said, recognise)
        heard.append(embed_voice(speech.samples, speech.sample_rate))
    female = impressions(np.stack(heard), [entry["gender"] == "female" for entry in entries])
    for entry, vector, share in zip(entries, heard, female, strict=True):
        entry["female"] = round(share, 2)
        entry["speaker"] = pack(vector)
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    write_bytes(out, f"[\n{lines}\n]\n".encode())
    progress("voices", len(entries), len(entries))
    return list(bank_from(entries))


def _misheard(speaker: Speaker, name: str, sentences: Sequence[str], recognise: Recogniser) -> float:
    """Share of the words of some sentences that are not understood."""
    wrong = count = 0
    for sentence in sentences:
        speech = speaker.speak(sentence, VoiceChoice(BACKEND, ((name, 1.0),)), Delivery(), seed=0)
        errors, words = word_errors(sentence, recognise(speech.samples, speech.sample_rate))
        wrong, count = wrong + errors, count + words
    return round(wrong / count, 3)


def _figures(found: Acoustics) -> Mapping[str, Any]:
    return {
        "f0_hz": round(found.f0_hz, 1),
        "melody_st": round(found.melody_st, 1),
        "tilt_db": round(found.tilt_db, 1),
        "voiced": round(found.voiced, 2),
        "seconds": round(found.seconds, 2),
        "syllables_s": round(found.syllables_s, 2),
    }


def impressions(vectors: Float32, female: Sequence[bool]) -> list[float]:
    """How female every voice sounds among the others, 0..1: nearer to which mean, itself left out.

    Args:
        vectors: (n, 256) speaker embeddings of length 1.
        female: By their origin; both kinds at least twice.
    """
    known, shares = np.array(female), []
    for i, vector in enumerate(vectors):
        others = np.arange(len(vectors)) != i
        means = [vectors[others & (known == kind)].mean(axis=0) for kind in (True, False)]
        near = [float(vector @ mean / np.linalg.norm(mean)) for mean in means]
        shares.append(1 / (1 + float(np.exp(-_SHARPNESS * (near[0] - near[1])))))
    return shares


def pack(vector: Float32) -> str:
    """A speaker embedding as text: 256 bytes of its share of the largest number, in base 64."""
    scaled = np.round(255 * vector / max(float(vector.max()), 1e-9)).astype(np.uint8)
    return base64.b64encode(scaled.tobytes()).decode()
