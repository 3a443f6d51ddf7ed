"""How soon the embedded voice is heard, how fast it speaks, and what memory it takes.

Each repeat runs in a fresh process that holds nothing but what a voice needs: its memory is its own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from chatanything.evaluation.process import Figures, in_fresh_process, peak_memory_mb
from chatanything.evaluation.rows import Row
from chatanything.persona.rules import read_description
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import Delivery
from chatanything.voice.match import match_voice
from chatanything.voice.speech import Speaker

DESCRIPTION: Final = "a grumpy old lighthouse keeper who loves jazz"
PARAGRAPHS: Final = (
    "Evening. The lamp is lit, the fog is thick, and my trumpet is out of tune again. Pull up a chair, but "
    "mind the cat.",
    "I have kept this light for thirty years and never once has it gone out on a night like this. Do you "
    "hear the bell? That is the old harbour boat coming home.",
    "Well now, you have walked a long way through the rain to ask me that, and I will tell you what I know.",
)
"""What people may say: a short beginning, a long first sentence, and one sentence with commas."""
_SEED: Final = 7


def speed_rows(*, repeats: int = 3, progress: Progress = silent) -> list[Row]:
    """Seconds to the first audio, real-time factor and peak memory: medians over repeats.

    Args:
        repeats: At least 1.
        progress: Told about every repeat.

    Raises:
        ChatAnythingError: The voice cannot speak.
    """
    found: defaultdict[str, list[float]] = defaultdict(list)
    for i in range(repeats):
        progress("speed", i, repeats)
        for name, value in in_fresh_process(measure_voice).items():
            found[name].append(value)
    progress("speed", repeats, repeats)
    return [_row(name, values) for name, values in found.items()]


def measure_voice() -> Figures:
    """Match a voice, let it speak warm, in pieces, and take the times."""
    brief = read_description(DESCRIPTION, seed=_SEED).voice_brief()
    choice = match_voice(brief, seed=derive(_SEED, "voice")).choice
    speaker, waits, whole, lasts = Speaker(), [], 0.0, 0.0
    start = time.perf_counter()
    speaker.speak("Ready.", choice, Delivery(), seed=0)
    loading = time.perf_counter() - start
    for text in PARAGRAPHS:
        start = time.perf_counter()
        pieces = speaker.stream(text, choice, Delivery(), seed=0)
        first = next(pieces)
        waits.append(time.perf_counter() - start)
        lasts += first.duration_s + sum(piece.duration_s for piece in pieces)
        whole += time.perf_counter() - start
    return {
        "first_audio": float(np.median(waits)),
        "first_audio.worst": max(waits),
        "real_time_factor": whole / lasts,
        "loading": loading,
        "peak_memory": peak_memory_mb(),
    }


def _row(name: str, values: Sequence[float]) -> Row:
    unit = {"real_time_factor": "x", "peak_memory": "MB"}.get(name, "s")
    spread = {"lowest": round(min(values), 2), "highest": round(max(values), 2)}
    return Row(f"voices.speed.{name}", round(float(np.median(values)), 2), unit, len(values), spread)
