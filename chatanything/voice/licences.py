"""Licences that a user has to accept before a model is used, and the record that they did."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatanything.media.atomic import write_bytes
from chatanything.paths import make_folder
from chatanything.settings import settings


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of somebody's model."""

    id: str
    name: str
    where: str
    """Where its text is."""
    gist: str
    """What it asks for, in one line."""


XTTS: Final = Licence(
    "xtts-v2",
    "Coqui Public Model License 1.0.0",
    "LICENSE.txt beside the weights",
    "weights of XTTS v2 and what they speak are for non-commercial use only",
)


def _record(licence: Licence) -> Path:
    return settings().cache / "licences" / f"{licence.id}.json"


def accept(licence: Licence) -> Path:
    """Record that the user of this computer accepts a licence.

    Raises:
        OutputError: The record cannot be written.
    """
    target = _record(licence)
    make_folder(target.parent)
    said = {**asdict(licence), "accepted": datetime.now(UTC).isoformat()}
    write_bytes(target, (json.dumps(said, indent=2) + "\n").encode())
    return target


def accepted(licence: Licence) -> bool:
    """Whether it was, by its present name."""
    try:
        said = json.loads(_record(licence).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("name") == licence.name and bool(said.get("accepted"))
