"""CHARX: a zip with card.json and assets/ (Character Card V3 specification, "CHARX")."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from chatanything.errors import PersonaError

CARD: Final = "card.json"
LIMIT_BYTES: Final = 64 * 1024 * 1024
"""Of the file, and of everything in it unpacked."""
LIMIT_FILES: Final = 2000
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold; one fixed time makes the same card the same bytes."""
_STORED: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".npz", ".mp3", ".ogg", ".mp4", ".webm"})
"""Already compressed."""


def pack(members: Mapping[str, bytes]) -> bytes:
    """A zip of the members: the card first, then the rest by name.

    Raises:
        PersonaError: A name would leave the folder, or the whole is too large to be read again.
    """
    for name in members:
        _check_name(name)
    total = sum(len(data) for data in members.values())
    if total > LIMIT_BYTES or len(members) > LIMIT_FILES:
        raise PersonaError(
            "the persona is too large for a CHARX file", expected="at most 64 MB", got=_size(total)
        )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(members, key=lambda member: (member != CARD, member)):
            info = zipfile.ZipInfo(name, _EPOCH)
            stored = PurePosixPath(name).suffix.lower() in _STORED
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """All members of a CHARX file.

    Raises:
        PersonaError: Not a zip, damaged, encrypted, without card.json, a name that would leave the
            folder, or more than 64 MB or 2,000 files inside.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
        struct.error,
    ) as exc:
        raise PersonaError(
            "the CHARX file is not a readable zip", got=str(exc) or type(exc).__name__
        ) from exc
    if CARD not in members:
        raise PersonaError("the CHARX file has no card.json")
    return members


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    declared = sum(info.file_size for info in infos)
    if len(infos) > LIMIT_FILES or declared > LIMIT_BYTES:
        raise PersonaError(
            "the CHARX file unpacks to too much",
            expected=f"at most 64 MB in {LIMIT_FILES:,} files",
            got=f"{_size(declared)} in {len(infos):,} files",
        )
    members = {}
    left = LIMIT_BYTES
    for info in infos:
        _check_name(info.filename)
        if info.flag_bits & 0x1:
            raise PersonaError("the CHARX file is encrypted", hint="Export it without a password.")
        with archive.open(info) as stream:
            body = stream.read(left + 1)
        left -= len(body)
        if left < 0:
            raise PersonaError("the CHARX file unpacks to too much", expected="at most 64 MB")
        members[info.filename] = body
    return members


def _check_name(name: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or "\0" in name or not name:
        raise PersonaError("the CHARX file has a member outside its folder", got=repr(name[:80]))


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.0f} MB"
