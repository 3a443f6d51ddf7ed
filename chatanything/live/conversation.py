"""What was said in a live session, and what the character knows of the user."""

from __future__ import annotations

import logging
from collections import deque
from threading import Lock

from chatanything.errors import ChatAnythingError
from chatanything.persona.chat_prompt import NOTHING, Recollection, Said
from chatanything.persona.memory.memory import Memory

log = logging.getLogger(__name__)


class Conversation:
    """The turns so far; a memory that breaks down never takes an answer with it.

    Args:
        memory: Of the user, closed with the conversation; None remembers nothing beyond it.
    """

    def __init__(self, memory: Memory | None) -> None:
        self._memory = memory
        self._lock = Lock()
        self._turns: list[Said] = []
        self._unkept: deque[tuple[str, str]] = deque()
        """Messages whose answers are over, with what was heard of these."""

    @property
    def turns(self) -> tuple[Said, ...]:
        """What was said, the oldest first."""
        with self._lock:
            return tuple(self._turns)

    def begin(self) -> None:
        """Sum up earlier conversations that nobody summed up."""
        if self._memory is not None:
            try:
                self._memory.end_conversations(None)
            except ChatAnythingError as exc:
                log.warning("earlier conversations could not be summed up: %s", exc)

    def asked(self, said: str) -> tuple[tuple[Said, ...], Recollection]:
        """Take a message of the user; what was said before it, and what the character remembers."""
        before = self.turns
        with self._lock:
            self._turns.append(Said("user", said))
        try:
            return before, NOTHING if self._memory is None else self._memory.recollect(said)
        except ChatAnythingError as exc:
            log.warning("nothing could be remembered: %s", exc)
            return before, NOTHING

    def after(self, answer: str) -> tuple[tuple[Said, ...], Recollection]:
        """What stands before the next message, once an answer was heard to its end.

        Args:
            answer: All of it.
        """
        turns = self.turns
        if answer and turns and turns[-1].role == "user":
            turns = (*turns, Said("assistant", answer))
        try:
            return turns, NOTHING if self._memory is None else self._memory.recollect("")
        except ChatAnythingError as exc:
            log.warning("nothing could be remembered: %s", exc)
            return turns, NOTHING

    def heard(self, text: str, *, cut: bool, said: str = "") -> None:
        """Take what was really said of an answer that is over; `keep` remembers it.

        Args:
            text: What was heard of it.
            cut: Whether it was not heard to its end.
            said: The message that it answers; "" where there is none to remember.
        """
        with self._lock:
            if text:
                self._turns.append(Said("assistant", f"{text} ..." if cut else text))
            if said and self._memory is not None:
                self._unkept.append((said, text))

    def keep(self) -> bool:
        """Remember all messages whose answers are over, each once; it takes its time.

        Returns:
            Whether something else is known of the user now.
        """
        changed = False
        while self._memory is not None and (one := self._next_unkept()) is not None:
            try:
                before = self._memory.statements
                self._memory.note(*one)
                changed |= self._memory.statements != before
            except ChatAnythingError as exc:
                log.warning("a message could not be remembered: %s", exc)
            except Exception:  # the thread that thinks must live on
                log.exception("remembering a message broke down")
        return changed

    def close(self) -> None:
        """Keep what is left and close the memory; one that breaks down holds nobody up."""
        self.keep()
        if self._memory is not None:
            try:
                self._memory.close()
            except ChatAnythingError as exc:
                log.warning("a memory could not be closed: %s", exc)

    def _next_unkept(self) -> tuple[str, str] | None:
        with self._lock:
            return self._unkept.popleft() if self._unkept else None
