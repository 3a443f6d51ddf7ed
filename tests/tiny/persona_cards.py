"""Foreign character cards, made with other code than ours: Pillow's tEXt writer and plain zipfile."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

V1 = {
    "name": "Aria",
    "description": "{{char}} is a cheerful old woman who runs a tea shop in Kyoto and loves chess.",
    "personality": "warm, talkative",
    "scenario": "You enter the shop.",
    "first_mes": '*wipes the counter* "Welcome, {{user}}! I am {{char}}. Tea?"',
    "mes_example": "<START>",
}


def v2() -> dict[str, Any]:
    data = {
        **V1,
        "creator_notes": "be nice",
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": ["Hi!"],
        "tags": ["tea"],
        "creator": "somebody",
        "character_version": "2",
        "extensions": {"otherapp": {"depth": 4}},
    }
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def v3() -> dict[str, Any]:
    data = {
        **v2()["data"],
        "group_only_greetings": [],
        "creation_date": 1700000000,
        "nickname": "Ari",
        "x_future": [1, {"deep": None}],
        "assets": [
            {"type": "icon", "uri": "embeded://assets/icon/images/face.png", "name": "main", "ext": "png"},
            {
                "type": "emotion",
                "uri": "embeded://assets/emotion/images/1.png",
                "name": "happy",
                "ext": "png",
            },
            {"type": "background", "uri": "https://example.org/bg.png", "name": "main", "ext": "png"},
        ],
    }
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data, "x_root": True}


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 120, 40)).save(buffer, "PNG")
    return buffer.getvalue()


def png_card(**cards: Any) -> bytes:
    info = PngInfo()
    for key, card in cards.items():
        info.add_text(key, base64.b64encode(json.dumps(card).encode()).decode())
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (1, 2, 3)).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def charx_card(card: Any, **members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", json.dumps(card))
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
