"""`evaluate soak`: live conversations and batches for a long time, while things go wrong all the time.

A real server and the real command line run beside each other. One fault after the other is switched on for
a while: the language model is dead, answers nonsense or stalls, the disk is slow or full, the clock jumps,
workers, batches and the server are killed. Everything is judged from outside: each question must end in an
answer or in a sentence that says why not, each video that was accepted must come, each job of each list must
lie on the disk and verify, and memory must not grow.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

from chatanything.errors import ChatAnythingError
from chatanything.evaluation.faulty import VARIABLE, Faults
from chatanything.evaluation.live_server import ScriptedModel, scripted_model
from chatanything.evaluation.rows import Row
from chatanything.evaluation.soak_batch import BatchRuns, missing
from chatanything.evaluation.soak_disk import MB, fill, relieve, small_disk
from chatanything.evaluation.soak_live import DESCRIPTION, SAMPLE_S, Customer, Life, Supervised, Tally, visit
from chatanything.progress import Progress, silent
from chatanything.provenance.c2pa import verify_file
from chatanything.settings import Settings, load_settings

PLAIN: Final = {
    "CHATANYTHING_FACE_ENGINE": "template", "CHATANYTHING_RENDERER": "warp", "CHATANYTHING_MOTION": "rules",
    "CHATANYTHING_REQUESTS_PER_MINUTE": "100000", "CHATANYTHING_HEARING": "none",
}  # fmt: skip
"""Settings of the shortest real work: the test is about what holds it together."""
DISK_MB: Final = 600
"""For all that an hour makes; what is left at the end is told."""
_SLOW_S: Final = 0.5
_JUMP_S: Final = 3600.0
_SHORTEST_S, _LONGEST_S = 20.0, 150.0
"""Of the time between two faults; each lasts a third of it."""
_AROUND: Final = 14
"""About so many faults are switched on, if the time allows."""
_AFTERMATH_S: Final = 20.0
"""An answer that fails so soon after a fault still counts as its doing."""
_SETTLE_S: Final = 240.0
_WARM_S: Final = 60.0
"""Of a server's life in which its memory may still grow: models load, caches fill."""


@dataclass(slots=True)
class Stand:
    """Everything that can be broken."""

    faults: Path
    disk: Path
    model: ScriptedModel
    server: Supervised
    batch: BatchRuns

    def set(self, faults: Faults) -> None:
        """Switch on what processes do to themselves."""
        faults.write(self.faults)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong, and that is put right again."""

    name: str
    begin: Callable[[Stand], object]
    end: Callable[[Stand], object] = lambda _: None


def _model(fault: str) -> Callable[[Stand], None]:
    def begin(stand: Stand) -> None:
        stand.model.fault = fault  # type: ignore[assignment]

    return begin


def _set(faults: Faults) -> Callable[[Stand], None]:
    return lambda stand: stand.set(faults)


_WELL = _set(Faults())
FAULTS: Final = (
    Fault("model_dead", _model("dead"), _model("")),
    Fault("worker_killed", lambda stand: stand.batch.kill(worker=True)),
    Fault("disk_full", lambda stand: fill(stand.disk), lambda stand: relieve(stand.disk)),
    Fault("clock_ahead", _set(Faults(clock_s=_JUMP_S)), _WELL),
    Fault("batch_killed", lambda stand: stand.batch.kill(worker=False)),
    Fault("model_stalls", _model("stalls"), _model("")),
    Fault("server_killed", lambda stand: stand.server.kill()),
    Fault("disk_slow", _set(Faults(write_s=_SLOW_S)), _WELL),
    Fault("clock_behind", _set(Faults(clock_s=-_JUMP_S)), _WELL),
    Fault("model_broken", _model("broken"), _model("")),
)


@dataclass(slots=True)
class Log:
    """Which faults there were, and when: (begin, end) of `time.monotonic`."""

    names: Counter[str] = field(default_factory=Counter)
    spans: list[tuple[float, float]] = field(default_factory=list)

    def covers(self, at_s: float) -> bool:
        """Whether something was wrong at a time, or had just been."""
        return any(begin <= at_s <= end + _AFTERMATH_S for begin, end in self.spans)


def run_soak(
    *,
    minutes: float = 60.0,
    visitors: int = 2,
    workers: int = 2,
    folder: Path | None = None,
    progress: Progress = silent,
) -> list[Row]:
    """Run for a time and judge.

    Args:
        minutes: How long faults come; starting and settling take some more.
        visitors: Who talk to the server at once.
        workers: Processes of the batch.
        folder: Kept afterwards; None uses a temporary one.
        progress: Told about every fault.

    Raises:
        BackendError: The server does not start while nothing is wrong.
    """
    with ExitStack() as stack:
        base = folder or Path(stack.enter_context(TemporaryDirectory(prefix="chatanything-soak-")))
        disk, kept = base / "disk", base / "fetched"
        on_disk = stack.enter_context(small_disk(disk, DISK_MB))
        home = _home(disk)
        environment = {**PLAIN, VARIABLE: str(base / "faults.json"), "CHATANYTHING_HOME": str(home)}
        model = stack.enter_context(scripted_model())
        is_valid = _judge(Settings(home=home))
        server = Supervised(model.url, environment)
        stack.callback(server.close)
        who = {"description": DESCRIPTION, "seed": 7}
        persona = server.running.request("POST", "/v1/personas", who)["id"]
        batch = BatchRuns(
            disk / "batch", {**environment, "CHATANYTHING_LLM": "rules"}, is_valid, workers=workers
        )
        customer, tally, log = Customer(server, persona, kept, is_valid), Tally(), Log()
        stand = Stand(base / "faults.json", disk, model, server, batch)
        faults = [fault for fault in FAULTS if on_disk or fault.name != "disk_full"]
        began = time.monotonic()
        stop = Event()
        jobs = [lambda: batch.run(stop), lambda: customer.run(stop)]
        jobs += [_visitor(server, persona, tally, stop, number) for number in range(visitors)]
        with ThreadPoolExecutor(len(jobs), "soak") as pool:
            running = [pool.submit(job) for job in jobs]
            try:
                _break(stand, faults, log, 60 * minutes, progress, running)
            finally:
                stop.set()
        _raise_from(running)
        spent = (time.monotonic() - began) / 60
        progress("soak", 1, 1, "settling")
        customer.settle(_SETTLE_S)
        batch.settle()
        return [
            Row("soak.minutes", spent, "min", sum(log.names.values()), dict(log.names)),
            *_live_rows(tally, log),
            _memory_row(server.lives),
            *_video_rows(customer),
            *_batch_rows(batch, is_valid, disk, progress),
        ]


def _visitor(server: Supervised, persona: str, tally: Tally, stop: Event, number: int) -> Callable[[], None]:
    return lambda: visit(server.running.url, persona, tally, stop, number=number)


def _home(disk: Path) -> Path:
    """A cache of its own on the small disk; only the weights are those of this machine."""
    home = disk / "home"
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "weights").exists():
        (home / "weights").symlink_to(load_settings().cache / "weights")
    return home


def _judge(config: Settings) -> Callable[[Path], bool]:
    def is_valid(path: Path) -> bool:
        try:
            return verify_file(path, config=config).state == "valid"
        except ChatAnythingError:
            return False

    return is_valid


def _raise_from(running: Sequence[Future[None]]) -> None:
    """Raise what ended a visitor, the customer or the batch: without them nothing is tested."""
    for one in running:
        if one.done():
            one.result()


def _break(
    stand: Stand,
    faults: Sequence[Fault],
    log: Log,
    seconds: float,
    progress: Progress,
    running: Sequence[Future[None]],
) -> None:
    """Switch one fault after the other on and off until the time is over."""
    period = min(max(seconds / _AROUND, _SHORTEST_S), _LONGEST_S)
    began, number = time.monotonic(), 0
    while (left := began + seconds - time.monotonic()) > period:
        _raise_from(running)
        fault = faults[number % len(faults)]
        number += 1
        time.sleep(2 * period / 3)
        progress("soak", seconds - left, seconds, fault.name)
        start = time.monotonic()
        fault.begin(stand)
        time.sleep(max(0.0, start + period / 3 - time.monotonic()))
        fault.end(stand)
        log.names[fault.name] += 1
        log.spans.append((start, time.monotonic()))
    time.sleep(max(0.0, began + seconds - time.monotonic()))


def _live_rows(tally: Tally, log: Log) -> list[Row]:
    asked = sum(tally.ends.values())
    alone = sum(not log.covers(at) for at, _ in tally.failures)
    later = [[at - end for at in tally.answers_s if at > end] for _, end in log.spans]
    waits = [min(waits) for waits in later if waits]
    counts = {name: float(tally.ends[name]) for name in ("answered", "failed", "cut")}
    rows = [
        Row("soak.live.silent", tally.ends["silent"], "questions", asked, counts),
        Row("soak.live.unprovoked", alone, "failures", asked, {"provoked": len(tally.failures) - alone}),
    ]
    if waits:
        spread = {"median": float(median(waits)), "never": float(len(later) - len(waits))}
        rows.append(Row("soak.live.recovery", max(waits), "s", len(waits), spread))
    return rows


def _memory_row(lives: Sequence[Life]) -> Row:
    """Growth of the server's memory, of the life in which it grew most."""
    grown = [growth(life) for life in lives]
    worst = max(grown)
    peak = max((mb for life in lives for _, mb in life.samples), default=0.0)
    longest = max((life.samples[-1][0] - life.samples[0][0] for life in lives if life.samples), default=0.0)
    return Row("soak.memory_growth", worst, "MB", len(lives), {"peak": peak, "longest_minutes": longest / 60})


def growth(life: Life) -> float:
    """Megabytes between the first fifth of a warm server's life and the last one; 0 for a life too short.

    Args:
        life: Its samples.
    """
    warm = [mb for _, mb in life.samples[round(_WARM_S / SAMPLE_S) :]]
    fifth = len(warm) // 5
    return median(warm[-fifth:]) - median(warm[:fifth]) if fifth else 0.0


def _video_rows(customer: Customer) -> list[Row]:
    ends = customer.orders.ends
    accepted = sum(count for name, count in ends.items() if name != "refused")
    told = {name: float(ends[name]) for name in ("completed", "failed", "refused")}
    return [
        Row("soak.videos.lost", ends["lost"], "videos", accepted, told),
        Row("soak.videos.wrong", ends["wrong"], "videos", ends["completed"] + ends["wrong"]),
    ]


def _batch_rows(
    batch: BatchRuns, is_valid: Callable[[Path], bool], disk: Path, progress: Progress
) -> list[Row]:
    lost = batch.lost()
    for job in lost:
        progress("soak", 1, 1, f"lost {job}")
    control = {
        "runs": float(batch.starts), "ended_well": float(batch.clean_ends),
        "free_mb": shutil.disk_usage(disk).free / MB,
    }  # fmt: skip
    whole = [one for one in batch.lists if not missing(one, is_valid)]
    if whole:
        control["of_2_damaged"] = _noticed(whole[0], is_valid)
    return [Row("soak.batch.lost", len(lost), "jobs", batch.jobs, control)]


def _noticed(jobs: Path, is_valid: Callable[[Path], bool]) -> float:
    """How many are missed when one video is taken away and a byte in the middle of another is changed."""
    with TemporaryDirectory() as place:
        copy = Path(place) / jobs.name
        shutil.copy(jobs, copy)
        shutil.copytree(jobs.with_suffix(""), copy.with_suffix(""))
        first, second = sorted(copy.with_suffix("").glob("*.mp4"))[:2]
        first.unlink()
        data = bytearray(second.read_bytes())
        data[len(data) // 2] ^= 1
        second.write_bytes(data)
        return float(len(missing(copy, is_valid)))
