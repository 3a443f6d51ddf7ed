"""What was said in a live session, and what the character knows of the user."""

from __future__ import annotations

import logging
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

    def heard(self, text: str, *, cut: bool) -> None:
        """Take what was really said of an answer."""
        if text:
            with self._lock:
                self._turns.append(Said("assistant", f"{text} ..." if cut else text))

    def keep(self, said: str, answer: str) -> None:
        """Remember a message with its answer; called when nobody waits any more."""
        if self._memory is not None:
            try:
                self._memory.note(said, answer)
            except ChatAnythingError as exc:
                log.warning("a message could not be remembered: %s", exc)

    def close(self) -> None:
        """Close the memory."""
        if self._memory is not None:
            self._memory.close()
