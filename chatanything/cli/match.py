"""`chatanything match`: which of your personas suits what you want."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json
from chatanything.errors import NotFoundError

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
    from chatanything.persona.cards_io import read_card
    from chatanything.persona.match import best_matches
    from chatanything.settings import settings

    files = _files(places or [settings().home / "personas"])
    if not files:
        raise NotFoundError(
            "there are no personas to choose from",
            hint="Name files or folders with --in, or make some first.",
        )
    known = {path: read_card(path).card for path in files}
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


def _files(places: list[Path]) -> list[Path]:
    """Persona files among files and folders, in order of their names, each once."""
    from chatanything.persona.cards_io import SUFFIXES

    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = (path for depth in ("*", "*/*") for path in place.glob(depth) if path.suffix in SUFFIXES)
            found += sorted(path for path in inside if path.name not in _BESIDE)
        elif place.exists() or place.suffix in SUFFIXES:
            found.append(place)
    return list(dict.fromkeys(found))
