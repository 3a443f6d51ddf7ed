"""Small settings, a cache of one's own, and a desk for each page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from doc_desk import SMALL, Desk, Shelf

from chatanything.settings import settings


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the real weights and nothing else, so that no page touches the developer's own."""
    folder = tmp_path_factory.mktemp("home")
    real = Path(os.environ.get("CHATANYTHING_HOME") or "~/.cache/chatanything").expanduser()
    (folder / "weights").symlink_to(real / "weights", target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def desk(
    home: Path, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_settings: None
) -> Iterator[Desk]:
    folder = tmp_path / "page"
    folder.mkdir()
    for name, value in {**SMALL, "CHATANYTHING_HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    settings.cache_clear()
    at = Desk(folder, shelf, monkeypatch)
    yield at
    at.stop()
