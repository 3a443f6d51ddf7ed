"""How one line is performed: the emotion of its words, and the speaker's temperament."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any, Final, cast

from chatanything.persona.card import PersonaCard
from chatanything.persona.lexicon import lexicon, load_toml
from chatanything.persona.parse import words_of
from chatanything.types import Delivery, Emotion, Temperament

_PROSODY: Final[dict[Emotion, tuple[float, float, float, float, float, float]]] = {
    # rate factor, semitones, energy factor, pauses, head motion, mouth gain; all at intensity 1.
    # Directions follow the findings reviewed by Scherer (2003), Speech Communication 40; sizes are ours.
    "neutral": (1.0, 0.0, 1.0, 1.0, 1.0, 1.0),
    "happy": (1.10, 1.5, 1.12, 0.85, 1.35, 1.15),
    "sad": (0.84, -1.2, 0.82, 1.35, 0.65, 0.85),
    "angry": (1.08, 0.8, 1.28, 0.85, 1.30, 1.22),
    "afraid": (1.15, 1.8, 0.90, 1.10, 1.10, 0.90),
    "surprised": (1.06, 2.0, 1.15, 0.95, 1.40, 1.20),
    "disgusted": (0.92, -0.6, 0.98, 1.15, 0.85, 1.0),
    "tender": (0.90, -0.3, 0.85, 1.20, 0.90, 0.92),
}
_BASE_BLINKS: Final = 15.0
"""Blinks a minute in conversation at rest."""
_MOOD_WEIGHT: Final = 0.3
_TALK: Final = 0.25
"""Intensity of a line that carries no emotion at all."""


@lru_cache(maxsize=1)
def _words() -> dict[str, Emotion]:
    lists: dict[str, Any] = load_toml("emotions.toml")
    return {word: cast("Emotion", emotion) for emotion, words in lists.items() for word in words.split()}


def emotion_of(text: str) -> tuple[Emotion, float]:
    """Emotion of a text by its words, and the evidence for it.

    A negation within the two words before turns joy to sadness and silences everything else.

    Returns:
        The emotion and how many words (plus half an exclamation mark each, at most one) spoke for it;
        ("neutral", 0) when none did.
    """
    table, counts = _words(), Counter[Emotion]()
    negations = lexicon().lists["negations"]
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        words = words_of(sentence)
        for index, word in enumerate(words):
            emotion = table.get(word)
            if emotion is None:
                continue
            if negations & set(words[max(0, index - 2) : index]):
                emotion = "sad" if emotion in {"happy", "tender"} else None
            if emotion is not None:
                counts[emotion] += 1
    if re.search(r"\?!|!\?", text):
        counts["surprised"] += 1
    if not counts:
        return "neutral", 0.0
    emotion, count = max(counts.items(), key=lambda item: item[1])
    return emotion, count + min(0.5 * text.count("!"), 1.0)


def delivery_for(card: PersonaCard, text: str) -> Delivery:
    """How the persona performs a text.

    The words decide the emotion; without emotional words the topics of the card's situations do, then its
    mood, faintly. The temperament shifts everything: extraverts speak faster, louder and move more,
    neurotic ones blink more, agreeable ones soften.

    Args:
        card: Who speaks.
        text: One reply or line.
    """
    emotion, evidence = _felt(card, text)
    temperament = card.temperament()
    swing = 0.6 + 0.8 * temperament.neuroticism * 0.5 + 0.4 * temperament.extraversion
    intensity = _clip((_TALK + 0.22 * evidence) * swing, 0.0, 1.0)
    if emotion == "neutral":
        intensity = _clip(_TALK + 0.1 * min(text.count("!"), 3), 0.0, 0.6)
    return _perform(emotion, round(intensity, 3), temperament, text)


def _felt(card: PersonaCard, text: str) -> tuple[Emotion, float]:
    emotion, evidence = emotion_of(text)
    if evidence > 0:
        return emotion, evidence
    words = set(words_of(text))
    for situation in card.situations:
        if words & set(situation.when):
            return situation.emotion, 1.0
    return card.personal.mood, _MOOD_WEIGHT if card.personal.mood != "neutral" else 0.0


def _perform(emotion: Emotion, intensity: float, who: Temperament, text: str) -> Delivery:
    rate, pitch, energy, pauses, head, mouth = _PROSODY[emotion]
    outward, tense = who.extraversion - 0.5, who.neuroticism - 0.5
    shout = min(text.count("!"), 3) * 0.02 + (0.06 if _shouted(text) else 0.0)
    question = 0.3 if text.rstrip().endswith("?") else 0.0
    return Delivery(
        emotion=emotion,
        intensity=intensity,
        rate=_clip(_toward(rate, intensity) * (1 + 0.12 * outward), 0.5, 2.0),
        pitch=_clip(pitch * intensity + question + 0.5 * outward, -12.0, 12.0),
        energy=_clip(_toward(energy, intensity) * (1 + 0.2 * outward) + shout, 0.5, 1.5),
        pauses=_clip(_toward(pauses, intensity) * (1 - 0.3 * outward), 0.5, 2.0),
        head_motion=_clip(_toward(head, intensity) * (1 + 0.7 * outward), 0.0, 2.0),
        blink_rate=_clip(_BASE_BLINKS * (1 + 0.8 * tense) + 6 * intensity * (emotion == "afraid"), 0.0, 40.0),
        mouth_gain=_clip(_toward(mouth, intensity) * (1 + 0.2 * outward) + shout, 0.5, 1.5),
    )


def _shouted(text: str) -> bool:
    """Three or more words, most of them in capitals."""
    words = re.findall(r"[A-Za-z]{2,}", text)
    return len(words) >= 3 and sum(word.isupper() for word in words) > len(words) / 2


def _toward(factor: float, intensity: float) -> float:
    """1 at intensity 0, the full factor at intensity 1."""
    return 1.0 + (factor - 1.0) * intensity


def _clip(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 4)
