"""Sound that somebody else made, as it comes: cut into phrases, each with the motion that it gives a face."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Condition
from typing import Final

import numpy as np

from chatanything.errors import UsageError
from chatanything.lipsync.idle import BLINK_INDICES, blinks, glances, head_motion
from chatanything.lipsync.moving import maker_for, move
from chatanything.seeds import derive
from chatanything.types import Delivery, Float32, Motion, Speech, Temperament

LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 48_000
MOST_WAITING_S: Final = 600.0
"""Sound that may wait; who feeds more at once does not mean to have it spoken."""
SHORTEST_S: Final = 0.4
"""A phrase when the face has nothing left to say: motion needs a syllable or two."""
LONGEST_S: Final = 1.2
GIVEN_LEAD_S: Final = 0.3
"""Time between the first phrase and its sound: what comes while it is played may come unevenly."""
HURRY_S: Final = 0.4
"""When so little is left to play, a short phrase is taken."""
_LOOK_S: Final = 0.1
"""How often more is looked for."""
_AFTER_S: Final = 0.12
"""Sound after a phrase that is heard for its motion: lips move before the sound."""
_BEFORE_S: Final = 2.0
"""Sound before a phrase that is heard for its motion: it tells how loud the speaker is."""
_SPOT_S: Final = 0.04
"""A phrase ends in the middle of the quietest spot of this length."""
_RATE: Final = 16_000
_STRETCH_S: Final = 20.0
"""So long the eyes and head follow one plan."""


class GivenSound:
    """A stream of sound between who makes it and a session; thread-safe.

    Args:
        sample_rate: Hertz, 8,000 to 48,000.

    Raises:
        UsageError: Such a rate cannot be used.
    """

    def __init__(self, sample_rate: int) -> None:
        if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
            raise UsageError(
                "the sound's sample rate cannot be used",
                expected=f"{LOWEST_RATE} to {HIGHEST_RATE} Hz",
                got=str(sample_rate),
            )
        self.sample_rate = sample_rate
        self._pieces: deque[Float32] = deque()
        self._waiting = 0
        self._ended = False
        self._changed = Condition()

    def feed(self, samples: Float32) -> None:
        """More of it; what comes after `end` is not heard.

        Args:
            samples: (n,) float32 mono in -1..1.

        Raises:
            UsageError: Too much of it waits already.
        """
        piece = np.nan_to_num(np.clip(samples, -1, 1)).astype(np.float32)
        with self._changed:
            if self._ended:
                return
            if self._waiting + len(piece) > MOST_WAITING_S * self.sample_rate:
                raise UsageError(
                    "too much sound waits to be spoken", expected=f"at most {MOST_WAITING_S:g} s"
                )
            self._pieces.append(piece)
            self._waiting += len(piece)
            self._changed.notify()

    def end(self) -> None:
        """That was all of it."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    @property
    def over(self) -> bool:
        """Whether all of it was taken and no more comes."""
        with self._changed:
            return self._ended and not self._pieces

    def take(self, timeout_s: float) -> Float32:
        """All that has come, (n,) float32; empty when nothing came in time or it is over."""
        with self._changed:
            if not self._pieces and not self._ended:
                self._changed.wait(timeout_s)
            pieces, self._waiting = list(self._pieces), 0
            self._pieces.clear()
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of speech with what is around it."""

    before: Float32
    samples: Float32
    """(n,) float32 mono: what is said."""
    after: Float32


class PhraseCutter:
    """Cuts a stream where it is quiet.

    Args:
        sample_rate: Hertz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._before = self._held = np.zeros(0, np.float32)

    def feed(self, samples: Float32) -> None:
        """More of the stream."""
        self._held = np.concatenate([self._held, samples])

    def cut(self, *, hurry: bool) -> Phrase | None:
        """The next phrase, if there is one; a short one only in a hurry."""
        whole = len(self._held) - self._count(_AFTER_S)
        if whole >= self._count(LONGEST_S):
            return self._cut(self._quietest(self._count(LONGEST_S / 2), self._count(LONGEST_S)))
        if hurry and whole >= self._count(SHORTEST_S):
            return self._cut(whole)
        return None

    def rest(self) -> Phrase | None:
        """What is left when the stream is over."""
        return self._cut(len(self._held)) if len(self._held) else None

    def _cut(self, end: int) -> Phrase:
        phrase = Phrase(self._before, self._held[:end], self._held[end : end + self._count(_AFTER_S)])
        self._before = np.concatenate([self._before, phrase.samples])[-self._count(_BEFORE_S) :]
        self._held = self._held[end:]
        return phrase

    def _quietest(self, first: int, last: int) -> int:
        spot = self._count(_SPOT_S)
        power = np.convolve(self._held[first:last] ** 2, np.ones(spot, np.float32), "valid")
        return first + int(power.argmin()) + spot // 2

    def _count(self, seconds: float) -> int:
        return round(seconds * self._rate)


def phrases(
    sound: GivenSound, *, wanted: Callable[[], bool], hurried: Callable[[], bool]
) -> Iterator[Phrase]:
    """A stream phrase by phrase, as it comes.

    Args:
        sound: Taken from here.
        wanted: False ends it.
        hurried: Whether nearly all that was said is over, so that a short phrase is better than a gap.
    """
    cutter = PhraseCutter(sound.sample_rate)
    while wanted():
        cutter.feed(sound.take(_LOOK_S))
        phrase = cutter.cut(hurry=hurried())
        if phrase is None and sound.over:
            phrase = cutter.rest()
            if phrase is None:
                return
        if phrase is not None:
            yield phrase


class PhraseMotion:
    """How a face moves with one stream: the mouth phrase by phrase, eyes and head without a break.

    Args:
        motion: Name of what moves the face, or "auto".
        delivery: How it is performed.
        temperament: Who performs it.
        fps: Frames a second.
        seed: Gives blinks, glances and sway.
    """

    def __init__(
        self, motion: str, *, delivery: Delivery, temperament: Temperament, fps: float, seed: int
    ) -> None:
        self._motion, self._delivery, self._temperament = motion, delivery, temperament
        self._fps, self._seed = fps, seed
        self._frame = 0
        """Frames since the stream began."""

    def motion(self, phrase: Phrase, sample_rate: int) -> Motion:
        """The motion for the next phrase, T = ceil(duration * fps) frames.

        Raises:
            WeightsError: The network is missing or damaged.
        """
        frames = max(1, math.ceil(len(phrase.samples) / sample_rate * self._fps))
        earlier = int(len(phrase.before) / sample_rate * self._fps)
        before = phrase.before[len(phrase.before) - round(earlier / self._fps * sample_rate) :]
        sound = Speech(np.concatenate([before, phrase.samples, phrase.after]), sample_rate)
        heard = move(
            maker_for(self._motion, sound),
            sound,
            delivery=self._delivery,
            temperament=self._temperament,
            fps=self._fps,
            seed=self._seed,
        )
        # The sway begins anew with every call; what the voice does to the head is the rest.
        nods = heard.head - self._sway(len(heard), self._seed)
        here = slice(earlier, earlier + frames)
        lids, head, gaze = self._plan(frames)
        shapes = heard.blendshapes[here].copy()
        for index in BLINK_INDICES:
            shapes[:, index] = lids
        self._frame += frames
        return replace(heard, blendshapes=shapes, head=head + nods[here], gaze=gaze)

    def _sway(self, frames: int, seed: int) -> Float32:
        still = np.zeros(frames, np.float32)
        return head_motion(still, self._fps, self._delivery, self._temperament, seed)

    def _plan(self, frames: int) -> tuple[Float32, Float32, Float32]:
        """Lids, head and gaze of the next frames, from plans that follow each other."""
        length = round(_STRETCH_S * self._fps)
        number, start = divmod(self._frame, length)
        seed = derive(self._seed, "stretch", number)
        whole = length + frames  # a phrase that begins in one plan ends in it
        here = slice(start, start + frames)
        return (
            blinks(whole, self._fps, self._delivery, self._temperament, seed)[here],
            self._sway(whole, seed)[here],
            glances(whole, self._fps, self._temperament, seed)[here],
        )


def load_motion(motion: str) -> None:
    """Load what moves a face to given sound, so that the first sound need not wait for it.

    Args:
        motion: Name of what moves the face, or "auto".

    Raises:
        WeightsError: The network is missing or damaged.
    """
    mover = PhraseMotion(motion, delivery=Delivery(), temperament=Temperament(), fps=25.0, seed=0)
    nothing = np.zeros(_RATE, np.float32)
    mover.motion(Phrase(nothing, nothing, nothing), _RATE)
