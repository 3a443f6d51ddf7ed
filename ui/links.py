"""Addresses of a visitor's own files: signed, so that nobody can guess those of another."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

PREFIX: Final = "/ui"
_SIGNATURE_BYTES: Final = 16


class Links:
    """Makes and checks addresses; they hold as long as the process runs."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def to(self, owner: str, kind: str, name: str, version: object = "") -> str:
        """The address of one file.

        Args:
            owner: Whose it is.
            kind: What it is: "portrait", "clip", "video", "charx", ...
            name: Id of the persona, video or batch.
            version: Changes when the file does, so that browsers fetch it again.
        """
        address = f"{PREFIX}/files/{self._sign(owner, kind, name)}/{owner}/{kind}/{name}"
        return f"{address}?v={version}" if version else address

    def allows(self, signature: str, owner: str, kind: str, name: str) -> bool:
        """Whether an address was made by `to`."""
        return hmac.compare_digest(signature.encode(), self._sign(owner, kind, name).encode())

    def _sign(self, *parts: str) -> str:
        return hmac.new(self._secret, "/".join(parts).encode(), hashlib.sha256).hexdigest()[
            : 2 * _SIGNATURE_BYTES
        ]
