"""Videos that lost their credentials are found again by what is in them."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest

from chatanything.cli.main import run
from chatanything.errors import InputFileError
from chatanything.media.audio import write_wav
from chatanything.media.image import write_png
from chatanything.media.video import read_video, write_video
from chatanything.provenance.c2pa import sign_file
from chatanything.provenance.examine import examine
from chatanything.provenance.manifest import describe_run, sidecar_path, write_sidecar
from chatanything.provenance.streams import stream_digests
from chatanything.provenance.watermark import marked
from chatanything.settings import Settings
from chatanything.types import Float32, Frame
from chatanything.weights.verify import sha256_of

MARK = 0x1234ABCD


def noise(seed: int) -> Float32:
    return (np.random.default_rng(seed).standard_normal(24_000) * 0.1).astype(np.float32)


def pictures(seed: int) -> list[Frame]:
    """A wall of soft colours that drifts."""
    import cv2

    rng = np.random.default_rng(seed)
    wall = cv2.resize(
        rng.integers(60, 200, (6, 6, 3)).astype(np.uint8), (256, 256), interpolation=cv2.INTER_CUBIC
    )
    return [Frame(np.ascontiguousarray(np.roll(wall, index, 1)), index) for index in range(25)]


def publish(folder: Path, name: str, config: Settings, seed: int = 0, sound: int = 0) -> Path:
    """A signed, marked video with its sidecar, as `publish_video` leaves it."""
    raw, path = folder / f"raw-{name}", folder / name
    write_video(raw, marked(pictures(seed), MARK + seed), fps=25, samples=noise(sound), sample_rate=24_000)
    run = describe_run(persona="Añi", description="a shy baker", seed=7, stages=())
    sign_file(raw, path, run, title=name, config=config)
    streams = stream_digests(raw)
    write_sidecar(path, run, media_sha256=sha256_of(raw), sha256=sha256_of(path), streams=streams)
    said = json.loads(sidecar_path(path).read_text()) | {"watermark": f"{MARK + seed:08x}"}
    sidecar_path(path).write_text(json.dumps(said))
    raw.unlink()
    return path


def remux(source: Path, target: Path) -> Path:
    """Copy the coded tracks into another file, as `ffmpeg -c copy` does."""
    with av.open(str(source)) as read, av.open(str(target), "w") as out:
        tracks = {stream.index: out.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                out.mux(packet)
    return target


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, config: Settings) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    publish(folder, "first.mp4", config)
    publish(folder, "second.mp4", config, seed=1, sound=1)
    return folder


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "ts"])
def test_a_remuxed_video_is_told_from_one_that_was_never_signed(
    folder: Path, tmp_path: Path, config: Settings, suffix: str
) -> None:
    assert examine(folder / "first.mp4", config=config).verification.state == "valid"
    copy = remux(folder / "first.mp4", tmp_path / f"copy.{suffix}")
    alone = examine(copy, config=config)
    assert (alone.verification.state, alone.origin) == ("absent", None)
    assert alone.watermark == f"{MARK:08x}"
    assert "no sidecar here names it" in alone.lines[-1]
    from chatanything.provenance.sidecars import sidecars_in

    found = examine(copy, config=config, sidecars=list(sidecars_in(folder)))
    assert found.origin is not None
    assert (found.origin.by, found.origin.file, found.origin.persona) == ("streams", "first.mp4", "Añi")
    assert found.origin.sidecar == folder / "first.mp4.json"
    assert "credentials were stripped; the streams are those of first.mp4 by Añi" in found.lines[-1]
    never = tmp_path / "never.mp4"
    write_video(never, pictures(5), fps=25, samples=noise(5), sample_rate=24_000)
    other = examine(never, config=config, sidecars=list(sidecars_in(folder)))
    assert (other.verification.state, other.origin, other.watermark) == ("absent", None, "")


def test_another_sound_or_other_pictures_are_told_apart(
    folder: Path, tmp_path: Path, config: Settings
) -> None:
    from chatanything.provenance.sidecars import sidecars_in

    known = list(sidecars_in(folder))
    mixed = tmp_path / "mixed.mp4"
    with (
        av.open(str(folder / "first.mp4")) as first,
        av.open(str(folder / "second.mp4")) as second,
        av.open(str(mixed), "w") as out,
    ):
        video = out.add_stream_from_template(first.streams.video[0])
        audio = out.add_stream_from_template(second.streams.audio[0])
        for read, track in ((first.streams.video[0], video), (second.streams.audio[0], audio)):
            for packet in read.container.demux(read):
                if packet.dts is not None:
                    packet.stream = track
                    out.mux(packet)
    found = examine(mixed, config=config, sidecars=known)
    assert found.origin is not None
    assert (found.origin.by, found.origin.file) == ("pictures", "first.mp4")
    again = tmp_path / "again.mp4"
    frames = (Frame(image, index) for index, image in enumerate(read_video(folder / "second.mp4")[0]))
    write_video(again, frames, fps=25, samples=noise(9), sample_rate=24_000)
    recoded = examine(again, config=config, sidecars=known)
    assert recoded.origin is not None
    assert (recoded.origin.by, recoded.origin.file) == ("watermark", "second.mp4")


def test_a_changed_video_does_not_pass_as_its_sidecar_says(
    folder: Path, tmp_path: Path, config: Settings
) -> None:
    path = tmp_path / "first.mp4"
    write_video(path, pictures(5), fps=25, samples=noise(5), sample_rate=24_000)
    sidecar_path(path).write_text(sidecar_path(folder / "first.mp4").read_text())
    found = examine(path, config=config)
    assert (found.verification.state, found.origin) == ("absent", None)
    assert "is of other content" in " ".join(found.lines)


def test_a_folder_is_counted(
    folder: Path, tmp_path: Path, config: Settings, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("CHATANYTHING_HOME", str(config.home))
    deep = tmp_path / "batch" / "deep"
    deep.mkdir(parents=True)
    for name in ("first.mp4", "first.mp4.json"):
        (deep / name).write_bytes((folder / name).read_bytes())
    assert run(["verify", str(tmp_path / "batch"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["valid"] == 1
    data = bytearray((deep / "first.mp4").read_bytes())
    data[-300] ^= 1
    (deep / "flipped.mp4").write_bytes(data)
    remux(deep / "first.mp4", deep / "stripped.mp4")
    write_png(deep / "plain.png", np.zeros((64, 64, 3), np.uint8))
    write_wav(deep / "plain.wav", noise(0), 24_000)
    (deep / "broken.mp4").write_bytes(b"\0" * 100)
    (deep / "link.mp4").symlink_to(folder / "second.mp4")
    (deep / "notes.txt").write_text("no media")
    assert run(["verify", str(tmp_path / "batch"), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["valid"] == 1
    assert said["counts"]["invalid"] == 2  # the flipped one and the broken one
    assert sum(said["counts"].values()) == len(said["files"]) == 6
    origins = {Path(one["file"]).name: one["origin"] for one in said["files"] if one.get("origin")}
    assert origins["stripped.mp4"]["file"] == "first.mp4"
    (tmp_path / "empty").mkdir()
    assert run(["verify", str(tmp_path / "empty")]) == 2


def test_what_is_no_media_is_refused(tmp_path: Path, config: Settings) -> None:
    (tmp_path / "a.txt").write_text("hello")
    for path in (tmp_path / "a.txt", tmp_path / "none.mp4", tmp_path / "none.mkv"):
        with pytest.raises(InputFileError):
            examine(path, config=config)


@pytest.mark.weights
def test_a_mark_asked_for_is_in_a_spoken_video_that_lost_its_credentials(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card, video, lost = tmp_path / "apple.png", tmp_path / "hello.mp4", tmp_path / "lost.mkv"
    assert run(["create", "a cheerful apple", "--llm", "rules", "--card", str(card)]) == 0
    assert run(["say", str(card), "Hello to everybody out there.", "--watermark", "-o", str(video)]) == 0
    mark = json.loads(sidecar_path(video).read_text("utf-8"))["watermark"]
    sidecar_path(video).unlink()
    remux(video, lost)
    capsys.readouterr()
    assert run(["verify", str(lost)]) == 1
    assert f"the frames carry the mark {mark}" in capsys.readouterr().out


def test_pictures_in_an_encoding_that_nobody_knows_are_compared_all_the_same(folder: Path) -> None:
    known, odd = folder / "first.mp4", folder / "odd.mp4"
    odd.write_bytes(known.read_bytes().replace(b"avc1", b"zzzz"))
    before, after = stream_digests(known), stream_digests(odd)
    assert after["audio"] == before["audio"]
    changed = odd.read_bytes().rpartition(b"mdat")
    at = len(changed[2]) // 2
    odd.write_bytes(
        changed[0] + changed[1] + changed[2][:at] + bytes([changed[2][at] ^ 1]) + changed[2][at + 1 :]
    )
    assert stream_digests(odd) != after
    odd.unlink()
