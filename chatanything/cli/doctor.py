"""`chatanything doctor`: what works on this machine, and the command that mends the rest."""

from __future__ import annotations

import ctypes
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chatanything.cli import options
from chatanything.cli.console import out, print_json

_LIBRARIES: Final = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libGLESv2.so.2": "libgles2"}
_PACKAGES: Final = ("mediapipe", "onnxruntime", "xllamacpp", "av", "c2pa", "pyworld", "pocketsphinx")
_FREE_BYTES: Final = 3 * 10**9


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    needed: bool = True


def doctor(as_json: options.Json = False) -> int:
    """Look at this machine and name the command that mends what does not work."""
    findings = [finding for check in _CHECKS for finding in check()]
    healthy = all(finding.ok for finding in findings if finding.needed)
    if as_json:
        print_json({"healthy": healthy, "findings": findings})
        return 0 if healthy else 1
    for finding in findings:
        mark = "ok  " if finding.ok else "MEND" if finding.needed else "none"
        out.print(f"{mark} {finding.name}: {finding.detail}", markup=False)
        if not finding.ok and finding.mend:
            out.print(f"     {finding.mend}", markup=False)
    out.print("everything that is needed works" if healthy else "some things need mending")
    return 0 if healthy else 1


def _python() -> list[Finding]:
    version = platform.python_version()
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    cores = os.cpu_count() or 1
    return [
        Finding("python", good, version, "Use Python 3.11, 3.12 or 3.13."),
        Finding("machine", True, f"{cores} cores, {platform.machine()}, {platform.system()}"),
    ]


def _libraries() -> list[Finding]:
    findings = []
    for library, package in _LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            findings.append(Finding(library, False, "not found", f"sudo apt-get install {package}"))
        else:
            findings.append(Finding(library, True, "found"))
    return findings


def _packages() -> list[Finding]:
    missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    findings = [
        Finding(
            "packages",
            not missing,
            "all here" if not missing else "missing: " + ", ".join(missing),
            "pip install --upgrade chatanything",
        )
    ]
    copies = sorted(
        name
        for name in ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")
        if _installed(name)
    )
    if copies:
        mend = f"pip uninstall {' '.join(copies)} && pip install --force-reinstall opencv-contrib-python"
        findings.append(Finding("opencv", False, f"{', '.join(copies)} overwrites the copy in use", mend))
    return findings


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _weights() -> list[Finding]:
    from chatanything.weights import entries, status

    findings = []
    for entry in entries():
        state = status(entry.id)
        mend = f"chatanything weights fetch {entry.id}" + ("" if entry.pinned else " --allow-unpinned")
        findings.append(Finding(f"weights {entry.id}", state == "cached", state, mend, entry.default))
    return findings


def _cache() -> list[Finding]:
    from chatanything.settings import load_settings

    cache = load_settings().cache
    cache.mkdir(parents=True, exist_ok=True)
    writable = os.access(cache, os.W_OK)
    free = shutil.disk_usage(cache).free
    return [
        Finding("cache", writable, str(cache), "Set CHATANYTHING_HOME to a folder that can be written."),
        Finding("disk", free > _FREE_BYTES, f"{free / 1e9:.1f} GB free", "Free some space: 3 GB are needed."),
    ]


def _optional() -> list[Finding]:
    gradio = importlib.util.find_spec("gradio") is not None
    cuda = importlib.util.find_spec("torch") is not None and _cuda()
    return [
        Finding(
            "web page",
            gradio,
            "ready" if gradio else "not installed",
            'pip install "chatanything[ui]"',
            needed=False,
        ),
        Finding("GPU", cuda, "CUDA is usable" if cuda else "none; not needed", "", needed=False),
    ]


def _cuda() -> bool:
    import torch

    return bool(torch.cuda.is_available())


_CHECKS: Final[tuple[Callable[[], list[Finding]], ...]] = (
    _python,
    _libraries,
    _packages,
    _cache,
    _weights,
    _optional,
)
