"""Somebody to talk to: the turns of a made-up user, with what a good answer would hold.

The user is a persona too. What it says of itself comes from its card, what it asks from the card of whom it
talks to; so conversations for tests and evaluation are made from any two cards, the same for the same seed,
and every turn knows what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from chatanything.errors import UsageError
from chatanything.persona.backends import LLM
from chatanything.persona.card import PersonaCard
from chatanything.persona.chat import reply
from chatanything.persona.chat_prompt import NOTHING, Said
from chatanything.persona.flaws import spoken
from chatanything.persona.memory.memory import Memory
from chatanything.persona.rules_writer import article
from chatanything.persona.stems import stems_in
from chatanything.seeds import derive, generator

Aim = Literal["greet", "tell", "ask_about_you", "ask_about_me", "change", "bye"]
MOST_TURNS: Final = 40
_LOVES: Final = ("Is there anything that you love?", "What makes you happy?", "Tell me what you are fond of.")
_HATES: Final = ("What can you not stand?", "Is there anything that you hate?")
_HOME: Final = ("Where do you live?", "Where are you at home?")
_WORK: Final = ("What do you do all day?", "What is your work?")


@dataclass(frozen=True, slots=True)
class UserTurn:
    """One message of the made-up user."""

    text: str
    aim: Aim
    expects: tuple[str, ...] = ()
    """A good answer names one of these; () where any answer will do."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message and its answer."""

    turn: UserTurn
    answer: str

    @property
    def is_met(self) -> bool:
        """Whether the answer holds what the turn expects, word endings aside."""
        if not self.turn.expects:
            return bool(self.answer)
        told = stems_in(self.answer)
        return any(stems and stems <= told for stems in map(stems_in, self.turn.expects))


def user_turns(user: PersonaCard, other: PersonaCard, *, turns: int, seed: int) -> tuple[UserTurn, ...]:
    """What a user says in a conversation.

    It greets, then tells something of itself and asks about the other in turns, changes its mind about a
    taste, asks whether the other remembers, and says goodbye.

    Args:
        user: Who talks.
        other: Whom it talks to.
        turns: How many messages, 2..`MOST_TURNS`.
        seed: Gives wording and order.

    Raises:
        UsageError: The number of turns cannot be used.
    """
    if not 2 <= turns <= MOST_TURNS:
        raise UsageError("the number of turns cannot be used", expected=f"2 to {MOST_TURNS}", got=str(turns))
    rng = generator(seed, "simulated user", user.id, other.id)
    tells, asks = list(_tells(user)), list(_asks(other, rng))
    rng.shuffle(asks)
    made = [UserTurn(f"Hello! I am {user.name}.", "greet")]
    middle = [turn for pair in zip(tells, asks, strict=False) for turn in pair]
    rest = tells[len(asks) :] + asks[len(tells) :]
    room = turns - 2
    tail = list(_tests(user))[: max(0, room // 3)]
    body = [*middle, *rest][: room - len(tail)]
    told = " ".join(turn.text for turn in (*body, *tail) if turn.aim in {"tell", "change"})
    tail = [turn for turn in tail if turn.aim == "change" or turn.expects[0] in told]
    return (*made, *body, *tail, UserTurn("I have to go now. Goodbye!", "bye"))


def simulate(
    card: PersonaCard,
    turns: Sequence[UserTurn],
    *,
    llm: LLM | None,
    seed: int,
    memory: Memory | None = None,
) -> Iterator[Exchange]:
    """Let a character answer a made-up user, as it would answer anybody.

    Args:
        card: Who answers.
        turns: From `user_turns`.
        llm: Speaks for the character; None takes lines of its card.
        seed: Of all answers.
        memory: Is told everything and asked before every answer; None remembers nothing.

    Raises:
        BackendError: The model broke down.
        OutputError: The memory cannot be written.
    """
    history: list[Said] = []
    for number, turn in enumerate(turns):
        known = NOTHING if memory is None else memory.recollect(turn.text)
        own_seed = derive(seed, "simulated", number)
        pieces = reply(card, history, turn.text, llm=llm, seed=own_seed, memory=known)
        answer = spoken("".join(pieces))
        if memory is not None:
            memory.note(turn.text, answer, at_s=float(number))
        history += [Said("user", turn.text), Said("assistant", answer)]
        yield Exchange(turn, answer)


def _tells(user: PersonaCard) -> Iterator[UserTurn]:
    """What the user says of itself."""
    if user.context.loves:
        yield UserTurn(f"My favourite thing is {user.context.loves[0]}.", "tell")
    if user.social.role:
        yield UserTurn(f"I work as {article(user.social.role)}.", "tell")
    if user.social.home:
        yield UserTurn(f"My home is {user.social.home}.", "tell")
    for thing in user.context.hates[:2]:
        yield UserTurn(f"I cannot stand {thing}.", "tell")


def _asks(other: PersonaCard, rng: np.random.Generator) -> Iterator[UserTurn]:
    """What it wants to know; the answers are on the other's card."""
    if other.context.loves:
        yield UserTurn(_one(_LOVES, rng), "ask_about_you", other.context.loves)
    if other.context.hates:
        yield UserTurn(_one(_HATES, rng), "ask_about_you", other.context.hates)
    if other.social.home:
        yield UserTurn(_one(_HOME, rng), "ask_about_you", (other.social.home,))
    if other.social.role:
        yield UserTurn(_one(_WORK, rng), "ask_about_you", (other.social.role,))
    yield UserTurn("What is your name?", "ask_about_you", (other.name.split()[0],))


def _tests(user: PersonaCard) -> Iterator[UserTurn]:
    """Whether it is remembered, before and after a change of mind."""
    loves = user.context.loves
    if loves:
        yield UserTurn("Do you remember my favourite thing?", "ask_about_me", (loves[0],))
    if len(loves) > 1:
        yield UserTurn(f"I changed my mind: my favourite thing is {loves[1]} now.", "change")
        yield UserTurn("So what is my favourite thing now?", "ask_about_me", (loves[1],))
    if user.social.role:
        yield UserTurn("And what is my work?", "ask_about_me", (user.social.role,))


def _one(lines: Sequence[str], rng: np.random.Generator) -> str:
    return lines[int(rng.integers(len(lines)))]
