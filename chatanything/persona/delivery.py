"""How one line is performed: the emotion of its words, and the speaker's temperament."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Any, Final, cast

from chatanything.persona.card import Axes, PersonaCard, Situation
from chatanything.persona.lexicon import lexicon, load_toml
from chatanything.persona.parse import words_of
from chatanything.persona.safety import is_care_line
from chatanything.types import Delivery, Emotion, Temperament

_PROSODY: Final[dict[Emotion, tuple[float, float, float, float, float, float]]] = {
    # rate factor, semitones, energy factor, pauses, head motion, mouth gain; all at intensity 1.
    # Directions follow the findings reviewed by Scherer (2003), Speech Communication 40; sizes are ours.
    "neutral": (1.0, 0.0, 1.0, 1.0, 1.0, 1.0),
    "happy": (1.10, 1.5, 1.12, 0.85, 1.35, 1.15),
    "sad": (0.84, -1.2, 0.82, 1.35, 0.55, 0.85),
    "angry": (1.08, 0.8, 1.28, 0.85, 1.30, 1.22),
    "afraid": (1.15, 1.8, 0.90, 1.10, 1.10, 0.90),
    "surprised": (1.06, 2.0, 1.15, 0.95, 1.40, 1.20),
    "disgusted": (0.92, -0.6, 0.98, 1.15, 0.85, 1.0),
    "tender": (0.90, -0.3, 0.85, 1.20, 0.75, 0.92),
}
_BASE_BLINKS: Final = 15.0
"""Blinks a minute in conversation at rest."""
_MOOD_WEIGHT: Final = 0.3
_TALK: Final = 0.25
"""Intensity of a line that carries no emotion at all."""
ASKED_INTENSITY: Final = 0.7
"""Least intensity of an emotion that was asked for by name."""
_HELD_BACK: Final = 0.25
"""Share of an emotion that a wholly critical speaker does not show, and an emotional one adds."""
_CALM: Final = Delivery("tender", 0.2, rate=0.94, energy=0.95, pauses=1.15, head_motion=0.6, blink_rate=12.0)
"""For somebody in need: whoever speaks, the joke stops."""


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


def delivery_for(card: PersonaCard, text: str, *, emotion: Emotion | None = None) -> Delivery:
    """How the persona performs a text.

    The words decide the emotion; without emotional words the topics of the card's situations do, then its
    mood, faintly. A situation's topic also moves the temperament while it lasts. The temperament shifts
    everything: extraverts speak faster, louder and move more, neurotic ones blink more. Style adds its part:
    lyrical speakers take their time, critical ones hold their feelings back, optimists speak higher. Lines
    for somebody in need are said calmly by everyone.

    Args:
        card: Who speaks.
        text: One reply or line.
        emotion: To perform with, strongly, instead of the one that the text suggests.
    """
    if is_care_line(text):
        return _CALM
    situation = situation_in(card, text)
    felt, evidence = _felt(card, text, situation)
    temperament = activated(card.temperament(), situation)
    axes = card.style.axes
    swing = 0.6 + 0.8 * temperament.neuroticism * 0.5 + 0.4 * temperament.extraversion
    swing *= 1 - _HELD_BACK * axes.emotional_critical
    intensity = _clip((_TALK + 0.22 * evidence) * swing, 0.0, 1.0)
    if felt == "neutral":
        intensity = _clip(_TALK + 0.1 * min(text.count("!"), 3), 0.0, 0.6)
    if emotion is not None:
        felt, intensity = emotion, max(intensity, ASKED_INTENSITY)
    return _perform(felt, round(intensity, 3), temperament, axes, text)


def situation_in(card: PersonaCard, text: str) -> Situation | None:
    """The first situation of a card whose topic a text is about; None if none is.

    Args:
        card: Whose situations.
        text: One reply or line.
    """
    words = set(words_of(text))
    return next((one for one in card.situations if words & set(one.when)), None)


def activated(who: Temperament, situation: Situation | None) -> Temperament:
    """A temperament in a situation, each trait kept within 0..1.

    Args:
        who: At rest.
        situation: From `situation_in`.
    """
    if situation is None:
        return who
    shift = situation.shift.model_dump()
    return Temperament(**{trait: _clip(getattr(who, trait) + by, 0.0, 1.0) for trait, by in shift.items()})


def _felt(card: PersonaCard, text: str, situation: Situation | None) -> tuple[Emotion, float]:
    emotion, evidence = emotion_of(text)
    if evidence > 0:
        return emotion, evidence
    if situation is not None:
        return situation.emotion, 1.0
    return card.personal.mood, _MOOD_WEIGHT if card.personal.mood != "neutral" else 0.0


def _perform(emotion: Emotion, intensity: float, who: Temperament, axes: Axes, text: str) -> Delivery:
    rate, pitch, energy, pauses, head, mouth = _PROSODY[emotion]
    outward, tense = who.extraversion - 0.5, who.neuroticism - 0.5
    shout = min(text.count("!"), 3) * 0.02 + (0.06 if _shouted(text) else 0.0)
    question = 0.3 if text.rstrip().endswith("?") else 0.0
    bright = -0.4 * axes.optimistic_pessimistic
    leisure = 1 + 0.12 * max(axes.plain_lyrical, 0.0)
    return Delivery(
        emotion=emotion,
        intensity=intensity,
        rate=_clip(_toward(rate, intensity) * (1 + 0.28 * outward), 0.5, 2.0),
        pitch=_clip(pitch * intensity + question + 0.5 * outward + bright, -12.0, 12.0),
        energy=_clip(_toward(energy, intensity) * (1 + 0.3 * outward) + shout, 0.5, 1.5),
        pauses=_clip(_toward(pauses, intensity) * (1 - 0.5 * outward) * leisure, 0.5, 2.0),
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
