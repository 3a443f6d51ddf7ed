"""The reference of the settings, from `chatanything.settings.Settings`."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from chatanything.settings import Settings
from scripts.docs.generated import NOTE

_INTRO = """# Settings

Each setting is a variable of the environment, `CHATANYTHING_` and its name in capitals
(`CHATANYTHING_LLM=rules`), or a line of `~/.config/chatanything/config.toml`:

```toml
llm = "rules"
size = 512
```

An option of a command comes first, then the variable, then the file. An unknown name and a wrong value are
one line that says so; an empty variable counts as unset. `XDG_CONFIG_HOME` moves the file. In a variable,
lists have commas or are JSON, and tables are JSON.

| setting | what it is | values | default |
| --- | --- | --- | --- |
"""


def settings_page() -> str:
    """All settings in the order of the class."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return NOTE + _INTRO + "\n".join(rows) + "\n"


def _row(name: str, field: FieldInfo) -> str:
    cells = (f"`{name}`", field.description or "", _values(field), _default(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _values(field: FieldInfo) -> str:
    kind: Any = field.annotation
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    if kind in (int, float):
        return _range(field)
    names: dict[Any, str] = {bool: "`true`, `false`", str: "text", Path: "path"}
    return names.get(kind) or {dict: "table", tuple: "list"}[get_origin(kind)]


def _range(field: FieldInfo) -> str:
    found = {
        key: getattr(one, key) for one in field.metadata for key in ("ge", "gt", "le") if hasattr(one, key)
    }
    if "gt" in found:
        return f"number above {found['gt']}"
    if "le" in found:
        return f"{found['ge']} to {found['le']}"
    return f"{found['ge']} or more" if "ge" in found else "number"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None or value is PydanticUndefined or value in ("", ()):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
