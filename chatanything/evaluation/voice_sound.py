"""The voices on offer, heard: how well each is understood, and how different they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from chatanything.evaluation.rows import Row
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

GROUPS: Final = ("bank", "effects", "personas", "accents")
"""The English voices; each effect on one of them; who the suite's descriptions get; the other voices."""
MOST_ERRORS: Final = 0.08
"""Share of words that a voice may have misunderstood and still be offered."""
_BASES: Final[Mapping[str, str]] = {
    "giant": "am_fenrir", "child": "af_nova", "boy": "am_michael", "imp": "af_river", "robot": "am_michael",
    "robot_f": "af_alloy", "ghost": "bf_lily", "crone": "bf_alice",
}  # fmt: skip
"""One voice under each effect."""
_SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Heard:
    """What one voice came to."""

    name: str
    vectors: tuple[Float32, ...]
    """A speaker embedding a sentence."""
    errors: int
    words: int

    @property
    def share(self) -> float:
        """Of the words that were not understood."""
        return self.errors / max(self.words, 1)


@lru_cache(maxsize=1)
def lines() -> tuple[str, ...]:
    """What is said: the twenty sentences of the suite, then thirty Harvard sentences."""
    text = (files("chatanything.evaluation") / "data" / "harvard.toml").read_text("utf-8")
    return (*SENTENCES, *tomllib.loads(text)["sentences"])


def voices_in(group: str) -> list[tuple[str, VoiceChoice]]:
    """(name, voice) of everybody in one of `GROUPS`."""
    match group:
        case "effects":
            return [
                (name, VoiceChoice(BACKEND, ((_BASES[name], 1.0),), effect=name))
                for name in EFFECTS
                if name in _BASES
            ]
        case "personas":
            return _gallery()
    english = group == "bank"
    return [
        (v.name, VoiceChoice(BACKEND, ((v.name, 1.0),)))
        for v in BANK
        if (v.accent in ("us", "gb")) == english
    ]


def _gallery() -> list[tuple[str, VoiceChoice]]:
    """The suite's personas, each unlike those before it, as a gallery makes them."""
    taken = list[VoiceChoice]()
    for text in PERSONAS:
        brief = read_description(text, seed=_SEED).voice_brief()
        taken.append(match_voice(brief, seed=derive(_SEED, "voice"), unlike=taken).choice)
    return list(zip(PERSONAS, taken, strict=True))


def sound_rows(
    group: str,
    *,
    sentences: int = 2,
    voices: Sequence[tuple[str, VoiceChoice]] | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Let every voice of a group speak, and measure what comes.

    Args:
        group: One of `GROUPS`.
        sentences: Each voice says so many, 1..50.
        voices: Whom to hear; None is `voices_in(group)`.
        progress: Told about every voice.

    Raises:
        ChatAnythingError: A voice, the recogniser or the speaker embedding cannot be had.
    """
    recogniser: Recognizer = RECOGNIZERS.factory("local")()
    chosen = voices_in(group) if voices is None else voices
    speaker, heard = Speaker(), list[Heard]()
    for i, (name, choice) in enumerate(chosen):
        progress(group, i, len(chosen), name)
        heard.append(_hear(speaker, recogniser, name, choice, sentences))
    progress(group, len(chosen), len(chosen))
    return figures(group, heard)


def figures(group: str, heard: Sequence[Heard]) -> list[Row]:
    """Word error of the group and of each voice, and how different the voices are."""
    words = sum(one.words for one in heard)
    value = sum(one.errors for one in heard) / max(words, 1)
    shares = [one.share for one in heard]
    control = {
        "median_voice": round(float(np.median(shares)), 3),
        "worst_voice": round(max(shares), 3),
        "over_8_percent": float(sum(share > MOST_ERRORS for share in shares)),
    }
    total = Row(f"voices.{group}.word_error", round(value, 3), "share", words, control)
    each = [
        Row(f"voices.{group}.word_error.{_id(one.name)}", round(one.share, 3), "share", one.words)
        for one in heard
    ]
    return [total, *_distinct(group, heard), *each]


def _id(name: str) -> str:
    return "_".join(name.split())


def _hear(speaker: Speaker, recogniser: Recognizer, name: str, choice: VoiceChoice, sentences: int) -> Heard:
    vectors, errors, words = [], 0, 0
    for sentence in lines()[:sentences]:
        speech = speaker.speak(sentence, choice, Delivery(), seed=0)
        wrong, count = word_errors(sentence, recogniser.transcribe(speech.samples, speech.sample_rate))
        errors, words = errors + wrong, words + count
        vectors.append(embed_voice(speech.samples, speech.sample_rate))
    return Heard(name, tuple(vectors), errors, words)


def _distinct(group: str, heard: Sequence[Heard]) -> list[Row]:
    """Cosines of all pairs of voices, each by the mean of its sentences."""
    if len(heard) < 2:
        return []
    means = np.stack([np.mean(voice.vectors, axis=0) for voice in heard])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    pairs = (means @ means.T)[np.triu_indices(len(heard), 1)]
    control = {
        "closest": float(pairs.max()),
        "p95": float(np.percentile(pairs, 95)),
        "too_close": float((pairs > TOO_CLOSE).sum()),
    }
    if len(heard[0].vectors) > 1:
        control["same_voice"] = float(np.mean([one.vectors[0] @ one.vectors[1] for one in heard]))
    control = {key: round(value, 3) for key, value in control.items()}
    return [Row(f"voices.{group}.alike", round(float(pairs.mean()), 3), "cosine", len(pairs), control)]
