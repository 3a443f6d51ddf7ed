"""Builds the site: gathers the pages of the whole repository, mends their links, and calls Zensical."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from scripts.docs.generated import ROOT

STAGE: Final = ROOT / "build" / "docs"
SITE: Final = ROOT / "site"
_ELSEWHERE: Final = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "models/TRAINING.md": "models/training.md",
    "README.md": "index.md",
}
"""Pages outside docs/ -> where they are on the site; the first page of the site stands for the README."""
_FENCE: Final = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r'(\]\(|(?:src|href|poster)=")([^)"\s]+)')
_SHIM: Final = "https://unpkg.com/iframe-worker/shim"
"""What lets the search of an offline site work from the file system; we ship it instead of loading it."""


def build() -> int:
    """Gather, build strictly, and take out what would be loaded from elsewhere.

    Returns:
        The exit code of the builder.
    """
    gather()
    shutil.rmtree(SITE, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "zensical",
        "build",
        "--strict",
        "--clean",
        "-f",
        str(ROOT / "mkdocs.yml"),
    ]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code == 0:
        for page in SITE.rglob("*.html"):
            up = "../" * (len(page.relative_to(SITE).parts) - 1)
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(_SHIM, f"{up}assets/iframe-worker.js"), encoding="utf-8")
    return code


def places() -> Mapping[str, str]:
    """Every file of the site: path in the repository -> path on the site."""
    found = dict(_ELSEWHERE)
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.is_file():
            found[path.relative_to(ROOT).as_posix()] = path.relative_to(ROOT / "docs").as_posix()
    for card in sorted((ROOT / "models").glob("*/README.md")):
        found[card.relative_to(ROOT).as_posix()] = f"models/{card.parent.name}.md"
    for picture in sorted((ROOT / "models").glob("*/*.jpg")):
        found[picture.relative_to(ROOT).as_posix()] = f"models/{picture.parent.name}-{picture.name}"
    for example in sorted((ROOT / "examples").glob("*.py")):
        found[example.relative_to(ROOT).as_posix()] = f"examples/{example.stem}.md"
    return found


def gather() -> None:
    """Fill the folder that the builder reads.

    Raises:
        ValueError: A link leads to a file that is not on the site.
    """
    shutil.rmtree(STAGE, ignore_errors=True)
    known = places()
    for source, target in known.items():
        if source == "README.md":
            continue
        path, to = ROOT / source, STAGE / target
        to.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            to.write_text(with_links(path.read_text(encoding="utf-8"), source, known), encoding="utf-8")
        elif path.suffix == ".py":
            to.write_text(_listing(path), encoding="utf-8")
        else:
            shutil.copyfile(path, to)
    _write_openapi()


def _write_openapi() -> None:
    from scripts.docs.server_page import openapi

    (STAGE / "reference" / "openapi.json").write_text(json.dumps(openapi(), indent=1), encoding="utf-8")


def _listing(path: Path) -> str:
    """An example as a page."""
    text = path.read_text(encoding="utf-8")
    return f"# {path.name}\n\n```python\n{text}```\n"


def with_links(text: str, source: str, known: Mapping[str, str]) -> str:
    """A page with its links as they are on the site."""
    return "".join(_pieces(text, source, known))


def _pieces(text: str, source: str, known: Mapping[str, str]) -> Iterator[str]:
    for piece in _FENCE.split(text):
        if piece.startswith("`"):
            yield piece
        else:
            yield _LINK.sub(lambda found: found[1] + _moved(found[2], source, known), piece)


def _moved(link: str, source: str, known: Mapping[str, str]) -> str:
    target, hash_, anchor = link.partition("#")
    if not target or re.match(r"[a-z]+:", link):
        return link
    there = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if there == "examples":
        there = "examples/custom_app.py"
    if there not in known:
        raise ValueError(f"{source}: {link} is not on the site")
    return posixpath.relpath(known[there], posixpath.dirname(known[source]) or ".") + hash_ + anchor
