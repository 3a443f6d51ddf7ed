"""Readable descriptions beside videos, found again by what is in the video."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from chatanything.provenance.manifest import sidecar_path

_PATTERN: Final = "*.mp4.json"
_MOST: Final = 10_000
"""Of one folder; a search is no crawl."""
_LARGEST: Final = 1_000_000
"""Bytes of one sidecar."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What was written beside a video. It is not signed: whoever can write into the folder can change it."""

    path: Path
    content: Mapping[str, Any]

    @property
    def file(self) -> str:
        """Name of the video when it was made."""
        return str(self.content.get("file", ""))

    @property
    def video(self) -> Path:
        """Where that video was."""
        return self.path.with_name(self.path.name.removesuffix(".json"))

    @property
    def persona(self) -> str:
        """Who speaks in it."""
        return str(self.content.get("persona", ""))

    @property
    def cast(self) -> tuple[tuple[str, str], ...]:
        """Name, and sha256 of the description, of everybody in it."""
        listed = self.content.get("cast")
        known = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if not known:
            return ((self.persona, str(self.content.get("description_sha256", ""))),)
        return tuple((str(one.get("name", "")), str(one.get("description_sha256", ""))) for one in known)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file was before its credentials were lost or broken, by what is in it."""

    by: Literal["streams", "pictures", "sound", "watermark"]
    """What agrees: pictures and sound, one of them, or the mark in the frames."""
    sidecar: Path
    file: str
    """Name of the video when it was made."""
    persona: str
    seed: int | None


def read_sidecar(path: Path) -> Sidecar | None:
    """A sidecar; None for what is none, is a link, or is too large."""
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return Sidecar(path, content) if isinstance(content, dict) and "sha256" in content else None


def sidecars_in(folder: Path, *, deep: bool = False) -> Iterator[Sidecar]:
    """All sidecars of a folder, by name.

    Args:
        folder: Where to look; one that is missing holds none.
        deep: Also in the folders inside it.
    """
    found = folder.rglob(_PATTERN) if deep else folder.glob(_PATTERN)
    for path in sorted(islice(found, _MOST)):
        sidecar = read_sidecar(path)
        if sidecar is not None:
            yield sidecar


def beside(path: Path) -> Sidecar | None:
    """The sidecar under a file's own name."""
    return read_sidecar(sidecar_path(path))


def find_origin(
    sidecars: Iterable[Sidecar], *, streams: Mapping[str, str], watermark: str = ""
) -> Origin | None:
    """The description that fits best: by both tracks, else by one, else by the mark.

    Args:
        sidecars: Where to look; the first of those that fit equally well is taken.
        streams: Of the file, from `stream_digests`.
        watermark: Eight hex digits that were read from its frames, or "".
    """
    best: tuple[int, Origin] | None = None
    for sidecar in sidecars:
        by = _agreement(sidecar, streams, watermark)
        if by is not None:
            rank = ("streams", "pictures", "sound", "watermark").index(by)
            if best is None or rank < best[0]:
                seed = sidecar.content.get("seed")
                seed = seed if isinstance(seed, int) else None
                best = rank, Origin(by, sidecar.path, sidecar.file, sidecar.persona, seed)
    return best[1] if best else None


def _agreement(
    sidecar: Sidecar, streams: Mapping[str, str], watermark: str
) -> Literal["streams", "pictures", "sound", "watermark"] | None:
    kept = sidecar.content.get("streams")
    kept = kept if isinstance(kept, dict) else {}
    pictures = "video" in streams and kept.get("video") == streams["video"]
    sound = "audio" in streams and kept.get("audio") == streams["audio"]
    if pictures and (sound or kept.keys() == {"video"} == streams.keys()):
        return "streams"
    if pictures or sound:
        return "pictures" if pictures else "sound"
    return "watermark" if watermark and sidecar.content.get("watermark") == watermark else None
