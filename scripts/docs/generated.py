"""The files of docs/ that are made from the code, each with the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
NOTE: Final = "<!-- Made from the code by `make reference`; do not edit. -->\n\n"


def generated() -> Mapping[str, Callable[[], str]]:
    """Path in the repository -> what makes its text."""
    from scripts.docs.architecture_picture import architecture_picture
    from scripts.docs.cli_page import cli_page
    from scripts.docs.server_page import server_page
    from scripts.docs.settings_page import settings_page

    return {
        "docs/reference/cli.md": cli_page,
        "docs/reference/settings.md": settings_page,
        "docs/reference/server.md": server_page,
        "docs/assets/architecture.svg": architecture_picture,
    }
