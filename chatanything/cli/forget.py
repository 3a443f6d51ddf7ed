"""`chatanything forget`: a persona and everything that is kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json
from chatanything.errors import NotFoundError

if TYPE_CHECKING:
    from chatanything.forgetting import Forgotten, Identity
    from chatanything.library import PersonaLibrary


def forget(
    persona: Annotated[
        str, typer.Argument(help="The persona's file, or its id in the library of this computer.")
    ],
    folders: Annotated[
        list[Path] | None,
        typer.Option(
            "--in",
            help="Folder in which to look for its videos, by their sidecars; may be repeated. "
            "Default: that of the file, or the current one.",
        ),
    ] = None,
    videos: Annotated[bool, typer.Option("--videos", help="Delete those videos, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: options.Json = False,
) -> None:
    """Remove a persona: its file, its place in the library, what it knew of anybody, its cloned voice."""
    from chatanything.forgetting import forget as remove
    from chatanything.forgetting import same_personas, videos_of
    from chatanything.library import PersonaLibrary
    from chatanything.persona.memory.store import default_folder
    from chatanything.studio import Studio

    studio = Studio()
    cache = studio.config.cache
    library = PersonaLibrary(cache / "personas", studio)
    path = Path(persona)
    who, cards = _identity(persona, path, library)
    same = same_personas(library, who.name, who.description)
    places = folders or [path.parent if cards else Path()]
    done = remove(
        who,
        library=library,
        memories=default_folder(),
        others=[one for one in library.all() if one.id not in {kept.id for kept in same}],
        cards=cards,
        videos=videos_of(who, [*places, cache / "videos"]),
        remove_videos=videos,
        dry_run=dry_run,
    )
    if as_json:
        print_json({"forgotten": done, "dry_run": dry_run})
    else:
        _print(done, "would be removed" if dry_run else "removed")


def _identity(persona: str, path: Path, library: PersonaLibrary) -> tuple[Identity, list[Path]]:
    """Who is meant, and the file that was named.

    Raises:
        NotFoundError: Neither a file nor an id.
        PersonaError: The file is no card.
    """
    from chatanything import bundle
    from chatanything.forgetting import Identity, same_personas

    if path.is_file():
        stored = bundle.load(path)
        card = stored.card
        ids = [card.id, *(one.id for one in same_personas(library, card.name, card.description))]
        return Identity(card.name, card.description, tuple(dict.fromkeys(ids)), stored.voice), [path]
    try:
        kept = library.find(persona)
    except NotFoundError as exc:
        raise NotFoundError(
            "there is no such persona", expected="a file, or an id of the library", got=repr(persona[:80])
        ) from exc
    return Identity(kept.name, kept.description, (kept.id,), kept.voice), []


def _print(done: Forgotten, verb: str) -> None:
    for what, items in (
        ("persona", done.personas), ("memory of", done.memories), ("voice", done.voices)
    ):  # fmt: skip
        for item in items:
            out.print(f"{verb}: {what} {item}", markup=False)
    for name in done.voices_in_use:
        out.print(f"kept: voice {name}, which somebody else speaks with", markup=False)
    for video in done.videos:
        out.print(f"{verb if done.videos_removed else 'kept'}: video {video}", markup=False)
    if done.videos and not done.videos_removed:
        out.print("Add --videos to delete the videos, too.")
    if not (done.personas or done.memories or done.voices):
        out.print(f"nothing of {done.name} is kept here", markup=False)
