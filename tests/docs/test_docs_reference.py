"""What the reference says is what the code does; `make reference` writes it anew."""

from __future__ import annotations

import dataclasses
import inspect
import re
from html import unescape

import pytest
from doc_blocks import ROOT
from doc_commands import walk

import chatanything
from chatanything import errors, types
from chatanything.face.backends import FACE_ENGINES
from chatanything.lipsync import MOTIONS, RENDERERS
from chatanything.persona.backends import LLM_BACKENDS
from chatanything.voice.backends import VOICE_BACKENDS
from scripts.docs.architecture_picture import architecture_picture
from scripts.docs.server_page import openapi, server_page
from scripts.docs.settings_page import settings_page

STALE = "is stale; run: make reference"


def _read(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_settings_page_is_fresh() -> None:
    assert _read("reference/settings.md") == settings_page(), STALE


def test_the_server_page_is_fresh() -> None:
    assert _read("reference/server.md") == server_page(), STALE


def test_the_picture_is_fresh() -> None:
    assert _read("assets/architecture.svg") == architecture_picture(), STALE


def test_the_command_page_has_every_command_and_option() -> None:
    """Compared by content, since another version of typer writes another page of the same commands."""
    page = _read("reference/cli.md").replace("# The command line", "# `chatanything`", 1)
    headings = re.split(r"^#+ `chatanything([^`]*)`$", page, flags=re.MULTILINE)[1:]
    written = {name.strip(): text for name, text in zip(headings[::2], headings[1::2], strict=True)}
    expected = {" ".join(path): command for path, command in walk()}
    assert set(written) == set(expected), STALE
    for name, command in expected.items():
        said = unescape(written[name])
        options = {one for param in command.params for one in param.opts if one.startswith("-")} | {"--help"}
        shown = {
            option
            for names in re.findall(r"^\* `(-[^`]*)`", said, re.MULTILINE)
            for option in re.findall(r"(?:^|[ ,/])(--?[a-zA-Z][\w-]*)", names)
        }
        assert shown == options, f"{name}: {STALE}"
        words = " ".join(said.split())
        for param in command.params:
            assert " ".join((getattr(param, "help", "") or "").split()) in words, (
                f"{name} {param.name}: {STALE}"
            )


def test_the_readme_names_every_command() -> None:
    """The first column of its table; a word alone belongs to the group that was named before it."""
    named: set[tuple[str, ...]] = set()
    groups = {path[0] for path, _ in walk() if len(path) == 2}
    for row in re.findall(r"^\| (`.+?`) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        group = ""
        for code in re.findall(r"`([^`]+)`", row):
            words = code.split()
            if words[0] in groups and len(words) > 1:
                group = words[0]
                named.add((group, words[1]))
            else:
                named |= {(words[0],), (group, words[0])}
    expected = {path for path, command in walk() if path and not hasattr(command, "commands")}
    assert expected - named == set()


def test_the_python_page_has_every_public_name() -> None:
    shown = set(re.findall(r"^::: chatanything\.([\w.]+)$", _read("reference/python.md"), re.MULTILINE))
    last = {name.rpartition(".")[2] for name in shown}
    for name in set(chatanything.__all__) - {"__version__"}:
        home = inspect.getmodule(getattr(chatanything, name))
        assert home is not None
        assert name in last or home.__name__.removeprefix("chatanything.") in shown, name
    assert {"types", "errors", "live.events"} <= shown
    crossing = [one for one in vars(types).values() if dataclasses.is_dataclass(one)]
    assert all(inspect.getdoc(one) for one in crossing)
    assert all(inspect.getdoc(one) for one in vars(errors).values() if inspect.isclass(one))


def test_the_page_of_the_server_lists_its_routes() -> None:
    """The table that is written by hand in docs/SERVER.md."""
    said = _read("SERVER.md")
    rows = re.findall(r"^\| (`(?:GET|POST|PATCH|DELETE|PUT).*?) \|", said, re.MULTILINE)
    named = {
        (method.lower(), _plain(path))
        for row in rows
        for methods, path in re.findall(r"((?:`?[A-Z]+`?,? )+)`?(/[\w./{}-]*)", re.sub(r"\?\w+=\w+", "", row))
        for method in re.findall(r"[A-Z]+", methods)
    }
    assert named == {(method, _plain(path)) for path, found in openapi()["paths"].items() for method in found}


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("persona.backends.LLM_BACKENDS", LLM_BACKENDS),
        ("voice.backends.VOICE_BACKENDS", VOICE_BACKENDS),
        ("face.backends.FACE_ENGINES", FACE_ENGINES),
        ("lipsync.MOTIONS", MOTIONS),
        ("lipsync.RENDERERS", RENDERERS),
    ],
)
def test_the_architecture_names_the_backends_that_exist(name: str, table: object) -> None:
    row = next(line for line in _read("ARCHITECTURE.md").splitlines() if f"`{name}`" in line)
    said = set(re.findall(r"`([\w]+)`", row.split("|")[3]))
    assert said == set(table.names())


def test_the_architecture_names_the_layers_that_exist() -> None:
    said = _read("ARCHITECTURE.md").partition("## Layers")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+)`", said))
    drawn = set(re.findall(r'class="code ink"[^>]*>([a-z_]+)<', architecture_picture()))
    assert named == drawn
