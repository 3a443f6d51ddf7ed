"""A style from real files: watched by the real detector, with the real weights, good clips and bad ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.cli.main import run
from chatanything.errors import FaceError, InputFileError
from chatanything.evaluation.mouth import opening_of, watch
from chatanything.face.backends.template import TemplateEngine
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.manner import Manner
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.warp import WarpRenderer
from chatanything.media.audio import write_wav
from chatanything.media.video import write_video
from chatanything.settings import load_settings
from chatanything.speaking_style import kind_of, read_manner
from chatanything.studio import Studio
from chatanything.types import Delivery, Float32, Frame, LookBrief, Speech, Temperament

pytestmark = pytest.mark.weights

FPS = 12.0
TIMING = units("M EH T AA P . M IY W AH S EH P AA B AE . B OW AA N EH T", step_s=0.13)
SOUND = tone(TIMING)
FACE = TemplateEngine().portrait(
    LookBrief("a kind librarian", "human", "female", "adult", "neutral"), size=256, seed=5
)


def write_clip(path: Path, manner: Manner, *, sound: Float32 = SOUND, seconds: float = 99.0) -> Path:
    """A drawn woman says `TIMING`, unsigned."""
    motion = RuleMotion().motion(
        Speech(SOUND, 16_000, TIMING), delivery=Delivery(), temperament=Temperament(), fps=FPS, seed=3,
        manner=manner,
    )  # fmt: skip
    drawn = WarpRenderer(FACE.portrait, FACE.references).frames(motion)
    frames = [frame for frame, _ in zip(drawn, range(int(seconds * FPS)), strict=False)]
    write_video(path, frames, fps=FPS, samples=sound[: int(seconds * 16_000)], sample_rate=16_000)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """mumbled.mp4, wide.mp4 and the broken ones."""
    folder = tmp_path_factory.mktemp("style")
    write_clip(folder / "mumbled.mp4", Manner(opening=0.35))
    write_clip(folder / "wide.mp4", Manner(opening=1.3))
    write_clip(folder / "quiet.mp4", Manner(opening=1.3), sound=np.zeros_like(SOUND))
    write_clip(folder / "short.mp4", Manner(), seconds=0.5)
    count = int(4 * FPS)
    still = [Frame(FACE.portrait.image, number) for number in range(count)]
    blank = [Frame(np.full((256, 256, 3), 120, np.uint8), number) for number in range(count)]
    write_video(folder / "still.mp4", still, fps=FPS, samples=0 * SOUND, sample_rate=16_000)
    write_video(folder / "blank.mp4", blank, fps=FPS, samples=SOUND, sample_rate=16_000)
    (folder / "corrupt.mp4").write_bytes((folder / "wide.mp4").read_bytes()[:2000])
    write_wav(folder / "line.wav", SOUND, 16_000)
    return folder


def manner(clip: Path) -> Manner:
    return read_manner(clip, config=load_settings())


def test_a_mumbler_and_an_over_actor_are_told_apart(folder: Path) -> None:
    mumbled, wide = manner(folder / "mumbled.mp4"), manner(folder / "wide.mp4")
    assert wide.opening / mumbled.opening > 1.6
    assert manner(folder / "wide.mp4") == wide
    assert any("say little about blinks" in note for note in wide.notes)


def test_a_silent_film_is_judged_by_the_mouth(folder: Path) -> None:
    silent = manner(folder / "quiet.mp4")
    assert any("no speech is heard" in note for note in silent.notes)
    assert silent.opening == pytest.approx(manner(folder / "wide.mp4").opening, rel=0.25)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("short.mp4", FaceError, "too little of a face"),
        ("blank.mp4", FaceError, "got 0.0 s"),
        ("still.mp4", FaceError, "does not speak"),
        ("corrupt.mp4", InputFileError, "corrupt.mp4"),
        ("line.wav", InputFileError, "no pictures"),
        ("missing.mp4", InputFileError, "missing.mp4"),
    ],
)
def test_bad_clips_are_refused_in_one_line_and_leave_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, kind: type, words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        manner(folder / name)
    assert "\n" not in str(caught.value)
    if name == "short.mp4":
        out = tmp_path / "out.mp4"
        assert run(["create", "a calm apple", "--style-from", str(folder / name), "-o", str(out)]) == 2
        assert "too little of a face" in capsys.readouterr().err
        assert not list(tmp_path.iterdir())


def test_create_with_a_style_needs_a_video(folder: Path, tmp_path: Path) -> None:
    card = str(tmp_path / "apple.json")
    assert run(["create", "an apple", "--style-from", str(folder / "wide.mp4"), "--card", card]) == 2
    assert not list(tmp_path.iterdir())


def test_say_in_a_style_is_recorded_and_its_result_counts_as_drawn(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    studio = Studio(llm="rules", renderer="warp", size=256, fps=10)
    card = studio.create("a calm apple", seed=7).save(tmp_path / "apple.charx")
    out = tmp_path / "apple.mp4"
    line, clip = str(folder / "line.wav"), str(folder / "mumbled.mp4")
    asked = ["--audio", line, "--style-from", clip, "--renderer", "warp", "--fps", "10", "--json"]
    assert run(["say", str(card), *asked, "-o", str(out)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["style"]["opening"] == manner(folder / "mumbled.mp4").opening
    written = out.with_name("apple.mp4.json").read_text(encoding="utf-8")
    assert '"style"' in written
    assert "mumbled" not in written
    assert kind_of(out, load_settings()) == "net"
    assert kind_of(folder / "mumbled.mp4", load_settings()) == "recorded"
    again = studio.say(studio.load(card), out=out, audio=line, style_from=clip)
    assert again.sha256 == said["video"]["sha256"]


def test_a_dubbed_clip_takes_over_a_style(folder: Path, tmp_path: Path) -> None:
    clip, line = folder / "wide.mp4", folder / "line.wav"
    widest = []
    for name in ("wide", "mumbled"):
        out = tmp_path / f"{name}.mp4"
        asked = ["--audio", str(line), "--consent", "I drew this woman myself", "--renderer", "warp"]
        asked += ["--style-from", str(folder / f"{name}.mp4")]
        assert run(["dub", str(clip), *asked, "-o", str(out)]) == 0
        with FaceDetector() as detector:
            widest.append(np.nanpercentile(opening_of(watch(out, detector).landmarks), 95))
    assert widest[1] < 0.87 * widest[0]
