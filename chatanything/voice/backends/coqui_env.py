"""The environment of the coqui voices: what they need cannot live beside what chatanything needs.

torchaudio and torchcodec from the package index are built for CUDA, and beside a torch without it they break
whatever imports them. So coqui gets a folder of its own, in which torchaudio's native part is taken out (its
Python part resamples and makes spectrograms, which is all that is used) and torchcodec is only present.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chatanything.errors import BackendError
from chatanything.media.atomic import write_bytes
from chatanything.paths import make_folder
from chatanything.progress import Progress, silent
from chatanything.settings import settings
from chatanything.voice.backends import coqui_worker
from chatanything.voice.backends.worker import Worker

PINS: Final = Path(__file__).with_name("coqui-pins.txt")
DISK_GB: Final = 1.9
"""On disk with a torch without CUDA; with one that has it, about 7."""
_WANTED: Final = ("torch", "numpy", "transformers", "coqui-tts", "six")
_BARE: Final = ("torchaudio", "torchcodec")
"""Installed without what they ask for: they would bring CUDA."""
_DONE: Final = "chatanything.json"
_GREETING_S: Final = 180.0


def folder() -> Path:
    """Where the environment is, or would be."""
    return settings().cache / "environments" / "coqui"


def _program(place: Path) -> Path:
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python() -> Path | None:
    """The environment's Python; None unless it was installed to its end, with these pins."""
    place = folder()
    try:
        done = json.loads((place / _DONE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return _program(place) if done.get("pins") == _digest() and _program(place).exists() else None


def _digest() -> str:
    return hashlib.sha256(PINS.read_bytes()).hexdigest()


def _pin(name: str) -> str:
    for line in PINS.read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] == name:
            return line.strip()
    raise KeyError(name)


def install(*, index: str = "", progress: Progress = silent) -> Path:
    """Make the environment, or finish one that was interrupted; nothing happens when it is complete.

    Args:
        index: One more package index, for a torch without CUDA where pip finds none otherwise.
        progress: Told about every step, stage "coqui".

    Returns:
        Its Python.

    Raises:
        BackendError: A step failed; the next call goes on there.
    """
    ready = python()
    if ready is not None:
        progress("coqui", 1, 1, f"is installed in {folder()}")
        return ready
    place = folder()
    make_folder(place.parent)
    free = shutil.disk_usage(place.parent).free / 1e9
    if free < DISK_GB + 0.5:
        raise BackendError(
            "not enough disk for the coqui voices",
            expected=f"{DISK_GB + 0.5:.1f} GB free in {place.parent}",
            got=f"{free:.1f} GB",
            hint="Free some space, or move it: CHATANYTHING_HOME=/another/folder",
        )
    start = time.monotonic()
    program = _program(place)
    _environment(place, progress)
    constraint = ["--constraint", str(PINS)]
    more = ["--extra-index-url", index] if index else []
    pip = [str(program), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    wanted = [_pin(name) for name in _WANTED]
    progress("coqui", 1, 4, f"{', '.join(wanted)} and what they need")
    _run([*pip, *constraint, *more, *wanted], progress)
    bare = [_pin(name) for name in _BARE]
    progress("coqui", 2, 4, f"{', '.join(bare)}, without CUDA")
    _run([*pip, "--no-deps", *bare], progress)
    _disarm(place)
    progress("coqui", 3, 4, "trying the worker")
    version = _tried(program)
    seconds = time.monotonic() - start
    size = size_of(place)
    done = {"pins": _digest(), "coqui-tts": version, "seconds": round(seconds), "bytes": size}
    write_bytes(place / _DONE, (json.dumps(done) + "\n").encode())
    progress("coqui", 4, 4, f"coqui-tts {version}, {size / 1e9:.2f} GB, {seconds:.0f} s")
    return program


def _environment(place: Path, progress: Progress) -> None:
    """An environment whose Python and pip run; a broken one is made anew."""
    program = _program(place)
    if program.exists() and _runs([str(program), "-m", "pip", "--version"]):
        progress("coqui", 0, 4, f"going on in {place}")
        return
    progress("coqui", 0, 4, f"an environment in {place}, about {DISK_GB} GB in the end")
    _run([sys.executable, "-m", "venv", "--clear", str(place)], progress)


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: Sequence[str], progress: Progress) -> None:
    """Run a step, telling its lines.

    Raises:
        BackendError: It failed; with the last line that says why.
    """
    last: deque[str] = deque(maxlen=40)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.strip())
            if line.startswith(("Collecting ", "Installing ")):
                progress("coqui", 0.5, 4, line.strip()[:100])
    if process.returncode:
        errors = [line for line in last if line.lower().startswith("error")] or [*last, "no reason given"][
            -2:
        ]
        raise BackendError(
            "the coqui voices could not be installed",
            got=errors[0][:300],
            hint="Run the same command again; it goes on where it stopped.",
        )


def _disarm(place: Path) -> None:
    """Take out torchaudio's native libraries, which want CUDA's."""
    for library in place.glob("lib/python*/site-packages/torchaudio/lib/*.so"):
        library.unlink()


def _tried(program: Path) -> str:
    """Version of coqui-tts, as its worker says it; the packages are loaded too."""
    _check = "import TTS.api, TTS.tts.models.vits, TTS.tts.models.xtts"
    tried = subprocess.run([str(program), "-I", "-c", _check], capture_output=True, text=True, check=False)
    if tried.returncode:
        lines = tried.stderr.strip().splitlines() or ["no reason given"]
        raise BackendError(
            "the coqui voices were installed and do not load", got=lines[-1][:300],
            hint=f"Remove {folder()} and install them again.",
        )  # fmt: skip
    worker = Worker(
        [str(program), "-I", coqui_worker.__file__],
        wait_s=_GREETING_S,
        hint="Install the coqui voices again.",
    )
    worker.close()
    return worker.version


def size_of(place: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file() and not file.is_symlink())
