"""LiveKit Agents: a character as the avatar of an agent, which speaks with the agent's own voice."""
# mypy: allow-subclassing-any, disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from chatanything.adapters.bridge import Bridge, Moment, missing
from chatanything.bundle import Persona
from chatanything.errors import UsageError
from chatanything.live.engine import LiveEngine
from chatanything.live.sound import SPEECH_RATE
from chatanything.media.pcm import from_pcm, to_pcm

try:
    from livekit import rtc
    from livekit.agents.voice.avatar import (
        AudioReceiver,
        AudioSegmentEnd,
        AvatarOptions,
        AvatarRunner,
        VideoGenerator,
    )
except ImportError as exc:
    raise missing("livekit", exc) from exc

log = logging.getLogger(__name__)
"""Hertz of an agent's sound, unless it says otherwise."""


class AvatarVideo(VideoGenerator):
    """Takes an agent's sound and gives it back with a face, both in step, at a steady frame rate.

    Args:
        bridge: A session's; closed by `aclose`.
        sample_rate: Hertz of the agent's sound.
    """

    def __init__(self, bridge: Bridge, *, sample_rate: int = SPEECH_RATE) -> None:
        self._bridge, self._rate = bridge, sample_rate
        self._number = 0
        """The reply that is being sent."""
        self._unfinished: set[int] = set()
        self._last: set[int] = set()
        """Replies with which a segment of the agent's ends; a pause inside one makes it several replies."""
        self._late_ends = 0
        """Segments whose end came when all of their sound was played."""

    @property
    def options(self) -> AvatarOptions:
        """What an `AvatarRunner` has to know."""
        height, width, _ = self._bridge.session.persona.portrait.image.shape
        fps = self._bridge.session.fps
        return AvatarOptions(width, height, fps, audio_sample_rate=self._rate, audio_channels=1)

    async def push_audio(self, frame: rtc.AudioFrame | AudioSegmentEnd) -> None:
        """More of what the agent says, or the end of it.

        Raises:
            UsageError: The sound has another rate than was promised, or the session has ended.
        """
        if isinstance(frame, AudioSegmentEnd):
            self._bridge.finish()
            if self._number in self._unfinished:
                self._last.add(self._number)
            else:
                self._late_ends += 1
            return
        if frame.sample_rate != self._rate:
            raise UsageError(
                "the agent's sound has another sample rate than the avatar was told",
                expected=f"{self._rate} Hz",
                got=f"{frame.sample_rate} Hz",
                hint="Give both the same sample_rate.",
            )
        samples = from_pcm(frame.data.tobytes(), frame.num_channels)
        self._number = self._bridge.feed(samples, frame.sample_rate)
        self._unfinished.add(self._number)

    def clear_buffer(self) -> None:
        """Be quiet at once."""
        self._unfinished.clear()
        self._last.clear()
        self._bridge.interrupt()

    async def __aiter__(self) -> AsyncIterator[rtc.VideoFrame | rtc.AudioFrame | AudioSegmentEnd]:
        """A picture for every frame, with its sound while there is any."""
        async for moment in self._bridge.moments():
            for frame in self._frames(moment):
                yield frame

    def _frames(self, moment: Moment) -> list[rtc.VideoFrame | rtc.AudioFrame | AudioSegmentEnd]:
        height, width, _ = moment.image.shape
        frames: list[rtc.VideoFrame | rtc.AudioFrame | AudioSegmentEnd] = [
            rtc.VideoFrame(width, height, rtc.VideoBufferType.RGB24, moment.image.tobytes())
        ]
        if len(moment.sound):
            frames.append(rtc.AudioFrame(to_pcm(moment.sound), moment.sample_rate, 1, len(moment.sound)))
        ended, self._late_ends = self._late_ends + len(self._last & set(moment.done)), 0
        self._unfinished.difference_update(moment.done)
        self._last.difference_update(moment.done)
        for message in moment.failed:
            log.warning("an answer broke down: %s", message)
        return [*frames, *(AudioSegmentEnd() for _ in range(ended))]

    async def aclose(self) -> None:
        """End the session."""
        await self._bridge.close()


async def start_avatar(
    room: rtc.Room,
    audio: AudioReceiver,
    engine: LiveEngine,
    persona: Persona,
    *,
    sample_rate: int = SPEECH_RATE,
) -> tuple[AvatarRunner, AvatarVideo]:
    """Let a character speak for an agent in a room.

    Args:
        room: Where sound and video are published.
        audio: The agent's sound: a `QueueAudioOutput` in the agent's own process, or a
            `DataStreamAudioReceiver` of another participant.
        engine: Stays open.
        persona: Who speaks.
        sample_rate: Hertz of the agent's sound.

    Returns:
        The started runner and the video; close both with `aclose`, in this order.

    Raises:
        ChatAnythingError: The session cannot be opened.
    """
    video = AvatarVideo(await Bridge.open(engine, persona), sample_rate=sample_rate)
    runner = AvatarRunner(room, audio_recv=audio, video_gen=video, options=video.options)
    await runner.start()
    return runner, video
