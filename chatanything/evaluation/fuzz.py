"""Broken and hostile files by the hundred thousand: each is read, or refused with an error of the family.

Every case is made from its number alone, so that a case that fails can be run again by itself. The cases run
in a process of their own: one that kills it, or does not come back, is counted, and the next one goes on.
Time is that of the processor, so that a busy machine makes no case slow.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import signal
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from chatanything.errors import ChatAnythingError, UsageError
from chatanything.evaluation.fuzz_parts import PARTS, Sample
from chatanything.evaluation.rows import Row
from chatanything.progress import Progress, silent

LIMIT_S: Final = 20.0
"""A case that takes longer hangs; seconds of processor time, as all here."""
SLOW_S: Final = 5.0
"""A case that takes longer is reported, whatever comes of it."""
MEMORY_BYTES: Final = 1 << 30
"""Address space that the cases may take beyond what the process has at its start."""
_LOOK_EVERY_S: Final = 0.5
_MOST_FAILURES: Final = 50
_CASE, _READ, _REFUSED = 0, 1, 2
"""Places of the numbers that worker and parent share."""
_REFUSED_WORD: Final = "refused"


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did something else than be read or be refused."""

    part: str
    case: int
    what: str
    """Last lines of the traceback, or what became of the process."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the cases of one part."""

    cases: int
    read: int
    refused: int
    slowest_s: float
    failures: tuple[Failure, ...]


def case_bytes(samples: Sequence[Sample], part: str, seed: int, case: int) -> tuple[str, bytes]:
    """Suffix and content of a case; the same numbers give the same bytes."""
    rng = random.Random(f"{seed}/{part}/{case}")  # noqa: S311 - nothing is kept secret with it
    sample = rng.choice(samples)
    return sample.suffix, sample.change(sample.data, rng)


def run_part(
    part: str, cases: range, *, seed: int = 0, limit_s: float = LIMIT_S, progress: Progress = silent
) -> Outcome:
    """Run the cases of one part.

    Args:
        part: A name of `PARTS`.
        cases: Their numbers.
        seed: Another seed gives other cases.
        limit_s: So long may a case take.
        progress: Told in cases, stage "fuzz".

    Raises:
        UsageError: There is no such part.
    """
    if part not in PARTS:
        raise UsageError("no such part", expected=" or ".join(PARTS), got=repr(part))
    context = multiprocessing.get_context("fork")
    state, failures = context.Array("q", 3), list[Failure]()
    slowest, at = context.Value("d", 0.0), cases.start
    while at < cases.stop and len(failures) < _MOST_FAILURES:
        state[_CASE] = at
        here, there = context.Pipe(duplex=False)
        worker = context.Process(
            target=_work,
            args=(there, state, slowest, part, range(at, cases.stop), seed, limit_s),
            daemon=True,
        )
        worker.start()
        there.close()
        for case, what in _reports(here, state, progress, part, cases):
            failures.append(Failure(part, case, what))
        worker.join()
        at = cases.stop
        if worker.exitcode:
            hung = worker.exitcode == -signal.SIGPROF
            what = f"more than {limit_s:g} s" if hung else f"ended the process (exit code {worker.exitcode})"
            failures.append(Failure(part, state[_CASE], what))
            at = state[_CASE] + 1
    return Outcome(at - cases.start, state[_READ], state[_REFUSED], slowest.value, tuple(failures))


def _reports(
    here: Connection, state: Any, progress: Progress, part: str, cases: range
) -> Iterator[tuple[int, str]]:
    """Failures as the worker finds them, until it ends."""
    while True:
        if here.poll(_LOOK_EVERY_S):
            try:
                yield here.recv()
            except EOFError:
                return
        progress("fuzz", state[_CASE] - cases.start, len(cases), part)


def _work(
    out: Connection, state: Any, slowest: Any, part: str, cases: range, seed: int, limit_s: float
) -> None:
    """Run cases; the number of each is written down before it runs, so that none ends the process unnamed."""
    limit_memory()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as name:
        folder = Path(name)
        samples = PARTS[part].samples(folder)
        for case in cases:
            state[_CASE] = case
            suffix, data = case_bytes(samples, part, seed, case)
            signal.setitimer(signal.ITIMER_PROF, limit_s)
            began = time.process_time()
            verdict = _one(part, folder / f"case{suffix}", data)
            took = time.process_time() - began
            signal.setitimer(signal.ITIMER_PROF, 0)
            slowest.value = max(slowest.value, took)
            if verdict == "":
                state[_READ] += 1
            elif verdict == _REFUSED_WORD:
                state[_REFUSED] += 1
            else:
                out.send((case, verdict))
            if took > SLOW_S:
                out.send((case, f"took {took:.1f} s"))
        state[_CASE] = cases.stop


def limit_memory() -> None:
    """From here on this process may take `MEMORY_BYTES` of address space more."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY_BYTES, resource.RLIM_INFINITY))


def _one(part: str, path: Path, data: bytes) -> str:
    """Nothing for a file that was read, else what became of it."""
    path.write_bytes(data)
    try:
        PARTS[part].read(path)
    except ChatAnythingError:
        return _REFUSED_WORD
    except Exception:  # noqa: BLE001 - finding it is the purpose
        return "".join(traceback.format_exc().splitlines(keepends=True)[-6:])
    return ""


def run_fuzz(
    *, cases: int, parts: Sequence[str] = (), seed: int = 0, progress: Progress = silent
) -> tuple[list[Row], tuple[Failure, ...]]:
    """Cases over all parts, equally many each.

    Args:
        cases: How many in all.
        parts: Names of `PARTS`; none means all.
        seed: Another seed gives other cases.
        progress: Told in cases.

    Raises:
        UsageError: There is no such part.
    """
    chosen = tuple(parts) or tuple(PARTS)
    rows, failures = [], list[Failure]()
    for part in chosen:
        found = run_part(part, range(-(-cases // len(chosen))), seed=seed, progress=progress)
        shares = {"read": found.read / found.cases, "slowest_s": found.slowest_s}
        rows.append(Row(f"fuzz.{part}", float(len(found.failures)), "failures", found.cases, shares))
        failures += found.failures
    return rows, tuple(failures)
