"""`chatanything train`: the shipped models from nothing, on a CPU or a GPU, resumable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from chatanything.cli.console import out, reporting
from chatanything.errors import UsageError

if TYPE_CHECKING:
    from chatanything.training.loop import Plan

app = typer.Typer(help="Train the shipped models; every command resumes.", no_args_is_help=True)
_HEARD = 50
"""Sentences that English voices say for their word error."""
Data = Annotated[Path, typer.Option("--data", help="Folder of pictures (train face-data).")]
Run = Annotated[Path, typer.Option("--run", help="Folder of checkpoint, samples and model.")]
Steps = Annotated[int, typer.Option("--steps", min=1, help="Steps in all, those before included.")]
Batch = Annotated[int, typer.Option("--batch", min=1, help="Pictures a step.")]
Rate = Annotated[float, typer.Option("--rate", min=1e-6, max=0.1, help="Learning rate.")]
Minutes = Annotated[float, typer.Option("--minutes", min=0, help="Stop after so long; 0 is no limit.")]
Every = Annotated[int, typer.Option("--every", min=1, help="Steps between checkpoints with samples.")]
Device = Annotated[Literal["auto", "cpu", "cuda"], typer.Option("--device", help="Where to train.")]
Begin = Annotated[
    Path | None,
    typer.Option("--begin", help="Folder of a finished model to begin with, such as models/lip-renderer."),
]
Threads = Annotated[int, typer.Option("--threads", min=0, help="CPU threads; 0 leaves it to torch.")]


@app.command("face-data")
def face_data(
    folder: Annotated[Path, typer.Option("-o", "--data", help="Where the pictures go.")],
    shards: Annotated[int, typer.Option("--shards", min=1, help="Shards of 144 pictures in all.")] = 64,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that draw at once.")] = 1,
    device: Annotated[Literal["cpu", "cuda"], typer.Option("--device", help="Where to draw.")] = "cpu",
) -> None:
    """Draw characters of every kind with landmarks, masks and captions."""
    from chatanything.training.face_data import make_shards

    with reporting(as_json=False) as progress:
        made = make_shards(folder, shards, workers=workers, device=device, progress=progress)
    out.print(f"{made} shards drawn, {shards} in {folder}")


@app.command("face")
def face(
    data: Data,
    run: Run,
    steps: Steps = 20000,
    batch: Batch = 32,
    rate: Rate = 6e-4,
    minutes: Minutes = 0,
    every: Every = 500,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
) -> None:
    """Train the denoiser of faces."""
    from chatanything.training.face import train_face

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_face(data, run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("upsampler")
def upsampler(
    data: Data,
    run: Run,
    steps: Steps = 4000,
    batch: Batch = 16,
    rate: Rate = 1e-3,
    minutes: Minutes = 0,
    every: Every = 500,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
) -> None:
    """Train what doubles the size of drawn faces."""
    from chatanything.training.upsampler import train_upsampler

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_upsampler(data, run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("attributes")
def attributes(
    data: Data,
    run: Run,
    steps: Steps = 3000,
    batch: Batch = 32,
    rate: Rate = 1e-3,
    minutes: Minutes = 0,
    every: Every = 500,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
    pictures: Annotated[
        int, typer.Option("--pictures", min=0, help="Folders of 256 small pictures to draw beside --data.")
    ] = 24,
) -> None:
    """Train the judge that reads attributes off faces."""
    from chatanything.training.attributes import train_attributes

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_attributes(data, run, plan, pictures=pictures, progress=progress)
    out.print(f"model: {model}")


@app.command("sync")
def sync(
    data: Annotated[Path, typer.Option("--data", help="Folder of recordings (GRID motion and sound).")],
    run: Run,
    steps: Steps = 1000,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Clips a step, 12 windows each.")] = 24,
    rate: Rate = 1e-3,
    minutes: Minutes = 0,
    every: Every = 250,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
) -> None:
    """Train the judge of lip-sync."""
    from chatanything.training.sync import train_sync

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_sync(data, run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("motion-data")
def motion_data(
    folder: Annotated[Path, typer.Option("-o", "--data", help="Where the speech goes.")],
    minutes: Annotated[float, typer.Option("--minutes", min=0.01, help="Minutes of speech in all.")] = 25,
) -> None:
    """Speak sentences with every voice of the bank, with the times of their phones."""
    from chatanything.training.motion_speech import make_speech

    with reporting(as_json=False) as progress:
        made = make_speech(folder, minutes, progress=progress)
    out.print(f"{made} clips spoken, {minutes:g} minutes in {folder}")


@app.command("motion")
def motion(
    data: Annotated[Path, typer.Option("--data", help="Folder of timed speech (train motion-data).")],
    grid: Annotated[Path, typer.Option("--grid", help="Folder of recorded faces (GRID motion and sound).")],
    run: Run,
    steps: Steps = 3000,
    batch: Annotated[
        int, typer.Option("--batch", min=2, help="Samples of 3.6 s a step, half recorded.")
    ] = 16,
    rate: Rate = 1.2e-3,
    minutes: Minutes = 0,
    every: Every = 250,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
) -> None:
    """Train the network from sound to motion."""
    from chatanything.training.motion import train_motion

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_motion(data, grid, run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("lip-data")
def lip_data(
    folder: Annotated[Path, typer.Option("-o", "--data", help="Where the characters go.")],
    heads: Annotated[int, typer.Option("--heads", min=1, help="Characters in all.")] = 200,
) -> None:
    """Draw characters that speak, with what every moment should look like."""
    from chatanything.talking_heads import make_heads

    with reporting(as_json=False) as progress:
        made = make_heads(folder, heads, progress=progress)
    out.print(f"{made} characters drawn, {heads} in {folder}")


@app.command("renderer")
def renderer(
    data: Annotated[Path, typer.Option("--data", help="Folder of characters (train lip-data).")],
    run: Run,
    steps: Steps = 6000,
    batch: Batch = 8,
    rate: Rate = 2e-3,
    minutes: Minutes = 0,
    every: Every = 500,
    device: Device = "auto",
    threads: Threads = 0,
    begin: Begin = None,
) -> None:
    """Train the network that moves lips and eyes."""
    from chatanything.training.renderer import train_renderer

    plan = _plan(steps, batch, rate, minutes, every, device, threads, begin)
    with reporting(as_json=False) as progress:
        model = train_renderer(data, run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("reader")
def reader(
    run: Run,
    steps: Steps = 6800,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Messages a step.")] = 32,
    rate: Rate = 1e-4,
    minutes: Minutes = 0,
    every: Every = 200,
    device: Device = "auto",
    threads: Threads = 0,
) -> None:
    """Train what reads messages and answers: who wants what, who is in need; an hour on a core."""
    from chatanything.training.reader import train_reader

    plan = _plan(steps, batch, rate, minutes, every, device, threads, None)
    with reporting(as_json=False) as progress:
        model = train_reader(run, plan, progress=progress)
    out.print(f"model: {model}")


@app.command("changes")
def changes(
    weights: Annotated[
        Path | None, typer.Option("-o", "--out", help="The file to write; otherwise the installed one.")
    ] = None,
) -> None:
    """Train what tells that a user's statement takes the place of an earlier one; half a minute."""
    from chatanything.persona.memory.replacing import WEIGHTS
    from chatanything.training.changes import train_changes

    with reporting(as_json=False) as progress:
        read = train_changes(weights or WEIGHTS, progress=progress)
    out.print(
        f"{read.pairs} pairs, each read by what was trained on others: {read.right:.3f} right; of changes "
        f"{read.caught:.3f} surely caught, of pairs that both hold {read.false_alarms:.3f} taken for one"
    )


@app.command("voices")
def voices(
    bank: Annotated[
        Path | None, typer.Option("-o", "--out", help="The bank to write; otherwise the installed one.")
    ] = None,
) -> None:
    """Measure every voice of the bank anew, the English with fifty sentences; half an hour on a core."""
    from chatanything.evaluation.voice_sound import lines
    from chatanything.hearing.recognizer import open_recognizer
    from chatanything.training.voices import measure_bank
    from chatanything.voice.bank import BANK_JSON

    with reporting(as_json=False) as progress:
        recogniser = open_recognizer("auto")
        measured = measure_bank(
            bank or BANK_JSON,
            recognise=recogniser.transcribe if recogniser else None,
            sentences=lines()[:_HEARD],
            progress=progress,
        )
    out.print(f"{len(measured)} voices measured: {bank or BANK_JSON}", markup=False)


def _plan(
    steps: int, batch: int, rate: float, minutes: float, every: int, device: str, threads: int,
    begin: Path | None,
) -> Plan:  # fmt: skip
    import torch

    from chatanything.devices import best_device
    from chatanything.training.loop import Plan

    if device == "cuda" and best_device() != "cuda":
        raise UsageError("there is no usable GPU", expected="--device cpu", got="--device cuda")
    if threads:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    where = best_device() if device == "auto" else device
    return Plan(steps, batch, rate, where, minutes, every, begin=begin)
