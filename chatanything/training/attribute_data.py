"""Small pictures for the judge of faces, whose attributes say nothing about each other.

The pictures that the face model learns from show hair that suits the skin and beards that suit the age. A
judge that learns from them alone guesses one from the other, and is wrong where a description is unusual.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.face.attributes import EDGE
from chatanything.face.kit import render, shapes
from chatanything.face.kit.hosts import KINDS
from chatanything.face.kit.params import GLASSES, HAIR_COLORS, SKINS, Character
from chatanything.face.kit.sampling import sample
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import UInt8

POOL: Final = 256
"""Pictures of a folder, which is written whole or not at all."""
_PEOPLE: Final = 0.55
_UNMATCHED: Final = 0.6
"""Share of people whose attributes are drawn one by one."""
_GROWN: Final = 0.22
_HELD_OUT: Final = 8
"""Every so many folders, one is kept from training."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures with the parameters of what they show."""

    images: UInt8
    """(n, EDGE, EDGE, 3) RGB."""
    characters: tuple[Mapping[str, Any], ...]


def make_pictures(folder: Path, count: int, *, each: int = POOL, progress: Progress = silent) -> None:
    """Draw what is missing of `count` folders.

    Args:
        folder: Where they go.
        count: How many folders there shall be.
        each: Pictures of a folder.
        progress: Told about every folder.
    """
    for number in range(count):
        if not _path(folder, number).exists():
            progress("pictures", number, count, f"{each} small pictures a folder")
            _draw(folder, number, each)


def load_pictures(folder: Path, *, held_out: bool = False) -> list[Pictures]:
    """The finished folders for training, or those kept from it."""
    found = sorted(folder.glob("pictures-?????"))
    kept = [path for path in found if (int(path.name[-5:]) % _HELD_OUT == _HELD_OUT - 1) is held_out]
    return [
        Pictures(
            np.load(path / "images.npy"),
            tuple(json.loads((path / "characters.json").read_text(encoding="utf-8"))),
        )
        for path in kept
    ]


def _path(folder: Path, number: int) -> Path:
    return folder / f"pictures-{number:05d}"


def _draw(folder: Path, number: int, each: int) -> None:
    target = _path(folder, number)
    partial = target.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    images, drawn = [], []
    for index in range(each):
        rng = random.Random(derive(number, "attribute-data", index))  # noqa: S311 - pictures, not secrets
        character = _character(rng, number * each + index)
        images.append(render.render(shapes.build(character), EDGE).image)
        drawn.append(character.to_dict())
    np.save(partial / "images.npy", np.stack(images))
    (partial / "characters.json").write_text(json.dumps(drawn), encoding="utf-8")
    partial.rename(target)


def _character(rng: random.Random, number: int) -> Character:
    others = [name for name in KINDS if name != "human"]
    person = rng.random() < _PEOPLE
    character = sample(rng, "human" if person else others[number % len(others)], 0.15)
    if person and rng.random() < _UNMATCHED:
        character.skin = rng.randrange(len(SKINS))
        character.hair_color = rng.choice(tuple(HAIR_COLORS))
        character.glasses = rng.choice(("none", *GLASSES[:5]))
        character.hat = "none" if rng.random() < 0.5 else character.hat
        if character.gender == "man" and character.age >= _GROWN:
            character.beard = rng.choice(("none", "none", "full", "full", "long", "goatee", "moustache"))
    return character
