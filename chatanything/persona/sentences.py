"""Cuts a stream of text pieces into what can be spoken at once."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_END: Final = re.compile(r"((?<![.!?…])[.!?…]+[\"'”’)]*)(\s+|$)|\n+")
_ABBREVIATION: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|e\.g|i\.e|etc|[A-HJ-Z])\.$")
_NUMBER: Final = re.compile(r"\d\.$")
_RUN_ON: Final = re.compile(r"(?<=[a-z]{2})[.!?…]+(?=[A-Z][a-z' ]|i\b)")
"""Where somebody types no blank: "I like tea.I have a dog.", but not "ada@example.com"."""
_CLAUSE: Final = re.compile(r"[,;:—]\s+")
_COMMA: Final = re.compile(r"(?<=[^\W\d])[,;:—](?=\s|$)")
_JOINT: Final = re.compile(
    r"\s(?=(?:(?:because|that|which|who|when|where|while|with|without|for|from|in|into|on|at|by|after|before|"
    r"until|since|like|as|if|through|under|over)"
    r"|(?:and|but|or|so)\s(?:I|you|he|she|it|we|they|the|my|your|our|then|there|that|this|what))\s)",
    re.IGNORECASE,
)
"""Where a speaker may hold on for a moment without a comma."""
_EARLY: Final = ((3, 5, 7), (4, 6, 9), (6, 7, 12), (7, 8, 15))
"""For the first clauses of a text, and for all others: the words before a comma, and before a joint, at which
one may be cut, and the words that a sentence has to have before it is cut at a joint. While a clause is heard
the next is made: each may be a little longer than the one before it, but a long sentence that is made in one
go is not ready in time. An interjection is said with what follows."""
_LONGEST: Final = 220
"""Characters after which a sentence is cut at its last clause or space."""


class SentenceCutter:
    """Takes pieces of any size, gives whole sentences as soon as they are complete."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete with this piece."""
        self._text += piece
        out: list[str] = []
        while (end := self._next_end()) is not None:
            sentence, self._text = self._text[:end].strip(), self._text[end:]
            if sentence:
                out.append(sentence)
                self._given += 1
        return out

    def rest(self) -> list[str]:
        """What is left when the text is over."""
        sentence, self._text = self._text.strip(), ""
        return [sentence] if sentence else []

    def _next_end(self) -> int | None:
        end = self._sentence_end()
        early = self._early_end(self._text[:end])
        if early is not None or end is not None:
            return early if early is not None else end
        if len(self._text) > _LONGEST:
            clauses = [found.end() for found in _CLAUSE.finditer(self._text)]
            space = self._text.rfind(" ", 0, _LONGEST)
            return clauses[-1] if clauses else (space + 1 if space > 0 else len(self._text))
        return None

    def _sentence_end(self) -> int | None:
        for found in _END.finditer(self._text):
            # A mark at the very end may still be followed by more: "3." then "5", or "..".
            if found.end() == len(self._text) and not found.group().endswith(("\n", " ")):
                break
            before = self._text[: found.end(1)]
            if found.group(1) and (_ABBREVIATION.search(before) or _NUMBER.search(before)):
                continue
            return found.end()
        return None

    def _early_end(self, text: str) -> int | None:
        """Where a clause ends before its sentence does: somebody waits for it."""
        before_comma, before_joint, enough = _EARLY[min(self._given, len(_EARLY) - 1)]
        commas = [found.end() for found in _COMMA.finditer(text) if _words(text, found) >= before_comma]
        if commas and len(text[: commas[0]].split()) <= enough:
            return commas[0]
        is_long = len(text.split()) > enough
        joints = [found.end() for found in _JOINT.finditer(text) if _words(text, found) >= before_joint]
        return min([*commas, *(joints if is_long else ())], default=None)


def sentences_in(text: str) -> list[str]:
    """The sentences of a finished text, blanks as one space each.

    Args:
        text: All of it; "Dr. Brown", "1.75" and "ada@example.com" stay whole.
    """
    ends = [found.end(1) if found[1] else found.start() for found in _END.finditer(text)]
    ends = [end for end in ends if not _ABBREVIATION.search(text[:end])]
    ends = sorted({0, *ends, *(found.end() for found in _RUN_ON.finditer(text)), len(text)})
    found = (" ".join(text[start:end].split()) for start, end in pairwise(ends))
    return [one for one in found if any(sign.isalnum() for sign in one)]


def clauses_in(text: str) -> list[str]:
    """A finished text in the pieces in which it would be spoken as it comes.

    Args:
        text: All of it.
    """
    cutter = SentenceCutter()
    return [*cutter.feed(text), *cutter.rest()]


def _words(text: str, before: re.Match[str]) -> int:
    return len(text[: before.start()].split())
