"""Without the coqui environment or a model there is one clear line with the next command."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatanything.cli.main import app
from chatanything.errors import VoiceUnavailableError
from chatanything.settings import settings
from chatanything.types import VoiceChoice
from chatanything.voice.backends.coqui import Coqui, checkpoint

VOICE = VoiceChoice("coqui", (("bert", 1.0),))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATANYTHING_HOME", str(tmp_path / "home"))
    settings.cache_clear()


def test_no_model_is_named() -> None:
    with pytest.raises(VoiceUnavailableError, match="CHATANYTHING_COQUI_MODEL"):
        Coqui().recite("Hello.", VOICE, 1.0, 0)


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"model": ', "\xff"])
def test_configuration_that_describes_nothing(
    config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.pth").write_bytes(b"")
    if config:
        (tmp_path / "config.json").write_bytes(config.encode("latin-1"))
    monkeypatch.setenv("CHATANYTHING_COQUI_MODEL", str(tmp_path / "model.pth"))
    settings.cache_clear()
    with pytest.raises(VoiceUnavailableError, match=r"has no|describes no coqui model"):
        checkpoint(settings())


def test_environment_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.pth").write_bytes(b"")
    (tmp_path / "config.json").write_text('{"model": "vits"}')
    monkeypatch.setenv("CHATANYTHING_COQUI_MODEL", str(tmp_path / "model.pth"))
    settings.cache_clear()
    with pytest.raises(VoiceUnavailableError, match="chatanything voices install coqui"):
        Coqui().recite("Hello.", VOICE, 1.0, 0)


def test_command_line_lists_what_there_is_and_refuses_what_is_not() -> None:
    listed = CliRunner().invoke(app, ["voices", "install"])
    assert listed.exit_code == 0
    assert "coqui" in listed.output
    assert "not installed" in listed.output
    unknown = CliRunner().invoke(app, ["voices", "install", "bark"])
    assert unknown.exit_code != 0
