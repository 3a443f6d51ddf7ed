"""Measure every voice of the bank again and write the figures into chatanything/voice/bank.json."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyworld

from chatanything.voice.backends.kokoro import Kokoro
from chatanything.voice.bank import BANK, BankVoice
from chatanything.voice.g2p import phonemise

BANK_JSON = Path(__file__).parents[2] / "chatanything" / "voice" / "bank.json"
SENTENCE = "The old lighthouse keeper walked along the shore, and nobody knew where he was going."
RATE = 24_000


def measure(engine: Kokoro, voice: BankVoice) -> dict[str, float]:
    pieces = phonemise(SENTENCE, "gb" if voice.accent == "gb" else "us")
    phonemes = "".join((" " if p.word and i else "") + p.phonemes for i, p in enumerate(pieces))
    made = engine.synthesise(phonemes, [(voice.name, 1.0)], 1.0)
    x = made.samples.astype(np.float64)
    floor = 110.0 if voice.gender == "female" or voice.age == "child" else 55.0
    f0, _ = pyworld.harvest(x, RATE, f0_floor=floor, f0_ceil=500.0)
    tone = f0[f0 > 0]
    melody = 12 * np.log2(tone / np.median(tone))
    power, hertz = np.abs(np.fft.rfft(x)) ** 2, np.fft.rfftfreq(len(x), 1 / RATE)
    bright = power[(hertz > 2000) & (hertz < 8000)].sum()
    dark = power[(hertz > 80) & (hertz < 2000)].sum()
    return {
        "f0_hz": round(float(np.median(tone)), 1),
        "melody_st": round(float(np.ptp(np.percentile(melody, [10, 90]))), 1),
        "tilt_db": round(float(10 * np.log10(bright / dark)), 1),
        "voiced": round(len(tone) / len(f0), 2),
        "seconds": round(made.starts_s[-1] - made.starts_s[0], 2),
    }


def main() -> None:
    engine, figures = Kokoro(), {}
    for voice in BANK:
        figures[voice.name] = measure(engine, voice)
        print(voice.name, figures[voice.name])
    entries = [e | figures[e["name"]] for e in json.loads(BANK_JSON.read_text(encoding="utf-8"))]
    lines = ",\n".join("  " + json.dumps(e, ensure_ascii=False) for e in entries)
    BANK_JSON.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
