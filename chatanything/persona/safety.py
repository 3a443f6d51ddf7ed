"""Where the joke stops: somebody in need is answered plainly, and foul words are not spoken.

Words are compared after normalising spelling tricks; everything is local, and nothing said is kept or sent
unless a server for moderation is set.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final

from chatanything.persona.lexicon import load_toml
from chatanything.persona.moderation import flagged, means_self_harm
from chatanything.persona.need import POSSIBLE, SURE, Need, need_by_meaning
from chatanything.persona.patterns import pattern

_CARE_PART: Final = 20
"""Characters from which a part of a line cannot be anything else."""
_LOOK_ALIKES: Final = str.maketrans("013457@$!|", "oieastasii")


def need_of(said: str) -> Need | None:
    """Whether somebody who says this may be in need.

    Args:
        said: A user's message.

    Returns:
        What help it is about, or None. Written to err towards help where words leave it open.

    Raises:
        BackendError: A server for moderation is set and gives no verdict.
        WeightsError: The embedding model cannot be had.
    """
    plain = unicodedata.normalize("NFKC", said).replace("’", "'")
    if pattern("self_harm").search(plain):
        return "self_harm"
    is_play = pattern("harmless").search(plain) is not None
    if pattern("abuse").search(plain) and not is_play:
        return "abuse"
    likelier, share = need_by_meaning(plain)
    if share >= SURE and not (is_play and likelier == "abuse"):
        return likelier
    return "self_harm" if means_self_harm(flagged(said)) else None


def may_be_in_need(said: str) -> bool:
    """Whether somebody who says this had better be asked whether all is well.

    Args:
        said: A user's message, in which `need_of` sees no need.
    """
    plain = unicodedata.normalize("NFKC", said).replace("’", "'")
    likelier, share = need_by_meaning(plain)
    is_play = likelier == "abuse" and pattern("harmless").search(plain) is not None
    return share >= POSSIBLE and not is_play


def care_line(need: Need, language: str) -> str:
    """What is said then, out of character.

    Args:
        need: From `need_of`.
        language: ISO 639-1 code; English where there are no words in it.
    """
    lines: dict[str, Any] = load_toml("conversation.toml")["care"][need]
    return str(lines.get(language, lines["en"]))


def check_in_line(language: str) -> str:
    """What is said to somebody who may be in need, or may not; out of character.

    Args:
        language: ISO 639-1 code; English where there are no words in it.
    """
    lines: dict[str, str] = load_toml("conversation.toml")["check_in"]
    return lines.get(language, lines["en"])


def asks_for_dose(said: str) -> bool:
    """Whether a message asks for the dose of a medicine, or what to do about something that was swallowed.

    Args:
        said: A user's message.
    """
    return pattern("dose").search(unicodedata.normalize("NFKC", said)) is not None


def dose_line(language: str, seed: int) -> str:
    """What any character says then; a wrong figure could do harm.

    Args:
        language: ISO 639-1 code; English where there are no words in it.
        seed: Chooses among several lines.
    """
    lines: dict[str, list[str]] = load_toml("conversation.toml")["dose"]
    several = lines.get(language, lines["en"])
    return several[seed % len(several)]


def is_care_line(text: str) -> bool:
    """Whether a text is a `care_line`, or a part of one that is said on its own.

    Args:
        text: One line or sentence.
    """
    plain = text.strip()
    return len(plain) >= _CARE_PART and any(plain in line for line in _care_lines())


@lru_cache(maxsize=1)
def _care_lines() -> tuple[str, ...]:
    table = load_toml("conversation.toml")
    several = (*table["care"].values(), table["check_in"])
    return tuple(str(line) for languages in several for line in languages.values())


def is_foul(text: str) -> bool:
    """Whether a text holds a foul word, spelling tricks included."""
    return any(_is_foul_word(word) for word in _plain_words(text))


@lru_cache(maxsize=1024)
def _is_foul_word(word: str) -> bool:
    table = load_toml("guard.toml")
    if word in table["clean"].split():
        return False
    if word in table["foul_words"].split() or any(stem in word for stem in table["foul"].split()):
        return True
    return word.startswith(tuple(table["foul_beginnings"].split()))


@lru_cache(maxsize=256)
def _plain_words(text: str) -> tuple[str, ...]:
    """Lower-case words without accents, with look-alikes as letters and letters in a row at most twice."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign)
    )
    joined = re.sub(r"\b(\w)(?:[ .*_-](?=\w\b))", r"\1", bare.translate(_LOOK_ALIKES))
    words = re.findall(r"[a-z*]+", joined)
    return tuple(re.sub(r"(.)\1{2,}", r"\1", word).replace("*", "") for word in words)
