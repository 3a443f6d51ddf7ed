"""Conversations over the real WebSocket."""

from __future__ import annotations

import asyncio
import io
import json
import threading
import time
import urllib.request
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from chatanything.evaluation.live_client import LiveClient
from chatanything.server.app import create_app
from chatanything.server.running import serving
from chatanything.server.sessions import opened
from chatanything.types import Delivery, VoiceChoice
from chatanything.voice.speech import Speaker

pytestmark = pytest.mark.weights
KEYS = {"alice": "a" * 24, "bob": "b" * 24}
PERSONA = "pippin-00000007"


@pytest.fixture(scope="module")
def url(services):
    with serving(services) as url:
        yield url


def live_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("live: ")]


def wait_for(test):
    end = time.monotonic() + 30
    while not test():
        assert time.monotonic() < end, live_threads()
        time.sleep(0.1)


def read_to_the_end(socket):
    """The code with which a connection ends; None if it just breaks."""
    while True:
        try:
            socket.recv(20)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def address(url, persona=PERSONA, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{url.replace('http', 'ws')}/v1/live?persona={persona}{more}"


def test_a_question_is_answered_in_sound_and_pictures(url, apple):
    with LiveClient(url, PERSONA) as visitor:
        ready = visitor.of("ready")[0][1]
        assert ready["persona"] == {"id": PERSONA, "name": apple.card.name}
        assert (ready["size"], ready["fps"]) == (256, 25)
        visitor.wait(lambda: visitor.pictures, 30)  # it is alive before it is asked
        assert visitor.pictures[0].reply == 0
        reply, _ = visitor.ask("Hello!")
        visitor.finish(reply)
        assert visitor.of("done", reply)[0][1]["text"] == apple.card.greeting
        captions = [said["text"] for _, said in visitor.of("caption", reply)]
        assert " ".join(captions) == apple.card.greeting
        sounds = [piece for piece in visitor.sounds if piece.reply == reply]
        assert {piece.sample_rate for piece in sounds} == {ready["sample_rate"]}
        loud = np.concatenate([piece.samples for piece in sounds])
        assert 0.01 < np.sqrt(np.mean(loud**2)) < 0.5
        picture = next(piece for piece in visitor.pictures if piece.reply == reply)
        assert Image.open(io.BytesIO(picture.data)).size == (256, 256)


def test_perform_says_exactly_that_or_the_greeting(url, apple):
    with LiveClient(url, PERSONA) as visitor:
        for number, (text, said) in enumerate((("Bravo!", "Bravo!"), ("", apple.card.greeting)), 1):
            visitor.send("perform", text=text)
            visitor.wait(lambda number=number: len(visitor.of("done")) == number, 60)
            assert visitor.of("done")[-1][1]["text"] == said


def test_an_interruption_ends_the_reply_at_once(url):
    with LiveClient(url, PERSONA) as visitor:
        visitor.send("perform", text="This is a long story about a boat. " * 20)
        visitor.wait(lambda: visitor.sounds, 60)
        sent = visitor.send("interrupt")
        visitor.wait(lambda: visitor.of("interrupted"), 10)
        stopped, message = visitor.of("interrupted")[0]
        assert message["reply"] == 1
        assert stopped - sent < 0.5
        time.sleep(1.0)
        late = [piece for piece in (*visitor.sounds, *visitor.pictures) if piece.reply == 1]
        assert not [piece for piece in late if piece.came_s > stopped]
        assert not visitor.of("done")
        visitor.send("perform", text="Yes?")
        visitor.wait(lambda: visitor.of("done"), 60)


@pytest.mark.parametrize(
    "data",
    [
        "", "{", "[]", "null", "5", '{"type": "fly"}', '{"type": "say"}', '{"type": "say", "text": ""}',
        '{"type": "say", "text": 5}', json.dumps({"type": "say", "text": "x" * 2001}),
        '{"type": "interrupt", "more": 1}', '{"type": "microphone", "on": true, "sample_rate": 1}',
        '{"type": "ping", "id": -1}', b"", b"\x00", b"\x00" * 200_000, "[" * 100_000,
    ],
)  # fmt: skip
def test_nonsense_is_answered_and_survived(url, data):
    with connect(address(url), compression=None) as socket:
        socket.send(data)
        socket.send('{"type": "ping", "id": 7}')
        kinds = []
        while "pong" not in kinds:
            message = socket.recv(10)
            kinds += [json.loads(message)["type"]] if isinstance(message, str) else []
        assert "error" in kinds
        assert kinds.index("error") < kinds.index("pong")


def test_a_message_too_large_ends_the_session(url):
    with connect(address(url), compression=None) as socket:
        socket.send("x" * 1_100_000)
        assert read_to_the_end(socket) in (None, 1009)


def test_a_flood_is_stopped(url):
    with connect(address(url), compression=None) as socket:
        with suppress(ConnectionClosed):
            for _ in range(20_000):
                socket.send('{"type": "interrupt"}')
        assert read_to_the_end(socket) in (None, 1008)


def test_who_is_not_there_cannot_be_called(url):
    for persona in ("nobody", "../x", "%2e%2e", "x" * 70):
        with pytest.raises(InvalidStatus) as refused:
            connect(address(url, persona))
        assert refused.value.response.status_code == 404
        assert json.loads(refused.value.response.body)["error"]["type"] == "not_found_error"


def test_pages_from_elsewhere_cannot_call(url):
    with pytest.raises(InvalidStatus) as refused:
        connect(address(url), origin="http://evil.example")
    assert refused.value.response.status_code == 403
    with connect(address(url), origin=url):
        pass


def test_keys_and_tickets(make_services, apple):
    services = make_services(api_keys=KEYS, live_sessions=2)
    services.libraries.of("alice").add(apple, now_s=1.0)
    with serving(services, app=create_app(services, loopback=False)) as url:

        def status(**more):
            try:
                with connect(address(url, **more.pop("query", {})), **more):
                    return 101
            except InvalidStatus as refused:
                return refused.response.status_code

        def key(name):
            return {"additional_headers": {"Authorization": f"Bearer {KEYS[name]}"}}

        assert status() == 401
        assert status(additional_headers={"Authorization": "Bearer wrong"}) == 401
        assert status(**key("alice")) == 101
        assert status(**key("bob")) == 404  # alice's persona
        request = urllib.request.Request(
            f"{url}/v1/live/tickets", b"", {"Authorization": f"Bearer {KEYS['alice']}"}, method="POST"
        )
        ticket = json.loads(urllib.request.urlopen(request).read())["ticket"]
        assert status(query={"ticket": ticket}) == 101
        assert status(query={"ticket": ticket}) == 401  # good once
        assert status(query={"ticket": "made-up"}) == 401
        wait_for(lambda: not live_threads())
        with connect(address(url), **key("alice")), connect(address(url), **key("alice")):
            assert status(**key("alice")) == 429
        wait_for(lambda: status(**key("alice")) == 101)  # places come back when visitors go


def test_a_ticket_is_of_one_user_and_one_persona(make_services, apple):
    services = make_services(api_keys=KEYS)
    services.libraries.of("alice").add(apple, now_s=1.0)
    said = json.dumps({"type": "say", "text": "I play the cello in a quartet."})

    def ticket(url, **asked):
        headers = {"Authorization": f"Bearer {KEYS['alice']}", "Content-Type": "application/json"}
        body = json.dumps(asked).encode()
        request = urllib.request.Request(f"{url}/v1/live/tickets", body, headers, method="POST")
        return json.loads(urllib.request.urlopen(request).read())["ticket"]

    def told(user):
        memory = services.memory("alice", PERSONA, "", user)
        try:
            return [one.text for one in memory.statements]
        finally:
            memory.close()

    with serving(services, app=create_app(services, loopback=False)) as url:
        for asked, query in (
            ({"user": "ada"}, {"user": "bob"}),
            ({}, {"user": "bob"}),
            ({"persona": "somebody-else"}, {}),
        ):
            with pytest.raises(InvalidStatus) as refused:
                connect(address(url, ticket=ticket(url, **asked), **query))
            assert refused.value.response.status_code == 401
            assert "the ticket is not for this" in json.loads(refused.value.response.body)["error"]["message"]
        for asked, persona, query in (
            ({"user": "ada", "persona": PERSONA}, "", {}),
            ({"user": "eve"}, PERSONA, {"user": "eve"}),
            ({}, PERSONA, {}),
        ):
            with connect(address(url, persona, ticket=ticket(url, **asked), **query)) as socket:
                socket.send(said)
                while json.loads(next(one for one in socket if isinstance(one, str)))["type"] != "accepted":
                    pass
        wait_for(lambda: not live_threads())
        with pytest.raises(InvalidStatus) as refused:
            connect(address(url, "", ticket=ticket(url, user="ada")))
        assert refused.value.response.status_code == 404
    assert told("ada") == told("eve") == ["I play the cello in a quartet."]
    assert told("bob") == []
    assert len(list(services.memories("alice").iterdir())) == 3  # bob's was made by looking


def test_a_place_comes_back_though_closing_fails(make_services, apple):
    services = make_services(live_sessions=1)
    kept = services.libraries.of("local").add(apple, now_s=1.0)

    async def with_a_damaged_memory():
        async with opened(services, "local", kept.id, "ada"):
            (path,) = services.memories("local").glob("*.sqlite3")
            path.write_bytes(b"no memory at all" * 1000)
        path.unlink()

    async def with_something_that_cannot_be_waited_for():
        with pytest.raises(AttributeError):
            async with opened(services, "local", kept.id) as (session, _, _):
                session._threads.append(None)

    for visit in (with_a_damaged_memory, with_something_that_cannot_be_waited_for, with_a_damaged_memory):
        asyncio.run(visit())


def test_two_visitors_talk_at_once_and_do_not_hear_each_other(url):
    with LiveClient(url, PERSONA) as first, LiveClient(url, PERSONA) as second:
        first.send("perform", text="I am the first one here.")
        second.send("perform", text="And I am the second.")
        first.wait(lambda: first.of("done"), 60)
        second.wait(lambda: second.of("done"), 60)
        assert first.of("done")[0][1]["text"] == "I am the first one here."
        assert second.of("done")[0][1]["text"] == "And I am the second."
        second.drop()
        first.send("perform", text="Still here.")
        first.wait(lambda: len(first.of("done")) == 2, 60)


def test_who_vanishes_leaves_nothing_behind(url, services):
    for number in range(8):
        visitor = LiveClient(url, PERSONA)
        visitor.send("perform", text="A story that nobody will hear the end of. " * 5)
        time.sleep(0.1 * (number % 3))
        visitor.drop()
    wait_for(lambda: not live_threads() and not services.metrics.sessions._value.get())


def test_a_slow_reader_gets_new_pictures_and_all_sound(url):
    text = "The big boat came by this morning. " * 3

    async def read_slowly():
        from websockets.asyncio.client import connect as aconnect

        kinds, sound = [], 0
        async with aconnect(address(url), compression=None, max_queue=1, max_size=None) as socket:
            await socket.send(json.dumps({"type": "perform", "text": text}))
            async for message in socket:
                if isinstance(message, bytes):
                    sound += (len(message) - 20) // 2 if message[0] == 2 else 0
                    await asyncio.sleep(0.03)
                else:
                    kinds.append(json.loads(message)["type"])
                    if kinds[-1] == "done":
                        return sound
        return sound

    with LiveClient(url, PERSONA) as quick:
        quick.send("perform", text=text)
        quick.wait(lambda: quick.of("done"), 60)
        whole = sum(len(piece.data) // 2 for piece in quick.sounds)
    assert asyncio.run(asyncio.wait_for(read_slowly(), 120)) == whole


def test_a_microphone_is_heard_understood_and_may_interrupt(url):
    words = Speaker().speak(
        "What do you love most?", VoiceChoice("kokoro", (("af_heart", 1.0),)), Delivery(), 1
    )
    pause = np.zeros(words.sample_rate, np.float32)
    track = np.round(np.concatenate([pause[: len(pause) // 2], words.samples, pause]) * 32767).astype("<i2")
    step = words.sample_rate // 50
    with LiveClient(url, PERSONA) as visitor:
        assert visitor.of("ready")[0][1]["hearing"] is True
        visitor.send("perform", text="I will now sing all of my songs, one after the other. " * 8)
        visitor.wait(lambda: any(piece.reply == 1 for piece in visitor.pictures), 60)
        visitor.send("microphone", on=True, sample_rate=words.sample_rate)
        for at in range(0, len(track), step):
            visitor.send_sound(track[at : at + step].tobytes())
            time.sleep(0.02)
        visitor.wait(lambda: visitor.of("heard"), 30)
        assert visitor.of("interrupted", 1)
        assert [said["on"] for _, said in visitor.of("listening")] == [True, False]
        assert "love" in visitor.of("heard")[0][1]["text"].lower()
        visitor.wait(lambda: len(visitor.of("accepted")) == 2, 10)
        reply = visitor.of("accepted")[-1][1]["reply"]
        visitor.finish(reply)
        assert visitor.of("done", reply)
        visitor.send("microphone", on=False)
        visitor.send_sound(track[:step].tobytes())
        visitor.wait(lambda: visitor.of("error"), 10)


@pytest.mark.parametrize("flooded", [False, True])
def test_a_microphone_that_is_switched_off_ends_what_is_said(services, flooded):
    words = Speaker().speak(
        "What do you love most?", VoiceChoice("kokoro", (("af_heart", 1.0),)), Delivery(), 1
    )
    last = np.flatnonzero(np.abs(words.samples) > 0.03)[-1]
    track = np.round(words.samples[: last + words.sample_rate // 20] * 32767).astype("<i2")
    step = words.sample_rate // 50

    async def click_off_at_the_last_word():
        told = []
        async with opened(services, "local", PERSONA) as (session, ear, _):

            async def tell(kind, value):
                told.append((kind, value))

            listening = asyncio.create_task(ear.listen(session, tell))
            ear.switch(on=True, sample_rate=words.sample_rate)
            for at in range(0, len(track), step):
                ear.feed(track[at : at + step].tobytes())
            async with asyncio.timeout(60):
                while flooded and not told:
                    await asyncio.sleep(0.01)
                # Otherwise nothing of it was listened to yet.
                ear.switch(on=False, sample_rate=16_000)
                if flooded:  # so much follows that what waits is lost, and that it is over, too
                    ear.switch(on=True, sample_rate=16_000)
                    for _ in range(300):
                        ear.feed(bytes(640))
                while ("listening", False) not in told or not (flooded or "heard" in dict(told)):
                    await asyncio.sleep(0.01)
            listening.cancel()
            return told, session.listening.is_set()

    told, is_listening = asyncio.run(click_off_at_the_last_word())
    assert [value for kind, value in told if kind == "listening"] == [True, False]
    assert flooded or "love" in dict(told)["heard"].lower()
    assert not is_listening


def test_a_server_may_be_deaf(make_services, apple):
    services = make_services(hearing="none")
    services.libraries.of("local").add(apple, now_s=1.0)
    with serving(services) as url, LiveClient(url, PERSONA) as visitor:
        assert visitor.of("ready")[0][1]["hearing"] is False
        visitor.send("microphone", on=True)
        visitor.wait(lambda: visitor.of("error"), 10)
        assert "cannot hear" in visitor.of("error")[0][1]["message"]
