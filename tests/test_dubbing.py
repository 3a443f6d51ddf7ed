"""Dubbing real files, seen by the real detector, with the real weights."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny.lipsync_face import tone, units

from chatanything.cli.main import run
from chatanything.dubbing import follow, forth_and_back
from chatanything.errors import ChatAnythingError, ConsentError, FaceError, UsageError
from chatanything.face.backends.template import TemplateEngine
from chatanything.face.landmarks import FaceDetector
from chatanything.lipsync.geometry import Geometry
from chatanything.lipsync.motion import RuleMotion
from chatanything.lipsync.warp import WarpRenderer
from chatanything.measures import opening
from chatanything.media.audio import read_audio, write_wav
from chatanything.media.image import write_png
from chatanything.media.video import read_video, write_video
from chatanything.provenance.c2pa import verify_file
from chatanything.studio import Studio
from chatanything.types import Delivery, Float32, Frame, LookBrief, Motion, Speech, Temperament, UInt8

pytestmark = pytest.mark.weights

FPS = 20.0
OLD, NEW = "M AA P AA . M IY W AA P", "B OW . AA M AE F AO B IY"
BLANK = range(14, 18)
"""Frames of the clip without a face."""
CONSENT = "I drew this myself"


def motion_of(phones: str) -> Motion:
    timing = units(phones)
    return RuleMotion().motion(
        Speech(tone(timing), 16000, timing),
        delivery=Delivery(),
        temperament=Temperament(),
        fps=FPS,
        seed=3,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """clip.mp4: a drawn woman, wide, without a face for a moment; new.wav; the truth in old.npy."""
    folder = tmp_path_factory.mktemp("dub")
    look = LookBrief("a kind librarian", "human", "female", "adult", "neutral")
    face = TemplateEngine().portrait(look, size=256, seed=5)
    renderer, motion = WarpRenderer(face.portrait, face.references), motion_of(OLD)
    walk = Geometry(face.portrait, face.references).poses(motion)
    np.save(folder / "old.npy", [opening(pose.landmarks) for pose in walk])
    pictures = []
    for index, frame in enumerate(renderer.frames(motion)):
        wide = np.zeros((256, 322, 3), np.uint8)
        cv2.resize(frame.image, (322, 256), dst=wide)
        wide[:, :33], wide[:, -33:] = 90, 60
        wide[:, 33:-33] = frame.image
        pictures.append(Frame(np.full_like(wide, 90) if index in BLANK else wide, index))
    sound = tone(units(OLD))
    write_video(folder / "clip.mp4", pictures, fps=FPS, samples=sound, sample_rate=16000)
    write_wav(folder / "new.wav", tone(units(NEW)), 16000)
    return folder


@pytest.fixture(scope="module")
def dubbed(folder: Path) -> Path:
    out = folder / "out" / "dubbed.mp4"
    out.parent.mkdir()
    made = Studio(renderer="warp").dub(
        folder / "clip.mp4", audio=folder / "new.wav", out=out, consent=CONSENT
    )
    assert (made.size, made.height, made.fps) == (322, 256, FPS)
    assert made.frames == len(motion_of(NEW))
    assert made.without_face == len(BLANK)
    assert sorted(path.name for path in out.parent.iterdir()) == ["dubbed.mp4", "dubbed.mp4.json"]
    return out


def seen(pictures: list[UInt8]) -> Float32:
    with FaceDetector() as detector:
        found = [detector.detect(picture) for picture in pictures]
    return np.array([opening(one[0].landmarks) if one else np.nan for one in found], np.float32)


def test_mouth_follows_the_new_sound(folder: Path, dubbed: Path) -> None:
    pictures, fps = read_video(dubbed)
    frames = list(pictures)
    assert fps == FPS
    assert frames[0].shape == (256, 322, 3)
    new = np.zeros(len(frames))
    for unit in units(NEW):
        middle = (np.arange(len(frames)) + 0.5) / FPS
        if unit.text[0] in "AEIOU":
            new[(middle >= unit.start_s) & (middle < unit.end_s)] = 1.0
    new = np.convolve(new, [0.25, 0.5, 0.25], "same")
    got, old = seen(frames), np.load(folder / "old.npy")[: len(frames)]
    shown = np.isfinite(got)
    assert np.flatnonzero(~shown).tolist() == list(BLANK)
    follows = np.corrcoef(got[shown], new[shown])[0, 1]
    assert follows > 0.5
    assert follows > np.corrcoef(got[shown], old[shown])[0, 1] + 0.25


def test_with_two_people_in_shot_the_other_one_is_not_taken(folder: Path) -> None:
    """The real detector on two drawn faces; that of the first is hidden for a moment."""
    first = next(iter(read_video(folder / "clip.mp4")[0]))[:, 33:-33]
    man = LookBrief("an old man with short hair", "human", "male", "old", "neutral")
    second = TemplateEngine().portrait(man, size=256, seed=5).portrait.image
    both = np.concatenate(
        [cv2.resize(first, (320, 320))[:256], np.full((256, 80, 3), 90, np.uint8), second], 1
    )
    hidden = both.copy()
    hidden[60:, :320] = 90
    found = follow(iter([both, both, hidden, both, both]), 5)
    assert [one is not None for one in found] == [True, True, False, True, True]
    assert all(one[:, 0].mean() < 320 for one in found if one is not None)


def test_all_but_the_mouth_is_the_clips_own(folder: Path, dubbed: Path) -> None:
    before, after = list(read_video(folder / "clip.mp4")[0]), list(read_video(dubbed)[0])
    with FaceDetector() as detector:
        face = detector.detect(before[0])[0].landmarks
    unit = float(np.linalg.norm(face[33] - face[263]))
    x, y = face[[13, 14], :2].mean(axis=0)
    away = np.ones((256, 322), bool)
    away[int(y - 0.55 * unit) :, int(x - 1.0 * unit) : int(x + 1.0 * unit)] = False
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        change = np.abs(old.astype(int) - new).max(axis=2)
        assert change[away].mean() < 2.5  # what encoding it again changes
        assert np.percentile(change[away], 99.5) < 24
        if number in BLANK:
            assert change.mean() < 2.0


def test_result_is_signed_and_says_what_it_is(folder: Path, dubbed: Path) -> None:
    found = verify_file(dubbed)
    assert found.state == "valid"
    assert found.run is not None
    assert found.run["consent"]["statement"] == CONSENT
    assert found.run["source"]["without_face"] == len(BLANK)
    sidecar = json.loads(Path(f"{dubbed}.json").read_text(encoding="utf-8"))
    assert sidecar["source"] == found.run["source"]
    assert len(read_audio(dubbed)[0]) > 16000


def test_a_short_clip_goes_forth_and_back(folder: Path, dubbed: Path, tmp_path: Path) -> None:
    assert forth_and_back(np.array([0, 1, 2, 3]), 9).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert forth_and_back(np.array([0]), 3).tolist() == [0, 0, 0]
    write_wav(tmp_path / "long.wav", np.tile(tone(units(NEW)), 2), 16000)
    made = Studio(renderer="warp").dub(
        folder / "clip.mp4", audio=tmp_path / "long.wav", out=tmp_path / "long.mp4", consent=CONSENT
    )
    assert made.frames == np.ceil(2 * len(tone(units(NEW))) / 16000 * FPS)
    # What was made here, signed, needs no further word, and keeps the first one.
    again = Studio(renderer="warp").dub(dubbed, audio=folder / "new.wav", out=tmp_path / "again.mp4")
    run_of = verify_file(again.path).run
    assert run_of is not None
    assert run_of["consent"]["statement"] == CONSENT


@pytest.mark.parametrize("seconds", [0.1, 0.5])
@pytest.mark.parametrize("level", [0.0, 0.3])
def test_any_sound_gives_a_video(folder: Path, tmp_path: Path, seconds: float, level: float) -> None:
    noise = np.random.default_rng(0).normal(size=round(seconds * 16000)) * level
    write_wav(tmp_path / "a.wav", noise.astype(np.float32), 16000)
    made = Studio(renderer="warp").dub(
        folder / "clip.mp4", audio=tmp_path / "a.wav", out=tmp_path / "a.mp4", consent=CONSENT
    )
    assert made.frames == round(seconds * FPS)
    assert len(list(read_video(made.path)[0])) == made.frames


def test_what_cannot_be_dubbed_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    studio, clip, sound = Studio(renderer="warp"), folder / "clip.mp4", folder / "new.wav"
    blank, broken = tmp_path / "blank.mp4", tmp_path / "broken.mp4"
    grey = [Frame(np.full((128, 128, 3), 99, np.uint8), k) for k in range(5)]
    write_video(blank, grey, fps=25, samples=np.zeros(1000, np.float32), sample_rate=16000)
    broken.write_bytes(clip.read_bytes()[:500])
    out = tmp_path / "x.mp4"
    with pytest.raises(ConsentError, match="--consent"):
        studio.dub(clip, audio=sound, out=out)
    with pytest.raises(ConsentError, match="says nothing"):
        studio.dub(clip, audio=sound, out=out, consent="ok")
    with pytest.raises(FaceError, match="no face"):
        studio.dub(blank, audio=sound, out=out, consent=CONSENT)
    with pytest.raises(UsageError, match="--card"):
        studio.dub(clip, text="Hello!", out=out, consent=CONSENT)
    with pytest.raises(UsageError, match="nothing to say"):
        studio.dub(clip, out=out, consent=CONSENT)
    with pytest.raises(ChatAnythingError):
        studio.dub(broken, audio=sound, out=out, consent=CONSENT)
    with pytest.raises(ChatAnythingError, match="sound"):
        studio.dub(clip, audio=folder / "old.npy", out=out, consent=CONSENT)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != "") == [
        "blank.mp4",
        "broken.mp4",
    ]


def test_command_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_png(Path("face.png"), np.zeros((128, 128, 3), np.uint8))
    clip, sound = str(folder / "clip.mp4"), str(folder / "new.wav")
    for arguments, words in (
        (["dub", clip, "--audio", sound], "-o OUT.mp4"),
        (["dub", "none.mp4", "--audio", sound, "-o", "x.mp4"], "none.mp4"),
        (["dub", "face.png", "--audio", sound, "-o", "x.mp4"], "--face"),
        (["dub", clip, "--audio", sound, "-o", "x.mp4"], "--consent"),
        (["dub", clip, "--audio", "none.wav", "--consent", CONSENT, "-o", "x.mp4"], "none.wav"),
        (["dub", clip, "--text", "Hello!", "--consent", CONSENT, "-o", "x.mp4"], "--card"),
    ):
        assert run(arguments) in (1, 2)
        lines = capsys.readouterr().err.strip().splitlines()
        assert len([line for line in lines if line.startswith("chatanything: ")]) == 1
        assert words in lines[-1]
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["face.png"]
    write_wav(Path("short.wav"), tone(units("AA")), 16000)
    arguments = ["dub", clip, "--audio", "short.wav", "--consent", CONSENT, "-o", "x.mp4", "--json"]
    assert run([*arguments, "--renderer", "warp"]) == 0
    video = json.loads(capsys.readouterr().out)["video"]
    assert (video["frames"], video["without_face"], video["height"]) == (12, 0, 256)
    assert Path("x.mp4.json").exists()
