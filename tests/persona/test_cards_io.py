"""Persona files: round trips, foreign cards, damage and malice."""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chatanything.errors import OutputError, PersonaError
from chatanything.persona.cards_io import CardFile, read_card, write_card
from chatanything.persona.chat_prompt import PROMPT_TOKENS, messages, tokens_in
from chatanything.persona.writer import write_card as compose
from tests.tiny import persona_cards as foreign

ASSETS = {
    "x_face/face.npz": b"PK\x03\x04 numbers",
    "x_face/lips_aa.png": foreign.picture(),
    "/app.json": b"{}",
}


@pytest.fixture(scope="module")
def ours() -> CardFile:
    card = compose("a shy teapot who loves rain", llm=None, seed=3)
    card = card.model_copy(update={"extensions": {"studio": {"voice": [1, 2.5, None], "name": "Ünï"}}})
    return CardFile(card, foreign.picture(), ASSETS)


def raw_of(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    if path.suffix == ".charx":
        data = zipfile.ZipFile(io.BytesIO(data)).read("card.json")
    if path.suffix == ".png":
        data = base64.b64decode(Image.open(path).text["ccv3"])  # type: ignore[attr-defined]
    parsed = json.loads(data)
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("suffix", [".charx", ".png", ".json"])
def test_round_trip_keeps_everything(ours: CardFile, tmp_path: Path, suffix: str) -> None:
    path, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    write_card(path, ours)
    back = read_card(path)
    assert back.card == ours.card
    assert back.portrait_png is not None
    assert back.portrait_png == foreign.picture()
    assert dict(back.assets) == (ASSETS if suffix == ".charx" else {})
    write_card(second, back)
    assert second.read_bytes() == path.read_bytes()
    assert set(tmp_path.iterdir()) == {path, second}


@pytest.mark.parametrize("suffix", [".charx", ".png", ".json"])
def test_written_cards_follow_the_v3_specification(ours: CardFile, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_card(path, ours)
    raw = raw_of(path)
    assert (raw["spec"], raw["spec_version"]) == ("chara_card_v3", "3.0")
    data = raw["data"]
    texts = ("name", "description", "personality", "scenario", "first_mes", "mes_example", "creator_notes",
             "system_prompt", "post_history_instructions", "creator", "character_version")  # fmt: skip
    assert all(isinstance(data[key], str) for key in texts)
    assert data["group_only_greetings"] == []
    assert data["creation_date"] == 0
    assert data["extensions"]["chatanything"]["schema_version"] == 1
    assert sum(a["type"] == "icon" and a["name"] == "main" for a in data["assets"]) == 1
    for asset in data["assets"]:
        assert set(asset) == {"type", "uri", "name", "ext"}
        assert asset["uri"].startswith(("embeded://assets/", "ccdefault:", "data:image/png;base64,"))
    if suffix == ".charx":
        names = zipfile.ZipFile(path).namelist()
        assert names[0] == "card.json"
        assert {a["uri"].removeprefix("embeded://") for a in data["assets"]} <= set(names)


def test_png_has_both_chunks_and_the_old_one_warns(ours: CardFile, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_card(path, ours)
    picture = Image.open(path)
    picture.load()
    v2 = json.loads(base64.b64decode(picture.text["chara"]))  # type: ignore[attr-defined]
    assert v2["spec"] == "chara_card_v2"
    assert "Character Card V3" in v2["data"]["creator_notes"]
    assert "group_only_greetings" not in v2["data"]
    assert v2["data"]["first_mes"] == ours.card.greeting


@pytest.mark.parametrize("spec", ["v1", "v2", "v3"])
@pytest.mark.parametrize("suffix", [".json", ".png", ".charx"])
def test_foreign_cards_become_personas_and_lose_nothing(tmp_path: Path, spec: str, suffix: str) -> None:
    raw: dict[str, Any] = {"v1": foreign.V1, "v2": foreign.v2(), "v3": foreign.v3()}[spec]
    path, again = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    if suffix == ".json":
        path.write_text(json.dumps(raw), encoding="utf-8")
    elif suffix == ".png":
        path.write_bytes(foreign.png_card(**{"ccv3" if spec == "v3" else "chara": raw}))
    else:
        path.write_bytes(foreign.charx_card(raw, **{"assets/icon/images/face.png": foreign.picture()}))
    got = read_card(path)
    card = got.card
    assert card.name == "Aria"
    assert (card.social.gender, card.social.age_band) == ("female", "old")
    assert card.personal.mood == "happy"
    assert "chess" in card.context.loves
    assert card.greeting == '"Welcome, friend! I am Aria. Tea?"'
    assert "{{" not in card.context.backstory
    write_card(again, got)
    data, want = raw_of(again)["data"], raw.get("data", raw)
    for key in want:
        if key not in {"extensions", "assets"}:
            assert data[key] == want[key], key
    if spec != "v1":
        assert data["extensions"]["otherapp"] == {"depth": 4}
    if spec == "v3":
        assert raw_of(again)["x_root"] is True
        assert data["creation_date"] == 1700000000
        assert "https://example.org/bg.png" in [asset["uri"] for asset in data["assets"]]
        mains = [a for a in data["assets"] if (a["type"], a["name"]) == ("icon", "main")]
        assert len(mains) == 1
    assert read_card(again).card == card


def test_ccv3_wins_over_chara(tmp_path: Path) -> None:
    other = foreign.v2()
    other["data"]["name"] = "Wrong"
    path = tmp_path / "a.png"
    path.write_bytes(foreign.png_card(chara=other, ccv3=foreign.v3()))
    assert read_card(path).card.name == "Aria"


def test_edits_of_other_programs_are_followed(ours: CardFile, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_card(path, ours)
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["data"]["name"] = "Kettle"
    raw["data"]["first_mes"] = "Hello, {{user}}, {{char}} here."
    raw["data"]["alternate_greetings"] = ["Psst."]
    path.write_text(json.dumps(raw), encoding="utf-8")
    card = read_card(path).card
    assert (card.name, card.greeting) == ("Kettle", "Hello, friend, Kettle here.")
    write_card(path, CardFile(card))
    assert raw_of(path)["data"]["alternate_greetings"] == ["Psst."]


def bomb() -> bytes:
    return foreign.charx_card(foreign.v3(), **{"assets/other/zero.bin": bytes(70 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """A bomb whose directory claims a small size."""
    data = bytearray(foreign.charx_card(foreign.v3(), **{"assets/other/zero.bin": bytes(70 * 1024 * 1024)}))
    size = struct.pack("<I", 70 * 1024 * 1024)
    at = data.rfind(size)
    data[at : at + 4] = struct.pack("<I", 10)
    return bytes(data)


def damaged(suffix: str) -> bytes:
    whole = {".charx": foreign.charx_card(foreign.v3()), ".png": foreign.png_card(ccv3=foreign.v3())}[suffix]
    return whole[: len(whole) // 2]


BAD = {
    "empty.charx": b"",
    "text.charx": b"hello",
    "cut.charx": damaged(".charx"),
    "traversal.charx": foreign.charx_card(foreign.v3(), **{"../evil.txt": b"x"}),
    "absolute.charx": foreign.charx_card(foreign.v3(), **{"/etc/evil": b"x"}),
    "drive.charx": foreign.charx_card(foreign.v3(), **{"C:/evil": b"x"}),
    "nocard.charx": b"PK\x05\x06" + bytes(18),
    "list.json": b"[1]",
    "nameless.json": b'{"data": {}}',
    "name.json": b'{"name": 7}',
    "broken.json": b'{"name": ',
    "latin.json": '{"name": "é"}'.encode("latin-1"),
    "deep.json": b"[" * 200_000,
    "unnamed.charx": foreign.charx_card(foreign.v3(), Xevil=b"x").replace(b"Xevil", b"\0evil"),
    "icon.json": json.dumps(
        {"spec": "chara_card_v3", "data": {"name": "A", "assets": [
            {"type": "icon", "name": "main", "ext": "png", "uri": "data:image/png;base64,aé"}]}}
    ).encode(),
    "cut.png": damaged(".png"),
    "plain.png": foreign.picture(),
    "jpeg.png": b"\xff\xd8\xff\xe0",
    "base64.png": foreign.picture()[:-12]
    + struct.pack(">I", 8) + b"tEXtccv3\0!!!" + bytes(4) + foreign.picture()[-12:],
    "ours.json": json.dumps({"data": {"name": "A", "extensions": {"chatanything": {"id": "x"}}}}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_clear_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name])
    with pytest.raises(PersonaError) as caught:
        read_card(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
    assert list(tmp_path.rglob("*")) == [path]


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_zip_bombs_are_refused(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "bomb.charx"
    path.write_bytes(make())
    assert path.stat().st_size < 1024 * 1024
    with pytest.raises(PersonaError, match=r"64 MB|readable zip"):
        read_card(path)


def test_encrypted_huge_missing_and_misnamed_files_are_refused(tmp_path: Path) -> None:
    data = bytearray(foreign.charx_card(foreign.v3()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + offset] |= 1
    (tmp_path / "locked.charx").write_bytes(data)
    with pytest.raises(PersonaError, match="encrypted"):
        read_card(tmp_path / "locked.charx")
    with (tmp_path / "huge.json").open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    with pytest.raises(PersonaError, match="at most 64 MB"):
        read_card(tmp_path / "huge.json")
    with pytest.raises(PersonaError, match="No such file"):
        read_card(tmp_path / "none.json")
    with pytest.raises(PersonaError, match=r"\.charx, \.png, \.json"):
        read_card(tmp_path / "a.txt")


def test_failed_writes_leave_nothing(ours: CardFile, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_card(tmp_path / "none" / "a.json", ours)
    with pytest.raises(PersonaError, match="needs a portrait"):
        write_card(tmp_path / "a.png", CardFile(ours.card))
    with pytest.raises(PersonaError, match="outside its folder"):
        write_card(tmp_path / "a.charx", CardFile(ours.card, None, {"../../evil": b"x"}))
    with pytest.raises(PersonaError, match="too large"):
        write_card(tmp_path / "a.charx", CardFile(ours.card, None, {"x_a/b.bin": bytes(65 * 1024 * 1024)}))
    with pytest.raises(PersonaError, match="persona file"):
        write_card(tmp_path / "a.zip", ours)
    assert list(tmp_path.iterdir()) == []


def test_a_card_of_five_megabytes_is_read_and_fits_a_prompt(tmp_path: Path) -> None:
    data = {"name": "Bram", "description": "The sea is wide. " * 310_000, "first_mes": "Hello there, you."}
    path = tmp_path / "big.json"
    path.write_text(json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": data}))
    assert path.stat().st_size > 5_000_000
    card = read_card(path).card
    assert card.name == "Bram"
    assert sum(tokens_in(turn["content"]) for turn in messages(card, (), "Hi.")) <= PROMPT_TOKENS


def test_half_of_a_character_in_somebody_elses_card_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    words = "Moss is a grumpy gardener \\ud83c\\udf3f who was cut short \\ud83c"
    path.write_text(f'{{"name": "Moss", "description": "{words}"}}', encoding="utf-8")
    card = read_card(path).card
    assert card.name == "Moss"
    assert "gardener \U0001f33f who was cut short ?" in card.context.backstory
    write_card(tmp_path / "again.json", read_card(path))
    assert read_card(tmp_path / "again.json").card.context.backstory == card.context.backstory
