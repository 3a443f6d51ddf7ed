"""`chatanything faces`: a contact sheet of faces for a description."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError
from chatanything.types import UInt8


def faces(
    text: Annotated[str, typer.Argument(help="Who it is, in one sentence.")],
    count: Annotated[int, typer.Option("--count", min=1, max=64, help="How many faces.")] = 6,
    sheet: Annotated[Path | None, typer.Option("-o", "--out", help="The contact sheet (PNG).")] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Folder for the single pictures.")] = None,
    seed: options.Seed = None,
    llm: options.Llm = None,
    face_engine: options.FaceEngine = None,
    size: options.Size = None,
    as_json: options.Json = False,
) -> None:
    """Draw several faces for one description, numbered for `create --face-seed`."""
    if sheet is None and folder is None:
        raise UsageError("nothing to write", hint="Give -o SHEET.png, --dir FOLDER, or both.")
    from chatanything.face.look import choose_body
    from chatanything.face.sheet import contact_sheet
    from chatanything.paths import check_output, make_folder
    from chatanything.publish import publish_picture
    from chatanything.studio import Studio

    if sheet is not None:
        check_output(sheet)
    if folder is not None:
        make_folder(folder)
    studio = Studio(llm=llm, face_engine=face_engine, size=size)
    images: list[UInt8] = []
    made: list[dict[str, object]] = []
    with reporting(as_json=as_json) as progress:
        card = studio.write_card(text, seed=seed, progress=progress)
        for face_seed in range(1, count + 1):
            portrait = studio.preview(card, seed=face_seed)
            images.append(portrait.image)
            progress("faces", face_seed, count, f"{face_seed} of {count}")
            entry: dict[str, object] = {
                "face_seed": face_seed,
                "attempts": portrait.attempts,
                "expert": portrait.expert,
            }
            if folder is not None:
                entry["path"] = folder / f"{face_seed:03d}.png"
                run = studio.preview_run(card, seed=face_seed, drawn=portrait)
                publish_picture(folder / f"{face_seed:03d}.png", portrait.image, run, config=studio.config)
            made.append(entry)
    if sheet is not None:
        drawn = contact_sheet(images, [str(entry["face_seed"]) for entry in made])
        publish_picture(sheet, drawn, studio.preview_run(card, seed=1), config=studio.config)
    note = choose_body(card.look_brief()).note
    if as_json:
        print_json({"sheet": sheet, "faces": made, "count": count, "note": note})
        return
    if note:
        out.print(note, markup=False)
    out.print(f"faces: {sheet or folder}", markup=False)
