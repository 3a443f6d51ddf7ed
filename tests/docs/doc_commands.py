"""The commands of the typer app, and whether a line of the documentation fits one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import typer

from chatanything.cli.main import app

_USAGE_ERROR: Any = typer.BadParameter.__mro__[2]


@lru_cache(maxsize=1)
def root() -> Any:
    """The app as click sees it."""
    return typer.main.get_command(app)


def walk(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its path, groups included, in the order of the help."""
    command = command or root()
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*path, name))


@lru_cache(maxsize=1)
def all_options() -> frozenset[str]:
    """Every option of every command."""
    options = {option for _, command in walk() for one in command.params for option in one.opts}
    return frozenset({option for option in options if option.startswith("-")} | {"--help"})


def check(words: Sequence[str]) -> str:
    """What is wrong with a command line, the part after `chatanything`; empty if it can be run."""
    command, context, rest = root(), None, list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        context = command.make_context(command.name, [], parent=context, resilient_parsing=True)
        name = rest.pop(0)
        if name not in command.commands:
            return f"there is no command {name!r}"
        command = command.commands[name]
    if "--help" in rest:
        return ""
    if hasattr(command, "commands"):
        return "" if set(rest) <= {"--version"} else f"{command.name} needs a command"
    try:
        command.make_context(command.name, rest, parent=context)
    except _USAGE_ERROR as exc:
        return str(exc.format_message())
    return ""


def check_mention(words: Sequence[str]) -> str:
    """What is wrong with a command as prose names it: only names of commands and options are looked at."""
    command: Any = root()
    for word in words:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
        elif word.startswith("-"):
            name = word.partition("=")[0]
            known = {option for one in command.params for option in one.opts} | {"--help"}
            if name not in known:
                return f"{command.name} has no option {name}"
        elif hasattr(command, "commands") and word != "...":
            return f"{command.name} has no command {word!r}"
    return ""
