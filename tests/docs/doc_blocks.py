"""Reads the documentation: its blocks, the commands in them, and the marks that keep some from running.

What cannot run in a test carries an HTML comment of its own before the block, with the reason:

    <!-- not run: needs a GPU -->
    <!-- not run "train voices": takes an hour -->

The first form holds for the whole block, the second for the lines that contain the words.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
_MARK = re.compile(r'<!-- not run(?: "(?P<words>[^"]+)")?: (?P<reason>[^>]+?) -->')
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Mark:
    """Why a block, or the lines with some words, are not run."""

    words: str
    reason: str


@dataclass(frozen=True)
class Line:
    """One shell line, continuation lines joined."""

    text: str
    number: int
    """In the page, from 1."""
    skipped: str
    """The reason not to run it."""

    @property
    def words(self) -> list[str]:
        """As the shell splits it, without its comment."""
        return shlex.split(self.text, comments=True)


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    language: str
    text: str
    number: int
    """Of its first line, from 1."""
    marks: tuple[Mark, ...]

    @property
    def skipped(self) -> str:
        """The reason not to run any of it."""
        return next((mark.reason for mark in self.marks if not mark.words), "")

    def lines(self) -> Iterator[Line]:
        """Its shell lines."""
        begun, first = "", self.number
        for number, text in enumerate(self.text.splitlines(), self.number):
            first = first if begun else number
            if text.endswith("\\"):
                begun += text[:-1]
                continue
            whole, begun = (begun + text).strip(), ""
            if whole and not whole.startswith("#"):
                yield Line(whole, first, self.skipped or self._reason(whole))

    def _reason(self, text: str) -> str:
        return next((mark.reason for mark in self.marks if mark.words and mark.words in text), "")


@dataclass(frozen=True)
class Page:
    """One page of the documentation."""

    path: Path

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    def blocks(self) -> list[Block]:
        """Its fenced blocks with the marks before them."""
        found: list[Block] = []
        marks: list[Mark] = []
        for token in MarkdownIt("commonmark").parse(self.text):
            if token.type == "html_block":
                marks += [Mark(one["words"] or "", one["reason"]) for one in _MARK.finditer(token.content)]
            elif token.type == "fence" and token.map:
                found.append(Block(token.info.strip(), token.content, token.map[0] + 2, tuple(marks)))
                marks = []
            elif token.type in ("paragraph_open", "heading_open"):
                assert not marks, f"{self.name}: a mark stands before no block: {marks}"
        assert not marks, f"{self.name}: a mark stands before no block: {marks}"
        return found

    def shell_lines(self) -> list[Line]:
        """The shell lines of all its blocks."""
        return [line for block in self.blocks() if block.language in SHELL for line in block.lines()]

    def inline_code(self) -> list[str]:
        """What stands between backticks in its prose."""
        prose = re.sub(r"^```.*?^```", "", self.text, flags=re.MULTILINE | re.DOTALL)
        return _INLINE.findall(prose)


SHELL = ("sh",)
LANGUAGES = (*SHELL, "console", "python", "json", "toml", "text", "ini", "yaml")
"""What a block may be; one without a language is a mistake, since nobody would know whether it runs."""


def pages() -> list[Page]:
    """Every page that is written by hand or made from the code."""
    places = ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "models/*.md", "models/*/*.md"]
    return [Page(path) for place in places for path in sorted(ROOT.glob(place))]
