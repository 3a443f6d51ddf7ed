"""`evaluate speed`: seconds and memory of every stage, frames a second, real-time factor, and talks.

Creating and speaking run in a fresh process each, so that every repeat starts cold and its peak memory is
its own. The seconds are those that the studio itself records for each stage.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from chatanything.evaluation.process import Figures, in_fresh_process, peak_memory_mb
from chatanything.evaluation.report import machine
from chatanything.evaluation.rows import Row
from chatanything.evaluation.speed_talk import measure_talk
from chatanything.progress import Progress, silent
from chatanything.studio import Studio

DESCRIPTION: Final = "a grumpy old lighthouse keeper who loves jazz"
TEXT: Final = (
    "Evening. The lamp is lit, the fog is thick, and my trumpet is out of tune again. "
    "Pull up a chair, but mind the cat."
)
SEED: Final = 7
CREATION: Final = ("persona", "voice", "face")
SPEAKING: Final = ("speech", "motion", "render", "write")


def run_speed(*, repeats: int = 3, llm: str | None = None, progress: Progress = silent) -> list[Row]:
    """Speed and memory figures, medians over repeats, with the lowest and highest as control.

    Args:
        repeats: Times that everything is measured, at least 1.
        llm: As `Studio` takes it; None takes the setting.
        progress: Told about every run; its first note names the machine.

    Raises:
        ChatAnythingError: A stage failed.
    """
    measured: defaultdict[str, list[float]] = defaultdict(list)
    progress("speed", 0, repeats, machine())
    for i in range(repeats):
        with TemporaryDirectory() as folder:
            card = Path(folder) / "persona.charx"
            tasks: Sequence[tuple[Callable[..., Figures], tuple[Any, ...]]] = (
                (measure_creating, (card, llm)),
                (measure_speaking, (card, llm)),
                (measure_talk, (Path(folder) / "memories", llm)),
            )
            for task, args in tasks:
                for name, value in in_fresh_process(task, *args).items():
                    measured[name].append(value)
        progress("speed", i + 1, repeats, f"run {i + 1} of {repeats} measured")
    return [_row(name, values) for name, values in measured.items()]


def _row(name: str, values: Sequence[float]) -> Row:
    units = {"peak_memory": "MB", "fps": "frames/s", "real_time_factor": "x"}
    unit = next((unit for part, unit in units.items() if name.endswith(part)), "s")
    spread = {"lowest": min(values), "highest": max(values)} if len(values) > 1 else {}
    return Row(f"speed.{name}", float(np.median(values)), unit, len(values), spread)


def measure_creating(card: Path, llm: str | None) -> Figures:
    """Create the persona and save it under `card`."""
    start = time.perf_counter()
    persona = Studio(llm=llm).create(DESCRIPTION, seed=SEED)
    total = time.perf_counter() - start
    seconds = {record.stage: record.seconds for record in persona.records}
    persona.save(card)
    return {**_stages(seconds, CREATION), "create": total, "create.peak_memory": peak_memory_mb()}


def measure_speaking(card: Path, llm: str | None) -> Figures:
    """Let the persona in `card` speak twice: cold for the waiting time, then warm for the stages."""
    studio = Studio(llm=llm)
    persona = studio.load(card)
    start = time.perf_counter()
    studio.say(persona, TEXT, out=card.with_name("cold.mp4"))
    cold = time.perf_counter()
    video = studio.say(persona, TEXT, out=card.with_name("warm.mp4"))
    warm = time.perf_counter() - cold
    seconds = {record.stage: record.seconds for record in video.records}
    figures = {**_stages(seconds, SPEAKING), "say": warm, "first_say": cold - start}
    figures["render.fps"] = video.duration_s * video.fps / max(seconds["render"], 1e-6)
    figures["say.real_time_factor"] = warm / video.duration_s
    figures["say.peak_memory"] = peak_memory_mb()
    return figures


def _stages(seconds: Mapping[str, float], names: Sequence[str]) -> Figures:
    return {name: seconds[name] for name in names if name in seconds}
