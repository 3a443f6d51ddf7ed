"""Who must not be made: names and pictures of a file, and a command or function that is asked.

The question carries the words and digests of the picture, never the picture itself.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from chatanything.errors import BlockedError, UsageError
from chatanything.provenance.consent import image_digest
from chatanything.settings import Settings
from chatanything.types import UInt8

_HASH: Final = re.compile(r"[0-9a-f]{16}")
_NEAR: Final = 6
"""Bits of 64 in which two pictures of the same motif may differ."""
_TIMEOUT_S: Final = 30.0
_LARGEST: Final = 10_000_000
"""Bytes of a list."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a command or function is asked."""

    action: str
    """create, import, edit, dub or clone."""
    words: str
    """Description, name and what else was said of the person, one line each."""
    picture_sha256: str = ""
    """Of the pixels; "" where there is no picture."""
    picture_hash: str = ""
    """16 hex digits that change little when the picture does, by `picture_hash`."""


Judge = Callable[[Question], str]
"""Answers with the reason of a refusal, or with "" to allow."""


@dataclass(frozen=True, slots=True)
class Blocklist:
    """Names and pictures that must not be used."""

    names: tuple[str, ...] = ()
    """As words, without accents, in lower case."""
    pictures: tuple[int, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Blocklist:
        """A list from its file: `name: WORDS` or `picture: 16 HEX DIGITS` a line; # begins a comment.

        Raises:
            UsageError: The file cannot be read, or a line is neither.
        """
        try:
            with path.open("rb") as stream:
                text = stream.read(_LARGEST).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(f"the blocklist {path} cannot be read", got=str(exc)) from exc
        names, pictures = [], []
        for number, line in enumerate(text.splitlines(), 1):
            kind, _, value = line.partition("#")[0].strip().partition(":")
            value = value.strip()
            if kind == "name" and _plain(value):
                names.append(_plain(value))
            elif kind == "picture" and _HASH.fullmatch(value):
                pictures.append(int(value, 16))
            elif kind:
                raise UsageError(
                    f"line {number} of the blocklist {path} cannot be used",
                    expected="name: WORDS or picture: 16 HEX DIGITS",
                    got=repr(line[:80]),
                )
        return cls(tuple(names), tuple(pictures))

    def refusal(self, question: Question) -> str:
        """Why something must not be made; "" if it may."""
        words = f" {_plain(question.words)} "
        name = next((name for name in self.names if f" {name} " in words), "")
        if name:
            return f"the name {name!r} is on the blocklist"
        if question.picture_hash:
            asked = int(question.picture_hash, 16)
            if any((asked ^ one).bit_count() <= _NEAR for one in self.pictures):
                return "the picture is on the blocklist"
        return ""


def check_allowed(
    action: str, *words: str, config: Settings, picture: UInt8 | None = None, judge: Judge | None = None
) -> None:
    """Ask the blocklist, the command of the settings and a function, in this order.

    Args:
        action: What is to be done: create, import, edit, dub or clone.
        words: Description, name and whatever else was said of the person.
        config: Names list and command; neither is set by default.
        picture: (H, W, 3) uint8 RGB, the face.
        judge: The function.

    Raises:
        BlockedError: One of them refuses, or the command cannot be asked.
        UsageError: The list cannot be read.
    """
    if config.blocklist is None and not config.blocklist_command and judge is None:
        return
    question = Question(action, "\n".join(word for word in words if word))
    if picture is not None:
        question = Question(action, question.words, image_digest(picture), picture_hash(picture))
    reason = Blocklist.read(config.blocklist.expanduser()).refusal(question) if config.blocklist else ""
    if not reason and config.blocklist_command:
        reason = _ask(config.blocklist_command, asdict(question))
    if not reason and judge is not None:
        reason = judge(question)
    if reason:
        raise BlockedError(f"this must not be made: {reason}")


def picture_hash(picture: UInt8) -> str:
    """A difference hash, 16 hex digits: whether each of 8 x 8 cells is brighter than its right neighbour.

    Args:
        picture: (H, W, 3) uint8 RGB.
    """
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    bits = (small[:, :-1] > small[:, 1:]).reshape(-1)
    return f"{int.from_bytes(np.packbits(bits).tobytes(), 'big'):016x}"


def _plain(words: str) -> str:
    """Words in lower case without accents and punctuation, one space apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.casefold()))


def _ask(command: str, question: Mapping[str, str]) -> str:
    """The reason that a command gives for a refusal; one that cannot be asked refuses."""
    try:
        done = subprocess.run(
            shlex.split(command),
            input=json.dumps(question),
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as exc:
        raise BlockedError("the blocklist command cannot be asked", got=str(exc)) from exc
    if done.returncode == 0:
        return ""
    said = next((line.strip() for line in done.stdout.splitlines() if line.strip()), "")
    return said[:200] or f"the blocklist command refused it (exit code {done.returncode})"
