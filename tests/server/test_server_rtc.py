"""A browser's side of WebRTC, played by aiortc against a real server."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from contextlib import closing

import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from chatanything.live.events import Picture, Sound
from chatanything.live.sound import SPEECH_RATE
from chatanything.server.rtc import Stage
from chatanything.server.running import serving

pytestmark = pytest.mark.weights
PERSONA = "pippin-00000007"


@pytest.fixture(scope="module")
def url(services):
    with serving(services) as url:
        yield url


def post(url, body):
    request = urllib.request.Request(
        f"{url}/v1/rtc", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


class Visitor:
    """Takes everything that comes."""

    def __init__(self, url):
        self.url, self.peer = url, RTCPeerConnection(RTCConfiguration([]))
        self.channel = self.peer.createDataChannel("messages")
        self.channel.on("message", lambda data: self.messages.append(json.loads(data)))
        self.peer.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self._take(track))))
        self.peer.addTransceiver("audio", direction="recvonly")
        self.peer.addTransceiver("video", direction="recvonly")
        self.messages, self.tasks = [], []
        self.sound, self.pictures = [], []

    async def call(self):
        await self.peer.setLocalDescription(await self.peer.createOffer())
        body = {"persona": PERSONA, "sdp": self.peer.localDescription.sdp, "type": "offer"}
        answer = await asyncio.to_thread(post, self.url, body)
        await self.peer.setRemoteDescription(RTCSessionDescription(**answer))

    async def _take(self, track):
        while True:
            frame = await track.recv()
            if track.kind == "audio":
                self.sound.append(frame.to_ndarray().astype(np.float64).ravel() / 32768)
            else:
                self.pictures.append(frame.to_ndarray(format="rgb24"))

    async def until(self, test, seconds=60):
        async with asyncio.timeout(seconds):
            while not test():
                await asyncio.sleep(0.05)

    def kinds(self):
        return [message["type"] for message in self.messages]

    async def leave(self):
        for task in self.tasks:
            task.cancel()
        await self.peer.close()


def loudness(pieces):
    return np.sqrt(np.mean(np.concatenate(pieces) ** 2)) if pieces else 0.0


def test_a_call_is_answered_with_face_and_voice(url, services):
    async def talk():
        visitor = Visitor(url)
        await visitor.call()
        await visitor.until(lambda: "ready" in visitor.kinds() and len(visitor.pictures) > 5)
        assert visitor.pictures[-1].shape == (256, 256, 3)
        assert loudness(visitor.sound) < 1e-3
        portrait = services.libraries.of("local").load(PERSONA).portrait.image
        assert np.abs(visitor.pictures[-1].astype(int) - portrait).mean() < 25
        visitor.sound.clear()
        visitor.channel.send(json.dumps({"type": "perform", "text": "Papa bought a boat, my dear."}))
        await visitor.until(lambda: "done" in visitor.kinds())
        await asyncio.sleep(1.0)
        assert loudness(visitor.sound) > 0.01
        visitor.channel.send(json.dumps({"type": "perform", "text": "This is a very long story. " * 30}))
        await visitor.until(lambda: visitor.kinds().count("caption") >= 2)
        await asyncio.sleep(1.5)
        visitor.channel.send('{"type": "interrupt"}')
        await visitor.until(lambda: "interrupted" in visitor.kinds())
        await asyncio.sleep(0.7)
        visitor.sound.clear()
        await asyncio.sleep(0.7)
        assert loudness(visitor.sound) < 1e-3
        visitor.channel.send("nonsense")
        await visitor.until(lambda: "error" in visitor.kinds())
        await visitor.leave()

    asyncio.run(talk())


def test_who_hangs_up_is_forgotten(url, services):
    async def come_and_go():
        visitor = Visitor(url)
        await visitor.call()
        await visitor.until(lambda: "ready" in visitor.kinds())
        assert services.metrics.sessions._value.get() >= 1
        await visitor.leave()
        async with asyncio.timeout(30):
            while services.metrics.sessions._value.get():
                await asyncio.sleep(0.1)

    asyncio.run(come_and_go())


def test_a_peer_that_takes_nothing_fills_no_memory(services):
    persona = services.libraries.of("local").load(PERSONA)
    with closing(services.engine.open(persona, seed=1)) as session:
        stage = Stage(session)
        start = session.now - 60.0
        faces = [np.full((4, 4, 3), number, np.uint8) for number in range(200)]
        for number, face in enumerate(faces):
            stage.put(Picture(start + number * 0.04, face, 1))
            stage.put(Sound(start + number * 0.04, np.zeros(960, np.float32), SPEECH_RATE, 1))
        assert len(stage._pictures) + len(stage._sounds) < 5
        stage.put(Picture(session.now + 60.0, faces[0], 1))
        assert stage.seen(stage.clock_s)[0, 0, 0] == 199
        assert len(stage._pictures) == 1


@pytest.mark.parametrize("direction", ["sendonly", "inactive", None])
def test_an_offer_must_take_the_face(url, services, direction):
    async def offer():
        peer = RTCPeerConnection(RTCConfiguration([]))
        peer.addTransceiver("audio", direction="recvonly")
        if direction:
            peer.addTransceiver("video", direction=direction)
        await peer.setLocalDescription(await peer.createOffer())
        await peer.close()
        return peer.localDescription.sdp

    before = services.metrics.sessions._value.get()
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(url, {"persona": PERSONA, "sdp": asyncio.run(offer())})
    assert refused.value.code == 400
    assert "takes no video" in json.loads(refused.value.read())["error"]["message"]
    assert services.metrics.sessions._value.get() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"persona": PERSONA, "sdp": "nonsense"}, 400),
        ({"persona": "nobody", "sdp": "v=0"}, 404),
        ({"persona": PERSONA}, 422),
    ],
)
def test_wrong_offers(url, services, body, status):
    before = services.metrics.sessions._value.get()
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(url, body)
    assert refused.value.code == status
    assert json.loads(refused.value.read())["error"]["message"]
    assert services.metrics.sessions._value.get() == before
