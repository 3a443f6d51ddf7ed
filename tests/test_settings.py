"""Settings: whatever is written, they are read, or one line says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatanything.errors import UsageError
from chatanything.evaluation.faulty import VARIABLE
from chatanything.settings import Settings, load_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "chatanything" / "config.toml"
    path.parent.mkdir()
    return path


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://example.org", ("https://example.org",)),
        ("https://a.org, https://b.org:8000,", ("https://a.org", "https://b.org:8000")),
        ('["https://a.org", "https://b.org"]', ("https://a.org", "https://b.org")),
    ],
)
def test_lists_have_commas_or_are_json(
    text: str, read: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATANYTHING_ALLOWED_ORIGINS", text)
    monkeypatch.setenv("CHATANYTHING_ICE_SERVERS", text)
    assert load_settings().allowed_origins == load_settings().ice_servers == read


def test_tables_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATANYTHING_API_KEYS", '{"ann": "a secret"}')
    assert load_settings().api_keys == {"ann": "a secret"}


@pytest.mark.parametrize("text", ["hunter2", '{"ann": hunter2}', '{"ann": ["hunter2"]}'])
def test_wrong_keys_are_named_but_not_shown(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATANYTHING_API_KEYS", text)
    with pytest.raises(UsageError, match="'api_keys") as caught:
        load_settings()
    assert "Correct CHATANYTHING_API_KEYS or" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("field", Settings.model_fields)
@pytest.mark.parametrize("text", ["foo", "[1", "{", "\x01", "é"])
def test_any_value_is_read_or_refused_by_name(field: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CHATANYTHING_{field.upper()}", text)
    try:
        load_settings()
    except UsageError as exc:
        refused = str(exc)
    else:
        return
    assert f"'{field}'" in refused


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"offline = yes", "expected TOML, as in: offline = true, got Invalid value"),
        (b'offline = true\nllm = "caf\xe9"', "expected UTF-8, got byte 0xe9 in line 2"),
        (b"oflin = true", "there is no setting oflin. Did you mean offline?"),
        (b"x_y_z = 1", "Take it out of "),
        (b"size = 300", "setting 'size' is not valid: input should be 256 or 512, got 300"),
    ],
)
def test_what_is_wrong_in_the_file_is_one_line(content: bytes, reason: str, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert reason in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_lists_in_the_file(file: Path) -> None:
    file.write_text('allowed_origins = ["https://a.org"]\nice_servers = "stun:b:1, stun:c:2"')
    assert load_settings().allowed_origins == ("https://a.org",)
    assert load_settings().ice_servers == ("stun:b:1", "stun:c:2")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("CHATANYTHING_OFLINE", "Did you mean CHATANYTHING_OFFLINE?"),
        ("CHATANYTHING_ORIGINS", "Did you mean CHATANYTHING_ALLOWED_ORIGINS?"),
        ("CHATANYTHING_ZZZZZ", "Unset it: unset CHATANYTHING_ZZZZZ"),
        ("CHATANYTHING_PORT", "unset CHATANYTHING_PORT"),
    ],
)
def test_a_variable_that_nobody_reads_is_refused(
    name: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "")
    load_settings()
    monkeypatch.setenv(name, "1")
    with pytest.raises(UsageError, match=f"no setting {name}") as caught:
        load_settings()
    assert hint in str(caught.value)


def test_variables_that_others_set_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "faults.json")
    for name, value in {
        "PORT": "tcp://10.0.0.7:8000",
        "PORT_8000_TCP_ADDR": "10.0.0.7",
        "SERVICE_HOST": "10.0.0.7",
        "SERVICE_PORT_HTTP": "8000",
    }.items():
        monkeypatch.setenv(f"CHATANYTHING_{name}", value)
    assert load_settings().offline is False
