"""`chatanything dub`: an existing clip says something else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError


def dub(
    clip: Annotated[Path, typer.Argument(help="The video whose face speaks anew.")],
    audio: Annotated[Path | None, typer.Option("--audio", help="The new sound.")] = None,
    text: Annotated[
        str, typer.Option("--text", help="What --card's voice says; with --audio, its transcript if known.")
    ] = "",
    card: Annotated[
        Path | None, typer.Option("--card", help="Who says --text: a persona's .charx, .png or .json.")
    ] = None,
    video: options.OutVideo = None,
    consent: Annotated[
        str,
        typer.Option("--consent", help='Your right to re-voice the clip, e.g. "I am this person".'),
    ] = "",
    style_from: options.StyleFrom = None,
    seed: options.Seed = None,
    renderer: options.Renderer = None,
    motion: options.Motion = None,
    watermark: options.Watermark = False,
    as_json: options.Json = False,
) -> None:
    """Re-voice a clip: new sound, and the mouth to it; all other pixels, the size and the frame rate stay.

    The video is as long as the sound: a longer clip is cut, a shorter one is played forth and back. The
    largest face speaks; frames without one stay as they are and are counted. --style-from with the clip
    itself keeps its speaker's way of moving. Clips that were not made here need --consent.
    """
    if video is None:
        raise UsageError("no video to write", hint="Give -o OUT.mp4.")
    from chatanything.paths import check_output
    from chatanything.speaking_style import read_manner
    from chatanything.studio import Studio

    check_output(video)
    studio = Studio(renderer=renderer, motion=motion, watermark=watermark)
    with reporting(as_json=as_json) as progress:
        who = studio.load(card, progress=progress) if card is not None else None
        manner = read_manner(style_from, config=studio.config, progress=progress) if style_from else None
        made = studio.dub(
            clip,
            out=video,
            audio=audio,
            text=text,
            persona=who,
            style_from=manner,
            consent=consent,
            seed=seed,
            progress=progress,
        )
    if as_json:
        print_json({"video": made} if manner is None else {"video": made, "style": manner})
        return
    out.print(f"video: {made.path}", markup=False)
    if made.without_face:
        out.print(f"{made.without_face} of {made.frames} frames have no face that could speak.", markup=False)
