"""A language model that answers from a list: exact, and it notes what it was asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chatanything.errors import BackendError
from chatanything.persona.backends import Message
from chatanything.persona.backends.sampling import parse_object


class Scripted:
    """Answers one after the other, word by word; the answer "BREAK" breaks down.

    Args:
        answers: Begun anew when they are used up.
        pause_s: Before every word.
        exclusive: Whether it claims to think of one answer at a time.
    """

    name = "scripted"

    def __init__(self, *answers: str, pause_s: float = 0.0, exclusive: bool = True) -> None:
        self.answers, self.pause_s, self.is_exclusive = list(answers), pause_s, exclusive
        self.asked: list[Sequence[Message]] = []
        self.read: list[Sequence[Message]] = []
        """What it was only to read ahead."""
        self.stopped = 0

    def stream(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """See `LLM.stream`."""
        if max_tokens == 1:  # the engine lets it read ahead what comes before a question
            self.read.append(messages)
            return
        answer = self.complete(messages, seed=seed, max_tokens=max_tokens, stop=stop)
        try:
            for word in answer.split(" "):
                time.sleep(self.pause_s)
                yield word + " "
        except GeneratorExit:
            self.stopped += 1
            raise

    def complete(
        self, messages: Sequence[Message], *, seed: int, max_tokens: int, stop: Sequence[str] = ()
    ) -> str:
        """See `LLM.complete`."""
        self.asked.append(messages)
        answer = self.answers[(len(self.asked) - 1) % len(self.answers)]
        if answer == "BREAK":
            raise BackendError("the model broke down")
        return answer

    def complete_json(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seed: int, max_tokens: int
    ) -> dict[str, Any]:
        """The object in the next answer, read as from a real model."""
        return parse_object(self.complete(messages, seed=seed, max_tokens=max_tokens))

    def close(self) -> None:
        """Only its owner may close a model."""
        raise AssertionError("the engine does not own it")
