"""`chatanything say`: an existing persona says something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError


def say(
    persona: Annotated[Path, typer.Argument(help="The persona's file: .charx, .png or .json.")],
    text: Annotated[str, typer.Argument(help="What it says; with --audio, the transcript if known.")] = "",
    audio: Annotated[Path | None, typer.Option("--audio", help="Lip-sync to this recording.")] = None,
    video: options.OutVideo = None,
    voice: options.Voice = "",
    style_from: options.StyleFrom = None,
    seed: options.Seed = None,
    renderer: options.Renderer = None,
    motion: options.Motion = None,
    size: options.Size = None,
    fps: options.Fps = None,
    watermark: options.Watermark = False,
    as_json: options.Json = False,
) -> None:
    """Let a persona speak a text, or lip-sync to a recording."""
    if video is None:
        raise UsageError("no video to write", hint="Give -o OUT.mp4.")
    if voice and audio is not None:
        raise UsageError("--voice and --audio do not go together", hint="Leave one of them out.")
    from chatanything.paths import check_output
    from chatanything.speaking_style import read_manner
    from chatanything.studio import Studio

    check_output(video)
    studio = Studio(renderer=renderer, motion=motion, size=size, fps=fps, watermark=watermark)
    with reporting(as_json=as_json) as progress:
        who = studio.load(persona, progress=progress)
        if voice:
            chosen = studio.voice_named(voice, seed=who.card.seed, instead_of=who.voice)
            who = replace(who, voice=chosen)
        manner = read_manner(style_from, config=studio.config, progress=progress) if style_from else None
        made = studio.say(who, text, out=video, audio=audio, style_from=manner, seed=seed, progress=progress)
    if as_json:
        print_json({"video": made} if manner is None else {"video": made, "style": manner})
    else:
        out.print(f"video: {made.path}", markup=False)
