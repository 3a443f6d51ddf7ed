"""Pictures to learn from: kit characters of every kind, several expressions each, with exact labels.

A shard is a folder of arrays that is written whole or not at all, so that making data can be stopped and
taken up at any time, by several processes at once.
"""

from __future__ import annotations

import copy
import json
import multiprocessing
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from chatanything.face import looks
from chatanything.face.diffusion.maps import from_drawn
from chatanything.face.kit import render, rig, shapes
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import Character
from chatanything.face.kit.sampling import sample
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.training.captions import captions
from chatanything.types import Float32, UInt8
from chatanything.visemes import REFERENCE_VISEMES

Device: TypeAlias = Literal["cpu", "cuda"]
"""Where pictures are drawn."""
_Renderer: TypeAlias = Callable[..., render.Frame]

SIZE: Final = 256
CHARACTERS: Final = 48
"""Characters a shard."""
POSES: Final = 3
"""Pictures of one character: as it is, with a speaking mouth, with another mouth or closed eyes."""
WORDINGS: Final = 4
HELD_OUT: Final = 16
"""Every so many shards, one is kept from training."""
_PEOPLE: Final = 0.3
"""Share of people, who vary most."""
_BLINK: Final = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
_MARGIN: Final = 6
"""Pixels around what an expression moves that are drawn anew with it."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One folder of pictures with their labels; n = CHARACTERS * POSES."""

    images: UInt8
    """(n, SIZE, SIZE, 3) RGB."""
    parts: UInt8
    """(n, SIZE, SIZE) indices of `materials.PARTS`."""
    points: Float32
    """(n, maps.POINTS, 2) px."""
    captions: tuple[tuple[str, ...], ...]
    """Of every character, its wordings; pictures POSES * k to POSES * k + POSES - 1 show character k."""
    characters: tuple[Mapping[str, Any], ...]
    """The parameters of every character."""


def make_shards(
    folder: Path, count: int, *, workers: int = 1, device: Device = "cpu", progress: Progress = silent
) -> int:
    """Draw what is missing of `count` shards.

    Args:
        folder: Where the shards go.
        count: How many there shall be.
        workers: Processes that draw at once; on a GPU they share it, each building scenes on a core.
        device: Where they draw.
        progress: Told about every finished shard.

    Returns:
        How many were drawn.

    Raises:
        BackendError: There is no GPU to draw on, or numba-cuda is missing.
    """
    _renderer(device)  # says what is missing before any process starts
    folder.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(count) if not _path(folder, number).exists()]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max(1, workers), mp_context=context) as pool:
        jobs = [pool.submit(make_shard, folder, number, device=device) for number in missing]
        for done, job in enumerate(as_completed(jobs), 1):
            job.result()
            progress("data", done, len(missing), f"{CHARACTERS * POSES} pictures a shard")
    return len(missing)


def make_shard(
    folder: Path,
    number: int,
    *,
    characters: int = CHARACTERS,
    size: int = SIZE,
    device: Device = "cpu",
) -> Path:
    """Draw one shard; the same number gives the same pictures, those of a GPU within rounding.

    Args:
        folder: Where it goes.
        number: Which one.
        characters: How many characters, of POSES pictures each.
        size: Edge of the pictures in pixels.
        device: Where to draw.

    Raises:
        BackendError: There is no GPU to draw on, or numba-cuda is missing.
    """
    draw = _renderer(device)
    target = _path(folder, number)
    partial = target.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    frames, drawn, said = [], [], []
    for index in range(characters):
        rng = random.Random(derive(number, "face-data", index))  # noqa: S311 - pictures, not secrets
        character = _character(rng, number * characters + index)
        frames += list(_poses(character, rng, size, draw))
        drawn.append(character.to_dict())
        said.append(captions(character, rng, WORDINGS))
    np.save(partial / "images.npy", np.stack([frame.image for frame in frames]))
    np.save(partial / "parts.npy", np.stack([frame.parts for frame in frames]))
    np.save(partial / "points.npy", np.stack([from_drawn(frame.landmarks) for frame in frames]))
    text = json.dumps({"captions": said, "characters": drawn})
    (partial / "labels.json").write_text(text, encoding="utf-8")
    partial.rename(target)
    return target


def load_shard(path: Path) -> Shard:
    """A shard with its arrays mapped, not read."""
    labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
    return Shard(
        np.load(path / "images.npy", mmap_mode="r"),
        np.load(path / "parts.npy", mmap_mode="r"),
        np.load(path / "points.npy"),
        tuple(tuple(row) for row in labels["captions"]),
        tuple(labels["characters"]),
    )


def shard_paths(folder: Path, *, held_out: bool = False) -> list[Path]:
    """The finished shards for training, or those kept from it."""
    found = sorted(folder.glob("shard-?????"))
    return [path for path in found if (int(path.name[-5:]) % HELD_OUT == HELD_OUT - 1) is held_out]


def _path(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:05d}"


def _character(rng: random.Random, number: int) -> Character:
    """People often, the other kinds in turn, in the product's framing with some play."""
    others = [name for name in KINDS if name != "human"]
    kind = "human" if rng.random() < _PEOPLE else others[number % len(others)]
    character = sample(rng, kind, 0.3 if rng.random() < 0.5 else 0.08)
    character.zoom = rng.uniform(0.95, 1.1)
    if rng.random() < 0.5:
        character.expression = dict(looks.MOODS[rng.choice(tuple(looks.MOODS))])
    return character


def _renderer(device: Device) -> _Renderer:
    """`render.render`, or what does the same on a GPU if there is one."""
    if device == "cpu":
        return render.render
    from chatanything.face.kit import cuda

    cuda.require()
    return cuda.render


def _poses(character: Character, rng: random.Random, size: int, draw: _Renderer) -> Iterator[render.Frame]:
    """The character as it is, then with other mouths or shut eyes; only what moves is traced again."""
    base = draw(shapes.build(character), size)
    yield base
    rest = {name: value for name, value in character.expression.items() if name != "jawOpen"}
    for turn in range(1, POSES):
        posed = copy.deepcopy(character)
        if turn == 2 and rng.random() < 0.4:
            posed.expression = {**character.expression, **_BLINK}
            box = _box(base, ("eye_r", "eye_l", "brow_r", "brow_l"), (0.35, 0.3), size)
        else:
            weights = {rng.choice(REFERENCE_VISEMES): rng.uniform(0.4, 1.0)}
            posed.expression = rig.blend_visemes(weights, rest)
            box = _box(base, ("lip_out_up", "lip_out_lo"), (0.6, 1.3), size)
        yield draw(shapes.build(posed), size, box=box, base=base)


def _box(
    frame: render.Frame, names: tuple[str, ...], reach: tuple[float, float], size: int
) -> tuple[int, int, int, int]:
    """Pixels that those contours can change; `reach` is up and down in inter-ocular distances."""
    marks = frame.landmarks
    unit = float(np.linalg.norm(marks["iris_r"][0] - marks["iris_l"][0]))
    points = np.concatenate([marks[name] for name in names])
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    side = 0.4 * unit + _MARGIN
    low = max(0, int(x0 - side)), max(0, int(y0 - reach[0] * unit))
    return (*low, min(size, int(x1 + side)), min(size, int(y1 + reach[1] * unit)))
