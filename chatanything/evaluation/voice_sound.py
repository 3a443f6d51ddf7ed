"""The voices on offer, heard: how different they are, how well understood, how fast they come."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chatanything.evaluation.rows import Row
from chatanything.evaluation.speed import peak_memory_mb
from chatanything.evaluation.suite import PERSONAS, SENTENCES
from chatanything.hearing.recognizer import RECOGNIZERS, Recognizer
from chatanything.persona.rules import read_description
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import Delivery, Float32, VoiceChoice
from chatanything.voice.bank import BACKEND, BANK
from chatanything.voice.effects import EFFECTS
from chatanything.voice.encoder import embed_voice
from chatanything.voice.match import TOO_CLOSE, match_voice
from chatanything.voice.speech import Speaker
from chatanything.voice.word_error import word_errors

_BASES: Final[Mapping[str, str]] = {
    "giant": "am_fenrir", "child": "af_nova", "boy": "am_puck", "imp": "af_jessica", "robot": "am_michael",
    "robot_f": "af_kore", "ghost": "bf_lily", "crone": "bf_alice",
}  # fmt: skip
"""One voice under each effect."""
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Heard:
    """What one voice came to."""

    name: str
    group: str
    """us, gb, effect or persona."""
    vectors: tuple[Float32, ...]
    """A speaker embedding a sentence."""
    errors: int
    words: int
    seconds: tuple[float, ...]
    """Waited for each sentence."""
    lasts_s: float


def offered(*, personas: int = len(PERSONAS)) -> list[tuple[str, str, VoiceChoice]]:
    """(name, group, voice): the English voices, the effects, and the voices of the suite's personas."""
    voices = [
        (v.name, v.accent, VoiceChoice(BACKEND, ((v.name, 1.0),))) for v in BANK if v.accent in ("us", "gb")
    ]
    effects = [
        (name, "effect", VoiceChoice(BACKEND, ((_BASES[name], 1.0),), effect=name))
        for name in EFFECTS
        if name in _BASES
    ]
    spoken = [(text, "persona", _voice_of(text)) for text in PERSONAS[:personas]]
    return voices + effects + spoken


def _voice_of(text: str) -> VoiceChoice:
    brief = read_description(text, seed=_SEED).voice_brief()
    return match_voice(brief, seed=derive(_SEED, "voice")).choice


def sound_rows(
    *,
    sentences: int = 2,
    options: Sequence[tuple[str, str, VoiceChoice]] | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Let every voice speak and measure what comes.

    Args:
        sentences: Each voice says so many, 1..20.
        options: Whom to hear; None is `offered`.
        progress: Told about every voice.

    Raises:
        ChatAnythingError: A voice, the recogniser or the speaker embedding cannot be had.
    """
    recogniser: Recognizer = RECOGNIZERS.factory("local")()
    chosen = offered() if options is None else options
    speaker = Speaker()
    speaker.speak("Ready.", chosen[0][2], Delivery(), seed=0)
    heard = []
    for i, (name, group, choice) in enumerate(chosen):
        progress("voices", i, len(chosen), name)
        heard.append(_hear(speaker, recogniser, name, group, choice, sentences))
    progress("voices", len(chosen), len(chosen))
    return figures(heard)


def figures(heard: Sequence[Heard]) -> list[Row]:
    """Distinctness, word error by group, and speed; peak memory is this process's."""
    return [*_distinct_rows(heard), *_error_rows(heard), *_speed_rows(heard)]


def _hear(
    speaker: Speaker, recogniser: Recognizer, name: str, group: str, choice: VoiceChoice, sentences: int
) -> Heard:
    vectors, seconds, errors, words, lasts = [], [], 0, 0, 0.0
    for sentence in SENTENCES[:sentences]:
        start = time.perf_counter()
        speech = speaker.speak(sentence, choice, Delivery(), seed=0)
        seconds.append(time.perf_counter() - start)
        wrong, count = word_errors(sentence, recogniser.transcribe(speech.samples, speech.sample_rate))
        errors, words, lasts = errors + wrong, words + count, lasts + speech.duration_s
        vectors.append(embed_voice(speech.samples, speech.sample_rate))
    return Heard(name, group, tuple(vectors), errors, words, tuple(seconds), lasts)


def _cosines(voices: Sequence[Heard]) -> Float32:
    """Of all pairs of different voices, by the mean of their sentences."""
    means = np.stack([np.mean(voice.vectors, axis=0) for voice in voices])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return np.asarray((means @ means.T)[np.triu_indices(len(voices), 1)], np.float32)


def _distinct_rows(heard: Sequence[Heard]) -> list[Row]:
    rows = []
    for title, groups in (
        ("bank", ("us", "gb")),
        ("offered", ("us", "gb", "effect")),
        ("personas", ("persona",)),
    ):
        voices = [one for one in heard if one.group in groups]
        if len(voices) < 2:
            continue
        pairs = _cosines(voices)
        control = {"closest": float(pairs.max()), "p95": float(np.percentile(pairs, 95))}
        control["too_close"] = float((pairs > TOO_CLOSE).sum())
        if len(voices[0].vectors) > 1:
            control["same_voice"] = float(np.mean([one.vectors[0] @ one.vectors[1] for one in voices]))
        control = {key: round(value, 3) for key, value in control.items()}
        mean = round(float(pairs.mean()), 3)
        rows.append(Row(f"voices.distinct.{title}", mean, "cosine", len(pairs), control))
    return rows


def _error_rows(heard: Sequence[Heard]) -> list[Row]:
    rows = []
    for group in dict.fromkeys(one.group for one in heard):
        voices = [one for one in heard if one.group == group]
        shares = [one.errors / max(one.words, 1) for one in voices]
        words = sum(one.words for one in voices)
        value = round(sum(one.errors for one in voices) / max(words, 1), 3)
        control = {"median_voice": round(float(np.median(shares)), 3), "worst_voice": round(max(shares), 3)}
        rows.append(Row(f"voices.word_error.{group}", value, "share", words, control))
    return rows


def _speed_rows(heard: Sequence[Heard]) -> list[Row]:
    first = [one.seconds[0] for one in heard]
    factor = sum(sum(one.seconds) for one in heard) / sum(one.lasts_s for one in heard)
    control = {"lowest": round(min(first), 2), "highest": round(max(first), 2)}
    return [
        Row("voices.real_time_factor", round(factor, 2), "x", len(heard)),
        Row("voices.first_audio", round(float(np.median(first)), 2), "s", len(heard), control),
        Row("voices.peak_memory", round(peak_memory_mb()), "MB", 1),
    ]
