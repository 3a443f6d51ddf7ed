"""`chatanything voices`: what the bank holds, and which voice fits a description."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatanything.cli import options, voice_engines
from chatanything.cli.console import out, print_json, reporting

if TYPE_CHECKING:
    from chatanything.progress import Progress
    from chatanything.types import VoiceChoice
    from chatanything.voice.sheet import Sample

app = typer.Typer(help="The voice bank, and voices beyond it.", no_args_is_help=True)
app.command("install")(voice_engines.install)
app.command("clone")(voice_engines.clone)


@app.command("list")
def list_voices(as_json: options.Json = False) -> None:
    """List the bank's voices, and those of coqui and the endpoint where they are set up."""
    from chatanything.voice.bank import BANK

    beyond = voice_engines.others()
    if as_json:
        bank = [{k: v for k, v in asdict(one).items() if k != "speaker"} for one in BANK]
        print_json({"voices": bank, "others": beyond})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    figures = ("Hz", "semitones", "syll./s", "voiced", "tilt dB", "female")
    for title in ("voice", "gender", "age", "accent", *figures, "description"):
        table.add_column(title, justify="right" if title in figures else "left", no_wrap=title == "voice")
    for voice in BANK:
        measured = (
            f"{voice.f0_hz:.0f}", f"{voice.melody_st:.1f}", f"{voice.syllables_s:.1f}", f"{voice.voiced:.2f}",
            f"{voice.tilt_db:.0f}", f"{voice.female:.2f}",
        )  # fmt: skip
        table.add_row(voice.name, voice.gender, voice.age, voice.accent, *measured, voice.description)
    out.print(table)
    for one in beyond:
        out.print(f"{one['voice']}  {one['about']}", markup=False)


@app.command("match")
def match(
    text: Annotated[str, typer.Argument(help="Who speaks, in one sentence.")],
    unlike: options.Unlike = None,
    as_json: options.Json = False,
) -> None:
    """Choose a voice for a description and say why."""
    from chatanything.persona.rules import read_description
    from chatanything.seeds import derive, seed_of
    from chatanything.voice.match import match_voice

    with reporting(as_json=as_json):
        others = [voice_of(path) for path in unlike or ()]
        seed = seed_of(text)
        brief = read_description(text, seed=seed).voice_brief()
        found = match_voice(brief, seed=derive(seed, "voice"), unlike=others)
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
                "best": [
                    {"voice": name, "points": points, "scores": dict(found.terms[name])}
                    for name, points in found.scores
                ],
            }
        )
        return
    out.print("wanted: " + ", ".join(f"{key} {value}" for key, value in found.wanted.items()), markup=False)
    blend = " + ".join(f"{weight:.2f} {name}" for name, weight in choice.weights)
    out.print(f"choice: {blend}, rate {choice.rate:g}, pitch {choice.pitch:+g}, effect {choice.effect}")
    for line in choice.reason:
        out.print(f"  {line}", markup=False)

    dimensions = list(next(iter(found.terms.values())))
    out.print("best: points, then 0..1 in " + ", ".join(dimensions), markup=False)
    for name, points in found.scores:
        fits = " ".join(f"{found.terms[name][dimension]:.2f}" for dimension in dimensions)
        out.print(f"  {name:12} {points:5.2f}  {fits}", markup=False)


def voice_of(path: Path) -> VoiceChoice:
    """The voice of a kept persona; that of its card if the file holds none.

    Raises:
        PersonaError: The file is no card.
    """
    from chatanything import bundle
    from chatanything.seeds import derive
    from chatanything.voice.match import match_voice

    stored = bundle.load(path)
    if stored.voice is not None:
        return stored.voice
    return match_voice(stored.card.voice_brief(), seed=derive(stored.card.seed, "voice")).choice


@app.command("preview")
def preview(
    result: Annotated[
        Path, typer.Option("-o", "--out", help="The WAV, or with --all the HTML page, to write.")
    ],
    text: Annotated[str, typer.Argument(help="Who speaks, in one sentence.")] = "",
    every: Annotated[bool, typer.Option("--all", help="One page with every voice and effect.")] = False,
    line: Annotated[str, typer.Option("--say", help="What is said.")] = "Well, here I am. What shall we do?",
) -> None:
    """Let the voice that fits a description say a line, or all voices on one page."""
    from chatanything.errors import UsageError
    from chatanything.media.atomic import write_bytes
    from chatanything.paths import check_output
    from chatanything.persona.rules import read_description
    from chatanything.publish import publish_sound, spoken_run
    from chatanything.seeds import derive, seed_of
    from chatanything.settings import settings
    from chatanything.types import Delivery
    from chatanything.voice.match import match_voice
    from chatanything.voice.sheet import sheet
    from chatanything.voice.speech import Speaker

    with reporting() as progress:
        if every == bool(text):
            raise UsageError("say whom to hear", expected="a description, or --all")
        check_output(result)
        if every:
            page = sheet(_samples(line, progress), line)
            write_bytes(result, page.encode())
        else:
            seed = seed_of(text)
            brief = read_description(text, seed=seed).voice_brief()
            choice = match_voice(brief, seed=derive(seed, "voice")).choice
            speech = Speaker().speak(line, choice, Delivery(), seed=seed, progress=progress)
            run = spoken_run(speech, choice, seed=seed, description=text)
            publish_sound(result, speech.samples, speech.sample_rate, run, config=settings())
    out.print(f"{'page' if every else 'audio'}: {result}", markup=False)


def _samples(line: str, progress: Progress) -> list[Sample]:
    """Every voice, then every effect on the voice that fits its words."""
    from chatanything.media.audio import wav_bytes
    from chatanything.provenance.c2pa import sealed
    from chatanything.publish import spoken_run
    from chatanything.settings import settings
    from chatanything.types import Delivery, VoiceChoice
    from chatanything.voice.bank import BACKEND, BANK
    from chatanything.voice.effects import EFFECTS
    from chatanything.voice.sheet import Sample
    from chatanything.voice.speech import Speaker

    heard = [
        (
            one.name,
            f"{one.description} ({one.gender}, {one.age}, {one.accent})",
            f"{one.f0_hz:.0f} Hz, {one.syllables_s:.1f} syllables/s",
            VoiceChoice(BACKEND, ((one.name, 1.0),)),
        )
        for one in BANK
    ]
    for name, effect in EFFECTS.items():
        base = "af_alloy" if name in ("robot_f", "child", "imp", "crone") else "am_michael"
        if name != "none":
            choice = VoiceChoice(BACKEND, ((base, 1.0),), effect=name)
            heard.append((f"{name} on {base}", effect.summary, "an effect", choice))
    speaker, samples = Speaker(), []
    for i, (name, about, figures, choice) in enumerate(heard):
        progress("voices", i, len(heard), name)
        speech = speaker.speak(line, choice, Delivery(), seed=0)
        wav = wav_bytes(speech.samples, speech.sample_rate)
        run = spoken_run(speech, choice, seed=0, description=about)
        wav = sealed(wav, ".wav", run, title=f"{name}.wav", config=settings())
        samples.append(Sample(name, about, figures, wav))
    return samples
