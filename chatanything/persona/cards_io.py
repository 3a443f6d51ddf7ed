"""Persona files: .charx, .png and .json character cards.

Character Card V3 (ccv3, CHARX, JSON) with a V2 chunk beside it in PNG files; V1 and V2 are read too.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from chatanything.errors import OutputError, PersonaError
from chatanything.persona import charx, png
from chatanything.persona.card import PersonaCard
from chatanything.persona.card_v3 import KEPT, from_any, to_v2, to_v3

SUFFIXES: Final = (".charx", ".png", ".json")
_FOLDER: Final = "assets/"
_ICON: Final = "icon/images/main.png"
_SCHEME: Final = "embeded://"
"""Spelt as in the specification."""
_DATA_URL: Final = "data:image/png;base64,"
_TYPES: Final = frozenset({"icon", "background", "emotion", "user_icon", "other"})


@dataclass(frozen=True, slots=True)
class CardFile:
    """What a persona file holds."""

    card: PersonaCard
    portrait_png: bytes | None = None
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """Path -> bytes, only in CHARX files. Paths are relative to `assets/`; a leading "/" means the
    root of the archive. Our own types start with `x_`."""


def write_card(path: Path | str, card_file: CardFile, finish: Callable[[bytes], bytes] | None = None) -> None:
    """Write a persona file, in the format of its suffix, whole or not at all.

    Args:
        path: The file.
        card_file: What goes into it.
        finish: Turns the bytes into those that are written; signs them, for instance.

    Raises:
        PersonaError: The suffix is none of .charx, .png, .json; a PNG without portrait; too large.
        OutputError: The file cannot be written.
    """
    target = Path(path)
    encode = {".charx": _to_charx, ".png": _to_png, ".json": _to_json}.get(target.suffix.lower())
    if encode is None:
        raise _suffix_error(target)
    data = encode(card_file)
    _write_atomically(target, finish(data) if finish else data)


def read_card(path: Path | str) -> CardFile:
    """Read a persona file, ours or anybody's.

    Raises:
        PersonaError: Not there, larger than 64 MB, or not a character card.
    """
    source = Path(path)
    decode = {".charx": _from_charx, ".png": _from_png, ".json": _from_json}.get(source.suffix.lower())
    if decode is None:
        raise _suffix_error(source)
    try:
        with source.open("rb") as stream:
            # One reading: a file that grows meanwhile is too large all the same.
            data = stream.read(charx.LIMIT_BYTES + 1)
    except OSError as exc:
        raise PersonaError(f"{source} cannot be read", got=exc.strerror or str(exc)) from exc
    if len(data) > charx.LIMIT_BYTES:
        raise PersonaError(f"{source} is too large for a persona", expected="at most 64 MB")
    return decode(data)


# ------------------------------------------------------------------ formats


def _to_charx(card_file: CardFile) -> bytes:
    files = {_zip_path(name): data for name, data in card_file.assets.items()}
    if card_file.portrait_png is not None:
        files[_FOLDER + _ICON] = card_file.portrait_png
    v3 = to_v3(card_file.card)
    listed = [_entry(name) for name in sorted(files) if name.startswith(_FOLDER)]
    v3["data"]["assets"] = _merged(listed, v3["data"].get("assets", []))
    return charx.pack({**files, charx.CARD: _json(v3, indent=1)})


def _from_charx(data: bytes) -> CardFile:
    members = charx.unpack(data)
    raw = _parsed(members.pop(charx.CARD))
    icon = _icon_uri(raw)
    portrait = members.pop(icon.removeprefix(_SCHEME), None) if icon.startswith(_SCHEME) else None
    assets = {_asset_key(name): body for name, body in members.items()}
    return CardFile(_without_listed(from_any(raw), assets, portrait), portrait, assets)


def _to_png(card_file: CardFile) -> bytes:
    if card_file.portrait_png is None:
        raise PersonaError("a PNG card needs a portrait", hint="Save the persona as .json or .charx instead.")
    v3 = to_v3(card_file.card)
    main = {"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}
    v3["data"]["assets"] = _merged([main], v3["data"].get("assets", []))
    return png.with_cards(card_file.portrait_png, {"chara": _json(to_v2(v3)), "ccv3": _json(v3)})


def _from_png(data: bytes) -> CardFile:
    texts = png.card_texts(data)
    found = next((texts[key] for key in png.CARD_KEYS if key in texts), None)
    if found is None:
        raise PersonaError("the PNG file holds no character card", expected="a ccv3 or chara chunk")
    portrait = png.with_cards(data, {})
    return CardFile(_without_listed(from_any(_parsed(found)), {}, portrait), portrait)


def _to_json(card_file: CardFile) -> bytes:
    v3 = to_v3(card_file.card)
    listed = []
    if card_file.portrait_png is not None:
        uri = _DATA_URL + base64.b64encode(card_file.portrait_png).decode()
        listed = [{"type": "icon", "uri": uri, "name": "main", "ext": "png"}]
    v3["data"]["assets"] = _merged(listed, v3["data"].get("assets", []))
    return _json(v3, indent=1)


def _from_json(data: bytes) -> CardFile:
    raw = _parsed(data)
    icon, portrait = _icon_uri(raw), None
    if icon.startswith(_DATA_URL):
        try:
            portrait = base64.b64decode(icon.removeprefix(_DATA_URL), validate=True)
        except ValueError as exc:  # letters beyond ASCII are refused with another error than wrong ones
            raise PersonaError("the card's icon is not base64", got=str(exc)) from exc
    return CardFile(_without_listed(from_any(raw), {}, portrait), portrait)


# ------------------------------------------------------------------ assets


def _zip_path(key: str) -> str:
    return key.removeprefix("/") if key.startswith("/") else _FOLDER + key


def _asset_key(name: str) -> str:
    return name.removeprefix(_FOLDER) if name.startswith(_FOLDER) else "/" + name


def _entry(name: str) -> dict[str, str]:
    """The list entry of a file under assets/."""
    path = PurePosixPath(name)
    kind = path.parts[1] if len(path.parts) > 2 else "other"
    kind = kind if kind in _TYPES or kind.startswith("x_") else "other"
    return {
        "type": kind,
        "uri": _SCHEME + name,
        "name": "main" if name == _FOLDER + _ICON else path.stem,
        "ext": path.suffix.removeprefix(".").lower() or "unknown",
    }


def _merged(ours: list[dict[str, str]], kept: list[Any]) -> list[Any]:
    """Ours, then what the card listed before; there is one main icon and no file twice."""
    uris = {entry["uri"] for entry in ours}
    main = any(_is_main_icon(entry) for entry in ours)
    others = [
        e for e in kept if not (isinstance(e, dict) and (e.get("uri") in uris or (main and _is_main_icon(e))))
    ]
    listed = {e["uri"]: e for e in kept if isinstance(e, dict) and isinstance(e.get("uri"), str)}
    return [listed.get(entry["uri"], entry) for entry in ours] + others


def _is_main_icon(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("type") == "icon" and entry.get("name") == "main"


def _icon_uri(raw: Any) -> str:
    data = raw.get("data") if isinstance(raw, dict) else None
    assets = data.get("assets") if isinstance(data, dict) else None
    icons = [e for e in assets if _is_main_icon(e)] if isinstance(assets, list) else []
    uri = icons[0].get("uri") if icons else ""
    return uri if isinstance(uri, str) else ""


def _without_listed(card: PersonaCard, assets: Mapping[str, bytes], portrait: bytes | None) -> PersonaCard:
    """Forget list entries that are made anew at writing: the portrait, and the files at hand.

    Entries whose type or name another program chose are kept, so that they survive.
    """
    kept = card.extensions.get(KEPT, {})
    listed = kept.get("data", {}).get("assets")
    if listed is None:
        return card
    made: list[Any] = [_entry(_zip_path(key)) for key in assets]
    left = [entry for entry in listed if entry not in made]
    if portrait is not None:
        left = [entry for entry in left if not _is_main_icon(entry)]
    data = {key: value for key, value in kept["data"].items() if key != "assets"}
    if left:
        data["assets"] = left
    found = {key: value for key, value in {**kept, "data": data}.items() if value}
    extensions = {key: value for key, value in card.extensions.items() if key != KEPT}
    return card.model_copy(update={"extensions": {**extensions, KEPT: found} if found else extensions})


# ------------------------------------------------------------------ bytes


def _json(value: Mapping[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent).encode()


def _parsed(data: bytes) -> Any:
    try:
        tree = json.loads(data.decode("utf-8-sig"))
        # Half of a character, from a text that was cut in the middle of one, can be escaped but not written.
        if b"\\ud" in data.lower():
            tree = json.loads(json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as exc:
        raise PersonaError("the card is not JSON in UTF-8", got=str(exc)[:120]) from exc
    return tree


def _write_atomically(target: Path, data: bytes) -> None:
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".card-", delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(data)
        temporary.chmod(0o644)
        os.replace(temporary, target)  # noqa: PTH105 - the same call, named as in the manual
    except OSError as exc:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise OutputError(f"{target} cannot be written", got=exc.strerror or str(exc)) from exc


def _suffix_error(path: Path) -> PersonaError:
    return PersonaError(
        f"{path.name} is not a persona file", expected="a name ending in " + ", ".join(SUFFIXES)
    )
