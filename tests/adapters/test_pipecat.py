"""A real Pipecat pipeline around the character."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

pytest.importorskip("pipecat", reason="pipecat-ai is not installed")

from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    OutputImageRawFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner

from chatanything.adapters.pipecat import AvatarVideo
from chatanything.adapters.pipecat_speech import Hearing, PersonaVoice
from chatanything.hearing.recognizer import open_recognizer
from chatanything.media.audio import resample
from chatanything.media.pcm import from_pcm, to_pcm
from chatanything.types import Speech

pytestmark = pytest.mark.weights
RATE = 24_000


class End(FrameProcessor):
    """The end of the pipeline: remembers what came and when."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[float, Frame]] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        self.taken.append((time.monotonic(), frame))
        await self.push_frame(frame, direction)

    def of(self, kind: type) -> list:
        return [frame for _, frame in self.taken if isinstance(frame, kind)]

    def sound(self) -> np.ndarray:
        return np.concatenate([np.zeros(0), *(from_pcm(f.audio, 1) for f in self.of(TTSAudioRawFrame))])

    async def until(self, test, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while not test():
            assert time.monotonic() < end, [type(frame).__name__ for _, frame in self.taken][-8:]
            await asyncio.sleep(0.02)


def run(processors, script) -> End:
    """Run a pipeline while `script` feeds it."""

    async def go() -> End:
        end = End()
        params = PipelineParams(audio_out_sample_rate=RATE)
        worker = PipelineWorker(Pipeline([*processors, end]), params=params)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        running = asyncio.create_task(runner.run())
        if any(isinstance(one, AvatarVideo) for one in processors):
            await end.until(lambda: len(end.of(OutputImageRawFrame)) > 5)
        await script(worker, end)
        await worker.queue_frame(EndFrame())
        await asyncio.wait_for(running, 90)
        return end

    return asyncio.run(go())


def frames(speech: Speech, context: str) -> list[Frame]:
    step = speech.sample_rate // 50
    pieces = [speech.samples[at : at + step] for at in range(0, len(speech.samples), step)]
    sound = [TTSAudioRawFrame(to_pcm(p), speech.sample_rate, 1, context_id=context) for p in pieces]
    return [TTSStartedFrame(context_id=context), *sound, TTSStoppedFrame(context_id=context)]


def test_sound_comes_back_in_step_with_pictures(engine, apple, spoken: Speech) -> None:
    async def script(worker, end: End) -> None:
        await worker.queue_frames(frames(spoken, "a") + frames(spoken, "b"))

    end = run([AvatarVideo(engine, apple)], script)
    # The end of the pipeline waits for the last word.
    twice = np.concatenate([spoken.samples, spoken.samples])
    assert end.sound() == pytest.approx(twice, abs=2e-4)
    picture = end.of(OutputImageRawFrame)[0]
    height, width, _ = apple.portrait.image.shape
    assert (picture.size, picture.format, len(picture.image)) == ((width, height), "RGB", 3 * width * height)
    kinds = [f for _, f in end.taken if isinstance(f, TTSAudioRawFrame | TTSStoppedFrame)]
    assert [f.context_id for f in kinds if isinstance(f, TTSStoppedFrame)] == ["a", "b"]
    assert isinstance(kinds[-1], TTSStoppedFrame)
    assert {f.context_id for f in kinds} == {"a", "b"}
    synced = [f for f in end.of(OutputImageRawFrame) if f.sync_with_audio]
    assert len(synced) > 0.5 * 25 * len(twice) / spoken.sample_rate
    # In real time, apart from the first burst.
    came = [at for at, f in end.taken if isinstance(f, TTSAudioRawFrame)]
    assert came[-1] - came[0] > len(twice) / spoken.sample_rate - 0.5


def test_an_interruption_silences_it(engine, apple, spoken: Speech) -> None:
    moments: dict[str, float] = {}

    async def script(worker, end: End) -> None:
        await worker.queue_frames(frames(spoken, "a"))
        await end.until(lambda: len(end.sound()) > 0.5 * RATE)
        await worker.queue_frame(InterruptionFrame())
        await end.until(lambda: end.of(InterruptionFrame))
        moments["at"] = time.monotonic()
        await asyncio.sleep(0.6)
        moments["heard"] = len(end.sound())
        await worker.queue_frames(frames(spoken, "b"))
        await end.until(lambda: end.of(TTSStoppedFrame))

    end = run([AvatarVideo(engine, apple)], script)
    late = [at for at, f in end.taken if isinstance(f, TTSAudioRawFrame) and at > moments["at"] + 0.05]
    assert late[0] > moments["at"] + 0.6
    assert moments["heard"] < 1.5 * RATE
    assert [f.context_id for f in end.of(TTSStoppedFrame)] == ["b"]
    assert end.sound()[int(moments["heard"]) :] == pytest.approx(spoken.samples, abs=2e-4)


def test_text_of_a_model_is_spoken_with_the_own_voice(engine, apple) -> None:
    async def script(worker, end: End) -> None:
        words = ["Good ", "morning! ", "I ", "sing ", "opera."]
        texts = [LLMTextFrame(word) for word in words]
        await worker.queue_frames([LLMFullResponseStartFrame(), *texts, LLMFullResponseEndFrame()])
        await end.until(lambda: end.of(TTSStoppedFrame))

    end = run([PersonaVoice(engine, apple), AvatarVideo(engine, apple)], script)
    assert 1.0 < len(end.sound()) / RATE < 8.0
    assert np.abs(end.sound()).max() > 0.1
    assert not [f for f in end.taken if "Error" in type(f).__name__]


def test_an_utterance_is_understood_and_noise_is_not(spoken: Speech) -> None:
    said = resample(spoken.samples, spoken.sample_rate, 16_000)
    noise = np.random.default_rng(1).normal(0, 0.02, 16_000)

    async def utter(worker, samples: np.ndarray) -> None:
        await worker.queue_frame(VADUserStartedSpeakingFrame())
        for at in range(0, len(samples), 320):
            await worker.queue_frame(InputAudioRawFrame(to_pcm(samples[at : at + 320]), 16_000, 1))
        await asyncio.sleep(0.3)
        await worker.queue_frame(VADUserStoppedSpeakingFrame())

    async def script(worker, end: End) -> None:
        await utter(worker, noise)
        await asyncio.sleep(1)
        await utter(worker, said)
        await end.until(lambda: end.of(TranscriptionFrame))

    end = run([Hearing(open_recognizer("local"))], script)
    words = "Papa bought a boat by the bay. Bob may come along."
    assert [frame.text for frame in end.of(TranscriptionFrame)] == [words]
