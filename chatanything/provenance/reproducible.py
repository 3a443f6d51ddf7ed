"""The same run signed twice gives the same bytes.

The C2PA library draws a random salt for every assertion (JUMBF "c2sh" boxes, C2PA 2.2, section 8.4.2.3).
A salt keeps the content of a redacted assertion from being guessed; nothing is redacted here. So the salts
are set to a digest of what they salt, the claim's hashes are brought in line, and the claim is signed again
with the same Ed25519 key, whose signatures are deterministic (RFC 8032).
"""

from __future__ import annotations

import hashlib
import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatanything.errors import OutputError

_HEADER: Final = 8
"""Length and type of a box."""
_DESCRIPTION: Final = 17
"""UUID and toggles of a description box, before its label."""
_SALT: Final = 16
_SIGNATURE: Final = 64
_CHUNK: Final = b"caBX"
"""PNG's chunk for C2PA, which has a checksum."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    """Of the content."""
    end: int


def settle(signed: bytearray | mmap.mmap, manifest: bytes, key: bytes) -> None:
    """Make a signed file reproducible in place; keys other than Ed25519 are left alone.

    Args:
        signed: The bytes of the file; their number stays.
        manifest: The manifest store in it.
        key: PEM of the key that signed.

    Raises:
        OutputError: The store is not laid out as expected.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    private = load_pem_private_key(key, None)
    if not isinstance(private, Ed25519PrivateKey):
        return
    settled = bytearray(manifest)
    assertions, claim, signature = _parts(settled)
    _check(private.sign(_to_sign(settled, claim, signature)) == settled[signature.end - _SIGNATURE :][:64])
    for box in assertions:
        _salt_by_content(settled, box, claim)
    settled[signature.end - _SIGNATURE : signature.end] = private.sign(_to_sign(settled, claim, signature))
    place = signed.find(manifest)
    _check(place >= 0)
    end = place + len(settled)
    signed[place:end] = bytes(settled)
    if signed[place - len(_CHUNK) : place] == _CHUNK:
        signed[end : end + 4] = zlib.crc32(_CHUNK + settled).to_bytes(4, "big")


def _check(ok: object) -> None:
    if not ok:
        raise OutputError("the signed manifest has an unknown layout", hint="Install c2pa-python 0.38.")


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        size = int.from_bytes(data[start : start + 4], "big")
        _check(_HEADER <= size <= end - start)
        yield _Box(bytes(data[start + 4 : start + _HEADER]), start + _HEADER, start + size)
        start += size


def _label(data: bytearray, box: _Box) -> bytes:
    """The label in the description of a superbox."""
    description = next(_boxes(data, box.start, box.end))
    start = description.start + _DESCRIPTION
    return bytes(data[start : data.index(0, start)])


def _inside(data: bytearray, box: _Box) -> list[_Box]:
    """Content boxes of a superbox, without its description."""
    return list(_boxes(data, box.start, box.end))[1:]


def _parts(data: bytearray) -> tuple[list[_Box], _Box, _Box]:
    """The assertions, and the CBOR boxes of claim and signature, of a store with one manifest."""
    (store,) = _boxes(data, 0, len(data))
    (manifest,) = _inside(data, store)
    named = {_label(data, box): box for box in _inside(data, manifest)}
    _check({b"c2pa.assertions", b"c2pa.claim.v2", b"c2pa.signature"} <= named.keys())
    (claim,) = _inside(data, named[b"c2pa.claim.v2"])
    (signature,) = _inside(data, named[b"c2pa.signature"])
    return _inside(data, named[b"c2pa.assertions"]), claim, signature


def _salt_by_content(data: bytearray, box: _Box, claim: _Box) -> None:
    """Replace the salt of an assertion and its hash in the claim."""
    before = hashlib.sha256(data[box.start : box.end]).digest()
    description = next(_boxes(data, box.start, box.end))
    salt = slice(description.end - _SALT, description.end)
    _check(data[salt.start - 4 : salt.start] == b"c2sh")
    data[salt] = bytes(_SALT)
    data[salt] = hashlib.sha256(data[box.start : box.end]).digest()[:_SALT]
    place = data.find(before, claim.start, claim.end)
    _check(place >= 0)
    data[place : place + len(before)] = hashlib.sha256(data[box.start : box.end]).digest()


def _to_sign(data: bytearray, claim: _Box, signature: _Box) -> bytes:
    """The bytes that a COSE_Sign1 with a detached payload signs (RFC 9052, section 4.4)."""
    # Tag 18, an array of four, then the protected header as a byte string.
    _check(data[signature.start : signature.start + 2] == b"\xd2\x84")
    start = signature.start + 2
    wide = {0x58: 1, 0x59: 2}.get(data[start], 0)
    _check(wide)
    length = int.from_bytes(data[start + 1 : start + 1 + wide], "big")
    protected = bytes(data[start : start + 1 + wide + length])
    content = bytes(data[claim.start : claim.end])
    return b"\x84\x6aSignature1" + protected + b"\x40" + _byte_string(content)


def _byte_string(content: bytes) -> bytes:
    """CBOR, in the shortest form."""
    size = len(content)
    if size < 24:
        return bytes([0x40 | size]) + content
    wide = 1 if size < 1 << 8 else 2 if size < 1 << 16 else 4
    return bytes([0x57 + wide if wide < 4 else 0x5A]) + size.to_bytes(wide, "big") + content
