"""What `evaluate persona` keeps: conversations and cards as JSON Lines, everything as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatanything.errors import OutputError
from chatanything.media.atomic import write_bytes

if TYPE_CHECKING:
    from chatanything.evaluation.persona import Findings


class Kept:
    """Results under ids, one JSON object a line, so that a run of an hour that was cut off goes on.

    Args:
        path: The file; None keeps them in memory only.
        by: The model that they are of; results of another one are left alone and not used.

    Raises:
        OutputError: The file is there and no such file.
    """

    def __init__(self, path: Path | None, by: str) -> None:
        self._path, self._by = path, by
        self._found: dict[str, dict[str, Any]] = {}
        if path is None or not path.is_file():
            return
        try:
            lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
            self._found = {line["id"]: line["result"] for line in lines if line["by"] == by}
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise OutputError(
                f"{path} is not what an earlier run left there", got=str(exc)[:120], hint=f"Remove {path}."
            ) from exc

    def get(self, key: str) -> dict[str, Any] | None:
        """The result under an id; None if there is none."""
        return self._found.get(key)

    def add(self, key: str, result: Mapping[str, Any]) -> None:
        """Keep a result; it is on the disk at once.

        Raises:
            OutputError: The file cannot be written.
        """
        self._found[key] = dict(result)
        if self._path is None:
            return
        line = json.dumps({"id": key, "by": self._by, "result": self._found[key]}, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(f"{line}\n")
        except OSError as exc:
            raise OutputError(f"{self._path} cannot be written", got=exc.strerror or str(exc)) from exc


def command_of(asked: Mapping[str, str | float | None], suites: Sequence[str]) -> str:
    """The command that gives these figures again.

    Args:
        asked: Options and their values; those that are None were not given.
        suites: Only these, if any.
    """
    flags = [f"--{name} {value}" for name, value in asked.items() if value is not None]
    return " ".join(["chatanything evaluate persona", *flags, *(f"--suite {name}" for name in suites)])


def write_html(path: Path, found: Findings, *, command: str) -> None:
    """The page of `html_report`.

    Raises:
        OutputError: The file cannot be written.
    """
    from chatanything.evaluation.persona_report import html_report

    write_bytes(path, html_report(found, command=command).encode())
