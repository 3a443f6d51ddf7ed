"""Verifying and forgetting over HTTP and in the page."""

from __future__ import annotations

import tempfile

from fastapi.testclient import TestClient

from chatanything.bundle import Persona
from chatanything.persona.memory.store import kept
from chatanything.server.app import create_app
from chatanything.server.services import Services


def test_a_portrait_and_a_card_carry_credentials(client: TestClient, services: Services) -> None:
    persona = client.get("/v1/personas").json()["data"][0]["id"]
    for place, name in (("portrait", "face.png"), ("export?format=png", "card.png")):
        data = client.get(f"/v1/personas/{persona}/{place}").content
        said = client.post("/v1/verify", files={"file": (name, data)}).json()
        assert (said["state"], said["trusted"]) == ("valid", True)
        assert said["run"]["persona"] == services.libraries.of("local").find(persona).name
        assert b"tEXtccv3" in data or name == "face.png"
    cut = client.post("/v1/verify", files={"file": ("card.png", data[:-200] + b"x" + data[-199:])}).json()
    assert cut["state"] == "invalid"
    assert cut["lines"]
    assert tempfile.gettempdir() not in "".join(cut["lines"])


def test_speech_carries_credentials_where_its_format_has_a_place(client: TestClient) -> None:
    persona = client.get("/v1/personas").json()["data"][0]["id"]
    for form, state in (("wav", "valid"), ("flac", "valid"), ("mp3", "absent")):
        asked = {"model": "x", "voice": persona, "input": "Hello.", "response_format": form}
        sound = client.post("/v1/audio/speech", json=asked)
        said = client.post("/v1/verify", files={"file": (f"a.{form}", sound.content)}).json()
        assert said["state"] == state
        assert not said["run"] or said["run"]["stages"][0]["stage"] == "speech"


def test_what_cannot_be_verified_is_refused(client: TestClient, make_services) -> None:
    assert client.post("/v1/verify", files={"file": ("x.exe", b"MZ")}).status_code == 400
    assert client.post("/v1/verify", files={"file": ("x.mkv", b"nothing")}).json()["state"] == "absent"
    assert client.post("/v1/verify").status_code == 422
    small = TestClient(create_app(make_services(upload_mb=1)), base_url="http://localhost")
    assert small.post("/v1/verify", files={"file": ("x.png", b"x" * 1_100_000)}).status_code == 413


def test_forgetting_takes_memories_along(client: TestClient, services: Services, apple: Persona) -> None:
    library = services.libraries.of("local")
    mine = library.add(apple, now_s=5.0).id
    services.memory("local", mine, "Apple", "ann").close()
    services.memory("local", "somebody-else", "x", "ann").close()
    gone = client.delete(f"/v1/personas/{mine}", params={"videos": True}).json()
    assert (gone["deleted"], gone["memories"], gone["voices"], gone["videos"]) == (True, 1, [], [])
    assert [one.persona_id for one in kept(services.memories("local"))] == ["somebody-else"]
