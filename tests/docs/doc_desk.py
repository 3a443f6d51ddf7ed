"""A folder in which the commands of a page run, and the files that they start from, made by real commands."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from chatanything.cli.main import run
from chatanything.settings import settings

SMALL: Final = {"CHATANYTHING_LLM": "rules", "CHATANYTHING_RENDERER": "warp", "CHATANYTHING_FPS": "5"}
"""Settings under which everything is the real path, only with less work."""
START_S: Final = 120.0
_TYPED: Final = {
    "create": "Bram\n",
    "chat": "I have two dogs.\nI live in Oslo.\nMy favourite drink is tea.\n",
}
"""What is typed where a command asks: a name and no more, and three things to remember."""
_LONG: Final = (
    "The fog came in at four, the ships were late, and nobody in the harbour said a single word about it."
)
_MADE: Final = {
    "keeper.charx": 'create "a grumpy old lighthouse keeper who loves jazz" --card keeper.charx',
    "apple.charx": 'create "a cheerful apple who sings opera" --card apple.charx',
    "her.charx": 'create "a young woman who repairs radios" --card her.charx',
    "recording.wav": 'voices preview "a calm man" -o recording.wav',
    "ann.wav": 'voices preview "a young woman" -o ann.wav',
    "clip.mp4": f'say keeper.charx "{_LONG}" -o clip.mp4',
    "photo.jpg": 'faces "a young woman" --count 1 -o sheet.png --dir photos',
}
_JOBS: Final = (
    '{"persona": "keeper.charx", "text": "Fog again."}\n{"persona": "keeper.charx", "text": "Clear night."}\n'
)


class Shelf:
    """Files that pages start from, each made once a session.

    Args:
        folder: Where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def bring(self, text: str, folder: Path) -> None:
        """Put the files that a command or a piece of Python names into its folder, unless they are there."""
        for name in (*_MADE, "jobs.jsonl", "my-cards"):
            if name in text and not (folder / name).exists():
                self._copy(name, folder)
        if "jobs.jsonl" in text:
            self.bring("keeper.charx", folder)

    def _copy(self, name: str, folder: Path) -> None:
        if name == "my-cards":
            (folder / name).mkdir()
            self.bring("keeper.charx her.charx", folder / name)
        elif name == "jobs.jsonl":
            (folder / name).write_text(_JOBS)
        else:
            if not (self._folder / name).exists():
                self._make(name)
            if folder != self._folder:
                shutil.copy(self._folder / name, folder / name)

    def _make(self, name: str) -> None:
        before = Path.cwd()
        self.bring(" ".join(_inputs(shlex.split(_MADE[name]))), self._folder)
        os.chdir(self._folder)
        try:
            assert run(shlex.split(_MADE[name])) == 0, _MADE[name]
            if name == "photo.jpg":
                self._as_photo(next(Path("photos").glob("*.png")))
        finally:
            os.chdir(before)

    @staticmethod
    def _as_photo(picture: Path) -> None:
        from PIL import Image

        Image.open(picture).convert("RGB").save("photo.jpg", quality=95)


def _outputs(words: list[str]) -> list[str]:
    """The files that a command writes: behind -o, and behind --card where a persona is created."""
    if "--dry-run" in words:
        return []
    options = ("-o", "--out", "--card") if words[0] == "create" else ("-o", "--out")
    return [after for before, after in pairwise(words) if before in options]


def _inputs(words: list[str]) -> list[str]:
    return [word for word in words if word not in _outputs(words)]


class Desk:
    """Runs what a page says, in a folder of its own.

    Args:
        folder: Where.
        shelf: The files to start from.
        patch: Sets variables and the standard input.
    """

    def __init__(self, folder: Path, shelf: Shelf, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._shelf, self._patch = folder, shelf, patch
        self._server: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.names: dict[str, object] = {"__name__": "page"}

    def shell(self, words: list[str]) -> None:
        """Run a line that begins with `export`, `curl` or `chatanything`; others are only looked at."""
        if words[0] == "export":
            self._setenv(*words[1].split("=", 1))
        elif words[0] == "chatanything" and words[1:2] in (["serve"], ["ui"]):
            self._serve(words[1:])
        elif words[0] == "chatanything":
            self._command(words[1:])
        elif words[0] == "curl" and shutil.which("curl"):
            line = [self._here(word) for word in words]
            subprocess.run(
                [*line, "--fail", "--silent", "--show-error"], cwd=self.folder, check=True, timeout=120
            )

    def _command(self, words: list[str]) -> None:
        self._shelf.bring(" ".join(_inputs(words)), self.folder)
        self._patch.setattr("sys.stdin", io.StringIO(_TYPED.get(words[0], "")))
        settings.cache_clear()
        code = run(words)
        assert code == 0, f"chatanything {shlex.join(words)} ended with {code}"
        for name in _outputs(words):
            assert (self.folder / name).exists(), f"chatanything {shlex.join(words)} wrote no {name}"

    def python(self, text: str, where: str) -> None:
        """Run a block; the names of the page's earlier blocks are there."""
        self._shelf.bring(text, self.folder)
        settings.cache_clear()
        exec(compile(self._here(text), where, "exec"), self.names)

    def _here(self, text: str) -> str:
        return text.replace("http://127.0.0.1:8000", self.address) if self.address else text

    def _setenv(self, name: str, value: str) -> None:
        self._patch.setenv(name, value)
        settings.cache_clear()

    def _serve(self, words: list[str]) -> None:
        """Start a server, wait until it answers, and keep it for the rest of the page."""
        self.stop()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "chatanything", *words, "--port", str(port)]
        log = self.folder / "server.log"
        with log.open("wb") as file:
            self._server = subprocess.Popen(command, cwd=self.folder, stdout=file, stderr=file)
        self.address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + START_S
        while not self._answers():
            assert self._server.poll() is None, f"{shlex.join(words)}: {log.read_text()}"
            assert time.monotonic() < end, f"{shlex.join(words)}: {log.read_text()}"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Stop the server, if there is one; it must go when it is asked to."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(30)
        finally:
            self._server.kill()
            self._server, self.address = None, ""
