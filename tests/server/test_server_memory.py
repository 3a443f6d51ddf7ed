"""What a persona knows of a caller's users: written by chat and live sessions, shown, corrected, removed."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing, contextmanager
from threading import enumerate as enumerate_threads

import pytest
from fastapi.testclient import TestClient
from websockets.sync.client import connect

from chatanything.persona.chat_prompt import MAX_SAID
from chatanything.persona.memory.conversations import GAP_S
from chatanything.persona.memory.store import path_for
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
    end = time.monotonic() + 30
    while not memory.statements:  # it is kept once the answer was heard
        assert time.monotonic() < end
        time.sleep(0.05)
    assert [one.text for one in memory.statements] == ["I play the cello in a quartet."]
    memory.close()


def test_a_conversation_over_the_api_ends_after_an_hour(client, services):
    long_ago = time.time() - 100 * GAP_S
    with closing(services.memory("local", PERSONA, "Pippin", "zoe")) as memory:
        for n in range(10):
            said = f"My cousin number {n} builds boats."
            memory.note(said, "Does he?", at_s=long_ago + 2 * n * GAP_S)
    before = client.get(MEMORY, params={"user": "zoe"}).json()
    assert (len(before["episodes"]), len(before["turns"])) == (0, 20)
    assert before["turns"][1] == {"at_s": long_ago, "role": "assistant", "text": "Does he?"}
    tell(client, "Is it late?", user="zoe")
    after = client.get(MEMORY, params={"user": "zoe"}).json()
    assert [one["ended_s"] for one in after["episodes"]] == [long_ago + 2 * n * GAP_S for n in range(8)]
    assert after["episodes"][0]["summary"] == "The user said: My cousin number 0 builds boats."
    tell(client, "Are you sure?", user="zoe")  # nobody waits for more than eight at once
    shown = client.get(MEMORY, params={"user": "zoe"}).json()
    assert len(shown["episodes"]) == 10
    said = [one["text"] for one in shown["turns"] if one["role"] == "user"]
    assert said == ["Is it late?", "Are you sure?"]
    assert len(shown["statements"]) == len(before["statements"])


def test_an_answer_does_not_fail_because_an_earlier_conversation_cannot_be_summed_up(
    client, services, monkeypatch
):
    monkeypatch.setattr("chatanything.persona.memory.store._BUSY_S", 0.05)
    with closing(services.memory("local", PERSONA, "Pippin", "kim")) as memory:
        memory.note("I like plums.", "So do I.", at_s=1.0)
    path = path_for("kim", PERSONA, services.memories("local"))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        body = {"model": PERSONA, "messages": [{"role": "user", "content": "Hello!"}], "user": "kim"}
        answer = client.post("/v1/chat/completions", json={**body, "stream": True}).text
    assert answer.count('"content"') > 1  # what is said comes before it is found that it cannot be kept
    assert "Another program holds it" in answer
    assert len(client.get(MEMORY, params={"user": "kim"}).json()["turns"]) == 2


def test_of_a_long_message_is_kept_what_is_read(client):
    said = " ".join(f"I own {n} boats of kind {n}." for n in range(900))[:20_000]
    tell(client, said, user="max")
    shown = client.get(MEMORY, params={"user": "max"}).json()
    assert shown["turns"][0]["text"] == said[:MAX_SAID]
    assert 1 < len(shown["statements"]) <= 10
    body = {"model": PERSONA, "messages": [{"role": "user", "content": " " * MAX_SAID + "Hello!"}]}
    assert client.post("/v1/chat/completions", json=body).status_code == 400


def test_who_asks_twice_to_forget_loses_nothing_else(client):
    tell(client, "I like plums. My sister Nora lives in Lisbon.", user="ivy")
    assert client.delete(f"{MEMORY}/2", params={"user": "ivy"}).status_code == 200
    tell(client, "I play the cello in a quartet.", user="ivy")
    assert client.delete(f"{MEMORY}/2", params={"user": "ivy"}).status_code == 404
    assert texts(client, "ivy") == ["I like plums.", "I play the cello in a quartet."]


@contextmanager
def talking(url, persona, user):
    """A conversation; what it gives says something and waits for the end of the answer."""
    address = f"{url.replace('http', 'ws')}/v1/live?persona={persona}&user={user}"
    with connect(address, max_size=None) as socket:

        def say(text):
            socket.send(json.dumps({"type": "say", "text": text}))
            while True:
                message = socket.recv(60)
                if isinstance(message, str) and json.loads(message)["type"] == "done":
                    return

        yield say


def wait_for(happened):
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_forgotten_during_a_talk_is_known_to_nobody(services):
    path = path_for("liv", PERSONA, services.memories("local"))

    def kept():
        return path.read_bytes() if path.exists() else b""

    with (
        TestClient(create_app(services), base_url="http://localhost") as client,
        serving(services) as url,
        talking(url, PERSONA, "liv") as say,
    ):
        say("I play the cello in a quartet.")
        wait_for(lambda: b"cello" in kept())
        assert client.delete(MEMORY, params={"user": "liv"}).json()["deleted"]
        assert not path.exists()
        assert client.get(MEMORY, params={"user": "liv"}).status_code == 404
        say("My sister Nora lives in Lisbon.")
        wait_for(lambda: b"Lisbon" in kept())
        assert texts(client, "liv") == ["My sister Nora lives in Lisbon."]
    assert b"cello" not in kept()


def test_a_persona_that_is_forgotten_during_a_talk_keeps_nothing(make_services, apple):
    services = make_services()
    kept = services.libraries.of("local").add(apple, now_s=1.0)
    with (
        TestClient(create_app(services), base_url="http://localhost") as client,
        serving(services) as url,
        talking(url, kept.id, "ada") as say,
    ):
        say("I play the cello in a quartet.")
        assert client.delete(f"/v1/personas/{kept.id}").status_code == 200
        say("My sister Nora lives in Lisbon.")
    wait_for(lambda: not any(one.name.startswith("live") for one in enumerate_threads()))
    assert list(services.memories("local").iterdir()) == []
