"""`chatanything evaluate`: the same quality bars for everyone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli import evaluate_trust, options
from chatanything.cli.console import reporting
from chatanything.cli.scores import Scores, show

app = typer.Typer(help="Measure the product; one figure a line.", no_args_is_help=True)


@app.command("lipsync")
def lipsync(
    count: Annotated[
        int, typer.Option("--count", min=1, max=200, help="Clips: ten personas, twenty sentences.")
    ] = 60,
    renderer: options.Renderer = None,
    motion: options.Motion = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Keep the videos here.")] = None,
    videos: Annotated[
        Path | None, typer.Option("--videos", help="Measure this folder's NAME.mp4 with words in NAME.txt.")
    ] = None,
    identity: Annotated[
        bool, typer.Option("--identity", help="Also whether faces stay themselves (dlib, 100 MB to fetch).")
    ] = False,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Lips against sound, measured on finished videos, with controls."""
    from chatanything.evaluation.lipsync import run_lipsync
    from chatanything.studio import Studio

    with reporting(as_json=as_json) as progress:
        studio = None if videos else Studio(llm="rules", renderer=renderer, motion=motion)
        rows = run_lipsync(
            count=count, folder=folder, videos=videos, identity=identity, studio=studio, progress=progress
        )
    show("lipsync", rows, scores, as_json=as_json, count=count, renderer=renderer, motion=motion)


@app.command("landmarks")
def landmarks(
    engine: Annotated[str, typer.Option("--face-engine", help="Whose faces; auto: the preferred.")] = "auto",
    per_category: Annotated[
        int, typer.Option("--per-category", min=1, max=50, help="Descriptions of each of 8 categories.")
    ] = 50,
    yunet: Annotated[
        Path | None, typer.Option("--yunet", help="ONNX file of the YuNet detector, as one more judge.")
    ] = None,
    failures: Annotated[
        Path | None, typer.Option("--failures", help="Contact sheet of the pictures that were missed (PNG).")
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Faces that detectors find, over 8 categories of descriptions."""
    from chatanything.evaluation.landmarks import run_landmarks

    with reporting(as_json=as_json) as progress:
        rows = run_landmarks(
            engine=engine, per_category=per_category, yunet=yunet, failures=failures, progress=progress
        )
    show("landmarks", rows, scores, as_json=as_json, face_engine=engine, per_category=per_category)


@app.command("faces")
def faces(
    engine: Annotated[str, typer.Option("--face-engine", help="Whose faces; auto: the preferred.")] = "auto",
    data: Annotated[
        Path | None, typer.Option("--data", help="Training pictures, to look for copies (train face-data).")
    ] = None,
    judge: Annotated[
        Path | None, typer.Option("--judge", help="Another judge than the shipped one (train attributes).")
    ] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help="Contact sheet of the faces (PNG).")] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Whether faces show what the words name, whether seeds differ, whether nothing is copied."""
    from chatanything.evaluation.faces import run_faces

    with reporting(as_json=as_json) as progress:
        rows = run_faces(engine=engine, data=data, judge=judge, sheet=sheet, progress=progress)
    show("faces", rows, scores, as_json=as_json, face_engine=engine)


@app.command("renderer")
def renderer(
    count: Annotated[int, typer.Option("--count", min=1, help="How many characters speak.")] = 24,
    net: Annotated[
        Path | None, typer.Option("--net", help="Another network than the shipped one (train renderer).")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option("--heads", help="Keep the drawn characters here for the next run.")
    ] = None,
    strip: Annotated[
        Path | None,
        typer.Option("--strip", help="Picture (PNG) of truth, warp, attention, attention from one portrait."),
    ] = None,
    sentences: Annotated[
        int, typer.Option("--sentences", min=0, help="How many of them say a sentence, for what flickers.")
    ] = 4,
    film: Annotated[
        Path | None, typer.Option("--film", help="The same side by side as a video (MP4).")
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Both renderers against renders of the same moments, on characters that no training saw."""
    from chatanything.evaluation.renderer import run_renderer

    with reporting(as_json=as_json) as progress:
        rows = run_renderer(
            count=count, sentences=sentences, net=net, heads=heads, strip=strip, film=film, progress=progress
        )
    show("renderer", rows, scores, as_json=as_json, count=count)


@app.command("motion")
def motion(
    grid: Annotated[Path, typer.Option("--grid", help="Folder of recorded faces (GRID motion and sound).")],
    clips: Annotated[int, typer.Option("--clips", min=1, help="Recorded test clips.")] = 50,
    spoken: Annotated[
        int, typer.Option("--spoken", min=0, help="Sentences of voices that no training heard.")
    ] = 12,
    borrowed: Annotated[
        int, typer.Option("--borrowed", min=0, help="Characters that borrow the style of clips.")
    ] = 2,
    net: Annotated[
        Path | None, typer.Option("--net", help="Another network than the shipped one (train motion).")
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """The motion network and the rules against recorded faces, and on voices never heard."""
    from chatanything.evaluation.motion import run_motion
    from chatanything.lipsync.motion_net import MotionNet

    with reporting(as_json=as_json) as progress:
        own = MotionNet.from_pretrained(net).float().eval() if net else None
        rows = run_motion(
            grid=grid, clips=clips, spoken=spoken, borrowed=borrowed, net=own, progress=progress
        )
    show("motion", rows, scores, as_json=as_json, clips=clips, spoken=spoken)


@app.command("long")
def long(
    minutes: Annotated[int, typer.Option("--minutes", min=2, max=120, help="Length of the recording.")] = 10,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """A long recording into one video: memory, drift of the lips, length of the tracks."""
    from chatanything.evaluation.long_film import run_long

    with reporting(as_json=as_json) as progress:
        rows = run_long(minutes=minutes, progress=progress)
    show("long", rows, scores, as_json=as_json, minutes=minutes)


@app.command("live")
def live(
    llm: options.Llm = None,
    questions: Annotated[int, typer.Option("--questions", min=1, max=8, help="Asked of the model.")] = 8,
    minutes: Annotated[
        float, typer.Option("--minutes", min=0.1, help="Length of the talk whose lips are judged.")
    ] = 1.0,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", help="answers, interrupts, crowd, disconnects or talk; may be repeated."),
    ] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Answering times, interruptions, gaps, several sessions at once, over the real WebSocket."""
    from chatanything.errors import UsageError
    from chatanything.evaluation.live import PARTS, run_live

    parts = tuple(part or PARTS)
    asked: dict[str, dict[str, float]] = {"answers": {"questions": questions}, "talk": {"minutes": minutes}}
    with reporting(as_json=as_json) as progress:
        if wrong := [one for one in parts if one not in PARTS]:
            raise UsageError("no such part", expected=" or ".join(PARTS), got=repr(wrong[0]))
        for name, rows in run_live(
            llm=llm, questions=questions, minutes=minutes, parts=parts, progress=progress
        ):
            show("live", rows, scores, as_json=as_json, part=name, **asked.get(name, {}))


@app.command("persona")
def persona(
    llm: options.Llm = "rules",
    turns: Annotated[
        int, typer.Option("--turns", min=0, max=200, help="Hostile messages of each list put to the model.")
    ] = 200,
    judge: Annotated[
        str | None,
        typer.Option("--judge", help="Who judges the answers, as --llm; the model itself if not given."),
    ] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option(
            "--suite",
            help="lists, hostile, hostile_held_out, hostile_fresh, hostile_latest, hostile_newest, "
            "hostile_sixth, cards, judge, tasks, memory, traits or bias; may be repeated.",
        ),
    ] = None,
    each: Annotated[
        int, typer.Option("--each", min=1, max=6, help="Questions of each task to each of four characters.")
    ] = 2,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="Keep conversations and cards here; a run that was cut off goes on."),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with plots and answers.")] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Contradictions, memory, people in need, cards by rules; with --llm what a model makes of characters."""
    from contextlib import ExitStack

    from chatanything.evaluation.persona import SUITES, run_persona
    from chatanything.evaluation.persona_files import command_of, write_html
    from chatanything.paths import check_output
    from chatanything.persona.backends import open_llm

    if html is not None:
        check_output(html)
    with reporting(as_json=as_json) as progress, ExitStack() as stack:
        model = stack.enter_context(open_llm(llm or "rules", progress=progress))
        judging = stack.enter_context(open_llm(judge, progress=progress)) if judge else None
        found = run_persona(
            llm=model,
            turns=turns,
            judge=judging,
            suites=suite or SUITES,
            each=each,
            folder=folder,
            progress=progress,
        )
    asked = {
        "llm": llm,
        "judge": judge,
        "turns": turns if found.exchanges else None,
        "each": each if model else None,
    }
    if html is not None:
        write_html(html, found, command=command_of(asked, suite or ()))
    alone = suite[0] if suite and len(suite) == 1 else None
    show("persona", found.rows, scores, as_json=as_json, suite=alone, **asked)


@app.command("delivery")
def delivery(
    count: Annotated[
        int, typer.Option("--count", min=1, max=3, help="Characters, each with ten videos of one sentence.")
    ] = 2,
    renderer: options.Renderer = None,
    folder: Annotated[Path | None, typer.Option("--dir", help="Keep the videos here.")] = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """The same sentence by timid and bold, sad and happy characters, in finished sound and pictures."""
    from tempfile import TemporaryDirectory

    from chatanything.evaluation.delivery import run_delivery

    with reporting(as_json=as_json) as progress, TemporaryDirectory() as own:
        place = folder or Path(own)
        place.mkdir(parents=True, exist_ok=True)
        rows = run_delivery(folder=place, count=count, renderer=renderer, progress=progress)
    show("delivery", rows, scores, as_json=as_json, count=count, renderer=renderer)


@app.command("speed")
def speed(
    repeats: Annotated[int, typer.Option("--repeats", min=1, max=9, help="Runs; the median counts.")] = 3,
    llm: options.Llm = None,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Seconds and memory of every stage, frames a second, real-time factor."""
    from chatanything.evaluation.speed import run_speed

    with reporting(as_json=as_json) as progress:
        rows = run_speed(repeats=repeats, llm=llm, progress=progress)
    show("speed", rows, scores, as_json=as_json)


@app.command("voices")
def voices(
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part", help="match, delivery, bank, effects, personas, accents or speed; may be repeated."
        ),
    ] = None,
    sentences: Annotated[
        int, typer.Option("--sentences", min=1, max=50, help="Said by every voice that is heard.")
    ] = 2,
    scores: Scores = None,
    as_json: options.Json = False,
) -> None:
    """Whether the right voice comes, does what it is told, differs from others and is understood."""
    from chatanything.errors import UsageError
    from chatanything.evaluation.voice_sound import GROUPS
    from chatanything.evaluation.voices import PARTS, run_voices

    parts = tuple(part or PARTS)
    with reporting(as_json=as_json) as progress:
        if wrong := [one for one in parts if one not in PARTS]:
            raise UsageError("no such part", expected=" or ".join(PARTS), got=repr(wrong[0]))
        rows = run_voices(parts=parts, sentences=sentences, progress=progress)
    alone = part[0] if part and len(part) == 1 else None
    said = sentences if set(GROUPS) & set(parts) else None
    show("voices", rows, scores, as_json=as_json, part=alone, sentences=said)


for _command in (evaluate_trust.batch, evaluate_trust.soak, evaluate_trust.fuzz, evaluate_trust.watermark):
    app.command(_command.__name__)(_command)
