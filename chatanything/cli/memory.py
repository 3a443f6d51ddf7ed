"""`chatanything memory`: what a persona keeps of you; see it, correct it, take it along, make it forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json
from chatanything.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from chatanything.persona.memory.memory import Memory

app = typer.Typer(help="What a persona keeps of you.", no_args_is_help=True)

Who = Annotated[Path, typer.Argument(help="The persona's file: .charx, .png or .json.")]
Number = Annotated[int, typer.Argument(min=1, help="Its number, from `memory show`.")]


@app.command("show")
def show(
    persona: Annotated[
        Path | None, typer.Argument(help="The persona's file; without it, who knows you.")
    ] = None,
    user: options.User = "me",
    as_json: options.Json = False,
) -> None:
    """List what a persona knows about you."""
    if persona is None:
        _who(user, as_json=as_json)
        return
    with _opened(persona, user) as memory:
        statements, episodes, turns = memory.statements, memory.episodes, memory.turns
    if as_json:
        print_json({"statements": list(statements), "episodes": list(episodes), "turns": list(turns)})
        return
    for one in statements:
        out.print(f"{one.id:4}  {_day(one.since_s)}  {one.text}", markup=False)
        if one.was:
            out.print(f"      before: {one.was}", markup=False)
        if one.why:
            out.print(f"      because {one.why}", markup=False)
    for episode in episodes:
        out.print(f"talk  {_day(episode.ended_s)}  {episode.summary}", markup=False)
    for turn in turns:
        who = "you" if turn.role == "user" else "it"
        out.print(f"said  {_day(turn.at_s)}  {who}: {turn.text}", markup=False)
    if not (statements or episodes or turns):
        out.print("nothing yet")


def _who(user: str, *, as_json: bool) -> None:
    from chatanything.persona.memory.store import kept

    files = [one for one in kept() if one.user == user]
    if as_json:
        print_json({"personas": files})
        return
    for one in files:
        out.print(f"{one.name}: {one.path}", markup=False)
    if not files:
        out.print("nobody knows you yet")


@app.command("edit")
def edit(
    persona: Who,
    number: Number,
    text: Annotated[str, typer.Argument(help="What holds.")],
    user: options.User = "me",
) -> None:
    """Correct a statement; what you say later will not change it."""
    if not text.strip():
        raise UsageError("there is nothing to remember", hint="To remove it: chatanything memory forget.")
    with _opened(persona, user) as memory:
        memory.edit(number, text)
    out.print(f"{number}: {text.strip()}", markup=False)


@app.command("forget")
def forget(
    persona: Who,
    number: Annotated[int | None, typer.Argument(min=1, help="Which statement.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of it, and the file.")] = False,
    user: options.User = "me",
) -> None:
    """Remove a statement and what was said about it, or everything."""
    from chatanything.persona.cards_io import read_card
    from chatanything.persona.memory.store import forget_file, path_for

    if everything is (number is not None):
        raise UsageError("it is not clear what to forget", expected="a number, or --all")
    if everything:
        forget_file(path_for(user, read_card(persona).card.id))
        out.print("everything is forgotten")
        return
    assert number is not None
    with _opened(persona, user) as memory:
        memory.forget(number)
    out.print(f"{number} is forgotten")


@app.command("export")
def export(
    persona: Who,
    path: Annotated[Path, typer.Option("-o", "--out", help="The JSON file to write.")],
    user: options.User = "me",
) -> None:
    """Write everything that a persona knows about you."""
    import json
    from dataclasses import asdict

    from chatanything.media.atomic import write_bytes
    from chatanything.paths import check_output

    check_output(path)
    with _opened(persona, user) as memory:
        content = {
            "user": user,
            "statements": [asdict(one) for one in memory.statements],
            "episodes": [asdict(one) for one in memory.episodes],
            "turns": [asdict(one) for one in memory.turns],
        }
    write_bytes(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
    out.print(f"memory: {path}", markup=False)


@contextmanager
def _opened(persona: Path, user: str) -> Iterator[Memory]:
    """The memory of a persona that knows the user.

    Raises:
        NotFoundError: It knows nothing of him.
    """
    from chatanything.persona.cards_io import read_card
    from chatanything.persona.memory.memory import Memory
    from chatanything.persona.memory.store import path_for

    card = read_card(persona).card
    if not path_for(user, card.id).exists():
        raise NotFoundError(
            f"{card.name} knows nothing of {user!r}", hint=f"Talk to it: chatanything chat '{persona}'"
        )
    memory = Memory(card.id, card.name, user)
    try:
        yield memory
    finally:
        memory.close()


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
