"""Shared fixtures: settings never come from the developer's own machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def clean_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No CHATANYTHING_* variable or config file of the user decides a test; the weight cache stays."""
    for name in list(os.environ):
        if name.startswith("CHATANYTHING_") and name != "CHATANYTHING_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    from chatanything.settings import settings

    settings.cache_clear()


@pytest.fixture(autouse=True)
def subnormal_numbers() -> None:
    """Trainings switch subnormal numbers off for their process; hypothesis refuses to go on without."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
