"""Fuzzing that follows the code: what reaches new lines of a parser is kept and changed further.

Needs Atheris, which steers libFuzzer by the branches of our own modules. A part runs in a process of its own,
as libFuzzer ends its process at the first failure; the file that made it fail stays in the part's folder and
is read again, first of all, by the next run there.
"""

from __future__ import annotations

import importlib.util
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from chatanything.errors import BackendError, ChatAnythingError, UsageError
from chatanything.progress import Progress, silent

if TYPE_CHECKING:  # what is followed must be imported while Atheris watches, in the part's own process
    from chatanything.evaluation.fuzz import Failure
    from chatanything.evaluation.fuzz_parts import Part, Sample
    from chatanything.evaluation.rows import Row

LIMIT_S: Final = 20
"""A case that takes longer hangs; seconds on the wall."""
_LARGEST: Final = 1 << 18
"""Bytes of the longest case."""
_OWN_CHANGES: Final = 0.5
"""Share of the changes that know what the file is made of; the others are libFuzzer's."""
_START_UP_S: Final = 120
_LAST_LINES: Final = 8
_PROGRAM: Final = (sys.executable, "-m", "chatanything.evaluation.fuzz_guided")


@dataclass(frozen=True, slots=True)
class Guided:
    """What became of one part."""

    cases: int
    reached: int
    """Branches of our own code that some case reached."""
    reached_at_first: int
    """Branches that the valid files reach."""
    kept: int
    """Cases that were kept as they reached something new."""
    failure: str = ""
    """Last lines of what happened; "" if every case was read or refused."""


def run_guided(
    *, minutes: float, parts: Sequence[str] = (), seed: int = 0, folder: Path | None = None,
    progress: Progress = silent,
) -> tuple[list[Row], tuple[Failure, ...]]:  # fmt: skip
    """Follow the code for so long, the time shared by the parts.

    Args:
        minutes: In all.
        parts: Names of `fuzz_parts.PARTS`; none means all.
        seed: Another seed, other changes.
        folder: Keeps what was found, for the next run to go on from; a temporary folder if None.
        progress: Told about every part.

    Raises:
        UsageError: There is no such part.
        BackendError: Atheris is not installed.
    """
    from chatanything.evaluation.fuzz import Failure
    from chatanything.evaluation.fuzz_parts import PARTS
    from chatanything.evaluation.rows import Row

    chosen = tuple(parts) or tuple(PARTS)
    if wrong := [one for one in chosen if one not in PARTS]:
        raise UsageError("no such part", expected=" or ".join(PARTS), got=repr(wrong[0]))
    if importlib.util.find_spec("atheris") is None:
        raise BackendError(
            "guided fuzzing needs atheris (Linux, x86-64)",
            hint='Install with: pip install "chatanything[fuzz]"',
        )
    rows, failures = [], list[Failure]()
    with TemporaryDirectory() as spare:
        base = folder or Path(spare)
        for number, part in enumerate(chosen):
            progress("fuzz", number, len(chosen), part)
            found = follow(part, base / part, seconds=60 * minutes / len(chosen), seed=seed)
            controls = {
                "reached": found.reached, "reached_at_first": found.reached_at_first, "kept": found.kept
            }  # fmt: skip
            rows.append(
                Row(f"fuzz.guided.{part}", float(bool(found.failure)), "failures", found.cases, controls)
            )
            if found.failure:
                failures.append(Failure(part, found.cases, found.failure))
    progress("fuzz", len(chosen), len(chosen), "")
    return rows, tuple(failures)


def follow(
    part: str, folder: Path, *, seconds: float, seed: int = 0, program: Sequence[str] = _PROGRAM
) -> Guided:
    """Fuzz one part in a process of its own.

    Args:
        part: A name of `fuzz_parts.PARTS`.
        folder: Takes `kept/`, the cases that reached something, and `failed/`.
        seconds: So long.
        seed: Of the changes.
        program: Calls `main` with the arguments that come after it.
    """
    kept, failed = folder / "kept", folder / "failed"
    for one in (kept, failed):
        one.mkdir(parents=True, exist_ok=True)
    command = [
        *program, part, f"-max_total_time={max(1, round(seconds))}", f"-seed={seed + 1}",
        f"-artifact_prefix={failed}/", f"-timeout={LIMIT_S}", "-rss_limit_mb=0",
        f"-max_len={_LARGEST}", "-print_final_stats=1", str(kept), str(failed),
    ]  # fmt: skip
    try:
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace",
            timeout=seconds + LIMIT_S + _START_UP_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as exc:
        said = exc.stderr.decode(errors="replace") if isinstance(exc.stderr, bytes) else (exc.stderr or "")
        return _result(said, kept, f"does not end\n{_tail(said)}")
    said = ended.stdout + ended.stderr
    return _result(said, kept, _tail(said) if ended.returncode else "")


def _result(said: str, kept: Path, failure: str) -> Guided:
    reached = [int(one) for one in re.findall(r"\bcov: (\d+)", said)]
    first = re.search(r"INITED cov: (\d+)", said)
    cases = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
    return Guided(
        int(cases[1]) if cases else 0,
        max(reached, default=0),
        int(first[1]) if first else 0,
        sum(1 for _ in kept.iterdir()),
        failure,
    )


def _tail(said: str) -> str:
    """What Python said of the exception, or else the last lines."""
    _, sign, after = said.partition("=== Uncaught Python exception: ===")
    lines = (after.partition("==")[0] if sign else said).strip().splitlines()
    return "\n".join(lines[:2] + lines[2:][-_LAST_LINES:])


# ---------------------------------------------------------------------- a part's own process


def _target(part: Part, samples: Sequence[Sample], folder: Path) -> Callable[[bytes], None]:
    """What libFuzzer calls with every case: its first byte says which of the valid files it came from."""

    def read(data: bytes) -> None:
        if not data:
            return
        path = folder / f"case{samples[data[0] % len(samples)].suffix}"
        path.write_bytes(data[1:])
        try:
            part.read(path)
        except ChatAnythingError:
            return

    return read


def _changer(samples: Sequence[Sample], atheris: Any) -> Callable[[bytes, int, int], bytes]:
    """Changes that know what the file is made of, or libFuzzer's own."""

    def change(data: bytes, largest: int, seed: int) -> bytes:
        rng = random.Random(seed)  # noqa: S311 - nothing is kept secret with it
        if len(data) < 2 or rng.random() >= _OWN_CHANGES:
            return bytes(atheris.Mutate(data, largest))
        try:
            changed = samples[data[0] % len(samples)].change(data[1:], rng)
        except Exception:  # noqa: BLE001 - no longer such a file; what its reader does is what is tested
            return bytes(atheris.Mutate(data, largest))
        return (data[:1] + changed)[:largest]

    return change


def main(arguments: Sequence[str]) -> None:
    """Fuzz the part that the first argument names; the others are libFuzzer's, the last but one its cases."""
    import atheris

    with atheris.instrument_imports(include=["chatanything"]):
        from chatanything.evaluation.fuzz import limit_memory
        from chatanything.evaluation.fuzz_parts import PARTS
    part, corpus = PARTS[arguments[1]], Path(arguments[-2])
    with TemporaryDirectory() as name:
        folder = Path(name)
        samples = part.samples(folder)
        for number, sample in enumerate(samples):
            (corpus / f"valid-{number:02d}").write_bytes(bytes([number]) + sample.data)
        # libFuzzer's own limit takes the peak of the process that started this one for its own.
        limit_memory()
        atheris.Setup(
            [arguments[0], *arguments[2:]],
            _target(part, samples, folder),
            custom_mutator=_changer(samples, atheris),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
