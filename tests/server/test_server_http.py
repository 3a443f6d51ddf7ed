"""Routes as a program calls them: personas, limits, keys, and what must not get in."""

from __future__ import annotations

import io
import json
import re
import threading
import time

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from chatanything.server.app import create_app
from chatanything.voice.match import TOO_CLOSE, closeness

pytestmark = pytest.mark.weights
KEYS = {"alice": "a" * 24, "bob": "b" * 24}


def bearer(name):
    return {"Authorization": f"Bearer {KEYS[name]}"}


def wrong(answer, status):
    """Check the shape of a failure and return its message."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert "Traceback" not in answer.text
    return error["message"]


def test_state(client, services):
    assert client.get("/health").json()["status"] == "ok"
    end = time.monotonic() + 60
    while client.get("/ready").status_code == 503:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert client.get("/ready").json()["status"] == "ready"
    client.get("/v1/personas/some-secret-name")
    figures = client.get("/metrics").text
    assert (
        'chatanything_requests_total{method="GET",route="/v1/personas/{persona_id}",status="404"}' in figures
    )
    assert "some-secret-name" not in figures


def test_invented_methods_share_one_figure(client):
    def methods():
        return set(re.findall(r'_requests_total\{method="([^"]*)"', client.get("/metrics").text))

    for number in range(20):
        client.request(f"INVENTED{number}", "/health")
        client.request(f"INVENTED{number}", "/nowhere")
    assert "other" in methods()
    assert methods() <= {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"}


def test_changes_at_the_same_time_are_all_kept(client, services):
    persona = client.post("/v1/personas", json={"description": "a shy kettle", "seed": 4}).json()
    where = f"/v1/personas/{persona['id']}"
    answers = []

    def redraw():
        answers.append(client.patch(where, json={"face_seed": 5}))

    drawing = threading.Thread(target=redraw)
    drawing.start()
    greetings = 0
    while drawing.is_alive() or not greetings:
        greetings += 1
        # Drawing takes seconds, so that these come in the middle of it.
        answer = client.patch(where, json={"card": {"greeting": f"Tea {greetings}?"}})
        assert answer.status_code == 200
    drawing.join()
    assert answers[0].status_code == 200
    library = services.libraries.of("local")
    card = library.load(persona["id"]).card
    assert (card.greeting, card.extensions["face_seed"]) == (f"Tea {greetings}?", 5)
    assert library._changing == {}
    assert client.delete(where).status_code == 200


def test_a_persona_from_birth_to_oblivion(client):
    made = client.post("/v1/personas", json={"description": "a shy teapot", "seed": 3})
    assert made.status_code == 201
    persona = made.json()
    assert persona["description"] == "a shy teapot"
    assert persona["id"] in [one["id"] for one in client.get("/v1/personas").json()["data"]]
    where = f"/v1/personas/{persona['id']}"

    face = client.get(f"{where}/portrait")
    assert Image.open(io.BytesIO(face.content)).size == (256, 256)
    changed = client.patch(
        where, json={"card": {"greeting": "Tea?", "style": {"manner": "Whispers."}}, "voice": "bf_emma"}
    ).json()
    assert changed["greeting"] == "Tea?"
    assert changed["card"]["style"]["manner"] == "Whispers."
    assert changed["card"]["style"]["max_words"] == persona["card"]["style"]["max_words"]
    assert changed["voice"]["weights"] == [["bf_emma", 1.0]]
    assert client.get(f"{where}/portrait").content == face.content
    redrawn = client.patch(where, json={"face_seed": 99})
    assert redrawn.status_code == 200
    assert client.get(f"{where}/portrait").content != face.content

    gone = client.delete(where).json()
    assert (gone["id"], gone["object"], gone["deleted"]) == (persona["id"], "persona.deleted", True)
    wrong(client.get(where), 404)
    wrong(client.delete(where), 404)


def test_somebody_new_sounds_unlike_those_that_are_named(client, services):
    asked = {"description": "a cheerful apple who sings opera", "seed": 8}
    first = client.post("/v1/personas", json=asked).json()
    same = client.post("/v1/personas", json=asked).json()
    assert same["voice"] == first["voice"]
    library = services.libraries.of("local")
    assert library.voices(besides=asked["description"]) == tuple(
        kept.voice for kept in library.all() if kept.description != asked["description"]
    )
    other = client.post("/v1/personas", json={**asked, "unlike": [first["id"]]}).json()
    one, two = (library.find(persona["id"]).voice for persona in (first, other))
    assert one is not None
    assert two is not None
    assert closeness(one, two) <= TOO_CLOSE
    wrong(client.post("/v1/personas", json={**asked, "unlike": ["nobody"]}), 404)
    for persona in (first, same, other):
        client.delete(f"/v1/personas/{persona['id']}")


@pytest.mark.parametrize("form", ["charx", "png", "json"])
def test_a_card_goes_out_and_comes_back(client, form):
    first = client.get("/v1/personas").json()["data"][-1]["id"]
    out = client.get(f"/v1/personas/{first}/export", params={"format": form})
    assert out.headers["content-disposition"] == f'attachment; filename="{first}.{form}"'
    back = client.post("/v1/personas/import", files={"file": (f"any.{form}", out.content)})
    assert back.status_code == 201
    again = back.json()
    assert again["id"] != first  # the old one is still there
    assert again["card"] == client.get(f"/v1/personas/{first}").json()["card"]
    faces = [client.get(f"/v1/personas/{one}/portrait").content for one in (first, again["id"])]
    assert faces[0] == faces[1]
    client.delete(f"/v1/personas/{again['id']}")


def test_wrong_uploads_say_what_is_wrong(client):
    assert "card" in wrong(client.post("/v1/personas/import", files={"file": ("x.exe", b"MZ")}), 400)
    for name, data in (
        ("x.png", b"no picture"), ("x.json", b"{"), ("x.charx", b"PK\x03\x04"), ("x.json", b"[]"),
        ("../../x.json", b"{}"), ("x.png", b""),
    ):  # fmt: skip
        wrong(client.post("/v1/personas/import", files={"file": (name, data)}), 400)
    assert wrong(client.post("/v1/personas/import"), 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/personas", {}),
        ("/v1/personas", {"description": ""}),
        ("/v1/personas", {"description": "x" * 2001}),
        ("/v1/personas", {"description": "a cat", "seed": -1}),
        ("/v1/personas", {"description": "a cat", "colour": "red"}),
        ("/v1/chat/completions", {"model": "x", "messages": []}),
        ("/v1/chat/completions", {"model": "x", "messages": [{"role": "king", "content": "x"}]}),
        ("/v1/audio/speech", {"input": "x", "voice": "y", "response_format": "midi"}),
        ("/v1/audio/speech", {"input": "x", "voice": "y", "speed": 9}),
        ("/v1/videos", {"prompt": "x"}),
        ("/v1/videos", {"model": "x", "style": "bored"}),
    ],
)
def test_wrong_bodies_are_422(client, path, body):
    wrong(client.post(path, json=body), 422)


def test_what_is_no_json(client):
    wrong(client.post("/v1/personas", content=b"{", headers={"Content-Type": "application/json"}), 422)
    wrong(client.post("/v1/videos", content=b"\xff\xfe", headers={"Content-Type": "application/json"}), 400)
    wrong(client.post("/v1/videos", content=b"x", headers={"Content-Type": "multipart/form-data"}), 400)


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "..%2f..%2fetc", "a/../b", "A B", "x" * 300, "persona.charx"]
)
def test_names_do_not_leave_the_library(client, name):
    answer = client.get(f"/v1/personas/{name}/portrait")
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_cards_cannot_be_made_wrong(client):
    first = client.get("/v1/personas").json()["data"][-1]["id"]
    before = client.get(f"/v1/personas/{first}").json()["card"]
    for card in ({"personal": {"constitution": ["No."]}}, {"greeting": 5}, {"nonsense": 1}):
        wrong(client.patch(f"/v1/personas/{first}", json={"card": card}), 400)
    kept = client.patch(
        f"/v1/personas/{first}", json={"card": {"id": "../x", "seed": 1, "safety": {"real_person": True}}}
    )
    assert kept.json()["card"] == before


def test_too_large_is_413(make_services):
    services = make_services(upload_mb=1)
    with TestClient(create_app(services), base_url="http://localhost") as client:
        wrong(client.post("/v1/personas/import", files={"file": ("x.png", b"x" * 1_100_000)}), 413)
        chunks = (b"x" * 100_000 for _ in range(12))  # without a Content-Length
        wrong(client.post("/v1/personas", content=chunks, headers={"Content-Type": "application/json"}), 413)


def test_owners_do_not_see_each_other(make_services, apple):
    services = make_services(api_keys=KEYS)
    services.libraries.of("alice").add(apple, now_s=1.0)
    with TestClient(create_app(services, loopback=False), base_url="http://my.server") as client:
        ids = [one["id"] for one in client.get("/v1/personas", headers=bearer("alice")).json()["data"]]
        assert len(ids) == 1
        where = f"/v1/personas/{ids[0]}"
        assert client.get("/v1/personas", headers=bearer("bob")).json()["data"] == []
        assert client.get("/v1/models", headers=bearer("bob")).json()["data"] == []
        for path in (where, f"{where}/portrait", f"{where}/export"):
            wrong(client.get(path, headers=bearer("bob")), 404)
        wrong(client.delete(where, headers=bearer("bob")), 404)
        wrong(client.post("/v1/videos", json={"model": ids[0]}, headers=bearer("bob")), 404)
        job = client.post(
            "/v1/videos", json={"model": ids[0], "prompt": "Hi."}, headers=bearer("alice")
        ).json()
        wrong(client.get(f"/v1/videos/{job['id']}", headers=bearer("bob")), 404)
        wrong(client.delete(f"/v1/videos/{job['id']}", headers=bearer("bob")), 404)
        assert client.get("/v1/videos", headers=bearer("bob")).json()["data"] == []
        assert client.delete(f"/v1/videos/{job['id']}", headers=bearer("alice")).json()["deleted"]


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic " + "a" * 24, "Bearer " + "A" * 24]
)
def test_without_the_right_key_nothing_opens(make_services, header):
    services = make_services(api_keys=KEYS)
    headers = {"Authorization": header} if header else {}
    with TestClient(create_app(services, loopback=False), base_url="http://my.server") as client:
        for path in ("/v1/personas", "/v1/models", "/v1/videos", "/metrics", "/v1/personas/x/export"):
            message = wrong(client.get(path, headers=headers), 401)
            assert "a" * 24 not in message
        assert client.get("/health").status_code == 200


def test_a_public_server_without_keys_is_closed(make_services):
    with TestClient(create_app(make_services(), loopback=False), base_url="http://my.server") as client:
        assert "no API keys" in wrong(client.get("/v1/personas"), 401)


def test_too_many_requests_are_429(make_services):
    with TestClient(create_app(make_services(requests_per_minute=5)), base_url="http://localhost") as client:
        answers = [client.get("/v1/personas") for _ in range(7)]
        assert [answer.status_code for answer in answers[:5]] == [200] * 5
        assert wrong(answers[-1], 429)
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert client.get("/health").status_code == 200


def test_pages_from_elsewhere_are_kept_away(client, make_services):
    assert client.get("/v1/personas", headers={"Origin": "http://localhost"}).status_code == 200
    for origin in ("http://evil.example", "null", "http://localhost.evil.example"):
        assert "may not" in wrong(client.get("/v1/personas", headers={"Origin": origin}), 403)
    # A name that somebody else pointed at this machine.
    assert "not called" in wrong(client.get("/v1/personas", headers={"Host": "evil.example"}), 403)
    assert client.get("/v1/personas", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert "access-control-allow-origin" not in client.get("/health").headers
    services = make_services(allowed_origins=("https://good.example",))
    with TestClient(create_app(services), base_url="http://localhost") as opened:
        answer = opened.get("/v1/personas", headers={"Origin": "https://good.example"})
        assert answer.headers["access-control-allow-origin"] == "https://good.example"
        assert wrong(opened.get("/v1/personas", headers={"Origin": "https://bad.example"}), 403)


def test_html_stays_text(client):
    evil = "<img src=x onerror=alert(1)> a friendly owl"
    made = client.post("/v1/personas", json={"description": evil, "seed": 1})
    assert made.headers["content-type"].startswith("application/json")
    assert made.json()["description"] == evil
    assert json.loads(client.get(f"/v1/personas/{made.json()['id']}/export?format=json").content)
