"""Talking characters to learn lips from: portrait, references, motions, and what each should look like.

The motions go through the same geometry that drives a persona, so that the renderer learns with the
landmarks that it will get, not with ones that are truer.
"""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.errors import FaceError
from chatanything.face import looks
from chatanything.face.backends.template import TemplateEngine
from chatanything.face.kit import params, render, rig, shapes
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import Character
from chatanything.face.kit.sampling import sample
from chatanything.lipsync.references import make_references
from chatanything.measures import opening
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import Motion, Portrait, Reference, ReferenceSet, UInt8
from chatanything.visemes import INDEX, VISEMES, blendshape_vector

SIZE: Final = 256
TARGETS: Final = 12
"""Motions of one character."""
FPS: Final = 25.0
HELD_OUT: Final = 8
"""Every so many characters, one is kept from training."""
_PEOPLE: Final = 0.4
_EMOTIONS: Final = ("mouthSmile", "mouthFrown")
_BLINK_FRAMES: Final = 2.5
"""Half the length of a blink in frames."""


@dataclass(frozen=True, slots=True)
class TalkingHead:
    """One character with what it should look like while it speaks."""

    kind: str
    portrait: Portrait
    drawn: ReferenceSet
    """References as the kit draws them."""
    made: ReferenceSet
    """References made from the portrait alone, as for a photograph."""
    motion: Motion
    """One frame a target; a sentence's, or moments that do not follow one another."""
    targets: UInt8
    """(t, SIZE, SIZE, 3) RGB: the truth, before the head moves."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a face does."""

    mouth: Mapping[str, float]
    """Viseme -> share."""
    lids: float
    """0 open .. 1 shut."""
    gaze: tuple[float, float]
    """Right, up, -1..1."""
    emotion: Mapping[str, float]
    """Blendshapes on top."""


def make_heads(
    folder: Path,
    count: int,
    *,
    first: int = 0,
    size: int = SIZE,
    targets: int = TARGETS,
    sentence: bool = False,
    progress: Progress = silent,
) -> int:
    """Draw what is missing of `count` characters.

    Args:
        folder: Where they go, each in a folder that is written whole or not at all.
        count: How many there shall be.
        first: Number of the first; the same number gives the same character.
        size: Edge of the pictures in pixels.
        targets: Motions of each.
        sentence: The motions follow one another, FPS a second; else they are moments of any sentence.
        progress: Told about every character.

    Returns:
        How many were drawn.
    """
    missing = [number for number in range(first, first + count) if not _path(folder, number).exists()]
    for done, number in enumerate(missing):
        progress("heads", done, len(missing), f"{targets} motions a character")
        moments = partial(_sentence if sentence else _moments, count=targets)
        _make(folder, number, size, moments)
    return len(missing)


def head_paths(folder: Path, *, held_out: bool = False, every: bool = False) -> list[Path]:
    """The finished characters for training, those kept from it, or every one."""
    found = sorted(folder.glob("head-?????"))
    if every:
        return found
    return [path for path in found if (int(path.name[-5:]) % HELD_OUT == HELD_OUT - 1) is held_out]


def load_head(path: Path) -> TalkingHead:
    """A character from its folder; made references are made here."""
    images, points = np.load(path / "images.npy"), np.load(path / "points.npy")
    motion = np.load(path / "motion.npy")
    facts = json.loads((path / "facts.json").read_text(encoding="utf-8"))
    size = images.shape[1]
    masks = {"head": np.ones((size, size), np.bool_)}
    box = tuple(float(value) for value in facts["face_box"])
    portrait = Portrait(images[0], points[0], box, masks, facts["kind"], "template", 1, 0)  # type: ignore[arg-type] # four values
    count = len(facts["names"])
    drawn = [
        Reference(name, images[row], points[row], opening(points[row]))
        for row, name in enumerate(facts["names"], 1)
    ]
    neutral = Reference("neutral", images[0], points[0], opening(points[0]))
    *lips, blink = drawn
    references = ReferenceSet(tuple(lips), (neutral, blink))
    shapes_, gaze = motion[:, :-2], motion[:, -2:]
    moved = Motion(FPS, shapes_, np.zeros((len(shapes_), 6), np.float32), gaze)
    return TalkingHead(
        facts["kind"], portrait, references, make_references(portrait), moved, images[1 + count :]
    )


def _path(folder: Path, number: int) -> Path:
    return folder / f"head-{number:05d}"


def _make(
    folder: Path, number: int, size: int, moments: Callable[[random.Random], Iterable[_Moment]]
) -> None:
    """One character; one that the detector cannot find is replaced by the next of its number."""
    target = _path(folder, number)
    unfinished = target.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for attempt in range(9):
        rng = random.Random(derive(number, "lip-data", attempt))  # noqa: S311 - pictures, not secrets
        recipe = {"character": _character(rng, number).to_dict(), "seed": number}
        try:
            face = TemplateEngine().redraw(recipe, size=size)
        except FaceError:
            continue
        break
    else:
        raise FaceError(f"character {number} has no face that the detector finds", got="9 tries")
    character = params.from_dict(face.recipe["character"])
    references = [*face.references.lips, face.references.face[1]]
    base = render.render(shapes.build(character), size)
    rows, pictures = [], []
    for motion, picture in _targets(character, moments(rng), base, face.portrait):
        rows.append(motion)
        pictures.append(picture)
    np.save(unfinished / "motion.npy", np.stack(rows).astype(np.float32))
    np.save(
        unfinished / "images.npy",
        np.stack([face.portrait.image, *(ref.image for ref in references), *pictures]),
    )
    np.save(
        unfinished / "points.npy", np.stack([face.portrait.landmarks, *(ref.landmarks for ref in references)])
    )
    facts = {
        "kind": character.kind,
        "names": [ref.name for ref in references],
        "face_box": face.portrait.face_box,
    }
    (unfinished / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    unfinished.rename(target)


def _character(rng: random.Random, number: int) -> Character:
    """People often, the other kinds in turn, with a shut mouth as every portrait has."""
    others = [name for name in KINDS if name != "human"]
    kind = "human" if rng.random() < _PEOPLE else others[number % len(others)]
    character = sample(rng, kind, 0.2)
    character.zoom = rng.uniform(0.95, 1.08)
    character.expression = dict(looks.MOODS[rng.choice(tuple(looks.MOODS))])
    character.expression.pop("jawOpen", None)
    return character


def _targets(
    character: Character, moments: Iterable[_Moment], base: render.Frame, portrait: Portrait
) -> Iterator[tuple[np.ndarray, UInt8]]:
    """Motions, 52 blendshapes and 2 of gaze each, with the picture that each should give."""
    size = base.image.shape[0]
    rest = {name: value for name, value in character.expression.items() if name != "jawOpen"}
    for moment in moments:
        shape = np.sum([w * blendshape_vector(VISEMES[name]) for name, w in moment.mouth.items()], axis=0)
        shape = shape + blendshape_vector(moment.emotion)
        shape[INDEX["eyeBlinkLeft"]] = shape[INDEX["eyeBlinkRight"]] = moment.lids
        posed = copy.deepcopy(character)
        posed.expression = rig.blend_visemes(dict(moment.mouth), rest)
        for name, value in moment.emotion.items():
            posed.expression[name] = min(1.0, posed.expression.get(name, 0.0) + value)
        posed.expression |= {"eyeBlinkLeft": moment.lids, "eyeBlinkRight": moment.lids}
        posed.expression |= {"gazeX": moment.gaze[0], "gazeY": moment.gaze[1]}
        scene = shapes.build(posed)
        drawn = base
        for box in _boxes(portrait, size):
            drawn = render.render(scene, size, box=box, base=drawn)
        yield np.concatenate([np.clip(shape, 0, 1), moment.gaze]).astype(np.float32), drawn.image


def _moments(rng: random.Random, count: int) -> Iterator[_Moment]:
    """Any moments of speech."""
    for _ in range(count):
        mouth = _mouth(rng)
        lids = rng.choice((0.0, 0.0, 0.0, rng.uniform(0, 1), 1.0))
        gaze = (rng.gauss(0, 0.25), rng.gauss(0, 0.15)) if rng.random() < 0.7 else (0.0, 0.0)
        emotion = {rng.choice(_EMOTIONS): rng.uniform(0.1, 0.5)} if rng.random() < 0.3 else {}
        yield _Moment(mouth, lids, gaze, emotion)


def _sentence(rng: random.Random, count: int) -> Iterator[_Moment]:
    """Visemes that run into one another, a blink, a glance, and a shut mouth at both ends."""
    inner = [rng.choice([name for name in VISEMES if name != "sil"]) for _ in range(max(1, count // 4))]
    spoken = ["sil", *inner, "sil"]
    blink, turn = rng.uniform(0.3, 0.7) * count, rng.uniform(0.2, 0.8) * count
    glance = (rng.gauss(0, 0.2), rng.gauss(0, 0.1))
    for frame in range(count):
        at = frame * (len(spoken) - 1) / max(1, count - 1)
        first = min(int(at), len(spoken) - 2)
        share = at - first
        share = share * share * (3 - 2 * share)
        mouth = {spoken[first]: 1 - share}
        mouth[spoken[first + 1]] = mouth.get(spoken[first + 1], 0.0) + share
        lids = max(0.0, 1 - abs(frame - blink) / _BLINK_FRAMES)
        yield _Moment(mouth, lids, glance if frame > turn else (0.0, 0.0), {})


def _mouth(rng: random.Random) -> dict[str, float]:
    """A moment of speech: one viseme, or one on the way to another."""
    first, second = rng.sample(tuple(VISEMES), 2)
    share = rng.choice((1.0, rng.random()))
    strength = rng.choice((1.0, rng.uniform(0.3, 1.0)))
    return {first: strength * share, second: strength * (1 - share)}


def _boxes(portrait: Portrait, size: int) -> list[tuple[int, int, int, int]]:
    """What a mouth and what eyes with brows can change: x0, y0, x1, y1 in pixels."""
    points, unit = portrait.landmarks, float(np.linalg.norm(portrait.landmarks[33] - portrait.landmarks[263]))
    boxes = []
    for ids, side, up, down in (((13, 14), 1.0, 0.6, 1.25), ((33, 263), 0.8, 0.55, 0.35)):
        x, y = points[list(ids), :2].mean(axis=0)
        low = max(0, int(x - side * unit)), max(0, int(y - up * unit))
        boxes.append((*low, min(size, int(x + side * unit) + 1), min(size, int(y + down * unit) + 1)))
    return boxes
