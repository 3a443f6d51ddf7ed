"""All commands and pieces of Python of the documentation are run, page by page, unless a mark forbids."""

from __future__ import annotations

import pytest
from doc_blocks import SHELL, Page, pages
from doc_desk import Desk

pytestmark = [pytest.mark.weights, pytest.mark.slow]


def _runs(page: Page) -> bool:
    for block in page.blocks():
        if block.language == "python" and not block.skipped:
            return True
        if block.language in SHELL and any(
            line.words[0] == "chatanything" and not line.skipped for line in block.lines()
        ):
            return True
    return False


PAGES = [page for page in pages() if _runs(page)]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_does_what_it_says(page: Page, desk: Desk) -> None:
    for block in page.blocks():
        if block.language in SHELL:
            for line in block.lines():
                if not line.skipped:
                    _told(f"{page.name}:{line.number}: {line.text}")
                    desk.shell(line.words)
        elif block.language == "python" and not block.skipped:
            _told(f"{page.name}:{block.number}: Python")
            desk.python(block.text, f"{page.name}:{block.number}")


def _told(line: str) -> None:
    """Name what runs, so that a failure tells where (pytest shows it only then)."""
    print(f"\n{line}", flush=True)  # noqa: T201


def test_there_are_pages_that_run() -> None:
    assert {"README.md", "docs/PERSONALITY.md", "docs/SERVER.md", "docs/VOICES.md"} <= {
        page.name for page in PAGES
    }
