"""Runs chatanything with faults that a soak test switches on and off from outside.

    python -m chatanything.evaluation.faulty serve --port 8000

reads what is wrong from the JSON file that `CHATANYTHING_FAULTS` names, about five times a second. These are
faults that cannot be had otherwise without owning the machine: a disk that is slow to write to, and a wall
clock that jumps. Clocks that only go forward (`time.monotonic`) are not touched, as on a real machine. What
else goes wrong, killed processes and full disks, is done to the process from outside.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import runpy
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from chatanything.media.atomic import write_bytes

VARIABLE: Final = "CHATANYTHING_FAULTS"
_LOOK_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong."""

    write_s: float = 0.0
    """Opening a file to write into it, and every fsync, takes so much longer."""
    clock_s: float = 0.0
    """The wall clock is so far ahead."""

    def write(self, path: Path) -> None:
        """Switch them on in the processes that read this file."""
        write_bytes(path, json.dumps(asdict(self)).encode())


def read(path: Path) -> Faults:
    """The faults in a file; none while it is not there."""
    try:
        return Faults(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Faults()


class _Injector:
    """Stands between this process and its clock and disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = read(path)
        threading.Thread(target=self._watch, name="faults", daemon=True).start()

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            self.now = read(self._path)

    def patch(self) -> None:
        plain_time, plain_ns, plain_fsync, plain_open = time.time, time.time_ns, os.fsync, io.open

        def slow_fsync(fd: Any) -> None:
            time.sleep(self.now.write_s)
            plain_fsync(fd)

        def slow_open(file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
            if set(mode) & set("wax+"):
                time.sleep(self.now.write_s)
            return plain_open(file, mode, *args, **more)

        patches: dict[str, Any] = {
            "time": lambda: plain_time() + self.now.clock_s,
            "time_ns": lambda: plain_ns() + round(self.now.clock_s * 1e9),
        }
        for name, function in patches.items():
            setattr(time, name, function)
        os.fsync = slow_fsync
        io.open = builtins.open = slow_open


def install(path: Path) -> None:
    """From here on this process has the faults that a file names.

    Args:
        path: Written by `Faults.write`; nothing is wrong while it is not there.
    """
    _Injector(path).patch()


def main() -> None:
    """Run the command line that follows, with faults."""
    named = os.environ.get(VARIABLE)
    if named:
        install(Path(named))
    sys.argv[0] = "chatanything"
    runpy.run_module("chatanything", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
