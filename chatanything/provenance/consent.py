"""The recorded right to animate a real person's picture, or to speak with a real person's voice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from chatanything.errors import ConsentError
from chatanything.types import UInt8, VoiceConsent

_SHORTEST_STATEMENT: Final = 5
"""Characters; "yes" or "ok" states nothing."""


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """Who allowed what for which picture.

    Raises:
        ConsentError: The statement or the name says nothing, or the time has no zone.
    """

    statement: str
    """What was allowed, in the words of `who`."""
    who: str
    """Who gave it: the person shown, or who answers for the picture."""
    when: datetime
    """When it was given, with a time zone."""
    image_sha256: str
    """Of the pixels, by `image_digest`."""

    def __post_init__(self) -> None:
        _check(self.statement, self.who, self.when)
        if len(self.image_sha256) != hashlib.sha256().digest_size * 2:
            raise ConsentError("consent belongs to no picture", expected="a sha256", got=self.image_sha256)

    def as_dict(self) -> dict[str, str]:
        """For JSON; the time in ISO 8601."""
        return {
            "statement": self.statement.strip(),
            "who": self.who.strip(),
            "when": self.when.isoformat(),
            "image_sha256": self.image_sha256,
        }


def stated_now(statement: str, image: UInt8) -> ConsentRecord:
    """What the user of this computer states right now about a picture, as it is animated.

    Args:
        statement: In the user's words.
        image: (H, W, 3) uint8 RGB.

    Raises:
        ConsentError: The statement says nothing.
    """
    return ConsentRecord(statement, "the user of this computer", datetime.now(UTC), image_digest(image))


def voice_stated_now(statement: str, clip_sha256: str) -> VoiceConsent:
    """What the user of this computer states right now about a recording that a voice is made after.

    Args:
        statement: In the user's words.
        clip_sha256: Of the recording.

    Raises:
        ConsentError: The statement says nothing.
    """
    when = datetime.now(UTC).isoformat()
    return checked_voice(
        {"statement": statement, "who": "the user of this computer", "when": when, "clip_sha256": clip_sha256}
    )


def checked_voice(raw: Mapping[str, Any]) -> VoiceConsent:
    """A voice's consent from what was kept.

    Args:
        raw: The fields of `VoiceConsent`.

    Raises:
        ConsentError: It says nothing, or belongs to no recording.
        KeyError: A field is missing.
        ValueError: The time is none.
    """
    given = VoiceConsent(
        statement=str(raw["statement"]).strip(),
        who=str(raw["who"]).strip(),
        when=datetime.fromisoformat(str(raw["when"])).isoformat(),
        clip_sha256=str(raw["clip_sha256"]),
    )
    _check(given.statement, given.who, datetime.fromisoformat(given.when))
    if len(given.clip_sha256) != hashlib.sha256().digest_size * 2:
        raise ConsentError("consent belongs to no recording", expected="a sha256", got=given.clip_sha256)
    return given


def _check(statement: str, who: str, when: datetime) -> None:
    if len(statement.strip()) < _SHORTEST_STATEMENT:
        raise ConsentError(
            "the consent statement says nothing",
            expected='a sentence such as "This is me and I agree"',
            got=repr(statement),
        )
    if not who.strip():
        raise ConsentError("consent names nobody", expected="who gives it")
    if when.tzinfo is None:
        raise ConsentError("the time of consent has no time zone", got=when.isoformat())


def image_digest(image: UInt8) -> str:
    """The sha256 of a picture's size and pixels, so that the file format does not matter.

    Args:
        image: (H, W, 3) uint8 RGB.
    """
    height, width = image.shape[:2]
    return hashlib.sha256(f"{width}x{height}:".encode() + image.tobytes()).hexdigest()
