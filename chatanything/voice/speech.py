"""Text and a chosen voice -> speech with word and phone times, whole or piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from chatanything.errors import SpeechError, VoiceUnavailableError
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.settings import settings
from chatanything.types import Delivery, Speech, VoiceChoice
from chatanything.voice.align import fill_gaps, silences
from chatanything.voice.backends import VOICE_BACKENDS, TextEngine, VoiceEngine
from chatanything.voice.bank import accent_of
from chatanything.voice.dynamics import with_dynamics
from chatanything.voice.effects import effect_named, resounded, revoiced
from chatanything.voice.emphasis import with_emphasis
from chatanything.voice.g2p import phonemise
from chatanything.voice.markup import stretches, unmarked, without_marks
from chatanything.voice.names import stand_in_for
from chatanything.voice.recital import RATE, pieces, recite
from chatanything.voice.text import normalise_marked, split_sentences
from chatanything.voice.track import TAIL_S, Part, joined, pause_s, softly_ended, trimmed, with_pauses
from chatanything.voice.utterances import Utterance, plan, units_of

LOUDNESS_LUFS: Final = -16.0
LEAD_S: Final = 0.2
"""Silence before the first sound, so that a mouth can open from rest."""


@dataclass(frozen=True, slots=True)
class _Take:
    """What is spoken in one go, and the silence that belongs behind it."""

    script: Utterance | str
    """Phonemes, or marked text for engines that take text."""
    gap_s: float
    title: str


@dataclass(frozen=True, slots=True)
class _Job:
    """One request to speak, with what follows from its voice."""

    choice: VoiceChoice
    delivery: Delivery
    seed: int
    progress: Progress
    engine: Any
    by_text: bool

    @property
    def rate(self) -> int:
        """Hertz of its sound."""
        return RATE if self.by_text else int(self.engine.sample_rate)

    @property
    def speed(self) -> float:
        """For the engine."""
        return float(np.clip(self.choice.rate * self.delivery.rate, 0.5, 2.0))


@lru_cache(maxsize=4)
def engine_named(name: str) -> VoiceEngine | TextEngine:
    """A loaded engine, the same for all speakers of this process."""
    engine: VoiceEngine | TextEngine = VOICE_BACKENDS.factory(name)()
    return engine


def _takes(job: _Job, marked: str, *, soon: bool) -> tuple[float, list[_Take]]:
    """Seconds of silence that the line begins with, and its takes."""
    begins_s, takes, rings_s = 0.0, list[_Take](), effect_named(job.choice.effect).rings_s
    for words, silence_s in stretches(marked):
        # Without a mark the voice would end in the middle of its melody.
        bare = silence_s and without_marks(words).rstrip()[-1:].isalpha()
        found = _takes_of(job, f"{words.rstrip()}," if bare else words, soon=soon and not takes)
        if found and silence_s:
            found[-1] = replace(found[-1], gap_s=silence_s)
        elif silence_s and takes:
            takes[-1] = replace(takes[-1], gap_s=takes[-1].gap_s + silence_s)
        else:
            begins_s += silence_s
        takes += found
    if takes:
        written = takes[-1].gap_s if stretches(marked)[-1][0].strip() == "" else 0.0
        takes[-1] = replace(takes[-1], gap_s=max(TAIL_S, rings_s, written))
    return begins_s, takes


def _takes_of(job: _Job, words: str, *, soon: bool) -> list[_Take]:
    """The takes of what stands between two written pauses."""
    pauses, sentences = job.delivery.pauses, split_sentences(words)
    if job.by_text:
        texts = pieces(sentences, job.engine.max_characters)
        return [_Take(text, pause_s(without_marks(text)[-1:], pauses), text[:60]) for text in texts]
    accent, takes = accent_of(job.choice), list[_Take]()
    for i, sentence in enumerate(sentences):
        for one in plan(sentence, accent, job.engine.max_phonemes, soon=soon and i == 0):
            title = " ".join(word for word, _, _ in one.words[:8])
            takes.append(_Take(one, pause_s(one.mark, pauses), title))
    return takes


def _spoken(job: _Job, take: _Take, number: int) -> Part | None:
    """One take as sound; None if nothing is heard."""
    if isinstance(take.script, Utterance):
        made = job.engine.synthesise(take.script.phonemes, job.choice.weights, job.speed)
        samples, rate = made.samples, int(job.engine.sample_rate)
        units = units_of(take.script, made.starts_s, silences(samples, rate))
        places, count = take.script.emphasised, len(take.script.words)
    else:
        seed = derive(job.seed, "recital", number)
        text = without_marks(take.script)
        samples, units = recite(
            job.engine, text, job.choice, speed=job.speed, seed=seed, progress=job.progress
        )
        rate, words = RATE, [piece for piece in phonemise(take.script) if piece.word]
        places = frozenset(i for i, piece in enumerate(words) if piece.emphasised)
        count = len(words)
    if not units:
        return None
    part = replace(trimmed(samples, units, rate), gap_s=take.gap_s)
    heard = [unit for unit in part.units if unit.kind == "word"]
    if places and len(heard) == count:
        part = with_emphasis(part, [heard[i] for i in sorted(places)], rate)
    part = with_pauses(part, job.delivery.pauses, rate)
    shift = float(np.clip(job.choice.pitch + job.delivery.pitch, -12.0, 12.0))
    return replace(part, samples=revoiced(part.samples, rate, job.choice.effect, shift))


def _finished(job: _Job, parts: Sequence[Part], text: str, lead_s: float) -> Speech:
    """Parts as one track with the voice's effect, at the right loudness."""
    from chatanything.media.audio import normalise_loudness

    samples, units = joined(parts, job.rate, lead_s)
    energy = float(np.clip(job.delivery.energy, 0.5, 1.5))
    samples = with_dynamics(samples, job.rate, energy)
    samples = resounded(samples, job.rate, job.choice.effect, job.seed)
    samples = normalise_loudness(samples, job.rate, LOUDNESS_LUFS + 20 * float(np.log10(energy)))
    units = fill_gaps(units, len(samples) / job.rate)
    return Speech(softly_ended(samples, job.rate), job.rate, units, text, job.choice.backend)


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
            text: As people write it; numbers and signs are read out, the markup of `voice.markup` is heeded.
            choice: The voice.
            delivery: Rate, pitch, energy and pauses are used here.
            seed: For the noise in breathy effects, and what engines other than the bank's draw.
            progress: Told about every sentence, and when a bank voice stands in.
            lead_s: Silence before it; somebody who is waited for begins sooner.

        Returns:
            Speech at about -16 LUFS (times `delivery.energy`, which also widens the swing between loud and
            quiet syllables) with silence before it and 0.3 s behind, in which a hall may ring on (0.9 s);
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
            job, begins_s, parts = self._parts(text, choice, delivery, seed, progress)
            spoken = list(parts)
        except VoiceUnavailableError as exc:
            job, begins_s, parts = self._parts(
                text, _instead(exc, choice, progress), delivery, seed, progress
            )
            spoken = list(parts)
        spoken[-1] = replace(spoken[-1], gap_s=max(spoken[-1].gap_s, TAIL_S))
        return _finished(job, spoken, unmarked(text), lead_s + begins_s)

    def stream(
        self,
        text: str,
        choice: VoiceChoice,
        delivery: Delivery,
        seed: int,
        progress: Progress = silent,
        *,
        lead_s: float = 0.0,
    ) -> Iterator[Speech]:
        """Speak a text sentence by sentence, each as soon as it is made, the first one in two if it is long.

        Args:
            text: As for `speak`.
            choice: The voice.
            delivery: As for `speak`.
            seed: As for `speak`.
            progress: As for `speak`.
            lead_s: Silence before the first piece.

        Yields:
            Pieces that follow each other without a gap: the pause behind each is part of it. The loudness of
            each is set alone, and an effect that rings ends with its piece.

        Raises:
            ChatAnythingError: As for `speak`; another voice stands in only before the first piece is out.
        """
        job, begins_s, parts = self._parts(text, choice, delivery, seed, progress, soon=True)
        try:
            first = next(parts)
        except VoiceUnavailableError as exc:
            other = _instead(exc, choice, progress)
            job, begins_s, parts = self._parts(text, other, delivery, seed, progress, soon=True)
            first = next(parts)
        yield _finished(job, [first], _words_of(first), lead_s + begins_s)
        for part in parts:
            yield _finished(job, [part], _words_of(part), 0.0)

    def _parts(
        self,
        text: str,
        choice: VoiceChoice,
        delivery: Delivery,
        seed: int,
        progress: Progress,
        *,
        soon: bool = False,
    ) -> tuple[_Job, float, Iterator[Part]]:
        """The job, seconds of silence to begin with, and its parts, each made when it is asked for."""
        marked = normalise_marked(text)
        by_text = "text" in VOICE_BACKENDS.spec(choice.backend).capabilities
        job = _Job(choice, delivery, seed, progress, engine_named(choice.backend), by_text)
        begins_s, takes = _takes(job, marked, soon=soon)
        return job, begins_s, self._made(job, takes, text)

    def _made(self, job: _Job, takes: Sequence[_Take], text: str) -> Iterator[Part]:
        heard = False
        for i, take in enumerate(takes):
            job.progress("speech", i, len(takes), take.title)
            part = _spoken(job, take, i)
            if part is not None:
                heard = True
                yield part
        if not heard:
            raise SpeechError("the voice made no sound", expected="at least one word", got=repr(text[:40]))
        job.progress("speech", len(takes), len(takes))


def _words_of(part: Part) -> str:
    return " ".join(unit.text for unit in part.units if unit.kind == "word")


def _instead(exc: VoiceUnavailableError, choice: VoiceChoice, progress: Progress) -> VoiceChoice:
    """The bank voice that speaks in place of one that cannot be had.

    Raises:
        VoiceUnavailableError: The user did not allow that.
    """
    if not settings().allow_fallback_voice:
        raise exc
    other = stand_in_for(choice)
    names = " + ".join(name for name, _ in other.weights)
    progress("speech", 0, 1, f"{exc} The bank voice {names} speaks instead.")
    return other
