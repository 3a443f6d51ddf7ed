"""`evaluate faces`: do faces show what the words name, do seeds differ, is nothing copied?

Attributes are read by a classifier that learnt from renders (`face/attributes.py`); its own accuracy on
held-out renders is the control. Copies are looked for as Carlini et al. (2023, "Extracting training data
from diffusion models") do: the distance of a drawn face to its nearest training picture, against that of
pictures that were never trained on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from chatanything.errors import InputFileError
from chatanything.evaluation.landmarks import share
from chatanything.evaluation.rows import Row
from chatanything.face.backends import FACE_ENGINES
from chatanything.face.sheet import contact_sheet
from chatanything.media.image import write_png
from chatanything.progress import Progress, silent
from chatanything.seeds import derive
from chatanything.types import AgeBand, Float32, Gender, LookBrief, UInt8

SEED: Final = 23
_SEEDS: Final = 6
"""Faces of one description whose differences are measured."""
_EDGE: Final = 32
"""Pixels at which pictures are compared."""
_DIVERSE: Final = ("an old man", "a young woman", "a robot", "an apple", "a cat", "a suitcase")


@dataclass(frozen=True, slots=True)
class Wish:
    """A description with what it names."""

    look: LookBrief
    named: Mapping[str, str]
    """Attribute -> class, as `attributes.labels` says it."""


def wishes() -> list[Wish]:
    """The fixed descriptions: people by age, skin, hair, beard, glasses, hat; things by kind and colour."""
    made: list[Wish] = []
    ages: tuple[tuple[str, AgeBand, str], ...] = (
        ("young", "young", "adult"),
        ("old", "old", "old"),
        ("", "adult", "adult"),
        ("little", "child", "child"),
    )
    skins = (("pale", "light"), ("tanned", "tan"), ("dark", "dark"))
    hairs = (("blonde", "blonde"), ("red", "red"), ("black", "black"), ("brown", "brown"))
    for i in range(24):
        (word, band, age), (tone, skin), (color, hair) = ages[i % 4], skins[i % 3], hairs[(i // 3) % 4]
        gender: Gender = "female" if i % 2 else "male"
        noun = {"female": ("girl", "woman"), "male": ("boy", "man")}[gender][age != "child"]
        if age == "old":
            color = hair = ("white", "grey")[(i // 4) % 2]
        text = f"a {word} {noun} with {tone} skin and {color} hair".replace("  ", " ")
        named = {"kind": "human", "age": age, "skin": skin, "hair color": hair,
                 "gender": "man" if gender == "male" else "woman"}  # fmt: skip
        if i % 5 == 0:
            text, named["glasses"] = f"{text}, wearing glasses", "yes"
        if i % 6 == 2 and gender == "male" and age != "child":
            text, named["beard"] = f"{text}, with a beard", "yes"
        if i % 7 == 3:
            text, named["hat"] = f"{text}, wearing a beanie", "yes"
            del named["hair color"]
        made.append(Wish(LookBrief(text, gender=gender, age=band), named))
    for species, color in _THINGS:
        text = f"a {color} {species}".replace("  ", " ")
        named = {"kind": species, **({"color": color} if color else {})}
        made.append(Wish(LookBrief(text, species=species), named))
    return made


_THINGS: Final = (
    ("apple", "red"), ("apple", "green"), ("tulip", "yellow"), ("rose", "red"), ("robot", ""),
    ("mushroom", "red"), ("cat", "grey"), ("cat", "black"), ("suitcase", "brown"), ("handbag", "red"),
    ("dress", "blue"), ("coat", "red"), ("sneaker", "green"), ("tie", "purple"), ("t-shirt", "yellow"),
    ("beanie", "pink"), ("dragon", ""), ("fox", ""), ("pineapple", ""), ("teapot", ""), ("owl", ""),
    ("cactus", ""), ("telephone", ""), ("pumpkin", "orange"),
)  # fmt: skip
"""Species and colour, empty where it has none of its own."""


def run_faces(
    *,
    engine: str = "auto",
    data: Path | None = None,
    judge: Path | None = None,
    sheet: Path | None = None,
    size: int = 256,
    progress: Progress = silent,
) -> list[Row]:
    """Faithfulness, diversity and copies of a face engine.

    Args:
        engine: Name of the face engine; "auto" takes the preferred one.
        data: Folder of training pictures (`train face-data`), for the search for copies.
        judge: Folder of another judge than the shipped one.
        sheet: Takes a contact sheet (PNG) of the faces.
        size: Edge of the pictures in pixels.
        progress: Told about every face.

    Raises:
        BackendError: There is no such engine.
        WeightsError: The judge is missing.
        InputFileError: A folder is not what it should be.
        OutputError: The sheet cannot be written.
    """
    name = FACE_ENGINES.first_with("text").name if engine == "auto" else engine
    drawer, reader = FACE_ENGINES.factory(name)(), _judge(judge)
    wanted, faces = wishes(), []
    total = len(wanted) + _SEEDS * len(_DIVERSE)
    for i, wish in enumerate(wanted):
        progress("faces", i, total, wish.look.text)
        faces.append(drawer.preview(wish.look, size=size, seed=derive(SEED, wish.look.text, i)).image)
    rows = _faithful(reader.read(faces), wanted, reader)
    groups = []
    for number, text in enumerate(_DIVERSE):
        progress("faces", len(wanted) + number * _SEEDS, total, text)
        look = LookBrief(text, species="human" if "man" in text else text.split()[-1])
        groups.append(
            [drawer.preview(look, size=size, seed=derive(SEED, seed)).image for seed in range(_SEEDS)]
        )
    rows += _diverse(groups)
    if data is not None:
        rows += _copies(faces, data)
    progress("faces", total, total, f"{total} faces drawn and read")
    if sheet is not None:
        write_png(sheet, contact_sheet([*faces, *(face for group in groups for face in group)]))
    return rows


def _judge(folder: Path | None) -> Any:
    from chatanything.face.diffusion.load import load_judge

    if folder is None:
        return load_judge()
    from chatanything.face.attributes import AttributeJudge

    try:
        return AttributeJudge.from_pretrained(folder, local_files_only=True).float()
    except (OSError, ValueError) as exc:
        raise InputFileError(
            f"there is no judge in {folder}", got=str(exc).splitlines()[0],
            hint="Train one: chatanything train attributes",
        ) from exc  # fmt: skip


def _faithful(read: Sequence[Mapping[str, str]], wanted: Sequence[Wish], judge: Any) -> list[Row]:
    hits: dict[str, list[bool]] = {}
    for found, wish in zip(read, wanted, strict=True):
        for name, value in wish.named.items():
            hits.setdefault(name, []).append(found[name] == value)
    control = dict(judge.config.accuracy or {})
    rows = [share("faces.faithful", [hit for values in hits.values() for hit in values])]
    for name, values in hits.items():
        row = share(f"faces.faithful.{name.replace(' ', '_')}", values)
        judged = {"judge": float(control[name])} if name in control else {}
        rows.append(Row(row.metric, row.value, row.unit, row.n, {**row.control, **judged}))
    return rows


def _diverse(groups: Sequence[Sequence[UInt8]]) -> list[Row]:
    """Mean distance of faces of one description over that of faces of different ones."""
    tiny = [_tiny(group) for group in groups]
    within = float(
        np.mean([_distances(group, group)[~np.eye(len(group), dtype=bool)].mean() for group in tiny])
    )
    across = [_distances(a, b).mean() for i, a in enumerate(tiny) for j, b in enumerate(tiny) if i < j]
    apart = float(np.mean(across))
    count = sum(len(group) for group in groups)
    return [Row("faces.diversity", within / apart, "ratio", count, {"within": within, "across": apart})]


def _copies(faces: Sequence[UInt8], data: Path) -> list[Row]:
    """Distance to the nearest training picture, over that of pictures that were never trained on."""
    shards = sorted(data.glob("shard-?????"))
    held = [path for path in shards if int(path.name[-5:]) % 16 == 15]
    if not held:
        raise InputFileError(
            f"{data} has no held-out pictures", expected="16 shards or more",
            hint=f"Draw more: chatanything train face-data -o {data} --shards 16",
        )  # fmt: skip
    known = np.concatenate([_stored(path) for path in shards if path not in held])
    drawn = _distances(_tiny(faces), known).min(axis=1)
    unseen = _distances(np.concatenate([_stored(path) for path in held]), known).min(axis=1)
    control = {"unseen": float(np.median(unseen)), "least": float(drawn.min())}
    copies = float(np.mean(drawn < np.quantile(unseen, 0.01)))
    return [
        Row("faces.nearest", float(np.median(drawn)), "rms", len(drawn), control),
        Row("faces.copies", copies, "share", len(drawn), {"below": float(np.quantile(unseen, 0.01))}),
    ]


def _stored(path: Path) -> Float32:
    labels = json.loads((path / "labels.json").read_text(encoding="utf-8"))
    images = np.load(path / "images.npy", mmap_mode="r")
    poses = len(images) // len(labels["characters"])
    return _tiny([np.asarray(image) for image in images[::poses]])


def _tiny(pictures: Sequence[UInt8]) -> Float32:
    """(n, d) of small pictures in 0..1."""
    import cv2

    small = [cv2.resize(picture, (_EDGE, _EDGE), interpolation=cv2.INTER_AREA) for picture in pictures]
    flat: Float32 = (np.stack(small).reshape(len(small), -1) / 255).astype(np.float32)
    return flat


def _distances(a: Float32, b: Float32) -> Float32:
    """(n, m) root mean square differences."""
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    root: Float32 = np.sqrt(np.maximum(squared, 0) / a.shape[1]).astype(np.float32)
    return root
