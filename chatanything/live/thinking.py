"""The language model of all live sessions."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from queue import Empty, Queue
from threading import Event, Thread
from typing import Final

from chatanything.live.turnstile import Turnstile
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said, messages

_AHEAD: Final = 2
"""A model in this process waits when so many clauses were not taken, and after the first one, for which
somebody waits, until it is spoken: the voice needs the processor meanwhile. It does not wait while another
session waits for the model."""
_LOOK_S: Final = 0.05
_TICK_S: Final = 0.01


class Thinker:
    """Gives each session its answers: one at a time where the model computes here, else all at once.

    Args:
        llm: The model; None answers from the cards' own lines.
    """

    def __init__(self, llm: LLM | None) -> None:
        self._llm = llm
        self._gate = Turnstile()

    def _turn(self, wanted: Callable[[], bool]) -> AbstractContextManager[bool]:
        if self._llm is None or self._llm.is_exclusive:
            return self._gate.turn(wanted=wanted)
        return nullcontext(enter_result=True)

    def prepare(
        self,
        card: PersonaCard,
        history: Sequence[Said] = (),
        *,
        memory: Recollection = NOTHING,
        wanted: Callable[[], bool],
    ) -> None:
        """Let the model read what stands before the next question, so that the answer comes sooner.

        Args:
            card: Who it is.
            history: What was said so far, oldest first; a served model is not asked to read that ahead.
            memory: What is known about the user.
            wanted: As for `answer`.

        Raises:
            BackendError: The model broke down.
        """
        if self._llm is None or (history and (not self._llm.is_exclusive or self._gate.crowded)):
            return
        with self._turn(wanted) as granted:
            if granted:
                asked = messages(card, history, "Hello", memory)
                for _ in self._llm.stream(asked, seed=0, max_tokens=1):
                    pass

    def answer(
        self,
        card: PersonaCard,
        history: Sequence[Said],
        said: str,
        *,
        memory: Recollection = NOTHING,
        seed: int,
        wanted: Callable[[], bool],
    ) -> Generator[str, None, None]:
        """A character's answer, clause by clause.

        Args:
            card: Who answers.
            history: What was said before, oldest first.
            said: The user's message.
            memory: What is known about the user.
            seed: Of the answer.
            wanted: Asked while the answer waits for its turn and for pieces; it ends when nobody waits.

        Raises:
            BackendError: The model broke down.
        """
        pieces: Queue[str | Exception | None] = Queue()
        stopped, first_spoken = Event(), Event()

        def may_go_on() -> bool:
            hurries = self._llm is None or not self._llm.is_exclusive
            while not (stopped.is_set() or hurries or self._gate.crowded):
                if first_spoken.is_set() and pieces.qsize() < _AHEAD:
                    break
                time.sleep(_TICK_S)
            return not stopped.is_set()

        def think() -> None:
            try:
                with self._turn(lambda: wanted() and not stopped.is_set()) as granted:
                    if granted:
                        answer = reply(card, history, said, llm=self._llm, seed=seed, memory=memory)
                        with closing(answer) as stream:
                            for piece in stream:
                                pieces.put(piece)
                                if not may_go_on():
                                    return
            except Exception as exc:  # noqa: BLE001 it is raised where the pieces are taken
                pieces.put(exc)
            finally:
                pieces.put(None)

        thread = Thread(target=think, name="live: answer", daemon=True)
        thread.start()
        try:
            yield from _taken(pieces, wanted, first_spoken)
        finally:
            stopped.set()
            thread.join()


def _taken(
    pieces: Queue[str | Exception | None], wanted: Callable[[], bool], again: Event
) -> Generator[str, None, None]:
    """The pieces as they come; `again` is set when the second one is asked for."""
    while True:
        try:
            piece = pieces.get(timeout=_LOOK_S)
        except Empty:
            if not wanted():
                return
            continue
        if piece is None:
            return
        if isinstance(piece, Exception):
            raise piece
        yield piece
        again.set()
