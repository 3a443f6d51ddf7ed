"""One conversation: a thread that thinks and speaks, a thread that acts, and one clock.

Text becomes sentences, a sentence becomes sound with its motion, and the acting thread hands both out a
little ahead of time. Sound is never held back for a picture: where drawing is too slow, pictures are left out
and the frame rate falls. Every time is in seconds since the session began.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from queue import Empty, Full, Queue
from threading import Event as Flag
from threading import Lock, RLock, Thread
from typing import Final

from chatanything.bundle import Persona
from chatanything.devices import give_back_memory
from chatanything.errors import ChatAnythingError, UsageError
from chatanything.live.actor import Actor
from chatanything.live.conversation import Conversation
from chatanything.live.events import Caption, Closed, Event, Failed, Interrupted, ReplyDone
from chatanything.live.given import GIVEN_LEAD_S, HURRY_S, GivenSound, PhraseMotion, phrases
from chatanything.live.hesitating import Hesitator
from chatanything.live.outbox import Outbox
from chatanything.live.parts import Line, LiveRenderer, Reply, Stages
from chatanything.live.saying import Sayer
from chatanything.live.sound import in_pieces
from chatanything.persona.chat_prompt import MAX_SAID
from chatanything.persona.delivery import delivery_for
from chatanything.persona.memory.memory import Memory
from chatanything.persona.sentences import clauses_in
from chatanything.seeds import derive
from chatanything.types import Emotion, Motion, Speech

_READY: Final = 4
"""Sentences that may wait to be acted: while the voice is fast, a stock for when it is slow."""
_MOST_WAITING: Final = 32
"""Messages of the user, or sounds that somebody else made, that may wait."""
_JOIN_S: Final = 10.0
LEAD_S: Final = 0.06
"""Time between the decision to speak and the first sound."""
_SHORT_S: Final = 0.5
"""So little sound in hand will soon be over."""
_TICK_S: Final = 0.01
_LOOK_S: Final = 0.2
"""How often a thread that waits looks whether the session has ended."""

log = logging.getLogger(__name__)


class LiveSession:
    """A character that can be talked to; `LiveEngine.open` makes it.

    Args:
        persona: Who it is.
        stages: The engine.
        renderer: Made for the persona.
        motion: Name of what moves the face, or "auto".
        fps: Pictures a second while it talks.
        seed: Of everything that it does.
        memory: Of the user who talks to it; closed with the session.
    """

    def __init__(
        self,
        persona: Persona,
        stages: Stages,
        renderer: LiveRenderer,
        *,
        motion: str,
        fps: float,
        seed: int,
        memory: Memory | None = None,
    ) -> None:
        self.persona, self.fps, self.seed = persona, fps, seed
        self._motion = motion
        self.conversation = Conversation(memory)
        self.outbox = Outbox()
        self._stages = stages
        self._asked: Queue[Reply] = Queue(_MOST_WAITING)
        self.ready: Queue[Line] = Queue(_READY)
        self._began = time.monotonic()
        self.closing, self.listening = Flag(), Flag()
        self._lock, self._putting = Lock(), RLock()
        self._sound_ends = 0.0
        """When all sound that was handed out is over."""
        self._replies = 0
        self._open_replies: list[Reply] = []
        self._sayer = Sayer(persona, stages, motion=motion, fps=fps, seed=seed)
        self._hesitator = Hesitator(persona.card, self._sayer, stages, seed)
        # Kept by its thread alone: in a cycle its pictures would stay until Python looks for cycles.
        actor = Actor(self, stages, renderer, temperament=persona.card.temperament(), fps=fps, seed=seed)
        self._threads = [
            Thread(target=self._think, name="live: think", daemon=True),
            Thread(target=actor.run, name="live: act", daemon=True),
        ]

    @property
    def now(self) -> float:
        """The session's clock in seconds."""
        return time.monotonic() - self._began

    @property
    def closed(self) -> bool:
        """Whether it has ended."""
        return self.closing.is_set()

    @property
    def is_awaited(self) -> bool:
        """See `Scene.is_awaited`."""
        return any(one.sound is None and not one.is_heard(self.now) for one in list(self._open_replies))

    @property
    def is_short(self) -> bool:
        """See `Scene.is_short`."""
        is_saying = any(one.sound is None and not one.is_made for one in list(self._open_replies))
        return is_saying and self._sound_ends < self.now + _SHORT_S

    def _is_open(self) -> bool:
        return not self.closed

    def _has_time(self) -> bool:
        return not self.closed and self._asked.empty()

    def _wants(self, reply: Reply) -> bool:
        """Whether anybody still waits for a reply."""
        return not (reply.cancelled.is_set() or self.closed)

    def start(self) -> None:
        """Begin; called once by the engine."""
        for thread in self._threads:
            thread.start()

    def say(self, text: str) -> int:
        """Talk to the character; what it is saying is cut short.

        Args:
            text: The user's words; more than `MAX_SAID` characters are not read.

        Returns:
            The number of the reply.

        Raises:
            UsageError: Nothing is said, or the session has ended.
        """
        return self._ask(text, verbatim=False)

    def perform(self, text: str) -> int:
        """Let the character say exactly this, such as its greeting; as `say` otherwise."""
        return self._ask(text, verbatim=True)

    def play(self, sound: GivenSound) -> int:
        """Let the character say what somebody else made, as it comes, after what it is saying.

        There are no captions, and nothing of it is remembered: its words are not known.

        Args:
            sound: Fed and ended by the caller; after an interruption nothing of it is heard any more.

        Returns:
            The number of the reply.

        Raises:
            UsageError: The session has ended, or too many sounds wait.
        """
        return self._accept("", verbatim=True, sound=sound)

    def listen(self, *, on: bool) -> None:
        """The user began to speak, or stopped: the face looks attentive meanwhile."""
        if on:
            self.interrupt()
            self.listening.set()
        else:
            self.listening.clear()

    def interrupt(self) -> None:
        """Stop talking at once; what was not handed out yet never will be."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        """See `interrupt`; the caller holds the lock."""
        self._sound_ends = 0.0
        for reply in list(self._open_replies):
            self._is_over(reply, cut=True)
            self.outbox.purge(reply.number)
            self.outbox.put(Interrupted(self.now, reply.number))

    def events(self) -> Iterator[Event]:
        """Everything that happens, until the session has ended."""
        while True:
            event = self.outbox.get()
            if event is None:
                continue
            yield event
            if isinstance(event, Closed):
                return

    def close(self) -> None:
        """End the session; its threads are gone afterwards."""
        with self._lock:  # so that no message comes in between, whose reply nobody would end
            self._stop()
            self.closing.set()
        for thread in self._threads:
            thread.join(_JOIN_S)
        self.conversation.close()
        give_back_memory()

    def _ask(self, text: str, *, verbatim: bool) -> int:
        words = text.strip()[:MAX_SAID]
        if not words:
            raise UsageError("nothing was said", expected="some words")
        return self._accept(words, verbatim=verbatim)

    def _accept(self, words: str, *, verbatim: bool, sound: GivenSound | None = None) -> int:
        with self._lock:
            if self.closed:
                raise UsageError("the conversation has ended", hint="Open another one.")
            if sound is None:
                self._stop()
            self._replies += 1
            reply = Reply(self._replies, words, verbatim, sound)
            try:
                self._asked.put_nowait(reply)
            except Full:
                raise UsageError(
                    "too many messages at once", expected=f"at most {_MOST_WAITING} that wait"
                ) from None
            self._open_replies.append(reply)
        self.listening.clear()
        return reply.number

    def _think(self) -> None:
        self.conversation.begin()
        self._read_ahead(wanted=self._is_open)
        while not self.closing.is_set():
            try:
                reply = self._asked.get(timeout=_LOOK_S)
            except Empty:
                if self.conversation.keep():
                    # What is known of the user stands before all that was said.
                    self._read_ahead(wanted=self._has_time)
                self._hesitator.prepare(self._has_time)
                continue
            self.conversation.keep()  # this message may be about the last one
            try:
                if reply.sound is None:
                    self._answer(reply)
                else:
                    self._pass_on(reply, reply.sound)
            except ChatAnythingError as exc:
                self._fail(reply, str(exc))
            except Exception:
                log.exception("a reply broke down")
                self._fail(reply, "something went wrong inside; the answer is lost")

    def _answer(self, reply: Reply) -> None:
        wanted = partial(self._wants, reply)
        first = partial(self._put, only_first=True)
        with self._hesitator.before(reply, first), closing(self._clauses(reply)) as clauses:
            lines = self._sayer.lines(
                reply, clauses, ends_s=lambda: self._began + max(self._sound_ends, self.now), wanted=wanted
            )
            with closing(lines):
                for line in lines:
                    said, lead_s = (line.text, line.emotion), max(LEAD_S, line.wait_s)
                    self._put(reply, line.speech, line.motion, said=said, lead_s=lead_s)
        reply.is_made = True
        if not reply.cancelled.is_set():
            self._put(reply, None, None)
        if not (reply.verbatim or reply.cancelled.is_set()):
            self._read_ahead(reply.text, wanted=self._has_time)

    def _read_ahead(self, answer: str = "", *, wanted: Callable[[], bool]) -> None:
        """Let the model read the conversation so far, with an answer that is still being heard.

        Where it breaks down nothing is lost: the next answer says it again, to somebody who waits for it.
        """
        try:
            history, memory = self.conversation.after(answer)
            self._stages.prepare(self.persona.card, history, memory=memory, wanted=wanted)
        except ChatAnythingError as exc:
            log.warning("the language model could not read ahead: %s", exc)
        except Exception:
            log.exception("reading ahead broke down")

    def _clauses(self, reply: Reply) -> Generator[str, None, None]:
        """What is said in a reply, as it comes; nothing once nobody waits for it."""
        if reply.verbatim:
            yield from clauses_in(reply.said)
            return
        history, memory = self.conversation.asked(reply.said)
        if not reply.cancelled.is_set():
            yield from self._stages.answer(
                self.persona.card,
                history,
                reply.said,
                memory=memory,
                seed=derive(self.seed, "reply", reply.number),
                wanted=partial(self._wants, reply),
            )

    def _pass_on(self, reply: Reply, sound: GivenSound) -> None:
        """Sound that comes from elsewhere, phrase by phrase."""
        card = self.persona.card
        mover = PhraseMotion(
            self._motion,
            delivery=delivery_for(card, ""),
            temperament=card.temperament(),
            fps=self.fps,
            seed=derive(self.seed, "given", reply.number),
        )
        lead, wanted = GIVEN_LEAD_S, partial(self._wants, reply)
        for phrase in phrases(sound, wanted=wanted, hurried=lambda: self._sound_ends < self.now + HURRY_S):
            speech = Speech(phrase.samples, sound.sample_rate)
            self._put(reply, speech, mover.motion(phrase, sound.sample_rate), lead_s=lead)
            lead = LEAD_S
        self._put(reply, None, None)

    def _put(
        self,
        reply: Reply,
        speech: Speech | None,
        motion: Motion | None,
        *,
        said: tuple[str, Emotion] | None = None,
        lead_s: float = LEAD_S,
        only_first: bool = False,
    ) -> None:
        """Hand out the sound of a sentence, and give its motion to the actor once there is a place.

        Sound goes out whole and from here, so that slow drawing never holds it up. `said`: text and emotion.
        With `only_first`, only if nothing of the reply was handed out.
        """
        with self._putting:
            while self.ready.full():
                if not self._wants(reply):
                    return
                time.sleep(_TICK_S)
            if only_first and (reply.handed_out or not self._wants(reply)):
                return
            with self._lock:
                start = max(self._sound_ends, self.now + lead_s) if speech else self._sound_ends
            if speech is not None:
                events: list[Event] = [*in_pieces(speech, start, reply.number)]
                if said:
                    events.insert(0, Caption(start, *said, reply.number))
                if not self.hand_out(reply, events):
                    return
                with self._lock:
                    if said:
                        reply.handed_out.append((start, said[0]))
                    self._sound_ends = start + len(speech.samples) / speech.sample_rate
            self.ready.put(Line(reply, start, motion))

    def _fail(self, reply: Reply, message: str) -> None:
        with self._lock:
            self._is_over(reply, cut=True)
        self.outbox.put(Failed(self.now, message, reply.number))

    def _is_over(self, reply: Reply, *, cut: bool) -> None:
        """Take what was really heard of a reply, once; the caller holds the lock."""
        if cut:
            reply.cancelled.set()
        if reply in self._open_replies:
            self._open_replies.remove(reply)
            heard = " ".join(text for start, text in reply.handed_out if start <= self.now or not cut)
            self.conversation.heard(heard, cut=cut, said="" if reply.verbatim else reply.said)

    def give_up(self, message: str) -> None:
        """See `Scene.give_up`."""
        self.outbox.put(Failed(self.now, message, 0))
        self.closing.set()

    def leave(self) -> None:
        """See `Scene.leave`."""
        self.outbox.put(Closed(self.now))

    def hand_out(self, reply: Reply | None, events: Sequence[Event]) -> bool:
        """See `Scene.hand_out`; an audience that takes nothing any more ends the session."""
        with self._lock:
            if self.closing.is_set() or (reply is not None and reply.cancelled.is_set()):
                return False
            for event in events:
                if not self.outbox.put(event):
                    self.closing.set()
                    return False
        return True

    def finish(self, reply: Reply, at_s: float) -> None:
        """See `Scene.finish`."""
        with self._lock:
            if reply in self._open_replies:
                self._is_over(reply, cut=False)
                self.outbox.put(ReplyDone(at_s, reply.text, reply.number))
