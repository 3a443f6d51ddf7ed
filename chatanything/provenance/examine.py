"""Everything that can be found out about a file: its credentials, and what it was if they are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from chatanything.errors import InputFileError
from chatanything.media.clip import MAX_PIXELS
from chatanything.media.video import read_video
from chatanything.provenance.c2pa import SIGNED, Verification, verify_file
from chatanything.provenance.sidecars import Origin, Sidecar, beside, find_origin, sidecars_in
from chatanything.provenance.streams import stream_digests
from chatanything.provenance.watermark import read_mark
from chatanything.settings import Settings, load_settings
from chatanything.types import UInt8

_VIDEOS: Final = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".ts", ".avi"})
_WORDS: Final[Mapping[str, str]] = {
    "streams": "the streams are those of {file}",
    "pictures": "the pictures are those of {file}, the sound is another",
    "sound": "the sound is that of {file}, the pictures are others",
    "watermark": "the frames carry the mark of {file}",
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found out about a file."""

    file: Path
    verification: Verification
    origin: Origin | None = None
    """What it was, when its credentials are gone or do not hold."""
    watermark: str = ""
    """Eight hex digits that were read from its frames; looked for where there are no valid credentials."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What a person should know, one sentence a line."""
        return self._told(f", as {self.origin.sidecar} says (which is not signed)" if self.origin else "")

    @property
    def public_lines(self) -> tuple[str, ...]:
        """As `lines`, without paths of this machine."""
        told = self._told(", as the description beside it says (which is not signed)")
        return tuple(line.replace(str(self.file), "the file") for line in told)

    def _told(self, source: str) -> tuple[str, ...]:
        lines = list(self.verification.reasons)
        gone = "were stripped" if self.verification.state == "absent" else "are broken"
        if self.origin is not None:
            words = _WORDS[self.origin.by].format(file=self.origin.file)
            by = f" by {self.origin.persona}" if self.origin.persona else ""
            lines.append(f"credentials {gone}; {words}{by}{source}")
        elif self.watermark:
            lines.append(
                f"credentials {gone}; the frames carry the mark {self.watermark} of this program, "
                "and no sidecar here names it"
            )
        if self.verification.signed_at:
            lines.append(f"signed at {self.verification.signed_at}, says a time stamp")
        return tuple(lines)


def examine(
    path: Path, *, config: Settings | None = None, sidecars: Sequence[Sidecar] | None = None
) -> Examination:
    """Check a file's credentials; where they are gone or broken, find out what it was.

    Args:
        path: mp4, png, wav, mp3, flac, or any video, which may have been one of ours.
        config: Whose certificates to trust; None reads the settings.
        sidecars: Where to look for its description; None looks beside the file.

    Raises:
        InputFileError: The file cannot be read, or is neither a video nor of a kind that can be signed.
    """
    config = config or load_settings()
    is_video = path.suffix.lower() in _VIDEOS
    try:
        found = verify_file(path, config=config)
    except InputFileError:
        if not is_video or not path.is_file():
            raise
        found = Verification("absent", reasons=("this kind of file carries no signed provenance",))
    if found.state == "valid" or not is_video:
        return Examination(path, found)
    try:
        streams = stream_digests(path)
        mark = read_mark(_small_enough(path)) if "video" in streams else None
    except InputFileError as exc:
        return Examination(path, replace(found, reasons=(*found.reasons, str(exc))))
    watermark = f"{mark.payload:08x}" if mark else ""
    own = beside(path)
    known = [*([own] if own else []), *(sidecars_in(path.parent) if sidecars is None else sidecars)]
    origin = find_origin(known, streams=streams, watermark=watermark)
    if own is not None and (origin is None or origin.sidecar != own.path):
        words = f"the description under its name, {own.path.name}, is of other content"
        found = replace(found, reasons=(*found.reasons, words))
    return Examination(path, found, origin, watermark)


def _small_enough(path: Path) -> Iterator[UInt8]:
    """The pictures of a video; none of one whose pictures are too large to be looked through."""
    pictures, _ = read_video(path)
    for picture in pictures:
        if picture.shape[0] * picture.shape[1] > MAX_PIXELS:
            return
        yield picture


def signable(folder: Path) -> Iterator[Path]:
    """All files of a folder, and of the folders in it, that are of a kind that is signed here, by name.

    Links are not followed.

    Args:
        folder: Where to look.
    """
    for path in sorted(folder.rglob("*")):
        inside = not path.is_symlink() and path.is_file()
        if inside and path.suffix.lower() in SIGNED and not path.name.startswith("."):
            yield path
