"""`chatanything create`: a sentence to a persona, and to its first video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatanything.cli import options
from chatanything.cli.console import out, print_json, reporting
from chatanything.errors import UsageError

if TYPE_CHECKING:
    from chatanything.bundle import Persona


def create(
    text: Annotated[str, typer.Argument(help="Who it is, in one sentence.")],
    say: Annotated[str, typer.Option("--say", help="What it says. Default: its greeting.")] = "",
    video: options.OutVideo = None,
    card: Annotated[
        Path | None, typer.Option("--card", help="Where to keep the persona: .charx, .png or .json.")
    ] = None,
    face: Annotated[Path | None, typer.Option("--face", help="Your own picture as the face.")] = None,
    consent: Annotated[
        str, typer.Option("--consent", help='Your right to animate --face, e.g. "I am this person".')
    ] = "",
    voice: options.Voice = "",
    interactive: Annotated[
        bool,
        typer.Option("--interactive", help="Ask up to six questions about what the sentence leaves open."),
    ] = False,
    style_from: options.StyleFrom = None,
    unlike: options.Unlike = None,
    seed: options.Seed = None,
    face_seed: options.FaceSeed = None,
    llm: options.Llm = None,
    face_engine: options.FaceEngine = None,
    renderer: options.Renderer = None,
    motion: options.Motion = None,
    size: options.Size = None,
    fps: options.Fps = None,
    watermark: options.Watermark = False,
    as_json: options.Json = False,
) -> None:
    """Create a character from a sentence, and let it speak when --out is given."""
    if video is None and card is None:
        raise UsageError("nothing to write", hint="Give -o OUT.mp4, --card PERSONA.charx, or both.")
    if say and video is None:
        raise UsageError("--say needs a video to write", hint="Add -o OUT.mp4.")
    if style_from is not None and video is None:
        raise UsageError("--style-from needs a video to write", hint="Add -o OUT.mp4.")
    from chatanything.cli.interview import ask
    from chatanything.cli.voices import voice_of
    from chatanything.editing import changed
    from chatanything.paths import check_output
    from chatanything.seeds import seed_of
    from chatanything.speaking_style import read_manner
    from chatanything.studio import Studio

    for path in (video, card):
        if path is not None:
            check_output(path)
    studio = Studio(
        llm=llm,
        face_engine=face_engine,
        renderer=renderer,
        motion=motion,
        size=size,
        fps=fps,
        watermark=watermark,
    )
    result: dict[str, Any] = {}
    answers = ask(text, seed_of(text) if seed is None else seed) if interactive else {}
    with reporting(as_json=as_json) as progress:
        if style_from is not None:
            result["style"] = read_manner(style_from, config=studio.config, progress=progress)
        persona = studio.create(
            text,
            seed=seed,
            face_seed=face_seed,
            face_image=face,
            consent=consent,
            answers=answers,
            unlike=[voice_of(path) for path in unlike or ()],
            progress=progress,
        )
        persona = changed(studio, persona, voice=voice)
        if card is not None:
            result["card"] = persona.save(card, config=studio.config)
        if video is not None:
            result["video"] = studio.say(
                persona,
                say or persona.card.greeting,
                out=video,
                style_from=result.get("style"),
                progress=progress,
            )
    notes = _not_understood(persona) if face is None else persona.card.note
    summary = {"name": persona.card.name, "species": persona.card.species, "voice": persona.voice}
    if as_json:
        print_json({**summary, "seed": persona.card.seed, "note": notes, **result})
        return
    out.print(f"{persona.card.name}, {persona.card.species}: “{persona.card.greeting}”", markup=False)
    if notes:
        out.print(notes, markup=False)
    for kind in ("card", "video"):
        if kind in result:
            made = result[kind]
            out.print(f"{kind}: {getattr(made, 'path', made)}", markup=False)


def _not_understood(persona: Persona) -> str:
    """What the card and the face had to guess."""
    from chatanything.face.look import choose_body

    return "; ".join(
        note for note in (persona.card.note, choose_body(persona.card.look_brief()).note) if note
    )
