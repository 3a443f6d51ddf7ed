"""Checks of output places before any long work starts."""

from __future__ import annotations

import os
from pathlib import Path

from chatanything.errors import OutputError, UsageError


def check_output(path: Path) -> None:
    """Make sure that a file can be written there.

    Raises:
        UsageError: The path is a folder.
        OutputError: Its folder is missing or not writable.
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise UsageError(f"{path} is a folder", expected="a file name")
    if not folder.is_dir():
        raise OutputError(f"the folder {folder} does not exist", hint=f"Make it: mkdir -p '{folder}'")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"the folder {folder} cannot be written to", hint="Choose another with -o.")


def make_folder(path: Path) -> None:
    """Make a folder for results.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OutputError(f"the folder {path} cannot be made", got=exc.strerror or str(exc)) from exc
