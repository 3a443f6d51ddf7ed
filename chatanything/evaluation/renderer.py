"""`evaluate renderer`: the attention renderer and the warp renderer against what the kit draws.

Characters that no training has seen speak moments of speech; the truth of every moment is a render with the
same blendshapes. Both renderers get the same references, drawn by the kit, or made from the portrait alone
as for a photograph.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from chatanything.errors import InputFileError
from chatanything.evaluation.peer_network import PeerNetwork
from chatanything.evaluation.rows import Row
from chatanything.face.kit.hosts import KINDS
from chatanything.image_quality import Box, psnr, ssim
from chatanything.lipsync.attention import AttentionRenderer, load_net
from chatanything.lipsync.attention_net import LipNet
from chatanything.lipsync.geometry import Pose
from chatanything.lipsync.patches import FacePatches
from chatanything.lipsync.warp import WarpRenderer
from chatanything.media.image import write_png
from chatanything.media.video import write_video
from chatanything.progress import Progress, silent
from chatanything.talking_heads import FPS, TalkingHead, head_paths, load_head, make_heads
from chatanything.types import Frame, Portrait, ReferenceSet, UInt8

_FIRST: Final = 90_000
"""Number of the first character, far from those that trainings draw."""
_MEASURES: Final = {"psnr": (psnr, "dB"), "ssim": (ssim, "ssim")}
_PARTS: Final = ("mouth", "eyes", "face")
_JUDGED_BY_KIND: Final = ("mouth", "face")
_TIMED: Final = 12
"""Calls of the network of Wav2Lip's size."""
_SILENT_RATE: Final = 16_000
_SHOWN: Final = 3
"""Moments of each character in the strip."""


class _Drawer(Protocol):
    patches: FacePatches

    def face(self, pose: Pose) -> UInt8: ...


@dataclass(frozen=True, slots=True)
class _Result:
    """Figures of one character with one kind of references."""

    kind: str
    references: str
    scores: dict[tuple[str, str, str], float]
    """(method, part, measure) -> mean over the moments."""
    seconds: dict[str, float]
    """Method -> a frame."""


def run_renderer(
    *,
    count: int = 24,
    sentences: int = 4,
    length: int = 50,
    net: Path | None = None,
    heads: Path | None = None,
    strip: Path | None = None,
    film: Path | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Nearness to the truth, speed and size of both renderers.

    Args:
        count: How many characters show moments of speech.
        sentences: How many of them say a sentence, for what flickers.
        length: Frames of a sentence.
        net: Folder of another network than the shipped one.
        heads: Keeps the characters, so that the next run need not draw them.
        strip: Takes a picture (PNG): truth, warp, attention, attention with made references.
        film: Takes a silent video (MP4) of the sentences: truth, warp, attention side by side.
        progress: Told about every character.

    Raises:
        InputFileError: `net` holds no network.
        WeightsError: The shipped network is missing or broken.
        OutputError: The strip cannot be written.
    """
    network = load_net() if net is None else _network(net)
    with TemporaryDirectory() as spare:
        folder = heads or Path(spare)
        make_heads(folder, count, first=_FIRST, progress=progress)
        paths = [path for path in head_paths(folder, every=True) if int(path.name[-5:]) >= _FIRST][:count]
        results: list[_Result] = []
        columns: list[UInt8] = []
        work = 0.0
        for number, path in enumerate(paths):
            progress("renderer", number, len(paths), path.name)
            head = load_head(path)
            drawers = _drawers(head, network)
            for name in ("drawn", "made"):
                chosen = {method: drawer for (kind, method), drawer in drawers.items() if kind == name}
                results.append(_measured(head, name, chosen))
            columns += _columns(head, drawers)
            drawer = drawers["drawn", "attention"]
            assert isinstance(drawer, AttentionRenderer)
            work = max(work, _gflops(drawer, head))
        if strip is not None:
            write_png(strip, np.concatenate(columns, axis=1))
        speakers = _speakers(folder / "sentences", sentences, length, progress)
        flicker = _flicker(speakers, network) if speakers else []
        if film is not None:
            _film(film, speakers, network)
    return [*_rows(results), *flicker, *_costs(network, results, work)]


def _network(folder: Path) -> LipNet:
    try:
        found: LipNet = LipNet.from_pretrained(folder, local_files_only=True).float().eval()
    except (OSError, ValueError) as exc:
        raise InputFileError(
            f"there is no lip renderer in {folder}", got=str(exc).splitlines()[0],
            hint="Train one: chatanything train renderer",
        ) from exc  # fmt: skip
    return found


def _drawers(head: TalkingHead, network: LipNet) -> dict[tuple[str, str], _Drawer]:
    """(references, method) -> renderer."""
    made: dict[tuple[str, str], _Drawer] = {}
    references: dict[str, ReferenceSet] = {"drawn": head.drawn, "made": head.made}
    for name, chosen in references.items():
        made[name, "warp"] = WarpRenderer(head.portrait, chosen)
        made[name, "attention"] = AttentionRenderer(head.portrait, chosen, network)
    return made


def _measured(head: TalkingHead, references: str, drawers: dict[str, _Drawer]) -> _Result:
    sums: dict[tuple[str, str, str], list[float]] = {}
    seconds: dict[str, float] = {}
    boxes = _boxes(drawers["warp"].patches, head.portrait)
    for method, drawer in drawers.items():
        poses = drawer.patches.geometry.poses(head.motion)
        drawer.face(poses[0])  # the first call compiles or allocates
        start = time.perf_counter()
        pictures = [drawer.face(pose) for pose in poses]
        seconds[method] = (time.perf_counter() - start) / len(poses)
        for picture, truth in zip(pictures, head.targets, strict=True):
            for part, box in boxes.items():
                for name, (measure, _) in _MEASURES.items():
                    sums.setdefault((method, part, name), []).append(measure(picture, truth, box))
    return _Result(
        head.kind, references, {key: float(np.mean(values)) for key, values in sums.items()}, seconds
    )


def _boxes(patches: FacePatches, portrait: Portrait) -> dict[str, Box]:
    x0, y0, x1, y1 = (round(value) for value in portrait.face_box)
    size = portrait.image.shape[0]
    face = max(0, x0), max(0, y0), min(size, x1), min(size, y1)
    return {"mouth": patches.mouth_box, "eyes": patches.eye_box, "face": face}


def _rows(results: Sequence[_Result]) -> list[Row]:
    """All characters together, then every category of them apart."""
    groups: dict[str, list[_Result]] = {}
    for result in results:
        groups.setdefault(KINDS[result.kind].category, []).append(result)
    rows = _compared(results, "", _PARTS)
    for category, chosen in sorted(groups.items()):
        rows += _compared(chosen, f".{category}", _JUDGED_BY_KIND)
    return rows


def _compared(results: Sequence[_Result], ending: str, parts: Sequence[str]) -> list[Row]:
    """Means of the attention renderer with those of the warp, and how often it is the better one."""
    rows = []
    for name in ("drawn", "made"):
        chosen = [result for result in results if result.references == name]
        for part in parts:
            for measure, (_, unit) in _MEASURES.items():
                ours, warp = (
                    np.array([result.scores[method, part, measure] for result in chosen])
                    for method in ("attention", "warp")
                )
                control = {"warp": float(warp.mean()), "better_share": float(np.mean(ours > warp))}
                title = f"renderer.{name}.{part}.{measure}{ending}"
                rows.append(Row(title, float(ours.mean()), unit, len(chosen), control))
    return rows


def _costs(network: LipNet, results: Sequence[_Result], work: float) -> list[Row]:
    speeds = {
        method: 1 / float(np.median([result.seconds[method] for result in results]))
        for method in ("attention", "warp")
    }
    control = {"warp": speeds["warp"], "wav2lip_shapes": _peer_speed()}
    weights = sum(value.numel() for value in network.parameters())
    return [
        Row("renderer.fps", speeds["attention"], "frames/s", len(results), control),
        Row("renderer.work", work, "GFLOP/frame", len(results)),
        Row("renderer.parameters", weights / 1e6, "million", 1),
    ]


def _peer_speed() -> float:
    """Frames a second of a network of Wav2Lip's size, one face of 96 pixels at a time."""
    peer = PeerNetwork().eval()
    sound, faces = torch.zeros(1, 1, 80, 16), torch.zeros(1, 6, 96, 96)
    seconds = []
    with torch.no_grad():
        peer(sound, faces)
        for _ in range(_TIMED):
            start = time.perf_counter()
            peer(sound, faces)
            seconds.append(time.perf_counter() - start)
    return 1 / float(np.median(seconds))


def _gflops(drawer: AttentionRenderer, head: TalkingHead) -> float:
    """Floating-point operations of a frame, in billions; an addition and a multiplication are two."""
    pose = drawer.patches.geometry.poses(head.motion)[0]
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        # Region by region, since the counter does not see the threads in which a picture is drawn.
        drawer.filled(pose, "lips")
        drawer.filled(pose, "eyes")
    return float(counter.get_total_flops()) / 1e9


def _speakers(folder: Path, count: int, length: int, progress: Progress) -> list[TalkingHead]:
    """Characters that say something."""
    make_heads(folder, count, first=_FIRST, targets=length, sentence=True, progress=progress)
    return [load_head(path) for path in head_paths(folder, every=True)[:count]]


def _flicker(speakers: Sequence[TalkingHead], network: LipNet) -> list[Row]:
    """Motion of the mouth from frame to frame that is not in the truth, over the motion that is."""
    rows = []
    for name in ("drawn", "made"):
        found: dict[str, list[float]] = {"warp": [], "attention": []}
        for head in speakers:
            for (references, method), drawer in _drawers(head, network).items():
                if references == name:
                    x0, y0, x1, y1 = drawer.patches.mouth_box
                    faces = np.stack(
                        [drawer.face(pose) for pose in drawer.patches.geometry.walk(head.motion)]
                    )
                    ours, truth = (
                        np.diff(frames[:, y0:y1, x0:x1].astype(np.float32), axis=0)
                        for frames in (faces, head.targets)
                    )
                    found[method].append(float(np.abs(ours - truth).mean() / np.abs(truth).mean()))
        control = {"warp": float(np.mean(found["warp"]))}
        value = float(np.mean(found["attention"]))
        rows.append(Row(f"renderer.{name}.flicker", value, "ratio", len(speakers), control))
    return rows


def _film(path: Path, speakers: Sequence[TalkingHead], network: LipNet) -> None:
    """Truth, warp, attention and attention with made references, side by side; nobody is heard."""

    def frames() -> Iterator[Frame]:
        shown = 0
        for head in speakers:
            drawers = _drawers(head, network)
            chosen = [
                drawers[key] for key in (("drawn", "warp"), ("drawn", "attention"), ("made", "attention"))
            ]
            poses = [drawer.patches.geometry.poses(head.motion) for drawer in chosen]
            for row, truth in enumerate(head.targets):
                drawn = [drawer.face(own[row]) for drawer, own in zip(chosen, poses, strict=True)]
                yield Frame(np.concatenate([truth, *drawn], axis=1), shown)
                shown += 1

    seconds = sum(len(head.targets) for head in speakers) / FPS
    silence = np.zeros(int(seconds * _SILENT_RATE), np.float32)
    write_video(path, frames(), fps=FPS, samples=silence, sample_rate=_SILENT_RATE)


def _columns(head: TalkingHead, drawers: dict[tuple[str, str], _Drawer]) -> list[UInt8]:
    """Truth above warp above attention above attention with made references, some moments."""
    import cv2

    made = []
    patches = drawers["drawn", "warp"].patches
    x0, y0, x1, y1 = patches.mouth_box[0], patches.eye_box[1], patches.mouth_box[2], patches.mouth_box[3]
    for row in range(min(_SHOWN, len(head.targets))):
        faces = [head.targets[row]]
        for key in (("drawn", "warp"), ("drawn", "attention"), ("made", "attention")):
            drawer = drawers[key]
            faces.append(drawer.face(drawer.patches.geometry.poses(head.motion)[row]))
        cells = [cv2.resize(face[y0:y1, x0:x1], (144, 180), interpolation=cv2.INTER_AREA) for face in faces]
        made.append(np.concatenate(cells))
    return made
