"""Voices made after a recording: the clip, and the consent that belongs to it, under a name.

They stay on this computer. A persona that uses one carries the consent with the clip's sha256, not the clip;
so on another computer, or with another clip under the same name, its voice is not there.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from chatanything.errors import ConsentError, NotFoundError, OutputError, SpeechError, UsageError
from chatanything.media.atomic import write_bytes
from chatanything.media.audio import read_audio, resample, wav_bytes
from chatanything.paths import make_folder
from chatanything.provenance.blocklist import check_allowed
from chatanything.provenance.consent import checked_voice, voice_stated_now
from chatanything.settings import settings
from chatanything.types import VoiceConsent
from chatanything.voice.align import silences
from chatanything.voice.licences import XTTS, Licence, accepted
from chatanything.weights.verify import sha256_of

log = logging.getLogger(__name__)

CLONE: Final = "clone:"
"""Before the name of such a voice, wherever a voice is named."""
LEAST_S: Final = 3.0
MOST_S: Final = 30.0
"""XTTS hears no more than so much of a clip."""
_RATE: Final = 22_050
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Clone:
    """A voice of this computer."""

    name: str
    clip: Path
    """16-bit mono WAV, 22,050 Hz, 3 to 30 s."""
    consent: VoiceConsent


def _folder() -> Path:
    return settings().cache / "clones"


def make_clone(name: str, recording: Path, *, consent: str, licence: Licence = XTTS) -> Clone:
    """Keep a recording as a voice.

    Args:
        name: Small letters, digits, - and _; an older voice of this name is replaced.
        recording: Somebody speaking, 3 s or more of sound; what is beyond 30 s is not used.
        consent: Statement of the right to do so.
        licence: That of the model that will speak; it must have been accepted.

    Raises:
        ConsentError: No consent, or the licence has not been accepted.
        UsageError: The name cannot be used.
        BlockedError: The blocklist refuses the name or the statement.
        SpeechError: The recording cannot be read, or holds too little.
        OutputError: It cannot be kept.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            "the name of the voice cannot be used", expected="small letters, digits, - and _", got=repr(name)
        )
    if not consent.strip():
        raise ConsentError(
            "the voice of somebody needs consent",
            hint='State your right to use it: --consent "This is my voice and I agree"',
        )
    if not accepted(licence):
        raise ConsentError(
            f"the licence of {licence.id} has not been accepted: {licence.name}, {licence.where}",
            hint="Read it, then add --accept-licence.",
        )
    check_allowed("clone", name.replace("-", " ").replace("_", " "), consent, config=settings())
    samples, rate = read_audio(recording)
    samples = resample(samples, rate, _RATE)[: round(MOST_S * _RATE)]
    sounding = len(samples) / _RATE - sum(b - a for a, b in silences(samples, _RATE))
    if sounding < LEAST_S:
        raise SpeechError(
            f"{recording} holds too little sound", expected=f"{LEAST_S:g} s at least", got=f"{sounding:.1f} s"
        )
    with _replacing(name) as folder:
        write_bytes(folder / "clip.wav", wav_bytes(samples, _RATE))
        given = voice_stated_now(consent, sha256_of(folder / "clip.wav"))
        write_bytes(folder / "consent.json", (json.dumps(asdict(given), indent=2) + "\n").encode())
    return Clone(name, _folder() / name / "clip.wav", given)


@contextmanager
def _replacing(name: str) -> Iterator[Path]:
    """A temporary folder that becomes the voice's when the block ends well: no clip without its consent.

    Its name holds the voice's, so that `forget_clone` finds what a killed process left.
    """
    target, folder = _folder() / name, _folder() / f".{name}.{secrets.token_hex(6)}"
    older = folder.with_name(f"{folder.name}.old")
    make_folder(folder)
    try:
        yield folder
        try:
            if target.exists():
                target.rename(older)
            folder.rename(target)
            if older.exists():
                shutil.rmtree(older)
        except OSError as exc:
            raise OutputError(
                f"the voice {CLONE}{name} cannot be kept", got=exc.strerror or str(exc)
            ) from exc
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clones() -> tuple[Clone, ...]:
    """All that are kept, by name; damaged ones are left out, and their folders named in the log."""
    found = []
    for folder in sorted(_folder().glob("*/")):
        try:
            found.append(clone(folder.name))
        except NotFoundError:
            log.warning("%s holds no whole voice, but may hold a recording; delete it", folder)
    return tuple(found)


def clone(name: str) -> Clone:
    """The kept voice of a name.

    Raises:
        NotFoundError: There is none, or its files are damaged.
    """
    folder = _folder() / name
    if _NAME.fullmatch(name):
        try:
            given = checked_voice(json.loads((folder / "consent.json").read_text(encoding="utf-8")))
            if sha256_of(folder / "clip.wav") == given.clip_sha256:
                return Clone(name, folder / "clip.wav", given)
        except (OSError, ValueError, TypeError, KeyError, ConsentError):
            pass
    raise _none(name)


def forget_clone(name: str) -> Path:
    """Delete a voice: the recording and its consent, damaged or half-written ones, too.

    Returns:
        Its folder.

    Raises:
        NotFoundError: There is no such voice here.
        OutputError: It cannot be deleted.
    """
    folder = _folder() / name
    # A name that is no name must not lead out of the folder.
    places = (folder, *_folder().glob(f".{name}.*")) if _NAME.fullmatch(name) else ()
    kept = [place for place in places if place.is_dir()]
    if not kept:
        raise _none(name)
    try:
        for place in kept:
            shutil.rmtree(place)
    except OSError as exc:
        raise OutputError(f"the voice {CLONE}{name} cannot be deleted", got=str(exc)) from exc
    return folder


def _none(name: str) -> NotFoundError:
    return NotFoundError(
        f"no voice {CLONE}{name} is kept here",
        hint=f'Make it: chatanything voices clone {name} CLIP.wav --consent "..."',
    )


def clip_of(name: str, consent: VoiceConsent | None) -> Path:
    """The recording that a choice of voice means.

    Raises:
        NotFoundError: There is no such voice here.
        ConsentError: The choice has no consent, or that for another recording.
    """
    kept = clone(name)
    if consent is None or consent.clip_sha256 != kept.consent.clip_sha256:
        raise ConsentError(
            f"the consent of this persona is not for the recording {CLONE}{name} on this computer",
            hint=f"Choose the voice again: chatanything edit PERSONA --voice {CLONE}{name}",
        )
    return kept.clip
