"""Character cards inside PNG files: tEXt chunks (PNG specification, section 11.3.3)."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from chatanything.errors import PersonaError

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MANIFEST: Final = b"caBX"
"""Chunk with signed provenance (C2PA); it fits only the file that it was signed into."""
CARD_KEYS: Final = ("ccv3", "chara")
"""Keywords of the V3 and the V2 chunk; the first found wins, as the V3 specification asks."""


def card_texts(png: bytes) -> dict[str, bytes]:
    """The decoded JSON of every card chunk, by keyword.

    Raises:
        PersonaError: Not a PNG, cut short, or a chunk that is not base64.
    """
    found = {}
    for kind, body in _chunks(png):
        keyword, _, payload = body.partition(b"\0")
        name = keyword.decode("latin-1")
        if kind == b"tEXt" and name in CARD_KEYS:
            try:
                found[name] = base64.b64decode(b"".join(payload.split()), validate=True)
            except binascii.Error as exc:
                raise PersonaError(f"the {name} chunk of the PNG is not base64", got=str(exc)) from exc
    return found


def with_cards(png: bytes, texts: Mapping[str, bytes]) -> bytes:
    """The picture with card chunks before its end, and without those and the provenance it had.

    Raises:
        PersonaError: Not a PNG, or cut short.
    """
    parts = [SIGNATURE]
    for kind, body in _chunks(png):
        if kind == _MANIFEST:
            continue
        if kind == b"tEXt" and body.partition(b"\0")[0].decode("latin-1") in CARD_KEYS:
            continue
        if kind == b"IEND":
            parts += [_chunk(b"tEXt", key.encode() + b"\0" + base64.b64encode(texts[key])) for key in texts]
        parts.append(_chunk(kind, body))
    return b"".join(parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(SIGNATURE):
        raise PersonaError("the picture is not a PNG file", got=repr(png[:8]))
    at = len(SIGNATURE)
    while at + 12 <= len(png):
        (size,) = struct.unpack_from(">I", png, at)
        if at + 12 + size > len(png):
            break
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + size
    raise PersonaError("the PNG file is cut short", expected="an IEND chunk", got=f"{len(png)} bytes")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
