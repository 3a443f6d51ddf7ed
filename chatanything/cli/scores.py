"""Figures of `evaluate`: on the screen, as JSON lines, and on the scores page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from chatanything.cli.console import out, print_json
from chatanything.evaluation.rows import Row

Scores = Annotated[Path | None, typer.Option("--scores", help="Write the table into this SCORES.md as well.")]


def show(
    name: str, rows: Sequence[Row], scores: Path | None, *, as_json: bool, **asked: str | float | None
) -> None:
    """Print the rows; on the scores page each backend that was asked for has a section of its own."""
    from chatanything.evaluation.report import print_table, write_scores

    if as_json:
        for row in rows:
            print_json(row)
    else:
        out.print(print_table(rows), markup=False)
    if scores is not None:
        given = {key: value for key, value in asked.items() if value not in (None, "auto")}
        flags = "".join(f" --{key.replace('_', '-')} {value}" for key, value in given.items())
        parts = (given.get(key) for key in ("face_engine", "renderer", "part", "suite"))
        backend = "guided" if "guided" in given else next((one for one in parts if one), None)
        heading = f"{name}, {backend}" if backend else name
        write_scores(scores, heading, rows, command=f"chatanything evaluate {name}{flags}")
