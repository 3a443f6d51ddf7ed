"""How a voice is named wherever one is: a bank voice, `coqui:SPEAKER`, `clone:NAME`, or `endpoint:VOICE`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chatanything.errors import NotFoundError, UsageError
from chatanything.types import VoiceChoice
from chatanything.voice.bank import BACKEND, BANK, VOICES
from chatanything.voice.clones import CLONE, clone

SCHEMES: Final[Mapping[str, str]] = MappingProxyType(
    {"coqui:": "coqui", CLONE: "coqui", "endpoint:": "endpoint"}
)
"""What stands before a name -> backend."""
_MOST_NAME: Final = 200
_REASON: Final = ("asked for by name",)


def scheme_of(words: str) -> str:
    """The scheme that a name begins with, colon included; empty for anything else."""
    return next((scheme for scheme in SCHEMES if words.startswith(scheme)), "")


def named(words: str, *, instead_of: VoiceChoice | None = None) -> VoiceChoice | None:
    """The voice of that name.

    Args:
        words: A name, or words about a voice.
        instead_of: The voice that it replaces; if of the bank, it stands in where the new one cannot speak.

    Returns:
        The voice; None when the words name none, so that they must be about one.

    Raises:
        UsageError: A scheme without a usable name behind it.
        NotFoundError: No voice of that name is kept here (`clone:`).
    """
    words = words.strip()
    if words in VOICES:
        return VoiceChoice(BACKEND, ((words, 1.0),), reason=_REASON)
    scheme = scheme_of(words)
    if not scheme:
        return None
    name = words.removeprefix(scheme).strip()
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise UsageError(f"{words!r} names no voice", expected=f"a name behind {scheme}")
    stand_in = _of_bank(instead_of)
    if scheme == CLONE:
        kept = clone(name)
        weights = ((CLONE + kept.name, 1.0),)
        return VoiceChoice(SCHEMES[scheme], weights, reason=_REASON, consent=kept.consent, stand_in=stand_in)
    return VoiceChoice(SCHEMES[scheme], ((name, 1.0),), reason=_REASON, stand_in=stand_in)


def check_public(words: str) -> None:
    """Refuse names that only the owner of this computer may use, where words come from others.

    Raises:
        NotFoundError: They name a recording's voice: its consent is the owner's affair.
    """
    if scheme_of(words.strip()) == CLONE:
        raise NotFoundError("no such voice", hint="List them with: chatanything voices list")


def stand_in_for(choice: VoiceChoice) -> VoiceChoice:
    """The bank voice that speaks where a voice of another backend cannot."""
    if choice.stand_in is not None and choice.stand_in.backend == BACKEND:
        return choice.stand_in
    best = max(BANK, key=lambda voice: (voice.recommended, voice.quality))
    return VoiceChoice(BACKEND, ((best.name, 1.0),), reason=("the bank's best",))


def _of_bank(choice: VoiceChoice | None) -> VoiceChoice | None:
    """A bank voice: the choice itself, or what stood in for it."""
    if choice is None or choice.backend == BACKEND:
        return choice
    return choice.stand_in
