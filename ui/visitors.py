"""Who looks at the page: the owner of a library, known by a token that only one browser keeps."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final, TypeGuard

from chatanything.errors import UsageError
from chatanything.server.access import LOCAL
from chatanything.server.visitor_space import VISITOR

USER: Final = "me"
"""Every visitor is the only user of his own characters."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")


class Visitors:
    """Tells visitors apart.

    Args:
        alone: Only this machine reaches the page, so that everybody is its owner.
    """

    def __init__(self, *, alone: bool) -> None:
        self.alone = alone

    def greet(self, token: object) -> str:
        """The token that a browser shall keep: its own, or a fresh one when it has none."""
        if self.alone:
            return ""
        return token if _is_token(token) else secrets.token_urlsafe(32)

    def owner(self, token: object) -> str:
        """The owner behind a token; the token itself is never used as a name.

        Raises:
            UsageError: The browser keeps no token.
        """
        if self.alone:
            return LOCAL
        if not _is_token(token):
            raise UsageError("this page does not know your browser", hint="Load the page again.")
        return VISITOR + hashlib.sha256(token.encode()).hexdigest()[:32]


def _is_token(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None
