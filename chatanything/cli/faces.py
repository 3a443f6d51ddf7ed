"""`chatanything faces`: a contact sheet of faces for a description."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError


def faces(
    text: Annotated[str, typer.Argument(help="Who it is, in one sentence.")],
    count: Annotated[int, typer.Option("--count", min=1, max=64, help="How many faces.")] = 6,
    sheet: Annotated[Path | None, typer.Option("-o", "--out", help="The contact sheet (PNG).")] = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Folder for the single pictures.")] = None,
    seed: options.Seed = None,
    llm: options.Llm = "rules",
    face_engine: options.FaceEngine = None,
    size: options.Size = None,
    as_json: options.Json = False,
) -> None:
    """Draw several faces for one description."""
    if sheet is None and folder is None:
        raise UsageError("nothing to write", hint="Give -o SHEET.png, --dir FOLDER, or both.")
    from chatanything.face.sheet import contact_sheet
    from chatanything.media.image import write_png
    from chatanything.paths import check_output, make_folder
    from chatanything.seeds import derive
    from chatanything.studio import Studio

    if sheet is not None:
        check_output(sheet)
    if folder is not None:
        make_folder(folder)
    studio = Studio(llm=llm, face_engine=face_engine, size=size)
    images, made = [], []
    with reporting(as_json=as_json) as progress:
        card = studio.write_card(text, seed=seed, progress=progress)
        for index in range(count):
            portrait = studio.draw(card, seed=derive(card.seed, "faces", index), progress=progress).portrait
            images.append(portrait.image)
            progress("faces", index + 1, count, f"{index + 1} of {count}")
            if folder is not None:
                path = folder / f"{index:03d}.png"
                write_png(path, portrait.image)
                made.append({"path": path, "attempts": portrait.attempts, "expert": portrait.expert})
    if sheet is not None:
        write_png(sheet, contact_sheet(images))
    if as_json:
        print_json({"sheet": sheet, "faces": made, "count": count})
    else:
        out.print(f"faces: {sheet or folder}", markup=False)
