"""Damage and malice for files: changes that know what a file is made of, and some that do not."""

from __future__ import annotations

import base64
import binascii
import io
import json
import random
import struct
import zipfile
import zlib
from typing import Any, Final

Rng = random.Random
_NUMBERS: Final = (0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 1e308, -0.0, 0.5)
_WORDS: Final = (
    "", " ", "\x00", "../../etc/passwd", "/etc/passwd", "C:\\x", "http://127.0.0.1/x", "file:///etc/passwd",
    "embeded://../card.json", "data:image/png;base64,AAAA", "%s%n{0}{n}", "\ud800", "é" * 300, "x" * 70_000,
    "<script>", "nan", "1e999", "{{original}}",
)  # fmt: skip
_NAMES: Final = (
    "../evil",
    "/abs",
    "a/../../b",
    "C:/x",
    "a\\b",
    "card.json",
    "assets/",
    "x" * 300,
    "\u202e.png",
)
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def any_bytes(data: bytes, rng: Rng) -> bytes:
    """One to four blind changes: flipped, cut, doubled, inserted or overwritten bytes."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        size = min(rng.choice((1, 1, 2, 4, 16, 64, 1024)), len(out) - at)
        match rng.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size]
            case 3:
                out[at : at + size] = rng.randbytes(size)
            case 4:
                kind, most = rng.choice(
                    (("B", 255), ("<H", 65_535), (">H", 65_535), ("<I", 2**32 - 1), (">I", 2**32 - 1))
                )
                packed = struct.pack(kind, rng.choice((0, 1, most, most >> 1, rng.randint(0, most))))
                out[at : at + len(packed)] = packed
            case _:
                if rng.random() < 0.3:
                    del out[at:]
    return bytes(out)


def json_text(data: bytes, rng: Rng) -> bytes:
    """A JSON text with one to three changed places; now and then no JSON any more."""
    if rng.random() < 0.15:
        return any_bytes(data, rng)
    try:
        tree = json.loads(data)
    except ValueError:
        return any_bytes(data, rng)
    for _ in range(rng.randint(1, 3)):
        tree = _changed(tree, rng)
    return json.dumps(tree, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def json_lines(data: bytes, rng: Rng) -> bytes:
    """One line of JSON Lines changed, doubled or dropped."""
    lines = data.splitlines()
    at = rng.randrange(len(lines))
    match rng.randrange(5):
        case 0:
            lines.insert(at, lines[at])
        case 1:
            del lines[at]
        case _:
            lines[at] = json_text(lines[at], rng)
    return b"\n".join(lines)


def toml_text(data: bytes, rng: Rng) -> bytes:
    """Some lines of a TOML text changed in their values, doubled, swapped or dropped."""
    lines = data.decode().splitlines()
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        key, sign, _value = lines[at].partition(" = ")
        odd: Any = rng.choice((*_NUMBERS, *_WORDS, [], {}, True, [1, "a"]))
        match rng.randrange(5):
            case 0 | 1 if sign:
                lines[at] = f"{key} = {_toml(odd)}"
            case 2:
                lines.insert(at, rng.choice(lines))
            case 3 if len(lines) > 1:
                del lines[at]
            case _:
                return any_bytes("\n".join(lines).encode("utf-8", "surrogatepass"), rng)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def png_file(data: bytes, rng: Rng) -> bytes:
    """A PNG with changed chunks whose checksums are right, so that what is behind them is reached."""
    if rng.random() < 0.2:
        return any_bytes(data, rng)
    chunks = _chunks(data)
    at = rng.randrange(len(chunks))
    kind, body = chunks[at]
    match rng.randrange(7):
        case 0:
            del chunks[at]
        case 1:
            chunks.insert(at, rng.choice(chunks))
        case 2:
            rng.shuffle(chunks)
        case 3 if kind == b"tEXt":
            keyword, _, payload = body.partition(b"\0")
            chunks[at] = (kind, keyword + b"\0" + _card_text(payload, rng))
        case 4 if kind == b"IHDR":
            width, height = (rng.choice((0, 1, 63, 20_000, 2**31 - 1, 2**32 - 1)) for _ in range(2))
            depth = bytes(rng.choice((0, 1, 2, 3, 4, 6, 8, 16, 255)) for _ in range(5))
            chunks[at] = (kind, struct.pack(">II", width, height) + depth)
        case 5:
            chunks.insert(
                at, (rng.choice((b"acTL", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"tRNS")), rng.randbytes(40))
            )
        case _:
            chunks[at] = (kind, any_bytes(body, rng))
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in chunks)


def zip_file(data: bytes, rng: Rng) -> bytes:
    """A zip with changed members, names, links, sizes and methods."""
    if rng.random() < 0.25:
        return any_bytes(data, rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    at = rng.randrange(len(members))
    if rng.random() < 0.5:
        at = 0  # the card
    name, body = members[at]
    match rng.randrange(6):
        case 0:
            del members[at]
        case 1:
            members.append((rng.choice(_NAMES), body))
        case 2:
            members[at] = (rng.choice(_NAMES), body)
        case 3:
            members[at] = (name, b"\0" * rng.choice((0, 1, 1_000_000)))
        case _:
            change = json_text if name.endswith(".json") else png_file if name.endswith(".png") else any_bytes
            members[at] = (name, change(body, rng))
    link = rng.random() < 0.1
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for one, content in members:
            info = zipfile.ZipInfo(one.replace("\0", "") or "x")
            info.compress_type = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
            info.external_attr = (0o120777 if link else 0o644) << 16
            archive.writestr(info, content)
    return any_bytes(buffer.getvalue(), rng) if rng.random() < 0.1 else buffer.getvalue()


# ------------------------------------------------------------------ pieces


def _toml(value: Any) -> str:
    if isinstance(value, str) and any(0xD800 <= ord(letter) < 0xE000 for letter in value):
        return '"\\ud800"'
    return json.dumps(value)


def _changed(tree: Any, rng: Rng) -> Any:
    """A tree with one place changed: the way down is chosen at each branch."""
    if isinstance(tree, dict) and tree and rng.random() < 0.85:
        key = rng.choice(list(tree))
        out = dict(tree)
        match rng.randrange(8):
            case 0:
                del out[key]
            case 1:
                out[rng.choice(_WORDS)] = out[key]
            case 2:
                out[key] = _odd(rng)
            case _:
                out[key] = _changed(out[key], rng)
        return out
    if isinstance(tree, list) and tree and rng.random() < 0.85:
        at = rng.randrange(len(tree))
        match rng.randrange(6):
            case 0:
                return tree[:at] + tree[at + 1 :]
            case 1:
                return tree[: at + 1] * rng.choice((2, 50))
            case _:
                return [*tree[:at], _changed(tree[at], rng), *tree[at + 1 :]]
    if isinstance(tree, str) and rng.random() < 0.4:
        return any_bytes(tree.encode("utf-8", "surrogatepass"), rng).decode("utf-8", "replace")
    return _odd(rng)


def _odd(rng: Rng) -> Any:
    match rng.randrange(7):
        case 0:
            return None
        case 1:
            return rng.choice((True, False))
        case 2:
            return rng.choice(_NUMBERS)
        case 3:
            return rng.choice((float("nan"), float("inf"), [], {}))
        case 4:
            deep: Any = rng.choice(_WORDS[:8])
            for _ in range(rng.choice((3, 60, 400))):
                deep = [deep] if rng.random() < 0.5 else {"a": deep}
            return deep
        case _:
            return rng.choice(_WORDS)


def _card_text(payload: bytes, rng: Rng) -> bytes:
    """A card in base64, with another card in it, or no base64 any more."""
    try:
        card = base64.b64decode(payload)
    except binascii.Error:
        return any_bytes(payload, rng)
    return base64.b64encode(json_text(card, rng)) if rng.random() < 0.8 else any_bytes(payload, rng)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_SIGNATURE)
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
