"""Who may use the server, and how much: keys, tickets, limits."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.server.visitor_space import is_visitor

LOCAL: Final = "local"
"""The owner of everything when there are no keys."""
TICKET_S: Final = 60.0
"""So long a ticket may wait to be used."""
_SHORTEST_KEY: Final = 16
_OWNER: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MOST_OWNERS: Final = 10_000
_MOST_TICKETS: Final = 10_000


class AccessError(ChatAnythingError):
    """No key, a wrong key, or a ticket that is used up."""


class TooManyError(ChatAnythingError):
    """An owner asked for more than its share.

    Args:
        what: As for `ChatAnythingError`.
        retry_s: When to try again, in seconds.
    """

    def __init__(self, what: str, *, retry_s: float, expected: str = "") -> None:
        self.retry_s = retry_s
        super().__init__(what, expected=expected, hint=f"Try again in {max(1, round(retry_s))} s.")


class Keys:
    """The API keys of all owners; only their digests stay in memory.

    Args:
        keys: Owner -> key; empty makes everybody the owner "local".

    Raises:
        UsageError: A name or key that cannot be used.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        for owner, key in keys.items():
            if not _OWNER.fullmatch(owner) or owner == LOCAL or is_visitor(owner):
                raise UsageError(
                    "the owner of an API key has a name that cannot be used",
                    expected='small letters, digits and "-", not beginning with "web-"',
                    got=repr(owner),
                )
            if len(key) < _SHORTEST_KEY:
                raise UsageError(
                    f"the API key of {owner} is too short",
                    expected=f"at least {_SHORTEST_KEY} characters",
                    got=str(len(key)),
                    hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(24))"',
                )
        self._digests = {_digest(key): owner for owner, key in keys.items()}
        if len(self._digests) < len(keys):
            raise UsageError("two owners have the same API key", expected="one key each")

    @property
    def needed(self) -> bool:
        """Whether there are any."""
        return bool(self._digests)

    def owner(self, authorization: str | None) -> str:
        """Whose key an Authorization header carries.

        Raises:
            AccessError: None is given, or it is nobody's.
        """
        if not self._digests:
            return LOCAL
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise AccessError("an API key is needed", hint="Send it as: Authorization: Bearer KEY")
        given = _digest(key.strip())
        found = [owner for digest, owner in self._digests.items() if hmac.compare_digest(digest, given)]
        if not found:
            raise AccessError("the API key is not known", hint="Ask whoever runs this server for one.")
        return found[0]


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may talk to whom in one live session."""

    owner: str
    persona: str = ""
    """An id; in a ticket "" is any persona of the owner."""
    user: str = ""
    """Who talks to it, among the owner's users; "" is nobody, who is not remembered."""


class Tickets:
    """Stand-ins for a key that may be shown to a browser: good once, for a minute.

    Whoever holds one is not the owner but one of his users, so it is the ticket that says which one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: dict[str, tuple[Admission, float]] = {}

    def issue(self, admission: Admission) -> str:
        """A ticket for one session.

        Raises:
            TooManyError: Too many wait to be used.
        """
        ticket = secrets.token_urlsafe(24)
        now = time.monotonic()
        with self._lock:
            self._open = {key: value for key, value in self._open.items() if value[1] > now}
            if len(self._open) >= _MOST_TICKETS:
                raise TooManyError("too many tickets wait to be used", retry_s=TICKET_S)
            self._open[ticket] = (admission, now + TICKET_S)
        return ticket

    def redeem(self, ticket: str, *, persona: str = "", user: str = "") -> Admission:
        """What a ticket opens; it cannot be used again.

        Args:
            ticket: As it was issued.
            persona: Who is to be talked to; "" leaves it to the ticket.
            user: Who says that he talks; "" leaves it to the ticket.

        Raises:
            AccessError: It is unknown, used or too old, or for somebody else.
        """
        with self._lock:
            admission, until = self._open.pop(ticket, (Admission(""), 0.0))
        if until <= time.monotonic():
            raise AccessError("the ticket is unknown, used or too old", hint="Ask for a new one.")
        if user not in ("", admission.user):
            raise AccessError(
                "the ticket is not for this user",
                got=repr(user),
                hint="Name the user where the ticket is asked for, and leave it out here.",
            )
        if admission.persona and persona not in ("", admission.persona):
            raise AccessError(
                "the ticket is not for this persona", got=repr(persona), hint="Ask for one that is."
            )
        return replace(admission, persona=admission.persona or persona)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float


class RateLimit:
    """A token bucket for each owner: short bursts pass, the mean rate does not.

    Args:
        per_minute: Tokens that flow back in a minute; also the size of the bucket.
    """

    def __init__(self, per_minute: float) -> None:
        self._size, self._flow = float(per_minute), per_minute / 60
        self._lock = Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, owner: str) -> None:
        """Use one token.

        Raises:
            TooManyError: There is none.
        """
        now = time.monotonic()
        with self._lock:
            if len(self._buckets) >= _MOST_OWNERS:
                self._buckets.clear()
            bucket = self._buckets.setdefault(owner, _Bucket(self._size, now))
            bucket.tokens = min(self._size, bucket.tokens + (now - bucket.at_s) * self._flow)
            bucket.at_s = now
            if bucket.tokens < 1:
                raise TooManyError(
                    "too many requests",
                    retry_s=(1 - bucket.tokens) / self._flow,
                    expected=f"at most {self._size:.0f} a minute",
                )
            bucket.tokens -= 1


class Places:
    """A number of places for each owner.

    Args:
        most: Places of one owner.
        what: What takes a place, for the error.
    """

    def __init__(self, most: int, what: str) -> None:
        self._most, self._what = most, what
        self._lock = Lock()
        self._taken: dict[str, int] = {}

    def take(self, owner: str) -> None:
        """Take a place; give it back with `leave`.

        Raises:
            TooManyError: All are taken.
        """
        with self._lock:
            if self._taken.get(owner, 0) >= self._most:
                raise TooManyError(
                    f"too many {self._what} at once", retry_s=10.0, expected=f"at most {self._most}"
                )
            self._taken[owner] = self._taken.get(owner, 0) + 1

    def leave(self, owner: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[owner] -= 1
            if not self._taken[owner]:
                del self._taken[owner]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
