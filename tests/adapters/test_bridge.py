"""Sound goes in, moments with a face come out, in step and in real time."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from chatanything.adapters.bridge import Bridge, Moment
from chatanything.bundle import Persona
from chatanything.errors import UsageError
from chatanything.evaluation.mouth import opening_of
from chatanything.face.landmarks import FaceDetector
from chatanything.live.engine import LiveEngine
from chatanything.media.pcm import from_pcm, to_pcm
from chatanything.types import Speech

pytestmark = pytest.mark.weights
WAIT_S = 60.0


class Watcher:
    """Takes every moment and remembers when it came."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge, self.taken = bridge, list[tuple[float, Moment]]()
        self.task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        async for moment in self.bridge.moments():
            self.taken.append((time.monotonic(), moment))

    async def until(self, test) -> None:
        end = time.monotonic() + WAIT_S
        while not test():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)

    @property
    def done(self) -> list[int]:
        return [number for _, moment in self.taken for number in moment.done]

    def sound(self) -> np.ndarray:
        return np.concatenate([moment.sound for _, moment in self.taken])


async def opened(engine: LiveEngine, persona: Persona) -> tuple[Bridge, Watcher]:
    bridge = await Bridge.open(engine, persona)
    watcher = Watcher(bridge)
    await watcher.until(lambda: len(watcher.taken) > 5)
    return bridge, watcher


def test_what_goes_in_comes_out_with_a_mouth_that_moves(engine, apple, spoken: Speech) -> None:
    async def talk() -> Watcher:
        bridge, watcher = await opened(engine, apple)
        rate = spoken.sample_rate
        for at in range(0, len(spoken.samples), rate // 50):
            number = bridge.feed(spoken.samples[at : at + rate // 50], rate)
        assert bridge.finish() == number
        await watcher.until(lambda: number in watcher.done)
        await bridge.close()
        await asyncio.wait_for(watcher.task, 10)
        return watcher

    watcher = asyncio.run(talk())
    assert np.array_equal(watcher.sound(), spoken.samples)
    speaking = [moment for _, moment in watcher.taken if len(moment.sound)]
    # One frame's sound with every picture, without a gap between them.
    assert {len(m.sound) for m in speaking[1:-1]} <= {959, 960, 961}
    assert np.diff([m.at_s for m in speaking]) == pytest.approx(1 / 25, abs=1e-6)
    came = np.array([at for at, moment in watcher.taken if len(moment.sound)])
    # Not before its time; how far behind it, only the machine knows.
    assert came[-1] - came[0] > len(spoken.samples) / spoken.sample_rate - 0.12 - 0.25
    with FaceDetector() as detector:
        faces = [detector.detect(m.image)[0].landmarks for m in speaking]
    level = np.array([np.sqrt((m.sound**2).mean()) for m in speaking])
    opening = opening_of(faces)
    assert np.ptp(opening) > 0.06
    assert np.corrcoef(opening, level)[0, 1] > 0.25


def test_several_streams_follow_each_other_and_a_pause_ends_one(engine, apple, spoken: Speech) -> None:
    async def talk() -> tuple[Watcher, list[int]]:
        bridge, watcher = await opened(engine, apple)
        half = len(spoken.samples) // 2
        numbers = [bridge.feed(spoken.samples[:half], spoken.sample_rate)]
        bridge.finish()
        numbers.append(bridge.feed(spoken.samples[half:], spoken.sample_rate))  # never finished
        await watcher.until(lambda: set(numbers) <= set(watcher.done))
        await bridge.close()
        return watcher, numbers

    watcher, numbers = asyncio.run(talk())
    assert watcher.done == numbers
    assert np.array_equal(watcher.sound(), spoken.samples)


def test_an_interruption_is_quick_and_final(engine, apple, spoken: Speech) -> None:
    async def talk() -> tuple[Watcher, float, int]:
        bridge, watcher = await opened(engine, apple)
        first = bridge.feed(np.tile(spoken.samples, 3), spoken.sample_rate)
        await watcher.until(lambda: len(watcher.sound()) > spoken.sample_rate)
        bridge.interrupt()
        at = time.monotonic()
        await watcher.until(lambda: first in watcher.done)
        await asyncio.sleep(0.5)
        again = bridge.feed(spoken.samples, spoken.sample_rate)
        quiet = len(watcher.sound())
        bridge.finish()
        await watcher.until(lambda: again in watcher.done)
        await bridge.close()
        return watcher, at, quiet

    watcher, at, quiet = asyncio.run(talk())
    late = [when for when, moment in watcher.taken if len(moment.sound) and when > at]
    assert late[0] - at > 0.5
    assert np.array_equal(watcher.sound()[quiet:], spoken.samples)
    # In moments, not in seconds of a machine that may be busy: four of them are 0.16 s.
    after = [moment for when, moment in watcher.taken if when > at]
    assert any(moment.done for moment in after[:4])


def test_pictures_come_while_nobody_speaks(engine, apple) -> None:
    async def wait() -> Watcher:
        bridge, watcher = await opened(engine, apple)
        await watcher.until(lambda: len(watcher.taken) > 50)
        with pytest.raises(UsageError, match="sample rate"):
            bridge.feed(np.zeros(10, np.float32), 4_000)
        await bridge.close()
        with pytest.raises(UsageError, match="ended"):
            bridge.feed(np.zeros(10, np.float32), 16_000)
        return watcher

    watcher = asyncio.run(wait())
    # A loop that is held up leaves moments out; there are never two for one frame's time, nor one early.
    steps = np.diff([moment.at_s for _, moment in watcher.taken])
    assert steps.min() > 1 / 25 - 1e-6
    assert np.median(steps) == pytest.approx(1 / 25, abs=1e-6)
    assert np.diff([at for at, _ in watcher.taken]).mean() > 0.8 / 25
    assert sum(moment.is_new for _, moment in watcher.taken) > 10


def test_an_opening_that_is_given_up_leaves_no_session(engine, apple) -> None:
    async def give_up(after_s: float) -> None:
        opening = asyncio.create_task(Bridge.open(engine, apple))
        await asyncio.sleep(after_s)
        opening.cancel()
        await asyncio.wait([opening], timeout=30)
        if not opening.cancelled():
            await opening.result().close()

    for after_s in (0.0, 0.02, 0.1, 0.2):
        asyncio.run(give_up(after_s))
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("live:")]


def test_pcm_there_and_back() -> None:
    samples = np.linspace(-1, 1, 101, dtype=np.float32)
    assert from_pcm(to_pcm(samples), 1) == pytest.approx(samples, abs=1e-4)
    stereo = np.stack([samples, -samples], axis=1).ravel()
    assert np.abs(from_pcm(to_pcm(stereo), 2)).max() < 1e-4


@pytest.mark.parametrize("framework", ["pipecat", "livekit"])
@pytest.mark.parametrize("module", ["{}", "{}_speech"])
def test_a_missing_framework_is_named_with_its_command(framework: str, module: str) -> None:
    name = f"chatanything.adapters.{module.format(framework)}"
    program = f"import sys; sys.modules[{framework!r}] = None; import {name}"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("chatanything.errors.BackendError")
    assert f'pip install "chatanything[{framework}]"' in last
