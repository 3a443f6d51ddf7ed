"""`chatanything match`: which of your personas suits what you want."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json
from chatanything.errors import NotFoundError, PersonaError

if TYPE_CHECKING:
    from chatanything.persona.card import PersonaCard

_BESIDE = frozenset({"portrait.png", "about.json"})
"""What a library keeps beside each persona."""


def match(
    text: Annotated[str, typer.Argument(help='What you want: "someone patient to learn Spanish with".')],
    places: Annotated[
        list[Path] | None,
        typer.Option("--in", help="A persona's file, or a folder of them; default: those of the web page."),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="So many, the best first.")] = 3,
    as_json: options.Json = False,
) -> None:
    """Find the persona that suits a sentence, and say why in named dimensions."""
    from chatanything.persona.match import best_matches
    from chatanything.settings import settings

    known = _cards(places or [settings().cache / "personas"])
    if not known:
        raise NotFoundError(
            "there are no personas to choose from",
            hint="Name files or folders with --in, or make some first.",
        )
    found = best_matches(text, list(known.values()))[:count]
    where = {id(card): path for path, card in known.items()}
    if as_json:
        print_json(
            {
                "matches": [
                    {
                        "name": one.card.name,
                        "file": where[id(one.card)],
                        "score": one.score,
                        "reason": [str(reason) for reason in one.reasons],
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        out.print(
            f"{one.score:.2f}  {one.card.name}, {one.card.species}: {where[id(one.card)]}", markup=False
        )
        for reason in one.reasons:
            out.print(f"      {reason}", markup=False)


def _cards(places: list[Path]) -> dict[Path, PersonaCard]:
    """Personas among files and folders, in order of their names, each once.

    Raises:
        PersonaError: A file that is named itself is none; what lies in folders may be anything.
    """
    from chatanything.persona.cards_io import SUFFIXES, read_card

    found: dict[Path, PersonaCard] = {}
    for place in places:
        if place.is_dir():
            for path in _inside(place, SUFFIXES):
                with suppress(PersonaError):
                    found[path] = read_card(path).card
        elif place.exists() or place.suffix in SUFFIXES:
            found[place] = read_card(place).card
    return found


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Files of a folder, and of the folders in it, that may be personas."""
    paths = sorted(path for depth in ("*", "*/*") for path in folder.glob(depth) if path.suffix in suffixes)
    # A library writes new personas in hidden folders.
    return [
        path
        for path in paths
        if path.name not in _BESIDE and not path.relative_to(folder).parts[0].startswith(".")
    ]
