"""Writes what `evaluate persona` found: the conversations as JSON Lines, everything as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from chatanything.evaluation.persona import Exchange, Findings
from chatanything.evaluation.persona_report import html_report
from chatanything.media.atomic import write_bytes


def command_of(asked: Mapping[str, str | float | None], suites: Sequence[str]) -> str:
    """The command that gives these figures again.

    Args:
        asked: Options and their values; those that are None were not given.
        suites: Only these, if any.
    """
    flags = [f"--{name} {value}" for name, value in asked.items() if value is not None]
    return " ".join(["chatanything evaluate persona", *flags, *(f"--suite {name}" for name in suites)])


def write_transcript(path: Path, exchanges: Sequence[Exchange]) -> None:
    """The hostile conversations, one JSON object a line.

    Raises:
        OutputError: The file cannot be written.
    """
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in exchanges]
    write_bytes(path, "".join(f"{line}\n" for line in lines).encode())


def write_html(path: Path, found: Findings, *, command: str) -> None:
    """The page of `html_report`.

    Raises:
        OutputError: The file cannot be written.
    """
    write_bytes(path, html_report(found, command=command).encode())
