"""Options that several commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.seeds import MAX_SEED

Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=MAX_SEED, help="Same words and seed, same result. Default: from the words."
    ),
]
FaceSeed = Annotated[
    int | None,
    typer.Option("--face-seed", min=0, max=MAX_SEED, help="The face of this number on the `faces` sheet."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Llm = Annotated[
    str | None, typer.Option("--llm", help="auto, local, rules, or the base URL of an OpenAI-compatible API.")
]
FaceEngine = Annotated[
    str | None, typer.Option("--face-engine", help="auto, template, diffusion or checkpoint.")
]
Renderer = Annotated[str | None, typer.Option("--renderer", help="auto, attention or warp.")]
Motion = Annotated[str | None, typer.Option("--motion", help="auto, net or rules.")]
Size = Annotated[int | None, typer.Option("--size", help="Edge of the picture in pixels: 256 or 512.")]
Fps = Annotated[float | None, typer.Option("--fps", help="Frames a second, 5 to 60.")]
StyleFrom = Annotated[
    Path | None,
    typer.Option(
        "--style-from",
        help="Take over how the speaker of this clip moves (mouth, brows, blinks, head, eyes); at least 3 s. "
        "No face or voice of it is kept.",
    ),
]
Voice = Annotated[
    str,
    typer.Option(
        "--voice",
        help="A voice's name (bank, coqui:SPEAKER, clone:NAME, endpoint:VOICE), or words about one.",
    ),
]
Unlike = Annotated[
    list[Path] | None,
    typer.Option("--unlike", help="A persona not to sound like (CHARX, PNG or JSON); may be repeated."),
]
User = Annotated[
    str, typer.Option("--user", help="Who you are to the persona; it keeps a memory for each name.")
]
Candidates = Annotated[
    int,
    typer.Option("--candidates", min=1, max=16, help="Think of so many answers and give the best; slower."),
]
Watermark = Annotated[
    bool,
    typer.Option("--watermark", help="Hide a mark of 32 bits in the frames; see docs/PROVENANCE.md."),
]
OutVideo = Annotated[Path | None, typer.Option("-o", "--out", help="The mp4 to write.")]
