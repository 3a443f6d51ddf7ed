"""Pipecat: a character as the video service of a pipeline, behind any speech service."""
# mypy: allow-subclassing-any, disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import asyncio
from typing import Any, Final

from chatanything.adapters.bridge import Bridge, Moment, missing
from chatanything.bundle import Persona
from chatanything.errors import ChatAnythingError
from chatanything.live.engine import LiveEngine
from chatanything.media.pcm import from_pcm, to_pcm

try:
    from pipecat.frames.frames import (
        CancelFrame,
        EndFrame,
        Frame,
        InterruptionFrame,
        OutputImageRawFrame,
        StartFrame,
        TTSAudioRawFrame,
        TTSStoppedFrame,
        UserStartedSpeakingFrame,
        UserStoppedSpeakingFrame,
    )
    from pipecat.processors.frame_processor import FrameDirection
    from pipecat.services.ai_service import AIService
    from pipecat.services.settings import ServiceSettings
except ImportError as exc:
    raise missing("pipecat", exc) from exc

LAST_WORDS_S: Final = 60.0
"""How long an ending pipeline waits for what is still being said."""


class AvatarVideo(AIService):
    """Takes the sound of any speech service and gives it back with a face, both in step.

    What it sends is a `TTSAudioRawFrame` of each frame's time with an `OutputImageRawFrame`, and pictures
    alone while nobody speaks. An `InterruptionFrame` silences it at once. The transport needs
    `video_out_enabled` and the size of the persona's portrait.

    Args:
        engine: Stays open when the pipeline ends.
        persona: Who speaks.
        seed: As for `LiveEngine.open`.
        more: For `AIService`.
    """

    def __init__(self, engine: LiveEngine, persona: Persona, *, seed: int | None = None, **more: Any) -> None:
        super().__init__(settings=ServiceSettings(model=None), **more)
        self._engine, self._persona, self._seed = engine, persona, seed
        self._bridge: Bridge | None = None
        self._opened = asyncio.Event()
        """Set when there is a session, or none can be had."""
        self._task: Any = None
        self._contexts: dict[int, str | None] = {}
        """Replies that are not over, and which context of the speech service they speak."""
        self._stops: dict[int, TTSStoppedFrame] = {}
        """What goes on when a reply is over."""
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._user_speaks = False

    async def start(self, frame: StartFrame) -> None:
        """Open the live session, while the pipeline goes on starting."""
        await super().start(frame)
        self._task = self.create_task(self._run())

    async def stop(self, frame: EndFrame) -> None:
        """Say what was begun, then close the session."""
        await super().stop(frame)
        if self._bridge is not None:
            self._bridge.finish()
            try:
                await asyncio.wait_for(self._quiet.wait(), LAST_WORDS_S)
            except TimeoutError:
                await self.push_error(error_msg="the character did not stop speaking in time")
        await self._close()

    async def cancel(self, frame: CancelFrame) -> None:
        """Close the session at once."""
        await super().cancel(frame)
        await self._close()

    async def cleanup(self) -> None:
        """Close the session if nothing did so before."""
        await super().cleanup()
        await self._close()

    async def _close(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            await self.cancel_task(task)
        bridge, self._bridge = self._bridge, None
        if bridge is not None:
            await bridge.close()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Sound and its ends are held back until they are played; everything else passes."""
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            await self._opened.wait()
        if self._bridge is None:
            await self.push_frame(frame, direction)
        elif isinstance(frame, TTSAudioRawFrame):
            await self._speak(self._bridge, frame)
        elif isinstance(frame, TTSStoppedFrame) and self._contexts:
            self._bridge.finish()
            self._stops[max(self._contexts)] = frame
        else:
            self._attend(self._bridge, frame)
            await self.push_frame(frame, direction)

    async def _speak(self, bridge: Bridge, frame: TTSAudioRawFrame) -> None:
        try:
            number = bridge.feed(from_pcm(frame.audio, frame.num_channels), frame.sample_rate)
        except ChatAnythingError as exc:
            await self.push_error(error_msg=str(exc), exception=exc)
            return
        self._contexts[number] = frame.context_id
        self._quiet.clear()

    def _attend(self, bridge: Bridge, frame: Frame) -> None:
        """Be quiet when interrupted, and look attentive while the user speaks."""
        if isinstance(frame, InterruptionFrame):
            self._stops.clear()
            bridge.interrupt()
        elif isinstance(frame, UserStartedSpeakingFrame | UserStoppedSpeakingFrame):
            self._user_speaks = isinstance(frame, UserStartedSpeakingFrame)
        else:
            return
        if not self._contexts or isinstance(frame, InterruptionFrame):
            bridge.session.listen(on=self._user_speaks)

    async def _run(self) -> None:
        try:
            self._bridge = await Bridge.open(self._engine, self._persona, seed=self._seed)
        except ChatAnythingError as exc:
            await self.push_error(error_msg=str(exc), exception=exc)
            return
        finally:
            self._opened.set()
        try:
            async for moment in self._bridge.moments():
                await self._push(moment)
        finally:
            self._quiet.set()

    async def _push(self, moment: Moment) -> None:
        if moment.is_new:
            height, width, _ = moment.image.shape
            picture = OutputImageRawFrame(image=moment.image.tobytes(), size=(width, height), format="RGB")
            picture.sync_with_audio = bool(len(moment.sound))
            await self.push_frame(picture)
        if len(moment.sound):
            context = next(iter(self._contexts.values()), None)
            await self.push_frame(
                TTSAudioRawFrame(to_pcm(moment.sound), moment.sample_rate, 1, context_id=context)
            )
        for message in moment.failed:
            await self.push_error(error_msg=message)
        for number in moment.done:
            self._contexts.pop(number, None)
            if number in self._stops:
                await self.push_frame(self._stops.pop(number))
        if not self._contexts:
            self._quiet.set()
