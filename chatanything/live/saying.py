"""The clauses of a reply as sound and motion, each as soon as it can be heard without a pause later on."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import Final

from chatanything.bundle import Persona
from chatanything.lipsync.moving import maker_for, move
from chatanything.live.pacing import WORD_S, Need
from chatanything.live.parts import Reply, Stages
from chatanything.persona.delivery import delivery_for
from chatanything.persona.flaws import spoken
from chatanything.seeds import derive
from chatanything.types import Emotion, Motion, Speech
from chatanything.voice.markup import marked_inside
from chatanything.voice.speech import LEAD_S as PAUSE_S

_FIRST_LEAD_S: Final = 0.04
"""Silence before the first clause, for which somebody waits, and inside a phrase; others pause as usual."""
_NO_HURRY_S: Final = 60.0
_TYPICAL: Final = 0.75
"""Of the words that a card allows, an answer has about so many."""
_LEAST_WORDS: Final = 4
"""At least so many are taken to be left until an answer is over."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clause that is ready to be heard and acted."""

    text: str
    emotion: Emotion
    speech: Speech
    motion: Motion
    wait_s: float = 0.0
    """It should begin so much later than it could."""

    @property
    def seconds(self) -> float:
        """Length of its sound."""
        return len(self.speech.samples) / self.speech.sample_rate


class Sayer:
    """Speaks for one character.

    Args:
        persona: Who speaks.
        stages: The engine.
        motion: Name of what moves the face, or "auto".
        fps: Pictures a second.
        seed: Of noise in the voice, and of blinks and glances.
    """

    def __init__(self, persona: Persona, stages: Stages, *, motion: str, fps: float, seed: int) -> None:
        self._persona, self._stages = persona, stages
        self._motion, self._fps, self._seed = motion, fps, seed

    def lines(
        self, reply: Reply, clauses: Iterator[str], *, ends_s: Callable[[], float], wanted: Callable[[], bool]
    ) -> Generator[Spoken, None, None]:
        """What is to be handed out, in order; each is handed out before the next is asked for.

        Args:
            reply: Whose clauses.
            clauses: As they come.
            ends_s: When all sound that was handed out is over, on the clock of `time.monotonic`.
            wanted: Whether anybody still waits for the reply.

        Raises:
            SpeechError: Nothing in it can be spoken.
            VoiceUnavailableError: As for `Speaker.speak`.
        """
        pacer, held, words, asked_s = self._stages.pacer, list[Spoken](), 0, time.monotonic()
        need, may_begin, open_ended = Need(0.0, 0.0), False, False
        try:
            for clause in clauses:
                text = spoken(clause)
                if held and may_begin:
                    # Its first clause only waited to know how long this one will take to make.
                    wait_s = pacer.wait_s(need, words=len(text.split()))
                    yield from (replace(held[0], wait_s=wait_s), *held[1:])
                    held.clear()
                    pacer.goes_on(reply.key, ends_s(), need.left_s)
                words += len(text.split())
                begun = bool(reply.handed_out)
                left_s = WORD_S * self._words_left(reply, words)
                line = self._line(
                    clause,
                    goes_on=left_s > 0,
                    lead_s=_FIRST_LEAD_S if open_ended or not (begun or held) else PAUSE_S,
                    due_s=ends_s() if begun else asked_s,
                    begun=begun,
                    wanted=wanted,
                )
                if line is not None:
                    held.append(line)
                    open_ended = text[-1].isalnum()
                need = Need(sum(one.seconds for one in held), left_s)
                crowded = self._stages.is_pressed
                may_begin = begun or pacer.may_begin(reply.key, need, crowded=crowded)
                if begun or (may_begin and (crowded or not pacer.wait_s(need))):
                    yield from held
                    held.clear()
                    pacer.goes_on(reply.key, ends_s(), left_s)
                if not wanted():
                    return
            yield from held
        finally:
            pacer.is_over(reply.key)

    def line(self, text: str, *, wanted: Callable[[], bool]) -> Spoken | None:
        """Something short that stands alone, made while nobody waits for it; None if there is no time.

        Raises:
            ChatAnythingError: As for `lines`.
        """
        return self._line(
            text,
            goes_on=False,
            lead_s=_FIRST_LEAD_S,
            due_s=time.monotonic() + _NO_HURRY_S,
            begun=False,
            wanted=wanted,
        )

    def _words_left(self, reply: Reply, words: int) -> int:
        if reply.verbatim:
            return max(0, len(reply.said.split()) - words)
        return max(_LEAST_WORDS, round(_TYPICAL * self._persona.card.style.max_words) - words)

    def _line(
        self,
        clause: str,
        *,
        goes_on: bool,
        lead_s: float,
        due_s: float,
        begun: bool,
        wanted: Callable[[], bool],
    ) -> Spoken | None:
        """Make a clause ready; None if there is nothing to say or nobody wants to hear it any more."""
        text = spoken(clause)
        if not any(letter.isalnum() for letter in text) or not wanted():
            return None
        card = self._persona.card
        delivery = delivery_for(card, text)
        seed = derive(self._seed, "line", text)
        # A voice lets its pitch fall where a text just ends; a comma tells it that more follows.
        words = spoken(marked_inside(clause)) + ("," if goes_on and text[-1].isalnum() else "")
        speech = self._stages.speak(
            words,
            self._persona.voice,
            delivery,
            seed,
            lead_s=lead_s,
            due_s=due_s,
            begun=begun,
            wanted=wanted,
        )
        if speech is None:
            return None
        motion = move(
            maker_for(self._motion, speech),
            speech,
            delivery=delivery,
            temperament=card.temperament(),
            fps=self._fps,
            seed=seed,
        )
        return Spoken(text, delivery.emotion, speech, motion)
