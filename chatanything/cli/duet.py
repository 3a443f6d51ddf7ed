"""`chatanything duet`: two personas talk with each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting


def duet(
    first: Annotated[Path, typer.Argument(help="Who begins: a persona's .charx, .png or .json.")],
    second: Annotated[Path, typer.Argument(help="Who answers.")],
    topic: Annotated[str, typer.Option("--topic", help="What they talk about.")],
    turns: Annotated[int, typer.Option("--turns", min=1, max=40, help="Lines at most.")] = 6,
    video: options.OutVideo = None,
    candidates: options.Candidates = 1,
    llm: options.Llm = None,
    seed: options.Seed = None,
    renderer: options.Renderer = None,
    fps: options.Fps = None,
    watermark: options.Watermark = False,
    as_json: options.Json = False,
) -> None:
    """Let two personas talk about a topic; with -o as one video in which both are seen."""
    from chatanything.duet import converse, perform_duet
    from chatanything.paths import check_output
    from chatanything.persona.backends import open_llm
    from chatanything.seeds import seed_of
    from chatanything.studio import Studio

    if video is not None:
        check_output(video)
    studio = Studio(renderer=renderer, fps=fps, watermark=watermark)
    own_seed = seed_of(topic) if seed is None else seed
    with reporting(as_json=as_json) as progress:
        who = studio.load(first, progress=progress), studio.load(second, progress=progress)
        cards = who[0].card, who[1].card
        lines = []
        with open_llm(llm or studio.llm, progress=progress) as model:
            spoken = converse(
                cards, topic, turns=turns, llm=model, seed=own_seed, candidates=candidates, progress=progress
            )
            for line in spoken:
                lines.append(line)
                if not as_json:
                    out.print(f"{cards[line.speaker].name}: {line.text}", markup=False)
        made = (
            perform_duet(studio, who, lines, out=video, seed=own_seed, progress=progress) if video else None
        )
    if as_json:
        names = [card.name for card in cards]
        print_json(
            {"lines": [{"name": names[line.speaker], "text": line.text} for line in lines], "video": made}
        )
    elif made is not None:
        out.print(f"video: {made.path}", markup=False)
