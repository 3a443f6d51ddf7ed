"""`chatanything voices`: what the bank holds, and which voice fits a description."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting

app = typer.Typer(help="The voice bank.", no_args_is_help=True)


@app.command("list")
def list_voices(as_json: options.Json = False) -> None:
    """List the bank's voices."""
    from chatanything.voice.bank import BANK

    if as_json:
        print_json({"voices": list(BANK)})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("voice", "gender", "age", "accent", "description"):
        table.add_column(title)
    for voice in BANK:
        table.add_row(voice.name, voice.gender, voice.age, voice.accent, voice.description)
    out.print(table)


@app.command("match")
def match(
    text: Annotated[str, typer.Argument(help="Who speaks, in one sentence.")],
    as_json: options.Json = False,
) -> None:
    """Choose a voice for a description and say why."""
    from chatanything.seeds import seed_of
    from chatanything.voice.match import match_voice, wanted_from_text

    found = match_voice(wanted_from_text(text), seed=seed_of(text))
    choice = found.choice
    if as_json:
        print_json(
            {
                "wanted": found.wanted,
                "choice": {
                    "weights": dict(choice.weights),
                    "rate": choice.rate,
                    "pitch": choice.pitch,
                    "effect": choice.effect,
                },
                "reason": list(choice.reason),
            }
        )
        return
    out.print("wanted: " + ", ".join(f"{key} {value}" for key, value in found.wanted.items()), markup=False)
    blend = " + ".join(f"{weight:.2f} {name}" for name, weight in choice.weights)
    out.print(f"choice: {blend}, rate {choice.rate:g}, pitch {choice.pitch:+g}, effect {choice.effect}")
    for line in choice.reason:
        out.print(f"  {line}", markup=False)


@app.command("preview")
def preview(
    text: Annotated[str, typer.Argument(help="Who speaks, in one sentence.")],
    wav: Annotated[Path, typer.Option("-o", "--out", help="The WAV to write.")],
    line: Annotated[str, typer.Option("--say", help="What it says.")] = "Well, here I am. What shall we do?",
) -> None:
    """Let the voice that fits a description say a line."""
    from chatanything.media.audio import write_wav
    from chatanything.paths import check_output
    from chatanything.seeds import seed_of
    from chatanything.types import Delivery
    from chatanything.voice.match import match_voice, wanted_from_text
    from chatanything.voice.speech import Speaker

    check_output(wav)
    seed = seed_of(text)
    with reporting() as progress:
        choice = match_voice(wanted_from_text(text), seed=seed).choice
        speech = Speaker().speak(line, choice, Delivery(), seed=seed, progress=progress)
    write_wav(wav, speech.samples, speech.sample_rate)
    out.print(f"audio: {wav}", markup=False)
