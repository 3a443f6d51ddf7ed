"""Cuts a stream of text pieces into what can be spoken at once."""

from __future__ import annotations

import re
from typing import Final

_END: Final = re.compile(r"([.!?…]+[\"'”’)]*)(\s+|$)|\n+")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|e\.g|i\.e|etc)|\b[A-Z]|\d)\.$")
_CLAUSE: Final = re.compile(r"[,;:—]\s+")
FIRST_WORDS: Final = 6
"""The first sentences are cut at a comma once they have so many words: the sooner they can be heard."""
_EARLY: Final = 2
"""Pieces that count as first: after a short beginning nobody shall wait for a long sentence."""
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
        for found in _END.finditer(self._text):
            # A mark at the very end may still be followed by more: "3." then "5", or "..".
            if found.end() == len(self._text) and not found.group().endswith(("\n", " ")):
                break
            if found.group(1) and _ABBREVIATION.search(self._text[: found.end(1)]):
                continue
            return found.end()
        if self._given < _EARLY and len(self._text.split()) > FIRST_WORDS:
            for clause in _CLAUSE.finditer(self._text):
                if len(self._text[: clause.start()].split()) >= FIRST_WORDS // 3:
                    return clause.end()
        if len(self._text) > _LONGEST:
            clauses = [found.end() for found in _CLAUSE.finditer(self._text)]
            space = self._text.rfind(" ", 0, _LONGEST)
            return clauses[-1] if clauses else (space + 1 if space > 0 else len(self._text))
        return None
