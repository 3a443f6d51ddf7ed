"""A finished persona: card, voice, face and references, and its file.

A `.charx` keeps everything, so that it plays at once elsewhere. A PNG or JSON card keeps the words, the
voice and the recipe of the face; the face is then drawn again, to the same bytes, when it is read.
"""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tokenize import TokenError
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from chatanything.errors import ConsentError, InputFileError, PersonaError
from chatanything.media.image import decode_png, encode_png
from chatanything.persona.card import PersonaCard
from chatanything.persona.cards_io import CardFile, read_card, write_card
from chatanything.provenance.c2pa import sealed
from chatanything.provenance.consent import ConsentRecord, stated_now
from chatanything.provenance.manifest import RunManifest, describe_run
from chatanything.settings import Settings, load_settings
from chatanything.types import Float32, Portrait, Reference, ReferenceSet, RunRecord, UInt8, VoiceChoice
from chatanything.voice.stored import voice_fields, voice_from
from chatanything.weights import entries

EXTENSION: Final = "studio"
"""Key under the card's extensions where voice, recipe and records are kept."""
_DAMAGE: Final = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    MemoryError,
    OSError,
    EOFError,
    RuntimeError,
    BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,
    TokenError,
    ConsentError,
)
"""What reading values and arrays of somebody else's making can raise."""
_EDGES: Final = (64, 1024)
"""Of portraits, in pixels."""
_FOLDER: Final = "x_face/"
_ARRAYS: Final = _FOLDER + "face.npz"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who can speak."""

    card: PersonaCard
    voice: VoiceChoice
    portrait: Portrait
    references: ReferenceSet
    recipe: Mapping[str, Any] = field(default_factory=dict)
    """How to draw the same face again; empty when the portrait is the user's own picture."""
    consent: ConsentRecord | None = None
    """The recorded right to animate the user's own picture."""
    records: tuple[RunRecord, ...] = ()
    """What the stages of its creation did."""

    def save(self, path: Path | str, *, config: Settings | None = None) -> Path:
        """Write `.charx` (everything), `.png` or `.json` (a card that others read too).

        A PNG is signed; the other two have no place for a signature.

        Args:
            path: The file.
            config: Says whether and how to sign; None reads the settings.

        Raises:
            PersonaError: The suffix is none of the three.
            OutputError: The file cannot be written.
        """
        target = Path(path)
        studio = {
            "voice": voice_fields(self.voice),
            "recipe": dict(self.recipe),
            "size": int(self.portrait.image.shape[0]),
            "records": [asdict(record) for record in self.records],
            "consent": self.consent.as_dict() if self.consent else None,
        }
        card = self.card.model_copy(update={"extensions": {**self.card.extensions, EXTENSION: studio}})
        assets = _pack_face(self.portrait, self.references) if target.suffix.lower() == ".charx" else {}
        write_card(
            target,
            CardFile(card, encode_png(self.portrait.image), assets),
            lambda data: sealed(
                data, target.suffix, self.run(), title=target.name, config=config or load_settings()
            ),
        )
        return target

    def run(self) -> RunManifest:
        """What made its portrait; a user's own picture counts as the source."""
        source = {"image_sha256": self.consent.image_sha256} if self.consent else None
        return describe_run(
            persona=self.card.name,
            description=self.card.description,
            seed=self.card.seed,
            stages=self.records,
            consent=self.consent,
            source=source,
        )


@dataclass(frozen=True, slots=True)
class StoredPersona:
    """What a persona file held; parts that it did not hold are None."""

    card: PersonaCard
    portrait_png: bytes | None
    voice: VoiceChoice | None
    recipe: Mapping[str, Any]
    size: int
    """Edge of its portrait in pixels; 0 where the file does not say."""
    face: tuple[Portrait, ReferenceSet] | None
    consent: ConsentRecord | None
    records: tuple[RunRecord, ...]

    def picture(self) -> UInt8 | None:
        """(H, W, 3) RGB: the picture of the file, if there is one that can be read."""
        if self.face is not None:
            return self.face[0].image
        if self.portrait_png is None:
            return None
        try:
            return decode_png(self.portrait_png)
        except InputFileError:
            return None

    def stated(self, portrait: Portrait, recipe: Mapping[str, Any]) -> ConsentRecord | None:
        """The statement in a card whose picture is animated; nobody has checked who made it.

        Args:
            portrait: The face that is animated.
            recipe: How it was drawn; empty for a picture from outside.
        """
        statement = self.card.safety.consent
        if recipe or not statement or self.portrait_png is None:
            return None
        return replace(stated_now(statement, portrait.image), who="the author of the card")


def load(path: Path | str) -> StoredPersona:
    """Read a persona file of ours, or anybody's character card.

    Raises:
        PersonaError: The file is no card, or our part of it is damaged.
    """
    source = Path(path)
    stored = read_card(source)
    studio = stored.card.extensions.get(EXTENSION) or {}
    try:
        voice = voice_from(studio["voice"]) if "voice" in studio else None
        records = _records(studio.get("records", ()))
        face = _unpack_face(stored.assets) if _ARRAYS in stored.assets else None
        size = _size(studio.get("size", 0))
        consent = _consent(studio["consent"]) if studio.get("consent") else None
    except _DAMAGE as exc:
        raise PersonaError(
            f"{source} has a damaged studio part", got=str(exc), hint="Create the persona again."
        ) from exc
    recipe = studio.get("recipe") or {}
    return StoredPersona(stored.card, stored.portrait_png, voice, recipe, size, face, consent, records)


def _size(raw: Any) -> int:
    """Nobody else's number decides how much memory a picture takes."""
    size = int(raw)
    if size and not _EDGES[0] <= size <= _EDGES[1]:
        raise ValueError(f"a picture of {size} pixels")
    return size


def _consent(raw: Mapping[str, Any]) -> ConsentRecord:
    when = datetime.fromisoformat(raw["when"])
    return ConsentRecord(raw["statement"], raw["who"], when, raw["image_sha256"])


def _records(kept: Sequence[Mapping[str, Any]]) -> tuple[RunRecord, ...]:
    """What made it; weights that are not in this program's lock could not be vouched for and are left out."""
    pinned = {entry.id for entry in entries()}
    return tuple(
        RunRecord(
            str(raw["stage"]),
            str(raw["backend"]),
            tuple(str(name) for name in raw["weights"] if name in pinned),
            int(raw["seed"]),
            float(raw["seconds"]),
        )
        for raw in kept
    )


def _pack_face(portrait: Portrait, references: ReferenceSet) -> dict[str, bytes]:
    """Pictures as PNG, numbers as one npz, without anything that changes from run to run."""
    assets: dict[str, bytes] = {}
    arrays: dict[str, Any] = {
        "landmarks": portrait.landmarks,
        "face_box": np.array(portrait.face_box, np.float32),
    }
    for name, mask in portrait.masks.items():
        arrays["mask_" + name] = np.packbits(mask)
    groups = {"lips": references.lips, "face": references.face}
    index: dict[str, Any] = {
        "guide": portrait.guide,
        "expert": portrait.expert,
        "attempts": portrait.attempts,
        "seed": portrait.seed,
        "groups": {},
    }
    for group, members in groups.items():
        index["groups"][group] = [(ref.name, ref.opening) for ref in members]
        for ref in members:
            arrays[f"{group}_{ref.name}"] = ref.landmarks
            assets[f"{_FOLDER}{group}_{ref.name}.png"] = encode_png(ref.image)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    assets[_ARRAYS] = buffer.getvalue()
    assets[_FOLDER + "face.json"] = json.dumps(index, sort_keys=True).encode()
    assets[_FOLDER + "portrait.png"] = encode_png(portrait.image)
    return assets


def _unpack_face(assets: Mapping[str, bytes]) -> tuple[Portrait, ReferenceSet]:
    """The inverse of `_pack_face`."""
    index = json.loads(assets[_FOLDER + "face.json"])
    image = decode_png(assets[_FOLDER + "portrait.png"])
    with np.load(io.BytesIO(assets[_ARRAYS]), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    shape = image.shape[:2]
    count = shape[0] * shape[1]
    masks = {
        name.removeprefix("mask_"): np.unpackbits(bits, count=count).reshape(shape).astype(bool)
        for name, bits in arrays.items()
        if name.startswith("mask_")
    }

    def members(group: str) -> tuple[Reference, ...]:
        return tuple(
            Reference(
                name,
                decode_png(assets[f"{_FOLDER}{group}_{name}.png"]),
                _points(arrays[f"{group}_{name}"]),
                float(opening),
            )
            for name, opening in index["groups"][group]
        )

    box = [float(value) for value in arrays["face_box"]]
    portrait = Portrait(
        image,
        _points(arrays["landmarks"]),
        (box[0], box[1], box[2], box[3]),
        masks,
        str(index["guide"]),
        str(index["expert"]),
        int(index["attempts"]),
        int(index["seed"]),
    )
    return portrait, ReferenceSet(members("lips"), members("face"))


def _points(array: Any) -> Float32:
    points = np.asarray(array, np.float32)
    if points.shape != (478, 3):
        raise ValueError(f"landmarks of shape {points.shape}, not (478, 3)")
    return points
