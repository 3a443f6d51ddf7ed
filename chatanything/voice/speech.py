"""Text and a chosen voice -> speech with word and phone times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.errors import SpeechError, VoiceUnavailableError
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.settings import settings
from chatanything.types import Delivery, Float32, Speech, TimedUnit, VoiceChoice
from chatanything.voice.align import fill_gaps, silences, word_units
from chatanything.voice.backends import VOICE_BACKENDS, TextEngine, VoiceEngine
from chatanything.voice.bank import accent_of
from chatanything.voice.dynamics import with_dynamics
from chatanything.voice.effects import apply_effect
from chatanything.voice.g2p import Piece, phonemise
from chatanything.voice.names import stand_in_for
from chatanything.voice.phones import STRESS, to_arpabet
from chatanything.voice.recital import RATE, pieces, recite
from chatanything.voice.text import normalise_text, split_sentences

LOUDNESS_LUFS: Final = -16.0
LEAD_S: Final = 0.2
"""Silence before the first sound, so that a mouth can open from rest."""
TAIL_S: Final = 0.3
_PAUSES_S: Final = {".": 0.34, "!": 0.34, "?": 0.38, "…": 0.55, ":": 0.26, ";": 0.26, ",": 0.16, "—": 0.22}
"""Pause after a piece of speech that ends in this mark; `_JOINT_S` where a sentence had to be cut."""
_JOINT_S: Final = 0.08
_ATTACK_S: Final = 0.04
_RELEASE_S: Final = 0.08
_MOST_RELEASE_S: Final = 0.25
_QUIET_DB: Final = -42.0
_FADE_S: Final = 0.006
_STRESS_SHARE: Final = 0.4
"""Of the time that the model gives to a stress mark: this much is still heard as the sound before it, the
rest as the vowel behind it. Over 8 voices vowels then start 18 ms from where a forced aligner hears them, in
the mean, and without bias; with all of it before the vowel it is 34 ms, and 16 ms late."""
_LONGEST_SPACE_S: Final = 0.13
"""Time between words that still belongs to the phone before it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the engine gets in one go: a sentence, or a part of a very long one."""

    phonemes: str
    words: tuple[tuple[str, int, int], ...]
    """(word, first symbol, one past its last symbol)."""
    mark: str
    """Punctuation at its end, empty where a long sentence was cut."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Spoken utterance, cut to its sound."""

    samples: Float32
    units: tuple[TimedUnit, ...]
    mark: str


def plan(sentence: str, accent: str, max_phonemes: int) -> tuple[Utterance, ...]:
    """A normalised sentence as stretches that fit the engine.

    Args:
        sentence: From `split_sentences`.
        accent: "us" or "gb".
        max_phonemes: The engine's limit.
    """
    utterances, group, length = [], list[Piece](), 0
    for piece in phonemise(sentence, accent):
        size = len(piece.phonemes) + 1
        if group and length + size > max_phonemes - 1 and piece.word:
            head, group = _cut(group)
            utterances.append(_utterance(head))
            length = sum(len(p.phonemes) + 1 for p in group)
        group.append(piece)
        length += size
    utterances.append(_utterance(group))
    return tuple(u for u in utterances if u.words)


def _cut(group: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Split at the last mark of the second half, or at the end."""
    for i in range(len(group) - 1, len(group) // 2, -1):
        if not group[i].word:
            return group[: i + 1], group[i + 1 :]
    return group, []


def _utterance(pieces: Sequence[Piece]) -> Utterance:
    text, words = "", []
    for piece in pieces:
        if piece.word and piece.phonemes:
            text += " " if text else ""
            words.append((piece.text, len(text), len(text) + len(piece.phonemes)))
            text += piece.phonemes
        elif text:
            text += piece.phonemes
    mark = text[words[-1][2] :][:1] if words else ""
    return Utterance(text, tuple(words), mark)


def units_of(
    utterance: Utterance, starts_s: Sequence[float], gaps: Sequence[tuple[float, float]]
) -> tuple[TimedUnit, ...]:
    """Words and phones of an utterance, pauses left open.

    Args:
        utterance: What was spoken.
        starts_s: Start of every phoneme symbol, and the end.
        gaps: Silent stretches of the sound.
    """
    starts_s = _stress_shared(utterance.phonemes, starts_s)
    units: list[TimedUnit] = []
    for i, (text, first, stop) in enumerate(utterance.words):
        end = starts_s[stop]
        if i + 1 < len(utterance.words):
            begin = utterance.words[i + 1][1]
            # A mere space is not heard as a pause unless it is long; punctuation is.
            if begin == stop + 1 and starts_s[begin] - end <= _LONGEST_SPACE_S:
                end = starts_s[begin]
        phones: list[TimedUnit] = []
        table = to_arpabet(utterance.phonemes[first:stop])
        for k, (phone, a, b) in enumerate(table):
            stop_s = end if k + 1 == len(table) else starts_s[first + b]
            if stop_s > starts_s[first + a]:
                phones.append(TimedUnit(phone, "phone", starts_s[first + a], stop_s))
        if phones:
            units += word_units(text, phones, gaps)
    return tuple(units)


def _stress_shared(phonemes: str, starts_s: Sequence[float]) -> list[float]:
    """Starts of all symbols with those of stressed vowels moved into their marks."""
    out = list(starts_s)
    for i, symbol in enumerate(phonemes):
        if symbol in STRESS:
            out[i + 1] = out[i] + _STRESS_SHARE * (out[i + 1] - out[i])
    return out


def _shift(units: Sequence[TimedUnit], by_s: float) -> Iterator[TimedUnit]:
    for u in units:
        yield TimedUnit(u.text, u.kind, u.start_s + by_s, u.end_s + by_s)


def _trim(samples: Float32, units: Sequence[TimedUnit], mark: str, rate: int) -> _Part:
    """Cut the engine's own silence off both ends, by the timings and then by the sound itself."""
    begin = max(0, round((units[0].start_s - _ATTACK_S) * rate))
    end = min(len(samples), round((units[-1].end_s + _RELEASE_S) * rate))
    step = rate // 100
    limit = min(len(samples), round((units[-1].end_s + _MOST_RELEASE_S) * rate))
    floor = float(np.abs(samples).max(initial=0.0)) * 10 ** (_QUIET_DB / 20)
    while end + step <= limit and np.sqrt(np.mean(samples[end - step : end] ** 2)) > floor:
        end += step
    kept = _faded(_faded(samples[begin:end], rate, end=True), rate, end=False)
    return _Part(kept, tuple(_shift(units, -begin / rate)), mark)


def _stretch_pauses(part: _Part, factor: float, rate: int) -> _Part:
    """Scale the pauses inside a part by cutting sound out of their middle or adding silence there."""
    samples, units, moved = part.samples, list(part.units), 0
    gaps = [u for u in fill_gaps(units, len(samples) / rate) if u.text == "SIL" and u.kind == "phone"]
    for gap in gaps[1:-1]:
        change = round((factor - 1) * (gap.end_s - gap.start_s) * rate)
        middle = round((gap.start_s + gap.end_s) / 2 * rate) + moved
        removed = max(-change, 0)
        head = samples[: middle - removed // 2]
        tail = samples[middle - removed // 2 + removed :]
        samples = np.concatenate(
            (
                _faded(head, rate, end=True),
                np.zeros(max(change, 0), np.float32),
                _faded(tail, rate, end=False),
            )
        )
        later = gap.start_s + moved / rate + 1e-6
        units = [u if u.start_s < later else next(_shift([u], change / rate)) for u in units]
        moved += change
    return _Part(samples, tuple(units), part.mark)


def _faded(samples: Float32, rate: int, *, end: bool) -> Float32:
    """A copy with a short fade at one side, so that a cut does not click."""
    out = np.array(samples, np.float32)
    ramp = np.linspace(0, 1, min(int(_FADE_S * rate), len(out)), dtype=np.float32)
    if end:
        out[len(out) - len(ramp) :] *= ramp[::-1]
    else:
        out[: len(ramp)] *= ramp
    return out


def _join(
    parts: Sequence[_Part], pauses: float, rate: int, lead_s: float
) -> tuple[Float32, tuple[TimedUnit, ...]]:
    """One track with silence at both ends, and all units on its clock."""
    track, units = [np.zeros(round(lead_s * rate), np.float32)], list[TimedUnit]()
    clock = len(track[0])
    for i, part in enumerate(parts):
        units += _shift(part.units, clock / rate)
        last = i + 1 == len(parts)
        gap = TAIL_S if last else _PAUSES_S.get(part.mark, _JOINT_S) * pauses
        track += [part.samples, np.zeros(round(gap * rate), np.float32)]
        clock += len(part.samples) + len(track[-1])
    return np.concatenate(track), tuple(units)


@lru_cache(maxsize=4)
def engine_named(name: str) -> VoiceEngine | TextEngine:
    """A loaded engine, the same for all speakers of this process."""
    engine: VoiceEngine | TextEngine = VOICE_BACKENDS.factory(name)()
    return engine


def _by_phonemes(
    engine: VoiceEngine, plain: str, choice: VoiceChoice, delivery: Delivery, progress: Progress
) -> list[_Part]:
    """Parts by an engine that knows when it speaks what."""
    accent, rate = accent_of(choice), engine.sample_rate
    utterances = [u for s in split_sentences(plain) for u in plan(s, accent, engine.max_phonemes)]
    parts: list[_Part] = []
    for i, utterance in enumerate(utterances):
        progress("speech", i, len(utterances), " ".join(word for word, _, _ in utterance.words[:8]))
        made = engine.synthesise(utterance.phonemes, choice.weights, _speed(choice, delivery))
        units = units_of(utterance, made.starts_s, silences(made.samples, rate))
        if units:
            part = _trim(made.samples, units, utterance.mark, rate)
            parts.append(_stretch_pauses(part, delivery.pauses, rate))
    return parts


def _by_text(
    engine: TextEngine, plain: str, choice: VoiceChoice, delivery: Delivery, seed: int, progress: Progress
) -> list[_Part]:
    """Parts by an engine that takes text, timed afterwards."""
    texts = list(pieces(split_sentences(plain), engine.max_characters))
    parts: list[_Part] = []
    for i, text in enumerate(texts):
        progress("speech", i, len(texts), text[:60])
        own_seed, speed = derive(seed, "recital", i), _speed(choice, delivery)
        samples, units = recite(engine, text, choice, speed=speed, seed=own_seed, progress=progress)
        if units:
            mark = text[-1] if text[-1] in _PAUSES_S else ""
            parts.append(_stretch_pauses(_trim(samples, units, mark, RATE), delivery.pauses, RATE))
    return parts


def _speed(choice: VoiceChoice, delivery: Delivery) -> float:
    return float(np.clip(choice.rate * delivery.rate, 0.5, 2.0))


class Speaker:
    """Speaks; the engine loads at the first word and stays."""

    def speak(
        self,
        text: str,
        choice: VoiceChoice,
        delivery: Delivery,
        seed: int,
        progress: Progress = silent,
        *,
        lead_s: float = LEAD_S,
    ) -> Speech:
        """Speak a text of any length.

        Args:
            text: As people write it; numbers and signs are read out.
            choice: The voice.
            delivery: Rate, pitch, energy and pauses are used here.
            seed: For the noise in breathy effects, and what engines other than the bank's draw.
            progress: Told about every sentence, and when a bank voice stands in.
            lead_s: Silence before it; somebody who is waited for begins sooner.

        Returns:
            Speech at about -16 LUFS (times `delivery.energy`, which also widens the swing between loud and
            quiet syllables) with silence before it and 0.3 s behind;
            phones cover all of it, pauses as SIL.

        Raises:
            SpeechError: Nothing can be spoken, or the voice is unknown.
            VoiceUnavailableError: A voice of coqui or the endpoint cannot be had, and the setting
                `allow_fallback_voice` allows no bank voice in its place.
            BackendError: The backend is unknown or not installed.
            ConsentError: A licence was not accepted, or the consent for a recording's voice is missing.
            WeightsError: Its weights cannot be had.
        """
        try:
            return self._spoken(text, choice, delivery, seed, progress, lead_s)
        except VoiceUnavailableError as exc:
            if not settings().allow_fallback_voice:
                raise
            other = stand_in_for(choice)
            names = " + ".join(name for name, _ in other.weights)
            progress("speech", 0, 1, f"{exc} The bank voice {names} speaks instead.")
            return self._spoken(text, other, delivery, seed, progress, lead_s)

    def _spoken(
        self, text: str, choice: VoiceChoice, delivery: Delivery, seed: int, progress: Progress, lead_s: float
    ) -> Speech:
        from chatanything.media.audio import normalise_loudness

        plain = normalise_text(text)
        by_text = "text" in VOICE_BACKENDS.spec(choice.backend).capabilities
        engine: Any = engine_named(choice.backend)
        rate: int = RATE if by_text else engine.sample_rate
        if by_text:
            parts = _by_text(engine, plain, choice, delivery, seed, progress)
        else:
            parts = _by_phonemes(engine, plain, choice, delivery, progress)
        if not parts:
            raise SpeechError("the voice made no sound", expected="at least one word", got=repr(text[:40]))
        progress("speech", len(parts), len(parts))
        samples, units = _join(parts, delivery.pauses, rate, lead_s)
        samples = with_dynamics(samples, rate, float(np.clip(delivery.energy, 0.5, 1.5)))
        shift = float(np.clip(choice.pitch + delivery.pitch, -12.0, 12.0))
        samples = apply_effect(samples, rate, choice.effect, shift, seed)
        target = LOUDNESS_LUFS + 20 * float(np.log10(np.clip(delivery.energy, 0.5, 1.5)))
        samples = normalise_loudness(samples, rate, target)
        units = fill_gaps(units, len(samples) / rate)
        return Speech(samples, rate, units, re.sub(r"\s+", " ", text).strip(), choice.backend)
