"""The reference of the command line, as typer writes it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.docs.generated import NOTE, ROOT

_APP = "chatanything.cli.main"


def cli_page() -> str:
    """Every command with its arguments and options."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "cli.md"
        command = [sys.executable, "-m", "typer", _APP, "utils", "docs", "--name", "chatanything", "--output"]
        subprocess.run([*command, str(page)], cwd=ROOT, check=True, capture_output=True)
        text = page.read_text(encoding="utf-8")
    return NOTE + text.replace("# `chatanything`", "# The command line", 1).rstrip() + "\n"
