"""`chatanything chat`: talk to a persona in the terminal, in text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import err, out, reporting
from chatanything.errors import UsageError

if TYPE_CHECKING:
    from chatanything.persona.backends import LLM
    from chatanything.persona.card import PersonaCard
    from chatanything.persona.chat_prompt import Recollection, Said

_ENDS = frozenset({"/quit", "/exit", "/bye"})


def chat(
    persona: Annotated[Path, typer.Argument(help="The persona's file: .charx, .png or .json.")],
    user: options.User = "me",
    llm: options.Llm = None,
    seed: options.Seed = None,
    candidates: options.Candidates = 1,
    facts: Annotated[
        bool,
        typer.Option("--facts", help="Questions about the world are answered as outside the part; slower."),
    ] = False,
) -> None:
    """Talk to a persona in text; it remembers what you tell it. An empty line or /quit ends it.

    Lines may also come from a pipe.
    """
    from chatanything.persona.backends import open_llm
    from chatanything.persona.cards_io import read_card
    from chatanything.persona.chat_prompt import MAX_SAID, NOTHING, Said
    from chatanything.persona.flaws import spoken
    from chatanything.persona.memory.memory import Memory
    from chatanything.seeds import derive
    from chatanything.settings import settings

    if facts and candidates > 1:
        raise UsageError("--facts and --candidates do not go together", hint="Leave one of them out.")
    card = read_card(persona).card
    memory = Memory(card.id, card.name, user, may_begin=persona.exists) if user else None
    try:
        with reporting() as progress, open_llm(llm or settings().llm, progress=progress) as model:
            if facts and model is None:
                raise UsageError("--facts needs a language model", hint="Leave out --llm rules.")
            if memory is not None:
                memory.end_conversations(model)
            if card.greeting:
                out.print(f"{card.name}: {card.greeting}", markup=False)
            history: list[Said] = []
            for line in _lines():
                said = line[:MAX_SAID]
                known = NOTHING if memory is None else memory.recollect(said)
                own_seed = derive(card.seed if seed is None else seed, "chat", len(history), said)
                out.print(f"{card.name}: ", end="", markup=False)
                answer = []
                way = _way(card, history, said, model, own_seed, known, candidates, facts=facts)
                for clause in way:
                    text = spoken(clause)
                    out.print(f"{text} ", end="", markup=False)
                    answer.append(text)
                out.print()
                history += [Said("user", said), Said("assistant", " ".join(answer))]
                if memory is not None:
                    memory.note(said, " ".join(answer))
    finally:
        if memory is not None:
            memory.close()


def _way(
    card: PersonaCard,
    history: list[Said],
    said: str,
    model: LLM | None,
    seed: int,
    memory: Recollection,
    candidates: int,
    *,
    facts: bool,
) -> Iterator[str]:
    """The answer, clause by clause as it comes, or whole where it is compared with others first."""
    from chatanything.persona.chat import reply
    from chatanything.persona.facts_mode import answer_with_facts
    from chatanything.persona.ranking import best_reply

    if facts and model is not None:
        yield answer_with_facts(card, history, said, llm=model, seed=seed, memory=memory).text
    elif candidates > 1:
        yield best_reply(card, history, said, llm=model, seed=seed, candidates=candidates, memory=memory).text
    else:
        yield from reply(card, history, said, llm=model, seed=seed, memory=memory)


def _lines() -> Iterator[str]:
    """What the user types, until nothing comes any more."""
    while True:
        if sys.stdin.isatty():
            err.print("You: ", end="")
        line = sys.stdin.readline()
        said = line.strip()
        if not said or said.lower() in _ENDS:
            return
        yield said
