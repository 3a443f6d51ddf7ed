"""What the documentation names exists: commands, options, settings, extras, routes, files, Python names."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

import pytest
from doc_blocks import LANGUAGES, ROOT, SHELL, Line, Page, pages
from doc_commands import all_options, check, check_mention, root

from chatanything.settings import Settings

PAGES = pages()
EACH = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
OTHER_PROGRAMS = frozenset(
    {
        ".",
        "apt-get",
        "cd",
        "curl",
        "export",
        "git",
        "make",
        "mkdir",
        "pip",
        "python",
        "ray",
        "sudo",
        "python3",
    }
)


@EACH
def test_every_block_says_what_it_is(page: Page) -> None:
    for block in page.blocks():
        assert block.language in LANGUAGES, f"{page.name}:{block.number - 1}: {block.language!r}"
        if block.language not in SHELL:
            assert not any(mark.words for mark in block.marks), f"{page.name}: marks of lines, but no shell"
        for mark in block.marks:
            used = not mark.words or any(mark.words in line.text for line in block.lines())
            assert used, f"{page.name}:{block.number}: no line contains {mark.words!r}"


@EACH
def test_every_command_line_is_one(page: Page) -> None:
    wrong = [
        f"{page.name}:{line.number}: {line.text}\n    {error}"
        for line in page.shell_lines()
        if (error := _error(line))
    ]
    assert not wrong, "\n".join(wrong)


def _error(line: Line) -> str:
    for words in _commands(line.words):
        variables = [*takewhile(lambda word: re.match(r"[A-Z_]+=", word), words)]
        for variable in variables:
            if error := _unknown_setting(variable.partition("=")[0]):
                return error
        rest = words[len(variables) :]
        if rest and (error := _command_error(rest)):
            return error
    return ""


def _commands(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for word in words:
        if word in ("&&", "|", ";"):
            found.append([])
        else:
            found[-1].append(word)
    return found


def _command_error(words: list[str]) -> str:
    program, rest = words[0], words[1:]
    if program == "chatanything":
        return check(rest)
    if program not in OTHER_PROGRAMS:
        return f"{program} is not known here"
    if program == "export":
        return _unknown_setting(rest[0].partition("=")[0])
    if program == "make":
        return (
            "" if {word for word in rest if "=" not in word} <= _targets() else f"no target {' '.join(rest)}"
        )
    if program == "pip":
        return _unknown_extra(" ".join(rest))
    if program == "curl":
        return _unknown_route(rest)
    if program in ("python", "python3"):
        return "" if rest[0].startswith("-") or (ROOT / rest[0]).is_file() else f"there is no file {rest[0]}"
    return ""


def _unknown_setting(name: str) -> str:
    if not name.startswith("CHATANYTHING_"):
        return ""
    known = name.removeprefix("CHATANYTHING_").lower() in Settings.model_fields
    return "" if known else f"{name} is no setting"


def _unknown_extra(text: str) -> str:
    wanted = {one for names in re.findall(r"chatanything\[([^\]]+)\]", text) for one in names.split(",")}
    missing = wanted - set(_project()["project"]["optional-dependencies"])
    return f"there is no extra {', '.join(sorted(missing))}" if missing else ""


def _unknown_route(words: list[str]) -> str:
    for word in words:
        if found := re.match(r"https?://[^/]+(/[^?]*)", word):
            path = found[1]
            if not any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path) for route in _routes()):
                return f"the server has no route {path}"
    return ""


@lru_cache(maxsize=1)
def _project() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@lru_cache(maxsize=1)
def _targets() -> frozenset[str]:
    return frozenset(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@lru_cache(maxsize=1)
def _routes() -> frozenset[str]:
    from chatanything.server.routes import chat, health, live, memory, personas, rtc, speech, videos

    modules = (chat, health, live, memory, personas, rtc, speech, videos)
    return frozenset({route.path for module in modules for route in module.router.routes} | {"/openapi.json"})


@EACH
def test_prose_names_commands_options_and_settings_that_exist(page: Page) -> None:
    wrong = []
    for code in page.inline_code():
        words = code.split()
        if words and words[0] == "chatanything":
            words = words[1:]
        if words and words[0] in root().commands and (error := check_mention(words)):
            wrong.append(f"`{code}`: {error}")
        if len(words) > 1 and words[0] in OTHER_PROGRAMS:
            wrong += [f"`{code}`: {error}"] if (error := _command_error(words)) else []
            continue
        options = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", code))
        if unknown := options - all_options():
            wrong.append(f"`{code}`: no command has {', '.join(sorted(unknown))}")
    wrong += [
        error
        for name in re.findall(r"CHATANYTHING_[A-Z_]+[A-Z]", page.text)
        if (error := _unknown_setting(name))
    ]
    assert not wrong, page.name + "\n" + "\n".join(wrong)


@EACH
def test_extras_that_are_named_exist(page: Page) -> None:
    assert not _unknown_extra(page.text), page.name


@EACH
def test_links_lead_somewhere(page: Page) -> None:
    prose = re.sub(r"^```.*?^```", "", page.text, flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"`[^`\n]+`", "", prose)
    targets = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'(?:src|href)="([^"]+)"', prose)
    wrong = []
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.path.parent / name).resolve() if name else page.path
        if not file.exists() or ROOT not in file.parents:
            wrong.append(f"{target} is not there")
        elif anchor and anchor not in _anchors(file):
            wrong.append(f"{target} has no such heading")
    assert not wrong, page.name + "\n" + "\n".join(wrong)


def _anchors(file: Path) -> set[str]:
    """Of the headings, as GitHub and Python-Markdown both make them from plain words."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


@EACH
def test_python_blocks_parse_and_import_what_exists(page: Page) -> None:
    wrong = []
    for block in page.blocks():
        if block.language != "python":
            continue
        code = compile(
            block.text,
            page.name,
            "exec",
            ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
            dont_inherit=True,
        )
        for node in ast.walk(code):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "chatanything":
                missing = {one.name for one in node.names} - _defined(node.module or "")
                wrong += [f"{page.name}:{block.number}: {node.module} has no {name}" for name in missing]
    assert not wrong, "\n".join(wrong)


def _defined(module: str) -> set[str]:
    """Names at the top of a module, without importing what it needs."""
    base = ROOT / module.replace(".", "/")
    file = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    names = {path.stem for path in base.glob("*.py")} if base.is_dir() else set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names |= {(one.asname or one.name) for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_a_renamed_command_option_or_setting_is_found() -> None:
    assert "No such option" in check(["create", "a cat", "--carrd", "x.charx"])
    assert "no command" in check(["creates", "a cat"])
    assert "Missing" in check(["say", "-o", "x.mp4"])
    assert "Invalid value" in check(["create", "a cat", "--size", "large", "-o", "x.mp4"])
    assert not check(["create", "a cat", "--size", "512", "-o", "x.mp4"])
    assert check_mention(["memory", "shows"])
    assert check_mention(["evaluate", "speed", "--repeat"])
    assert not check_mention(["evaluate", "speed", "--repeats"])
    assert _unknown_setting("CHATANYTHING_LLMS")
    assert _unknown_extra('"chatanything[gpus]"')
    assert _unknown_route(["http://127.0.0.1:8000/v2/videos"])
    assert not _unknown_route(["http://127.0.0.1:8000/v1/videos/abc/content"])
