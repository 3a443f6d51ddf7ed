"""The site: built strictly from all pages, complete, and without anything that is loaded from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.docs import site
from scripts.docs.generated import ROOT

pytestmark = pytest.mark.slow
pytest.importorskip("zensical", reason='pip install "chatanything[docs]"')


@pytest.fixture(scope="module")
def built() -> Path:
    assert site.build() == 0
    return site.SITE


def test_every_page_is_in_the_menu_and_built(built: Path) -> None:
    menu = set(re.findall(r"^ +- [^:]+: ([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    menu |= set(re.findall(r"^  - Home: ([\w./-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    pages = {place for name, place in site.places().items() if place.endswith(".md")}
    assert menu == pages
    assert all((built / page).with_suffix(".html").is_file() for page in pages)


def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    pages = list(built.rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|video|source|iframe)[^>]+src="([^"]+)"', text)
        loaded += re.findall(
            r'<link[^>]+rel="(?:stylesheet|preconnect|preload|icon)"[^>]*href="([^"]+)"', text
        )
        assert loaded
        for address in loaded:
            assert not re.match(r"(https?:)?//", address), f"{page.name}: {address}"
            if not address.startswith("data:"):
                # Only the page for what is not found has addresses from the root: it is shown anywhere.
                file = built / address[1:] if address.startswith("/") else page.parent / address
                assert file.resolve().is_file(), f"{page.name}: {address}"
                assert not address.startswith("/") or page.name == "404.html"


def test_the_reference_has_the_docstrings(built: Path) -> None:
    text = (built / "reference" / "python.html").read_text(encoding="utf-8")
    for words in (
        "Creates personas and lets them speak.",
        "chatanything.types.Delivery",
        "PersonaCard",
        "UsageError",
    ):
        assert words in text


def test_a_page_that_links_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match=r"README\.md: docs/none\.md is not on the site"):
        site.with_links("[lost](docs/none.md)", "README.md", site.places())
    moved = site.with_links(
        "[card](../models/motion/README.md#limits) `[as](it.is)`", "docs/UI.md", site.places()
    )
    assert moved == "[card](models/motion.md#limits) `[as](it.is)`"
