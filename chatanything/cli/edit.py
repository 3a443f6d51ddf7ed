"""`chatanything edit`: change a persona; what you set stays yours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError


def edit(
    persona: Annotated[Path, typer.Argument(help="The persona's file: .charx, .png or .json.")],
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", help='FIELD=WORDS, as often as you like: name=Bram, loves="jazz; the sea".'),
    ] = None,
    describe: Annotated[
        str, typer.Option("--describe", help="Write it anew from these words; what you set before stays.")
    ] = "",
    voice: options.Voice = "",
    face_seed: options.FaceSeed = None,
    target: Annotated[
        Path | None, typer.Option("-o", "--out", help="Another file; default: the same one.")
    ] = None,
    llm: options.Llm = None,
    as_json: options.Json = False,
) -> None:
    """Change a persona's fields, description, voice or face."""
    if not fields and not describe and not voice and face_seed is None:
        raise UsageError(
            "nothing to change", hint="Give --set FIELD=WORDS, --describe, --voice or --face-seed."
        )
    from chatanything.editing import VOICE, changed
    from chatanything.paths import check_output
    from chatanything.persona.revision import marked_paths, value_from
    from chatanything.studio import Studio

    place = target or persona
    check_output(place)
    studio = Studio(llm=llm)
    with reporting(as_json=as_json) as progress:
        who = studio.load(persona, progress=progress)
        if describe:
            who = changed(studio, who, description=describe)
        for words in fields or []:
            path, sign, value = words.partition("=")
            if not sign:
                raise UsageError(f"{words!r} sets no field", expected="FIELD=WORDS")
            who = changed(studio, who, card=value_from(who.card, path.strip(), value))
        if voice or face_seed is not None:
            who = changed(studio, who, voice=voice, face_seed=face_seed)
        saved = who.save(place, config=studio.config)
    yours = marked_paths(who.card) | ({"voice"} if who.card.provenance.get(VOICE) == "user" else set())
    result: dict[str, Any] = {"card": saved, "name": who.card.name, "yours": sorted(yours)}
    if as_json:
        print_json(result)
        return
    out.print(f"{who.card.name}: {saved}", markup=False)
    if result["yours"]:
        out.print(f"yours: {', '.join(result['yours'])}", markup=False)
