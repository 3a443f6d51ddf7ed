"""The reference of the server's routes, from its OpenAPI description."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from scripts.docs.generated import NOTE

_INTRO = """# Routes of the server

What [SERVER.md](../SERVER.md) explains, route by route. A running server shows the same at `/docs`, and
describes itself to machines at `/openapi.json`. Live sessions over a WebSocket (`/v1/live`) are in
[SERVER.md](../SERVER.md#a-conversation-over-a-websocket).
"""
_METHODS = ("get", "post", "put", "patch", "delete")


@lru_cache(maxsize=1)
def openapi() -> Mapping[str, Any]:
    """The description that a server without keys gives."""
    from chatanything.server.app import create_app
    from chatanything.server.services import Services
    from chatanything.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        config = Settings.model_construct(home=Path(folder), llm="rules")
        with Services(config) as services:
            found: Mapping[str, Any] = create_app(services).openapi()
    return found


def server_page() -> str:
    """Every route with its parameters, its body and what it answers."""
    described = openapi()
    parts = [NOTE + _INTRO]
    tag = ""
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method not in operations:
                continue
            one = operations[method]
            if one["tags"][0] != tag:
                tag = one["tags"][0]
                parts.append(f"## {tag.capitalize()}\n")
            parts.append(_route(method, path, one, described["components"]["schemas"]))
    return "\n".join(parts).rstrip() + "\n"


def _route(method: str, path: str, one: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    lines = [f"### `{method.upper()} {path}`", "", *one.get("description", "").splitlines(), ""]
    rows = list(_rows(one, schemas))
    if rows:
        lines += ["| field | meaning | in | type | default |", "| --- | --- | --- | --- | --- |", *rows, ""]
    lines += [f"Answers {_answers(one)}.", ""]
    return "\n".join(lines)


def _rows(one: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    for parameter in one.get("parameters", []):
        yield _row(parameter["name"], parameter["in"], parameter["schema"], parameter["required"], schemas)
    for kind, content in one.get("requestBody", {}).get("content", {}).items():
        schema = _resolved(content["schema"], schemas)
        where = "form" if kind.startswith("multipart") and "json" not in "".join(_kinds(one)) else "body"
        for name, field in schema.get("properties", {}).items():
            yield _row(name, where, field, name in schema.get("required", ()), schemas)
        break  # a form has the fields of the JSON object


def _kinds(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one["requestBody"]["content"])


def _row(name: str, where: str, field: Mapping[str, Any], required: bool, schemas: Mapping[str, Any]) -> str:
    default = "needed" if required else _default(field.get("default"))
    meaning = " ".join((field.get("description") or _resolved(field, schemas).get("description", "")).split())
    cells = (f"`{name}`", meaning, where, _type(field), default)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(value: Any) -> str:
    return "" if value in (None, [], {}, "") else f"`{json.dumps(value).strip(chr(34))}`"


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    # What may be left out is described as one of two: itself or null.
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(choices) == 1:
        return _resolved(choices[0], schemas)
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = schemas.get(name, schema)
    return found


def _type(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(one) for one in field["anyOf"] if one.get("type") != "null"))
    if "$ref" in field:
        return str(field["$ref"].rpartition("/")[2])
    if "enum" in field or "const" in field:
        return ", ".join(f"`{one}`" for one in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    is_file = field.get("format") == "binary" or "contentMediaType" in field
    kind = "file" if is_file else str(field.get("type", "anything"))
    least, most = field.get("minimum"), field.get("maximum")
    return f"{kind}, {least:g} to {most:.10g}" if least is not None and most is not None else kind


def _answers(one: Mapping[str, Any]) -> str:
    found = []
    for status, answer in sorted(one["responses"].items()):
        if status.startswith("2"):
            content = answer.get("content", {})
            names = {_type(kind["schema"]) for kind in content.values() if kind.get("schema", {}).get("$ref")}
            found.append(
                f"{status} with {', '.join(sorted(names)) or ', '.join(f'`{kind}`' for kind in content)}"
            )
    errors = [status for status in sorted(one["responses"]) if not status.startswith("2")]
    return ", ".join(found) + (f"; errors {', '.join(errors)}" if errors else "")
