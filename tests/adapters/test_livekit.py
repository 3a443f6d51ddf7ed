"""The real avatar runner of LiveKit Agents around the character; only the room is not connected."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

pytest.importorskip("livekit.agents", reason="livekit-agents is not installed")

from livekit import rtc
from livekit.agents import Agent, AgentSession
from livekit.agents.voice.avatar import AudioSegmentEnd, AvatarRunner, QueueAudioOutput
from livekit.agents.voice.io import PlaybackFinishedEvent

from chatanything.adapters.bridge import Bridge
from chatanything.adapters.livekit import AvatarVideo
from chatanything.adapters.livekit_speech import PersonaVoice
from chatanything.errors import UsageError
from chatanything.live.sound import SPEECH_RATE
from chatanything.media.pcm import from_pcm, to_pcm
from chatanything.types import Speech

pytestmark = pytest.mark.weights


class Watched(AvatarVideo):
    """Remembers what the runner took, and when."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self.taken: list[tuple[float, object]] = []

    async def __aiter__(self):
        async for frame in super().__aiter__():
            self.taken.append((time.monotonic(), frame))
            yield frame

    def of(self, kind: type) -> list:
        return [frame for _, frame in self.taken if isinstance(frame, kind)]

    def sound(self) -> np.ndarray:
        return np.concatenate(
            [np.zeros(0), *(from_pcm(f.data.tobytes(), 1) for f in self.of(rtc.AudioFrame))]
        )

    async def until(self, test, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not test():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)


def run(engine, persona, script):
    async def go():
        video = Watched(await Bridge.open(engine, persona))
        audio = QueueAudioOutput(sample_rate=SPEECH_RATE)
        runner = AvatarRunner(rtc.Room(), audio_recv=audio, video_gen=video, options=video.options)
        # Without a server nothing can be published; the synchroniser and both sources are real.
        runner._video_publication = object()
        finished: list[PlaybackFinishedEvent] = []
        audio.on("playback_finished", finished.append)
        await runner.start()
        await video.until(lambda: len(video.of(rtc.VideoFrame)) > 5)
        await script(audio, video, finished)
        await runner.aclose()
        await video.aclose()
        return video, finished

    return asyncio.run(go())


async def say(audio: QueueAudioOutput, speech: Speech) -> None:
    step = speech.sample_rate // 20
    for at in range(0, len(speech.samples), step):
        piece = speech.samples[at : at + step]
        await audio.capture_frame(rtc.AudioFrame(to_pcm(piece), speech.sample_rate, 1, len(piece)))
    audio.flush()


def test_an_agents_sound_comes_back_with_a_face(engine, apple, spoken: Speech) -> None:
    async def script(audio, video, finished) -> None:
        await say(audio, spoken)
        await video.until(lambda: finished)
        await asyncio.sleep(0.5)

    video, finished = run(engine, apple, script)
    assert video.sound() == pytest.approx(spoken.samples, abs=2e-4)
    assert len(video.of(AudioSegmentEnd)) == 1
    (event,) = finished
    assert not event.interrupted
    assert event.playback_position == pytest.approx(len(spoken.samples) / spoken.sample_rate, abs=0.02)
    height, width, _ = apple.portrait.image.shape
    frame = video.of(rtc.VideoFrame)[0]
    assert (frame.width, frame.height, frame.type) == (width, height, rtc.VideoBufferType.RGB24)
    times = np.array([at for at, f in video.taken if isinstance(f, rtc.VideoFrame)])
    assert np.diff(times).mean() == pytest.approx(1 / 25, rel=0.2)
    # Every piece of sound stands right behind its picture.
    kinds = [type(f) for _, f in video.taken]
    assert all(kinds[k - 1] is rtc.VideoFrame for k, kind in enumerate(kinds) if kind is rtc.AudioFrame)


def test_a_pause_of_the_agent_is_no_end(engine, apple, spoken: Speech) -> None:
    async def script(audio, video, finished) -> None:
        half = len(spoken.samples) // 2
        for part in (spoken.samples[:half], spoken.samples[half:]):
            await audio.capture_frame(rtc.AudioFrame(to_pcm(part), spoken.sample_rate, 1, len(part)))
            await asyncio.sleep(2.5)
        await video.until(lambda: len(video.sound()) == len(spoken.samples))
        assert not finished
        await asyncio.sleep(0.5)
        audio.flush()
        await video.until(lambda: finished)

    video, finished = run(engine, apple, script)
    assert len(video.of(AudioSegmentEnd)) == 1
    assert not finished[0].interrupted


def test_clearing_silences_it_and_tells_how_far_it_came(engine, apple, spoken: Speech) -> None:
    async def script(audio, video, finished) -> None:
        await say(audio, spoken)
        await video.until(lambda: len(video.sound()) > 0.5 * SPEECH_RATE)
        audio.clear_buffer()
        await video.until(lambda: finished)
        heard = len(video.sound())
        await asyncio.sleep(0.6)
        assert len(video.sound()) <= heard + SPEECH_RATE // 25
        await say(audio, spoken)
        await video.until(lambda: len(finished) == 2)

    _, finished = run(engine, apple, script)
    assert [event.interrupted for event in finished] == [True, False]
    assert 0.4 < finished[0].playback_position < 1.5


def test_another_rate_than_promised_is_refused(engine, apple) -> None:
    async def go() -> None:
        video = AvatarVideo(await Bridge.open(engine, apple))
        with pytest.raises(UsageError, match="expected 24000 Hz, got 16000 Hz"):
            await video.push_audio(rtc.AudioFrame(b"\0\0" * 160, 16_000, 1, 160))
        await video.aclose()

    asyncio.run(go())


def test_an_agent_session_speaks_with_the_own_voice_and_face(engine, apple) -> None:
    async def go() -> tuple[Watched, float]:
        video = Watched(await Bridge.open(engine, apple))
        audio = QueueAudioOutput(sample_rate=SPEECH_RATE)
        runner = AvatarRunner(rtc.Room(), audio_recv=audio, video_gen=video, options=video.options)
        runner._video_publication = object()
        await runner.start()
        session = AgentSession(tts=PersonaVoice(engine, apple))
        session.output.audio = audio
        await session.start(Agent(instructions=""), record=False)
        began = time.monotonic()
        await session.say("Good morning! I sing opera.")  # returns when the avatar has said it
        took = time.monotonic() - began
        await session.aclose()
        await runner.aclose()
        await video.aclose()
        return video, took

    video, took = asyncio.run(go())
    length = len(video.sound()) / SPEECH_RATE
    assert 1.0 < length < 8.0
    assert took > length - 0.3
    assert len(video.of(AudioSegmentEnd)) == 1
