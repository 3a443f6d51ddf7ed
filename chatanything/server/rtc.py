"""A live session over WebRTC: one video and one audio track, messages over a data channel.

The server plays the session itself, a constant delay behind its clock, so a browser needs no player of its
own. No server elsewhere is asked for an address unless the setting `ice_servers` names one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from fractions import Fraction
from typing import Any, Final

import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import SessionDescription
from av import AudioFrame, AudioResampler, VideoFrame

from chatanything.errors import UsageError
from chatanything.live.events import Event, Interrupted, Picture, Sound
from chatanything.live.session import LiveSession
from chatanything.live.sound import SPEECH_RATE
from chatanything.media.pcm import to_int16
from chatanything.server import wire
from chatanything.types import Int16, UInt8

DELAY_S: Final = 0.2
"""The tracks play so far behind the session's clock, so that pictures are there in time."""
FRAME_S: Final = 0.02
_FRAME: Final = round(SPEECH_RATE * FRAME_S)
_VIDEO_RATE: Final = 90_000
_MICROPHONE_RATE: Final = 48_000
CHANNEL: Final = "messages"
_START_S: Final = 30.0
_LATE_S: Final = 1.0
"""The track of the voice may fall so far behind before sound is dropped."""


class Stage:
    """What is shown and heard at every moment of a session.

    Args:
        session: Its clock is the time.
    """

    def __init__(self, session: LiveSession) -> None:
        self._session = session
        self._sounds: deque[Sound] = deque()
        self._pictures: deque[Picture] = deque()
        self._shown: UInt8 = session.persona.portrait.image

    def put(self, event: Event) -> None:
        """Take sound and pictures; an interruption removes those of its reply.

        What is over is dropped here, too: a peer that takes no track would leave everything in memory.
        """
        self.seen(self.clock_s)
        self._drop_sounds(self.clock_s - _LATE_S)
        if isinstance(event, Sound):
            self._sounds.append(event)
        elif isinstance(event, Picture):
            self._pictures.append(event)
        elif isinstance(event, Interrupted):
            self._sounds = deque(one for one in self._sounds if one.reply != event.reply)
            self._pictures = deque(one for one in self._pictures if one.reply != event.reply)

    def heard(self, clock_s: float) -> Int16:
        """20 ms of sound from a time on, (480,) int16."""
        out = np.zeros(_FRAME, np.float32)
        self._drop_sounds(clock_s)
        for sound in self._sounds:
            offset = round((sound.at_s - clock_s) * SPEECH_RATE)
            if offset >= _FRAME:
                break
            part = sound.samples[max(0, -offset) : _FRAME - offset]
            at = max(0, offset)
            out[at : at + len(part)] += part
        return to_int16(out)

    def seen(self, clock_s: float) -> UInt8:
        """The picture at a time, (H, W, 3) uint8 RGB."""
        while self._pictures and self._pictures[0].at_s <= clock_s:
            self._shown = self._pictures.popleft().image
        return self._shown

    def _drop_sounds(self, clock_s: float) -> None:
        """Forget sounds that have ended by a time."""
        while self._sounds and _end(self._sounds[0]) <= clock_s:
            self._sounds.popleft()

    @property
    def clock_s(self) -> float:
        """What plays now, on the session's clock."""
        return self._session.now - DELAY_S


def _takes_video(offer: str) -> bool:
    """Whether the peer receives the face; True for what is no offer, which is refused with its own words."""
    try:
        sections = SessionDescription.parse(offer).media
    except Exception:  # noqa: BLE001 - aiortc's parser fails in many ways
        return True
    # The face goes into the first section of its kind.
    directions = (section.direction for section in sections if section.kind == "video")
    return next(directions, "inactive") in ("recvonly", "sendrecv", None)


def _end(sound: Sound) -> float:
    return sound.at_s + len(sound.samples) / sound.sample_rate


class VoiceTrack(MediaStreamTrack):
    """The character's voice, silence included."""

    kind = "audio"

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._began: float | None = None
        self._clock = 0.0
        self._frames = 0

    async def recv(self) -> AudioFrame:
        """The next 20 ms, when they are due."""
        if self.readyState != "live":
            raise MediaStreamError
        if self._began is None:
            self._began, self._clock = time.monotonic(), self._stage.clock_s
        at = self._frames * FRAME_S
        await asyncio.sleep(max(0.0, self._began + at - time.monotonic()))
        frame = AudioFrame.from_ndarray(
            self._stage.heard(self._clock + at)[None], format="s16", layout="mono"
        )
        frame.sample_rate, frame.time_base = SPEECH_RATE, Fraction(1, SPEECH_RATE)
        frame.pts = self._frames * _FRAME
        self._frames += 1
        return frame


class FaceTrack(VideoStreamTrack):
    """The character's face."""

    def __init__(self, stage: Stage, fps: float) -> None:
        super().__init__()
        self._stage, self._fps = stage, fps
        self._began: float | None = None
        self._frames = 0

    async def recv(self) -> VideoFrame:
        """The picture of the moment."""
        if self.readyState != "live":
            raise MediaStreamError
        if self._began is None:
            self._began = time.monotonic()
        await asyncio.sleep(max(0.0, self._began + self._frames / self._fps - time.monotonic()))
        frame = VideoFrame.from_ndarray(self._stage.seen(self._stage.clock_s), format="rgb24")
        frame.pts = round((time.monotonic() - self._began) * _VIDEO_RATE)
        frame.time_base = Fraction(1, _VIDEO_RATE)
        self._frames += 1
        return frame


class RtcCarrier:
    """Carries a session over a peer connection.

    Args:
        session: Started.
        ice_servers: URLs of STUN or TURN servers; usually none.
    """

    def __init__(self, session: LiveSession, ice_servers: tuple[str, ...]) -> None:
        self._stage = Stage(session)
        self._fps = session.fps
        self._peer = RTCPeerConnection(RTCConfiguration([RTCIceServer(url) for url in ice_servers]))
        self._inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue(1000)
        self._channel: Any = None
        self._unsent: deque[str] = deque(maxlen=100)
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, offer: str) -> str:
        """The answer to a browser's offer, both as SDP.

        Raises:
            UsageError: The offer is none, or does not take the face.
        """
        if not _takes_video(offer):
            await self._peer.close()
            raise UsageError(
                "the WebRTC offer takes no video",
                expected="a first video section that is recvonly or sendrecv",
                hint='Add one before the offer is made: addTransceiver("video", {direction: "recvonly"}).',
            )
        peer = self._peer
        peer.add_listener("connectionstatechange", self._look)
        peer.add_listener("datachannel", self._open)
        peer.add_listener("track", self._listen)
        try:
            await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            peer.addTrack(VoiceTrack(self._stage))
            peer.addTrack(FaceTrack(self._stage, self._fps))
            await peer.setLocalDescription(await peer.createAnswer())
        except Exception as exc:
            await peer.close()
            raise UsageError("the WebRTC offer cannot be used", got=str(exc)[:200] or repr(exc)) from exc
        self._run(self._hurry())
        return str(peer.localDescription.sdp)

    async def carry(self, event: Event) -> None:
        """See `Carrier.carry`."""
        self._stage.put(event)
        if not isinstance(event, Picture | Sound):
            text = wire.encode(event)
            assert isinstance(text, str)
            await self.tell(text)

    async def tell(self, text: str) -> None:
        """See `Carrier.tell`."""
        if self._channel is None or self._channel.readyState != "open":
            self._unsent.append(text)
        else:
            self._channel.send(text)

    async def receive(self) -> str | bytes | None:
        """See `Carrier.receive`."""
        return await self._inbox.get()

    async def close(self, code: int = 1000) -> None:  # noqa: ARG002 - WebRTC has no codes
        """See `Carrier.close`."""
        for task in self._tasks:
            task.cancel()
        await self._peer.close()

    # ------------------------------------------------------------------ what the peer does

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hurry(self) -> None:
        """A peer that never connects is gone."""
        await asyncio.sleep(_START_S)
        if self._peer.connectionState != "connected":
            self._post(None)

    def _look(self) -> None:
        if self._peer.connectionState in ("failed", "closed", "disconnected"):
            self._post(None)

    def _open(self, channel: Any) -> None:
        if channel.label != CHANNEL:
            return
        self._channel = channel
        channel.add_listener("message", lambda data: self._post(data if isinstance(data, str) else ""))
        while self._unsent:
            channel.send(self._unsent.popleft())

    def _listen(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            self._run(self._hear(track))

    async def _hear(self, track: MediaStreamTrack) -> None:
        """Bring the browser's microphone in as PCM16."""
        resampler = AudioResampler("s16", "mono", _MICROPHONE_RATE)
        self._post(f'{{"type": "microphone", "on": true, "sample_rate": {_MICROPHONE_RATE}}}')
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                self._post('{"type": "microphone", "on": false}')
                return
            for part in resampler.resample(frame):
                self._post(part.to_ndarray().astype("<i2").tobytes())

    def _post(self, data: str | bytes | None) -> None:
        if self._inbox.full():
            self._inbox.get_nowait()
        self._inbox.put_nowait(data)
