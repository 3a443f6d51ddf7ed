"""What a persona knows of a caller's users: written by chat and live sessions, shown, corrected, removed."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from websockets.sync.client import connect

from chatanything.server.app import create_app
from chatanything.server.running import serving
from tests.tiny.scripted_llm import Scripted

pytestmark = pytest.mark.weights
PERSONA = "pippin-00000007"
MEMORY = f"/v1/personas/{PERSONA}/memory"


def tell(client, said, **more):
    body = {"model": PERSONA, "messages": [{"role": "user", "content": said}], **more}
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    return answer


def texts(client, user):
    return [one["text"] for one in client.get(MEMORY, params={"user": user}).json()["statements"]]


def test_what_a_user_says_is_kept_for_him_alone_and_only_if_asked(client):
    tell(client, "I have two dogs, Max and Moritz.")
    assert client.get(MEMORY, params={"user": "ada"}).status_code == 404
    tell(client, "I have two dogs, Max and Moritz.", user="ada")
    tell(client, "My favourite drink is green tea.", user="ada", stream=True)
    assert texts(client, "ada") == ["I have two dogs, Max and Moritz.", "My favourite drink is green tea."]
    assert client.get(MEMORY, params={"user": "bob"}).status_code == 404
    assert client.get(MEMORY).status_code == 422


def test_memories_are_corrected_and_forgotten(client):
    tell(client, "My secret cabin stands near Ullapool. I like plums.", user="eve")
    first = client.get(MEMORY, params={"user": "eve"}).json()["statements"][0]
    changed = client.patch(f"{MEMORY}/{first['id']}", params={"user": "eve"}, json={"text": "I own a cabin."})
    assert changed.json()["statements"][0] == {
        **first,
        "text": "I own a cabin.",
        "edited": True,
        "since_s": changed.json()["statements"][0]["since_s"],
    }
    assert client.patch(f"{MEMORY}/99", params={"user": "eve"}, json={"text": "x"}).status_code == 404
    assert client.patch(f"{MEMORY}/1", params={"user": "eve"}, json={"text": " "}).status_code == 422
    assert client.delete(f"{MEMORY}/{first['id']}", params={"user": "eve"}).json()["deleted"]
    assert texts(client, "eve") == ["I like plums."]
    assert client.delete(MEMORY, params={"user": "eve"}).json()["deleted"]
    assert client.get(MEMORY, params={"user": "eve"}).status_code == 404
    assert client.delete(MEMORY, params={"user": "never seen"}).json()["deleted"]
    assert client.get("/v1/personas/nobody/memory", params={"user": "eve"}).status_code == 404


def test_a_forgotten_persona_takes_its_memories_along(make_services, apple):
    services = make_services()
    kept = services.libraries.of("local").add(apple, now_s=1.0)
    services.memory("local", kept.id, "Pippin", "ada").close()
    services.memory("local", "somebody-else", "X", "ada").close()
    folder = services.memories("local")
    assert len(list(folder.iterdir())) == 2
    with TestClient(create_app(services), base_url="http://localhost") as client:
        assert client.delete(f"/v1/personas/{kept.id}").status_code == 200
    assert len(list(folder.iterdir())) == 1


def test_a_model_is_told_what_the_user_said_before(make_services, apple):
    llm = Scripted("Your sister in Lisbon, of course!", exclusive=False)
    services = make_services(llm=llm)
    services.libraries.of("local").add(apple, now_s=1.0)
    with TestClient(create_app(services), base_url="http://localhost") as client:
        tell(client, "My sister Nora lives in Lisbon.", user="ada")
        tell(client, "Whom should I visit in Portugal?", user="ada")
        tell(client, "Whom should I visit in Portugal?", user="bob")
    # Who told nothing is told no sister's name: the model may be asked again for him.
    knows = ["Nora lives in Lisbon" in asked[0]["content"] for asked in llm.asked]
    assert knows[:3] == [False, True, False]
    assert not any(knows[3:])


def test_a_live_session_remembers_its_user(services):
    with serving(services) as url:
        address = f"{url.replace('http', 'ws')}/v1/live?persona={PERSONA}&user=mia"
        with connect(address, max_size=None) as socket:
            socket.send(json.dumps({"type": "say", "text": "I play the cello in a quartet."}))
            while True:
                message = socket.recv(60)
                if isinstance(message, str) and json.loads(message)["type"] == "done":
                    break
    memory = services.memory("local", PERSONA, "", "mia")
    assert [one.text for one in memory.statements] == ["I play the cello in a quartet."]
    memory.close()
